"""Asking to join, being answered, being invited: by equality, and nothing told before its time."""

import pytest

from portal import invitations, organisations
from portal.errors import Denied, RuleBroken
from portal.models import Invitation, JoinRequest, Membership, Notification
from tests.factories import people
from tests.portal.people.conftest import logged, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer():
    return people.make_user("新来者")


@pytest.fixture
def request_(organisation, applicant, newcomer):
    return organisations.request_join(code=organisation.uscc, message="我是新任主管", by=newcomer)


def test_request_join_tells_the_owner_only(organisation, applicant, supervisor, request_, newcomer):
    assert request_.status == "open"
    assert logged() == ["organisation.join_requested"]
    assert told(applicant) == ["join_requested"]
    assert told(supervisor) == told(newcomer) == []


def test_request_join_asks_the_district_when_the_owner_has_left(organisation, applicant, supervisor, newcomer):
    organisations.request_join(code=organisation.uscc, asks_district=True, by=newcomer)
    assert told(applicant) == ["join_requested"]
    assert told(supervisor) == ["join_requested_district"]


def test_request_join_of_a_disabled_owner_asks_the_district(organisation, applicant, supervisor, newcomer):
    applicant.is_active = False
    applicant.save()
    organisations.request_join(code=organisation.uscc, by=newcomer)
    assert told(applicant) == []
    assert told(supervisor) == ["join_requested_district"]


@pytest.mark.parametrize("case", ["unknown", "member", "twice"])
def test_request_join_is_refused(organisation, applicant, newcomer, case):
    code, person = organisation.uscc, newcomer
    if case == "unknown":
        code = people.make_uscc()
    if case == "member":
        person = applicant
    if case == "twice":
        organisations.request_join(code=code, by=person)
    with pytest.raises(RuleBroken) as broken:
        organisations.request_join(code=code, by=person)
    assert (
        broken.value.code == {"unknown": "not_registered", "member": "already_member", "twice": "already_asked"}[case]
    )


def test_request_join_is_undone_when_the_log_fails(organisation, applicant, newcomer, broken_audit):
    with broken_audit():
        organisations.request_join(code=organisation.uscc, by=newcomer)
    assert not JoinRequest.objects.exists()
    assert told(applicant) == []


def test_acceptance_makes_a_member_and_says_so(organisation, applicant, request_, newcomer):
    organisations.answer_join_request(request_, is_accepted=True, role="manager", by=applicant)
    assert Membership.objects.get(user=newcomer).role == "manager"
    assert logged()[-1] == "organisation.join_answered"
    assert told(newcomer) == ["join_accepted"]


def test_refusal_needs_a_reason_and_names_nobody(organisation, applicant, request_, newcomer):
    with pytest.raises(RuleBroken):
        organisations.answer_join_request(request_, is_accepted=False, by=applicant)
    organisations.answer_join_request(request_, is_accepted=False, reason="不认识", by=applicant)
    told_ = Notification.objects.get(recipient=newcomer)
    assert told_.template == "join_refused"
    assert told_.organisation is None
    assert organisation.name not in str(told_.values)
    assert not Membership.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize("who", ["colleague", "manager", "stranger", "officer", "other_officer", "newcomer"])
def test_answer_by_others_is_denied(request, request_, who):
    with pytest.raises(Denied):
        organisations.answer_join_request(request_, is_accepted=True, by=request.getfixturevalue(who))
    request_.refresh_from_db()
    assert request_.status == "open"


def test_supervisor_answers_only_where_asked(organisation, applicant, supervisor, request_):
    with pytest.raises(Denied) as denied:
        organisations.answer_join_request(request_, is_accepted=True, by=supervisor)
    assert denied.value.code == "owner_answers"
    request_.asks_district = True
    request_.save()
    organisations.answer_join_request(request_, is_accepted=True, role="owner", by=supervisor)
    assert Membership.objects.open().get(organisation=organisation, role="owner").user == request_.user
    assert told(applicant) == ["join_requested", "membership_ended"]


def test_owner_cannot_give_ownership_by_an_answer(applicant, request_):
    with pytest.raises(RuleBroken) as broken:
        organisations.answer_join_request(request_, is_accepted=True, role="owner", by=applicant)
    assert broken.value.code == "wrong_role"


def test_second_answer_hears_who_was_first(applicant, request_):
    organisations.answer_join_request(request_, is_accepted=True, by=applicant)
    with pytest.raises(RuleBroken) as broken:
        organisations.answer_join_request(request_, is_accepted=True, by=applicant)
    assert applicant.name in str(broken.value)


