"""Annuities (年费) of Chinese patents: what falls due when, the late bands, the end. No Django, no database, no "now".

专利法 42; 实施细则 5, 114, 115; 审查指南 5-7 §2, 5-9 §2 and §4. Figures come from outside as `AnnuityLaw`, looked up by
the filing date (term) or by the due date (amounts, shares).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from patents.numbers import Kind
from patents.periods import add_months
from patents.timeline import Timeline
from portal.workdays import DAY, Calendar, as_date

NOTHING = Decimal(0)
CENT = Decimal("0.01")
FIRST_FILING = date(1993, 1, 1)  # the terms of the first Patent Act were others, and all of them have ended
LAST_FILING = date(2200, 12, 31)  # a slip of the keyboard must not run into the end of the calendar


class ReducedBy(StrEnum):
    """Why less than the full fee is payable."""

    NONE = "none"
    FEE_REDUCTION = "fee_reduction"  # 费减
    OPEN_LICENCE = "open_licence"  # 开放许可


class Impossible(ValueError):
    """Facts that no patent has; `field` is the fact that cannot be, `reason` a stable word."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Patent:
    """What the office's fees depend on. `reduction` is the reduced share (0.85: 15 % remain to pay), 0 for none."""

    kind: Kind
    filed_on: date
    granted_on: date
    reduction: Decimal = NOTHING
    open_licence_from: date | None = None
    open_licence_to: date | None = None
    reduction_from: int | None = None  # the first patent year it was approved for; None: all of them


@dataclass(frozen=True)
class AnnuityLaw:
    """The figures of the law over time, and the calendar that moves last days."""

    terms: Mapping[Kind, Timeline[int]]  # years from filing, by the filing date
    full: Mapping[Kind, Timeline[tuple[Decimal, ...]]]  # yuan of year 1, 2, ... by the due date
    reduced_years: Timeline[int]  # years with reduction, the grant year being the first, by the due date
    open_licence: Timeline[Decimal]  # reduced share, by the due date
    surcharges: Timeline[tuple[Decimal, ...]]  # share of the full fee in late month 1, 2, ... by the due date
    restoration: Timeline[Decimal]  # yuan, by the day of the request
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Due:
    """One annuity: `due_on` is the anniversary of filing that starts the patent year."""

    year: int
    due_on: date
    full: Decimal
    payable: Decimal
    reduced_by: ReducedBy


@dataclass(frozen=True, slots=True)
class Band:
    """A late month: from the day after the one before to its own last day, with the surcharge in yuan."""

    first: date
    last: date
    surcharge: Decimal


@dataclass(frozen=True, slots=True)
class Windows:
    """When a fee due on a day may be paid: in time, safely in time, in each late month, and no longer."""

    legal_on: date
    target_on: date
    bands: tuple[Band, ...]
    is_provisional: bool

    @property
    def lapses_on(self) -> date:
        """The first day on which it is too late."""
        return self.bands[-1].last + DAY

    def surcharge_on(self, day: date) -> Decimal | None:
        """Return the surcharge of a payment on this day, None when it is too late."""
        if day <= self.legal_on:
            return NOTHING
        return next((band.surcharge for band in self.bands if day <= band.last), None)


@dataclass(frozen=True, slots=True)
class Year(Due):
    """One annuity with its windows; `payable_as_of` is what it costs on a given day if still unpaid."""

    windows: Windows
    payable_as_of: Decimal | None

    def owed_on(self, day: date) -> Decimal | None:
        """Return what a payment on this day must come to, None when it is too late."""
        surcharge = self.windows.surcharge_on(day)
        return None if surcharge is None else self.payable + surcharge


@dataclass(frozen=True, slots=True)
class Schedule:
    """All annuities after the grant year; `last_day` is the last day in force when all are paid."""

    last_day: date
    grant_year: int
    years: tuple[Year, ...]

    @property
    def total_payable(self) -> Decimal:
        return sum((year.payable for year in self.years), NOTHING)


def due_on(filed_on: date, year: int) -> date:
    """Return the day on which patent year `year` begins and its annuity is due, before any roll-over."""
    return add_months(as_date(filed_on, "filed_on"), 12 * (year - 1))


def term_years(kind: Kind, filed_on: date, law: AnnuityLaw) -> int:
    """Return the years of the term. Raises Impossible for days before the law that is known here."""
    if as_date(filed_on, "filed_on") < FIRST_FILING:
        raise Impossible("filed_on", "before_known_law")
    if filed_on > LAST_FILING:
        raise Impossible("filed_on", "too_late")
    return law.terms[kind].known(filed_on)


def last_day(kind: Kind, filed_on: date, law: AnnuityLaw) -> date:
    """Return the last day in force: the term ends (期限届满) on the day after, and never rolls over."""
    return due_on(filed_on, term_years(kind, filed_on, law) + 1) - DAY


def grant_year(filed_on: date, granted_on: date) -> int:
    """Return the patent year in which the grant was announced; its annuity is paid on registration."""
    year = max(1, granted_on.year - filed_on.year)  # never later than the right one
    while due_on(filed_on, year + 1) <= granted_on:
        year += 1
    return year


