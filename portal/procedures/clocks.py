"""The working-day clock of a case, recomputed from its events, and the numbers a case shows."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from portal import rules, workdays
from portal.clock import local_date, today
from portal.models import Application, Call, CaseEvent, Stage, Status

from .tables import LIMIT_RULES, Verb

STARTS = (Verb.SUBMIT, Verb.ADVANCE, Verb.REOPEN)


def limit(call: Call, name: str) -> int:
    """Return a limit in working days by its key in LIMIT_RULES: the call's own, else the rule in force."""
    return int(call.limits.get(name) or rules.value(LIMIT_RULES[name]))


def stage_clock(application: Application, *, on: dt.date | None = None) -> workdays.Clock | None:
    """Return the office's clock for the present stage as of `on` (default today); None outside review."""
    if not application.stage or application.status not in (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED):
        return None
    events = list(application.events.values_list("verb", "at"))
    started = [at for verb, at in events if verb in STARTS]
    if not started:
        return None
    began = started[-1]
    since = [(verb, local_date(at)) for verb, at in events if at >= began]
    return workdays.clock(
        local_date(began),
        limit(application.call, application.stage),
        calendar=rules.calendar(),
        today=on or today(),
        pauses=_pauses(since),
    )


def _pauses(events: list[tuple[str, dt.date]]) -> list[workdays.Pause]:
    pauses: list[workdays.Pause] = []
    for verb, day in events:
        if verb == Verb.RETURN:
            pauses.append(workdays.Pause(day))
        elif verb == Verb.RESUBMIT and pauses:
            pauses[-1] = workdays.Pause(pauses[-1].returned_on, day)
    return pauses


def correction_clock(application: Application, *, on: dt.date | None = None) -> workdays.Clock | None:
    """Return the applicant's clock while a correction is open, else None."""
    if application.status != Status.RETURNED:
        return None
    asked = application.corrections.filter(answered_at=None).first()
    if asked is None:
        return None
    return workdays.clock(
        local_date(asked.requested_at),
        limit(application.call, "correction"),
        calendar=rules.calendar(),
        today=on or today(),
    )


def appeal_due_on(application: Application) -> dt.date | None:
    """Return the last day for an appeal against a refusal, or None where nothing was refused."""
    if application.status != Status.REJECTED or application.decided_at is None:
        return None
    return rules.calendar().add_workdays(local_date(application.decided_at), limit(application.call, "appeal_window"))


def days_left(due_on: dt.date, *, on: dt.date | None = None) -> int:
    """Return working days from tomorrow through `due_on`; negative when it has passed."""
    day, calendar = on or today(), rules.calendar()
    if due_on < day:
        return -calendar.workdays_between(due_on, day)
    return calendar.workdays_between(day, due_on)


def next_number(prefix: str, year: int, *, digits: int = 4) -> str:
    """Return the next public number, e.g. SQ-2026-0417. Safe for any number of writers; gaps may occur."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portal_sequence (prefix, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (prefix, year) DO UPDATE SET last = portal_sequence.last + 1 RETURNING last",
            [prefix, year],
        )
        return f"{prefix}-{year}-{cursor.fetchone()[0]:0{digits}d}"


def first_stage(call: Call) -> str:
    """Return the first stage of the call's pattern."""
    return str((call.stages or list(Stage.values))[0])


def stage_after(call: Call, stage: str) -> str | None:
    """Return the stage that follows, or None after the last."""
    pattern = call.stages or list(Stage.values)
    later = pattern[pattern.index(stage) + 1 :]
    return later[0] if later else None


def last_event(application: Application) -> CaseEvent | None:
    """Return the newest step of a case."""
    return application.events.select_related("by").order_by("-at", "-id").first()
