"""The officials' queue with 50 000 applications: each page against the raw keyset query on the same rows.

    .venv/bin/python tests/benchmarks/case_queue.py [applications]

Makes a scratch database, fills it by set-based SQL, prints a table, writes tests/benchmarks/results/case_queue.json and
drops the database again. Times are of one process without network; only the ratios are worth comparing.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_queue")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from portal.models import Application, User  # noqa: E402
from portal.rule_files import load  # noqa: E402
from portal.views.office import queues  # noqa: E402
from tests.factories import cases, people  # noqa: E402

ROUNDS = 15
FLOOR = """
    SELECT id, number, due_on FROM portal_application
    WHERE office_district_id = %s AND status IN ('submitted', 'in_review', 'publicity') AND (due_on, id) > (%s, %s)
    ORDER BY due_on, id LIMIT 50
"""
FIRMS = """
    INSERT INTO portal_organisation
        (number, kind, uscc, name, address, is_legal_person, district_id, created_at, is_demo)
    SELECT 'B' || lpad(n::text, 9, '0'), 'enterprise', '91310112' || lpad(n::text, 10, '0'),
           '某某科技第' || n || '有限公司', '', true,
           (SELECT code FROM portal_district ORDER BY position OFFSET n %% 16 LIMIT 1), now(), false
    FROM generate_series(1, %s) AS n
"""
# Six statuses in ten are live, far more than a city has in hand: the hard case for a queue.
APPLICATIONS = """
    INSERT INTO portal_application
        (number, call_id, kind, organisation_id, office_district_id, status, stage, stage_round, created_at,
         created_by_id, submitted_at, submitted_by_id, decision_reason, officer_id, due_on, applicant_due_on,
         revision, updated_at)
    SELECT 'SQ-2026-' || lpad(o.id::text, 8, '0'), %(call)s, 'municipal_pilot', o.id, o.district_id, s.status,
        (ARRAY['verify','verify','verify','recommend','score','decide'])[1 + o.id %% 6], 1,
        now() - (o.id %% 900) * interval '1 hour', %(user)s, now() - (o.id %% 900) * interval '1 hour', %(user)s, '',
        CASE WHEN o.id %% 7 = 0 THEN NULL ELSE (SELECT p.user_id FROM portal_posting p JOIN portal_office f
            ON f.id = p.office_id WHERE f.district_id = o.district_id AND p.role = 'officer' LIMIT 1) END,
        CASE WHEN s.status IN ('submitted', 'in_review', 'publicity') THEN current_date - 5 + (o.id %% 60)::int END,
        CASE WHEN s.status = 'returned' THEN current_date + (o.id %% 10)::int END,
        1, now() - (o.id %% 90000) * interval '1 minute'
    FROM portal_organisation o,
        LATERAL (SELECT (%(statuses)s)[1 + (o.id / 16) %% 10] AS status) s
    WHERE o.number LIKE 'B%%'
"""
LIVE = ["submitted", "in_review", "in_review", "in_review", "returned", "publicity"]


def fill(count: int) -> dict[str, User]:
    """Make officials of every district and `count` applications; return who is who."""
    load()
    call = cases.make_call()
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM portal_district ORDER BY position")
        slugs = [slug for (slug,) in cursor.fetchall()]
    officers = {slug: people.post(people.make_user(), slug, "officer") for slug in slugs}
    found = {
        "officer": officers["minhang"],
        "supervisor": people.post(people.make_user(), "minhang", "supervisor"),
        "city": people.post(people.make_user(), "city", "supervisor"),
    }
    statuses = [*LIVE, "approved", "rejected", "closed", "withdrawn"]
    with connection.cursor() as cursor:
        cursor.execute(FIRMS, [count])
        values = {"call": call.pk, "user": found["officer"].pk, "statuses": statuses}
        cursor.execute(APPLICATIONS, values)
        cursor.execute("VACUUM ANALYZE portal_application, portal_organisation")
    return found


def timed(work: Any, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    work()
    spans = []
    for _turn in range(rounds):
        begun = time.perf_counter()
        work()
        spans.append((time.perf_counter() - begun) * 1000)
    spans.sort()
    return statistics.median(spans), spans[int(len(spans) * 0.95) - 1]


def floor(district: str) -> Any:
    """Return the raw keyset query from the middle of the queue."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, [district, "2026-12-01", 0])
            cursor.fetchall()

    return run


def measure(client: Client, path: str) -> dict[str, Any]:
    """Return times of a page, its queries and their time in sum."""
    p50, p95 = timed(lambda: client.get(path))
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    sql = []
    for row in captured.captured_queries:
        if row["sql"].startswith("SELECT"):
            sql.append(timed(lambda text=row["sql"]: _run(text), 8)[0])
    return {
        "p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "queries": len(captured), "sql_ms": round(sum(sql), 2),
        "slowest_ms": round(max(sql), 2), "kib": round(len(response.content) / 1024, 1), "status": response.status_code,
    }  # fmt: skip


def _run(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)
        cursor.fetchall()


def plans(user: User) -> dict[str, str]:
    """Return how PostgreSQL finds the first page of each saved view."""
    found = {}
    for tab in queues.tabs(user):
        order = [f"-{name[1:]}" if name.startswith("-") else name for name in tab.order]
        text = tab.rows.order_by(*order).values("pk")[:51].explain()
        found[tab.name] = " / ".join(line.strip() for line in text.splitlines() if "Scan" in line)
    return found


def report(count: int) -> dict[str, Any]:
    """Measure everything and return it."""
    who = fill(count)
    raw, raw95 = timed(floor("310112"), 400)
    rows = [{"page": "floor: raw keyset query", "p50_ms": round(raw, 3), "p95_ms": round(raw95, 3)}]
    for name, user in who.items():
        client = Client()
        client.force_login(user)
        for tab in queues.tabs(user):
            rows.append({"page": f"{name} {tab.name}", **measure(client, f"/cases/?view={tab.name}")})
        cursor = re.search(r"after=([\w-]+)", client.get("/cases/?view=all").content.decode())
        if cursor:
            rows.append({"page": f"{name} all, 2nd", **measure(client, f"/cases/?view=all&after={cursor[1]}")})
        rows.append({"page": f"{name} home", **measure(client, "/home/")})
    live = Application.objects.in_office().count()
    return {
        "applications": count, "live": live, "rows": rows,
        "plans": {name: plans(user) for name, user in who.items()},
    }  # fmt: skip


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    base = result["rows"][0]["p50_ms"]
    print(f"{result['applications']} applications, {result['live']} live; floor {base} ms")
    print(f"{'page':28} {'p50':>8} {'p95':>8} {'queries':>8} {'sql':>8} {'sql/floor':>9} {'slowest':>8} {'KiB':>7}")
    for row in result["rows"][1:]:
        print(
            f"{row['page']:28} {row['p50_ms']:8.1f} {row['p95_ms']:8.1f} {row['queries']:8} {row['sql_ms']:8.2f} "
            f"{row['sql_ms'] / base:9.1f} {row['slowest_ms']:8.2f} {row['kib']:7.1f}"
        )
    for name, tabs in result["plans"].items():
        for tab, plan in tabs.items():
            print(f"{name:11} {tab:11} {plan}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    databases = setup_databases(0, interactive=False)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": plain}
    try:
        with override_settings(STORAGES=storages, ALLOWED_HOSTS=["testserver"]):
            result = report(count)
    finally:
        teardown_databases(databases, 0)
    show(result)
    target = HERE / "results" / "case_queue.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
