"""Rights that cost the same, counted together by the database, so that a forecast computes each sort only once.

A right is moved to the first day on which everything about it would be the same: the last edge before its day, where
an edge is a day of the year on which an annuity or a renewal may change. What depends on the very day (open licences,
late annuities, compensated terms, leap days) stays where it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from patents.forecast import KINDS, LEAP_DAY, Fact, Fees, Pool, mark_edges, patent_edges
from patents.models import Right
from patents.models.rights import IN_FORCE
from patents.numbers import Kind

READ = (
    "kind", "country", "filed_on", "granted_on", "expires_on", "reduction", "open_licence_from", "open_licence_to",
    "paid_year", "classes", "status", "reduction_from",
)  # fmt: skip


def _day(name: str) -> str:
    """Return a day of the year as SQL: month and day as one number."""
    return f"(extract(month FROM {name}) * 100 + extract(day FROM {name}))::int"


def _last(edges: str, day: str) -> str:
    return f"(SELECT max(edge) FROM unnest(%({edges})s::int[]) AS edge WHERE edge <= {day})"  # noqa: S608


# How a right is counted: 'by_year' a patent whose day does not matter, 'by_day' one whose day does, 'by_month' a
# trademark, 'never' where its days give no costs. OFFSET 0 keeps a value from being computed wherever it is named.
STATEMENT = f"""
SELECT r.kind, r.country,
    CASE way WHEN 'by_year' THEN make_date(filed_year, edge / 100, edge %% 100) WHEN 'by_day' THEN filed_on END,
    CASE way WHEN 'by_year' THEN make_date(filed_year + granted_year - 1, edge / 100, edge %% 100)
             WHEN 'by_day' THEN granted END,
    CASE way WHEN 'by_month' THEN make_date(extract(year FROM ends)::int, edge / 100, edge %% 100)
             WHEN 'by_day' THEN expires END,
    CASE WHEN way IN ('by_year', 'by_day') THEN reduction ELSE '0' END,
    CASE way WHEN 'by_day' THEN open_from END, CASE way WHEN 'by_day' THEN open_to END,
    CASE WHEN way = 'by_day' OR (way = 'by_year' AND paid_year > past) THEN paid_year END,
    CASE way WHEN 'by_month' THEN cardinality(classes) ELSE 1 END,
    CASE WHEN way IN ('by_year', 'by_day') AND reduction <> '0' THEN reduction_from END,
    CASE way WHEN 'by_year' THEN filed_day / 100 ELSE 0 END, count(*)
FROM ({{rights}}) AS r (kind, country, filed_on, granted_on, expires_on, reduction, open_from, open_to, paid_year,
    classes, status, reduction_from)
CROSS JOIN LATERAL (SELECT CASE WHEN status = ANY(%(in_force)s) THEN granted_on END AS granted,
    CASE WHEN status = ANY(%(in_force)s) THEN expires_on END AS expires OFFSET 0) known
CROSS JOIN LATERAL (SELECT extract(year FROM filed_on)::int AS filed_year, {_day("filed_on")} AS filed_day,
    COALESCE(expires, (granted + make_interval(years => %(mark_years)s))::date - 1) AS ends OFFSET 0) dated
CROSS JOIN LATERAL (SELECT %(year)s - filed_year + (filed_day < %(today)s)::int AS past,
    extract(year FROM granted)::int - filed_year + ({_day("granted")} >= filed_day)::int AS granted_year
    OFFSET 0) counted
CROSS JOIN LATERAL (SELECT CASE
    WHEN country <> 'CN' THEN 'never'
    WHEN kind = 'trademark' THEN CASE WHEN ends IS NULL THEN 'never' ELSE 'by_month' END
    WHEN kind <> ALL(%(patents)s) OR granted IS NULL THEN 'never'
    WHEN filed_on IS NULL OR granted < filed_on OR filed_day = %(leap_day)s OR open_from IS NOT NULL
        OR open_to IS NOT NULL OR (paid_year < past AND past > granted_year)
        OR (kind = 'invention' AND expires >= filed_on + make_interval(years => %(term)s, days => 360)) THEN 'by_day'
    ELSE 'by_year' END AS way OFFSET 0) ways
CROSS JOIN LATERAL (SELECT CASE way WHEN 'by_month' THEN {_last("mark_edges", _day("ends"))}
    WHEN 'by_year' THEN {_last("patent_edges", "filed_day")} END AS edge OFFSET 0) edges
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
"""  # noqa: S608


def pools_of(rights: QuerySet[Right], fees: Fees, as_of: dt.date) -> list[Pool]:
    """Return these rights by what they cost. One statement, whose answer grows with the years, not with the rights."""
    try:
        sql, params = rights.order_by().values_list(*READ).query.sql_with_params()
    except EmptyResultSet:
        return []
    months: dict[Fact, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        # The inner statement has placeholders by place, this one by name.
        inner = cursor.mogrify(sql, params).decode().replace("%", "%%")
        cursor.execute(STATEMENT.replace("{rights}", inner), _values(fees, as_of))
        for *facts, month, count in cursor.fetchall():
            months[_fact(*facts)][month] = count
    return [Pool(fact, counts) for fact, counts in months.items()]


def _fact(kind: str, country: str, filed: Any, granted: Any, ends: Any, reduction: str, *rest: Any) -> Fact:
    return Fact("", kind, country, filed, granted, ends, Decimal(reduction), *rest)


def _values(fees: Fees, as_of: dt.date) -> dict[str, Any]:
    terms = [figure.value for figure in fees.annuities.terms[Kind.INVENTION].figures]
    return {
        "in_force": [str(status) for status in IN_FORCE],
        "patents": [str(kind) for kind in KINDS],
        "year": as_of.year,
        "today": as_of.month * 100 + as_of.day,
        "leap_day": LEAP_DAY[0] * 100 + LEAP_DAY[1],
        "term": min(terms),
        "mark_years": fees.trademark_years,
        "patent_edges": patent_edges(fees, as_of),
        "mark_edges": mark_edges(fees, as_of),
    }
