"""Deliveries as the matching would have written them."""

from __future__ import annotations

import itertools
from typing import Any

from portal.clock import now
from portal.models import Organisation, User
from services.protection.models import Alert, AlertDelivery, AlertNotice, AlertVersion, Severity
from tests.factories import people

_counter = itertools.count(1)
STEPS = [
    {"zh": "核对在美产品", "en": "Check the products sold in the US"},
    {"zh": "保留记录", "en": "Keep the records"},
]


def make_version(*, author: User | None = None, **values: Any) -> AlertVersion:
    """Return a published edition of a new alert."""
    author = author or people.post(people.make_user("秦望舒"), "city", "publisher")
    reviewer = people.post(people.make_user("陆清和"), "city", "publisher")
    alert = Alert.objects.create(number=f"FX-2026-9{next(_counter):02d}", created_by=author)
    told: dict[str, Any] = {
        "title": "美国对压力传感器封装技术发起调查，请核对在美产品",
        "title_en": "US investigation into pressure sensor packaging",
        "severity": Severity.SERIOUS,
        "checklist": STEPS,
        "countries": ["US"],
        "sources": [{"name": "调查公告（示例）", "on": "2026-11-17", "url": ""}],
        "summary": "调查涉及晶圆级封装的压力传感器。",
        "body": "**晶圆级封装**的压力传感器。",
        **values,
    }
    version = AlertVersion.objects.create(
        alert=alert, author=author, reviewer=reviewer, reviewed_at=now(), stage="published", published_at=now(), **told
    )
    alert.status, alert.current, alert.published_at = Alert.Status.PUBLISHED, version, version.published_at
    alert.save()
    return version


def deliver(
    organisation: Organisation, version: AlertVersion | None = None, *, author: User | None = None, **values: Any
) -> AlertDelivery:
    """Return a delivery of the edition to the enterprise."""
    version = version or make_version(author=author)
    told: dict[str, Any] = {"reasons": [{"code": "exports", "values": {"country": "US"}}], **values}
    row = AlertDelivery.objects.create(alert=version.alert, version=version, organisation=organisation, **told)
    AlertNotice.objects.create(delivery=row, version=version, what=AlertNotice.What.NEW)
    return row
