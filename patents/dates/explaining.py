"""How a date of a right came about, in sentences: from the day it runs from to the safe day, and what it rests on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from patents import arithmetic, catalogue
from patents.models import Right
from portal import formats
from portal.models import Deadline
from portal.rules import RuleMissing

from . import codes
from .answers import OPENS, STATED


def sentences(row: Deadline, right: Right) -> list[str]:
    """Return the arithmetic of a date as it is computed today, and what was stated instead of it."""
    code = codes.code_of(row.rule_code)
    if code == codes.ANNUITY:
        found = _annuity(row, right)
    elif code == codes.TERM_END:
        found = [_("保护期最后一日是 %(day)s，遇休息日不顺延。") % {"day": formats.day(row.trigger_on)}]
    elif code == codes.COMPENSATION_ANNUITY:
        found = [_("补偿期年费须在二十年保护期届满前一次缴清，没有滞纳期，也不能恢复。")]
    elif row.trigger_on == row.nominal_on and not row.delivery_mode:
        found = [_("登记簿写明的届满日：%(day)s。") % {"day": formats.day(row.nominal_on)}]
    else:
        found = _period(row, code)
    if row.computed_bands is not None:
        words = _("逾期各档按通知书写明的办理，推算的各档保留在旁边。依据：%(reason)s。")
        found.append(words % {"reason": row.overridden_reason})
    if row.computed_amount is not None:
        words = _("金额按通知书写明的 %(stated)s；推算的金额是 %(computed)s。")
        found.append(words % {"stated": formats.money(row.amount), "computed": formats.money(row.computed_amount)})
    if row.overridden_on and row.overridden_on != row.computed_on:
        found.append(
            _("现按写明的日期 %(stated)s 办理；推算的法定日是 %(computed)s。依据：%(reason)s。")
            % {
                "stated": formats.day(row.overridden_on),
                "computed": formats.day(row.computed_on),
                "reason": row.overridden_reason,
            }
        )
    return found


def _annuity(row: Deadline, right: Right) -> list[str]:
    words = {
        "filed": formats.day(right.filed_on),
        "year": row.year,
        "due": formats.day(row.nominal_on),
        "legal": formats.day(row.computed_on or row.legal_on),
        "target": formats.day(row.target_on),
        "grace": formats.day(
            dt.date.fromisoformat(row.computed_bands[-1]["to"]) if row.computed_bands else row.grace_on
        ),
    }
    found = [_("申请日 %(filed)s，第 %(year)s 年自 %(due)s 起，年费在这一天到期。") % words]
    if row.nominal_on != (row.computed_on or row.legal_on):
        found.append(_("到期日是休息日，顺延到 %(legal)s。") % words)
    found.append(_("请在 %(target)s 前缴纳。逾期进入滞纳期，最晚 %(grace)s；各档滞纳金按全额年费计算。") % words)
    return found


def _period(row: Deadline, code: str) -> list[str]:
    delivery = row.delivery_mode if row.delivery_mode not in ("", STATED) else "none"
    try:
        if code in OPENS:
            term = catalogue.deadline(OPENS[code], row.trigger_on)
            return [
                *arithmetic.sentences(term),
                *arithmetic.sentences(catalogue.deadline(code, term.reckoning.nominal_on)),
            ]
        return arithmetic.sentences(catalogue.deadline(code, row.trigger_on, delivery))
    except (RuleMissing, KeyError, ValueError, OverflowError):
        return [_("规则已经更改，无法重现推算过程。")]


def source_of(row: Deadline) -> str:
    """Return where the period of a date was read, or nothing."""
    code = codes.code_of(row.rule_code)
    try:
        answer: Any = catalogue.deadline(code, row.trigger_on, row.delivery_mode or "none")
    except (RuleMissing, KeyError, ValueError, OverflowError):
        return ""
    return str(answer.source)
