"""Figures as the dashboards show them: read from the summary rows alone, and hidden where they would single one out.

Whoever may open the list behind a cell sees its figure; for everybody else `portal.suppression` decides.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Max

from portal import comparing, measures, suppression
from portal.clock import today
from portal.measures import Better, Measure, Time, Way
from portal.models import Figure, Span, Target
from portal.tiles import DISTRICTS

CITY = ""  # the key of the whole city beside those of the districts
PLACES = [place.code for place in DISTRICTS]


@dataclass(frozen=True)
class Cell:
    """One figure as somebody may see it. Hidden: `value` and `count` are None."""

    value: Decimal | None = None
    count: int | None = None
    is_hidden: bool = False
    may_open: bool = False


NOTHING = Cell()
HIDDEN = Cell(is_hidden=True)


@dataclass
class Board:
    """The latest cells by measure and place ("" the city), and when they were counted."""

    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    day: dt.date | None = None
    as_of: dt.datetime | None = None

    def cell(self, code: str, place: str = CITY) -> Cell:
        return self.cells.get(code, {}).get(place, NOTHING)

    def value(self, code: str, place: str = CITY) -> Decimal | None:
        return self.cell(code, place).value


Line = tuple[str, str, Any, int, int, int]  # measure, place, value, count, hits, enterprises


def latest(user: Any, codes: Iterable[str] | None = None) -> Board:
    """Return the latest figures as somebody may see them (an anonymous one: what is public). Two statements."""
    stamp = Figure.objects.filter(span=Span.DAY).aggregate(day=Max("period"), at=Max("as_of"))
    rows = Figure.objects.filter(span=Span.DAY, period=stamp["day"])
    return Board(_shown(user, _lines(rows, codes)), stamp["day"], stamp["at"])


def of_month(user: Any, month: dt.date, codes: Iterable[str] | None = None) -> Board:
    """Return the figures of one month as somebody may see them."""
    rows = Figure.objects.filter(span=Span.MONTH, period=month)
    at = rows.aggregate(at=Max("as_of"))["at"]
    return Board(_shown(user, _lines(rows, codes)), month, at)


def _lines(rows: Any, codes: Iterable[str] | None) -> list[Line]:
    if codes is not None:
        rows = rows.filter(measure__in=list(codes))
    found = rows.values_list("measure", "district_id", "value", "count", "hits", "organisations")
    return [(code, place or CITY, *rest) for code, place, *rest in found]


def _shown(user: Any, lines: Iterable[Line]) -> dict[str, dict[str, Cell]]:
    by_measure: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        if line[0] in measures.known():
            by_measure[line[0]][line[1]] = line
    return {code: _cells(user, measures.get(code), rows) for code, rows in by_measure.items()}


def _cells(user: Any, measure: Measure, rows: Mapping[str, Line]) -> dict[str, Cell]:
    """Return the cells of one measure, hidden where they must be."""
    known = {place for place in rows if measures.may_open(user, measure, place or None)}
    behind = {place: line[5] for place, line in rows.items() if place != CITY}
    gone = set(suppression.hidden(behind, known=known))
    if CITY in rows and CITY not in known and suppression.hides_total(behind, rows[CITY][5], known=known):
        gone.add(CITY)
    return {
        place: HIDDEN if place in gone else Cell(line[2], line[3], may_open=place in known)
        for place, line in rows.items()
    }


# --- targets ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reached:
    """A target and how far it is reached; `percent` None where the value is not known or hidden."""

    target: Target
    value: Decimal | None
    percent: Decimal | None


def reached(board: Board, *, place: str | None = None) -> list[Reached]:
    """Return the targets whose period runs today, of one place or of all, held against what was counted.

    What happens (flows) is summed over the months of the target's period; what there is (stocks) and medians are taken
    from the latest count; a share is that of the summed rows.
    """
    rows = Target.objects.in_force().select_related("district").filter(starts_on__lte=today(), ends_on__gte=today())
    if place is not None:
        rows = rows.filter(district=place or None)
    targets = [target for target in rows.order_by("measure", "pk") if target.measure in measures.known()]
    sums = _sums(targets)
    return [_reach(board, target, sums) for target in targets]


Sums = dict[tuple[str, str], list[tuple[dt.date, int, int]]]


def _sums(targets: Iterable[Target]) -> Sums:
    """Return the months of the measures that are summed: (measure, place) -> [(month, count, hits)]."""
    summed = [target for target in targets if _is_summed(measures.get(target.measure))]
    found: Sums = defaultdict(list)
    if summed:
        rows = Figure.objects.filter(
            span=Span.MONTH,
            measure__in={target.measure for target in summed},
            period__gte=min(target.starts_on for target in summed),
        )
        for code, place, month, count, hits in rows.values_list("measure", "district_id", "period", "count", "hits"):
            found[code, place or CITY].append((month, count, hits))
    return found


def _is_summed(measure: Measure) -> bool:
    return measures.source_of(measure).time == Time.FLOW and measure.way in (Way.COUNT, Way.SHARE)


def _reach(board: Board, target: Target, sums: Sums) -> Reached:
    measure, place = measures.get(target.measure), target.district_id or CITY
    cell = board.cell(target.measure, place)
    if cell.is_hidden:
        return Reached(target, None, None)
    value = cell.value
    if _is_summed(measure):
        months = [row for row in sums.get((target.measure, place), []) if target.starts_on <= row[0] <= target.ends_on]
        count, hits = sum(row[1] for row in months), sum(row[2] for row in months)
        is_share = measure.way == Way.SHARE
        value = (comparing.rounded(Decimal(100 * hits) / count) if count else None) if is_share else Decimal(count)
        value = value if months else None
    is_down = measure.better == Better.DOWN
    return Reached(target, value, comparing.completion(value, target.value, is_down_better=is_down))


def by_clause(found: Iterable[Reached]) -> dict[tuple[str, str], Decimal | None]:
    """Return the completion of (clause, place): the mean over its targets of at most 100 per cent each."""
    groups: dict[tuple[str, str], list[Decimal | None]] = defaultdict(list)
    for one in found:
        groups[measures.get(one.target.measure).clause, one.target.district_id or CITY].append(one.percent)
    return {key: comparing.mean(values) for key, values in groups.items()}


# --- months -------------------------------------------------------------------------------------------------------
def trend(user: Any, codes: Iterable[str], place: str, *, months: int = 24) -> dict[str, dict[dt.date, Decimal]]:
    """Return {measure: {month: value}} of one place for so many months up to the running one; hidden ones are left out.

    One statement.
    """
    first = measures.month_after(measures.present_month(), 1 - months)
    rows = Figure.objects.filter(
        span=Span.MONTH, period__gte=first, measure__in=list(codes), district=place or None
    ).order_by("period")
    found: dict[str, dict[dt.date, Decimal]] = defaultdict(dict)
    for code, month, value, firms in rows.values_list("measure", "period", "value", "organisations"):
        may = measures.may_open(user, measures.get(code), place or None)
        if value is not None and (may or firms >= suppression.FEWEST):
            found[code][month] = value
    return found


def year_on_year(series: Mapping[dt.date, Decimal]) -> tuple[dt.date, comparing.Change] | None:
    """Return the change of the last month that is over and has its own of a year before; None where there is none."""
    for month in sorted(series, reverse=True):
        if month >= measures.present_month():
            continue
        found = comparing.change(series.get(measures.month_after(month, -12)), series[month])
        if found:
            return month, found
    return None


def city_median(board: Board, code: str) -> Decimal | None:
    """Return the middle of the districts' values, where none of them is hidden."""
    cells = [board.cell(code, place) for place in PLACES]
    return None if any(cell.is_hidden for cell in cells) else comparing.median(cell.value for cell in cells)
