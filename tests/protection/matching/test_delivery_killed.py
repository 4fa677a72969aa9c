"""Delivery killed at random points: started anew, everybody has it exactly once, and every person one notification."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from portal.models import Membership, Notification, Organisation
from services.protection import delivering, exposure
from services.protection.models import Alert, AlertDelivery, AlertNotice, AlertVersion
from tests.factories.killer import Killer
from tests.factories.people import join, make_organisation, make_user

from .oracle import Asked
from .world import edition, make_version

FIRMS, CHUNK = 120, 15
KILLS = int(os.environ.get("KILLS", "20"))


@pytest.fixture
def many(transactional_db: None) -> int:
    template = join(make_user(), make_organisation(), "owner").memberships.get().organisation
    owner = make_user()
    rows = [
        Organisation(
            uscc=f"91310112MA{number:08d}", name=f"某某{number}有限公司", district_id=template.district_id,
            verified_at=None, verified_by=None,
        )
        for number in range(FIRMS - 1)
    ]  # fmt: skip
    Organisation.objects.bulk_create(rows)
    Membership.objects.bulk_create([Membership(organisation=row, user=owner, role="owner") for row in rows])
    exposure.changed()
    return FIRMS


@pytest.fixture
def _fresh_connection() -> Iterator[None]:
    yield
    connection.close()


def current(alert: Alert) -> AlertVersion:
    return AlertVersion.objects.get(alert=alert, stage="published")


@pytest.mark.usefixtures("_fresh_connection")
def test_delivery_killed_twenty_times(many: int) -> None:
    alert = make_version(Asked(), severity=3, change_note="改了")
    alert = alert.alert
    deaths = editions = 0
    with Killer(KILLS, pause=0.05) as killer:
        for _turn in range(2000):
            try:
                killer.aim()
                delivering.deliver(alert, chunk=CHUNK)
                editions += 1
                if killer.is_through:
                    break
                edition(alert, Asked(), severity=3, change_note="改了")  # so that there is something to be killed in
            except DatabaseError:
                deaths += 1
                connection.close()
    delivering.deliver(Alert.objects.get(pk=alert.pk), chunk=CHUNK)
    seed, last = killer.seed, current(alert)
    assert killer.is_through and deaths, (seed, killer.kills, deaths)
    assert AlertDelivery.objects.filter(version=last).count() == AlertDelivery.objects.count() == many, seed
    told = Counter(AlertNotice.objects.values_list("delivery", "version"))
    assert set(told.values()) == {1}, seed
    assert AlertNotice.objects.filter(version=last).count() == many, seed
    keys = Counter(Notification.objects.values_list("recipient", "key"))
    assert set(keys.values()) == {1}, seed
    assert len(keys) == AlertNotice.objects.count(), seed  # one person in each enterprise
    assert editions >= 1
