"""Reminders of deadlines that carry their whole ladder (`remind_days`): claimed and told by one statement.

The statement takes due rows by a conditional UPDATE, sets the next moment and writes one notification per person and
one call per webhook, or nothing at all. Several missed steps give one reminder, that of the latest.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from portal import nudges
from portal.clock import SHANGHAI, now
from portal.models import Deadline
from portal.notifications import bilingual
from portal.quiet import after_quiet, moments

BATCH = 5_000
MOST_MAILS = 10  # reminders mailed one by one to a person in a day; what is more goes into one digest
BACKUP_FROM, OWNER_FROM = 15, 7  # days before the safe date from which they are told as well
MORNING = dt.time(8, 30)

Words = Callable[[str], Any]
_words: dict[str, Words] = {}


def register_words(prefix: str, words: Words) -> None:
    """Make known how rule codes that begin with `prefix` are called: `words(rule_code)`, lazily translated."""
    _words[prefix] = words


def words_of(rule_code: str) -> Any:
    """Return what is to be done, in words; the code itself where its workstream is not installed."""
    found = _words.get(rule_code.partition(".")[0])
    return found(rule_code) if found else rule_code


def sweep(*, limit: int = BATCH) -> int:
    """Remind of every deadline with a ladder whose moment has come; return how many. Safe to run twice at once.

    Batches are transactions of their own: a death in one leaves it to be done, and those before it done. A kind of date
    that first became due meanwhile waits for the next run, which has its words.
    """
    done = 0
    kinds = _kinds(now())
    while kinds and (taken := _batch(kinds, limit)):
        done += taken
        if taken < limit:
            break
    return done


@transaction.atomic
def _batch(kinds: list[str], limit: int) -> int:
    moment = now()
    local = moment.astimezone(SHANGHAI)
    params: dict[str, Any] = {
        **moments(moment),
        "limit": limit,
        "codes": list(kinds),
        "words": [json.dumps(bilingual(words_of(code)), ensure_ascii=False) for code in kinds],
        "backup_from": BACKUP_FROM,
        "owner_from": OWNER_FROM,
        "most_mails": MOST_MAILS,
        "last_step": local.date() if local.time() >= MORNING else local.date() - dt.timedelta(days=1),
    }
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, params)
        taken, mails, calls = cursor.fetchone()
    nudges.wake(mails, calls)
    return int(taken)


def _kinds(moment: dt.datetime) -> list[str]:
    """Return the rule codes, without their parts, of the rows that are due."""
    due = Deadline.objects.open().filter(remind_at__lte=moment, remind_days__isnull=False)
    found = due.order_by().values_list("rule_code", flat=True).distinct()
    return sorted({".".join(code.split(".")[:2]) for code in found})


# A rule code without its part, as `_kinds` cuts it.
KIND = "rtrim(split_part(rule_code, '.', 1) || '.' || split_part(rule_code, '.', 2), '.')"

# Templates: date_soon, date_close, date_late of `portal.notices`.
# `step` is the latest rung that has passed; `left` days to the safe date. Who is told: the person responsible; from 15
# days the backup; from 7 days, and where neither is a member any more, the owner; once it is late the mandated agency's
# owner and managers. A row for named persons is told to them alone, and to all of them where none of the others is one.
SWEEP = """
WITH due AS MATERIALIZED (
    SELECT id, remind_days FROM portal_deadline
    WHERE met_at IS NULL AND cancelled_at IS NULL AND remind_at <= %(now)s AND remind_days IS NOT NULL
        AND {kind} = ANY(%(codes)s)
    ORDER BY remind_at, id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
),
claimed AS (
    UPDATE portal_deadline d
    SET reminded_step = s.step,
        remind_at = (s.next_on + time '08:30') AT TIME ZONE 'Asia/Shanghai'
    FROM due, LATERAL (
        SELECT count(*) FILTER (WHERE day <= %(last_step)s) AS step,
               max(day) FILTER (WHERE day <= %(last_step)s) AS on_day,
               min(day) FILTER (WHERE day > %(last_step)s) AS next_on
        FROM unnest(due.remind_days) day
    ) s
    WHERE d.id = due.id AND d.met_at IS NULL AND d.cancelled_at IS NULL
    RETURNING d.id, d.number, d.organisation_id, d.subject_type, d.rule_code, d.title, d.link, d.target_on,
        d.legal_on, d.grace_on, d.amount,
        d.bands, d.responsible_id, d.backup_id, d.agency_id, d.secrecy, d.readers, d.is_provisional,
        s.step, s.on_day, d.target_on - %(today)s AS left_days, %(today)s > d.legal_on AS is_late
),
telling AS MATERIALIZED (
    SELECT c.*, CASE WHEN c.is_late THEN 'date_late' WHEN c.left_days <= %(owner_from)s THEN 'date_close'
                     ELSE 'date_soon' END AS template,
           b.surcharge, b.until, w.words
    FROM claimed c
    LEFT JOIN LATERAL (SELECT band->>'surcharge' AS surcharge, band->>'to' AS until
        FROM jsonb_array_elements(c.bands) band
        WHERE c.is_late AND %(today)s BETWEEN (band->>'from')::date AND (band->>'to')::date LIMIT 1) b ON true
    LEFT JOIN unnest(%(codes)s::text[], %(words)s::jsonb[]) w(code, words)
        ON w.code = {kind}
    WHERE c.step > 0
),
members AS (
    SELECT t.id, m.user_id, m.role, m.user_id = t.responsible_id AS is_responsible,
           m.user_id = t.backup_id AS is_backup, false AS is_agency
    FROM telling t
    JOIN portal_membership m ON m.organisation_id = t.organisation_id AND m.ended_at IS NULL
    WHERE (m.user_id IN (t.responsible_id, t.backup_id) OR m.role = 'owner' OR t.secrecy = 'named')
      AND (t.secrecy <> 'named' OR m.user_id = ANY(t.readers))
    UNION ALL
    SELECT t.id, m.user_id, m.role, false, false, true
    FROM telling t
    JOIN portal_membership m ON m.organisation_id = t.agency_id AND m.ended_at IS NULL
    WHERE t.is_late AND t.secrecy <> 'named' AND m.role IN ('owner', 'manager')
),
present AS (
    SELECT m.*, bool_or(m.is_responsible OR m.is_backup) OVER one AS has_keeper,
           bool_or(m.role = 'owner' AND NOT m.is_agency) OVER one AS has_owner
    FROM members m JOIN portal_user u ON u.id = m.user_id AND u.is_active
    WINDOW one AS (PARTITION BY m.id)
),
told AS MATERIALIZED (
    SELECT DISTINCT t.id, p.user_id FROM present p JOIN telling t ON t.id = p.id
    WHERE p.is_agency OR p.is_responsible
       OR (p.is_backup AND (t.left_days <= %(backup_from)s OR NOT EXISTS (
            SELECT 1 FROM present q WHERE q.id = p.id AND q.is_responsible)))
       OR (p.role = 'owner' AND (t.left_days <= %(owner_from)s OR NOT coalesce(p.has_keeper, false)))
       OR (t.secrecy = 'named' AND NOT coalesce(p.has_keeper, false) AND NOT coalesce(p.has_owner, false))
),
mailed AS MATERIALIZED (
    SELECT n.recipient_id, count(*) AS count FROM portal_notification n
    WHERE n.recipient_id IN (SELECT user_id FROM told) AND n.created_at >= %(now)s - interval '12 hours'
      AND n.template IN ('date_soon', 'date_close', 'date_late') AND n.mail_status IN ('waiting', 'sent')
    GROUP BY n.recipient_id
),
ranked AS (
    SELECT t.*, r.user_id, u.mail_choice, u.quiet_from, u.quiet_to,
           coalesce(m.count, 0) + row_number() OVER (PARTITION BY r.user_id ORDER BY t.is_late DESC, t.target_on, t.id)
               AS place
    FROM told r JOIN telling t ON t.id = r.id JOIN portal_user u ON u.id = r.user_id
    LEFT JOIN mailed m ON m.recipient_id = r.user_id
),
written AS (
    INSERT INTO portal_notification (recipient_id, organisation_id, template, values, link, key, is_urgent, created_at,
        mail_status, mail_attempts, mail_next_at, mail_error)
    SELECT r.user_id, r.organisation_id, r.template,
        jsonb_build_object('title', r.title, 'rule', r.words, 'target', r.target_on,
            'left', CASE WHEN r.left_days < 0 AND NOT r.is_late THEN r.legal_on - %(today)s ELSE r.left_days END,
            'legal', r.legal_on, 'grace', r.grace_on, 'amount', to_char(r.amount, 'FM999999999990.00'),
            'surcharge', r.surcharge, 'until', r.until),
        CASE WHEN r.subject_type = 'right' OR r.link = '' THEN '/dates/' || r.number || '/' ELSE r.link END,
        'deadline:' || r.id || ':' || r.step || ':' || r.on_day,
        r.template <> 'date_soon', %(now)s,
        CASE WHEN r.mail_choice = 'none' THEN 'not_wanted'
             WHEN r.mail_choice = 'digest' AND r.template = 'date_soon' THEN 'digest'
             WHEN r.place > %(most_mails)s THEN 'digest' ELSE 'waiting' END,
        0,
        {after_quiet}, ''
    FROM ranked r
    ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING mail_status
),
called AS (
    INSERT INTO portal_webhookcall (webhook_id, deadline_id, key, body, status, attempts, next_at, answer, created_at)
    SELECT h.id, t.id, 'deadline:' || t.id || ':' || t.step || ':' || t.on_day,
        jsonb_build_object('event', t.template, 'deadline', t.number, 'rule', t.rule_code, 'title', t.title,
            'step', t.step, 'days_left', t.left_days, 'target_on', t.target_on, 'legal_on', t.legal_on,
            'grace_on', t.grace_on, 'amount', to_char(t.amount, 'FM999999999990.00'),
            'is_provisional', t.is_provisional, 'link', '/dates/' || t.number || '/'),
        'waiting', 0, %(now)s, '', %(now)s
    FROM telling t JOIN portal_webhook h ON h.organisation_id = t.organisation_id AND h.revoked_at IS NULL
    WHERE t.secrecy <> 'named'
    ON CONFLICT (webhook_id, key) DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM claimed), (SELECT count(*) FROM written WHERE mail_status = 'waiting'),
       (SELECT count(*) FROM called)
""".replace("{after_quiet}", after_quiet("r")).replace("{kind}", KIND)
