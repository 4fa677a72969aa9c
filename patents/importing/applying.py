"""The good rows into the register, some thousands in one transaction, each exactly once: what is done is marked done.

Every column of a right that an import does not know gets its default from the model, so that a new column needs
nothing here.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.db import connection, models, transaction
from django.utils.functional import cached_property

from patents.dates import facts, recompute
from patents.dates.answers import Figures
from patents.importing.fields import RECORD, TYPES
from patents.importing.judging import BY_SETS, FOLLOW
from patents.models import ImportRun, Right
from patents.search_index import MERGE, WAITING
from portal.clock import now, today
from portal.models.people import NO_AMBIGUOUS

BATCH = 10_000
# Ten characters without look-alikes from a random UUID: as portal.models.public_token.
TOKEN = "(SELECT {})".format(
    " || ".join(
        f"substr('{NO_AMBIGUOUS}', 1 + get_byte(noise, {place}) %% {len(NO_AMBIGUOUS)}, 1)"
        for place in (0, 1, 2, 3, 4, 5, 9, 10, 11, 12)
    )
)
NOISE = "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')"
EMPTY = {"text": "''", "text[]": "'{}'", "date": "NULL", "integer": "NULL"}
SPECIAL = {
    "identity": "row.identity",
    "organisation_id": "%(organisation)s",
    "title": "COALESCE(stated.title, stated._title)",
    "route": "COALESCE(stated._route, 'national')",
    "status": "COALESCE(stated.status, stated._status, 'pending')",
    "status_on": "COALESCE(stated.status_on, CASE COALESCE(stated.status, stated._status) "
    "WHEN 'granted' THEN stated.granted_on WHEN 'published' THEN stated.published_on END)",
    # As `patents.dates.facts.ENDS` says it; a second write of every row would cost as much as the first.
    "ends_on": "COALESCE(stated.expires_on, CASE WHEN COALESCE(stated.status, stated._status, 'pending') "
    "<> ALL(%(termless)s) AND stated.country = 'CN' AND COALESCE(stated._route, '') <> 'hague' THEN term.last_on END)",
    "status_source": "%(source)s",
    "reduction": "COALESCE(stated.reduction, '0')",
    "created_at": "%(now)s",
    "updated_at": "%(now)s",
    "created_by_id": "%(person)s",
}


SPAN = "row.run_id = %(run)s AND row.position BETWEEN %(first)s AND %(last)s AND NOT row.is_done"
TERMS = """
CREATE TEMP TABLE IF NOT EXISTS import_terms (kind text, filed_on date, last_on date) ON COMMIT DROP;
TRUNCATE import_terms
"""
FILED = f"""
SELECT DISTINCT row.values ->> 'kind', (row.values ->> 'filed_on')::date FROM patents_importrow AS row
WHERE {SPAN} AND row.verdict = 'new' AND row.values ? 'filed_on'
    AND row.values ->> 'kind' IN ('invention', 'utility_model', 'design')
"""  # noqa: S608 - names of our own
EVENTS = f"""
    INSERT INTO patents_rightevent (number, right_id, kind, "on", data, text, source, created_at, created_by_id)
    SELECT {TOKEN}, right_id, kind, %(today)s, data, '', %(source)s, %(now)s, %(person)s
    FROM done AS event(right_id, kind, data)
    CROSS JOIN LATERAL (SELECT {NOISE} AS noise, right_id) AS chance(noise, of)
