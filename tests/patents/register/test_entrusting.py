"""Rights whose named persons have all left: the owner learns the number alone, names somebody, and it is in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from patents import entrusting, rights
from patents.dates import recompute
from patents.models import Right, RightKind
from portal import handing_over, organisations
from portal.errors import Denied, RuleBroken
from portal.models import MOST_READERS, AuditEvent, Deadline, Notification, Organisation, User
from portal.notifications import wording
from tests.factories.dates import make_date
from tests.factories.people import join
from tests.factories.rights import make_right

pytestmark = pytest.mark.django_db
CANARY = "金丝雀保密配方"


@pytest.fixture
def secret(organisation: Organisation, applicant: User, colleague: User) -> Right:
    values = {"title": CANARY, "measures": f"{CANARY}的措施"}
    return rights.create(organisation, kind=RightKind.TRADE_SECRET, values=values, by=colleague)


def leave(person: User) -> None:
    seat = person.memberships.get(ended_at=None)
    organisations.members.end_membership(seat, by=person)


def test_owner_is_told_the_number_and_nothing_else(
    client: Client, organisation: Organisation, applicant: User, colleague: User, secret: Right
) -> None:
    assert not entrusting.unseen(organisation).exists()
    leave(colleague)
    told = Notification.objects.get(template="rights_unseen")
    title, text = wording(told, "zh-hans")
    assert told.recipient == applicant and secret.number in text and CANARY not in title + text + str(told.values)
    client.force_login(applicant)
    page = client.get("/rights/unseen/").content.decode()
    assert secret.number in page and CANARY not in page
    shown = client.get("/rights/").content.decode()
    assert CANARY not in shown and 'href="/rights/unseen/"' in shown
    assert client.get(f"/rights/{secret.number}/").status_code == 404


def test_nobody_is_told_while_somebody_can_still_see(
    organisation: Organisation, applicant: User, colleague: User, manager: User, secret: Right
) -> None:
    rights.set_secrecy(secret, secrecy="named", readers=[manager.pk], by=colleague)
    leave(colleague)
    assert not Notification.objects.filter(template="rights_unseen").exists()
    with pytest.raises(Denied):
        entrusting.entrust(organisation, number=secret.number, reader=applicant, by=applicant)
    assert Right.objects.get(pk=secret.pk).readers == sorted([colleague.pk, manager.pk])


def test_a_named_member_sees_it_and_the_log_says_so(
    client: Client, organisation: Organisation, applicant: User, colleague: User, manager: User, secret: Right
) -> None:
    leave(colleague)
    client.force_login(applicant)
    assert client.post("/rights/unseen/", {"number": "NONE", "reader": manager.pk}).status_code == 422
    answer = client.post("/rights/unseen/", {"number": secret.number, "reader": manager.pk})
    assert answer.status_code == 302
    row = Right.objects.get(pk=secret.pk)
    assert (row.readers, row.responsible, row.backup) == ([manager.pk], manager, None)
    assert "每件保密的权利都有人能看到" in client.get("/rights/unseen/").content.decode()
    assert client.get(f"/rights/{secret.number}/").status_code == 404  # the owner still does not see it
    client.force_login(manager)
    assert CANARY in client.get(f"/rights/{secret.number}/").content.decode()
    assert Notification.objects.filter(template="right_entrusted", recipient=manager).exists()
    entry = AuditEvent.objects.get(action="right.entrusted")
    assert entry.actor_id == applicant.pk and CANARY not in f"{entry.data}{entry.subject_label}"


def test_dates_and_reminders_follow_to_the_new_reader(
    organisation: Organisation, applicant: User, colleague: User, manager: User, frozen: Callable[[Any], None]
) -> None:
    frozen("2026-01-20 12:00")
    right = make_right(organisation, secrecy="named", readers=[colleague.pk], responsible=colleague)
    recompute.of_rights([right])
    leave(colleague)
    entrusting.entrust(organisation, number=right.number, reader=manager, by=applicant)
    dates = Deadline.objects.open().filter(subject_number=right.number)
    assert dates and {(row.responsible, *row.readers) for row in dates} == {(manager, manager.pk)}


def test_only_the_owner_names_and_only_members(
    client: Client, organisation: Organisation, applicant: User, colleague: User, manager: User, viewer: User,
    stranger: User, officer: User, secret: Right,
) -> None:  # fmt: skip
    leave(colleague)
    for person in (manager, viewer, stranger, officer):
        client.force_login(person)
        answer = client.get("/rights/unseen/")  # the stranger owns another enterprise, and sees that one's page
        assert answer.status_code == (200 if person == stranger else 403), person
        assert secret.number not in answer.content.decode()
        with pytest.raises(Denied):
            entrusting.entrust(organisation, number=secret.number, reader=manager, by=person)
    with pytest.raises(RuleBroken):
        entrusting.entrust(organisation, number=secret.number, reader=stranger, by=applicant)
    plain = make_right(organisation)
    with pytest.raises(Denied):
        entrusting.entrust(organisation, number=plain.number, reader=manager, by=applicant)


def test_somebody_who_may_not_sign_in_any_more_counts_as_gone(
    organisation: Organisation, applicant: User, colleague: User, secret: Right
) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert [row.number for row in entrusting.unseen(organisation)] == [secret.number]
    assert handing_over.tell_owner(organisation, colleague) == 0
    assert Notification.objects.filter(template="rights_unseen", recipient=applicant).exists()


def test_no_more_persons_are_named_than_an_index_holds(
    colleague: User, manager: User, secret: Right, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "MOST_READERS", 1)
    with pytest.raises(RuleBroken, match="1 人"):
        rights.set_secrecy(secret, secrecy="named", readers=[manager.pk], by=colleague)
    assert Right.objects.get(pk=secret.pk).readers == [colleague.pk]
    with pytest.raises(IntegrityError, match="right_readers_are_few"), transaction.atomic():
        Right.objects.filter(pk=secret.pk).update(readers=list(range(MOST_READERS + 1)))


def test_dates_hang_in_the_air_while_a_keeper_is_gone(
    organisation: Organisation, applicant: User, colleague: User, manager: User, django_assert_num_queries: Any
) -> None:
    by_both = make_date(organisation, responsible=manager, backup=colleague)
    alone = make_date(organisation, responsible=colleague, subject_number="S2")
    make_date(organisation, responsible=manager, subject_number="S3")
    make_date(organisation, subject_number="S4")
    with django_assert_num_queries(1):
        assert not handing_over.in_the_air(organisation).exists()
    leave(colleague)
    with django_assert_num_queries(2):
        assert set(handing_over.in_the_air(organisation)) == {by_both, alone}
    join(colleague, organisation, "member")
    assert not handing_over.in_the_air(organisation).exists()
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert set(handing_over.in_the_air(organisation)) == {by_both, alone}
