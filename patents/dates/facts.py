"""From which days the dates of rights follow: one SELECT per kind of date, all of the same shape.

Columns: right key, code, part (a class), trigger day, delivery, year, amount, surcharge. Parameters: `params()`.
All read `dates_rights`, the few columns of the rights in scope that dates follow from (`patents.dates.statements`).
"""

from __future__ import annotations

from typing import Any

from patents.models import LegalStatus
from patents.models.rights import ALIVE, IN_FORCE
from portal.clock import today

from . import types

PATENT = "r.kind IN ('invention', 'utility_model', 'design') AND r.country = 'CN' AND r.route <> 'hague'"
# The day a right came into the register: what had passed by then is history.
KNOWN = "(r.created_at AT TIME ZONE 'Asia/Shanghai')::date"
# Where nothing says what is paid: all that fell due before the register was last seen to say "in force", grace over.
SETTLED = f"""
    CASE WHEN r.status = 'in_grace' THEN {KNOWN} - 214
         ELSE GREATEST({KNOWN}, COALESCE(r.status_on, {KNOWN}) - 214) END"""

# --- annuities: years first, because the amounts follow from kind, filing day and year ---------------------------
YEARS = f"""
    SELECT r.id AS right_id, r.kind, r.filed_on, r.reduction::numeric AS share, r.open_licence_from AS open_from,
           r.open_licence_to AS open_to, g.year AS granted_year,
           CASE WHEN r.paid_year IS NOT NULL THEN GREATEST(r.paid_year, g.year) + 1
                ELSE GREATEST(g.year, s.year) + 1 END AS year, r.reduction_from
    FROM dates_rights r
    CROSS JOIN LATERAL (SELECT GREATEST(1, extract(year FROM r.granted_on)::int - extract(year FROM r.filed_on)::int)
        AS base) b
    CROSS JOIN LATERAL (SELECT b.base + ((r.filed_on + make_interval(years => b.base))::date <= r.granted_on)::int
        AS year) g
    CROSS JOIN LATERAL (SELECT ({SETTLED})::date AS day) k
    CROSS JOIN LATERAL (SELECT extract(year FROM k.day)::int - extract(year FROM r.filed_on)::int AS span) n
    CROSS JOIN LATERAL (SELECT n.span + ((r.filed_on + make_interval(years => n.span))::date < k.day)::int AS year) s
    WHERE {PATENT} AND r.status = ANY(%(in_force)s) AND r.granted_on >= r.filed_on"""  # noqa: S608
ANNUITIES = """
    SELECT y.right_id, 'annuity' AS code, '' AS part, a.nominal_on AS trigger_on, 'none' AS delivery, y.year,
           round(a.full_fee * (1 - GREATEST(
               CASE WHEN y.share > 0 AND y.year >= COALESCE(y.reduction_from, 1)
                    AND y.year - y.granted_year < a.reduced_years THEN y.share ELSE 0 END,
               CASE WHEN y.open_from <= a.nominal_on AND (y.open_to IS NULL OR a.nominal_on <= y.open_to)
                    THEN a.cut ELSE 0 END)), 2) AS amount, NULL::numeric AS surcharge
    FROM dates_years y JOIN dates_annuities a USING (kind, filed_on, year)"""
REDUCTIONS = """
    SELECT y.right_id, 'fee_reduction_request', '', a.nominal_on, 'none', y.year, NULL::numeric, NULL::numeric
    FROM dates_years y JOIN dates_annuities a USING (kind, filed_on, year)
    WHERE y.share = 0 AND y.year - y.granted_year < a.reduced_years"""

# --- dates that follow from one day of the right -----------------------------------------------------------------
_ONE = "SELECT r.id, {code}, {part}, {day}, {delivery}, NULL::int, {amount}, {surcharge} FROM dates_rights r {more}"


def _one(code: str, day: str, where: str, *, more: str = "", **columns: str) -> str:
    """Return the SELECT of one date per right; `code` and `day` are SQL."""
    plain = {"part": "''", "delivery": "'none'", "amount": "NULL::numeric", "surcharge": "NULL::numeric"}
    body = _ONE.format(code=code, day=day, more=more, **{**plain, **columns})
    return f"{body} WHERE {where} AND ({day}) IS NOT NULL"


