"""Rewards of inventors: what is due, paid and short for each patent (专利法实施细则 art. 93).

An agreement goes before the statutory minimum, which is a sum for the whole patent; due three months after the grant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from patents.models import InventorReward, Right, RightKind
from patents.periods import add_months
from portal import audit, rules
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import Rule, User
from portal.permissions import Permission, check

NOTHING, MOST = Decimal(0), Decimal("9999999999.99")
KINDS = (RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN)
PERIOD = "period.inventor_bonus"


class State(TextChoices):
    """Where the reward of one patent stands."""

    NONE = "none", _("无须发放")  # not a patent of art. 93, or not granted
    UNKNOWN = "unknown", _("没有适用的标准")  # granted before the first known figure
    DUE = "due", _("待发放")
    SHORT = "short", _("未足额")
    OVERDUE = "overdue", _("已逾期")
    PAID = "paid", _("已足额发放")


@dataclass(frozen=True)
class Standing:
    """What a patent's inventors are owed: `required` is the agreed sum, else the statutory minimum."""

    state: State
    required: Decimal = NOTHING
    paid: Decimal = NOTHING
    due_on: dt.date | None = None
    is_agreed: bool = False
    rule: Rule | None = None

    @property
    def missing(self) -> Decimal:
        return max(NOTHING, self.required - self.paid)


def minimum(kind: str, granted_on: dt.date) -> Rule | None:
    """Return the row with the statutory minimum on the day of the grant, None where none is known."""
    try:
        return rules.row(f"reward.{kind}", granted_on)
    except rules.RuleMissing:
        return None


def due_on(granted_on: dt.date) -> dt.date | None:
    """Return the last day for the reward, None before the first patent law. It never rolls over: no office is asked."""
    try:
        return add_months(granted_on, int(rules.value(PERIOD, granted_on, unverified=True)))
    except rules.RuleMissing:
        return None


def standing(right: Right, rewards: Sequence[InventorReward], on: dt.date) -> Standing:
    """Return where the reward of a patent stands on a day. `rewards` are all rows of this right."""
    if right.kind not in KINDS or right.granted_on is None or right.country != "CN":
        return Standing(State.NONE)
    paid = sum((row.paid_amount or NOTHING for row in rewards), NOTHING)
    agreed = [row.agreed_amount for row in rewards if row.agreed_amount is not None]
    rule = minimum(right.kind, right.granted_on)
    if not agreed and rule is None:
        return Standing(State.UNKNOWN, paid=paid, due_on=due_on(right.granted_on))
    required = sum(agreed, NOTHING) if agreed else Decimal(str(rule.value if rule else 0))
    last = due_on(right.granted_on)
    if paid >= required:
        state = State.PAID
    elif last and on > last:
        state = State.OVERDUE
    else:
        state = State.SHORT if paid else State.DUE
    return Standing(state, required, paid, last, bool(agreed), rule)


@transaction.atomic
def agree(right: Right, *, inventor: str, amount: Decimal, by: User) -> InventorReward:
    """Enter or change what was agreed with an inventor and return the row. Raises Denied, RuleBroken."""
    right = Right.objects.select_for_update().get(pk=right.pk)
    check(by, Permission.EDIT_RIGHT, right)
    _require_inventor(right, inventor)
    _require_amount(amount, _("约定金额要大于零。"))
    row, _is_new = InventorReward.objects.update_or_create(
        right=right, inventor=inventor, defaults={"agreed_amount": amount}, create_defaults={
            "agreed_amount": amount, "created_by": by,
        },
    )  # fmt: skip
    audit.record(right, "reward.agreed", by=by, data={"reward": row.number})
    return row


@transaction.atomic
def pay(right: Right, *, inventor: str, amount: Decimal, on: dt.date, reference: str, by: User) -> InventorReward:
    """Enter what an inventor was paid and return the row; a second payment adds up. Raises Denied, RuleBroken."""
    right = Right.objects.select_for_update().get(pk=right.pk)
    check(by, Permission.EDIT_RIGHT, right)
    _require_inventor(right, inventor)
    _require_amount(amount, _("发放金额要大于零。"))
    if on > today():
        raise RuleBroken(_("发放日不能晚于今天。"), code="future")
    if not reference.strip():
        raise RuleBroken(_("登记发放要填凭证号，例如工资单或付款回单的编号。"), code="no_evidence")
    row = InventorReward.objects.filter(right=right, inventor=inventor).first()
    row = row or InventorReward(right=right, inventor=inventor, created_by=by)
    if reference.strip() in row.reference.split(" "):
        raise RuleBroken(_("这个凭证号已经登记过。"), code="same_reference")
    row.paid_amount = (row.paid_amount or NOTHING) + amount
    _require_amount(row.paid_amount, "")
    row.paid_on = max(on, row.paid_on or on)
    row.reference = " ".join([*row.reference.split(), *reference.split()])[:60]
    row.save()
    audit.record(right, "reward.paid", by=by, data={"reward": row.number, "on": on.isoformat()})
    return row


def _require_amount(amount: Decimal, nothing: Any) -> None:
    if amount <= NOTHING:
        raise RuleBroken(nothing, code="amount")
    if amount > MOST:
        raise RuleBroken(_("数字太大，请核对。"), code="amount")


def _require_inventor(right: Right, inventor: str) -> None:
    if right.kind not in KINDS:
        raise RuleBroken(_("只有中国专利的发明人、设计人适用奖金规定。"), code="kind")
    if inventor not in right.inventors:
        raise RuleBroken(_("这个人不在本件的发明人名单里。请先更正发明人。"), code="inventor")
