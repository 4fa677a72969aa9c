"""What an enterprise does with an alert: state, log and notices by equality; who may not; when not; nothing half."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal import audit
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Notification, Organisation, User
from services.protection import reacting
from services.protection.models import Alert, AlertDelivery

from .making import deliver, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(organisation: Organisation) -> AlertDelivery:
    return deliver(organisation)


def log_of(delivery: AlertDelivery) -> list[tuple[str, str]]:
    rows = AuditEvent.objects.filter(subject_type="alertdelivery", subject_id=delivery.number).order_by("sequence")
    return list(rows.values_list("action", "actor_name"))


VERBS: dict[str, Callable[[AlertDelivery, User], Any]] = {
    "take": lambda row, by: reacting.take(row, by=by),
    "finish": lambda row, by: reacting.finish(row, by=by),
    "put_aside": lambda row, by: reacting.put_aside(row, why="不出口", by=by),
    "tick": lambda row, by: reacting.tick(row, done=[0], by=by),
    "assign": lambda row, by: reacting.assign(row, to=by, by=by),
    "write_note": lambda row, by: reacting.write_note(row, note="已联系律师", by=by),
    "ask_help": lambda row, by: reacting.ask_help(row, text="需要律师", by=by),
}


def test_first_opening_is_noted_once(delivery: AlertDelivery, viewer: User, applicant: User, officer: User) -> None:
    assert reacting.read(delivery, by=officer) is False
    assert reacting.read(delivery, by=viewer) is True
    assert reacting.read(AlertDelivery.objects.get(pk=delivery.pk), by=applicant) is False
    delivery.refresh_from_db()
    assert (delivery.state, delivery.read_by) == ("read", viewer)
    assert log_of(delivery) == [("alert.read", "陆书宁")]


def test_take_notes_who_deals_with_it_and_stops_the_ladder(delivery: AlertDelivery, applicant: User) -> None:
    AlertDelivery.objects.filter(pk=delivery.pk).update(nudge_at="2026-11-22T00:00Z")
    reacting.take(delivery, by=applicant)
    delivery.refresh_from_db()
    found = (delivery.state, delivery.assignee, delivery.reacted_by, delivery.read_by, delivery.nudge_at)
    assert found == ("in_hand", applicant, applicant, applicant, None)
    assert log_of(delivery) == [("alert.taken", "林知远")]


def test_ticks_are_kept_and_may_be_taken_back(delivery: AlertDelivery, colleague: User) -> None:
    reacting.tick(delivery, done=[1, 0, 1], by=colleague)
    delivery.refresh_from_db()
    assert (delivery.ticked, delivery.state) == ([0, 1], "in_hand")
    reacting.tick(delivery, done=[1], by=colleague)
    delivery.refresh_from_db()
    assert delivery.ticked == [1]
    with pytest.raises(RuleBroken, match="刷新"):
        reacting.tick(delivery, done=[2], by=colleague)


def test_assigned_colleague_is_told_and_strangers_cannot_be_chosen(
    delivery: AlertDelivery, applicant: User, colleague: User, viewer: User, stranger: User
) -> None:
    reacting.assign(delivery, to=colleague, by=applicant)
    delivery.refresh_from_db()
    assert (delivery.assignee, delivery.state) == (colleague, "in_hand")
    told = Notification.objects.get(template="alert_assigned")
    assert (told.recipient, told.link) == (colleague, f"/alerts-for-us/{delivery.number}/")
    for person in (viewer, stranger):
        with pytest.raises(RuleBroken):
            reacting.assign(delivery, to=person, by=applicant)


def test_put_aside_says_why_and_can_be_taken_up_again(delivery: AlertDelivery, manager: User) -> None:
    with pytest.raises(RuleBroken):
        reacting.put_aside(delivery, why="  ", by=manager)
    reacting.put_aside(delivery, why="不出口美国", by=manager)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.why_not) == ("not_relevant", "不出口美国")
    for verb in ("take", "finish", "put_aside"):
        with pytest.raises(RuleBroken, match="重新打开"):
            VERBS[verb](delivery, manager)
    reacting.reopen(delivery, by=manager)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.why_not) == ("in_hand", "")
    with pytest.raises(RuleBroken):
        reacting.reopen(delivery, by=manager)


def test_help_is_asked_once_until_it_is_answered(
    delivery: AlertDelivery, applicant: User, officer: User, supervisor: User, other_officer: User
) -> None:
    reacting.ask_help(delivery, text="需要美国律师", by=applicant)
    told = Notification.objects.filter(template="alert_help_asked").values_list("recipient", flat=True)
    assert set(told) == {officer.pk, supervisor.pk}
    with pytest.raises(RuleBroken, match="等待答复"):
        reacting.ask_help(delivery, text="再问一次", by=applicant)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.help_text) == ("in_hand", "需要美国律师")


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_not_react(
    verb: str, delivery: AlertDelivery, viewer: User, stranger: User, officer: User, publisher: User
) -> None:
    for person in (viewer, stranger, officer, publisher):
        with pytest.raises(Denied, match="可以回应"):
            VERBS[verb](delivery, person)
    assert log_of(delivery) == []


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_to_react_to_after_withdrawal_or_when_it_left(
    verb: str, delivery: AlertDelivery, organisation: Organisation, applicant: User
) -> None:
    left = deliver(organisation, left_at="2026-11-22T00:00Z")
    with pytest.raises(RuleBroken, match="不再涉及"):
        VERBS[verb](left, applicant)
    moment = "2026-11-22T00:00Z"
    Alert.objects.filter(pk=delivery.alert_id).update(status="withdrawn", withdrawn_at=moment, withdrawn_reason="误发")
    with pytest.raises(RuleBroken, match="已撤回"):
        VERBS[verb](delivery, applicant)


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_stays_when_the_log_fails(
    verb: str, delivery: AlertDelivery, applicant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr(audit, "record", fail)
    before = AlertDelivery.objects.filter(pk=delivery.pk).values().get()
    with pytest.raises(OSError):
        VERBS[verb](delivery, applicant)
    assert AlertDelivery.objects.filter(pk=delivery.pk).values().get() == before
    assert not Notification.objects.exists()


def test_no_step_beyond_the_checklist_of_the_edition_one_has(organisation: Organisation, applicant: User) -> None:
    bare = deliver(organisation, make_version(checklist=[]))
    with pytest.raises(RuleBroken):
        reacting.tick(bare, done=[0], by=applicant)
