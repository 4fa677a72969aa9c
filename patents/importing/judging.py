"""The verdict on every staged row, by sets: duplicates in the file, then what the register says of the others.

Values whose key begins with "_" fill new rights only; `_status` may carry one forward from pending to published to
granted. What the person may not know of is never compared with: see `Right.objects.visible_to`.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from patents.importing.fields import TYPES
from patents.models import ImportRow, ImportRun

RANK = "array_position(ARRAY['draft','pending','published','granted']::text[], {})"
SEPARATORS = r"[\s\-_/.,，．、()（）\[\]第号]+"
DOCUMENT = r"^([A-Z]{2}(WO)?[A-Z]{0,2}[0-9]{4,13})[A-Z][0-9]?$"

# For statements over a hundred thousand rows that arrived a moment ago, before statistics know of them.
BY_SETS = """
SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '128MB'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off
"""
# A row arrives as new, and only what turns out to be something else is written again: see `patents.importing.child`.
OPEN = "row.run_id = %(run)s AND row.verdict = 'new' AND NOT row.is_done"
FOREIGN = """problems @> '[{"level": "foreign"}]' AND NOT is_included"""
RESET = f"""
UPDATE patents_importrow SET verdict = CASE WHEN {FOREIGN} THEN 'foreign' ELSE 'new' END,
    right_id = NULL, changes = '{{}}', problems = COALESCE((
        SELECT jsonb_agg(problem) FROM jsonb_array_elements(problems) AS problem
        WHERE problem ->> 'level' <> 'register'), '[]')
WHERE run_id = %(run)s AND verdict <> 'bad' AND NOT is_done AND (
    verdict NOT IN ('new', 'foreign') OR (verdict = 'foreign') <> ({FOREIGN}) OR right_id IS NOT NULL
    OR problems @> '[{{"level": "register"}}]')
"""  # noqa: S608 - texts of our own
# A mark is listed once per class: the classes and goods of all its rows go in with the first.
MERGE_CLASSES = f"""
WITH part AS (
    SELECT row.position, row.identity, row.values FROM patents_importrow AS row
    WHERE {OPEN} AND row.values ->> 'kind' = 'trademark' AND row.identity <> ''
), several AS (
    SELECT identity, min(position) AS first, string_agg(DISTINCT values ->> 'goods', '；') AS goods FROM part
    GROUP BY identity HAVING count(*) > 1
), classes AS (
    SELECT part.identity, jsonb_agg(DISTINCT class) AS classes
    FROM part JOIN several USING (identity), jsonb_array_elements(part.values -> 'classes') AS class
    GROUP BY part.identity
)
UPDATE patents_importrow AS row
SET values = row.values || jsonb_strip_nulls(jsonb_build_object('classes', classes.classes, 'goods', several.goods))
FROM several LEFT JOIN classes USING (identity) WHERE row.run_id = %(run)s AND row.position = several.first
"""  # noqa: S608 - texts of our own
# Of several rows on one right the granted one counts, else the first.
DUPLICATES = f"""
WITH keyed AS (
    SELECT row.id, row.position, {{key}} AS key, row.values ? 'granted_on' AS is_granted
    FROM patents_importrow AS row WHERE {OPEN}
), several AS (
    SELECT key FROM keyed WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1
), ranked AS (
    SELECT id, first_value(position) OVER same AS first, row_number() OVER same AS place
    FROM keyed JOIN several USING (key)
    WINDOW same AS (PARTITION BY key ORDER BY is_granted DESC, position)
)
UPDATE patents_importrow AS row
SET verdict = 'duplicate', changes = jsonb_build_object('_first', ranked.first)
FROM ranked WHERE row.id = ranked.id AND ranked.place > 1 AND row.run_id = %(run)s
"""  # noqa: S608 - texts of our own
# Temporary tables with statistics: a plan made for a handful of rows would take hours for a hundred thousand.
KNOWN = f"""
CREATE TEMP TABLE import_known ON COMMIT DROP AS
    SELECT id, identity AS key FROM patents_right WHERE organisation_id = %(organisation)s AND identity <> ''
    UNION ALL
    SELECT id, 'patent:p:' || regexp_replace(regexp_replace(upper(publication_number), '{SEPARATORS}', '', 'g'),
        '{DOCUMENT}', '\\1')
    FROM patents_right WHERE organisation_id = %(organisation)s AND publication_number <> ''
        AND kind IN ('invention', 'utility_model', 'design', 'foreign_patent')
    UNION ALL
    SELECT id, kind || ':r:' || country || regexp_replace(upper(registration_number), '{SEPARATORS}', '', 'g')
    FROM patents_right WHERE organisation_id = %(organisation)s AND registration_number <> '';
CREATE TEMP TABLE import_wanted ON COMMIT DROP AS
    SELECT row.id, key, place FROM patents_importrow AS row,
        jsonb_array_elements_text(row.values -> '_keys') WITH ORDINALITY AS listed(key, place)
    WHERE {OPEN} AND EXISTS (SELECT 1 FROM import_known);
