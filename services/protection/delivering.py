"""Delivery of alerts: who is concerned gets one row, one record per edition and one notification per person.

One statement per range of organisations, each range a transaction of its own: killed at any point and started anew, the
result is the same. An edition that follows another tells those who had it what changed, those it newly concerns what
is new, and those it concerns no more that they may put it aside.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Max, Min

from portal import nudges, rules
from portal.clock import SHANGHAI, now, today
from portal.models import Organisation
from portal.quiet import moments
from services.protection import delivery_statements as statements
from services.protection import exposure
from services.protection.audience import TOLD
from services.protection.criteria import Criteria, statement
from services.protection.models import Alert, AlertDelivery, AlertVersion, Severity

log = structlog.get_logger(__name__)

CHUNK = 50_000  # organisations of one transaction
CONFIRM_DAYS = 3  # working days until the first reminder, where the alert names no time for confirming
MORNING = dt.time(9)


@dataclass(frozen=True)
class Told:
    """How many enterprises were told, and of what."""

    new: int = 0
    corrected: int = 0
    left: int = 0
    withdrawn: int = 0

    def __add__(self, other: Told) -> Told:
        pairs = zip(self.counts, other.counts, strict=True)
        return Told(*(one + two for one, two in pairs))

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.new, self.corrected, self.left, self.withdrawn


@dataclass(frozen=True)
class Scope:
    """A condition on organisation_id: a range, or some of them."""

    sql: str
    within: tuple[Any, ...]
    is_wide: bool = False


def deliver(alert: Alert, *, organisations: list[int] | None = None, chunk: int = CHUNK) -> Told:
    """Tell whom the alert concerns now, or that it is withdrawn; nobody the same twice. Safe to run twice at once.

    `organisations` (keys) limits it to those whose exposure changed.
    """
    alert.refresh_from_db()
    version = alert.current
    if version is not None and alert.status == Alert.Status.WITHDRAWN:
        return _finish(alert, _withdraw(alert, version, chunk))
    if version is None or alert.status != Alert.Status.PUBLISHED:
        return _finish(alert, Told())
    told = Told()
    for scope in _ranges(chunk) if organisations is None else [Scope("= ANY(%s)", (organisations,))]:
        batch = _batch(alert, version, scope)
        if batch is None:  # another edition took its place, or it was withdrawn: the next run is about that
            return told
        told += batch
    return _finish(alert, told) if organisations is None else told


def sweep() -> Told:
    """Deliver what waits for it: new editions, withdrawals. What enterprises changed until now counts."""
    told = Told()
    due = Alert.objects.filter(match_after__lte=now()).order_by("match_after", "pk")
    if due.exists():
        exposure.changed()
    for alert in due.select_related("current"):
        told += deliver(alert)
    return told


def match_changed() -> Told:
    """Let enterprises whose rights, markets, profile or watches changed meet the alerts that are valid."""
    told, keys = Told(), exposure.changed()
    if keys:
        for alert in Alert.objects.valid().select_related("current").order_by("pk"):
            told += deliver(alert, organisations=keys)
    return told


def match_everybody() -> Told:
    """Refresh all exposure and let everybody meet the alerts that are valid: the nightly job."""
    exposure.everything()
    told = Told()
    for alert in Alert.objects.valid().select_related("current").order_by("pk"):
        told += deliver(alert)
    log.info("alerts_matched", **told.__dict__)
    return told


# --- one range ----------------------------------------------------------------------------------------------------
def _ranges(chunk: int) -> Iterator[Scope]:
    ends = Organisation.objects.aggregate(low=Min("pk"), high=Max("pk"))
    for low in range(ends["low"] or 0, (ends["high"] or -1) + 1, chunk):
        yield Scope("BETWEEN %s AND %s", (low, low + chunk - 1), is_wide=True)


@transaction.atomic
def _batch(alert: Alert, version: AlertVersion, scope: Scope) -> Told | None:
    """Match and tell the organisations of one range; None where the edition is no longer the current one."""
    row = Alert.objects.select_for_update(no_key=True).get(pk=alert.pk)
    if row.status != Alert.Status.PUBLISHED or row.current_id != version.pk:
        return None
    audience, named = _named(*statement(Criteria.of(version), scope=scope.sql, within=scope.within), prefix="a")
    within, limits = _named(scope.sql, list(scope.within), prefix="s")
    sql = statements.DELIVER.replace("{audience}", audience).replace("{scope}", within)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off; SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'")
        if scope.is_wide:  # the planner guesses 200 enterprises, and would probe for each of them
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(sql, {**_params(alert, version), **named, **limits})
        *counts, mails, calls = cursor.fetchone()
    nudges.wake(mails, calls)
    return Told(*counts)


def _named(sql: str, values: list[Any], *, prefix: str) -> tuple[str, dict[str, Any]]:
    """Return a statement with its placeholders named, to stand inside another."""
    names = [f"{prefix}{place}" for place in range(len(values))]
    left = iter(names)
    return re.sub("%s", lambda _found: f"%({next(left)})s", sql), dict(zip(names, values, strict=True))


def _params(alert: Alert, version: AlertVersion) -> dict[str, Any]:
    """Return what the statements name besides the audience."""
    days = version.confirm_days or CONFIRM_DAYS
    last = rules.calendar().add_workdays(today(), days)
    confirm_on = last if version.confirm_days else None
    values: dict[str, Any] = {
        "number": alert.number,
        "edition": version.edition,
        "title": _pair(version, "title"),
        "summary": _pair(version, "summary"),
        "change": _pair(version, "change_note"),
        "confirm": confirm_on.isoformat() if confirm_on else None,
        "reason": {"zh": alert.withdrawn_reason, "en": alert.withdrawn_reason_en},
    }
    return {
        **moments(now()),
        **{"alert": alert.pk, "version": version.pk, "edition": version.edition, "number": alert.number},
        "checklist": json.dumps(version.checklist, ensure_ascii=False),
        **{"is_serious": version.severity >= Severity.SERIOUS, "told": list(TOLD), "confirm_on": confirm_on},
        "nudge_at": dt.datetime.combine(last, MORNING, tzinfo=SHANGHAI) if version.is_serious else None,
        "values": json.dumps(values, ensure_ascii=False),
    }


def _pair(version: AlertVersion, name: str) -> dict[str, str]:
    return {"zh": getattr(version, name), "en": getattr(version, f"{name}_en")}


# --- withdrawal ---------------------------------------------------------------------------------------------------
def _withdraw(alert: Alert, version: AlertVersion, chunk: int) -> Told:
    """Tell everybody who has it that it is withdrawn, range by range."""
    ends = AlertDelivery.objects.filter(alert=alert).aggregate(low=Min("pk"), high=Max("pk"))
    told = Told()
    for low in range(ends["low"] or 0, (ends["high"] or -1) + 1, chunk):
        told += _withdraw_some(alert, version, low, low + chunk - 1)
    return told


@transaction.atomic
def _withdraw_some(alert: Alert, version: AlertVersion, low: int, high: int) -> Told:
    with connection.cursor() as cursor:
        cursor.execute(statements.WITHDRAW, {**_params(alert, version), "low": low, "high": high})
        count, mails, calls = cursor.fetchone()
    nudges.wake(mails, calls)
    return Told(withdrawn=count)


@transaction.atomic
def _finish(alert: Alert, told: Told) -> Told:
    """Note that it is delivered, unless something new was asked for meanwhile."""
    row = Alert.objects.filter(pk=alert.pk, match_after=alert.match_after, current=alert.current_id)
    if row.filter(status=alert.status).update(match_after=None) and alert.status == Alert.Status.PUBLISHED:
        alert.versions.filter(stage=AlertVersion.Stage.PUBLISHED, delivered_at=None).update(delivered_at=now())
    return told
