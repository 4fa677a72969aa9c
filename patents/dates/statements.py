"""The statements of the recomputation: what is wanted, compared with what is there, written in one go.

Temporary tables hold what the engines said, one row per distinct day, and of the rights only what dates follow from:
two dozen statements read them, and a right itself is wide.
"""

_RIGHTS = """
    r.id, r.number, r.organisation_id, left(r.title, 300) AS title, r.kind, r.route, r.country, r.status, r.status_on,
    r.filed_on, r.priority_on, r.granted_on, r.expires_on, r.ends_on, r.paid_year, r.reduction, r.reduction_from,
    r.open_licence_from, r.open_licence_to, r.classes, r.created_at, r.responsible_id, r.backup_id, r.agency_id,
    r.secrecy, r.readers"""
TABLES = f"""
CREATE TEMP TABLE IF NOT EXISTS dates_rights AS SELECT {_RIGHTS} FROM patents_right r WITH NO DATA;
CREATE TEMP TABLE IF NOT EXISTS dates_years (
    right_id bigint, kind text, filed_on date, share numeric, open_from date, open_to date, granted_year int, year int,
    reduction_from int);
CREATE TEMP TABLE IF NOT EXISTS dates_annuities (
    kind text, filed_on date, year int, nominal_on date, legal_on date, target_on date, grace_on date, bands jsonb,
    is_provisional boolean, basis text, days date[], full_fee numeric, reduced_years int, cut numeric,
    PRIMARY KEY (kind, filed_on, year));
CREATE TEMP TABLE IF NOT EXISTS dates_terms (
    kind text, filed_on date, last_on date, PRIMARY KEY (kind, filed_on));
CREATE TEMP TABLE IF NOT EXISTS dates_found (
    code text, trigger_on date, delivery text, delivered_on date, nominal_on date, legal_on date, target_on date,
    grace_on date, bands jsonb, is_provisional boolean, basis text, days date[],
    PRIMARY KEY (code, trigger_on, delivery));
CREATE TEMP TABLE IF NOT EXISTS dates_facts (
    right_id bigint, code text, part text, trigger_on date, delivery text, year int, amount numeric, surcharge numeric);
CREATE TEMP TABLE IF NOT EXISTS dates_wanted (
    right_id bigint, rule_code text, trigger_event text, trigger_on date, delivery_mode text, delivered_on date,
    nominal_on date, legal_on date, target_on date, grace_on date, amount numeric, year int, bands jsonb, basis text,
    is_provisional boolean, needs_evidence boolean, remind_days date[], organisation_id bigint, title text, link text,
    responsible_id bigint, backup_id bigint, agency_id bigint, secrecy text, readers bigint[], subject_number text);
CREATE TEMP TABLE IF NOT EXISTS dates_present (LIKE portal_deadline);
"""  # noqa: S608 - names of our own
EMPTY = "TRUNCATE dates_rights, dates_years, dates_facts, dates_wanted, dates_present"
# What the engines said stays from range to range: only days that are new are asked for and sent.
EMPTY_DAYS = "TRUNCATE dates_annuities, dates_terms, dates_found"
RIGHTS = f"INSERT INTO dates_rights SELECT {_RIGHTS} FROM patents_right r WHERE {{scope}}"  # noqa: S608
# Tables, not common table expressions: only they have statistics, and without them the joins become loops.
# Only the columns that are joined: those of arrays and documents cost more than the joins.
ANALYZE_RIGHTS = "ANALYZE dates_rights (id, number, kind, country, route, status, filed_on, granted_on)"
ANALYZE_YEARS = "ANALYZE dates_years, dates_annuities (kind, filed_on, year), dates_terms"
ANALYZE = "ANALYZE dates_facts (right_id, code, trigger_on, delivery, year), dates_found (code, trigger_on, delivery)"
ANALYZE_BOTH = """
ANALYZE dates_wanted (subject_number, rule_code, trigger_on, year),
    dates_present (id, subject_number, rule_code, trigger_on, year, met_at, cancelled_at, overridden_on)
"""
NEW_TERMS = """
    SELECT DISTINCT r.kind, r.filed_on FROM dates_rights r
    LEFT JOIN dates_terms t ON t.kind = r.kind AND t.filed_on = r.filed_on
    WHERE r.kind IN ('invention', 'utility_model', 'design') AND r.filed_on IS NOT NULL AND t.kind IS NULL"""
NEW_YEARS = """
    SELECT DISTINCT kind, filed_on, year FROM dates_years y
    WHERE NOT EXISTS (SELECT 1 FROM dates_annuities a
                      WHERE a.kind = y.kind AND a.filed_on = y.filed_on AND a.year = y.year)"""
