"""Keep or drop: what rights will cost, year by year, and what letting them lapse would save. No Django, no "now".

Rights with the same kind, years, reduction and side of every change of law cost the same, so that the annuity engine
runs once for each such shape and not once for each right.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from patents import annuities
from patents.annuities import AnnuityLaw, Due, Impossible, Patent
from patents.numbers import Kind
from patents.periods import add_months
from patents.timeline import Timeline
from portal.workdays import DAY

NOTHING = Decimal(0)
YEARS_AHEAD = 20  # a trademark may be renewed for ever; a forecast ends
GRACE_MONTHS = 6  # of a trademark's renewal (商标法 2019 art. 40)
LEAP_DAY = (2, 29)
KINDS = frozenset(Kind)

Drops = Mapping[str, int]  # number of a right: first calendar year no longer paid


class Sort(StrEnum):
    """What a cost is."""

    ANNUITY = "annuity"
    COMPENSATION = "compensation"  # 补偿期年费
    RENEWAL = "renewal"  # of a trademark
    STATED = "stated"  # as the enterprise entered it


class Certainty(StrEnum):
    DUE = "due"  # follows from the register and the law as it is
    ESTIMATED = "estimated"  # somebody's estimate, or a renewal one may leave


class Gap(StrEnum):
    """Why nothing is forecast for a right: never a figure that nobody gave."""

    NOT_GRANTED = "not_granted"
    NOT_STATED = "not_stated"  # abroad, and the enterprise has entered no cost
    INCOMPLETE = "incomplete"  # a date is missing or cannot be


@dataclass(frozen=True, slots=True)
class Fact:
    """What the forecast knows of a right in force, or applied for. `ends_on` is the last day as the register has it."""

    number: str
    kind: str
    country: str = "CN"
    filed_on: date | None = None
    granted_on: date | None = None
    ends_on: date | None = None
    reduction: Decimal = NOTHING
    open_from: date | None = None
    open_to: date | None = None
    paid_year: int | None = None
    classes: int = 1
    reduction_from: int | None = None


class Stated(NamedTuple):
    """A cost that the enterprise entered: an obligation is due, an estimate is an estimate."""

    number: str
    code: str
    patent_year: int | None
    on: date
    amount: Decimal
    is_obligation: bool


class Cost(NamedTuple):
    """One future cost, in the calendar year and month in which it falls due. `full` is without any reduction."""

    year: int
    month: int
    amount: Decimal
    full: Decimal
    sort: Sort
    certainty: Certainty
    patent_year: int | None = None
    reduced_by: str = "none"

    def taken_off(self) -> "Cost":
        """Return the same cost as it lowers a sum."""
        return self._replace(amount=-self.amount, full=-self.full)


@dataclass(frozen=True)
class Fees:
    """What the forecast computes with besides the annuities: per class online, per whole year of compensation."""

    annuities: AnnuityLaw
    renewal: Timeline[Decimal]
    late_renewal: Timeline[Decimal]
    compensation: Timeline[Decimal]
    trademark_years: int = 10


class Pool(NamedTuple):
    """Rights without entries of their own that cost the same but for the month: one fact for all, and how many.

    Month 0: in the month of the fact itself.
    """

    fact: Fact
    months: Mapping[int, int]


@dataclass(frozen=True)
class Sums:
    """What pooled rights cost in all, by year, month, sort and certainty; for how many nothing is known, and why."""

    costs: tuple[Cost, ...] = ()
    gaps: Counter[Gap] = field(default_factory=Counter)
    count: int = 0


@dataclass
class Forecast:
    """The costs of rights, and for whom there are none and why.

    `pooled` are the sums of rights whose own costs nobody asked for. Those of `inside` were asked for, too: their costs
    by number are contained in the sums.
    """

    as_of: date
    costs: dict[str, tuple[Cost, ...]] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)
    pooled: Sums = field(default_factory=Sums)
    inside: Set[str] = frozenset()

    @property
    def count(self) -> int:
        return len(self.costs.keys() - self.inside) + self.pooled.count

    @property
    def gap_counts(self) -> Counter[Gap]:
        return Counter(gap for number, gap in self.gaps.items() if number not in self.inside) + self.pooled.gaps

    def kept(self, drops: Drops = {}) -> Iterable[Cost]:  # noqa: B006 - never changed
        """Return every cost that remains when these rights are given up; what sums lose by it stands below nothing."""
        yield from self.pooled.costs
        for number, costs in self.costs.items():
            last = drops.get(number)
            if number in self.inside:
                yield from (cost.taken_off() for cost in costs if last is not None and cost.year >= last)
            else:
                yield from costs if last is None else (cost for cost in costs if cost.year < last)

    def by_year(self, drops: Drops = {}) -> dict[int, Decimal]:  # noqa: B006
        """Return the sum of each calendar year from the present one to the last with a cost, without holes."""
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for cost in self.kept(drops):
            sums[cost.year] += cost.amount
        last = max((cost.year for cost in self.kept()), default=self.as_of.year)
        return {year: sums.get(year, NOTHING) for year in range(self.as_of.year, last + 1)}

    def total(self, drops: Drops = {}) -> Decimal:  # noqa: B006
        return sum((cost.amount for cost in self.kept(drops)), NOTHING)

    def saving(self, drops: Drops) -> Decimal:
        """Return what a scenario saves against keeping everything."""
        return sum((self.saved(number, year) for number, year in drops.items()), NOTHING)

    def saved(self, number: str, year: int) -> Decimal:
        """Return what letting one right lapse from a calendar year on would save."""
        return sum((cost.amount for cost in self.costs.get(number, ()) if cost.year >= year), NOTHING)

    def to_term(self, number: str) -> Decimal | None:
        """Return what a right still costs to the end; None where nothing is known."""
        return None if number in self.gaps else sum((cost.amount for cost in self.costs.get(number, ())), NOTHING)

    def reductions(self) -> Decimal:
        """Return what reductions take off all costs ahead."""
        return sum((cost.full - cost.amount for cost in self.kept()), NOTHING)

    def months(self, year: int, drops: Drops = {}) -> list[dict[Certainty, Decimal]]:  # noqa: B006
        """Return twelve months with what is due and what is estimated in each."""
        sums: list[dict[Certainty, Decimal]] = [dict.fromkeys(Certainty, NOTHING) for _month in range(12)]
        for cost in self.kept(drops):
            if cost.year == year:
                sums[cost.month - 1][cost.certainty] += cost.amount
        return sums


def forecast(facts: Iterable[Fact], stated: Iterable[Stated], settled: set[tuple[str, str, int]], fees: Fees,
             as_of: date, pooled: Sums | None = None, inside: Set[str] = frozenset()) -> Forecast:  # fmt: skip
    """Return the costs of these rights from `as_of` on. `settled` are (number, code, year) that have been paid.

    What the enterprise entered goes before what is computed for the same year; an obligation before an estimate.
    `pooled` are the sums of further rights, `inside` the numbers of those facts that they contain.
    """
    entered = _entered(stated, settled, as_of)
    shapes = Shapes(fees.annuities, since=as_of.year - 1)
    found = Forecast(as_of, pooled=pooled or Sums(), inside=inside)
    for fact in facts:
        costs, gap = _computed(fact, shapes, fees, as_of)
        own = entered.get(fact.number, {})
        kept = _unsettled(fact.number, costs, own, settled) if own or settled else costs
        if gap is not None and not own:
            found.gaps[fact.number] = gap
        found.costs[fact.number] = tuple(sorted([*kept, *own.values()]) if own else kept)
    return found


def summed(pools: Iterable[Pool], fees: Fees, as_of: date) -> Sums:
    """Return what pooled rights cost in all from `as_of` on."""
    shapes = Shapes(fees.annuities, since=as_of.year - 1)
    sums: dict[tuple[int, int, Sort, Certainty], tuple[Decimal, Decimal]] = {}
    nothing = (NOTHING, NOTHING)
    gaps: Counter[Gap] = Counter()
    total = 0
    for fact, months in pools:
        costs, gap = _computed(fact, shapes, fees, as_of)
        count = sum(months.values())
        total += count
        if gap is not None:
            gaps[gap] += count
        for cost in costs:
            for month, times in months.items():
                key = (cost.year, month or cost.month, cost.sort, cost.certainty)
                amount, full = sums.get(key, nothing)
                sums[key] = (amount + cost.amount * times, full + cost.full * times)
    costs_ = (Cost(year, month, *sums[year, month, sort, sure], sort, sure) for year, month, sort, sure in sorted(sums))
    return Sums(tuple(costs_), gaps, total)


def _unsettled(
    number: str, costs: Iterable[Cost], own: Mapping[tuple[str, int], Cost], settled: set[tuple[str, str, int]]
) -> list[Cost]:
    """Leave out what was entered instead, and what has been paid."""
    keys = ((cost, (cost.sort.value, cost.patent_year or cost.year)) for cost in costs)
    return [cost for cost, key in keys if key not in own and (number, *key) not in settled]


def _entered(
    stated: Iterable[Stated], settled: set[tuple[str, str, int]], as_of: date
) -> dict[str, dict[tuple[str, int], Cost]]:
    """Return what was entered by right and by (code, year of the fee)."""
    found: dict[str, dict[tuple[str, int], Cost]] = defaultdict(dict)
    for row in sorted(stated, key=lambda row: (row.is_obligation, row.on)):
        key = (row.code, row.patent_year or row.on.year)
        if row.on.year < as_of.year or (row.number, *key) in settled:
            continue
        certainty = Certainty.DUE if row.is_obligation else Certainty.ESTIMATED
        found[row.number][key] = Cost(
            row.on.year, row.on.month, row.amount, row.amount, Sort.STATED, certainty, row.patent_year
        )
    return found


def _computed(fact: Fact, shapes: "Shapes", fees: Fees, as_of: date) -> tuple[list[Cost], Gap | None]:
    if fact.country != "CN" or fact.kind == "foreign_patent":
        return [], Gap.NOT_STATED
    if fact.kind == "trademark":
        return _renewals(fact, fees, as_of)
    if fact.kind not in KINDS:
        return [], None
    if fact.granted_on is None or fact.filed_on is None:
        return [], Gap.NOT_GRANTED if fact.granted_on is None else Gap.INCOMPLETE
    try:
        patent = Patent(
            Kind(fact.kind), fact.filed_on, fact.granted_on, fact.reduction, fact.open_from, fact.open_to,
            fact.reduction_from,
        )  # fmt: skip
        dues = _annuities(patent, shapes.dues(patent), fact.paid_year, fees, as_of)
        return [*dues, *_compensation(fact, fact.filed_on, fees, as_of)], None
    except (Impossible, LookupError):
        return [], Gap.INCOMPLETE


def _annuities(patent: Patent, dues: Iterable[Due], paid_year: int | None, fees: Fees, as_of: date) -> Iterable[Cost]:
    """Annuities ahead, and those known to be unpaid. Without a word on payment, what has fallen due counts as paid."""
    filed_on, today = patent.filed_on, (as_of.month, as_of.day)
    day = (filed_on.month, filed_on.day)
    for due in dues:
        year = filed_on.year + due.year - 1
        if paid_year is not None and due.year <= paid_year:
            continue
        if year > as_of.year or (year == as_of.year and day >= today):
            yield Cost(year, day[0], due.payable, due.full, Sort.ANNUITY, Certainty.DUE, due.year, due.reduced_by)
        elif paid_year is not None and year >= as_of.year - 1:
            yield from _late(filed_on, due, fees, as_of)


def _late(filed_on: date, due: Due, fees: Fees, as_of: date) -> Iterable[Cost]:
    """An annuity known to be unpaid and still payable with a surcharge: it falls in the present month."""
    windows = annuities.windows(annuities.due_on(filed_on, due.year), due.full, fees.annuities)
    surcharge = windows.surcharge_on(as_of)
    if surcharge is not None:
        owed = due.payable + surcharge
        yield Cost(as_of.year, as_of.month, owed, due.full + surcharge, Sort.ANNUITY, Certainty.DUE, due.year,
                   due.reduced_by)  # fmt: skip


def _compensation(fact: Fact, filed_on: date, fees: Fees, as_of: date) -> Iterable[Cost]:
    """The fee for whole years of compensated term, paid once before the twenty years end (财税〔2024〕23号)."""
    if fact.kind != Kind.INVENTION or fact.ends_on is None:
        return
    last = annuities.last_day(Kind.INVENTION, filed_on, fees.annuities)
    years = fact.ends_on.year - last.year
    while years > 0 and add_months(last, 12 * years) > fact.ends_on:
        years -= 1
    fee = fees.compensation.at(last)
    if years > 0 and last >= as_of and fee is not None:
        amount = fee * years
        yield Cost(last.year, last.month, amount, amount, Sort.COMPENSATION, Certainty.DUE)


def _renewals(fact: Fact, fees: Fees, as_of: date) -> tuple[list[Cost], Gap | None]:
    """Renewals of a trademark by its classes, online; one may leave them, so that they are estimates."""
    if fact.granted_on is None and fact.ends_on is None:
        return [], Gap.NOT_GRANTED
    months = 12 * fees.trademark_years
    first = fact.ends_on or add_months(fact.granted_on, months) - DAY  # type: ignore[arg-type]
    found = []
    for number in range(YEARS_AHEAD // fees.trademark_years + 1):
        due = add_months(first, months * number)
        late = due < as_of
        if due.year > as_of.year + YEARS_AHEAD or (late and add_months(due, GRACE_MONTHS) < as_of):
            continue
        each = fees.renewal.known(due) + (fees.late_renewal.known(due) if late else NOTHING)
        at = as_of if late else due
        amount = each * max(1, fact.classes)
        found.append(Cost(at.year, at.month, amount, amount, Sort.RENEWAL, Certainty.ESTIMATED))
    return found, None


class Shapes:
    """Annuities by shape: see the head of this module. A right with an open licence or a leap day is its own shape.

    Only dues from the year `since` on are right: changes of law before it make no shapes of their own.
    """

    def __init__(self, law: AnnuityLaw, *, since: int = 0) -> None:
        self.law = law
        self.runs = 0
        self._known: dict[tuple[object, ...], tuple[Due, ...]] = {}
        self._turns = {kind.value: _turns(law, kind, since) for kind in Kind}

    def dues(self, patent: Patent) -> tuple[Due, ...]:
        """Return the annuities of a patent; only their days may be those of another one. Raises Impossible."""
        if patent.granted_on < patent.filed_on:
            raise Impossible("granted_on", "before_filing")
        key = self._key(patent)
        if key not in self._known:
            self.runs += 1
            self._known[key] = annuities.dues(patent, self.law)
        return self._known[key]

    def _key(self, patent: Patent) -> tuple[object, ...]:
        filed_on, granted_on = patent.filed_on, patent.granted_on
        day = (filed_on.month, filed_on.day)
        if patent.open_licence_from is not None or patent.open_licence_to is not None or day == LEAP_DAY:
            return (patent,)
        sides = tuple([day >= turn for turn in self._turns[patent.kind.value]])
        term = self.law.terms[patent.kind].known(filed_on)
        # The patent year of the grant, without asking for anniversaries.
        granted_year = granted_on.year - filed_on.year + ((granted_on.month, granted_on.day) >= day)
        reduction = (patent.reduction, patent.reduction_from)
        return (patent.kind.value, filed_on.year, term, granted_year, reduction, sides)


def _turns(law: AnnuityLaw, kind: Kind, since: int) -> list[tuple[int, int]]:
    """Return month and day of every change of law: two filings of one year on the same side of all cost the same."""
    return _changes([law.full[kind], law.reduced_years, law.open_licence], since)


def _changes(lines: Iterable[Timeline[Any]], since: int) -> list[tuple[int, int]]:
    days = {day for line in lines for dated in line.figures for day in (dated.first, dated.last and dated.last + DAY)}
    return sorted({(day.month, day.day) for day in days if day is not None and day.year >= max(since, 2)})


def patent_edges(fees: Fees, as_of: date) -> list[int]:
    """Return the days of the year (month and day as one number) before which a filing may cost something else."""
    law, turns = fees.annuities, {(1, 1), LEAP_DAY, (3, 1), (as_of.month, as_of.day)}
    for kind in Kind:
        turns.update(_turns(law, kind, as_of.year - 1), _changes([law.terms[kind]], 0))
    return _numbers(turns)


def mark_edges(fees: Fees, as_of: date) -> list[int]:
    """Return the days of the year before which a trademark's end may cost something else: months are edges, too."""
    turns = {*((month, 1) for month in range(1, 13)), LEAP_DAY, (as_of.month, as_of.day)}
    turns.add(((as_of.month - GRACE_MONTHS - 1) % 12 + 1, as_of.day))  # grace ends
    return _numbers(turns | set(_changes([fees.renewal, fees.late_renewal], 0)))


def _numbers(days: Iterable[tuple[int, int]]) -> list[int]:
    return sorted(month * 100 + day for month, day in days)
