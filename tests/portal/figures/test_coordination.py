"""Tasks from the city to districts: given, worked on, finished, sent back, reminded; meetings."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enterprises.demo import sample_pdf
from portal import audit, coordination
from portal.clock import today
from portal.errors import Denied, RuleBroken
from portal.models import CityTask, District, Meeting, Notification, TaskNote, TaskShare, User

State = TaskShare.State


def give(by: User, *slugs: str, days: int = 20, **extra: Any) -> CityTask:
    values: dict[str, Any] = {
        "title": "逐户提醒", "clause": "4", "description": "逐户联系。", "due_on": today() + dt.timedelta(days=days),
        "districts": District.objects.filter(slug__in=slugs), **extra,
    }  # fmt: skip
    return coordination.create_task(**values, by=by)


def told(template: str) -> set[int]:
    return set(Notification.objects.filter(template=template).values_list("recipient", flat=True))


@pytest.fixture
def share(city_officer: User, officer: User) -> TaskShare:
    return give(city_officer, "minhang").shares.get()


def test_a_task_reaches_its_districts(city_officer: User, officer: User, supervisor: User, other_officer: User) -> None:
    task = give(city_officer, "minhang", "xuhui")
    assert set(task.shares.values_list("state", "district__slug")) == {("open", "minhang"), ("open", "xuhui")}
    assert told("task_given") == {officer.pk, supervisor.pk, other_officer.pk}
    assert [event.action for event in audit.history_of(task)] == ["task.given"]
    assert all(task.shares.values_list("remind_at", flat=True))


def test_only_the_city_gives_tasks_and_only_sound_ones(city_officer: User, officer: User) -> None:
    with pytest.raises(Denied):
        give(officer, "minhang")
    for wrong in ({"clause": "99"}, {"due_on": today() - dt.timedelta(days=1)}, {"districts": []}):
        with pytest.raises(RuleBroken):
            give(city_officer, "minhang", **wrong)
    assert CityTask.objects.count() == 0


def test_progress_with_evidence_finishes_a_share_and_may_be_sent_back(
    share: TaskShare, officer: User, other_officer: User, city_officer: User, city_supervisor: User
) -> None:
    paper = SimpleUploadedFile("清单.pdf", sample_pdf(), content_type="application/pdf")
    with pytest.raises(Denied):
        coordination.progress(share, text="不是我们的", by=other_officer)
    with pytest.raises(Denied):
        coordination.progress(share, text="市级不代填", by=city_officer)
    note = coordination.progress(share, text="已联系 20 家", uploaded=paper, by=officer)
    share.refresh_from_db()
    assert (share.state, note.file is not None and note.file.is_for_city) == (State.IN_HAND, True)
    coordination.progress(share, text="全部完成", is_done=True, by=officer)
    share.refresh_from_db()
    assert (share.state, share.done_by, share.remind_at) == (State.DONE, officer, None)
    assert told("task_done") == {city_officer.pk, city_supervisor.pk}
    with pytest.raises(RuleBroken):
        coordination.progress(share, text="再补一句", by=officer)
    coordination.send_back(share, reason="请附清单", by=city_officer)
    share.refresh_from_db()
    assert (share.state, share.done_at, share.remind_at is not None) == (State.IN_HAND, None, True)
    assert told("task_sent_back") == {officer.pk}
    with pytest.raises(RuleBroken):
        coordination.send_back(share, reason="再次", by=city_officer)
    actions = [event.action for event in audit.history_of(share.task)]
    assert actions == ["task.given", "task.progress", "task.progress", "task.sent_back"]


def test_nothing_stays_when_the_log_fails(share: TaskShare, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        coordination.progress(share, text="完成", is_done=True, by=officer)
    share.refresh_from_db()
    assert (share.state, TaskNote.objects.count()) == (State.OPEN, 0)


def test_reminders_climb_from_the_office_to_the_city(
    city_officer: User, officer: User, frozen: Callable[[Any], None]
) -> None:
    frozen("2026-11-02 09:00")  # a Monday
    share = give(city_officer, "minhang", due_on=dt.date(2026, 11, 16)).shares.get()
    seen = []
    for day in range(3, 26):
        frozen(f"2026-11-{day:02} 09:00")
        if coordination.sweep():
            assert coordination.sweep() == 0, "the same rung is taken once"
            seen.append(day)
    assert seen == [9, 13, 17, 19]
    share.refresh_from_db()
    assert (share.remind_at, TaskShare.objects.overdue().count()) == (None, 1)
    assert told("task_due_soon") == told("task_overdue") == {officer.pk}
    assert told("task_overdue_city") == {city_officer.pk}
    assert Notification.objects.filter(template="task_overdue").count() == 2


def test_who_sees_which_share(city_officer: User, officer: User, other_officer: User, applicant: User) -> None:
    give(city_officer, "minhang", "xuhui", for_city=True)
    seen = [TaskShare.objects.visible_to(user).count() for user in (city_officer, officer, other_officer, applicant)]
    assert seen == [3, 1, 1, 0]
    assert CityTask.objects.visible_to(applicant).count() == Meeting.objects.visible_to(applicant).count() == 0


def test_a_meeting_and_what_was_promised_there(city_officer: User, officer: User, client: Client) -> None:
    client.force_login(city_officer)
    page = {"title": "联席会", "held_on": "2026-11-02", "agenda": "一、进展", "minutes": "", "client_key": "k1"}
    response = client.post(reverse("meeting-new"), page)
    meeting = Meeting.objects.get()
    assert response.headers["Location"] == reverse("meeting", args=[meeting.number])
    client.post(reverse("meeting-change", args=[meeting.number]), {**page, "minutes": "议定一项。", "client_key": "k2"})
    due = (today() + dt.timedelta(days=9)).isoformat()
    task = {"title": "上报计划", "clause": "S2", "description": "列出场次", "due_on": due, "districts": ["minhang"]}
    client.post(f"{reverse('task-new')}?meeting={meeting.number}", {**task, "client_key": "k3"})
    body = client.get(reverse("meeting", args=[meeting.number])).content.decode()
    assert "议定一项。" in body
    assert "上报计划" in body
    assert [event.action for event in audit.history_of(meeting)] == ["meeting.entered", "meeting.changed"]
    share = TaskShare.objects.get(task__meeting=meeting)
    client.force_login(officer)
    url = reverse("task-share", args=[share.number])
    assert client.post(url, {"text": "", "client_key": "k4"}).status_code == 422
    assert client.post(url, {"text": "已上报", "is_done": "on", "client_key": "k5"}).status_code == 302
    share.refresh_from_db()
    assert share.done_at is not None
    assert "已上报" in client.get(url).content.decode()


def test_lists_ask_the_same_whatever_their_length(city_officer: User, client: Client) -> None:
    client.force_login(city_officer)
    url = reverse("task-list")
    give(city_officer, "minhang", "xuhui", "pudong")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _more in range(9):
        give(city_officer, "minhang", "xuhui", "pudong")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)
