"""The sweep of reminders against the INSERT ... SELECT of its notifications, taken in turns, batch by batch.

    .venv/bin/python tests/benchmarks/sweep_reminders.py [due]

Makes a scratch database with as many due dates, sweeps them, and after each batch writes as many notifications by one
plain INSERT ... SELECT. Then a part of the mails goes out, as the worker sends them: one run of one task, over one
connection. Prints a table, writes results/sweep_reminders.json and drops the database again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_sweep")

import django  # noqa: E402

django.setup()

from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402

from patents.dates import recompute  # noqa: E402
from portal import clock, outbox, reminding  # noqa: E402
from portal.models import Deadline, Notification  # noqa: E402
from tests.benchmarks.date_world import busy, fill, run, timed  # noqa: E402

GOAL = 3
MAILS = 500
# So late that every row has a rung that has passed, and every one is told.
MOMENT = dt.datetime(2060, 1, 2, 4, tzinfo=dt.UTC)
# The very rows that the batch before wrote, under other keys, and so old that they count for nobody's mails of the day.
FLOOR = """
    INSERT INTO portal_notification (recipient_id, organisation_id, template, values, link, key, is_urgent, created_at,
        mail_status, mail_attempts, mail_next_at, mail_error)
    SELECT recipient_id, organisation_id, template, values, link, 'floor:' || key, is_urgent,
        created_at - interval '13 hours', mail_status, mail_attempts, mail_next_at, mail_error
    FROM portal_notification WHERE id > %s
"""


class Floor:
    """Stands in for the sweep's own batch: runs it, then writes its rows once more, and keeps the time of that."""

    def __init__(self) -> None:
        self.original = reminding._batch
        self.seconds, self.cpu, self.rows = 0.0, 0.0, 0

    def __call__(self, kinds: list[str], limit: int) -> int:
        last = Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        taken: int = self.original(kinds, limit)
        cpu = busy()
        spent, rows = timed(lambda: run(FLOOR, last))
        self.seconds, self.cpu, self.rows = self.seconds + spent, self.cpu + busy() - cpu, self.rows + rows
        return taken


def prepare(due: int) -> int:
    """Make the dates, of which so many are due; return their number."""
    fill(due)
    recompute.everything()
    run("UPDATE portal_deadline SET remind_at = NULL WHERE id NOT IN (SELECT id FROM portal_deadline "
        "WHERE remind_at IS NOT NULL ORDER BY id LIMIT %s)", due)  # fmt: skip
    run("UPDATE portal_deadline SET remind_at = '2026-01-01' WHERE remind_at IS NOT NULL")
    run("VACUUM FULL portal_deadline")
    run("VACUUM ANALYZE portal_deadline")
    return Deadline.objects.exclude(remind_at=None).count()


def measure(due: int) -> dict[str, Any]:
    due = prepare(due)
    floor = Floor()
    reminding._batch = floor
    with clock.pretend(MOMENT):
        cpu = busy()
        spent, reminded = timed(reminding.sweep)
        cpu = busy() - cpu
        told = Notification.objects.exclude(key__startswith="floor:").count()
        run("UPDATE portal_notification SET mail_status = 'waiting' WHERE NOT key LIKE 'floor:%'")
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
            mailed, sent = timed(lambda: outbox.deliver(limit=MAILS))
    return {
        "due": due, "reminded": reminded, "told": told, "sweep_s": round(spent - floor.seconds, 2),
        "floor_rows": floor.rows, "floor_s": round(floor.seconds, 2),
        "ratio": round((spent - floor.seconds) / floor.seconds, 2),
        "cpu_s": round(cpu - floor.cpu, 2), "floor_cpu_s": round(floor.cpu, 2),
        "cpu_ratio": round((cpu - floor.cpu) / floor.cpu, 2) if floor.cpu else None, "goal": GOAL, "mails": sent,
        "mails_per_s": round(sent / mailed, 1),
    }  # fmt: skip


def main() -> None:
    due = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    old = setup_databases(verbosity=0, interactive=False)
    try:
        found = measure(due)
    finally:
        teardown_databases(old, verbosity=0)
    for name, value in found.items():
        print(f"{name:16} {value}")
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "sweep_reminders.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
