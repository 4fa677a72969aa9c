"""An enterprise's people: one owner always, places that end, sessions that die with them."""

import pytest

from portal import organisations
from portal.errors import Denied, RuleBroken
from portal.models import Membership, User
from tests.factories import people
from tests.portal.people.conftest import logged, told

pytestmark = pytest.mark.django_db


def place(user: User) -> Membership:
    return Membership.objects.open().get(user=user)


def epoch(user: User) -> int:
    return User.objects.get(pk=user.pk).session_epoch


def test_change_role_logs_tells_and_ends_sessions(applicant, colleague):
    organisations.change_role(place(colleague), role="manager", by=applicant)
    assert place(colleague).role == "manager"
    assert logged() == ["organisation.role_changed"]
    assert told(colleague) == ["role_changed"]
    assert epoch(colleague) == 1


@pytest.mark.parametrize("role", ["owner", "member", "emperor"])
def test_change_role_to_what_cannot_be_is_refused(applicant, colleague, role):
    with pytest.raises(RuleBroken):
        organisations.change_role(place(colleague), role=role, by=applicant)


def test_owner_cannot_be_demoted(applicant):
    with pytest.raises(RuleBroken):
        organisations.change_role(place(applicant), role="viewer", by=applicant)


@pytest.mark.parametrize("who", ["manager", "viewer", "stranger", "officer", "administrator"])
def test_change_role_by_others_is_denied(request, colleague, who):
    with pytest.raises(Denied):
        organisations.change_role(place(colleague), role="manager", by=request.getfixturevalue(who))


def test_change_role_is_undone_when_the_log_fails(applicant, colleague, broken_audit):
    with broken_audit():
        organisations.change_role(place(colleague), role="manager", by=applicant)
    assert (place(colleague).role, epoch(colleague), told(colleague)) == ("member", 0, [])


def test_removal_ends_place_and_sessions(organisation, applicant, colleague):
    membership = place(colleague)
    colleague.current_organisation = organisation
    colleague.save()
    organisations.end_membership(membership, by=applicant)
    assert not Membership.objects.open().filter(user=colleague).exists()
    assert User.objects.get(pk=colleague.pk).current_organisation is None
    assert (logged(), told(colleague), epoch(colleague)) == (
        ["organisation.member_ended"],
        ["membership_ended"],
        1,
    )
    with pytest.raises(RuleBroken):
        organisations.end_membership(membership, by=applicant)


def test_leaving_tells_the_owner(applicant, viewer):
    organisations.end_membership(place(viewer), by=viewer)
    assert (told(applicant), told(viewer)) == (["member_left"], [])


def test_owner_cannot_leave_without_handing_over(applicant):
    with pytest.raises(RuleBroken) as broken:
        organisations.end_membership(place(applicant), by=applicant)
    assert broken.value.code == "owner_hands_over_first"


@pytest.mark.parametrize("who", ["manager", "viewer", "stranger", "supervisor"])
def test_removal_by_others_is_denied(request, colleague, who):
    with pytest.raises(Denied):
        organisations.end_membership(place(colleague), by=request.getfixturevalue(who))


def test_removal_is_undone_when_the_log_fails(applicant, colleague, broken_audit):
    with broken_audit():
        organisations.end_membership(place(colleague), by=applicant)
    assert (place(colleague).ended_at, epoch(colleague)) == (None, 0)


def test_hand_over_swaps_the_roles(organisation, applicant, colleague):
    organisations.hand_over_ownership(organisation, to=place(colleague), by=applicant)
    assert (place(colleague).role, place(applicant).role) == ("owner", "manager")
    assert logged() == ["organisation.ownership_handed_over"]
    assert (told(colleague), told(applicant)) == (["ownership_received"], ["role_changed"])
    assert (epoch(colleague), epoch(applicant)) == (1, 1)


@pytest.mark.parametrize("who", ["manager", "colleague", "stranger", "supervisor"])
def test_hand_over_by_others_is_denied(request, organisation, applicant, colleague, who):
    with pytest.raises(Denied):
        organisations.hand_over_ownership(organisation, to=place(colleague), by=request.getfixturevalue(who))


def test_hand_over_to_a_foreigner_or_oneself_is_refused(organisation, applicant, stranger):
    with pytest.raises(Denied):
        organisations.hand_over_ownership(organisation, to=place(stranger), by=applicant)
    with pytest.raises(RuleBroken):
        organisations.hand_over_ownership(organisation, to=place(applicant), by=applicant)


def test_hand_over_is_undone_when_the_log_fails(organisation, applicant, colleague, broken_audit):
    with broken_audit():
        organisations.hand_over_ownership(organisation, to=place(colleague), by=applicant)
    assert place(applicant).role == "owner"


def test_switch_is_for_members(organisation, applicant, stranger):
    organisations.switch_organisation(organisation, by=applicant)
    assert applicant.current_organisation == organisation
    with pytest.raises(Denied):
        organisations.switch_organisation(organisation, by=stranger)


def test_ended_member_sees_nothing_any_more(organisation, applicant, colleague):
    organisations.end_membership(place(colleague), by=applicant)
    fresh = User.objects.get(pk=colleague.pk)
    assert not type(organisation).objects.visible_to(fresh).exists()
    assert not Membership.objects.visible_to(fresh).exists()


def test_one_person_in_two_enterprises_has_both_roles(organisation, other_organisation, applicant):
    people.join(applicant, other_organisation, "viewer")
    assert applicant.standing.roles == {organisation.pk: "owner", other_organisation.pk: "viewer"}
