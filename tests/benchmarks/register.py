"""The register over the city data set: lists, filters, search, calendar, forecast, REST, against the raw statements.

    .venv/bin/python tests/benchmarks/register.py [--scale 0.1] [--database NAME]

Makes a scratch database with `seed_volume` and drops it again, or measures one that is filled already. Prints a table
and writes tests/benchmarks/results/register-<scale>.json; where the file of a tenth of the scale is there, the growth
is printed, too. Times are of one process without network; only the ratios are worth comparing. `cpu` is what Python
itself needs for a page: a busy machine does not change it much.
"""

from __future__ import annotations

import argparse
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


def measure(client: Client, path: str) -> dict[str, Any]:
    """Return times of a page, its queries, and their time in sum: each the best of some, for a loaded machine lies."""
    p50, p95, cpu = timed(lambda: client.get(path))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    texts = [row["sql"] for row in captured.captured_queries if row["sql"].lstrip().startswith(("SELECT", "("))]
    spans = {text: min(_once(text) for _turn in range(6)) for text in texts}
    slowest = max(spans, key=lambda text: spans[text], default="")
    return {
        "p50_ms": round(p50, 1), "p95_ms": round(p95, 1), "cpu_ms": round(cpu, 1), "queries": len(captured),
        "sql_ms": round(sum(spans[text] for text in texts), 2), "slowest_ms": round(spans.get(slowest, 0), 2),
        "slowest": slowest[:400], "kib": round(len(response.content) / 1024, 1), "status": response.status_code,
    }  # fmt: skip


def _once(text: str) -> float:
    begun = time.perf_counter()
    run(text)
    return (time.perf_counter() - begun) * 1000


def floors() -> dict[str, float]:
    """Return the raw statements' times in milliseconds: what the same rows cost without the portal."""
    firm = Organisation.objects.get(number="V000000001").pk
    values = {"firm": firm, "day": "2022-06-01", "words": "'压力' & '力传' & '传感' & '感器'"}
    return {name: min(_timed_once(text, values) for _turn in range(100)) for name, text in FLOORS.items()}


def _timed_once(text: str, values: Any) -> float:
    begun = time.perf_counter()
    run(text, values)
    return (time.perf_counter() - begun) * 1000


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
            rows.append({"page": f"{who} {name}", "floor_ms": round(floor, 3), **measure(client, path)})
    return {"scale": scale, "rights": Right.objects.count(), "floors": base, "rows": rows}


def show(result: dict[str, Any], smaller: dict[str, Any] | None) -> None:
    """Print the table."""
    before = {row["page"]: row for row in smaller["rows"]} if smaller else {}
    floors_shown = ", ".join(f"{name} {value:.2f}" for name, value in result["floors"].items())
    print(f"{result['rights']} rights; floors in ms: {floors_shown}")
    print(
        f"{'page':32} {'p50':>7} {'p95':>7} {'cpu':>7} {'queries':>7} {'sql':>8} {'x floor':>8} {'slowest':>8} "
        f"{'KiB':>6} growth"
    )
    for row in result["rows"]:
        grown = before.get(row["page"])
        growth = f"{row['sql_ms'] / max(grown['sql_ms'], 0.01):.2f}" if grown else ""
        print(
            f"{row['page']:32} {row['p50_ms']:7.1f} {row['p95_ms']:7.1f} {row['cpu_ms']:7.1f} {row['queries']:7} "
            f"{row['sql_ms']:8.2f} {row['sql_ms'] / row['floor_ms']:8.1f} {row['slowest_ms']:8.2f} "
            f"{row['kib']:6.0f} {growth}"
        )


def result_file(scale: float) -> Path:
    return HERE / "results" / f"register-{scale:g}.json"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--database", default="")
    wanted = parser.parse_args()
    databases = None
    if wanted.database:
        connections["default"].settings_dict["NAME"] = wanted.database
    else:
        databases = setup_databases(0, interactive=False, serialized_aliases=[])
        call_command("load_rules", verbosity=0)
        call_command("seed_volume", scale=wanted.scale)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": plain}
    rates = dict.fromkeys(("anonymous", "person", "public_write"), "1000000/min")
    try:
        with override_settings(STORAGES=storages, ALLOWED_HOSTS=["testserver"], API_RATES=rates):
            result = report(wanted.scale)
    finally:
        if databases:
            teardown_databases(databases, 0)
    before = result_file(wanted.scale / 10)
    show(result, json.loads(before.read_text()) if before.exists() else None)
    result_file(wanted.scale).parent.mkdir(exist_ok=True)
    result_file(wanted.scale).write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
