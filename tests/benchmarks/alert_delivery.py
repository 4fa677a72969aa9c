"""Delivery of an alert against the floor: one INSERT ... SELECT of the same number of deliveries. Goal: five times it.

    .venv/bin/python tests/benchmarks/alert_delivery.py [enterprises] [rights]

Makes a scratch database, fills it by SQL, prints a table, writes results/alert_delivery.json beside this file and drops
the database again. Every enterprise has an owner who is told: deliveries, records and notifications are one row each.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_delivery")

import django  # noqa: E402

django.setup()

from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402

from portal.models import Notification  # noqa: E402
from portal.rule_files import load  # noqa: E402
from services.protection import delivering  # noqa: E402
from services.protection.models import AlertDelivery  # noqa: E402
from tests.benchmarks.alert_world import fill, run, timed  # noqa: E402
from tests.protection.matching.oracle import Asked  # noqa: E402
from tests.protection.matching.world import edition, make_version  # noqa: E402

FLOOR = """
INSERT INTO protection_alertdelivery (alert_id, organisation_id, version_id, reasons, state, delivered_at, ticked,
    note, why_not, help_text, help_answer, rung, call_note)
SELECT %(alert)s, organisation_id, %(version)s, reasons, 'new', now(), '{}', '', '', '', '', 0, ''
FROM protection_alertdelivery WHERE alert_id = %(from)s
"""
FLOOR_ALL = """
INSERT INTO portal_notification (recipient_id, organisation_id, template, values, link, key, is_urgent, created_at,
    mail_status, mail_attempts, mail_next_at, mail_error)
SELECT recipient_id, organisation_id, template, values, link, 'floor:' || id, is_urgent, created_at, 'sent', 0, now(),
    ''
FROM portal_notification
"""


def one(name: str, asked: Asked, found: dict[str, Any]) -> None:
    """Deliver one alert and the same rows by the floor."""
    Notification.objects.all().delete()
    version = make_version(asked, severity=3, confirm_days=3)
    took, told = timed(lambda: delivering.deliver(version.alert))
    rows = told.new
    again, same = timed(lambda: delivering.deliver(version.alert))
    assert same == delivering.Told() and AlertDelivery.objects.filter(alert=version.alert).count() == rows
    other = make_version(asked)
    floor, count = timed(lambda: run(FLOOR, {"alert": other.alert.pk, "version": other.pk, "from": version.alert.pk}))
    assert count == rows
    people = Notification.objects.count()
    floor_told, _count = timed(lambda: run(FLOOR_ALL))
    run("DELETE FROM protection_alertdelivery WHERE alert_id = %(alert)s", {"alert": other.alert.pk})
    edition(version.alert, asked, severity=3, change_note="改了")
    corrected, fixed = timed(lambda: delivering.deliver(version.alert))
    assert fixed.corrected == rows
    found[name] = {
        "rows": rows, "told_people": people, "delivery_s": round(took, 2), "floor_deliveries_s": round(floor, 2),
        "floor_notifications_s": round(floor_told, 2), "ratio": round(took / floor, 2),
        "ratio_to_both": round(took / (floor + floor_told), 2), "again_s": round(again, 2),
        "correction_s": round(corrected, 2),
    }  # fmt: skip
    print(name, found[name], flush=True)


def measure(firms: int, rights: int) -> dict[str, Any]:
    load()
    fill(firms, rights, firms)
    found: dict[str, Any] = {"firms": firms, "rights": rights, "goal": 5}
    one("everybody", Asked(), found)
    one("subclass and country", Asked(ipc=["G01L"], countries=["US"]), found)
    one("section", Asked(ipc=["G"]), found)
    return found


def main() -> None:
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rights = int(sys.argv[2]) if len(sys.argv) > 2 else 400_000
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        old = setup_databases(verbosity=0, interactive=False)
        try:
            found = measure(firms, rights)
        finally:
            teardown_databases(old, verbosity=0)
    (HERE / "results").mkdir(exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (HERE / "results" / "alert_delivery.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
