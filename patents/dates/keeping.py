"""What people do with a date of a right: state an official day, lift it again, meet it with evidence, set it aside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from patents import money, periods
from patents.models import LegalStatus, MoneyStage, OfficialNotice, Right
from portal import audit, rules
from portal.clock import SHANGHAI, now, today
from portal.deadlines import MORNING
from portal.errors import Denied, RuleBroken
from portal.models import Deadline, StoredFile, User
from portal.permissions import Permission, check

from . import codes, recompute, types
from .answers import reminder_days

GONE = _("没有这个期限，或者它不对您公开。")
DONE_ALREADY = _("这个期限已经办结或取消。")
COSTS = {
    codes.ANNUITY: money.ANNUITY,
    "grant_registration": money.ANNUITY,
    codes.COMPENSATION_ANNUITY: "compensation",
    "tm_expiry": money.RENEWAL,
    "madrid_expiry": money.RENEWAL,
    "hague_renewal": money.RENEWAL,
    "filing_fee_from_filing": "filing",
    "filing_fee_from_acceptance": "filing",
    "examination_request": "examination",
    "restoration": "restoration",
}
RENEWED_YEARS = {"tm_expiry": 10, "madrid_expiry": 10, "hague_renewal": 5}


def right_of(deadline: Deadline) -> Right:
    """Return the right a deadline belongs to; raises Denied where it belongs to something else."""
    right = Right.objects.filter(number=deadline.subject_number).select_related("organisation").first()
    if deadline.subject_type != codes.SUBJECT or right is None:
        raise Denied(GONE)
    return right


def _locked(deadline: Deadline, by: User) -> tuple[Deadline, Right]:
    """Lock the right, then its deadline: the order of every action on rights."""
    right = Right.objects.select_for_update().get(pk=right_of(deadline).pk)
    row = Deadline.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=deadline.pk).first()
    if row is None:
        raise Denied(GONE)
    check(by, Permission.EDIT_RIGHT, right.organisation)
    if row.met_at or row.cancelled_at:
        raise RuleBroken(DONE_ALREADY, code="wrong_state")
    return row, right


def _log(right: Right, action: str, *, by: User, **data: Any) -> None:
    audit.record(("right", right.number), action, by=by, data=data, organisation_id=right.organisation_id)


@transaction.atomic
def override(deadline: Deadline, *, on: dt.date, reason: str, by: User) -> Deadline:
    """Let an official or stated day hold instead of the computed one, which stays beside it. Raises RuleBroken."""
    row, right = _locked(deadline, by)
    if not reason.strip():
        raise RuleBroken(_("请写明依据，例如通知书编号。"), code="reason_missing")
    if on < row.trigger_on and codes.code_of(row.rule_code) != codes.REDUCTION:
        raise RuleBroken(_("日期不能早于起算日。"), code="too_early")
    if row.overridden_on is None:
        row.computed_on = row.legal_on
    row.overridden_on, row.overridden_by, row.overridden_reason = on, by, reason.strip()[:300]
    row.legal_on, row.target_on = on, rules.calendar().last_workday(on)
    row.remind_days = _ladder(row)
    row.remind_at = _next(row.remind_days)
    row.save(
        update_fields=[
            *("computed_on", "overridden_on", "overridden_by", "overridden_reason", "legal_on", "target_on"),
            *("remind_days", "remind_at"),
        ]
    )
    _log(right, "date.overridden", by=by, rule=row.rule_code, computed=str(row.computed_on), stated=str(on))
    return row


@transaction.atomic
def state_fee(
    deadline: Deadline, *, bands: list[dict[str, str]], amount: Decimal | None, reason: str, by: User
) -> Deadline:
    """Let late windows, and a fee where it is given, hold as a notice states them; the computed ones stay beside."""
    row, right = _locked(deadline, by)
    if row.computed_bands is None:
        row.computed_bands = row.bands
    if row.overridden_on is None:
        row.computed_on, row.overridden_on, row.overridden_reason = row.legal_on, row.legal_on, reason[:300]
    if amount is not None and row.computed_amount is None:
        row.computed_amount = row.amount
    row.amount = amount if amount is not None else row.computed_amount or row.amount
    row.bands, row.overridden_by = bands, by
    row.grace_on = dt.date.fromisoformat(bands[-1]["to"])
    row.remind_days = _ladder(row)
    row.remind_at = _next(row.remind_days)
    row.save(
        update_fields=[
            *(
                "computed_bands",
                "computed_on",
                "computed_amount",
                "overridden_on",
                "overridden_by",
                "overridden_reason",
            ),
            *("amount", "bands", "grace_on", "remind_days", "remind_at"),
        ]
    )
    _log(right, "date.fee_stated", by=by, rule=row.rule_code)
    return row


def _ladder(row: Deadline) -> list[dt.date]:
    late = [dt.date.fromisoformat(band["from"]) for band in row.bands]
    return reminder_days(codes.code_of(row.rule_code), row.target_on, late)


def _next(days: list[dt.date]) -> dt.datetime | None:
    moments = [dt.datetime.combine(day, MORNING, tzinfo=SHANGHAI) for day in days]
    return next((moment for moment in moments if moment > now()), None)


@transaction.atomic
def lift(deadline: Deadline, *, by: User) -> None:
    """Let the computed day hold again."""
    row, right = _locked(deadline, by)
    if row.overridden_on is None:
        raise RuleBroken(_("这个期限没有人工或官方日期。"), code="wrong_state")
    stated = row.overridden_on
    row.overridden_on, row.overridden_by, row.overridden_reason, row.computed_on = None, None, "", None
    row.computed_bands, row.computed_amount, row.remind_days = None, None, []
    row.save(
        update_fields=[
            *("overridden_on", "overridden_by", "overridden_reason", "computed_on", "computed_bands"),
            *("computed_amount", "remind_days"),
        ]
    )
    _log(right, "date.computed_again", by=by, rule=row.rule_code, stated=str(stated))
    recompute.of_rights([right])


@transaction.atomic
def meet(
    deadline: Deadline,
    *,
    by: User,
    on: dt.date | None = None,
    reference: str = "",
    document: StoredFile | None = None,
    amount: Decimal | None = None,
) -> Deadline:
    """Mark a date as kept. Where money goes with it an official receipt is needed: its number or its paper.

    An annuity moves the right to its next year, a renewal its term, an answer closes its notice. Raises Denied,
    RuleBroken.
    """
    row, right = _locked(deadline, by)
    day = on or today()
    if day > today():
        raise RuleBroken(_("办结日不能晚于今天。"), code="future")
    if row.needs_evidence:
        _receipt(row, right, by=by, on=day, reference=reference.strip(), document=document, amount=amount)
    row.met_at, row.met_by, row.remind_at = now(), by, None
    row.met_evidence = (reference.strip() or (document.number if document else ""))[:200]
    row.save(update_fields=["met_at", "met_by", "remind_at", "met_evidence"])
    _log(right, "date.met", by=by, rule=row.rule_code, on=str(day))
    _move_on(row, right, day)
    recompute.of_rights([right])
    return row


def _receipt(
    row: Deadline,
    right: Right,
    *,
    by: User,
    on: dt.date,
    reference: str,
    document: StoredFile | None,
    amount: Decimal | None,
) -> None:
    if not reference and document is None:
        raise RuleBroken(_("涉及缴费的期限，办结要填官方票据号，或附上票据文件。"), code="no_evidence")
    code = codes.code_of(row.rule_code)
    paid = amount if amount is not None else owed_on(row, on)
    if paid is None:
        raise RuleBroken(_("请填写实际缴纳的金额。"), code="amount")
    money.record(
        right, stage=MoneyStage.RECEIPT, code=COSTS.get(code, "other"), amount=paid, on=on, by=by, year=row.year,
        reference=reference, document=document,
    )  # fmt: skip


def owed_on(row: Deadline, on: dt.date) -> Decimal | None:
    """Return what a payment on a day must come to, with the surcharge of its band; None where no amount is known."""
    if row.amount is None:
        return None
    for band in row.bands:
        if dt.date.fromisoformat(band["from"]) <= on <= dt.date.fromisoformat(band["to"]):
            return row.amount + Decimal(band["surcharge"])
    return row.amount


def _move_on(row: Deadline, right: Right, day: dt.date) -> None:
    """Carry what was done over to the right."""
    code = codes.code_of(row.rule_code)
    values: dict[str, Any] = {}
    if code == codes.ANNUITY and row.year:
        values["paid_year"] = max(row.year, right.paid_year or 0)
    elif code in RENEWED_YEARS and row.nominal_on:
        values["expires_on"] = periods.add_months(row.nominal_on, 12 * RENEWED_YEARS[code])
    if right.status == LegalStatus.IN_GRACE and (values.get("paid_year") or values.get("expires_on")):
        values["status"] = LegalStatus.GRANTED
    if values:
        Right.objects.filter(pk=right.pk).update(**values, version=F("version") + 1, updated_at=now())
    opened = [row.type for row in types.openings() if row.code == code]
    if opened:
        notices = OfficialNotice.objects.filter(right=right, type__in=opened, answered_on=None)
        for notice in notices:
            if row.trigger_on in (notice.entered_on, notice.issued_on, right.filed_on):
                notice.answered_on = day
                notice.save(update_fields=["answered_on"])


@transaction.atomic
def set_aside(deadline: Deadline, *, reason: str, by: User) -> None:
    """Say that a date need not be kept: it is not opened again by itself. Not for what ends a right when missed."""
    row, right = _locked(deadline, by)
    if not reason.strip() or reason.strip() == recompute.AUTO:
        raise RuleBroken(_("请写明为什么不需要办理。"), code="reason_missing")
    row.cancelled_at, row.cancelled_reason, row.remind_at = now(), reason.strip()[:200], None
    row.save(update_fields=["cancelled_at", "cancelled_reason", "remind_at"])
    _log(right, "date.set_aside", by=by, rule=row.rule_code)
