"""Everything the register must be fast at, one command: the city's pages, the recomputation, the sweep of reminders.

    .venv/bin/python tests/benchmarks/speed.py [--scale 0.1] [--rights 100000] [--due 100000]

Runs the three benchmarks one after the other, each in a scratch database of its own, and prints their figures beside
the goals. What each measured stands in tests/benchmarks/results/. Exits with 1 where a benchmark could not run; a goal
that is missed is a figure, not an error.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
PAGE_GOAL, SEARCH_GOAL, QUERY_GOAL = 10, 4, 12
SEARCHES = ("search", "two signs")
Line = tuple[str, str, str]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--rights", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=100_000)
    wanted = parser.parse_args()
    runs = [
        ("register.py", ["--scale", f"{wanted.scale:g}"], "bench_register"),
        ("recompute_rights.py", [str(wanted.rights)], "bench_dates"),
        ("sweep_reminders.py", [str(wanted.due)], "bench_sweep"),
    ]
    for name, arguments, database in runs:
        command = [sys.executable, str(HERE / name), *arguments]
        subprocess.run(command, check=True, env={**os.environ, "TEST_DB": database})
    lines = [
        *pages(_read(f"register-{wanted.scale:g}")),
        *recomputation(_read("recompute_rights")),
        sweep(_read("sweep_reminders")),
    ]
    print(f"\n{'what':36} {'goal':>18} {'measured':>24}")
    for what, goal, found in lines:
        print(f"{what:36} {goal:>18} {found:>24}")


def _read(name: str) -> Any:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def pages(found: dict[str, Any]) -> Iterator[Line]:
    """Yield the seeding, and each page's statements against the raw one."""
    if found["seed_s"] is not None:
        yield f"seed_volume --scale {found['scale']:g}", f"{found['seed_goal_s']:g} s", f"{found['seed_s']} s"
    for row in found["rows"]:
        goal = SEARCH_GOAL if row["page"].partition(" ")[2] in SEARCHES else PAGE_GOAL
        ratio = row["sql_ms"] / row["floor_ms"]
        yield row["page"], f"{goal} x, {QUERY_GOAL} queries", f"{ratio:.1f} x, {row['queries']} queries"


def recomputation(found: dict[str, Any]) -> Iterator[Line]:
    """Yield each pass of the recomputation."""
    for name, row in found.items():
        if isinstance(row, dict):
            yield f"recomputation: {name}", f"{row['goal']} x UPDATE", f"{row['ratio']} x, {row['dates']} dates"


def sweep(found: dict[str, Any]) -> Line:
    """Return the sweep of reminders."""
    return "reminders", f"{found['goal']} x INSERT", f"{found['cpu_ratio'] or found['ratio']} x, {found['due']} due"


if __name__ == "__main__":
    main()
