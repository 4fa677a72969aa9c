"""The preview of an alert's audience over a whole city: goal 300 ms. And what keeping exposure costs.

    .venv/bin/python tests/benchmarks/alert_audience.py [enterprises] [rights]

Makes a scratch database, fills it by SQL, prints a table, writes results/alert_audience.json beside this file and drops
the database again. Each figure is the median of seven runs, the first left out.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_audience")

import django  # noqa: E402

django.setup()

from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402

from portal.models import Organisation  # noqa: E402
from services.protection import exposure  # noqa: E402
from services.protection.audience import Criteria, preview  # noqa: E402
from tests.benchmarks.alert_world import fill, run, timed  # noqa: E402

GOAL_MS = 300
ASKED = {
    "group, country, market": Criteria(ipc=("G01L9",), countries=("US",), needs_market=True),
    "group and class of marks, country": Criteria(ipc=("G01L9", "G01B"), nice=("09",), countries=("US",)),
    "subclass": Criteria(ipc=("H01M",)),
    "section": Criteria(ipc=("G",)),
    "section or country": Criteria(ipc=("G",), countries=("US",), join="either"),
    "three countries": Criteria(countries=("US", "EP", "DE")),
    "industry": Criteria(industries=("39",)),
    "manufacturing": Criteria(industries=("C",)),
    "kind": Criteria(right_kinds=("invention",)),
    "rare keyword": Criteria(keywords=("压力传感器检测仪",)),
    "common keyword": Criteria(keywords=("传感器",), countries=("US",)),
    "everybody": Criteria(),
    "everybody verified in two districts": Criteria(districts=("310115", "310112"), verified_only=True),
}


def measure(firms: int, rights: int) -> dict[str, Any]:
    first = fill(firms, rights, 20_000)
    rows = {}
    for name, criteria in ASKED.items():
        times = []
        for _turn in range(8):
            took, found = timed(lambda criteria=criteria: preview(criteria))
            times.append(took * 1000)
        rows[name] = {"enterprises": found.total, "median_ms": round(statistics.median(times[1:]), 1),
                      "worst_ms": round(max(times[1:]), 1)}  # fmt: skip
        print(f"{name:38} {found.total:>8} {rows[name]['median_ms']:>9} ms", flush=True)
    again, same = timed(exposure.everything)
    keys = list(Organisation.objects.order_by("pk").values_list("pk", flat=True)[1000:1100])
    run("UPDATE patents_right SET main_ipc = 'G01L9/08' WHERE organisation_id BETWEEN %(a)s AND %(b)s",
        {"a": keys[0], "b": keys[-1]})  # fmt: skip
    some, changed = timed(exposure.changed)
    return {
        "firms": firms, "rights": rights, "goal_ms": GOAL_MS, "previews": rows, "exposure_first_s": round(first, 1),
        "exposure_again_s": round(again, 1), "exposure_again_rows": same, "changed_organisations": len(changed),
        "changed_s": round(some, 2), "worst_median_ms": max(row["median_ms"] for row in rows.values()),
    }  # fmt: skip


def main() -> None:
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    rights = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        old = setup_databases(verbosity=0, interactive=False)
        try:
            found = measure(firms, rights)
        finally:
            teardown_databases(old, verbosity=0)
    for name, value in found.items():
        if name != "previews":
            print(f"{name:38} {value}")
    (HERE / "results").mkdir(exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (HERE / "results" / "alert_audience.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
