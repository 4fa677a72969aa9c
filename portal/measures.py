"""What is counted, for whom and how: the measures that the workstreams register, and the rows behind each.

A `Source` gives rows and knows whose they are; its measures are conditions over them. The nightly job
(`portal.counting`) and the list behind a figure read the same rows, so that both always agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from portal.clock import SHANGHAI, today
from portal.models import Organisation, Span, standing_of
from portal.permissions import ROLES, Permission

Words = str | Promise
MONTHS = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Way(StrEnum):
    """How rows become a value: their number, the share that hits, the number half or nine in ten do not exceed."""

    COUNT = "count"
    SHARE = "share"
    MEDIAN = "median"
    NINETY = "ninety"


class Better(StrEnum):
    """Which direction is good."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Time(StrEnum):
    """What a source can say of a month that is over.

    FLOW: what happened in it. STOCK: what there was at its end, from dates. STATE: only what there is now.
    """

    FLOW = "flow"
    STOCK = "stock"
    STATE = "state"


@dataclass(frozen=True)
class Window:
    """From `start` up to, not including, `end`, both days in Shanghai; `period` names it in `Figure`."""

    span: str
    period: dt.date
    start: dt.date
    end: dt.date

    @property
    def begins_at(self) -> dt.datetime:
        return midnight(self.start)

    @property
    def ends_at(self) -> dt.datetime:
        return midnight(self.end)


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which a day begins in Shanghai."""
    return dt.datetime.combine(day, dt.time(), tzinfo=SHANGHAI)


def month_after(month: dt.date, months: int = 1) -> dt.date:
    """Return the first day of the month that many months later (earlier where negative)."""
    years, place = divmod(month.month - 1 + months, MONTHS)
    return dt.date(month.year + years, place + 1, 1)


def month_window(month: dt.date) -> Window:
    """Return the window of the month that begins on `month`."""
    return Window(Span.MONTH, month, month, month_after(month))


def day_window(day: dt.date) -> Window:
    """Return the twelve months up to and including a day."""
    after = day + dt.timedelta(days=1)
    leap = after.month == 2 and after.day == 29
    return Window(Span.DAY, day, after.replace(year=after.year - 1, day=28 if leap else after.day), after)


Condition = Q | Callable[[Window], Q]


@dataclass(frozen=True)
class Measure:
    """One thing that is counted. `how` says in words how; `clause` is the guideline's ("5", "S1").

    `base` limits the source's rows; `hits` is what a share asks of them; `number` is what a median is taken of.
    A measure `is_public` where its values by district may be shown to everybody, small cells suppressed.
    """

    code: str
    title: Words
    clause: str
    unit: Words
    how: Words
    better: Better = Better.NEITHER
    way: Way = Way.COUNT
    base: Condition = field(default_factory=Q)
    hits: Condition = field(default_factory=Q)
    number: Callable[[], Any] | None = None
    is_public: bool = False
    source: str = ""


@dataclass(frozen=True)
class Column:
    """One column of the list behind a figure."""

    label: Words
    cell: Callable[[Any], Any]
    css: str = ""


@dataclass(frozen=True)
class Source:
    """Rows of one model. `rows(window)` is unscoped; a list limits it by `visible_to` and `permission`.

    district, organisation: paths from a row to their keys. `link` leads from a row to its page, "" where there is
    none; `order` is that of the list; `related` are followed for its columns.
    """

    code: str
    time: Time
    rows: Callable[[Window], models.QuerySet[Any]]
    measures: tuple[Measure, ...]
    columns: tuple[Column, ...]
    district: str = "organisation__district"
    organisation: str = "organisation"
    permission: Permission = Permission.VIEW_FIGURES
    visible: Callable[[models.QuerySet[Any], Any], models.QuerySet[Any]] | None = None
    order: tuple[str, ...] = ("-id",)
    related: tuple[str, ...] = ("organisation",)
    link: Callable[[Any], str] = lambda _row: ""


_sources: dict[str, Source] = {}
_measures: dict[str, Measure] = {}


def register(source: Source) -> None:
    """Make a source and its measures known. Called from AppConfig.ready(); a code is used once."""
    if source.code in _sources:
        raise ValueError(f"source {source.code} is registered twice")
    twice = _measures.keys() & {measure.code for measure in source.measures}
    if twice:
        raise ValueError(f"measures registered twice: {sorted(twice)}")
    kept = tuple(replace(measure, source=source.code) for measure in source.measures)
    _sources[source.code] = replace(source, measures=kept)
    _measures.update({measure.code: measure for measure in kept})


def sources() -> list[Source]:
    """Return all sources in the order of registration."""
    return list(_sources.values())


def everything() -> list[Measure]:
    """Return all measures by clause, then in the order of registration."""
    return sorted(_measures.values(), key=lambda measure: clause_order(measure.clause))


def known() -> Mapping[str, Measure]:
    """Return the measures by code."""
    return _measures


def get(code: str) -> Measure:
    """Return a measure by code; raises KeyError."""
    return _measures[code]


def source_of(measure: Measure) -> Source:
    return _sources[measure.source]


def clause_order(key: str) -> tuple[bool, int]:
    """Return what sorts clauses as the guideline does: 1 to 19, then the safeguards."""
    return key.startswith("S"), int(key.lstrip("S"))


def condition(given: Condition, window: Window) -> Q:
    return given(window) if callable(given) else given


def counted_rows(measure: Measure, window: Window) -> models.QuerySet[Any]:
    """Return the rows a figure counts: what its `count` is the number of. Not limited to anybody."""
    rows = source_of(measure).rows(window)
    return rows.filter(condition(measure.base, window))


def may_open(user: Any, measure: Measure, district: str | None) -> bool:
    """Whether somebody may open the list behind the figure of a district, or of the city where None."""
    wanted = source_of(measure).permission
    standing = standing_of(user)
    roles = standing.roles_for(district) if district else standing.roles_for(None)
    if not district:
        roles = {role for role in roles if role.startswith("city_")}
    return any(wanted in ROLES.get(role, frozenset()) for role in roles)


def listed(measure: Measure, window: Window, user: Any, district: str | None) -> models.QuerySet[Any]:
    """Return the list behind a figure as one may see it, in its order: the same filter, narrowed to one's own area."""
    source = source_of(measure)
    rows: Any = counted_rows(measure, window)
    rows = source.visible(rows, user) if source.visible else rows.visible_to(user)
    if district:
        rows = rows.filter(**{source.district: district})
    return rows.select_related(*source.related).order_by(*source.order)


def enterprises() -> models.QuerySet[Organisation]:
    """Return what the programme is for: enterprises, not banks, agencies or parks."""
    return Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE)


def month_of(text: str) -> dt.date:
    """Return the month of an address (2026-11); raises ValueError for what is none, or lies outside the programme."""
    month = dt.date.fromisoformat(f"{text}-01")
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise ValueError(text)
    return month


def present_month() -> dt.date:
    """Return the first day of the running month."""
    return today().replace(day=1)


def codes(rows: Iterable[Measure]) -> list[str]:
    return [measure.code for measure in rows]