NEW_DAYS = """
    SELECT DISTINCT code, trigger_on, delivery FROM dates_facts f
    WHERE f.code <> 'annuity' AND NOT EXISTS (SELECT 1 FROM dates_found d
        WHERE d.code = f.code AND d.trigger_on = f.trigger_on AND d.delivery = f.delivery)"""
FACTS = """
    INSERT INTO dates_facts
    SELECT DISTINCT ON (right_id, code, part, trigger_on) * FROM ({facts}) f
        (right_id, code, part, trigger_on, delivery, year, amount, surcharge)
    ORDER BY right_id, code, part, trigger_on"""

# Columns that a recomputation may change in an open row.
DATES = (
    *("trigger_event", "delivery_mode", "delivered_on", "nominal_on", "legal_on", "target_on", "grace_on", "amount"),
    *("year", "bands", "basis", "is_provisional", "needs_evidence", "remind_days"),
)
# What a row repeats of its right, so that lists and reminders need no join.
SHARED = ("organisation_id", "title", "link", "responsible_id", "backup_id", "agency_id", "secrecy", "readers")

_WANTED = """
    INSERT INTO dates_wanted
    SELECT f.right_id, 'right.' || f.code || CASE WHEN f.part = '' THEN '' ELSE '.' || f.part END AS rule_code,
        f.code AS trigger_event, f.trigger_on, CASE WHEN f.delivery IN ('none', 'stated') THEN '' ELSE f.delivery END
        AS delivery_mode, d.delivered_on, d.nominal_on, d.legal_on, d.target_on, d.grace_on, f.amount, f.year,
        CASE WHEN f.surcharge IS NULL THEN d.bands
             ELSE jsonb_set(d.bands, '{{0,surcharge}}', to_jsonb(f.surcharge::numeric(12,2)::text)) END AS bands,
        d.basis, d.is_provisional, f.code = ANY(%(money)s) AS needs_evidence, d.days AS remind_days,
        {shared_columns}, r.number AS subject_number
    FROM dates_facts f
    JOIN dates_found d USING (code, trigger_on, delivery)
    JOIN dates_rights r ON r.id = f.right_id
    WHERE {kept}
    UNION ALL
    SELECT f.right_id, 'right.annuity', 'annuity', f.trigger_on, '', a.nominal_on, a.nominal_on, a.legal_on,
        a.target_on, a.grace_on, f.amount, f.year, a.bands, a.basis, a.is_provisional, true, a.days,
        {shared_columns}, r.number
    FROM dates_facts f
    JOIN dates_rights r ON r.id = f.right_id
    JOIN dates_annuities a ON a.kind = r.kind AND a.filed_on = r.filed_on AND a.year = f.year
    WHERE f.code = 'annuity'"""
_SHARED_COLUMNS = (
    "r.organisation_id, r.title, '/rights/' || r.number || '/' AS link, r.responsible_id, "
    "r.backup_id, r.agency_id, r.secrecy, r.readers"
)
_KNOWN = "d.legal_on >= (r.created_at AT TIME ZONE 'Asia/Shanghai')::date"
_KEPT = (
    "CASE WHEN f.code = ANY(%(coming)s) THEN d.target_on >= %(today)s "
    f"WHEN f.code = ANY(%(known)s) THEN {_KNOWN} ELSE true END"
)
# The first morning that is still to come; a row that is already close, or late, is told of the next morning.
NEXT_MORNING = "((%(today)s::date + %(is_past_morning)s::int) + time '08:30') AT TIME ZONE 'Asia/Shanghai'"
_REMIND_AT = f"""
    CASE WHEN w.target_on - 30 <= %(today)s AND COALESCE(w.grace_on, w.legal_on) >= %(today)s
              AND w.remind_days[1] <= %(today)s
         THEN {NEXT_MORNING}
         ELSE (SELECT (min(s.day) + time '08:30') AT TIME ZONE 'Asia/Shanghai' FROM unnest(w.remind_days) s(day)
               WHERE s.day > %(today)s - 1 + %(is_past_morning)s::int) END"""  # noqa: S608
_OPEN = "d.met_at IS NULL AND d.cancelled_at IS NULL"


def _pairs(left: str, right: str, names: tuple[str, ...]) -> str:
    """Return (left.a, left.b) IS DISTINCT FROM (right.a, right.b)."""
    ours, theirs = (", ".join(f"{side}.{name}" for name in names) for side in (left, right))
    return f"({ours}) IS DISTINCT FROM ({theirs})"


