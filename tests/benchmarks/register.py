"""The register over the city data set: lists, filters, search, calendar, forecast, REST, against the raw statements.

    .venv/bin/python tests/benchmarks/register.py [--scale 0.1] [--database NAME]

Makes a scratch database with `seed_volume` and drops it again, or measures one that is filled already. Prints a table
and writes tests/benchmarks/results/register-<scale>.json; where the file of a tenth of the scale is there, the growth
is printed, too. Times are of one process without network; only the ratios are worth comparing: the floor is measured
anew beside each page, in turns with its statements, and every figure is the least of as many turns. `server` is what
PostgreSQL says that planning and execution took, `cpu` what Python itself needs for a page: a busy machine does not
change them much.
"""

from __future__ import annotations

import argparse
import json
import math
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
os.environ.setdefault("TEST_DB", "bench_register")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from patents.models import Right  # noqa: E402
from portal.models import Organisation, User  # noqa: E402

ROUNDS = 7
TURNS = 12
SEED_SECONDS = 600  # of the whole city
COLUMNS = "id, number, title, kind, status, filed_on"
BEFORE = "AND filed_on < %(day)s ORDER BY filed_on DESC NULLS LAST, id DESC LIMIT 51"
FLOORS = {
    "enterprise": f"SELECT {COLUMNS} FROM patents_right WHERE organisation_id = %(firm)s {BEFORE}",
    "city": f"SELECT {COLUMNS} FROM patents_right WHERE secrecy = 'open' {BEFORE}",
    "search": f"SELECT {COLUMNS} FROM patents_right WHERE search @@ %(words)s::tsquery LIMIT 51",
}
LISTS = {
    "list": "/rights/",
    "kind": "/rights/?kind=invention",
    "status": "/rights/?status=in_force",
    "year": "/rights/?year=2022",
    "search": "/rights/?q=压力传感器",
    "two signs": "/rights/?q=压力",
    "kind, year, status": "/rights/?kind=invention&year=2022&status=in_force",
}
PAGES = {
    "enterprise": {
        **LISTS, "due": "/rights/?due=30", "grade": "/rights/?grade=A", "dates": "/dates/",
        "calendar": "/dates/calendar/", "forecast": "/rights/forecast/", "overview": "/rights/overview/",
        "home": "/home/", "right": "/rights/V000000002/",
        "rest": "/api/v1/rights/", "rest dates": "/api/v1/deadlines/",
    },
    "city": {
        **LISTS, "district": "/rights/?district=310112", "dates": "/dates/", "calendar": "/dates/calendar/",
        "overview": "/rights/overview/", "home": "/home/", "right": "/rights/V000000003/",
        "rest": "/api/v1/open-rights/",
    },
}  # fmt: skip