EXAMINED = "EXISTS (SELECT 1 FROM patents_officialnotice n WHERE n.right_id = r.id AND n.type = ANY(%(examining)s))"
FIRST = "r.priority_on IS NULL AND r.country = 'CN' AND r.route = 'national' AND r.status = ANY(%(alive)s)"
IN_FORCE_SQL = "r.status = ANY(%(in_force)s)"
REWARDED = "EXISTS (SELECT 1 FROM patents_inventorreward w WHERE w.right_id = r.id AND w.paid_on IS NOT NULL)"
PLAIN = (
    _one(
        "CASE r.kind WHEN 'design' THEN 'paris_priority_design' WHEN 'trademark' THEN 'trademark_priority' "
        "ELSE 'paris_priority_patent' END",
        "r.filed_on",
        f"r.kind IN ('invention', 'utility_model', 'design', 'trademark') AND {FIRST}",
    ),
    _one(
        "'examination_request'",
        "COALESCE(r.priority_on, r.filed_on)",
        f"r.kind = 'invention' AND r.country = 'CN' AND r.status IN ('pending', 'published') AND NOT {EXAMINED}",
    ),
    _one(
        "'term_compensation_request'",
        "r.granted_on",
        f"r.kind = 'invention' AND r.country = 'CN' AND {IN_FORCE_SQL} "
        "AND r.granted_on > r.filed_on + make_interval(years => %(compensated_from)s)",
    ),
    _one("'inventor_bonus'", "r.granted_on", f"{PATENT} AND {IN_FORCE_SQL} AND NOT {REWARDED}"),
    _one(
        "'compensation_annuity'",
        "r.filed_on",
        f"r.kind = 'invention' AND r.country = 'CN' AND {IN_FORCE_SQL} AND r.expires_on > t.last_on",
        more="JOIN dates_terms t ON t.kind = r.kind AND t.filed_on = r.filed_on",
        amount="extract(year FROM age(r.expires_on, t.last_on)) * %(compensation_fee)s::numeric",
    ),
    _one(
        "'term_end'",
        "COALESCE(r.expires_on, t.last_on)",
        f"{PATENT} AND {IN_FORCE_SQL}",
        more="JOIN dates_terms t ON t.kind = r.kind AND t.filed_on = r.filed_on",
        delivery="'stated'",
    ),
    *(
        _one(f"'{code}'", "COALESCE(r.priority_on, r.filed_on)", "r.country = 'WO' AND r.status = ANY(%(alive)s)")
        for code in ("pct_national_cn", "pct_national_cn_late", "pct_national_other")
    ),
    # Whatever no rule here computes ends on the day that was entered: domain names, rights abroad, layouts, varieties.
    _one(
        "CASE WHEN r.kind IN ('domain', 'trademark') THEN 'stated_renewal' ELSE 'stated_end' END",
        "r.expires_on",
        f"NOT ({PATENT}) AND r.route <> 'hague' AND r.kind <> 'trade_secret' AND r.status = ANY(%(alive)s) "
        "AND NOT (r.kind = 'trademark' AND (r.country = 'CN' OR r.route = 'madrid'))",
        delivery="'stated'",
    ),
)

# --- terms that are renewed: the one that runs, or ran out last --------------------------------------------------
_TERM = f"""CROSS JOIN LATERAL (SELECT ({SETTLED})::date AS day) k
    CROSS JOIN LATERAL (SELECT (b.day + make_interval(years => {{years}} * n))::date AS day
        FROM (SELECT COALESCE(r.granted_on, r.filed_on) AS day) b, generate_series(0, {{most}}) n
        WHERE (b.day + make_interval(years => {{years}} * (n + 1)))::date > k.day ORDER BY n LIMIT 1) e"""  # noqa: S608
CLASSES = "GREATEST(1, cardinality(r.classes))"


def _term(codes: tuple[str, ...], where: str, *, years: int = 10, most: int = 12, **columns: str) -> tuple[str, ...]:
    more = _TERM.format(years=years, most=most)
    day = "COALESCE(r.expires_on, e.day)"
    stated = "CASE WHEN r.expires_on IS NULL THEN 'none' ELSE 'stated' END"
    where = f"{where} AND {IN_FORCE_SQL}"
    return tuple(_one(f"'{code}'", day, where, more=more, delivery=stated, **columns) for code in codes)


TERMS = (
    *_term(
        ("tm_expiry",),
        "r.kind = 'trademark' AND r.country = 'CN' AND r.route <> 'madrid'",
        amount=f"{CLASSES} * %(renewal_fee)s",
        surcharge=f"{CLASSES} * %(late_renewal_fee)s",
    ),
    *_term(("tm_renewal_opens",), "r.kind = 'trademark' AND r.country = 'CN' AND r.route <> 'madrid'"),
    *_term(("madrid_expiry", "madrid_renewal_opens"), "r.kind = 'trademark' AND r.route = 'madrid'"),
    *_term(("hague_renewal",), "r.route = 'hague'", years=5, most=2),
    _one("'madrid_dependency'", "r.granted_on", f"r.kind = 'trademark' AND r.route = 'madrid' AND {IN_FORCE_SQL}"),
)

