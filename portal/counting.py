"""The nightly job that keeps `Figure`: one statement per source and window, whatever the number of rows.

Run twice it writes the same. A month is closed by the first run after its end; from then on no run touches it, unless
somebody asked for it with a reason (`ask_again`), which is recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, FloatField, Min, Value
from django.utils.translation import gettext_lazy as _

from portal import audit, measures, nudges
from portal.clock import local_date, now, today
from portal.errors import RuleBroken
from portal.measures import Measure, Source, Time, Way, Window
from portal.models import Figure, FigureMonth, Organisation, Span, User
from portal.permissions import Permission, check

KEPT_MONTHS = 24  # counted back where dates allow: two years, so that every month has its own of a year before
LOCK = 5_417_001  # one run at a time
JOB = "portal.tasks.count_figures"


@transaction.atomic
def run() -> int:
    """Count everything that is due; return how many statements were run: none while another run is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL jit = off")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    done = count_day() + sum(count_month(month) for month in due_months())
    Figure.objects.filter(span=Span.DAY).exclude(period=today()).delete()
    return done


def due_months() -> list[dt.date]:
    """Return the months over that are not closed yet or are asked for again, oldest first; none before the first
    enterprise came."""
    first = Organisation.objects.aggregate(first=Min("created_at"))["first"]
    if first is None:
        return []
    present = measures.present_month()
    begin = max(local_date(first).replace(day=1), measures.month_after(present, -KEPT_MONTHS))
    closed = FigureMonth.objects.filter(closed_at__isnull=False)
    done = set(closed.filter(asked_at=None).values_list("period", flat=True))
    months = {measures.month_after(begin, ahead) for ahead in range(KEPT_MONTHS)}
    asked = set(closed.filter(asked_at__isnull=False).values_list("period", flat=True))
    return sorted(({month for month in months if month < present} - done) | asked)


def count_day() -> int:
    """Count the state of today, the twelve months up to it and the running month."""
    day, month = measures.day_window(today()), measures.month_window(measures.present_month())
    done = 0
    for source in measures.sources():
        if source.time == Time.FLOW:
            done += count(source, day, [day]) + count(source, month, [month])
        else:  # one look serves both: what there is today
            done += count(source, day, [day, month])
    return done


def count_month(month: dt.date) -> int:
    """Count a month that is over, where dates still tell, and close it. What only the past night knew stays."""
    window = measures.month_window(month)
    row = FigureMonth.objects.select_for_update().filter(pk=month).first() or FigureMonth(period=month)
    is_again = row.closed_at is not None
    if is_again:
        _reopen(month)
    done = sum(
        count(source, window, [window], is_closed=True) for source in measures.sources() if source.time != Time.STATE
    )
    Figure.objects.filter(span=Span.MONTH, period=month).update(is_closed=True)
    row.closed_at = row.closed_at or now()
    if is_again:
        audit.record(row, "figures.recounted", by=row.asked_by, data={"month": str(month), "reason": row.reason})
        row.recounted_at, row.asked_at = now(), None
    row.save()
    return done


def _reopen(month: dt.date) -> None:
    dated = [m.code for s in measures.sources() if s.time != Time.STATE for m in s.measures]
    Figure.objects.filter(span=Span.MONTH, period=month, measure__in=dated).update(is_closed=False)


@transaction.atomic
def ask_again(month: dt.date, *, by: User, reason: str) -> FigureMonth:
    """Ask the job to count a closed month again. Raises Denied, RuleBroken where it is not closed or asked already."""
    check(by, Permission.MANAGE_TARGETS)
    row = FigureMonth.objects.select_for_update().filter(pk=month, closed_at__isnull=False).first()
    if row is None:
        raise RuleBroken(_("这个月还没有结账，夜间会自动统计。"), code="not_closed")
    if row.asked_at is not None:
        raise RuleBroken(_("这个月已经在等待重算。"), code="asked_already")
    row.asked_at, row.asked_by, row.reason = now(), by, reason
    row.save(update_fields=["asked_at", "asked_by", "reason"])
    audit.record(row, "figures.recount_asked", by=by, data={"month": str(month), "reason": reason})
    nudges.nudge(JOB)
    return row


# --- the statement ------------------------------------------------------------------------------------------------
def count(source: Source, window: Window, into: Sequence[Window], *, is_closed: bool = False) -> int:
    """Count one source over a window and write the values into the rows of the windows named; one statement."""
    kept = list(source.measures)
    try:
        sql, params = _rows(source, kept, window).query.sql_with_params()
    except EmptyResultSet:  # a condition that nothing can fulfil
        return 0
    text, values = _statement(sql, kept, into)
    with connection.cursor() as cursor:
        cursor.execute(text, [*params, *values, now(), is_closed])
    return 1


