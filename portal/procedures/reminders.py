"""What the deadlines of cases and recognitions say, to whom and when: the ladder from the officer to the city.

Reminders leave at 08:30 (`portal.deadlines.MORNING`) on working days only. Days are counted in working days, so that
the ladder stands still over holidays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q

from portal import deadlines, notifications, rules
from portal.clock import today
from portal.models import Application, Deadline, OfficeRole, Recognition, User

from . import clocks, mover
from .reviewing import OWN_STAGES

# Our own defaults, no official figures (示例): working days before (-) and after (+) the last day.
OFFICE_LADDER = (-3, -1, 1, 3, 5)
APPLICANT_LADDER = (-3, -1)
RECOGNITION_LADDER = (-40, -10, -1)
SUPERVISOR_FROM, CITY_FROM = 3, 5


def ladder(*steps: int) -> Callable[[Deadline], Sequence[dt.date]]:
    """Return a function from a deadline to its reminder days; a step is a number of working days from the last day."""

    def days(deadline: Deadline) -> list[dt.date]:
        calendar = rules.calendar()
        return [_step(calendar, deadline.target_on, step) for step in steps]

    return days


def _step(calendar: Any, day: dt.date, step: int) -> dt.date:
    """Return the working day `step` working days from `day`; the day itself need not be one."""
    if step > 0:
        return calendar.add_workdays(day, step)
    found = day
    while not calendar.is_workday(found):
        found -= dt.timedelta(days=1)
    for _turn in range(-step):
        found -= dt.timedelta(days=1)
        while not calendar.is_workday(found):
            found -= dt.timedelta(days=1)
    return found


def register() -> None:
    """Make the sources known; called once when the app is ready."""
    deadlines.register(deadlines.Source("procedure", ladder(*OFFICE_LADDER), remind_office))
    deadlines.register(deadlines.Source("procedure.correction", ladder(*APPLICANT_LADDER), remind_applicant))
    deadlines.register(deadlines.Source("recognition", ladder(*RECOGNITION_LADDER), remind_recognition))


def _case(deadline: Deadline) -> Application:
    rows = Application.objects.select_related("call", "organisation", "office_district", "officer")
    return rows.get(number=deadline.subject_number)


def _key(deadline: Deadline, word: str) -> str:
    """One telling per deadline, day and rung, however often the sweep runs."""
    return f"deadline:{deadline.pk}:{deadline.target_on}:{word}"


def remind_office(deadline: Deadline, _step: int) -> None:
    """Tell whoever must act; when late also the district's supervisors, then the city."""
    application = _case(deadline)
    left = clocks.days_left(deadline.target_on)
    values = {**mover.facts(application, None), "due": deadline.target_on.isoformat(), "left": left, "days": -left}
    if left >= 0:
        mover.tell_office(application, "due_soon", key=_key(deadline, f"{left} left"), values=values)
        return
    mover.tell_office(application, "overdue_officer", key=_key(deadline, f"{-left} late"), values=values)
    is_with_district = application.stage in OWN_STAGES
    if -left >= SUPERVISOR_FROM and is_with_district:
        _tell(application, _supervisors(application), "overdue_supervisor", _key(deadline, "supervisor"), values)
    if -left >= (CITY_FROM if is_with_district else SUPERVISOR_FROM):
        _tell(application, _city(), "overdue_city", _key(deadline, "city"), values)


def _supervisors(application: Application) -> Iterable[User]:
    district = Q(postings__office__district=application.office_district_id)
    return mover.posted(district, [OfficeRole.SUPERVISOR])


def _city() -> Iterable[User]:
    return mover.posted(Q(postings__office__kind="city"), [OfficeRole.SUPERVISOR])


def _tell(application: Application, people: Iterable[User], template: str, key: str, values: dict[str, Any]) -> None:
    people = mover.with_deputies(people)
    link = f"/cases/{application.number}/"
    notifications.notify(template, people, key=key, values=values, link=link, organisation=application.organisation)


def remind_applicant(deadline: Deadline, _step: int) -> None:
    """Tell the enterprise how many working days a correction has left."""
    application = _case(deadline)
    left = clocks.days_left(deadline.target_on)
    if left < 0:
        return  # a sweep that comes too late for this: the lapse itself is told
    values = {**mover.facts(application, None), "due": deadline.target_on.isoformat(), "left": left}
    mover.tell_applicant(application, "correction_due_soon", key=_key(deadline, f"{left} left"), values=values)


TEMPLATES = {
    "recognition.midterm": "midterm_due",
    "recognition.acceptance": "acceptance_due",
    "recognition.expiry": "recognition_expiring",
}


def remind_recognition(deadline: Deadline, step: int) -> None:
    """Tell the enterprise and the city's officers of a mid-term check, an acceptance or the end of validity."""
    recognition = Recognition.objects.select_related("organisation", "application").get(number=deadline.subject_number)
    template = TEMPLATES[deadline.rule_code]
    values = {
        "certificate": recognition.number,
        "organisation": recognition.organisation.name,
        "due": deadline.target_on.isoformat(),
        "left": (deadline.target_on - today()).days,
    }
    key = _key(deadline, str(step))
    mover.tell_applicant(recognition.application, template, key=key, values=values)
    people = mover.posted(Q(postings__office__kind="city"), [OfficeRole.OFFICER])
    link = f"/recognitions/{recognition.number}/"
    notifications.notify(
        template, people, key=f"{key}:office", values=values, link=link, organisation=recognition.organisation
    )
