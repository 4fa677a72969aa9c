"""Verifications that wait too long: the district is reminded the day before, the supervisor and the city when late."""

from __future__ import annotations

from portal import deadlines, notifications, rules
from portal.clock import today
from portal.models import Deadline, Office, OfficeRole, User, Verification
from portal.procedures.reminders import ladder

from .people import officials_of

# Our own defaults, no official figures (示例): working days before (-) and after (+) the last day.
LADDER = (-1, 1, 3)
CITY_FROM = 3


def register() -> None:
    """Make the source known; called once when the app is ready."""
    deadlines.register(deadlines.Source("organisation.verify", ladder(*LADDER), remind))


def remind(deadline: Deadline, _step: int) -> None:
    """Tell officers and supervisors of the district; from the third working day late the city's supervisors too."""
    rows = Verification.objects.select_related("organisation__district")
    verification = rows.get(number=deadline.subject_number)
    district, due = verification.organisation.district, deadline.target_on
    late = rules.calendar().workdays_between(due, today()) if today() > due else 0
    values = {
        "organisation": verification.organisation.name,
        "due": due.isoformat(),
        "days": late,
        "district": {"zh": district.name_zh, "en": district.name_en},
    }
    key, link = f"deadline:{deadline.pk}:{due}:{late}", f"/verifications/{verification.number}/"
    template = "verification_overdue" if late else "verification_due_soon"
    people = officials_of(district, OfficeRole.OFFICER, OfficeRole.SUPERVISOR)
    notifications.notify(template, people, key=key, values=values, link=link)
    if late >= CITY_FROM:
        link = f"/organisations/{verification.organisation.number}/"
        notifications.notify("verification_overdue", _city(), key=f"{key}:city", values=values, link=link)


def _city() -> list[User]:
    rows = User.objects.filter(
        postings__office__kind=Office.Kind.CITY,
        postings__role=OfficeRole.SUPERVISOR,
        postings__ended_at=None,
        is_active=True,
    )
    return list(rows.distinct())
