"""The statutory dates of rights, computed again for any number of them by a handful of statements.

Running it twice changes nothing. Rows that are met, set aside or overridden keep their dates. Large scopes go in ranges
of keys, each range a transaction of its own: killed at any point and started anew, the result is the same.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Max, Min

from patents.models import Right
from patents.search_index import MERGE, WAITING
from portal import rules
from portal.clock import SHANGHAI, now, today
from portal.deadlines import MORNING
from portal.models import Organisation

from . import codes, facts, statements
from .answers import Figures, Found, per_class

log = structlog.get_logger(__name__)

CHUNK = 20_000
TRIES = 4  # of one range, when it was chosen to end a deadlock
PLAIN = "SET LOCAL statement_timeout = 0; SET LOCAL jit = off"
# Rows that came a moment ago, before statistics know of them: a plan made for a handful would take hours.
FRESH = f"{PLAIN}; SET LOCAL work_mem = '128MB'; SET LOCAL enable_nestloop = off; {WAITING}"
# Why the recomputation closed a row; a row closed for any other reason was set aside by a person.
AUTO = "recomputed"


@dataclass(frozen=True)
class Moved:
    """What a recomputation did to deadlines."""

    opened: int = 0
    changed: int = 0
    cancelled: int = 0
    followed: int = 0

    def __add__(self, other: Moved) -> Moved:
        return Moved(
            self.opened + other.opened,
            self.changed + other.changed,
            self.cancelled + other.cancelled,
            self.followed + other.followed,
        )

    def __bool__(self) -> bool:
        return bool(self.opened or self.changed or self.cancelled or self.followed)


@transaction.atomic
def of_rights(rights: Iterable[Right | int]) -> Moved:
    """Recompute the dates of these rights (rows or keys) inside the running transaction."""
    keys = sorted({right.pk if isinstance(right, Right) else right for right in rights})
    return _recompute("r.id = ANY(%(ids)s)", {"ids": keys}, Figures()) if keys else Moved()


def of_organisation(organisation: Organisation, *, chunk: int = CHUNK) -> Moved:
    """Recompute the dates of all rights of an enterprise, range by range."""
    keys = list(Right.objects.filter(organisation=organisation).order_by("pk").values_list("pk", flat=True))
    return sum(in_ranges(keys, chunk=chunk), Moved())


def in_ranges(keys: Sequence[int], *, chunk: int = CHUNK, figures: Figures | None = None) -> Iterator[Moved]:
    """Recompute the dates of these rights, each range in a transaction of its own; yield what each one moved.

    What the engines said of a day is kept from range to range.
    """
    figures = figures or Figures()
    for start in range(0, len(keys), chunk):
        yield _range("r.id = ANY(%(ids)s)", {"ids": list(keys[start : start + chunk])}, figures, settings=FRESH)
    with connection.cursor() as cursor:
        cursor.execute(MERGE)  # an end that moved is a new version of its right


def everything(*, chunk: int = CHUNK) -> Moved:
    """Recompute the dates of all rights: the nightly job."""
    rules.forget()
    ends = Right.objects.aggregate(low=Min("pk"), high=Max("pk"))
    figures, moved = Figures(), Moved()
    if ends["low"] is None:
        return moved
    for low in range(ends["low"], ends["high"] + 1, chunk):
        moved += _range("r.id BETWEEN %(low)s AND %(high)s", {"low": low, "high": low + chunk - 1}, figures)
    log.info("dates_recomputed", **moved.__dict__)
    return moved


def _range(scope: str, values: dict[str, Any], figures: Figures, *, settings: str = PLAIN) -> Moved:
    """Recompute one range in a transaction of its own; somebody who edits a right at that moment goes first."""
    for turn in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(settings)
                moved = _recompute(scope, values, figures)
            figures.is_laid_out = True  # not before the range has held: a rollback brings back older tables
            return moved
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != "40P01" or turn == TRIES or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _recompute(scope: str, values: dict[str, Any], figures: Figures) -> Moved:
    params = {**facts.params(), **_fees(figures), **values, **_moments()}
    with connection.cursor() as cursor:
        cursor.execute(statements.TABLES)
        rights = statements.RIGHTS.replace("{scope}", scope)
        empty = statements.EMPTY if figures.is_laid_out else f"{statements.EMPTY}; {statements.EMPTY_DAYS}"
        cursor.execute(f"{empty}; {rights}; {statements.ANALYZE_RIGHTS}", params)
        cursor.execute("INSERT INTO dates_years " + facts.YEARS, params)
        _fill_terms(cursor, figures)
        _fill_annuities(cursor, figures)
        cursor.execute(statements.ANALYZE_YEARS)
        selects = "\nUNION ALL\n".join((facts.ANNUITIES, facts.REDUCTIONS, facts.union()))
        cursor.execute(statements.FACTS.replace("{facts}", selects), params)
        _fill_days(cursor, figures)
        cursor.execute(statements.ANALYZE)
        cursor.execute(facts.ENDS, params)
        cursor.execute(statements.WANTED, params)
        cursor.execute(statements.PRESENT, params)
        cursor.execute(statements.ANALYZE_BOTH)
        cursor.execute(statements.WRITE, params)
        return Moved(*cursor.fetchone())


def _fees(figures: Figures) -> dict[str, Any]:
    day = today()
    return {
        "compensated_from": figures.compensated_from(),
        "compensation_fee": figures.compensation_fee(),
        "renewal_fee": per_class("trademark.fee.renewal", day),
        "late_renewal_fee": per_class("trademark.fee.late_renewal", day),
        "money": sorted(codes.MONEY),
        "coming": sorted(codes.CHANCES),
        "known": sorted(codes.ONCE),
        "auto": AUTO,
    }


def _moments() -> dict[str, Any]:
    moment = now()
    is_past = moment.astimezone(SHANGHAI).time() >= MORNING
    return {"now": moment, "is_past_morning": is_past}


def _fill_terms(cursor: Any, figures: Figures) -> None:
    cursor.execute(statements.NEW_TERMS)
    rows = [
        (kind, filed, found.nominal_on) for kind, filed in cursor.fetchall() if (found := figures.term(kind, filed))
    ]
    _insert(cursor, "dates_terms", rows)


def _fill_annuities(cursor: Any, figures: Figures) -> None:
    cursor.execute(statements.NEW_YEARS)
    rows = []
    for kind, filed_on, year in cursor.fetchall():
        found = figures.year(kind, filed_on, year)
        if found is not None:
            dates = found.dates
            rows.append(
                (
                    *(kind, filed_on, year, dates.nominal_on, dates.legal_on, dates.target_on, dates.grace_on),
                    *(json.dumps(dates.bands), dates.is_provisional, dates.basis, dates.days),
                    *(found.full, found.reduced_years, found.cut),
                )
            )
    _insert(cursor, "dates_annuities", rows)


def _fill_days(cursor: Any, figures: Figures) -> None:
    cursor.execute(statements.NEW_DAYS)
    rows = []
    for code, trigger_on, delivery in cursor.fetchall():
        found = _dates(figures, code, trigger_on, delivery)
        if found is not None:
            rows.append(
                (
                    *(code, trigger_on, delivery, found.delivered_on, found.nominal_on, found.legal_on),
                    *(found.target_on, found.grace_on, json.dumps(found.bands), found.is_provisional, found.basis),
                    found.days,
                )
            )
    _insert(cursor, "dates_found", rows)


def _dates(figures: Figures, code: str, trigger_on: dt.date, delivery: str) -> Found | None:
    if code == codes.COMPENSATION_ANNUITY:
        return figures.compensation(trigger_on)
    if code == codes.TERM_END:
        return figures.term_end(trigger_on)
    return figures.period(code, trigger_on, delivery)


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _insert(cursor: Any, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        lines = io.StringIO("".join(["\t".join(map(_copied, row)) + "\n" for row in rows]))
        with connection.wrap_database_errors:  # COPY is the driver's own: its errors, too
            cursor.copy_expert(f"COPY {table} FROM STDIN", lines)


def _copied(value: Any) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    return f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else str(value)
