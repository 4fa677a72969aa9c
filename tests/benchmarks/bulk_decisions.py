"""500 files in one bulk decision: dry run, confirmation, deciding, releasing, letters; killed ten times on the way.

    .venv/bin/python tests/benchmarks/bulk_decisions.py [files]

Makes a scratch database, prints a table, writes tests/benchmarks/results/bulk_decisions.json and drops the database
again. The killer terminates the worker's connection at random moments while it decides, and again while it releases.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["TEST_DB"] = "bench_bulk"

import django  # noqa: E402

django.setup()

from django.db import DatabaseError, connection  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from portal import bulk, bulk_plan, issuing  # noqa: E402
from portal.models import CaseEvent, CasePaper, HeldDecision, Notification, Review, StoredFile  # noqa: E402
from portal.rule_files import load  # noqa: E402
from tests.factories import cases as factory  # noqa: E402
from tests.factories import decisions, people  # noqa: E402
from tests.factories.killer import Killer  # noqa: E402

KILLS, LETTERS = 10, 40
figures: dict[str, Any] = {}


def timed(name: str, act: Callable[[], Any]) -> Any:
    """Do it, keep the seconds under the name, return what it gave."""
    began = time.perf_counter()
    found = act()
    figures[name] = round(time.perf_counter() - began, 2)
    print(f"{name:<32} {figures[name]:>8.2f} s", flush=True)
    return found


def killed(work: Callable[[], int], left: Callable[[], int]) -> int:
    """Run the worker under a killer until nothing is left; return how often it died."""
    deaths = 0
    with Killer(KILLS, pause=1.0) as killer:
        while left():
            try:
                killer.aim()
                work()
            except DatabaseError:
                deaths += 1
                connection.close()
    return deaths


def run(count: int) -> None:
    call, owner = factory.make_call(quota=count), people.make_user()
    first = people.post(people.make_user("甲"), "city", "supervisor")
    second = people.post(people.make_user("乙"), "city", "supervisor")
    cases = timed("set up", lambda: decisions.ready(call, count, owner, declared=(first,)))
    row = timed("propose", lambda: bulk.propose(cases, is_approved=True, reason="达到入围线。", by=first))
    with CaptureQueriesContext(connection) as asked:
        plan = timed("dry run", lambda: bulk_plan.plan(row, by=first))
    figures["dry run statements"] = len(asked)
    timed("confirm", lambda: bulk.confirm(row, seen=plan.seen, has_declared=False, by=first))
    waiting, held = row.items.filter(state="waiting"), row.items.filter(state="held")
    figures["deaths deciding"] = timed("decide, killed", lambda: killed(bulk.sweep, waiting.count))
    bulk.sweep()
    timed("ask for the release", lambda: bulk.ask_release(row, seen=bulk.held_seal(row), by=second))
    figures["deaths releasing"] = timed("release, killed", lambda: killed(bulk.sweep, held.count))
    bulk.sweep()
    prove(row, cases, owner)
    made = timed(f"{LETTERS} letters", lambda: issuing.sweep(limit=LETTERS))
    assert made == LETTERS == StoredFile.objects.filter(slot="letter").count()
    figures["files"] = count


def prove(row: Any, cases: list[Any], owner: Any) -> None:
    """Each file decided once, released once, told once; two letters each wait for their file."""
    once = {case.pk: 1 for case in cases}
    assert bulk_plan.tally(row)["released"] == len(cases), bulk_plan.tally(row)
    assert Counter(HeldDecision.objects.values_list("application", flat=True)) == once
    assert Counter(CaseEvent.objects.values_list("application", flat=True)) == once
    assert Counter(Review.objects.values_list("application", flat=True)) == once
    told = Notification.objects.filter(recipient=owner, template="case_publicity")
    assert Counter(told.values_list("link", flat=True)) == {f"/applications/{case.number}/": 1 for case in cases}
    assert Counter(CasePaper.objects.values_list("application", flat=True)) == {case.pk: 2 for case in cases}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else bulk.MOST
    databases = setup_databases(0, interactive=False)
    try:
        load()
        run(count)
    finally:
        teardown_databases(databases, 0)
    print(figures)
    target = HERE / "results" / "bulk_decisions.json"
    target.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