def check(patent: Patent, law: AnnuityLaw) -> None:
    """Raise Impossible, with the field to blame, for facts that no patent has."""
    end = last_day(patent.kind, patent.filed_on, law)
    if patent.granted_on < patent.filed_on:
        raise Impossible("granted_on", "before_filing")
    if patent.granted_on > end:
        raise Impossible("granted_on", "after_term")
    if patent.open_licence_to is not None:
        if patent.open_licence_from is None:
            raise Impossible("open_licence_to", "without_start")
        if patent.open_licence_to < patent.open_licence_from:
            raise Impossible("open_licence_to", "before_start")
    if not 0 <= patent.reduction < 1:
        raise Impossible("reduction", "no_share")


def yuan(amount: Decimal) -> Decimal:
    """Return an amount in whole cents, half a cent upwards."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def reduced(full: Decimal, share: Decimal) -> Decimal:
    """Return what remains of a fee when `share` of it is waived."""
    return yuan(full * (1 - share))


def _is_open(patent: Patent, day: date) -> bool:
    start, end = patent.open_licence_from, patent.open_licence_to
    return start is not None and start <= day and (end is None or day <= end)


def _share(patent: Patent, granted_year: int, year: int, due: date, law: AnnuityLaw) -> tuple[Decimal, ReducedBy]:
    """Return the better of the two reductions, never their sum (财税〔2024〕23号 2; 缴费服务指南 2.5)."""
    share, why = NOTHING, ReducedBy.NONE
    # "自授予专利权当年起十年": that the grant year is the first of the ten is our own reading.
    is_approved = bool(patent.reduction) and year >= (patent.reduction_from or 1)
    if is_approved and year - granted_year < law.reduced_years.known(due):
        share, why = patent.reduction, ReducedBy.FEE_REDUCTION
    cut = law.open_licence.at(due) if _is_open(patent, due) else None
    if cut is not None and cut > share:
        share, why = cut, ReducedBy.OPEN_LICENCE
    return share, why


def dues(patent: Patent, law: AnnuityLaw) -> tuple[Due, ...]:
    """Return every annuity after the grant year to the end of the term, without windows: cheap, for forecasts.

    Raises Impossible.
    """
    check(patent, law)
    first = grant_year(patent.filed_on, patent.granted_on)
    found = []
    for year in range(first + 1, term_years(patent.kind, patent.filed_on, law) + 1):
        due = due_on(patent.filed_on, year)
        full = law.full[patent.kind].known(due)[year - 1]
        share, why = _share(patent, first, year, due, law)
        found.append(Due(year, due, yuan(full), reduced(full, share), why))
    return tuple(found)


def windows(due: date, full: Decimal, law: AnnuityLaw) -> Windows:
    """Return when a fee due on this day may be paid.

    Late month k ends on the nominal due date plus k months, rolled over rest days on its own; the next one begins the
    day after, and an earlier roll moves none of them (seen in the office's own tables). Shares are of the full fee,
    reduced or not. Month 1 costs nothing and begins the day after the last day in time.
    """
    roll = law.calendar.roll_to_office_day
    shares = law.surcharges.known(due)
    legal_on = roll(due)
    edges = [legal_on, *(roll(add_months(due, count)) for count in range(1, len(shares) + 1))]
    bands = tuple(
        Band(before + DAY, edge, yuan(full * share))
        for (before, edge), share in zip(pairwise(edges), shares, strict=True)
    )
    target_on = law.calendar.last_workday(due)
    return Windows(legal_on, target_on, bands, law.calendar.is_provisional(target_on, edges[-1]))


def schedule(patent: Patent, law: AnnuityLaw, as_of: date | None = None) -> Schedule:
    """Return the annuities with their windows and, where a day is given, what each costs on it if still unpaid.

    Raises Impossible.
    """
    years = tuple(with_windows(due, law, as_of) for due in dues(patent, law))
    first = grant_year(patent.filed_on, patent.granted_on)
    return Schedule(last_day(patent.kind, patent.filed_on, law), first, years)


def with_windows(due: Due, law: AnnuityLaw, as_of: date | None = None) -> Year:
    """Return one annuity with its windows."""
    found = windows(due.due_on, due.full, law)
    surcharge = None if as_of is None else found.surcharge_on(as_of)
    owed = None if surcharge is None else due.payable + surcharge
    return Year(due.year, due.due_on, due.full, due.payable, due.reduced_by, found, owed)


def shortfall(year: Year, payments: Iterable[tuple[date, Decimal]], on: date) -> Decimal | None:
    """Return what is still missing on a day after payments that may have been too small; None when it is too late.

    A payment that falls short saves nothing: the surcharge is that of the day on which the rest is paid (审查指南 5-9
    §4.2.1.3). What was complete on its day stays complete.
    """
    paid = NOTHING
    for day, amount in sorted(payments):
        paid += amount
        owed = year.owed_on(day)
        if owed is not None and paid >= owed:
            return NOTHING
    owed = year.owed_on(on)
    return None if owed is None else owed - paid


def restoration_cost(year: Year, law: AnnuityLaw, requested_on: date) -> Decimal:
    """Return what bringing a lapsed patent back costs: the arrears, the highest surcharge and the request's fee.

    Within two months of receiving the termination notice (实施细则 6; 审查指南 5-9 §4.2.1.3).
    """
    return year.payable + year.windows.bands[-1].surcharge + law.restoration.known(requested_on)
