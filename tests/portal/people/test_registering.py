"""Registering: one record per code, nothing before the e-mail is confirmed."""

import pytest

from portal import organisations
from portal.errors import RuleBroken
from portal.models import District, JoinRequest, Membership, Organisation, Registration
from tests.factories import people
from tests.portal.people.conftest import logged, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def minhang():
    return District.objects.get(slug="minhang")


def test_register_makes_record_owner_log_and_notice(minhang):
    person, code = people.make_user(), people.make_uscc()
    made = organisations.register(code=f" {code.lower()} ", name=" 申澜微感 ", district=minhang, by=person)
    assert (made.uscc, made.name, made.district, made.is_verified) == (code, "申澜微感", minhang, False)
    assert Membership.objects.get(organisation=made).role == "owner"
    assert person.current_organisation == made
    assert logged() == ["organisation.registered"]
    assert told(person) == ["registered"]


def test_register_with_a_wrong_code_is_refused(minhang):
    with pytest.raises(RuleBroken) as broken:
        organisations.register(code="91310112MA1T00001X", name="甲", district=minhang, by=people.make_user())
    assert broken.value.code == "wrong_code"


def test_register_a_second_time_is_refused_and_changes_nothing(minhang, organisation, applicant):
    with pytest.raises(RuleBroken) as broken:
        organisations.register(code=organisation.uscc, name="冒名公司", district=minhang, by=people.make_user())
    assert broken.value.code == "already_registered"
    assert organisation.name not in str(broken.value)
    assert Organisation.objects.filter(uscc=organisation.uscc).count() == 1


def test_register_is_undone_when_the_log_fails(minhang, broken_audit):
    person = people.make_user()
    with broken_audit():
        organisations.register(code=people.make_uscc(), name="甲", district=minhang, by=person)
    assert not Organisation.objects.exists()
    assert told(person) == []


def test_branch_is_no_legal_person(minhang):
    made = organisations.register(
        code=people.make_uscc(), name="某某公司上海分公司", district=minhang, by=people.make_user()
    )
    assert not made.is_legal_person


def test_held_registration_becomes_an_enterprise_once(minhang):
    person, code = people.make_user(), people.make_uscc()
    organisations.hold(code=code, by=person, district=minhang, name="甲公司")
    assert not Organisation.objects.exists()
    assert organisations.complete(person).uscc == code
    assert organisations.complete(person) is None
    assert Registration.objects.get().done_at is not None


def test_held_registration_of_a_taken_code_becomes_a_request(minhang, organisation, applicant):
    person = people.make_user()
    organisations.hold(code=organisation.uscc, by=person, district=minhang, name="甲公司")
    assert organisations.complete(person) is None
    assert JoinRequest.objects.get().user == person
    assert not Membership.objects.filter(user=person).exists()
