"""Risk alerts at any stage, made straight in the tables: whole texts in both languages, author and reviewer apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.clock import now, today
from portal.models import User
from portal.procedures import clocks
from services.protection.drafting import PREFIX
from services.protection.models import Alert, AlertKind, AlertVersion, Severity

from . import people

Stage = AlertVersion.Stage
WHOLE: dict[str, Any] = {
    "kind": AlertKind.WARNING.value,
    "severity": Severity.NOTABLE.value,
    "title": "美国对压力传感器封装技术发起调查（示例）",
    "title_en": "Investigation of pressure sensor packages in the US (sample)",
    "summary": "凡对美销售同类产品的企业，请在 30 天内核对产品是否落入所列权利要求。",
    "summary_en": "Whoever sells such products to the US should check the claims within 30 days.",
    "body": "## 背景\n\n调查涉及**晶圆级封装**的压力传感器。",
    "body_en": "## Background\n\nThe investigation concerns **wafer-level packages**.",
    "checklist": [
        {"zh": "核对在美产品", "en": "Check your products in the US"},
        {"zh": "保留设计与采购记录", "en": "Keep records of design and purchase"},
    ],
    "sources": [{"name": "调查公告（示例）", "on": "2026-11-17", "url": ""}],
    "confirm_days": 0,
    "countries": ["US"],
    "ipc": ["G01L 9/*"],
}


def city_person(name: str = "", role: str = "publisher") -> User:
    """Return a person of the city's desk with a second factor."""
    return people.post(people.make_user(name), "city", role)


def make_alert(
    stage: str = Stage.DRAFT, *, author: User | None = None, reviewer: User | None = None, **values: Any
) -> AlertVersion:
    """Return the first version of a new alert at a stage; `values` are columns of the version, or `district`."""
    author = author or city_person()
    moment = now()
    district = values.pop("district", None)
    number = clocks.next_number(PREFIX, today().year, digits=3)
    alert = Alert.objects.create(number=number, district=district, created_by=author, created_at=moment)
    data = WHOLE | {"valid_from": today(), "valid_to": today() + dt.timedelta(days=180)} | values
    version = AlertVersion(alert=alert, stage=stage, author=author, created_at=moment, updated_at=moment, **data)
    if stage in (Stage.IN_REVIEW, Stage.SCHEDULED, Stage.PUBLISHED):
        version.submitted_at = moment
    if stage in (Stage.SCHEDULED, Stage.PUBLISHED):
        version.reviewer, version.reviewed_at = reviewer or city_person(), moment
    if stage == Stage.PUBLISHED:
        version.published_at = version.published_at or moment
    version.save()
    if stage == Stage.PUBLISHED:
        alert.current, alert.status, alert.published_at = version, Alert.Status.PUBLISHED, version.published_at
        alert.save()
    return version


def published_alert(**values: Any) -> Alert:
    """Return a published alert; its `current` holds the texts and criteria."""
    return make_alert(Stage.PUBLISHED, **values).alert