def test_answer_is_undone_when_the_log_fails(applicant, request_, newcomer, broken_audit):
    with broken_audit():
        organisations.answer_join_request(request_, is_accepted=True, by=applicant)
    request_.refresh_from_db()
    assert request_.status == "open"
    assert not Membership.objects.filter(user=newcomer).exists()


def test_withdraw_is_for_the_asker(applicant, request_, newcomer, broken_audit):
    with pytest.raises(Denied):
        organisations.withdraw_join(request_, by=applicant)
    organisations.withdraw_join(request_, by=newcomer)
    request_.refresh_from_db()
    assert request_.status == "withdrawn"
    assert logged()[-1] == "organisation.join_withdrawn"
    with pytest.raises(RuleBroken):
        organisations.withdraw_join(request_, by=newcomer)


def test_invitation_of_somebody_with_an_account_is_told_in_the_inbox(organisation, applicant, newcomer):
    made = organisations.invite_member(organisation, email=newcomer.email.upper(), role="viewer", by=applicant)
    assert told(newcomer) == ["invited"]
    assert logged() == ["organisation.member_invited"]
    assert invitations.deliver() == 0
    invitations.accept(made, by=newcomer)
    assert Membership.objects.get(user=newcomer).role == "viewer"
    assert told(applicant) == ["invitation_accepted"]
    assert logged() == ["organisation.member_invited", "invitation.accepted"]


def test_invitation_of_somebody_new_is_mailed_once_with_a_link(organisation, applicant, mailoutbox):
    made = organisations.invite_member(organisation, email="new@example.cn", role="member", by=applicant)
    assert (invitations.deliver(), invitations.deliver()) == (1, 0)
    assert f"/invitations/{invitations.token_of(made)}/" in mailoutbox[0].body
    assert mailoutbox[0].to == ["new@example.cn"]
    user = invitations.join_with(made, name="新人", password="correct horse battery")
    assert user.standing.roles == {organisation.pk: "member"}


def test_mail_that_fails_is_tried_again_later(organisation, applicant, monkeypatch, frozen):
    frozen("2026-11-20 09:00")
    organisations.invite_member(organisation, email="new@example.cn", role="member", by=applicant)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda _self: (_ for _ in ()).throw(OSError()))
    assert invitations.deliver() == 0
    monkeypatch.undo()
    assert invitations.deliver() == 0
    frozen("2026-11-20 09:11")
    assert invitations.deliver() == 1


def test_invitation_is_for_its_address_only(organisation, applicant, newcomer, stranger):
    made = organisations.invite_member(organisation, email=newcomer.email, role="member", by=applicant)
    with pytest.raises(Denied):
        invitations.accept(made, by=stranger)
    invitations.revoke(made, by=applicant)
    with pytest.raises(RuleBroken):
        invitations.accept(made, by=newcomer)
    with pytest.raises(RuleBroken):
        invitations.revoke(made, by=applicant)


def test_expired_invitation_opens_nothing(organisation, applicant, newcomer, frozen):
    frozen("2026-11-01 09:00")
    made = organisations.invite_member(organisation, email=newcomer.email, role="member", by=applicant)
    frozen("2026-11-15 09:01")
    with pytest.raises(RuleBroken):
        invitations.accept(made, by=newcomer)


@pytest.mark.parametrize("who", ["manager", "colleague", "viewer", "stranger", "supervisor", "administrator"])
def test_invite_member_by_others_is_denied(request, organisation, who):
    with pytest.raises(Denied):
        organisations.invite_member(organisation, email="x@example.cn", role="member", by=request.getfixturevalue(who))
    assert not Invitation.objects.exists()


def test_invite_member_as_owner_or_twice_is_refused(organisation, applicant, colleague):
    for email, role in (("x@example.cn", "owner"), (colleague.email, "viewer")):
        with pytest.raises(RuleBroken):
            organisations.invite_member(organisation, email=email, role=role, by=applicant)


def test_second_invitation_replaces_the_first(organisation, applicant):
    first = organisations.invite_member(organisation, email="x@example.cn", role="member", by=applicant)
    second = organisations.invite_member(organisation, email="x@example.cn", role="member", by=applicant)
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert invitations.find(invitations.token_of(second)) == second
    assert invitations.find("nonsense") is None


def test_invite_member_is_undone_when_the_log_fails(organisation, applicant, broken_audit):
    with broken_audit():
        organisations.invite_member(organisation, email="x@example.cn", role="member", by=applicant)
    assert not Invitation.objects.exists()