def _rows(source: Source, kept: Iterable[Measure], window: Window) -> models.QuerySet[Any]:
    """Return per row: its district, its enterprise, and per measure whether it counts, whether it hits, its number."""
    columns: dict[str, Any] = {"measured_area": F(source.district), "measured_firm": F(source.organisation)}
    for place, measure in enumerate(kept):
        columns[f"measured_{place}"] = _is(measure.base, window)
        if measure.way == Way.SHARE:
            columns[f"measured_{place}_hit"] = _is(measure.hits, window)
        elif measure.number:
            columns[f"measured_{place}_number"] = ExpressionWrapper(measure.number(), FloatField())
    return source.rows(window).order_by().values(**columns)


def _is(given: measures.Condition, window: Window) -> Any:
    found = measures.condition(given, window)
    return ExpressionWrapper(found, BooleanField()) if found else Value(True)


def _statement(sql: str, kept: list[Measure], into: Sequence[Window]) -> tuple[str, list[Any]]:
    """Return the whole statement around the source's own, and the values that follow the source's.

    Counts go by enterprise first: how many stand behind a cell must be known to show it.
    """
    counted, numbers, lines, values = [], [], [], []
    for place, measure in enumerate(kept):
        here = f"measured_{place}"
        counted.append((f"count(*) FILTER (WHERE {here}) AS c{place}", f"sum(c{place}) AS c{place}"))
        counted.append(("", f"count(*) FILTER (WHERE c{place} > 0) AS o{place}"))
        value, hits = f"coalesce(g.c{place}, 0)", f"coalesce(g.c{place}, 0)"
        if measure.way == Way.SHARE:
            counted.append((f"count(*) FILTER (WHERE {here} AND {here}_hit) AS h{place}", f"sum(h{place}) AS h{place}"))
            value, hits = f"round(100.0 * g.h{place} / nullif(g.c{place}, 0), 2)", f"coalesce(g.h{place}, 0)"
        elif measure.number:
            part = "0.5" if measure.way == Way.MEDIAN else "0.9"
            order = f"WITHIN GROUP (ORDER BY {here}_number) FILTER (WHERE {here})"
            numbers.append(f"percentile_cont({part}) {order} AS n{place}")
            value = f"round(q.n{place}::numeric, 2)"
        lines.append(f"(%s, %s, {value}, coalesce(g.c{place}, 0), {hits}, coalesce(g.o{place}, 0))")
        values += [measure.code, measure.clause]
    windows = ", ".join("(%s, %s::date)" for _window in into)
    text = STATEMENT.format(
        rows=sql,
        by_firm=", ".join(first for first, _second in counted if first),
        by_area=", ".join(second for _first, second in counted),
        numbers=", ".join(numbers) or "NULL AS nothing",
        lines=", ".join(lines),
        windows=windows,
    )
    return text, [*values, *(part for window in into for part in (window.span, window.period))]


STATEMENT = """
WITH rows AS ({rows}),
firms AS (SELECT measured_area AS area, measured_firm, {by_firm} FROM rows GROUP BY 1, 2),
g AS (SELECT area, {by_area} FROM firms GROUP BY GROUPING SETS ((area), ())),
q AS (SELECT measured_area AS area, {numbers} FROM rows GROUP BY GROUPING SETS ((measured_area), ()))
INSERT INTO portal_figure (measure, clause, district_id, span, period, value, count, hits, organisations, as_of,
    is_closed)
SELECT m.code, m.clause, a.code, t.span, t.period, m.value, m.count, m.hits, m.firms, s.as_of, s.is_closed
FROM (SELECT code FROM portal_district UNION ALL SELECT NULL) a(code)
LEFT JOIN g ON g.area IS NOT DISTINCT FROM a.code
LEFT JOIN q ON q.area IS NOT DISTINCT FROM a.code
CROSS JOIN LATERAL (VALUES {lines}) m(code, clause, value, count, hits, firms)
CROSS JOIN (VALUES {windows}) t(span, period)
CROSS JOIN (VALUES (%s::timestamptz, %s::boolean)) s(as_of, is_closed)
ON CONFLICT (measure, span, period, district_id) DO UPDATE
SET clause = excluded.clause, value = excluded.value, count = excluded.count, hits = excluded.hits,
    organisations = excluded.organisations, as_of = excluded.as_of, is_closed = excluded.is_closed
WHERE NOT portal_figure.is_closed
"""