# --- use of trademarks, class by class ---------------------------------------------------------------------------
_USE = """CROSS JOIN LATERAL unnest(CASE WHEN cardinality(r.classes) = 0 THEN ARRAY['0'] ELSE r.classes END) c(name)
    LEFT JOIN LATERAL (SELECT max(u.used_on) AS day FROM patents_useevidence u WHERE u.right_id = r.id
        AND u.nice_class = CASE WHEN c.name ~ '^[0-9]{{1,2}}$' THEN c.name::int ELSE 0 END) u ON true
    CROSS JOIN unnest(ARRAY['tm_non_use_24', 'tm_non_use_30', 'tm_non_use_36']) x(code)"""
USES = (
    _one(
        "x.code",
        "GREATEST(r.granted_on, u.day)",
        f"r.kind = 'trademark' AND r.country = 'CN' AND {IN_FORCE_SQL}",
        more=_USE.format(),
        part="lpad(left(c.name, 6), 2, '0')",
    ),
)

# --- notices received --------------------------------------------------------------------------------------------
NOTICES = """
    SELECT r.id, CASE WHEN o.code = 'filing_fee_from_acceptance' AND r.filed_on IS NOT NULL
            AND n.issued_on + 30 < r.filed_on + interval '2 months' THEN 'filing_fee_from_filing' ELSE o.code END,
        '', CASE WHEN o.code = 'filing_fee_from_acceptance' AND r.filed_on IS NOT NULL
            AND n.issued_on + 30 < r.filed_on + interval '2 months' THEN r.filed_on
            ELSE COALESCE(n.entered_on, n.issued_on) END,
        CASE WHEN n.entered_on IS NOT NULL THEN 'none' ELSE n.delivery END, NULL::int, NULL::numeric, NULL::numeric
    FROM dates_rights r
    JOIN patents_officialnotice n ON n.right_id = r.id AND n.answered_on IS NULL
    JOIN unnest(%(notice_types)s::text[], %(notice_kinds)s::text[], %(notice_hurries)s::boolean[],
        %(notice_codes)s::text[]) o(type, kind, is_hurried, code)
      ON o.type = n.type AND (o.kind = '' OR o.kind = r.kind)
      AND (o.is_hurried IS NULL OR o.is_hurried = n.is_priority_examination)"""

# --- the end of the term: as entered, else of the patent's kind and filing day, else of the term that runs ---------
ENDS = f"""
UPDATE patents_right r SET ends_on = w.day
FROM (
    SELECT r.id, r.ends_on,
        COALESCE(r.expires_on, CASE WHEN r.status <> ALL(%(termless)s) THEN COALESCE(t.last_on, m.day) END) AS day
    FROM dates_rights r
    LEFT JOIN dates_terms t ON t.kind = r.kind AND t.filed_on = r.filed_on AND {PATENT}
    LEFT JOIN (SELECT f.right_id, max(d.nominal_on) AS day FROM dates_facts f
               JOIN dates_found d USING (code, trigger_on, delivery)
               WHERE f.code IN ('tm_expiry', 'madrid_expiry', 'hague_renewal') GROUP BY f.right_id) m
        ON m.right_id = r.id
) w
WHERE r.id = w.id AND w.ends_on IS DISTINCT FROM w.day"""  # noqa: S608
# Of these no term runs: nothing was filed, or what was has ended early.
TERMLESS = (
    *(LegalStatus.DRAFT, LegalStatus.LAPSED, LegalStatus.INVALIDATED, LegalStatus.REFUSED, LegalStatus.WITHDRAWN),
)

ALL = (*PLAIN, *TERMS, *USES, NOTICES)


def union() -> str:
    """Return every fact but annuities as one SELECT."""
    return "\nUNION ALL\n".join(ALL)


def params() -> dict[str, Any]:
    """Return the values that the statements name, but for the fees."""
    opening = types.openings()
    return {
        "alive": [str(status) for status in ALIVE if status != LegalStatus.DRAFT],
        "in_force": [str(status) for status in IN_FORCE],
        "termless": [str(status) for status in TERMLESS],
        "examining": list(types.EXAMINING),
        "notice_types": [row.type for row in opening],
        "notice_kinds": [row.kind for row in opening],
        "notice_hurries": [row.is_hurried for row in opening],
        "notice_codes": [row.code for row in opening],
        "today": today(),
    }
