"""The sweep of reminders killed at random points: started anew, the result is the same, nothing twice."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection

from portal import reminding
from portal.models import Deadline, Notification, Organisation, User, Webhook, WebhookCall
from tests.factories.dates import make_date
from tests.factories.killer import Killer

Set = Callable[[str], None]
ROWS, BATCH = 400, 40
KILLS = int(os.environ.get("KILLS", "20"))


@pytest.fixture
def many(transactional_db: None, organisation: Organisation, applicant: User, colleague: User, frozen: Set) -> int:
    frozen("2026-03-09 08:40")
    template = make_date(organisation, responsible=colleague)
    rows = []
    for number in range(1, ROWS):
        row = Deadline.objects.get(pk=template.pk)
        row.pk, row.number, row.subject_number = None, f"N{number:09d}", f"S{number}"
        rows.append(row)
    Deadline.objects.bulk_create(rows)
    Webhook.objects.create(organisation=organisation, url="https://hooks.example.cn/", secret="x", created_by=applicant)
    return ROWS


@pytest.fixture
def _fresh_connection() -> Iterator[None]:
    yield
    connection.close()


@pytest.mark.usefixtures("_fresh_connection")
def test_sweep_killed_twenty_times(many: int) -> None:
    deaths = 0
    with Killer(KILLS) as killer:
        for _turn in range(2000):
            try:
                killer.aim()
                reminding.sweep(limit=BATCH)
                if killer.is_through:
                    break
                # All is told: make it due again, so that there is something to be killed in.
                Deadline.objects.update(remind_at="2025-12-10T00:30Z")
            except DatabaseError:
                deaths += 1
                connection.close()
    connection.close()  # the last one may have died between two statements
    reminding.sweep()
    seed = killer.seed
    assert killer.kills == KILLS and deaths >= KILLS - 1, (seed, killer.kills, deaths)
    keys = Counter(Notification.objects.values_list("recipient__name", "key"))
    assert set(keys.values()) == {1}, seed
    assert Counter(name for name, _key in keys) == {"周若川": many, "林知远": many}, seed
    assert WebhookCall.objects.count() == many, seed
    assert set(Deadline.objects.values_list("reminded_step", flat=True)) == {6}
    assert not Deadline.objects.filter(remind_at__lte="2026-03-09T01:00Z").exists()
