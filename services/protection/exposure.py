"""Exposure kept by set-based statements: for organisations whose facts changed, and at night for all.

Only open rights that are alive count. Triggers note who changed (migration 0002); a sweep takes those rows. Statements
write differences only, so that running one twice writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Max, Min

from enterprises.industries import SECTIONS
from enterprises.models import Market
from patents.models.rights import ALIVE, RightKind
from portal.models import Organisation, Secrecy
from services.protection.models import PART, Dimension, Watch

log = structlog.get_logger(__name__)

CHUNK = 20_000
STALE = 5_000  # rows of one sweep's transaction
LOCK = 4_000_001  # one refresh at a time: two of the same enterprise would each write what both found missing
D = Dimension
PATENTS = (RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN, RightKind.FOREIGN_PATENT)


def of(organisations: Iterable[Organisation | int]) -> int:
    """Refresh these organisations (rows or keys) inside the running transaction; return how many rows changed."""
    keys = sorted({row.pk if isinstance(row, Organisation) else row for row in organisations})
    return _refresh("= ANY(%(ids)s)", {"ids": keys}) if keys else 0


def changed(*, limit: int = STALE) -> list[int]:
    """Refresh whose facts changed since the last sweep, batch by batch; return their keys. Safe to run twice."""
    found: set[int] = set()
    while batch := _stale(limit):
        found |= batch
    return sorted(found)


@transaction.atomic
def _stale(limit: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"limit": limit})
        keys = {row[0] for row in cursor.fetchall()}
    of(keys)
    return keys


def everything(*, chunk: int = CHUNK) -> int:
    """Refresh all organisations, range by range, each a transaction of its own; return how many rows changed."""
    ends = Organisation.objects.aggregate(low=Min("pk"), high=Max("pk"))
    rows = 0
    if ends["low"] is None:
        return rows
    for low in range(ends["low"], ends["high"] + 1, chunk):
        with transaction.atomic():
            rows += _refresh("BETWEEN %(low)s AND %(high)s", {"low": low, "high": low + chunk - 1})
    log.info("exposure_refreshed", rows=rows)
    return rows


@transaction.atomic
def _refresh(scope: str, values: dict[str, Any]) -> int:
    params = {
        **{"lock": LOCK, "alive": [str(status) for status in ALIVE], "open": str(Secrecy.OPEN), "part": PART},
        **{"patents": [str(kind) for kind in PATENTS], "mark": str(RightKind.TRADEMARK)},
        **{"enterprise": str(Organisation.Kind.ENTERPRISE), "export": str(Market.Role.EXPORT)},
        **{"letters": list(SECTIONS), "first": [low for low, _high in SECTIONS.values()]},
        **{"last": [high for _low, high in SECTIONS.values()], "watch_ipc": str(Watch.What.IPC)},
        **{"watch_nice": str(Watch.What.NICE), "watch_country": str(Watch.What.COUNTRY)},
        **{dimension.name.lower() + "_d": int(dimension) for dimension in Dimension},
        **values,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%(lock)s)", params)
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL jit = off; SET LOCAL work_mem = '128MB'")
        cursor.execute(REFRESH.replace("{scope}", scope), params)
        written = int(cursor.fetchone()[0])
        cursor.execute(WORDS.replace("{scope}", scope), params)
        return written + int(cursor.fetchone()[0])


TAKE = """
DELETE FROM protection_staleexposure WHERE id IN (
    SELECT id FROM protection_staleexposure ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING organisation_id
"""
# A symbol as `services.protection.classes` and `patents.industries.symbol` read it, with all levels above it.
LEVELS = r"""
LATERAL (SELECT upper(regexp_replace({text}, '\(.*?\)|\s+', '', 'g')) AS typed) raw,
LATERAL (SELECT CASE WHEN raw.typed ~ '^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$'
    THEN left(raw.typed, 4) || ltrim(substr(raw.typed, 5, 4), '0') || '/'
        || rpad(rtrim(substr(raw.typed, 9), '0'), 2, '0')
    ELSE raw.typed END AS bare) plain,
LATERAL regexp_match(plain.bare,
    '^([A-H])(?:([0-9]{2})(?:([A-Z])(?:0*([1-9][0-9]{0,3})(?:/(?:\*|([0-9]{2,6}))?)?)?)?)?$') AS part,
LATERAL unnest(ARRAY[part[1], part[1] || part[2], part[1] || part[2] || part[3],
    part[1] || part[2] || part[3] || part[4],
    part[1] || part[2] || part[3] || part[4] || '/' || part[5]]) WITH ORDINALITY AS level(key, depth)
"""
REFRESH = """
WITH firms AS MATERIALIZED (
    SELECT id, district_id, verified_at IS NOT NULL AS is_verified FROM portal_organisation
    WHERE id {scope} AND kind = %(enterprise)s
),
rights AS MATERIALIZED (
    SELECT r.id, r.organisation_id, r.kind, r.country, r.classes, r.main_ipc FROM patents_right r
    WHERE r.organisation_id {scope} AND r.secrecy = %(open)s AND r.status = ANY(%(alive)s)
),
symbols AS MATERIALIZED (
    SELECT DISTINCT r.id, r.organisation_id, r.kind, r.country, level.key
    FROM rights r, LATERAL (SELECT DISTINCT s FROM unnest(r.classes || r.main_ipc) s WHERE s <> '') AS symbol(text),
    {levels symbol.text}
    WHERE r.kind = ANY(%(patents)s) AND level.key IS NOT NULL
),
marks AS MATERIALIZED (
    SELECT DISTINCT r.id, r.organisation_id, r.kind, r.country, lpad(part[1], 2, '0') AS key
    FROM rights r, unnest(r.classes) AS class(text), LATERAL regexp_match(btrim(class.text), '^0*([1-9][0-9]?)$') part
    WHERE r.kind = %(mark)s AND part IS NOT NULL AND part[1]::int <= 45
),
industries AS (
    SELECT p.organisation_id, section.letter, code[2] AS digits, code[1] AS given
    FROM enterprises_profile p,
        LATERAL regexp_match(upper(regexp_replace(normalize(p.industry, NFKC), '[\\s.]', '', 'g')),
            '^([A-T]?)([0-9]{2,4})?$') AS code
    LEFT JOIN unnest(%(letters)s::text[], %(first)s::int[], %(last)s::int[]) AS section(letter, low, high)
        ON left(code[2], 2)::int BETWEEN section.low AND section.high
    WHERE p.organisation_id {scope} AND p.industry <> '' AND code IS NOT NULL
),
found (organisation_id, dimension, key, kind, count) AS (
    SELECT id, %(enterprise_d)s, district_id, CASE WHEN is_verified THEN 'verified' ELSE '' END, 1 FROM firms
    UNION ALL
    SELECT organisation_id, %(right_kind_d)s, kind, kind, count(*) FROM rights GROUP BY 1, 3
    UNION ALL
    SELECT organisation_id, %(country_d)s, country, kind, count(*) FROM rights WHERE country <> 'CN' GROUP BY 1, 3, 4
    UNION ALL
    SELECT organisation_id, %(ipc_d)s, key, kind, count(*) FROM symbols GROUP BY 1, 3, 4
    UNION ALL
    SELECT organisation_id, %(country_ipc_d)s, country || ':' || key, kind, count(*) FROM symbols
    WHERE country <> 'CN' GROUP BY 1, 3, 4
    UNION ALL
    SELECT organisation_id, %(nice_d)s, key, kind, count(*) FROM marks GROUP BY 1, 3, 4
    UNION ALL
    SELECT organisation_id, %(country_nice_d)s, country || ':' || key, kind, count(*) FROM marks
    WHERE country <> 'CN' GROUP BY 1, 3, 4
    UNION ALL
    SELECT organisation_id, CASE WHEN role = %(export)s THEN %(export_d)s ELSE %(supply_d)s END, country, '', 1
    FROM enterprises_market WHERE organisation_id {scope}
    UNION ALL
    SELECT organisation_id, %(industry_d)s, level.key, '', 1 FROM industries,
        LATERAL (SELECT letter WHERE letter IS NOT NULL UNION ALL
            SELECT left(digits, length) FROM generate_series(2, char_length(digits)) AS length
            WHERE letter IS NOT NULL UNION ALL
            SELECT given WHERE digits IS NULL AND given <> '') AS level(key)
    UNION ALL
    SELECT organisation_id, %(watch_country_d)s, key, '', 1 FROM protection_watch
    WHERE organisation_id {scope} AND what = %(watch_country)s
    UNION ALL
    SELECT organisation_id, %(watch_nice_d)s, lpad(ltrim(key, '0'), 2, '0'), '', 1 FROM protection_watch
    WHERE organisation_id {scope} AND what = %(watch_nice)s
    UNION ALL
    SELECT organisation_id, %(watch_ipc_d)s, level.key,
        CASE WHEN level.depth = max(level.depth) OVER (PARTITION BY w.id) THEN '' ELSE %(part)s END, 1
    FROM protection_watch w,
    {levels w.key}
    WHERE w.organisation_id {scope} AND w.what = %(watch_ipc)s AND level.key IS NOT NULL
),
wanted AS MATERIALIZED (
    SELECT f.organisation_id, f.dimension, f.key, f.kind, max(f.count) AS count
    FROM found f JOIN firms ON firms.id = f.organisation_id GROUP BY 1, 2, 3, 4
),
present AS MATERIALIZED (
    SELECT id, organisation_id, dimension, key, kind, count FROM protection_exposure WHERE organisation_id {scope}
),
compared AS MATERIALIZED (
    SELECT p.id, w.* FROM present p FULL JOIN wanted w ON w.organisation_id = p.organisation_id
        AND w.dimension = p.dimension AND w.key = p.key AND w.kind = p.kind
    WHERE p.id IS NULL OR w.organisation_id IS NULL OR w.count <> p.count
),
gone AS (
    DELETE FROM protection_exposure e USING compared c
    WHERE e.id = c.id AND c.organisation_id IS NULL AND e.organisation_id {scope} RETURNING 1
),
counted AS (
    UPDATE protection_exposure e SET count = c.count FROM compared c
    WHERE e.id = c.id AND c.organisation_id IS NOT NULL AND e.organisation_id {scope} RETURNING 1
),
added AS (
    INSERT INTO protection_exposure (organisation_id, dimension, key, kind, count)
    SELECT organisation_id, dimension, key, kind, count FROM compared WHERE id IS NULL RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM counted) + (SELECT count(*) FROM added)
"""
for _text in ("symbol.text", "w.key"):
    REFRESH = REFRESH.replace(f"{{levels {_text}}}", LEVELS.replace("{text}", _text))
WORDS = """
WITH wanted AS (
    SELECT organisation_id, string_agg(words, chr(10) ORDER BY place, words) AS words FROM (
        SELECT organisation_id, main_products, 0 FROM enterprises_profile WHERE organisation_id {scope}
        UNION ALL
        SELECT organisation_id, products, 1 FROM enterprises_market WHERE organisation_id {scope}
    ) said(organisation_id, words, place) WHERE words <> '' GROUP BY 1
),
gone AS (
    DELETE FROM protection_productwords p WHERE p.organisation_id {scope}
        AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.organisation_id = p.organisation_id) RETURNING 1
),
kept AS (
    INSERT INTO protection_productwords (organisation_id, words)
    SELECT w.organisation_id, w.words FROM wanted w LEFT JOIN protection_productwords p USING (organisation_id)
    WHERE p.words IS DISTINCT FROM w.words
    ON CONFLICT (organisation_id) DO UPDATE SET words = excluded.words RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM kept)
"""