def _names(names: tuple[str, ...], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


_COLUMNS = ("subject_number", "rule_code", "trigger_on", *SHARED, *DATES)
_SET = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*SHARED, *DATES))
_STILL = """EXISTS (
        SELECT 1 FROM dates_wanted w WHERE w.subject_number = p.subject_number AND w.rule_code = p.rule_code
            AND (w.trigger_on = p.trigger_on
                 OR (p.overridden_on IS NOT NULL AND w.year IS NOT DISTINCT FROM p.year)))"""
_FOLLOWED = ", ".join(f"{name} = r.{name}" for name in SHARED if name not in ("title", "link"))
# An overridden row keeps its dates and follows its right in everything else; met rows and rows a person has set aside
# (cancelled for another reason than AUTO) are never opened again.
WANTED = _WANTED.format(shared_columns=_SHARED_COLUMNS, kept=_KEPT)
PRESENT = """
    INSERT INTO dates_present
    SELECT d.* FROM portal_deadline d JOIN dates_rights r ON d.subject_number = r.number
    WHERE d.subject_type = 'right' AND (d.cancelled_at IS NULL OR d.cancelled_reason <> %(auto)s)"""
WRITE = f"""
WITH changed AS (
    SELECT w.* FROM dates_wanted w
    LEFT JOIN dates_present d ON d.subject_number = w.subject_number AND d.rule_code = w.rule_code
        AND d.trigger_on = w.trigger_on AND {_OPEN}
    WHERE CASE WHEN d.id IS NOT NULL THEN d.overridden_on IS NULL AND {_pairs("w", "d", (*SHARED, *DATES))}
        ELSE NOT EXISTS (SELECT 1 FROM dates_present p WHERE p.subject_number = w.subject_number
            AND p.rule_code = w.rule_code AND (
                (p.trigger_on = w.trigger_on AND (p.met_at IS NOT NULL OR p.cancelled_at IS NOT NULL))
                OR (p.overridden_on IS NOT NULL AND p.met_at IS NULL AND p.cancelled_at IS NULL
                    AND p.year IS NOT DISTINCT FROM w.year))) END
),
written AS (
    INSERT INTO portal_deadline ({_names(_COLUMNS)}, subject_type, owner, met_evidence, computed_at, remind_at,
        reminded_step, created_at, cancelled_reason, overridden_reason)
    SELECT {_names(_COLUMNS, "w.")}, 'right', 'applicant', '', %(now)s, {_REMIND_AT}, 0, %(now)s, '', ''
    FROM changed w
    ON CONFLICT (subject_type, subject_number, rule_code, trigger_on) WHERE met_at IS NULL AND cancelled_at IS NULL
    DO UPDATE SET {_SET}, computed_at = EXCLUDED.computed_at,
        remind_at = CASE WHEN portal_deadline.remind_days IS DISTINCT FROM EXCLUDED.remind_days
                         THEN EXCLUDED.remind_at ELSE portal_deadline.remind_at END,
        reminded_step = CASE WHEN portal_deadline.remind_days IS DISTINCT FROM EXCLUDED.remind_days
                             THEN 0 ELSE portal_deadline.reminded_step END
    WHERE portal_deadline.overridden_on IS NULL
    RETURNING (xmax = 0) AS is_new
),
gone AS (
    UPDATE portal_deadline d SET cancelled_at = %(now)s, cancelled_reason = %(auto)s, remind_at = NULL
    FROM dates_present p WHERE d.id = p.id AND {_OPEN} AND d.rule_code LIKE 'right.%%' AND NOT {_STILL}
    RETURNING 1
),
followed AS (
    UPDATE portal_deadline d SET {_FOLLOWED}, title = r.title, link = '/rights/' || r.number || '/'
    FROM dates_present p JOIN dates_rights r ON r.number = p.subject_number
    WHERE d.id = p.id AND {_OPEN} AND d.overridden_on IS NOT NULL
      AND (p.responsible_id, p.backup_id, p.agency_id, p.secrecy, p.readers, p.title, p.organisation_id)
      IS DISTINCT FROM (r.responsible_id, r.backup_id, r.agency_id, r.secrecy, r.readers, r.title, r.organisation_id)
      AND {_STILL}
    RETURNING 1
)
SELECT (SELECT count(*) FILTER (WHERE is_new) FROM written), (SELECT count(*) FILTER (WHERE NOT is_new) FROM written),
    (SELECT count(*) FROM gone), (SELECT count(*) FROM followed)
"""  # noqa: S608
