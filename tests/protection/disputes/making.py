"""Disputes as a person would open them, and what the log and the inboxes say afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.models import AuditEvent, Notification, Organisation, User
from services.protection import loading
from services.protection.disputes import keeping
from services.protection.models import Country, OverseasDispute

SERVED = dt.date(2026, 11, 9)  # a Monday
NOON = "2026-11-22T12:00"


def facts(**values: Any) -> dict[str, Any]:
    """Return the facts of a US law suit over a patent, with others where given."""
    loading.ensure()
    found: dict[str, Any] = {
        "title": "美国传感器案",
        "country": "US",
        "forum": "us_court",
        "side": "accused",
        "opponent": "Northwind",
        "right_kind": "invention",
        "served_on": SERVED,
        **values,
    }
    return {**found, "country": Country.objects.get(pk=found["country"])}


def open_file(
    organisation: Organisation, by: User, readers: list[User] | None = None, **values: Any
) -> OverseasDispute:
    return keeping.open_file(
        organisation, values=facts(**values), readers=[person.pk for person in readers or []], by=by
    )


def log_of(dispute: OverseasDispute) -> list[tuple[str, str]]:
    rows = AuditEvent.objects.filter(subject_type="dispute", subject_id=dispute.number).order_by("sequence")
    return list(rows.values_list("action", "actor_name"))


def told(template: str) -> list[tuple[str, str]]:
    """Return (recipient, link) of every notification of a template."""
    rows = Notification.objects.filter(template=template).order_by("recipient__name")
    return list(rows.values_list("recipient__name", "link"))
