"""Offices and their people: only administrators, never for themselves, never the last one."""

import pytest

from portal import invitations, offices
from portal.errors import Denied, RuleBroken
from portal.models import Expert, Invitation, Office, Posting, User
from tests.factories import cases, people
from tests.portal.people.conftest import logged, told

pytestmark = pytest.mark.django_db
OTHERS = ["applicant", "officer", "supervisor", "city_officer", "city_supervisor", "publisher", "auditor", "expert"]


@pytest.fixture
def minhang():
    return Office.objects.get(slug="minhang")


@pytest.fixture
def city():
    return Office.objects.get(slug="city")


@pytest.fixture
def person():
    return people.make_user("待任命")


ACTIONS = {
    "invite_official": lambda by, person, office: offices.invite_official(
        office, email="o@example.cn", role="officer", by=by
    ),
    "post": lambda by, person, office: offices.post(person, office=office, role="officer", by=by),
    "update_office": lambda by, person, office: offices.update_office(office, name_zh="甲", name_en="A", by=by),
    "invite_expert": lambda by, person, office: offices.invite_expert(email="e@example.cn", by=by),
    "add_expert": lambda by, person, office: offices.add_expert(person, employer="某大学", by=by),
    "deactivate_user": lambda by, person, office: offices.deactivate_user(person, reason="离职", by=by),
}


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("name", ACTIONS)
def test_actions_of_administrators_are_denied_to_others(request, person, minhang, who, name):
    with pytest.raises(Denied):
        ACTIONS[name](request.getfixturevalue(who), person, minhang)


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_need_a_second_factor(administrator, person, minhang, name):
    administrator.authenticator_set.all().delete()
    with pytest.raises(Denied) as denied:
        ACTIONS[name](administrator, person, minhang)
    assert denied.value.code == "second_factor_needed"


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_are_undone_when_the_log_fails(administrator, person, minhang, name, broken_audit):
    with broken_audit():
        ACTIONS[name](administrator, person, minhang)
    person.refresh_from_db()
    minhang.refresh_from_db()
    assert (person.is_active, minhang.name_zh != "甲") == (True, True)
    assert not Posting.objects.filter(user=person).exists()
    assert not Invitation.objects.exists()
    assert not Expert.objects.exists()


def test_invited_official_is_posted_on_acceptance(administrator, minhang, person):
    made = offices.invite_official(minhang, email=person.email, role="officer", by=administrator)
    assert (logged("office"), told(person)) == (["office.official_invited"], ["invited"])
    invitations.accept(made, by=person)
    assert person.standing.postings == {("district", "310112", "officer")}
    assert logged("office")[-1] == "invitation.accepted"
    with pytest.raises(RuleBroken):
        offices.invite_official(minhang, email=person.email, role="officer", by=administrator)


def test_posting_is_logged_told_and_ends_sessions(administrator, minhang, person):
    offices.post(person, office=minhang, role="supervisor", by=administrator)
    assert (logged("user"), told(person)) == (["user.posted"], ["posted"])
    assert User.objects.get(pk=person.pk).session_epoch == 1
    with pytest.raises(RuleBroken):
        offices.post(person, office=minhang, role="supervisor", by=administrator)


def test_city_roles_do_not_exist_in_districts(administrator, minhang, person):
    for role in ("publisher", "administrator", "king"):
        with pytest.raises(RuleBroken):
            offices.post(person, office=minhang, role=role, by=administrator)


def test_nobody_raises_themselves(administrator, city):
    with pytest.raises(RuleBroken):
        offices.post(administrator, office=city, role="supervisor", by=administrator)
    with pytest.raises(RuleBroken):
        offices.invite_official(city, email=administrator.email, role="supervisor", by=administrator)


def test_end_of_a_posting_releases_cases_and_sessions(
    administrator, organisation, applicant, officer, supervisor, call
):
    application = cases.in_review(organisation, applicant, officer, call)
    offices.end_posting(Posting.objects.get(user=officer), by=administrator)
    application.refresh_from_db()
    assert application.officer is None
    assert "posting_ended" in told(officer)
    assert User.objects.get(pk=officer.pk).session_epoch == 1
    assert logged("user") == ["user.posting_ended"]
    with pytest.raises(RuleBroken):
        offices.end_posting(Posting.objects.get(user=officer), by=administrator)


@pytest.mark.parametrize("who", OTHERS)
def test_end_of_a_posting_by_others_is_denied(request, officer, who):
    with pytest.raises(Denied):
        offices.end_posting(Posting.objects.get(user=officer), by=request.getfixturevalue(who))


def test_own_and_last_administrator_stay(administrator, city):
    with pytest.raises(RuleBroken) as broken:
        offices.end_posting(Posting.objects.get(user=administrator), by=administrator)
    assert broken.value.code == "own_administrator"
    second = people.post(people.make_user(), "city", "administrator")
    offices.end_posting(Posting.objects.get(user=second), by=administrator)
    with pytest.raises(RuleBroken):
        offices.deactivate_user(administrator, reason="x", by=administrator)


def test_deactivation_ends_everything_and_can_be_undone(administrator, applicant):
    offices.deactivate_user(applicant, reason="离职", by=administrator)
    fresh = User.objects.get(pk=applicant.pk)
    assert (fresh.is_active, fresh.session_epoch, fresh.standing.roles) == (False, 1, {})
    with pytest.raises(RuleBroken):
        offices.deactivate_user(applicant, reason="再次", by=administrator)
    offices.reactivate_user(applicant, by=administrator)
    assert User.objects.get(pk=applicant.pk).is_active
    assert logged("user") == ["user.deactivated", "user.reactivated"]


def test_experts_are_invited_added_and_rested(administrator, person):
    made = offices.invite_expert(email=person.email, by=administrator)
    invitations.accept(made, by=person)
    assert person.standing.is_expert
    expert = offices.add_expert(person, employer="某大学", fields="传感", by=administrator)
    assert (expert.employer, Expert.objects.count()) == ("某大学", 1)
    assert not offices.set_availability(expert, is_available=False, by=administrator).is_available
    with pytest.raises(RuleBroken):
        offices.set_availability(expert, is_available=False, by=administrator)
    with pytest.raises(RuleBroken):
        offices.invite_expert(email=person.email, by=administrator)


def test_office_keeps_what_changed(administrator, minhang):
    offices.update_office(minhang, name_zh="闵行区知识产权局", name_en="Minhang", phone="021-1", by=administrator)
    minhang.refresh_from_db()
    assert minhang.phone == "021-1"
    assert logged("office") == ["office.updated"]
    with pytest.raises(RuleBroken):
        offices.update_office(minhang, name_zh=" ", name_en="Minhang", by=administrator)
