"""Dated figures with their sources: look up by code and by the date of the triggering event.

The whole book is small, so it is kept in memory and read again after a minute, or at once after `forget()`. What awaits
verification is never returned unless asked for by name: it may be shown, not acted on.
"""

import datetime as dt
import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from portal import clock
from portal.models import Holiday, HolidayKind, HolidayYear, Rule, RuleStatus
from portal.workdays import Calendar

KEPT_SECONDS = 60


class RuleMissing(LookupError):
    """No row of this code is in force on this day; says whether an unverified one was passed over."""

    def __init__(self, code: str, on: dt.date, *, is_unverified: bool) -> None:
        why = "only an unverified row covers that day" if is_unverified else "no row covers that day"
        super().__init__(f"rule {code!r} on {on}: {why}")
        self.code = code
        self.on = on
        self.is_unverified = is_unverified


@dataclass(frozen=True)
class _Book:
    """All rows as they stood at `read_at` (monotonic seconds); rows of one code with the latest start first."""

    rows: dict[str, list[Rule]]
    calendar: Calendar
    read_at: float

    @cached_property
    def edition(self) -> str:
        days = (sorted(self.calendar.off), sorted(self.calendar.makeup), sorted(self.calendar.known_years))
        text = hashlib.sha256(repr(days).encode())
        for code in sorted(self.rows):
            for row in self.rows[code]:
                text.update(repr((code, row.effective_from, row.effective_to, row.status, row.value)).encode())
        return text.hexdigest()[:16]


@dataclass(frozen=True)
class YearTable:
    """A year's days off and make-up days as a notice gives them; it may name the last days of the year before."""

    year: int
    off: Mapping[dt.date, str] = field(default_factory=dict)
    makeup: Mapping[dt.date, str] = field(default_factory=dict)
    source: str = ""
    is_official: bool = True


_book: _Book | None = None
_overlay: ContextVar[_Book | None] = ContextVar("rules_overlay", default=None)


@contextmanager
def proposed(rows: Iterable[Rule] = (), years: Iterable[YearTable] = ()) -> Iterator[None]:
    """Answer inside the block as if unsaved `rows` (by code and first day) and `years` stood in the book already."""
    present, tables = _read(), list(years)
    merged = dict(present.rows)
    for rule in rows:
        others = [old for old in merged.get(rule.code, []) if old.effective_from != rule.effective_from]
        merged[rule.code] = sorted([*others, rule], key=lambda row: row.effective_from, reverse=True)
    calendar = _calendar(tables) if tables else present.calendar
    token = _overlay.set(_Book(rows=merged, calendar=calendar, read_at=present.read_at))
    try:
        yield
    finally:
        _overlay.reset(token)


def forget() -> None:
    """Drop the rows kept in memory: after a change, and before a job that must not work with a minute-old table."""
    global _book  # noqa: PLW0603 - one book per process, by design
    _book = None


def row(code: str, on: dt.date | None = None, *, unverified: bool = False) -> Rule:
    """Return the row of `code` in force `on` a day (default: today in Shanghai). Do not change it.

    Where several rows cover the day, the one that began last wins. Raises RuleMissing.
    """
    day = on or clock.today()
    covering = [rule for rule in _read().rows.get(code, ()) if _covers(rule, day)]
    for rule in covering:
        if unverified or rule.status != RuleStatus.UNVERIFIED:
            return rule
    raise RuleMissing(code, day, is_unverified=bool(covering))


def value(code: str, on: dt.date | None = None, *, unverified: bool = False) -> Any:
    """Return the value of the row in force, as `row` finds it."""
    return row(code, on, unverified=unverified).value


def history(code: str) -> list[Rule]:
    """Return every row of `code` that may be acted on, the latest start first. Raises RuleMissing where none may be."""
    rows = _read().rows.get(code, [])
    trusted = [rule for rule in rows if rule.status != RuleStatus.UNVERIFIED]
    if not trusted:
        raise RuleMissing(code, clock.today(), is_unverified=bool(rows))
    return trusted


def edition() -> str:
    """Return a name of all that the book says now: the same for the same rows, whenever and wherever it was read."""
    return _read().edition


def calendar() -> Calendar:
    """Return the calendar of days off and make-up days; years without an official table are provisional."""
    return _read().calendar


def _covers(rule: Rule, day: dt.date) -> bool:
    return rule.effective_from <= day and (rule.effective_to is None or day <= rule.effective_to)


def _read() -> _Book:
    global _book  # noqa: PLW0603 - see forget()
    if (overlay := _overlay.get()) is not None:
        return overlay
    book = _book
    if book is None or time.monotonic() - book.read_at > KEPT_SECONDS:
        _book = book = _Book(rows=_rows(), calendar=_calendar(), read_at=time.monotonic())
    return book


def _rows() -> dict[str, list[Rule]]:
    rows: dict[str, list[Rule]] = defaultdict(list)
    for rule in Rule.objects.order_by("code", "-effective_from"):
        rows[rule.code].append(rule)
    return dict(rows)


def _calendar(instead: Iterable[YearTable] = ()) -> Calendar:
    """Return the calendar of the table, with the days of some years replaced."""
    tables: dict[str, dict[dt.date, str]] = {HolidayKind.OFF: {}, HolidayKind.MAKEUP: {}}
    replaced = {table.year: table for table in instead}
    for day, kind, name in Holiday.objects.exclude(year__in=replaced).values_list("day", "kind", "name"):
        tables[kind][day] = name
    known = set(HolidayYear.objects.filter(is_official=True).values_list("year", flat=True))
    for table in replaced.values():
        tables[HolidayKind.OFF].update(table.off)
        tables[HolidayKind.MAKEUP].update(table.makeup)
        (known.add if table.is_official else known.discard)(table.year)
    return Calendar(tables[HolidayKind.OFF], tables[HolidayKind.MAKEUP], known)
