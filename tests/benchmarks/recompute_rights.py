"""Dates of rights and reminders against the floor: one UPDATE, one INSERT ... SELECT of the same number of rows.

    .venv/bin/python tests/benchmarks/recompute_rights.py [rights]

Makes a scratch database, fills it by set-based SQL, prints a table, writes results/recompute_rights.json beside this
file and drops the database again. Times are of one process; only the ratios are worth comparing.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_dates")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402

from patents.dates import recompute  # noqa: E402
from portal import clock, reminding  # noqa: E402
from portal.models import Deadline, Notification  # noqa: E402
from portal.rule_files import load  # noqa: E402
from tests.factories import people  # noqa: E402

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
FLOOR_UPDATE = "UPDATE portal_deadline SET computed_at = computed_at + interval '1 second', amount = amount + 1"
FLOOR_INSERT = """
    INSERT INTO portal_notification (recipient_id, organisation_id, template, values, link, key, is_urgent, created_at,
        mail_status, mail_attempts, mail_next_at, mail_error)
    SELECT m.user_id, d.organisation_id, 'date_soon', jsonb_build_object('title', d.title, 'target', d.target_on),
        '/dates/' || d.number || '/', 'floor:' || d.id, false, now(), 'waiting', 0, now(), ''
    FROM (SELECT * FROM portal_deadline WHERE remind_at IS NOT NULL ORDER BY id LIMIT %s) d
    JOIN portal_membership m ON m.organisation_id = d.organisation_id AND m.role = 'owner'
"""
Timed = tuple[float, Any]


def timed(act: Callable[[], Any]) -> Timed:
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def run(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return int(cursor.rowcount)


def fill(count: int) -> None:
    load()
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        for _firm in range(FIRMS):
            people.join(people.make_user(), people.make_organisation(), "owner")
    firms = "SELECT count(*) FROM portal_organisation"
    sql = RIGHTS + f"({firms}) JOIN portal_membership m ON m.organisation_id = o.id AND m.role = 'owner'"
    run(sql, count)
    run("ANALYZE")


def measure(count: int) -> dict[str, Any]:
    run("SET statement_timeout = 0")
    fill(count)
    first, moved = timed(recompute.everything)
    run("ANALYZE portal_deadline")
    dates = Deadline.objects.count()
    again, same = timed(recompute.everything)
    assert not same
    run("UPDATE patents_right SET title = title || '.'")
    changed, all_changed = timed(recompute.everything)
    floor, updated = timed(lambda: run(FLOOR_UPDATE))
    due = min(100_000, Deadline.objects.exclude(remind_at=None).count())
    floor_insert, inserted = timed(lambda: run(FLOOR_INSERT, due))
    Notification.objects.all().delete()
    run("VACUUM ANALYZE portal_deadline")
    run("VACUUM ANALYZE portal_notification")
    # So late that every row has a rung that has passed, and every one is told.
    moment = dt.datetime(2060, 1, 2, 4, tzinfo=dt.UTC)
    run("UPDATE portal_deadline SET remind_at = NULL WHERE id NOT IN (SELECT id FROM portal_deadline "
        "WHERE remind_at IS NOT NULL ORDER BY id LIMIT %s)", due)  # fmt: skip
    run("UPDATE portal_deadline SET remind_at = '2026-01-01' WHERE remind_at IS NOT NULL")
    run("ANALYZE portal_deadline")
    with clock.pretend(moment):
        swept, reminded = timed(reminding.sweep)
    return {
        "rights": count, "dates": dates, "opened": moved.opened, "updated_by_floor": updated,
        "first_run_s": round(first, 2), "nothing_changed_s": round(again, 2),
        "everything_changed_s": round(changed, 2), "changed_rows": all_changed.changed,
        "floor_update_s": round(floor, 2), "first_ratio": round(first / floor, 2),
        "nothing_ratio": round(again / floor, 2), "changed_ratio": round(changed / floor, 2), "goal": 5,
        "due": due, "reminded": reminded, "told": Notification.objects.count(), "sweep_s": round(swept, 2),
        "floor_insert_s": round(floor_insert, 2), "floor_rows": inserted,
        "sweep_ratio": round(swept / floor_insert, 2), "sweep_goal": 3,
    }  # fmt: skip


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    old = setup_databases(verbosity=0, interactive=False)
    try:
        found = measure(count)
    finally:
        teardown_databases(old, verbosity=0)
    for name, value in found.items():
        print(f"{name:24} {value}")
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "recompute_rights.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
