"""The overdue ladder over 国庆 2026: who hears what on which morning, once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from portal import deadlines, procedures, rules
from portal.models import Application, CorrectionItem, Deadline, Notification, Organisation, Recognition, User
from portal.procedures import reminders
from tests.factories import cases

Set = Callable[[str], None]


def heard() -> dict[str, set[str]]:
    """Return {template: names of those told} of the reminders since the last call."""
    rows = Notification.objects.filter(key__startswith="deadline:").select_related("recipient")
    told: dict[str, set[str]] = {}
    for row in rows:
        told.setdefault(row.template, set()).add(row.recipient.name)
    rows.delete()
    return told


@pytest.fixture
def case(
    frozen: Set, organisation: Organisation, applicant: User, officer: User, supervisor: User, city_supervisor: User
) -> Application:
    """In verification since 2026-09-14; the call gives ten working days."""
    frozen("2026-09-14 10:00")
    call = cases.make_call(limits={"verify": 10, "correction": 5})
    return cases.in_review(organisation, applicant, officer, call)


def test_last_day_over_the_holiday(case: Application) -> None:
    due = Deadline.objects.open().get(subject_number=case.number).target_on
    assert due == case.due_on
    assert rules.calendar().workdays_between(dt.date(2026, 9, 14), due) == 10


def test_office_ladder_over_the_national_holiday(case: Application, frozen: Set) -> None:
    deadline = Deadline.objects.open().get(subject_number=case.number)
    calendar = rules.calendar()
    days = reminders.ladder(*reminders.OFFICE_LADDER)(deadline)
    assert all(calendar.is_workday(day) for day in days)
    expected: list[dict[str, set[str]]] = [
        {"due_soon": {"顾明之"}},
        {"due_soon": {"顾明之"}},
        {"overdue_officer": {"顾明之"}},
        {"overdue_officer": {"顾明之"}, "overdue_supervisor": {"沈予安"}},
        {"overdue_officer": {"顾明之"}, "overdue_city": {"张市督"}, "overdue_supervisor": {"沈予安"}},
    ]
    for number, (day, told) in enumerate(zip(days, expected, strict=True)):
        frozen(f"{day} 08:29")
        assert deadlines.sweep() == 0, day
        frozen(f"{day} 08:31")
        before = set(Notification.objects.values_list("key", flat=True))
        assert (deadlines.sweep(), deadlines.sweep()) == (1, 0), day
        fresh = Notification.objects.exclude(key__in=before)
        assert {row.template for row in fresh} <= set(told), (number, day)
        assert {r.recipient.name for r in fresh if r.template in ("due_soon", "overdue_officer")} == {"顾明之"}
    rows = Notification.objects.filter(key__startswith="deadline:")
    assert {row.recipient.name for row in rows.filter(template="overdue_supervisor")} == {"沈予安"}
    assert {row.recipient.name for row in rows.filter(template="overdue_city")} == {"张市督"}
    assert rows.filter(template="overdue_supervisor").count() == 1
    deadline.refresh_from_db()
    assert (deadline.remind_at, deadline.reminded_step) == (None, 5)


def test_nothing_is_sent_on_a_day_off(case: Application) -> None:
    deadline = Deadline.objects.open().get(subject_number=case.number)
    deadline.target_on = deadline.target_on.replace(month=10, day=9)  # the first days after the holiday
    days = [day.isoformat() for day in reminders.ladder(-3, -1, 1)(deadline)]
    assert days == ["2026-09-29", "2026-10-08", "2026-10-10"]  # 10-10 is a make-up Saturday


def test_missed_sweeps_are_made_up_by_one(case: Application, frozen: Set) -> None:
    frozen("2026-10-30 09:00")
    assert deadlines.sweep() == 1
    told = heard()
    assert set(told) == {"overdue_officer", "overdue_supervisor", "overdue_city"}
    assert deadlines.sweep() == 0


def test_two_sweeps_at_once_tell_once(case: Application, frozen: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    deadline = Deadline.objects.open().get(subject_number=case.number)
    moment = deadline.remind_at
    assert moment is not None
    frozen("2026-10-30 09:00")
    assert deadlines._remind(deadline.pk, moment) == 1
    assert deadlines._remind(deadline.pk, moment) == 0


def test_a_case_that_was_handled_is_not_reminded_of(case: Application, officer: User, frozen: Set) -> None:
    procedures.record_review(case, stage="verify", is_pass=True, reason="齐。", by=officer)
    assert not Deadline.objects.open().filter(subject_number=case.number, rule_code="procedure.verify").exists()
    frozen("2026-12-30 09:00")
    deadlines.sweep()
    assert "顾明之" not in heard().get("overdue_officer", set())


def test_stage_of_the_city_is_not_charged_to_the_district(
    case: Application, officer: User, supervisor: User, city_officer: User, frozen: Set
) -> None:
    procedures.record_review(case, stage="verify", is_pass=True, reason="齐。", by=officer)
    procedures.declare(case, has_conflict=False, by=supervisor)
    procedures.record_review(case, stage="recommend", is_pass=True, reason="荐。", by=supervisor)
    frozen("2026-12-30 09:00")
    deadlines.sweep()
    assert heard() == {"overdue_officer": {"吕市办"}, "overdue_city": {"张市督"}}


def test_correction_reminds_the_enterprise_twice(
    case: Application, officer: User, applicant: User, frozen: Set
) -> None:
    key = next(iter(procedures.answers_of(case)))
    mark = procedures.Mark(key, CorrectionItem.Reason.MISSING, "请补充。")
    procedures.return_for_correction(case, [mark], by=officer)
    deadline = Deadline.objects.open().get(subject_number=case.number)
    assert deadline.rule_code == "procedure.correction"
    days = reminders.ladder(*reminders.APPLICANT_LADDER)(deadline)
    for day, left in zip(days, (3, 1), strict=True):
        frozen(f"{day} 08:31")
        assert deadlines.sweep() == 1
        row = Notification.objects.get(template="correction_due_soon", values__left=left)
        assert (row.recipient, row.link) == (applicant, f"/applications/{case.number}/")
    deadline.refresh_from_db()
    assert deadline.remind_at is None


def test_reminder_that_fails_waits_an_hour_and_holds_nobody_up(
    case: Application, frozen: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Deadline.objects.create(
        organisation=case.organisation, subject_type="application", subject_number="SD-0000", rule_code="procedure.x",
        owner="office", trigger_event="x", trigger_on=case.due_on, target_on=case.due_on, legal_on=case.due_on,
        remind_at="2026-09-15T00:00:00Z",
    )  # fmt: skip
    frozen("2026-10-30 09:00")
    assert deadlines.sweep() == 1
    bad.refresh_from_db()
    assert (bad.reminded_step, bad.remind_at.isoformat()) == (0, "2026-10-30T02:00:00+00:00")  # type: ignore[union-attr]


def test_recognition_reminds_of_check_acceptance_and_end(
    frozen: Set, organisation: Organisation, applicant: User, officer: User, supervisor: User, city_supervisor: User,
    city_officer: User, expert: User, second_expert: User,
) -> None:  # fmt: skip
    frozen("2026-03-02 10:00")
    application = cases.recommended(organisation, applicant, officer, supervisor)
    application = cases.in_publicity(cases.scored(application, [expert, second_expert]), city_supervisor)
    frozen("2026-03-30 10:00")
    procedures.sweep()
    recognition = Recognition.objects.get(application=application)
    rows = Deadline.objects.open().filter(subject_number=recognition.number)
    assert set(rows.values_list("rule_code", flat=True)) == {
        "recognition.midterm", "recognition.acceptance", "recognition.expiry",
    }  # fmt: skip
    frozen(f"{recognition.midterm_due_on} 09:00")
    deadlines.sweep()
    assert heard() == {"midterm_due": {"林知远", "吕市办"}}
    procedures.record_midterm(recognition, "正常。", by=city_officer)
    procedures.accept(recognition, is_passed=True, note="通过。", by=city_officer)
    assert list(rows.values_list("rule_code", flat=True)) == ["recognition.expiry"]
    frozen(f"{recognition.valid_until} 09:00")
    deadlines.sweep()
    assert heard() == {"recognition_expiring": {"林知远", "吕市办"}}


def test_every_open_rule_code_has_a_source(case: Any) -> None:
    for code in ("procedure.verify", "procedure.decide", "procedure.correction", "recognition.midterm"):
        assert deadlines.source_of(code) is not None
