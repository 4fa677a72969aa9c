"""Two hundred enterprises with any number of rights, by set-based SQL: what the benchmarks of dates work on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil
from django.db import connection, transaction
from django.test.utils import override_settings

from patents import volume
from portal.rule_files import load
from tests.factories import people

FIRMS = 200
RIGHTS = """
    INSERT INTO patents_right (number, organisation_id, kind, route, country, title, title_en, abstract,
        application_number, publication_number, registration_number, international_number, identity, priority_number,
        filed_on, granted_on, owners, inventors, agent, main_ipc, classes, goods, measures, status, status_source,
        flags, reduction, paid_year, responsible_id, secrecy, readers, grade, grade_reasons, is_grade_manual, is_core,
        is_high_value, industry_code, is_industry_confirmed, awards, note, version, created_at, updated_at)
    SELECT 'B' || lpad(n::text, 9, '0'), o.id, k.kind, 'national', 'CN', '一种微压力传感器 ' || n, '', '', '', '', '',
        '', 'b' || n, '', d.filed, d.filed + 700 + n %% 900, '{}', '{}', '', '', CASE k.kind WHEN 'trademark'
        THEN ARRAY['9'] ELSE ARRAY[]::text[] END, '', '', 'granted', '', '{}', (ARRAY['0', '0.85', '0.70'])[1 + n %% 3],
        CASE WHEN n %% 2 = 0 THEN extract(year FROM age(date '2026-06-01', d.filed))::int END, m.user_id, 'open', '{}',
        '', '[]', false, false, false, '', false, '{}', '', 0, now() - interval '2 years', now()
    FROM generate_series(1, %s) n
    JOIN LATERAL (SELECT (ARRAY['invention', 'invention', 'utility_model', 'design', 'trademark'])[1 + n %% 5] AS kind)
        k ON true
    JOIN LATERAL (SELECT date '2012-01-02' + (n * 7 %% 4300) AS filed) d ON true
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM portal_organisation) o ON o.place = n %% """


def run(sql: str, *params: Any) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return int(cursor.rowcount)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds it took, and the result."""
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def busy() -> float:
    """Return the processor's seconds of this connection's server: what other work on the machine does not change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        try:
            times = psutil.Process(cursor.fetchone()[0]).cpu_times()
        except psutil.Error:  # the database is on another machine
            return 0.0
    return float(times.user + times.system)


def fill(count: int) -> None:
    """Make the enterprises and their rights; there are no dates yet."""
    load()
    run("SET statement_timeout = 0")
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        for _firm in range(FIRMS):
            people.join(people.make_user(), people.make_organisation(), "owner")
    firms = "SELECT count(*) FROM portal_organisation"
    sql = RIGHTS + f"({firms}) JOIN portal_membership m ON m.organisation_id = o.id AND m.role = 'owner'"
    with transaction.atomic(), volume.bare(print):
        run(sql, count)
    run("VACUUM ANALYZE")
