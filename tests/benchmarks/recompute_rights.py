"""The nightly recomputation of dates against one UPDATE of as many rows, taken in turns, range by range.

    .venv/bin/python tests/benchmarks/recompute_rights.py [rights]

Makes a scratch database, fills it by set-based SQL and recomputes twice: first every date is opened; then a fifth of
the rights has another title, so that their dates are written anew, and nothing is to be done for the others. After each
range as many rows are written by one plain UPDATE. Prints a table, writes results/recompute_rights.json beside this
file and drops the database again. Only the ratios are worth comparing.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_dates")

import django  # noqa: E402

django.setup()

from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from patents.dates import recompute  # noqa: E402
from patents.models import Right  # noqa: E402
from portal.models import Deadline  # noqa: E402
from tests.benchmarks.date_world import fill, run, timed  # noqa: E402

GOAL = 5
CHANGED_SHARE = 5  # every fifth of the ranges has rights that changed
# Nothing that a recomputation compares: the second pass must not mend what the floor did.
FLOOR = "UPDATE portal_deadline SET computed_at = computed_at + interval '1 second' WHERE id BETWEEN %s AND %s"


@dataclass
class Tally:
    """Seconds of the job and of the floor over some ranges, and how many dates they were."""

    job: float = 0.0
    floor: float = 0.0
    dates: int = 0
    moved: recompute.Moved = field(default_factory=recompute.Moved)

    def shown(self) -> dict[str, Any]:
        ratio = round(self.job / self.floor, 2) if self.floor else None
        return {
            "dates": self.dates, "job_s": round(self.job, 1), "floor_s": round(self.floor, 1), "ratio": ratio,
            "goal": GOAL, **self.moved.__dict__,
        }  # fmt: skip


class InTurns:
    """Stands in for the job's own `_range`: runs it, then the floor over as many dates."""

    def __init__(self) -> None:
        self.original = recompute._range
        self.tallies: dict[str, Tally] = {}
        self.name = ""
        self.next_key = 0

    def __call__(self, scope: str, values: dict[str, Any], figures: Any, **settings: Any) -> recompute.Moved:
        spent, moved = timed(lambda: self.original(scope, values, figures, **settings))
        name = self.name or ("changed" if moved.changed else "nothing to do")
        tally = self.tallies.setdefault(name, Tally())
        tally.job += spent
        tally.moved += moved
        count = (
            moved.opened
            or Deadline.objects.filter(
                subject_type="right",
                subject_number__in=Right.objects.filter(pk__range=(values["low"], values["high"])).values("number"),
            ).count()
        )
        low, self.next_key = self.next_key, self.next_key + count
        spent, written = timed(lambda: run(FLOOR, low + 1, low + count))
        tally.floor += spent
        tally.dates += written
        print(f"… {name} {values['low']}", flush=True)
        return moved


def measure(count: int) -> dict[str, Any]:
    fill(count)
    turns = InTurns()
    turns.name, turns.next_key = "first run", 0
    recompute._range = turns
    recompute.everything()
    run("VACUUM ANALYZE portal_deadline")
    first, last = Right.objects.order_by("pk")[0].pk, Right.objects.order_by("-pk")[0].pk
    run("UPDATE patents_right SET title = title || '.' WHERE id <= %s", first + (last - first) // CHANGED_SHARE)
    run("VACUUM ANALYZE patents_right")
    turns.name, turns.next_key = "", 0
    recompute.everything()
    return {"rights": count, **{name: tally.shown() for name, tally in turns.tallies.items()}}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    old = setup_databases(verbosity=0, interactive=False)
    try:
        found = measure(count)
    finally:
        teardown_databases(old, verbosity=0)
    for name, value in found.items():
        print(f"{name:16} {value}")
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "recompute_rights.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
