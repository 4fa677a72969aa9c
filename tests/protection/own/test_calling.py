"""The district's call list: who stands on it, who may work it, and what the enterprise hears."""

from __future__ import annotations

import pytest

from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Notification, Organisation, User
from services.protection import calling, reacting
from services.protection.models import AlertDelivery

from .making import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def unread(organisation: Organisation) -> AlertDelivery:
    return deliver(organisation, rung=calling.ON_THE_LIST)


@pytest.fixture
def asking(organisation: Organisation, applicant: User) -> AlertDelivery:
    return reacting.ask_help(deliver(organisation), text="需要律师", by=applicant)


def test_call_is_noted_and_leaves_the_list(unread: AlertDelivery, officer: User) -> None:
    calling.record_call(unread, note="已接通", by=officer)
    unread.refresh_from_db()
    assert (unread.called_by, unread.call_note) == (officer, "已接通")
    assert AuditEvent.objects.filter(action="alert.called", actor_name="顾明之").count() == 1
    with pytest.raises(RuleBroken):
        calling.record_call(unread, note="再打一次", by=officer)


def test_answer_reaches_those_who_may_react(
    asking: AlertDelivery, officer: User, applicant: User, colleague: User, viewer: User
) -> None:
    calling.answer_help(asking, answer="可以申请海外维权援助", by=officer)
    asking.refresh_from_db()
    assert (asking.help_answer, asking.help_answered_by) == ("可以申请海外维权援助", officer)
    told = Notification.objects.filter(template="alert_help_answered").values_list("recipient", flat=True)
    assert set(told) == {applicant.pk, colleague.pk}
    with pytest.raises(RuleBroken):
        calling.answer_help(asking, answer="又一次", by=officer)


def test_other_districts_enterprises_and_roles_are_refused(
    unread: AlertDelivery, asking: AlertDelivery, other_officer: User, publisher: User, applicant: User, stranger: User
) -> None:
    for person in (other_officer, publisher, applicant, stranger):
        with pytest.raises(Denied):
            calling.record_call(unread, note="x", by=person)
        with pytest.raises(Denied):
            calling.answer_help(asking, answer="x", by=person)


def test_nobody_calls_who_has_read_it_meanwhile(unread: AlertDelivery, applicant: User, officer: User) -> None:
    reacting.read(unread, by=applicant)
    with pytest.raises(RuleBroken, match="已经阅读"):
        calling.record_call(unread, note="x", by=officer)
