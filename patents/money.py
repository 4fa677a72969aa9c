"""Money of a right: every estimate, obligation, instruction, payment and official receipt is an entry of its own.

None implies the next (rules, cross-cutting 3). An entry is never edited: a counter-entry takes it back, with a reason.
Amounts stay out of the log, because officials read it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patents.models import MoneyEntry, MoneyStage, Product, Right
from portal import audit
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import Secrecy, StoredFile, User
from portal.permissions import Permission, check

NOTHING = Decimal(0)
MOST = Decimal("999999999999.99")
ANNUITY, RENEWAL = "annuity", "renewal"
COST_CODES = {
    ANNUITY: _("年费"),
    "surcharge": _("滞纳金"),
    "compensation": _("补偿期年费"),
    "filing": _("申请费"),
    "examination": _("实质审查费"),
    "reexamination": _("复审费"),
    "restoration": _("恢复权利请求费"),
    RENEWAL: _("商标续展费"),
    "foreign": _("境外官费"),
    "agency": _("代理费"),
    "translation": _("翻译费"),
    "dispute": _("维权和诉讼费"),
    "other": _("其他支出"),
}
INCOME_CODES = {
    "licence": _("许可收入"),
    "transfer": _("转让收入"),
    "product": _("产品收入分摊"),
    "compensation_won": _("侵权赔偿"),
    "other_income": _("其他收入"),
}
CODES = {**COST_CODES, **INCOME_CODES}
# What has happened cannot lie ahead; income may: then it is expected.
HAPPENED = frozenset([MoneyStage.INSTRUCTION, MoneyStage.PAYMENT, MoneyStage.RECEIPT, MoneyStage.COST])
SPENT = frozenset([MoneyStage.PAYMENT, MoneyStage.COST])


@transaction.atomic
def record(
    right: Right,
    *,
    stage: str,
    code: str,
    amount: Decimal,
    on: dt.date,
    by: User,
    year: int | None = None,
    reference: str = "",
    document: StoredFile | None = None,
    product: Product | None = None,
    note: str = "",
) -> MoneyEntry:
    """Enter one amount at one stage and return the entry. Raises Denied, or RuleBroken for what cannot be."""
    right = Right.objects.select_for_update().get(pk=right.pk)
    check(by, Permission.EDIT_RIGHT, right)
    _require_stage(stage, code, on)
    if not NOTHING < amount <= MOST:
        raise RuleBroken(_("金额要大于零。要改正已登记的金额，请冲正那一笔。"), code="amount")
    if stage == MoneyStage.RECEIPT and not reference and document is None:
        raise RuleBroken(_("登记官方收据要填票据号，或附上票据文件。"), code="no_evidence")
    _require_own(right, document, product)
    entry = MoneyEntry.objects.create(
        right=right, stage=stage, code=code, year=year, amount=amount, on=on, reference=reference, document=document,
        product=product, note=note, created_by=by,
    )  # fmt: skip
    audit.record(right, "money.recorded", by=by, data={"entry": entry.number, "stage": stage, "code": code})
    return entry


def _require_stage(stage: str, code: str, on: dt.date) -> None:
    if stage not in MoneyStage.values:
        raise RuleBroken(_("没有这个阶段。"), code="stage")
    if code not in (INCOME_CODES if stage == MoneyStage.INCOME else COST_CODES):
        raise RuleBroken(_("这种费用不属于所选的阶段：收入请选收入类，其余请选费用类。"), code="code")
    if stage in HAPPENED and on > today():
        raise RuleBroken(_("已经发生的款项，日期不能晚于今天。"), code="future")


def _require_own(right: Right, document: StoredFile | None, product: Product | None) -> None:
    for thing in (document, product):
        if thing is not None and thing.organisation_id != right.organisation_id:
            raise RuleBroken(_("文件和产品必须属于同一家企业。"), code="foreign")


@transaction.atomic
def reverse(entry: MoneyEntry, *, reason: str, by: User) -> MoneyEntry:
    """Take an entry back by a counter-entry of the same amount and return it; both stay. Raises Denied, RuleBroken."""
    entry = MoneyEntry.objects.select_for_update(of=("self",)).select_related("right").get(pk=entry.pk)
    check(by, Permission.EDIT_RIGHT, entry.right)
    if not reason.strip():
        raise RuleBroken(_("请写明冲正的原因。"), code="no_reason")
    if entry.reverses_id is not None:
        raise RuleBroken(_("这一笔本身就是冲正，不能再冲正。请重新登记。"), code="is_reversal")
    if MoneyEntry.objects.filter(reverses=entry).exists():
        raise RuleBroken(_("这一笔已经冲正过了。"), code="reversed")
    counter = MoneyEntry.objects.create(
        right=entry.right, stage=entry.stage, code=entry.code, year=entry.year, amount=entry.amount, on=today(),
        reference=entry.reference or entry.number, document=entry.document, product=entry.product,
        note=reason.strip(), reverses=entry, created_by=by,
    )  # fmt: skip
    data = {
        "entry": entry.number,
        "counter": counter.number,
        "reason": counter.note if entry.right.secrecy == Secrecy.OPEN else "",
    }
    audit.record(entry.right, "money.reversed", by=by, data=data)
    return counter


@dataclass(frozen=True)
class Ledger:
    """All entries of one right, newest first, and what they come to. `totals` are net sums by stage."""

    entries: list[MoneyEntry]
    totals: dict[str, Decimal]
    expected_income: Decimal

    @property
    def costs(self) -> Decimal:
        """What has been spent: payments and other costs. Receipts only confirm payments."""
        return sum((self.totals.get(stage, NOTHING) for stage in SPENT), NOTHING)

    @property
    def income(self) -> Decimal:
        return self.totals.get(MoneyStage.INCOME, NOTHING)

    @property
    def unconfirmed(self) -> Decimal:
        """What was paid and has no official receipt yet."""
        paid, receipted = (self.totals.get(stage, NOTHING) for stage in (MoneyStage.PAYMENT, MoneyStage.RECEIPT))
        return max(NOTHING, paid - receipted)

    def stages(self) -> list[tuple[Any, Decimal, int]]:
        """Return (stage, net sum, number of entries) of every stage that has entries, in the order of the stages."""
        counts = Counter(
            entry.stage for entry in self.entries if entry.on <= today() or entry.stage != MoneyStage.INCOME
        )
        return [
            (MoneyStage(stage).label, self.totals.get(stage, NOTHING), counts[stage])
            for stage in MoneyStage.values
            if counts[stage]
        ]


def totals(entries: Iterable[MoneyEntry], through: dt.date) -> tuple[dict[str, Decimal], Decimal]:
    """Return net sums by stage, and the income that lies after `through`, which no sum contains."""
    sums: dict[str, Decimal] = {}
    expected = NOTHING
    taken_back = {entry.reverses_id for entry in entries if entry.reverses_id}
    for entry in entries:
        # Both halves of a correction fall away together, whatever day either bears.
        if entry.reverses_id or entry.pk in taken_back:
            continue
        if entry.stage == MoneyStage.INCOME and entry.on > through:
            expected += entry.amount
        else:
            sums[entry.stage] = sums.get(entry.stage, NOTHING) + entry.amount
    return sums, expected


def ledger(right: Right, *, user: Any) -> Ledger:
    """Return the entries of a right that this person may see. One statement."""
    rows = (
        MoneyEntry.objects.visible_to(user)
        .filter(right=right)
        .select_related("product", "document", "created_by", "reverses", "reversal")
    )
    entries = list(rows.order_by("-on", "-pk"))
    sums, expected = totals(entries, today())
    return Ledger(entries, sums, expected)
