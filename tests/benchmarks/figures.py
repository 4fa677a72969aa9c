"""The nightly figures and the dashboards over the city data set, against one INSERT ... SELECT of the rows read.

    .venv/bin/python tests/benchmarks/figures.py [scale]

Makes a scratch database, fills it by `seed_volume`, counts twice (the first run also counts the months that are over),
asks the dashboards as a city supervisor, prints a table, writes results/figures.json and drops the database again.
Times are of one process; only the ratios are worth comparing.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_figures")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from patents import volume  # noqa: E402
from portal import counting, measures  # noqa: E402
from portal.models import Figure, User  # noqa: E402
from portal.rule_files import load  # noqa: E402

ROUNDS = 20
PAGES = (
    "/figures/",
    "/figures/districts/pudong/",
    "/figures/measures/inventions-valid/",
    "/figures/summary/",
    "/targets/",
)
# What the night looks at: enterprises, their rights, applications, the dates of a year; every one once.
FLOOR = """
CREATE TEMP TABLE floor AS SELECT 0::bigint AS firm, ''::text AS area, ''::text AS kind LIMIT 0;
INSERT INTO floor SELECT id, district_id, kind FROM portal_organisation;
INSERT INTO floor SELECT r.organisation_id, o.district_id, r.kind FROM patents_right r
    JOIN portal_organisation o ON o.id = r.organisation_id WHERE r.secrecy = 'open';
INSERT INTO floor SELECT organisation_id, office_district_id, status FROM portal_application;
INSERT INTO floor SELECT d.organisation_id, o.district_id, d.owner FROM portal_deadline d
    JOIN portal_organisation o ON o.id = d.organisation_id WHERE d.secrecy = 'open' AND d.legal_on < now();
"""


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def floor() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR)
        cursor.execute("DROP TABLE floor")


def measure(scale: float) -> dict[str, Any]:
    load()
    volume.seed(scale, say=print)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    first, statements = timed(counting.run)
    floors = [timed(floor)[0] for _round in range(3)]
    nights = [timed(counting.run)[0] for _round in range(3)]
    client = Client()
    user = User.objects.get(email="v-supervisor-city@volume.example")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = {}
    for path in PAGES:
        assert client.get(path).status_code == 200, path
        pages[path] = round(
            1000 * statistics.median(timed(lambda path=path: client.get(path))[0] for _r in range(ROUNDS)), 1
        )
    night, base = statistics.median(nights), statistics.median(floors)
    return {
        "scale": scale, "measures": len(measures.everything()), "rows": Figure.objects.count(),
        "first_run_s": round(first, 2), "first_statements": statements, "night_s": round(night, 2),
        "floor_s": round(base, 2), "night_ratio": round(night / base, 2), "goal": 5, "pages_p50_ms": pages,
        "page_goal_ms": 35,
    }  # fmt: skip


def main() -> None:
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1
    old = setup_databases(verbosity=0, interactive=False)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    try:
        with override_settings(STORAGES=storages, ALLOWED_HOSTS=["testserver"]):
            found = measure(scale)
    finally:
        teardown_databases(old, verbosity=0)
    for name, value in found.items():
        print(f"{name:20} {value}")
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
