"""What has happened to the rights of the demo's first enterprise: fees paid, income, a notice; grades and marks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from patents import annuities, grades, law, money, valuing
from patents.dates import notices
from patents.models import LegalStatus, MoneyStage, Right
from portal.clock import today
from portal.models import Organisation, User

LICENSED = "一种谐振式微压力传感器及其制备方法"
INCOME = (15_000, 15_000, 12_000, 10_000, 8_000, 7_000, 6_000, 5_000, 4_000, 3_000)  # expected, from next year on
UNDER_EXAMINATION = "传感器零点漂移的在线校正系统"


def tell(firm: Organisation, by: User) -> None:
    """Enter this year's annuities, the licence of one patent, the first office action on another."""
    own = Right.objects.filter(organisation=firm)
    granted = own.filter(status=LegalStatus.GRANTED, kind__in=["invention", "utility_model", "design"])
    for right in granted.exclude(granted_on=None).order_by("pk"):
        _pay(right, by)
    licensed = own.filter(title=LICENSED).first()
    if licensed is not None:
        _earn(licensed, by)
    examined = own.filter(title=UNDER_EXAMINATION).first()
    if examined is not None:
        notices.record_notice(examined, type="first_office_action", issued_on=today() - dt.timedelta(days=12), by=by)


def _pay(right: Right, by: User) -> None:
    """Enter the annuity that fell due in this year as paid, with its receipt."""
    if right.filed_on is None or right.granted_on is None:
        return
    facts = annuities.Patent(
        kind=annuities.Kind(right.kind), filed_on=right.filed_on, granted_on=right.granted_on,
        reduction=Decimal(right.reduction),
    )  # fmt: skip
    for due in annuities.dues(facts, law.annuity_law()):
        if due.due_on.year == today().year and due.due_on <= today() and due.year <= (right.paid_year or 0):
            on = due.due_on - dt.timedelta(days=14)
            fee: dict[str, Any] = {"code": money.ANNUITY, "year": due.year, "amount": due.payable, "by": by}
            money.record(right, stage=MoneyStage.PAYMENT, on=on, **fee)
            reference = f"DEMO-{on.year}-{right.pk:04d}"
            money.record(right, stage=MoneyStage.RECEIPT, on=on + dt.timedelta(days=3), reference=reference, **fee)


def _earn(right: Right, by: User) -> None:
    """Enter what the licence has brought and is expected to bring."""
    first = dt.date(today().year, 3, 31)
    rows = [(first, 15_000), *((first.replace(year=first.year + n), sum_) for n, sum_ in enumerate(INCOME, 1))]
    for on, amount in rows:
        money.record(right, stage=MoneyStage.INCOME, code="licence", amount=Decimal(amount), on=on, by=by)


def value_all() -> None:
    """Do what the night does: mark the high-value inventions and grade all rights."""
    valuing.reflag()
    grades.regrade()