"""  # noqa: S608 - names of our own


class _Statements:
    """The statements of a batch, built once from the model: a row becomes a right, its event, and is marked done."""

    @cached_property
    def new(self) -> str:
        fields = [field for field in Right._meta.concrete_fields if not (field.primary_key or field.generated)]
        columns = ", ".join(str(field.column) for field in fields)
        values = ", ".join(map(_value, fields))
        return f"""
        WITH fresh AS (
            INSERT INTO patents_right ({columns})
            SELECT {values}
            FROM patents_importrow AS row
            CROSS JOIN LATERAL jsonb_to_record(row.values) AS stated({RECORD})
            CROSS JOIN LATERAL (SELECT {NOISE} AS noise, row.id) AS chance
            LEFT JOIN import_terms AS term ON term.kind = stated.kind AND term.filed_on = stated.filed_on
            WHERE {SPAN} AND row.verdict = 'new'
            ORDER BY row.position
            ON CONFLICT (organisation_id, identity) WHERE identity <> '' DO NOTHING
            RETURNING id, identity
        ), done AS (
            UPDATE patents_importrow AS row SET right_id = fresh.id, is_done = true FROM fresh
            WHERE {SPAN} AND row.verdict = 'new' AND row.identity = fresh.identity
            RETURNING row.right_id, 'imported', '{{}}'::jsonb
        ) {EVENTS}
        """  # noqa: S608 - names of our own

    @cached_property
    def changed(self) -> str:
        changes = ", ".join(
            f"{name} = CASE WHEN row.changes ? '{name}' THEN {_stated(name)} ELSE held.{name} END" for name in TYPES
        )
        return f"""
        WITH moved AS (
            UPDATE patents_right AS held SET {changes},
                status_source = CASE WHEN row.changes ? 'status' THEN %(source)s ELSE held.status_source END,
                identity = CASE WHEN row.changes ? 'application_number' AND split_part(held.identity, ':', 2) = 'p'
                    THEN row.identity ELSE held.identity END,
                version = held.version + 1, updated_at = %(now)s
            FROM patents_importrow AS row
            CROSS JOIN LATERAL jsonb_to_record(row.values) AS stated({RECORD})
            WHERE held.id = row.right_id AND held.organisation_id = %(organisation)s
                AND {SPAN} AND row.verdict = 'changed'
            RETURNING row.id
        ), done AS (
            UPDATE patents_importrow AS row SET is_done = true FROM moved WHERE row.id = moved.id AND {SPAN}
            RETURNING row.right_id, 'changed', row.changes
        ) {EVENTS}
        """  # noqa: S608 - names of our own

    # What somebody else entered or took away between the check and now is left alone and said so.
    rest = f"""
    UPDATE patents_importrow AS row SET is_done = true, verdict = 'unchanged', right_id = NULL,
        problems = problems || '[{{"code": "came_meanwhile", "level": "register"}}]'
    WHERE {SPAN} AND row.verdict IN ('new', 'changed')
    """  # noqa: S608 - names of our own


STATEMENTS = _Statements()


def _value(field: Any) -> str:
    """The expression that fills a column of a new right: from the row, else the model's default."""
    if field.column == "number":
        return TOKEN
    if field.column in SPECIAL:
        return SPECIAL[field.column]
    if kind := TYPES.get(field.column):
        return f"COALESCE(stated.{field.column}, {EMPTY[kind]})" if EMPTY[kind] != "NULL" else f"stated.{field.column}"
    return f"%(default_{field.column})s::{field.db_type(connection)}"


def _stated(name: str) -> str:
    return "COALESCE(stated.status, stated._status)" if name == "status" else f"stated.{name}"


def _defaults() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in Right._meta.concrete_fields:
        if not (field.primary_key or field.generated or field.column in SPECIAL or field.column in TYPES):
            value = None if field.null and not field.has_default() else field.get_default()
            value = "" if value is None and isinstance(field, models.CharField | models.TextField) else value
            found[f"default_{field.column}"] = field.get_db_prep_save(value, connection)
    return found


def spans(run: ImportRun) -> list[tuple[int, int, int]]:
    """Return the batches that are still to be done: first and last row number, and how many rows."""
    waiting = run.rows.filter(verdict__in=["new", "changed"], is_done=False).order_by("position")
    positions = list(waiting.values_list("position", flat=True))
    parts = [positions[start : start + BATCH] for start in range(0, len(positions), BATCH)]
    return [(part[0], part[-1], len(part)) for part in parts]


@transaction.atomic
def apply(run: ImportRun, span: tuple[int, int, int], *, source: str, figures: Figures) -> None:
    """Take the rows of one span in: rights, one event each, and the mark that they are done."""
    values: dict[str, Any] = {
        "run": run.pk,
        "organisation": run.organisation_id,
        "person": run.created_by_id,
        "source": source[:200],
        "now": now(),
        "today": today(),
        "first": span[0],
        "last": span[1],
        "termless": [str(status) for status in facts.TERMLESS],
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_SETS)
        cursor.execute(WAITING)
        # One import of an enterprise at a time: the second would judge by what the first is about to change.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 23))", [f"rights/{run.organisation_id}"])
        _fill_terms(cursor, values, figures)
        cursor.execute(STATEMENTS.new, values | _defaults())
        cursor.execute(STATEMENTS.changed, values)
        cursor.execute(STATEMENTS.rest, values)
        cursor.execute(MERGE)


def _fill_terms(cursor: Any, values: dict[str, Any], figures: Figures) -> None:
    """Put the last day of the term beside each kind and filing day of the batch."""
    cursor.execute(TERMS)
    cursor.execute(FILED, values)
    known = ((kind, filed_on, figures.term(kind, filed_on)) for kind, filed_on in cursor.fetchall())
    lines = [f"{kind}\t{filed_on}\t{found.nominal_on}\n" for kind, filed_on, found in known if found]
    with connection.wrap_database_errors:  # COPY is the driver's own: its errors, too
        cursor.copy_expert("COPY import_terms FROM STDIN", io.StringIO("".join(lines)))


def open_dates(run: ImportRun, *, figures: Figures, tick: Callable[[int], None]) -> None:
    """Open the statutory dates of every right touched, some thousands in a transaction; doing it twice is harmless.

    `tick(rights)` is called after each of them and may raise to stop.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"run": run.pk})
        # What just came in by the thousand is otherwise planned for as a few.
        cursor.execute(
            "ANALYZE patents_right (id, number, organisation_id, kind, country, status, filed_on, granted_on)"
        )
    done = run.rows.filter(is_done=True, verdict__in=["new", "changed"]).exclude(right=None)
    keys = list(done.order_by("right_id").values_list("right_id", flat=True))
    for turn, _moved in enumerate(recompute.in_ranges(keys, chunk=BATCH, figures=figures), start=1):
        tick(min(turn * BATCH, len(keys)))
