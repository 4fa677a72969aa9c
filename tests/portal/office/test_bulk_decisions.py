"""Bulk decisions: the dry run tells what the action does, the worker does it once, a second person releases it once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal import audit, bulk, bulk_plan, procedures
from portal.errors import Denied, PortalError, RuleBroken
from portal.models import (
    Application,
    AuditEvent,
    BulkDecision,
    BulkItem,
    Call,
    CaseEvent,
    HeldDecision,
    Notification,
    Objection,
    Review,
    User,
)
from portal.procedures import holding
from tests.factories import cases as factory
from tests.factories import decisions, people

State, ItemState = BulkDecision.State, BulkItem.State


@pytest.fixture
def second(db: None) -> User:
    return people.post(people.make_user("吴市督"), "city", "supervisor")


@pytest.fixture
def owner(db: None) -> User:
    return people.make_user("林知远")


@pytest.fixture
def cases(call: Call, owner: User, city_supervisor: User) -> list[Application]:
    return decisions.ready(call, 4, owner, declared=(city_supervisor,))


def states(row: BulkDecision) -> dict[str, int]:
    return {name: count for name, count in bulk_plan.tally(row).items() if count}


def test_plan_confirm_decide_release(
    cases: list[Application], owner: User, city_supervisor: User, second: User
) -> None:
    row = bulk.propose(cases, is_approved=True, reason=decisions.REASON, by=city_supervisor)
    single = {cases[3].number: (False, "创新能力不足。")}
    bulk.change(row, is_approved=True, reason=decisions.REASON, individual=single, by=city_supervisor)
    plan = bulk_plan.plan(row, by=city_supervisor)
    assert [(line.is_approved, line.code) for line in plan.lines] == [(True, "")] * 3 + [(False, "")]
    bulk.confirm(row, seen=plan.seen, has_declared=False, by=city_supervisor)
    assert states(row) == {"waiting": 4} and not HeldDecision.objects.exists()
    assert bulk.sweep() == 4 and bulk.sweep() == 0
    row.refresh_from_db()
    assert (row.state, states(row)) == (State.HELD, {"held": 4})
    assert set(Application.objects.values_list("status", "revision", "decided_at")) == {("in_review", 7, None)}
    assert list(Notification.objects.values_list("recipient__name", "template")) == [("张市督", "bulk_decided")]
    decisions.released(row, second)
    assert (row.state, states(row)) == (State.RELEASED, {"released": 4}) and row.release_by == second
    outcome = Counter(Application.objects.values_list("status", "decided_by__name", "decision_reason"))
    assert outcome == {("publicity", "张市督", decisions.REASON): 3, ("rejected", "张市督", "创新能力不足。"): 1}
    told = Counter(Notification.objects.filter(recipient=owner).values_list("template", flat=True))
    assert told == {"case_publicity": 3, "case_rejected": 1}
    actions = (
        AuditEvent.objects.filter(subject_type="bulkdecision").order_by("sequence").values_list("action", flat=True)
    )
    assert list(actions) == [
        "bulk.planned", "bulk.confirmed", "bulk.decided", "bulk.release_asked", "bulk.released",
    ]  # fmt: skip
    assert not list(audit.verify())


def test_only_deciders_plan_and_only_the_planner_confirms(
    cases: list[Application], city_supervisor: User, city_officer: User, second: User
) -> None:
    with pytest.raises(Denied, match="市级负责人"):
        bulk.propose(cases, is_approved=True, reason="", by=city_officer)
    row = bulk.propose(cases, is_approved=True, reason=decisions.REASON, by=city_supervisor)
    plan = bulk_plan.plan(row, by=city_supervisor)
    with pytest.raises(Denied, match="创建这次批量决定的人"):
        bulk.confirm(row, seen=plan.seen, has_declared=True, by=second)
    bulk.confirm(row, seen=plan.seen, has_declared=True, by=city_supervisor)
    with pytest.raises(RuleBroken, match=r"张市督 已于 .*正在逐件决定"):
        bulk.confirm(row, seen=plan.seen, has_declared=True, by=city_supervisor)


def test_confirm_of_a_plan_that_changed_meanwhile(cases: list[Application], owner: User, city_supervisor: User) -> None:
    row = bulk.propose(cases, is_approved=True, reason=decisions.REASON, by=city_supervisor)
    seen = bulk_plan.plan(row, by=city_supervisor).seen
    procedures.withdraw(cases[0], by=owner)
    with pytest.raises(RuleBroken, match="有变化"):
        bulk.confirm(row, seen=seen, has_declared=False, by=city_supervisor)
    assert BulkDecision.objects.get().state == State.PLANNED


def spoil_stage(case: Application, _by: User) -> None:
    Application.objects.filter(pk=case.pk).update(stage="score")


def spoil_declaration(case: Application, _by: User) -> None:
    case.assignments.all().delete()


def spoil_conflict(case: Application, by: User) -> None:
    procedures.declare(case, has_conflict=True, by=by)


def spoil_member(case: Application, by: User) -> None:
    people.join(by, case.organisation, "viewer")


def spoil_separation(case: Application, by: User) -> None:
    Review.objects.create(application=case, stage="recommend", reviewer=by, verdict="pass")


def spoil_score(case: Application, _by: User) -> None:
    Application.objects.filter(pk=case.pk).update(score=None)


def spoil_objection(case: Application, _by: User) -> None:
    Objection.objects.create(application=case, name="某人", contact="021", text="有异议")


def spoil_decided(case: Application, by: User) -> None:
    procedures.decide(case, is_approved=True, reason="好。", by=by, is_held=True)


def spoil_quota(case: Application, _by: User) -> None:
    Call.objects.filter(pk=case.call_id).update(quota=0)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (spoil_stage, "wrong_stage"),
        (spoil_declaration, "conflict_gate"),
        (spoil_conflict, "conflict_gate"),
        (spoil_member, "conflict_gate"),
        (spoil_separation, "separation"),
        (spoil_score, "no_score"),
        (spoil_objection, "objection_open"),
        (spoil_decided, "decided_before"),
        (spoil_quota, "quota_full"),
    ],
)
def test_plan_and_action_refuse_the_same(
    spoil: Any, code: str, cases: list[Application], city_supervisor: User
) -> None:
    spoil(cases[0], city_supervisor)
    row = bulk.propose(cases[:1], is_approved=True, reason=decisions.REASON, by=city_supervisor)
    line = bulk_plan.plan(row, by=city_supervisor).lines[0]
    with pytest.raises(PortalError) as refused:
        procedures.decide(cases[0], is_approved=True, reason=decisions.REASON, by=city_supervisor)
    assert refused.value.code == code
    same = {"undeclared": "conflict_gate", "wrong_state": "wrong_stage"}
    assert same.get(line.code, line.code) == code and line.why
    with pytest.raises(RuleBroken):
        bulk.confirm(row, seen=bulk_plan.plan(row, by=city_supervisor).seen, has_declared=False, by=city_supervisor)


def test_places_go_in_the_order_of_the_list(cases: list[Application], call: Call, city_supervisor: User) -> None:
    Call.objects.filter(pk=call.pk).update(quota=2)
    row = decisions.decided(list(reversed(cases)), city_supervisor)
    assert states(row) == {"held": 2, "refused": 2}
    held = row.items.filter(state=ItemState.HELD).values_list("application__number", flat=True)
    assert set(held) == {cases[2].number, cases[3].number}
    assert "2 个名额已用完" in row.items.filter(state=ItemState.REFUSED)[0].why


def test_declaration_with_the_confirmation(cases: list[Application], second: User) -> None:
    with pytest.raises(RuleBroken, match="4 件没有声明"):
        decisions.confirmed(cases, second)
    row = decisions.decided(cases, second, has_declared=True)
    assert states(row) == {"held": 4}
    assert cases[0].assignments.filter(user=second, has_conflict=False).count() == 1


def test_what_changes_before_its_turn_is_left_with_the_sentence(
    cases: list[Application], owner: User, city_supervisor: User
) -> None:
    row = decisions.confirmed(cases, city_supervisor)
    procedures.withdraw(cases[1], by=owner)
    bulk.sweep()
    assert states(row) == {"held": 3, "refused": 1}
    assert row.items.get(state=ItemState.REFUSED).why.startswith("林知远 已于")


def test_a_fault_is_tried_thrice_and_then_left(
    cases: list[Application], city_supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, whole = decisions.confirmed(cases, city_supervisor), holding.hold

    def broken(application: Application, **more: Any) -> HeldDecision:
        if application.pk == cases[1].pk:
            raise ValueError("a fault")
        return whole(application, **more)

    monkeypatch.setattr(holding, "hold", broken)
    assert [bulk.sweep() for _turn in range(4)] == [3, 0, 1, 0]
    assert states(row) == {"held": 3, "refused": 1} and "ValueError" in row.items.get(state="refused").why


def test_nothing_is_decided_when_the_log_cannot_be_written(
    cases: list[Application], city_supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = decisions.confirmed(cases[:1], city_supervisor)

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("no log")

    with monkeypatch.context() as patch:
        patch.setattr(holding.audit, "record", broken)
        bulk.sweep()
    assert states(row) == {"waiting": 1} and not HeldDecision.objects.exists()
    bulk.sweep()
    assert states(row) == {"held": 1}


def test_undo_of_one_and_of_all_until_the_release(
    cases: list[Application], city_supervisor: User, second: User
) -> None:
    row = decisions.decided(cases, city_supervisor)
    with pytest.raises(Denied):
        bulk.undo(row, by=second)
    assert bulk.undo(row, numbers=[cases[0].number], by=city_supervisor) == 1
    assert states(row) == {"held": 3, "undone": 1}
    procedures.decide(cases[0], is_approved=False, reason="重新决定。", by=city_supervisor)
    decisions.released(row, second)
    assert states(row) == {"released": 3, "undone": 1}
    with pytest.raises(RuleBroken, match=r"吴市督 已于 .*已发布"):
        bulk.undo(row, by=city_supervisor)
    other = decisions.decided(decisions.ready(factory.make_call(), 2, people.make_user(), declared=(second,)), second)
    assert bulk.undo(other, by=second) == 2
    other.refresh_from_db()
    assert other.state == State.DROPPED


def test_release_is_for_a_second_person_as_seen(
    cases: list[Application], owner: User, city_supervisor: User, second: User
) -> None:
    row = decisions.decided(cases, city_supervisor)
    seen = bulk.held_seal(row)
    with pytest.raises(Denied, match="决定以外的人"):
        bulk.ask_release(row, seen=seen, by=city_supervisor)
    holding.revise(holding.present(cases[0]), is_approved=False, reason="改为不予认定。", by=city_supervisor)
    with pytest.raises(RuleBroken, match="有变化"):
        bulk.ask_release(row, seen=seen, by=second)
    procedures.withdraw(cases[1], by=owner)
    decisions.released(row, second)
    assert states(row) == {"released": 3, "failed": 1}
    assert Counter(Application.objects.values_list("status", flat=True)) == {
        "publicity": 2, "rejected": 1, "withdrawn": 1,
    }  # fmt: skip
    assert row.items.get(state=ItemState.FAILED).why.startswith("林知远 已于")
    assert not HeldDecision.objects.held().exists()


def test_release_at_a_moment(cases: list[Application], city_supervisor: User, second: User, frozen: Any) -> None:
    frozen("2026-03-09 10:00")
    row = decisions.decided(cases, city_supervisor)
    frozen("2026-03-10 10:00")
    at = factory.now().replace(hour=8, minute=30) + factory.dt.timedelta(days=1)
    bulk.ask_release(row, seen=bulk.held_seal(row), at=at, by=second)
    bulk.sweep()
    assert states(row) == {"held": 4}
    with pytest.raises(RuleBroken, match="吴市督 已安排"):
        holding.revise(holding.present(cases[0]), is_approved=False, reason="改。", by=city_supervisor)
    bulk.call_off_release(row, by=city_supervisor)
    row.refresh_from_db()
    bulk.ask_release(row, seen=bulk.held_seal(row), at=at, by=second)
    frozen("2026-03-11 16:31")
    bulk.sweep()
    days = set(Application.objects.values_list("publicity_from", "decided_at"))
    assert {(day.isoformat(), at.date().isoformat()) for day, at in days} == {("2026-03-11", "2026-03-11")}


def test_single_decisions_of_an_embargoed_call_are_gathered(
    call: Call, cases: list[Application], city_supervisor: User, second: User
) -> None:
    Call.objects.filter(pk=call.pk).update(is_embargoed=True)
    for case in cases[:2]:
        procedures.decide(case, is_approved=True, reason="好。", by=city_supervisor)
    assert set(Application.objects.values_list("status", flat=True)) == {"in_review"}
    with pytest.raises(RuleBroken, match="没有待发布"):
        bulk.gather(factory.make_call(), by=second)
    row = bulk.gather(call, by=people.post(people.make_user("第三人"), "city", "supervisor"))
    with pytest.raises(Denied):
        bulk.ask_release(row, seen=bulk.held_seal(row), by=city_supervisor)
    decisions.released(row, second)
    assert Application.objects.filter(status="publicity").count() == 2
    assert CaseEvent.objects.filter(verb="approve", by=city_supervisor).count() == 2


def test_the_tables_themselves_refuse_twice(cases: list[Application], city_supervisor: User) -> None:
    first = decisions.decided(cases, city_supervisor)
    other = bulk.propose(cases[:1], is_approved=True, reason="再来。", by=city_supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.items.update(state=ItemState.WAITING)
    held = first.items.first().decision
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldDecision.objects.create(
            application=held.application, is_approved=True, reason="x", by=held.by, revision=1, file_hash="x"
        )
