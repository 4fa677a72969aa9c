"""The statements behind `patents.volume`: one per table. `pick()` draws a word, so that titles are recombined.

OFFSET 0 keeps a computed column from being computed anew wherever it is named.
"""

from __future__ import annotations

# Draws from a list; VOLATILE, so that every row draws anew.
PICK = """
CREATE OR REPLACE FUNCTION pg_temp.pick(words text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT words[1 + floor(random() * cardinality(words))::int] $$
"""
USERS = """
INSERT INTO portal_user (id, number, password, is_superuser, email, name, phone, language, theme, text_size,
    mail_choice, is_active, is_staff, is_demo, date_joined, session_epoch)
SELECT %(user)s + n, 'V' || lpad(upper(to_hex(n)), 9, '0'), '!', false, 'v' || n || '@volume.example',
    pg_temp.pick(%(surname)s) || pg_temp.pick(%(given)s), '', '', 'auto', 'normal', 'none', true, false, false,
    now(), 0
FROM generate_series(1, %(users)s) AS n
"""
# GB 32100-2015: the 18th sign is a check sign over the first 17, weights 3^i mod 31.
FIRMS = """
INSERT INTO portal_organisation (id, number, kind, uscc, name, address, registered_on, is_legal_person, district_id,
    created_at, is_demo, verified_at, verified_by_id)
SELECT %(firm)s + n, 'V' || lpad(upper(to_hex(n)), 9, '0'), 'enterprise',
    body || substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + (31 - (SELECT sum(substr(body, i::int, 1)::int * w)
        FROM unnest(ARRAY[1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28]) WITH ORDINALITY AS weight(w, i))
        %% 31)::int %% 31, 1),
    pg_temp.pick(%(firm_1)s) || pg_temp.pick(%(firm_2)s) || pg_temp.pick(%(firm_3)s) || pg_temp.pick(%(firm_4)s)
        || %(firm_end)s, '', current_date - (1000 + random() * 6000)::int, true, district, now(), false, now(),
    %(user)s + 1
FROM (
    SELECT n, district, '91' || district || lpad((n + 100000000)::text, 9, '0') AS body
    FROM generate_series(1, %(firms)s) AS n,
        LATERAL (SELECT (%(districts)s::text[])[1 + n %% 16] AS district) d
) numbered
"""
OWNERS = """
INSERT INTO portal_membership (number, user_id, organisation_id, role, is_backup_contact, created_at)
SELECT 'V' || lpad(upper(to_hex(n)), 9, '0'), %(user)s + n, %(firm)s + n, 'owner', false, now()
FROM generate_series(1, %(owners)s) AS n
"""
# The first %(large)s rights belong to the first enterprise; the others thin out from it.
RIGHTS = """
INSERT INTO patents_right (number, organisation_id, kind, route, country, title, title_en, abstract,
    application_number, publication_number, registration_number, international_number, identity, priority_number,
    filed_on, granted_on, expires_on, owners, inventors, agent, main_ipc, classes, goods, measures, status, status_on,
    status_source, flags, reduction, paid_year, responsible_id, secrecy, readers, grade, grade_reasons,
    is_grade_manual, is_core, is_high_value, industry_code, is_industry_confirmed, awards, note, version, created_at,
    updated_at)
SELECT 'V' || lpad(upper(to_hex(n)), 9, '0'), %(firm)s + firm, kind, 'national', 'CN',
    CASE WHEN kind = 'trademark' THEN pg_temp.pick(%(mark)s) || pg_temp.pick(%(mark)s)
         WHEN kind = 'software' THEN pg_temp.pick(%(middle)s) || pg_temp.pick(%(software)s) || ' V' || 1 + n %% 9
         ELSE pg_temp.pick(%(begin)s) || pg_temp.pick(%(middle)s) || pg_temp.pick(%(object)s) || pg_temp.pick(%(tail)s)
    END, '',
    CASE WHEN is_patent AND n %% 3 = 0 THEN pg_temp.pick(%(abstract)s) || pg_temp.pick(%(middle)s)
        || pg_temp.pick(%(object)s) || pg_temp.pick(%(effect)s) ELSE '' END,
    CASE WHEN is_patent THEN digits || '.' || sign ELSE '' END, '',
    CASE kind WHEN 'trademark' THEN (10000000 + n)::text
              WHEN 'software' THEN to_char(filed_on, 'YYYY') || 'SR' || lpad(n::text, 7, '0') ELSE '' END, '',
    CASE WHEN is_patent THEN 'patent:a:CN' || digits || sign
         WHEN kind = 'trademark' THEN 'trademark:r:CN' || 10000000 + n
         WHEN kind = 'software' THEN 'software:r:CN' || to_char(filed_on, 'YYYY') || 'SR' || lpad(n::text, 7, '0')
         ELSE '' END, '',
    CASE WHEN kind <> 'trade_secret' THEN filed_on END,
    CASE WHEN status IN ('granted', 'lapsed', 'expired') AND kind <> 'trade_secret'
         THEN least(filed_on + (200 + random() * 700)::int, current_date) END,
    CASE WHEN kind = 'trademark' AND status = 'granted' THEN (filed_on + interval '11 years')::date END,
    ARRAY[(SELECT name FROM portal_organisation o WHERE o.id = %(firm)s + firm)],
    CASE WHEN is_patent THEN ARRAY[pg_temp.pick(%(surname)s) || pg_temp.pick(%(given)s),
        pg_temp.pick(%(surname)s) || pg_temp.pick(%(given)s)] ELSE '{}' END,
    pg_temp.pick(%(agent)s), CASE WHEN is_patent THEN pg_temp.pick(%(ipc)s) ELSE '' END,
    CASE WHEN kind = 'trademark' THEN ARRAY[(1 + n %% 45)::text] ELSE '{}' END,
    CASE WHEN kind = 'trademark' THEN pg_temp.pick(%(goods)s) ELSE '' END, '', status, filed_on + 30, '', '{}',
    CASE WHEN n %% 3 = 0 THEN '0.85' ELSE '0' END,
    CASE WHEN is_patent AND status = 'granted' THEN 1 + extract(year FROM age(filed_on))::int END,
    CASE WHEN firm <= %(owners)s THEN %(user)s + firm END,
    CASE WHEN kind = 'trade_secret' THEN 'named' WHEN n %% 50 = 0 THEN 'internal' ELSE 'open' END,
    CASE WHEN kind = 'trade_secret' AND firm <= %(owners)s THEN ARRAY[%(user)s + firm]::bigint[] ELSE '{}' END,
    CASE WHEN n %% 4 = 0 THEN substr('ABCD', 1 + (n / 4 %% 4)::int, 1) ELSE '' END, '[]', false, n %% 40 = 0,
    kind = 'invention' AND n %% 10 = 0, '', false, '{}', %(note)s, 0, now(), now() - (n %% 9000) * interval '1 minute'
FROM (
    SELECT *, to_char(filed_on, 'YYYY') || type || lpad((n %% 10000000)::text, 7, '0') AS digits
    FROM (
        SELECT n, kind, filed_on, status, kind IN ('invention', 'utility_model', 'design') AS is_patent,
            CASE kind WHEN 'invention' THEN '1' WHEN 'utility_model' THEN '2' ELSE '3' END AS type,
            CASE WHEN n <= %(large)s THEN 1 ELSE 2 + floor((%(firms)s - 1) * power(place, 2))::int END AS firm
        FROM (
            SELECT n, current_date - (30 + random() * 3200)::int AS filed_on, random() AS place,
                (%(kinds)s::text[])[1 + floor(random() * 50)::int] AS kind,
                (%(statuses)s::text[])[1 + floor(random() * 50)::int] AS status
            FROM generate_series(1, %(rights)s) AS n OFFSET 0
        ) drawn
    ) placed OFFSET 0
) numbered, LATERAL (
    SELECT CASE WHEN rest = 10 THEN 'X' ELSE rest::text END AS sign
    FROM (SELECT (substr(digits, 1, 1)::int * 2 + substr(digits, 2, 1)::int * 3 + substr(digits, 3, 1)::int * 4
        + substr(digits, 4, 1)::int * 5 + substr(digits, 5, 1)::int * 6 + substr(digits, 6, 1)::int * 7
        + substr(digits, 7, 1)::int * 8 + substr(digits, 8, 1)::int * 9 + substr(digits, 9, 1)::int * 2
        + substr(digits, 10, 1)::int * 3 + substr(digits, 11, 1)::int * 4 + substr(digits, 12, 1)::int * 5)
        %% 11 AS rest OFFSET 0) checked OFFSET 0
) signed
"""
# The next annuity and those of the following years; every alive right has two, some have a third.
DATES = """
INSERT INTO portal_deadline (number, organisation_id, subject_type, subject_number, rule_code, owner, trigger_event,
    trigger_on, delivery_mode, target_on, legal_on, nominal_on, grace_on, amount, basis, is_provisional, year, bands,
    title, link, needs_evidence, met_evidence, responsible_id, remind_days, remind_at, secrecy, readers, computed_at,
    reminded_step, created_at, cancelled_reason, overridden_reason)
SELECT 'V' || lpad(upper(to_hex(id * 4 + k)), 9, '0'), organisation_id, 'right', number,
    CASE WHEN kind IN ('invention', 'utility_model', 'design') THEN 'right.annuity' WHEN kind = 'trademark'
         THEN 'right.tm_expiry' ELSE 'right.term_end' END,
    'applicant', 'annuity', due_on, '', due_on - 2, due_on, due_on, (due_on + interval '6 months')::date,
    (ARRAY[600, 900, 1200, 2000])[1 + k], '', false, 3 + k, '[]', left(title, 300), '/rights/' || number || '/', true,
    '', responsible_id, days, (SELECT min(day) FROM unnest(days) AS day WHERE day > current_date) + time '08:30',
    secrecy, readers, now(), 0, now(), '', ''
FROM (
    SELECT r.*, k, due_on, ARRAY[due_on - 92, due_on - 62, due_on - 32, due_on - 17, due_on - 9, due_on - 3] AS days
    FROM patents_right r, generate_series(0, 2) AS k, LATERAL (SELECT (current_date + (k - CASE WHEN r.id %% 20 = 0
        THEN 1 ELSE 0 END) * 365 + ((r.filed_on - date '2000-01-01') %% 365))::date AS due_on) day
    WHERE r.number LIKE 'V%%' AND r.filed_on IS NOT NULL
      AND r.status IN ('pending', 'published', 'granted') AND (k < 2 OR r.id * 7919 %% 1000 < %(third)s * 1000)
) alive
"""
ALIVE = """
SELECT count(*) FROM patents_right WHERE number LIKE 'V%%' AND filed_on IS NOT NULL
    AND status IN ('pending', 'published', 'granted')
"""
# Six statuses in ten are live, far more than a city has in hand: the hard case for a queue.
CASES = """
INSERT INTO portal_application (id, number, call_id, kind, organisation_id, office_district_id, status, stage,
    stage_round, created_at, created_by_id, submitted_at, submitted_by_id, decision_reason, officer_id, due_on,
    applicant_due_on, revision, updated_at)
SELECT %(case)s + n, 'SQ-V-' || lpad(n::text, 8, '0'), %(call)s, %(call_kind)s, o.id, o.district_id, s.status,
    (ARRAY['verify','verify','verify','recommend','score','decide'])[1 + n %% 6], 1,
    now() - (n %% 900) * interval '1 hour', %(user)s + 1, now() - (n %% 900) * interval '1 hour', %(user)s + 1, '',
    CASE WHEN n %% 7 > 0 THEN officer.id END,
    CASE WHEN s.status IN ('submitted', 'in_review', 'publicity') THEN current_date - 5 + (n %% 60)::int END,
    CASE WHEN s.status = 'returned' THEN current_date + (n %% 10)::int END, 1,
    now() - (n %% 90000) * interval '1 minute'
FROM generate_series(1, %(cases)s) AS n
JOIN portal_organisation o ON o.id = %(firm)s + n
CROSS JOIN LATERAL (SELECT (ARRAY['submitted','in_review','in_review','in_review','returned','publicity','approved',
    'rejected','closed','withdrawn'])[1 + (n / 16) %% 10] AS status) s
LEFT JOIN portal_user officer ON officer.email = 'v-officer-' || o.district_id || '@volume.example'
"""
EVENTS = """
INSERT INTO portal_caseevent (application_id, at, verb, stage, status_from, status_to, by_id, by_name, by_side, note,
    is_internal)
SELECT %(case)s + n, now() - (n %% 900) * interval '1 hour' + k * interval '5 minutes',
    (ARRAY['submit', 'take', 'advance'])[1 + k], 'verify', (ARRAY['draft', 'submitted', 'in_review'])[1 + k],
    (ARRAY['submitted', 'in_review', 'in_review'])[1 + k], %(user)s + 1, 'V', 'office', '', false
FROM generate_series(1, %(cases)s) AS n, generate_series(0, 2) AS k
"""
REVIEWS = """
INSERT INTO portal_review (application_id, stage, stage_round, reviewer_id, verdict, reason, scores, at)
SELECT %(case)s + n, stage, 1, %(user)s + 1, 'pass', %(reason)s, '{}', now()
FROM generate_series(1, %(cases)s) AS n, unnest(ARRAY['verify', 'recommend']) AS stage
WHERE n %% 6 > 2
"""
