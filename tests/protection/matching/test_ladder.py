"""A serious alert that nobody reads climbs: members, owner, call list; once each, and not a rung after it is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.models import Notification, Organisation, User
from services.protection import delivering, ladder
from services.protection.models import Alert, AlertDelivery
from tests.factories.people import join, make_user

from .oracle import Asked
from .world import make_version

pytestmark = pytest.mark.django_db
Make = Callable[..., Organisation]
ASKED = Asked(ipc=["G01L"])


@pytest.fixture
def delivery(firm: Make, frozen: Callable[[str], None]) -> AlertDelivery:
    frozen("2026-03-09 10:00")  # a Monday
    organisation = firm()
    join(make_user(), organisation, "member")
    make_version(ASKED, severity=3, confirm_days=3)
    delivering.sweep()
    Notification.objects.all().delete()
    return AlertDelivery.objects.get()


def rung() -> int:
    return AlertDelivery.objects.get().rung


def test_ladder_climbs_by_working_days(
    delivery: AlertDelivery, owner_of: Callable[..., User], frozen: Callable[[str], None]
) -> None:
    frozen("2026-03-12 08:59")
    assert ladder.sweep() == 0
    frozen("2026-03-12 09:00")
    assert ladder.sweep() == 1 and ladder.sweep() == 0
    first = list(Notification.objects.all())
    assert {row.template for row in first} == {"alert_unread"} and len(first) == 2  # owner and member, no viewer
    frozen("2026-03-13 09:00")
    assert ladder.sweep() == 1 and rung() == 2
    second = Notification.objects.get(template="alert_unread_owner")
    assert second.recipient == owner_of(delivery.organisation) and second.is_urgent
    frozen("2026-03-16 09:00")  # two working days later: Friday does not count, nor the weekend
    assert ladder.sweep() == 0
    frozen("2026-03-17 09:00")
    assert ladder.sweep() == 1 and rung() == 3
    assert AlertDelivery.objects.get().nudge_at is None and Notification.objects.count() == 3
    frozen("2026-04-17 09:00")
    assert ladder.sweep() == 0


@pytest.mark.parametrize("change", ["read", "expired", "left"])
def test_ladder_ends_where_nothing_waits(change: str, delivery: AlertDelivery, frozen: Callable[[str], None]) -> None:
    frozen("2026-03-12 09:00")
    if change == "read":
        AlertDelivery.objects.update(state="read", read_at=delivery.delivered_at)
    elif change == "left":
        AlertDelivery.objects.update(left_at=delivery.delivered_at)
    else:
        Alert.objects.update(status="expired")
    assert ladder.sweep() == 1
    assert rung() == 0 and AlertDelivery.objects.get().nudge_at is None
    assert not Notification.objects.exists()
