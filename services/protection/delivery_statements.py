"""The statements of delivery. What they tell is decided by the rows they write: none is told what was told before."""

from __future__ import annotations

from portal.quiet import after_quiet

# `moved` is what happened to deliveries, `told` those of them that had not been told so. One notification per person.
TELL = """
told AS MATERIALIZED (
    INSERT INTO protection_alertnotice (delivery_id, version_id, what, told_at)
    SELECT id, %(version)s, what, %(now)s FROM moved ON CONFLICT DO NOTHING RETURNING delivery_id, what
),
people AS MATERIALIZED (
    SELECT m.*, s.user_id, u.mail_choice, u.quiet_from, u.quiet_to
    FROM told t JOIN moved m ON m.id = t.delivery_id
    JOIN portal_membership s ON s.organisation_id = m.organisation_id AND s.ended_at IS NULL AND s.role = ANY(%(told)s)
    JOIN portal_user u ON u.id = s.user_id AND u.is_active
),
written AS (
    INSERT INTO portal_notification (recipient_id, organisation_id, template, values, link, key, is_urgent, created_at,
        mail_status, mail_attempts, mail_next_at, mail_error)
    SELECT p.user_id, p.organisation_id,
        CASE WHEN p.what <> 'new' THEN 'alert_' || p.what WHEN %(is_serious)s THEN 'alert_new_serious'
             ELSE 'alert_new_hint' END,
        CASE WHEN p.what = 'new' THEN %(values)s::jsonb || jsonb_build_object('reasons', p.reasons)
             ELSE %(values)s::jsonb END,
        '/alerts-for-us/' || p.number || '/', 'alert:' || p.id || ':' || %(edition)s || ':' || p.what,
        %(is_serious)s AND p.what IN ('new', 'corrected'), %(now)s,
        CASE WHEN p.mail_choice = 'none' THEN 'not_wanted' WHEN %(is_serious)s THEN 'waiting' ELSE 'digest' END,
        0, {after_quiet}, ''
    FROM people p
    ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING mail_status
),
called AS (
    INSERT INTO portal_webhookcall (webhook_id, key, body, status, attempts, next_at, answer, created_at)
    SELECT h.id, 'alert:' || m.id || ':' || %(edition)s || ':' || m.what,
        jsonb_build_object('event', 'alert.' || m.what, 'alert', %(number)s, 'delivery', m.number, 'edition',
            %(edition)s, 'is_serious', %(is_serious)s, 'title', %(values)s::jsonb->'title', 'reasons', m.reasons,
            'link', '/alerts-for-us/' || m.number || '/'),
        'waiting', 0, %(now)s, '', %(now)s
    FROM told t JOIN moved m ON m.id = t.delivery_id
    JOIN portal_webhook h ON h.organisation_id = m.organisation_id AND h.revoked_at IS NULL
    ON CONFLICT (webhook_id, key) DO NOTHING
    RETURNING 1
)
""".replace("{after_quiet}", after_quiet("p"))
# Who reacted to the edition before keeps that; who only read it, or not even that, finds it new again.
DELIVER = """
WITH audience AS MATERIALIZED ({audience}),
present AS MATERIALIZED (
    SELECT id, organisation_id, version_id, left_at FROM protection_alertdelivery
    WHERE alert_id = %(alert)s AND organisation_id {scope}
),
fresh AS (
    INSERT INTO protection_alertdelivery (alert_id, organisation_id, version_id, reasons, state, delivered_at, ticked,
        note, why_not, help_text, help_answer, confirm_on, rung, nudge_at, call_note)
    SELECT %(alert)s, a.organisation_id, %(version)s, a.reasons, 'new', %(now)s, '{}', '', '', '', '', %(confirm_on)s,
        0, %(nudge_at)s, ''
    FROM audience a LEFT JOIN present p ON p.organisation_id = a.organisation_id WHERE p.id IS NULL
    ON CONFLICT (alert_id, organisation_id) DO NOTHING
    RETURNING id, organisation_id, number, reasons
),
again AS (
    UPDATE protection_alertdelivery d SET version_id = %(version)s, reasons = a.reasons, left_at = NULL,
        delivered_at = CASE WHEN p.left_at IS NULL THEN d.delivered_at ELSE %(now)s END,
        state = CASE WHEN {is_open} THEN 'new' ELSE d.state END,
        read_at = CASE WHEN {is_open} THEN NULL ELSE d.read_at END,
        read_by_id = CASE WHEN {is_open} THEN NULL ELSE d.read_by_id END,
        why_not = CASE WHEN {is_open} THEN '' ELSE d.why_not END,
        ticked = CASE WHEN v.checklist = %(checklist)s::jsonb THEN d.ticked ELSE '{}' END,
        rung = 0, called_at = NULL, called_by_id = NULL, call_note = '',
        confirm_on = CASE WHEN {is_open} THEN %(confirm_on)s::date END,
        nudge_at = CASE WHEN {is_open} THEN %(nudge_at)s::timestamptz END
    FROM present p JOIN audience a ON a.organisation_id = p.organisation_id
    JOIN protection_alertversion v ON v.id = p.version_id
    WHERE d.id = p.id AND p.version_id <> %(version)s AND d.alert_id = %(alert)s AND d.organisation_id {scope}
    RETURNING d.id, d.organisation_id, d.number, d.reasons, CASE WHEN p.left_at IS NULL THEN 'corrected' ELSE 'new' END
        AS what
),
gone AS (
    UPDATE protection_alertdelivery d SET version_id = %(version)s, left_at = %(now)s, nudge_at = NULL
    FROM present p LEFT JOIN audience a ON a.organisation_id = p.organisation_id
    WHERE d.id = p.id AND a.organisation_id IS NULL AND p.version_id <> %(version)s AND p.left_at IS NULL
        AND d.alert_id = %(alert)s AND d.organisation_id {scope}
    RETURNING d.id, d.organisation_id, d.number, d.reasons
),
moved AS MATERIALIZED (
    SELECT id, organisation_id, number, reasons, 'new' AS what FROM fresh UNION ALL
    SELECT id, organisation_id, number, reasons, what FROM again UNION ALL
    SELECT id, organisation_id, number, reasons, 'left' FROM gone
),
{tell}
SELECT (SELECT count(*) FROM told WHERE what = 'new'), (SELECT count(*) FROM told WHERE what = 'corrected'),
    (SELECT count(*) FROM told WHERE what = 'left'), 0,
    (SELECT count(*) FROM written WHERE mail_status = 'waiting'), (SELECT count(*) FROM called)
""".replace("{tell}", TELL).replace("{is_open}", "(p.left_at IS NOT NULL OR d.state IN ('new', 'read'))")
WITHDRAW = """
WITH moved AS MATERIALIZED (
    UPDATE protection_alertdelivery d SET nudge_at = NULL
    WHERE d.alert_id = %(alert)s AND d.id BETWEEN %(low)s AND %(high)s AND d.left_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM protection_alertnotice n WHERE n.delivery_id = d.id AND n.what = 'withdrawn')
    RETURNING d.id, d.organisation_id, d.number, d.reasons, 'withdrawn' AS what
),
{tell}
SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM written WHERE mail_status = 'waiting'),
    (SELECT count(*) FROM called)
""".replace("{tell}", TELL)
