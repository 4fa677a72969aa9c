"""City and districts at work together: tasks with each district's share, meetings, reminders (safeguard 1).

A share belongs to an office, not to an enterprise, so it carries its own next reminder moment; `sweep` claims due rows
by the moment, like the sweep of `portal.deadlines`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import audit, clauses, files, notifications, rules
from portal.clock import SHANGHAI, now, today
from portal.errors import RuleBroken
from portal.models import CityTask, District, Meeting, Office, OfficeRole, TaskNote, TaskShare, User
from portal.organisations.people import officials_of
from portal.permissions import Permission, check
from portal.procedures import clocks

State = TaskShare.State
# Our own defaults, no official figures (示例): working days before (-) and after (+) the due day.
LADDER = (-5, -1, 1, 3)
CITY_FROM = 3
MORNING = dt.time(8, 30)
BATCH = 200
WORKING = (OfficeRole.OFFICER, OfficeRole.SUPERVISOR)
CITY_ROLES = (OfficeRole.OFFICER, OfficeRole.SUPERVISOR, OfficeRole.ADMINISTRATOR)


@transaction.atomic
def create_task(
    *,
    title: str,
    clause: str,
    description: str,
    due_on: dt.date,
    districts: Iterable[District],
    for_city: bool = False,
    meeting: Meeting | None = None,
    by: User,
) -> CityTask:
    """Give districts (and the city's own office) a task; each hears of it. Raises Denied, RuleBroken."""
    check(by, Permission.COORDINATE)
    places: list[District | None] = [*districts, *([None] if for_city else [])]
    if not places:
        raise RuleBroken(_("请至少选择一个承办单位。"), code="nobody")
    if clause not in clauses.CLAUSES:
        raise RuleBroken(_("请选择条款。"), code="unknown_clause")
    if due_on < today():
        raise RuleBroken(_("期限不能早于今天。"), code="due_in_the_past")
    moment = now()
    task = CityTask.objects.create(
        number=clocks.next_number("RW", today().year), title=title, clause=clause, description=description,
        due_on=due_on, meeting=meeting, created_at=moment, created_by=by,
    )  # fmt: skip
    first = next_reminder(due_on)
    shares = [TaskShare(task=task, district=place, updated_at=moment, remind_at=first) for place in places]
    TaskShare.objects.bulk_create(shares)
    codes = [place.code if place else "city" for place in places]
    audit.record(task, "task.given", by=by, data={"title": title, "due": str(due_on), "to": codes})
    for share in shares:
        _tell(share, "task_given", f"task:{task.number}:given:{share.district_id or 'city'}")
    return task


@transaction.atomic
def progress(share: TaskShare, *, text: str, is_done: bool = False, uploaded: File | None = None, by: User) -> TaskNote:
    """Write down what was done, with a file where there is one; the last line may finish the share.

    Raises Denied; RuleBroken once it is finished. The city office can read the file.
    """
    share = _locked(share)
    check(by, Permission.WORK_ON_TASK if share.district_id else Permission.COORDINATE, share)
    if share.state == State.DONE:
        raise RuleBroken(_("这项任务已经完成。需要补充时，请市级退回后再填。"), code="done")
    file = files.attach(uploaded, slot="city-task", by=by, is_for_city=True) if uploaded else None
    _move(share, State.DONE if is_done else State.IN_HAND, by)
    note = _note(share, text, by, file)
    data = {"district": share.district_id or "city", "state": share.state, "file": file.number if file else ""}
    audit.record(share.task, "task.progress", by=by, data=data)
    if is_done:
        _tell_city(share, "task_done", f"task:{share.pk}:done:{note.pk}")
    return note


@transaction.atomic
def send_back(share: TaskShare, *, reason: str, by: User) -> TaskShare:
    """Send a finished share back with a reason. Raises Denied, RuleBroken while it is not finished."""
    share = _locked(share)
    check(by, Permission.COORDINATE)
    if share.state != State.DONE:
        raise RuleBroken(_("这项任务还没有完成，不需要退回。"), code="not_done")
    _move(share, State.IN_HAND, by)
    note = _note(share, reason, by)
    audit.record(share.task, "task.sent_back", by=by, data={"district": share.district_id or "city", "reason": reason})
    _tell(share, "task_sent_back", f"task:{share.pk}:back:{note.pk}", reason=reason)
    return share


def _locked(share: TaskShare) -> TaskShare:
    return TaskShare.objects.select_for_update(of=("self",)).select_related("task", "district").get(pk=share.pk)


def _move(share: TaskShare, state: str, by: User) -> None:
    is_done = state == State.DONE
    share.state, share.updated_at = state, now()
    share.done_at, share.done_by = (now(), by) if is_done else (None, None)
    share.remind_at = None if is_done else next_reminder(share.task.due_on)
    share.save(update_fields=["state", "updated_at", "done_at", "done_by", "remind_at"])


def _note(share: TaskShare, text: str, by: User, file: Any = None) -> TaskNote:
    return TaskNote.objects.create(
        share=share, text=text, file=file, state=share.state, at=now(), by=by, by_name=by.name
    )


# --- meetings -----------------------------------------------------------------------------------------------------
@transaction.atomic
def create_meeting(*, title: str, held_on: dt.date, agenda: str, minutes: str = "", by: User) -> Meeting:
    """Enter a meeting. Raises Denied."""
    check(by, Permission.COORDINATE)
    meeting = Meeting.objects.create(
        number=clocks.next_number("HY", today().year, digits=3), title=title, held_on=held_on, agenda=agenda,
        minutes=minutes, created_at=now(), created_by=by, updated_at=now(),
    )  # fmt: skip
    audit.record(meeting, "meeting.entered", by=by, data={"title": title, "on": str(held_on)})
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, *, by: User, **values: Any) -> Meeting:
    """Change agenda, minutes, title or day; the log keeps what it was. Raises Denied."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    check(by, Permission.COORDINATE)
    before = {name: str(getattr(meeting, name)) for name in values if getattr(meeting, name) != values[name]}
    for name in before:
        setattr(meeting, name, values[name])
    meeting.updated_at = now()
    meeting.save(update_fields=[*before, "updated_at"])
    audit.record(meeting, "meeting.changed", by=by, data={"before": before})
    return meeting


# --- reminders ----------------------------------------------------------------------------------------------------
def next_reminder(due_on: dt.date) -> dt.datetime | None:
    """Return the next rung of the ladder after this moment; None past the last."""
    calendar = rules.calendar()
    days = []
    for rung in LADDER:
        if rung > 0:
            days.append(calendar.add_workdays(due_on, rung))
        else:
            day = due_on
            for _step in range(-rung):
                day = calendar.last_workday(day - dt.timedelta(days=1))
            days.append(day)
    moments = (dt.datetime.combine(day, MORNING, tzinfo=SHANGHAI) for day in days)
    return next((moment for moment in moments if moment > now()), None)


def sweep(*, limit: int = BATCH) -> int:
    """Remind of the shares whose moment has come; return how many. Safe to run twice at once."""
    due = TaskShare.objects.open().filter(remind_at__lte=now()).order_by("remind_at", "pk")
    done = 0
    for pk, moment in list(due.values_list("pk", "remind_at")[:limit]):
        done += _remind(pk, moment)
    return done


@transaction.atomic
def _remind(pk: int, moment: dt.datetime | None) -> int:
    """Claim one row that still waits for this moment and tell its office; from the third day late the city too."""
    rows = TaskShare.objects.select_for_update(skip_locked=True, of=("self",)).select_related("task", "district")
    share = rows.filter(pk=pk, remind_at=moment, done_at=None).first()
    if share is None:
        return 0
    due_on = share.task.due_on
    share.remind_at = next_reminder(due_on)
    share.save(update_fields=["remind_at"])
    late = rules.calendar().workdays_between(due_on, today()) if today() > due_on else 0
    key = f"task:{share.pk}:{due_on}:{today()}"
    _tell(share, "task_overdue" if late else "task_due_soon", key, days=late)
    if late >= CITY_FROM:
        _tell_city(share, "task_overdue_city", f"{key}:city", days=late)
    return 1


def _values(share: TaskShare, **more: Any) -> dict[str, Any]:
    place = share.district
    office = {"zh": place.name_zh, "en": place.name_en} if place else {"zh": "市级", "en": "the city office"}
    return {"title": share.task.title, "due": share.task.due_on.isoformat(), "office": office, **more}


def _tell(share: TaskShare, template: str, key: str, **more: Any) -> None:
    people = officials_of(share.district, *WORKING) if share.district else city_people()
    link = reverse("task-share", args=[share.number])
    notifications.notify(template, people, key=key, values=_values(share, **more), link=link)


def _tell_city(share: TaskShare, template: str, key: str, **more: Any) -> None:
    """Tell who gave the task, as long as that person may sign in, and the city's supervisors."""
    people = User.objects.filter(Q(pk=share.task.created_by_id) | Q(pk__in=city_people(OfficeRole.SUPERVISOR)))
    link = reverse("task-share", args=[share.number])
    notifications.notify(template, people, key=key, values=_values(share, **more), link=link)


def city_people(*roles: str) -> Any:
    """Return the people of the city's office who coordinate, or those with the roles named."""
    return User.objects.filter(
        postings__office__kind=Office.Kind.CITY,
        postings__role__in=roles or CITY_ROLES,
        postings__ended_at=None,
        is_active=True,
    ).distinct()
