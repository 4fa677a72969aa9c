"""Deadlines of cases and rights: open, meet, move, cancel, and one sweep that reminds.

A row is reminded at `remind_at`; the sweep claims due rows by one conditional UPDATE, so that missed runs heal and
double runs are harmless. What a reminder says and to whom is registered per deadline source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction

from portal.clock import SHANGHAI, now
from portal.models import Deadline, Organisation

log = structlog.get_logger(__name__)

MORNING = dt.time(8, 30)
BATCH = 1000


@dataclass(frozen=True)
class Source:
    """How one rule code reminds: the days on which, from the dates, and the action that tells people."""

    rule_code: str
    ladder: Callable[[Deadline], Sequence[dt.date]]
    remind: Callable[[Deadline, int], None]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a source of deadlines known; rule codes are matched by their longest registered prefix."""
    _sources[source.rule_code] = source


def source_of(rule_code: str) -> Source | None:
    """Return the source registered for the rule code or its longest prefix ending at a dot."""
    name = rule_code
    while name:
        if name in _sources:
            return _sources[name]
        name = name.rpartition(".")[0]
    return None


def open_deadline(
    *,
    organisation: Organisation,
    subject: tuple[str, str],
    rule_code: str,
    owner: str,
    trigger_event: str,
    trigger_on: dt.date,
    target_on: dt.date,
    legal_on: dt.date | None = None,
    basis: str = "",
    is_provisional: bool = False,
) -> Deadline:
    """Open a deadline, or move the open one of the same subject, rule and trigger; return it."""
    deadline, _created = Deadline.objects.update_or_create(
        subject_type=subject[0],
        subject_number=subject[1],
        rule_code=rule_code,
        trigger_on=trigger_on,
        met_at=None,
        cancelled_at=None,
        defaults={
            "organisation": organisation,
            "owner": owner,
            "trigger_event": trigger_event,
            "target_on": target_on,
            "legal_on": legal_on or target_on,
            "basis": basis,
            "is_provisional": is_provisional,
            "reminded_step": 0,
        },
    )
    deadline.remind_at = _next_reminder(deadline, after=now())
    deadline.save(update_fields=["remind_at"])
    return deadline


def meet(subject: tuple[str, str], *, by: Any = None, rule_code: str | None = None) -> int:
    """Mark the open deadlines of a subject (of one rule code) as met; return how many."""
    return _open_of(subject, rule_code).update(met_at=now(), met_by=by, remind_at=None)


def cancel(subject: tuple[str, str], *, reason: str, rule_code: str | None = None) -> int:
    """Cancel the open deadlines of a subject (of one rule code); return how many."""
    return _open_of(subject, rule_code).update(cancelled_at=now(), cancelled_reason=reason[:200], remind_at=None)


def _open_of(subject: tuple[str, str], rule_code: str | None) -> Any:
    rows = Deadline.objects.open().filter(subject_type=subject[0], subject_number=subject[1])
    return rows.filter(rule_code=rule_code) if rule_code else rows


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, tzinfo=SHANGHAI)


def _next_reminder(deadline: Deadline, *, after: dt.datetime) -> dt.datetime | None:
    source = source_of(deadline.rule_code)
    ladder = source.ladder(deadline) if source else ()
    return next((_moment(day) for day in sorted(ladder) if _moment(day) > after), None)


def sweep(*, limit: int = BATCH) -> int:
    """Remind of every deadline whose moment has come; return how many. Safe to run twice at once.

    Rows that carry their whole ladder are `portal.reminding`'s, which takes them by statement. A row whose reminder
    fails waits an hour and does not hold up the others.
    """
    done = 0
    due = Deadline.objects.open().filter(remind_at__lte=now(), remind_days=None).order_by("remind_at", "pk")
    for pk, moment in list(due.values_list("pk", "remind_at")[:limit]):
        try:
            done += _remind(pk, moment)
        except Exception:
            log.exception("reminder_failed", deadline=pk)
            Deadline.objects.filter(pk=pk, remind_at=moment).update(remind_at=now() + dt.timedelta(hours=1))
    return done


@transaction.atomic
def _remind(pk: int, moment: dt.datetime | None) -> int:
    """Claim one row that still waits for this moment, tell people, and set the next moment."""
    row = (
        Deadline.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("organisation")
        .filter(pk=pk, remind_at=moment, met_at=None, cancelled_at=None)
        .first()
    )
    if row is None:
        return 0
    source = source_of(row.rule_code)
    row.reminded_step += 1
    row.remind_at = _next_reminder(row, after=now())
    row.save(update_fields=["reminded_step", "remind_at"])
    if source is not None:
        source.remind(row, row.reminded_step)
    return 1
