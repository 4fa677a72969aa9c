"""The forecast of an enterprise or of one right: facts, entries and fees from the database, in a few statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import ExtractMonth

from patents import money
from patents.forecast import Cost, Fact, Fees, Forecast, Stated, Sums, forecast, summed
from patents.law import amount, annuity_law, timeline
from patents.models import MoneyEntry, MoneyStage, Right, RightKind
from patents.models.rights import ALIVE, IN_FORCE
from patents.pooling import pools_of
from portal import kept, rules
from portal.clock import today
from portal.models import Organisation

NOTHING = Decimal(0)
COSTLY = (
    RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN, RightKind.TRADEMARK, RightKind.FOREIGN_PATENT,
)  # fmt: skip
FACTS = (
    "number", "kind", "country", "filed_on", "granted_on", "expires_on", "reduction", "open_licence_from",
    "open_licence_to", "paid_year", "classes", "status", "reduction_from",
)  # fmt: skip
STAGES = [MoneyStage.ESTIMATE, MoneyStage.OBLIGATION, MoneyStage.PAYMENT, MoneyStage.RECEIPT]
PAID = (MoneyStage.PAYMENT, MoneyStage.RECEIPT)
LOOK_BACK = dt.timedelta(days=731)  # what was paid longer ago settles nothing that lies ahead


def fees() -> Fees:
    """Return what the forecast computes with, as the rules stand now."""
    return Fees(
        annuities=annuity_law(),
        renewal=timeline("trademark.fee.renewal", lambda value: amount(value["online"])),
        late_renewal=timeline("trademark.fee.late_renewal", lambda value: amount(value["online"])),
        compensation=timeline("patent.fee.compensation_annuity", lambda value: amount(value["invention"])),
        trademark_years=int(rules.value("period.tm_expiry")),
    )


def rights_of(organisation: Organisation, user: Any) -> QuerySet[Right]:
    """Return the rights of an enterprise that may cost something and that this person may know of."""
    return Right.objects.visible_to(user).filter(organisation=organisation, kind__in=COSTLY, status__in=ALIVE)


def of_rights(rights: QuerySet[Right], user: Any, as_of: dt.date) -> Forecast:
    """Return the forecast of these rights, each by itself. Two statements, however many they are."""
    stated, settled = _entries(rights, as_of)
    return forecast(_facts(rights), stated, settled, fees(), as_of)


def of_organisation(organisation: Organisation, user: Any) -> Forecast:
    """Return the forecast of an enterprise as this person may see it, right by right."""
    return of_rights(rights_of(organisation, user), user, today())


def in_sum(
    organisation: Organisation, user: Any, *, rows: Iterable[Right] = (), numbers: Iterable[str] = ()
) -> Forecast:
    """Return the forecast of an enterprise, of which only these rights stand by themselves: read ones, and by number.

    Rights with entries of their own do, too. The sums are those of `of_organisation`; those of all other rights are
    computed anew only after one of them, a rule or the day has changed. Two statements, a third where a right has to
    be read, a fourth where sums have to be computed.
    """
    rights, as_of, law = rights_of(organisation, user), today(), fees()
    stated, settled = _entries(rights, as_of)
    own = {*(row.number for row in stated), *(number for number, _code, _year in settled)}
    facts = [_fact(tuple(getattr(row, name) for name in FACTS)) for row in rows]
    more = {*numbers, *own} - {fact.number for fact in facts}
    facts += _facts(rights.filter(number__in=more)) if more else []
    pooled = sums_of(rights.exclude(number__in=own) if own else rights, law, as_of)
    return forecast(facts, stated, settled, law, as_of, pooled, {fact.number for fact in facts} - own)


def sums_of(rights: QuerySet[Right], law: Fees, as_of: dt.date) -> Sums:
    """Return what these rights cost in all. One statement where they were asked for before, else two."""
    name = f"forecast:{as_of}:{rules.edition()}"
    return kept.while_unchanged(name, rights, lambda: summed(pools_of(rights, law, as_of), law, as_of))


def _facts(rights: QuerySet[Right]) -> list[Fact]:
    return [_fact(row) for row in rights.order_by().values_list(*FACTS).iterator(chunk_size=5_000)]


def _fact(row: tuple[Any, ...]) -> Fact:
    number, kind, country, filed_on, granted_on, expires_on, reduction, opened, closed, paid, classes, status, start = (
        row
    )
    is_in_force = status in IN_FORCE
    return Fact(
        number, kind, country, filed_on, granted_on if is_in_force else None, expires_on if is_in_force else None,
        Decimal(reduction), opened, closed, paid, len(classes), start,
    )  # fmt: skip


def live(entries: QuerySet[MoneyEntry]) -> QuerySet[MoneyEntry]:
    """Leave out both halves of every correction."""
    return entries.filter(reverses=None, reversal=None)


def _entries(rights: QuerySet[Right], as_of: dt.date) -> tuple[list[Stated], set[tuple[str, str, int]]]:
    rows = live(MoneyEntry.objects.filter(right__in=rights.order_by().values("pk"), stage__in=STAGES))
    rows = rows.filter(on__gte=as_of - LOOK_BACK)
    stated: list[Stated] = []
    settled: set[tuple[str, str, int]] = set()
    values = rows.values_list("right__number", "stage", "code", "year", "on", "amount")
    for number, stage, code, year, on, sum_ in values.iterator(chunk_size=5_000):
        if stage in PAID:
            settled.add((number, code, year or on.year))
        else:
            stated.append(Stated(number, code, year, on, sum_, stage == MoneyStage.OBLIGATION))
    return stated, settled


def paid_by_month(organisation: Organisation, user: Any, year: int) -> list[Decimal]:
    """Return what was spent in each month of a year: payments and other costs. One statement."""
    rows = live(MoneyEntry.objects.visible_to(user)).filter(
        right__organisation=organisation, stage__in=list(money.SPENT), on__year=year
    )
    found = rows.annotate(month=ExtractMonth("on")).values("month").annotate(total=Sum("amount")).order_by()
    sums = {row["month"]: row["total"] for row in found}
    return [sums.get(month, NOTHING) for month in range(1, 13)]


@dataclass(frozen=True)
class Row:
    """One year of one right: what it costs, what it is expected to bring, and the net sum so far."""

    year: int
    patent_years: tuple[int, ...]
    cost: Decimal
    income: Decimal
    net: Decimal


@dataclass(frozen=True)
class Outlook:
    """One right to the end of its term. From `turning_year` on every year costs more than it is expected to bring."""

    costs: tuple[Cost, ...]
    rows: tuple[Row, ...]
    turning_year: int | None

    @property
    def to_term(self) -> Decimal:
        return sum((cost.amount for cost in self.costs), NOTHING)

    @property
    def has_income(self) -> bool:
        return any(row.income for row in self.rows)


def of_right(right: Right, *, user: Any) -> Outlook | None:
    """Return the outlook of one right; None where nothing is known of its costs. Three statements."""
    as_of = today()
    # Only what is alive costs anything.
    found = of_rights(Right.objects.filter(pk=right.pk, status__in=ALIVE), user, as_of)
    if right.number in found.gaps or right.number not in found.costs:
        return None
    costs = found.costs[right.number]
    expected: dict[int, Decimal] = defaultdict(Decimal)
    income = live(MoneyEntry.objects.visible_to(user)).filter(right=right, stage=MoneyStage.INCOME)
    for on, sum_ in income.filter(on__gt=as_of).values_list("on", "amount"):
        expected[on.year] += sum_
    rows = tuple(_rows(costs, expected))
    return Outlook(costs, rows, _turning(rows) if expected else None)


def _turning(rows: tuple[Row, ...]) -> int | None:
    turning = None
    for row in reversed(rows):
        if row.cost <= row.income:
            break
        turning = row.year
    return turning


def _rows(costs: Iterable[Cost], expected: dict[int, Decimal]) -> Iterable[Row]:
    by_year: dict[int, list[Cost]] = defaultdict(list)
    for cost in costs:
        by_year[cost.year].append(cost)
    net = NOTHING
    for year in sorted(by_year.keys() | expected.keys()):
        due = sum((cost.amount for cost in by_year[year]), NOTHING)
        income = expected.get(year, NOTHING)
        net += income - due
        patent_years = tuple(cost.patent_year for cost in by_year[year] if cost.patent_year)
        yield Row(year, patent_years, due, income, net)