ANALYZE import_known, import_wanted;
"""  # noqa: S608 - patterns of our own
MATCH = """
WITH found AS (
    SELECT DISTINCT ON (wanted.id) wanted.id, known.id AS right_id
    FROM import_wanted AS wanted JOIN import_known AS known USING (key)
    ORDER BY wanted.id, wanted.place, known.id
)
UPDATE patents_importrow AS row SET right_id = found.right_id FROM found
WHERE row.id = found.id AND row.run_id = %(run)s;
DROP TABLE import_known, import_wanted;
"""
DOCUMENTS = ", ".join(f"'{name}', held.{name}" for name in TYPES)
# OFFSET 0 keeps the facts from being built anew for every field.
# A publication does not take the place of the grant of the same application.
COMPARE = f"""
WITH compared AS (
    SELECT row.id, held.secrecy = 'named' AND NOT held.readers @> ARRAY[%(person)s]::bigint[] AS is_hidden,
        held.status AS old_status, row.values ->> 'status' AS new_status,
        COALESCE((
            SELECT jsonb_object_agg(stated.key, jsonb_build_object('from', old.facts -> stated.key, 'to', stated.value))
            FROM jsonb_each(row.values) AS stated
            WHERE left(stated.key, 1) <> '_' AND stated.value IS DISTINCT FROM (old.facts -> stated.key)
                AND NOT (stated.key = 'publication_number' AND row.values ->> 'publication_number' ~ 'A[0-9]?$'
                    AND held.publication_number ~ '[B-Z][0-9]?$')
        ), '{{}}') || CASE WHEN {RANK.format("row.values ->> '_status'")} > {RANK.format("held.status")}
            THEN jsonb_build_object('status', jsonb_build_object('from', held.status, 'to', row.values ->> '_status'))
            ELSE '{{}}' END AS difference
    FROM patents_importrow AS row
    JOIN patents_right AS held ON held.id = row.right_id
    CROSS JOIN LATERAL (SELECT jsonb_build_object({DOCUMENTS}) AS facts OFFSET 0) AS old
    WHERE {OPEN} AND row.right_id IS NOT NULL
)
UPDATE patents_importrow AS row SET
    verdict = CASE WHEN is_hidden OR difference = '{{}}' THEN 'unchanged' ELSE 'changed' END,
    changes = CASE WHEN is_hidden THEN '{{}}' ELSE difference END,
    right_id = CASE WHEN is_hidden THEN NULL ELSE row.right_id END,
    problems = CASE
        WHEN is_hidden THEN problems || '[{{"code": "kept_by_named", "level": "register"}}]'
        WHEN difference ? 'status' AND {RANK.format("new_status")} < 4
            AND old_status NOT IN ('draft', 'pending', 'published')
        THEN problems || '[{{"code": "status_backwards", "level": "register"}}]'
        ELSE problems END
FROM compared WHERE row.id = compared.id AND row.run_id = %(run)s
"""  # noqa: S608 - names of our own
# A duplicate is about the same right as the row that counts, and is as secret as that one.
FOLLOW = """
UPDATE patents_importrow AS row SET right_id = first.right_id
FROM patents_importrow AS first
WHERE row.run_id = %(run)s AND row.verdict = 'duplicate' AND first.run_id = %(run)s
    AND first.position = (row.changes ->> '_first')::integer AND row.right_id IS DISTINCT FROM first.right_id
"""
# The columns that are searched: those of the documents cost more than all of this.
STATISTICS = "ANALYZE patents_importrow (id, run_id, position, identity, verdict, right_id, is_done)"
COUNT = """
SELECT verdict, count(*), count(*) FILTER (WHERE problems <> '[]' AND verdict IN ('new', 'changed', 'unchanged'))
FROM patents_importrow WHERE run_id = %(run)s GROUP BY verdict
"""


@transaction.atomic
def judge(run: ImportRun) -> dict[str, int]:
    """Give every row of the run its verdict; return the counts by verdict, and `warned`. May be run again."""
    values: dict[str, Any] = {"run": run.pk, "organisation": run.organisation_id, "person": run.created_by_id}
    with connection.cursor() as cursor:
        cursor.execute(BY_SETS)
        cursor.execute(RESET, values)
        cursor.execute(MERGE_CLASSES, values)
        for key in ("NULLIF(row.identity, '')", "row.values ->> '_document'"):
            cursor.execute(DUPLICATES.format(key=key), values)
        cursor.execute(KNOWN, values)
        cursor.execute(MATCH, values)
        cursor.execute(DUPLICATES.format(key="row.right_id"), values)
        cursor.execute(COMPARE, values)
        cursor.execute(FOLLOW, values)
        cursor.execute(STATISTICS)
    return tally(run)


def tally(run: ImportRun) -> dict[str, int]:
    """Return the counts of rows by verdict, and of those taken along with a remark as `warned`."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"run": run.pk})
        rows = cursor.fetchall()
    counts = {verdict: count for verdict, count, _warned in rows}
    return counts | {"warned": sum(warned for _verdict, _count, warned in rows)}


def include_foreign(run: ImportRun, positions: list[int] | None, *, is_included: bool) -> int:
    """Mark rows of other owners as wanted after all (None: every one of them); return how many."""
    rows = ImportRow.objects.filter(run=run, problems__contains=[{"level": "foreign"}]).exclude(verdict="bad")
    if positions is not None:
        rows = rows.filter(position__in=positions)
    return rows.exclude(is_included=is_included).update(is_included=is_included)
