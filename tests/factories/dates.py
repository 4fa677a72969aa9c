"""Dates with a ladder, as a workstream would compute them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.models import Deadline, Organisation

TARGET = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)
BANDS = [
    {"from": "2026-03-11", "to": "2026-04-10", "surcharge": "0.00"},
    {"from": "2026-04-11", "to": "2026-05-11", "surcharge": "100.00"},
]
LADDER = [*(TARGET - DAY * count for count in (90, 60, 30, 15, 7, 1)), dt.date(2026, 3, 11), dt.date(2026, 4, 11)]


def make_date(organisation: Organisation, **extra: Any) -> Deadline:
    """Return an annuity that is reminded of next on its first rung."""
    values: dict[str, Any] = {
        "organisation": organisation,
        "subject_type": "right",
        "subject_number": f"R{Deadline.objects.count()}",
        "rule_code": "right.annuity",
        "owner": "applicant",
        "trigger_event": "annuity",
        "trigger_on": TARGET,
        "nominal_on": TARGET,
        "target_on": TARGET,
        "legal_on": TARGET,
        "grace_on": dt.date(2026, 5, 11),
        "bands": BANDS,
        "title": "压力传感芯片",
        "amount": 300,
        "remind_days": LADDER,
        "remind_at": dt.datetime(2025, 12, 10, 0, 30, tzinfo=dt.UTC),
        **extra,
    }
    return Deadline.objects.create(**values)
