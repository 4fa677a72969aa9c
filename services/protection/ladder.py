"""The ladder of a serious alert that nobody reads: its members, then the owner, then the district's call list.

One statement claims the rows that are due and writes what they cause, or nothing at all. Who reads it leaves the ladder
(`nudge_at` is emptied by whoever reads), and so does an alert that is not valid any more.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction

from portal import nudges, rules
from portal.clock import SHANGHAI, now, today
from portal.quiet import after_quiet, moments
from services.protection.audience import TOLD

BATCH = 5_000
OWNER_AFTER, CALL_AFTER = 1, 2  # working days after the reminder, and after the owner was told
MORNING = dt.time(9)


def sweep(*, limit: int = BATCH) -> int:
    """Take every delivery whose moment has come one rung up; return how many. Safe to run twice at once."""
    done = 0
    while taken := _batch(limit):
        done += taken
        if taken < limit:
            break
    return done


@transaction.atomic
def _batch(limit: int) -> int:
    calendar, day = rules.calendar(), today()
    owner_on, call_on = (calendar.add_workdays(day, days) for days in (OWNER_AFTER, CALL_AFTER))
    params: dict[str, Any] = {
        **moments(now()),
        **{"limit": limit, "told": list(TOLD), "call_on": call_on},
        "owner_at": dt.datetime.combine(owner_on, MORNING, tzinfo=SHANGHAI),
        "call_at": dt.datetime.combine(call_on, MORNING, tzinfo=SHANGHAI),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLIMB, params)
        taken, mails, calls = cursor.fetchone()
    nudges.wake(mails, calls)
    return int(taken)


# Rung 1: everybody who may react. Rung 2: the owner. Rung 3 tells nobody: the row stands on the district's list.
CLIMB = """
WITH due AS MATERIALIZED (
    SELECT d.id, a.status = 'published' AND d.left_at IS NULL AND d.read_at IS NULL AND d.state = 'new' AS is_waiting
    FROM protection_alertdelivery d JOIN protection_alert a ON a.id = d.alert_id
    WHERE d.nudge_at <= %(now)s ORDER BY d.nudge_at, d.id LIMIT %(limit)s FOR NO KEY UPDATE OF d SKIP LOCKED
),
climbed AS (
    UPDATE protection_alertdelivery d
    SET rung = CASE WHEN due.is_waiting THEN least(d.rung + 1, 3) ELSE d.rung END,
        nudge_at = CASE WHEN due.is_waiting AND d.rung = 0 THEN %(owner_at)s::timestamptz
                        WHEN due.is_waiting AND d.rung = 1 THEN %(call_at)s::timestamptz END
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.number, d.organisation_id, d.version_id, d.delivered_at, d.rung, due.is_waiting
),
people AS MATERIALIZED (
    SELECT c.*, s.user_id, u.mail_choice, u.quiet_from, u.quiet_to, v.edition, o.name,
        jsonb_build_object('zh', v.title, 'en', v.title_en) AS title
    FROM climbed c JOIN protection_alertversion v ON v.id = c.version_id
    JOIN portal_organisation o ON o.id = c.organisation_id
    JOIN portal_membership s ON s.organisation_id = c.organisation_id AND s.ended_at IS NULL
        AND (s.role = 'owner' OR (c.rung = 1 AND s.role = ANY(%(told)s)))
    JOIN portal_user u ON u.id = s.user_id AND u.is_active
    WHERE c.is_waiting AND c.rung < 3
),
written AS (
    INSERT INTO portal_notification (recipient_id, organisation_id, template, values, link, key, is_urgent, created_at,
        mail_status, mail_attempts, mail_next_at, mail_error)
    SELECT p.user_id, p.organisation_id, CASE p.rung WHEN 1 THEN 'alert_unread' ELSE 'alert_unread_owner' END,
        jsonb_build_object('title', p.title, 'organisation', p.name,
            'delivered', (p.delivered_at AT TIME ZONE 'Asia/Shanghai')::date, 'call', %(call_on)s::date),
        '/alerts-for-us/' || p.number || '/', 'alert:' || p.id || ':' || p.edition || ':rung:' || p.rung, true, %(now)s,
        CASE WHEN p.mail_choice = 'none' THEN 'not_wanted' ELSE 'waiting' END, 0, {after_quiet}, ''
    FROM people p
    ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING mail_status
),
called AS (
    INSERT INTO portal_webhookcall (webhook_id, key, body, status, attempts, next_at, answer, created_at)
    SELECT h.id, 'alert:' || c.id || ':' || c.version_id || ':rung:' || c.rung,
        jsonb_build_object('event', 'alert.unread', 'delivery', c.number, 'rung', c.rung,
            'link', '/alerts-for-us/' || c.number || '/'),
        'waiting', 0, %(now)s, '', %(now)s
    FROM climbed c JOIN portal_webhook h ON h.organisation_id = c.organisation_id AND h.revoked_at IS NULL
    WHERE c.is_waiting
    ON CONFLICT (webhook_id, key) DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM climbed), (SELECT count(*) FROM written WHERE mail_status = 'waiting'),
    (SELECT count(*) FROM called)
""".replace("{after_quiet}", after_quiet("p"))
