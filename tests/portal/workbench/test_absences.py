"""Who is away, who acts meanwhile, and that the deputy sees, handles and is told."""

import datetime as dt

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal import procedures
from portal.clock import today
from portal.errors import Denied, RuleBroken
from portal.models import Absence, AuditEvent, Notification
from portal.procedures import reminders
from portal.workbench import absences
from tests.factories import cases, people

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


@pytest.fixture
def second(db):
    return people.post(people.make_user("方砚田"), "minhang", "officer")


def enter(person, deputy, by=None, start=0, days=7):
    first = today() + dt.timedelta(days=start)
    return absences.enter(
        person, deputy=deputy, from_on=first, until_on=first + dt.timedelta(days=days), by=by or person
    )


def told(person, template):
    return Notification.objects.filter(recipient=person, template=template).count()


def test_absence_is_entered_logged_and_told(officer, second):
    absence = enter(officer, second)
    event = AuditEvent.objects.get(action="absence.entered")
    expected = {
        "deputy": second.name, "from": today().isoformat(), "until": (today() + WEEK).isoformat(), "cancelled": False,
    }  # fmt: skip
    assert (event.subject_id, event.data) == (officer.number, expected)
    assert (told(second, "deputy_named"), told(officer, "deputy_named")) == (1, 0)
    assert absences.away() == {officer.pk: second.pk}
    absences.end(absence, by=officer)
    assert absences.away() == {}
    assert told(second, "deputy_released") == 1


def test_what_cannot_be_entered(officer, second, supervisor, other_officer, applicant):
    for wrong, code in (
        (lambda: enter(officer, other_officer), "not_a_deputy"),
        (lambda: enter(supervisor, second), "not_a_deputy"),  # a deputy never gains a permission
        (lambda: enter(officer, second, days=-1), "wrong_days"),
        (lambda: enter(officer, second, start=-9, days=2), "wrong_days"),
        (lambda: enter(officer, second, days=400), "wrong_days"),
    ):
        with pytest.raises(RuleBroken) as refused:
            wrong()
        assert refused.value.code == code
    enter(second, officer, start=3)
    with pytest.raises(RuleBroken) as refused:
        enter(officer, second)
    assert refused.value.code == "deputy_away"
    with pytest.raises(RuleBroken) as refused:
        enter(second, supervisor, start=5)
    assert refused.value.code == "overlap"
    for stranger in (officer, other_officer, applicant):
        with pytest.raises(Denied):
            enter(second, supervisor, by=stranger, start=30)
    assert enter(second, supervisor, by=supervisor, start=30).created_by == supervisor
    assert Absence.objects.count() == 2


def test_deputy_sees_handles_and_is_told(call, organisation, applicant, officer, second, supervisor):
    application = cases.in_review(organisation, applicant, officer, call)
    enter(officer, second)
    client = Client()
    client.force_login(second)
    page = client.get("/cases/").content.decode()
    assert application.number in page
    assert officer.name in page
    procedures.write_message(application, "补充说明。", by=applicant)
    assert (told(officer, "message_to_office"), told(second, "message_to_office")) == (1, 1)
    row = application.organisation.deadlines.get(rule_code="procedure.verify")
    reminders.remind_office(row, 0)
    assert (told(officer, "due_soon"), told(second, "due_soon")) == (1, 1)
    procedures.declare(application, has_conflict=False, by=second)
    procedures.record_review(application, stage="verify", is_pass=True, reason="齐全。", by=second)
    assert application.reviews.get().reviewer == second


def test_where_nobody_present_is_free_the_whole_desk_is_told(
    call, organisation, applicant, officer, second, supervisor
):
    application = cases.in_review(organisation, applicant, officer, call)
    enter(officer, second)
    procedures.declare(application, has_conflict=True, by=second)
    procedures.write_message(application, "有人吗？", by=applicant)
    assert (told(second, "message_to_office"), told(supervisor, "message_to_office")) == (0, 1)


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6) | st.none()))
def test_deputies_of_deputies_end_with_somebody_present_or_nobody(named):
    for person in named:
        found = absences._acting(person, named)
        assert found is None or found not in named


def test_page_shows_and_takes_an_absence(officer, second):
    client = Client()
    client.force_login(officer)
    assert client.get("/workbench/absences/").status_code == 200
    body = {"person": officer.pk, "deputy": second.pk, "from_on": today(), "until_on": today() - WEEK}
    wrong = client.post("/workbench/absences/", body)
    assert wrong.status_code == 409
    assert str(second.pk) in wrong.content.decode()
    body["until_on"] = today() + WEEK
    assert client.post("/workbench/absences/", body).status_code == 302
    absence = Absence.objects.get()
    assert client.post(f"/workbench/absences/{absence.number}/end/").status_code == 302
    assert Client().get("/workbench/absences/").status_code == 302