def timed(work: Any, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Return the median and the 95th percentile, and the least time of the processor, in milliseconds."""
    work()
    spans, busy = [], []
    for _turn in range(rounds):
        begun, started = time.perf_counter(), time.process_time()
        work()
        spans.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - started) * 1000)
    spans.sort()
    return statistics.median(spans), spans[max(0, int(len(spans) * 0.95) - 1)], min(busy)


def run(text: str, values: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        cursor.fetchall()


def measure(client: Client, path: str, floor: str) -> dict[str, Any]:
    """Return times of a page, its queries, and their time in sum, beside those of the raw statement."""
    p50, p95, cpu = timed(lambda: client.get(path))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    texts = [row["sql"] for row in captured.captured_queries if row["sql"].lstrip().startswith(("SELECT", "("))]
    spans = dict.fromkeys([floor, *texts], math.inf)
    server = dict(spans)
    for _turn in range(TURNS):
        for text in spans:
            spans[text] = min(spans[text], _once(text))
            server[text] = min(server[text], _said(text))
    slowest = max(texts, key=lambda text: spans[text], default=floor)
    return {
        "p50_ms": round(p50, 1), "p95_ms": round(p95, 1), "cpu_ms": round(cpu, 1), "queries": len(captured),
        "floor_ms": round(spans[floor], 3), "sql_ms": round(sum(spans[text] for text in texts), 2),
        "server_floor_ms": round(server[floor], 3), "server_ms": round(sum(server[text] for text in texts), 2),
        "slowest_ms": round(spans[slowest], 2), "slowest": slowest[:400],
        "kib": round(len(response.content) / 1024, 1), "status": response.status_code,
    }  # fmt: skip


def _once(text: str) -> float:
    begun = time.perf_counter()
    run(text)
    return (time.perf_counter() - begun) * 1000


def _said(text: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY, FORMAT JSON) {text}")
        said = cursor.fetchone()[0][0]
    return float(said["Planning Time"] + said["Execution Time"])


def floors() -> dict[str, str]:
    """Return the raw statements: what the same rows cost without the portal."""
    firm = Organisation.objects.get(number="V000000001").pk
    values = {"firm": firm, "day": "2022-06-01", "words": "'压力' & '力传' & '传感' & '感器'"}
    with connection.cursor() as cursor:
        return {name: cursor.mogrify(text, values).decode() for name, text in FLOORS.items()}


def report(scale: float) -> dict[str, Any]:
    """Measure everything and return it."""
    base, rows = floors(), []
    people = {"enterprise": "v1@volume.example", "city": "v-officer-city@volume.example"}
    for who, email in people.items():
        client = Client()
        client.force_login(User.objects.get(email=email))
        paths = dict(PAGES[who])
        cursor = re.search(r"after=([\w-]+)", client.get("/rights/").content.decode())
        if cursor:
            paths["list, 2nd"] = f"/rights/?after={cursor[1]}"
        for name, path in paths.items():
            floor = base["search"] if name in ("search", "two signs") else base[who]
            print(f"… {who} {name}", flush=True)
            rows.append({"page": f"{who} {name}", **measure(client, path, floor)})
    return {"scale": scale, "rights": Right.objects.count(), "rows": rows}


def show(result: dict[str, Any], smaller: dict[str, Any] | None) -> None:
    """Print the table."""
    before = {row["page"]: row for row in smaller["rows"]} if smaller else {}
    print(f"{result['rights']} rights; times in ms")
    print(
        f"{'page':32} {'p50':>7} {'p95':>7} {'cpu':>7} {'queries':>7} {'sql':>7} {'x floor':>7} {'server':>7} "
        f"{'x floor':>7} {'slowest':>7} {'KiB':>5} growth"
    )
    for row in result["rows"]:
        grown = before.get(row["page"])
        growth = f"{row['sql_ms'] / max(grown['sql_ms'], 0.01):.2f}" if grown else ""
        print(
            f"{row['page']:32} {row['p50_ms']:7.1f} {row['p95_ms']:7.1f} {row['cpu_ms']:7.1f} {row['queries']:7} "
            f"{row['sql_ms']:7.2f} {row['sql_ms'] / row['floor_ms']:7.1f} {row['server_ms']:7.2f} "
            f"{row['server_ms'] / row['server_floor_ms']:7.1f} {row['slowest_ms']:7.2f} {row['kib']:5.0f} {growth}"
        )


def result_file(scale: float) -> Path:
    return HERE / "results" / f"register-{scale:g}.json"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--database", default="")
    wanted = parser.parse_args()
    databases, seeding = None, None
    if wanted.database:
        connections["default"].settings_dict["NAME"] = wanted.database
    else:
        databases = setup_databases(0, interactive=False, serialized_aliases=[])
        call_command("load_rules", verbosity=0)
        begun = time.perf_counter()
        call_command("seed_volume", scale=wanted.scale)
        seeding = round(time.perf_counter() - begun, 1)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": plain}
    rates = dict.fromkeys(("anonymous", "person", "public_write"), "1000000/min")
    try:
        with override_settings(STORAGES=storages, ALLOWED_HOSTS=["testserver"], API_RATES=rates):
            result = {"seed_s": seeding, "seed_goal_s": SEED_SECONDS * wanted.scale, **report(wanted.scale)}
    finally:
        if databases:
            teardown_databases(databases, 0)
    before = result_file(wanted.scale / 10)
    show(result, json.loads(before.read_text()) if before.exists() else None)
    result_file(wanted.scale).parent.mkdir(exist_ok=True)
    result_file(wanted.scale).write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
