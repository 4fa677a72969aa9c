"""Decisions that are not in force: the countersignature and what voids it, and that nothing of them shows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from portal import bulk, procedures
from portal.errors import Denied, PortalError, RuleBroken
from portal.models import (
    Application,
    AuditEvent,
    BulkDecision,
    Call,
    HeldDecision,
    Notification,
    Review,
    StoredFile,
    User,
)
from portal.procedures import holding
from tests.factories import decisions, people

CANARY = "保密理由KQXZ"


@pytest.fixture
def second(db: None) -> User:
    return people.post(people.make_user("吴市督"), "city", "supervisor")


@pytest.fixture
def owner(db: None) -> User:
    return people.make_user("林知远")


@pytest.fixture
def case(call: Call, owner: User, city_supervisor: User, second: User) -> Application:
    Call.objects.filter(pk=call.pk).update(needs_countersign=True)
    return decisions.ready(call, 1, owner, declared=(city_supervisor, second))[0]


@pytest.fixture
def held(case: Application, city_supervisor: User) -> HeldDecision:
    procedures.decide(case, is_approved=True, reason=CANARY, by=city_supervisor)
    found = holding.present(case)
    assert found is not None
    return found


def test_first_decision_waits_and_the_second_person_brings_it_into_force(
    case: Application, held: HeldDecision, owner: User, city_supervisor: User, second: User
) -> None:
    case.refresh_from_db()
    assert (case.status, case.revision, case.decided_at) == ("in_review", 7, None)
    assert list(Notification.objects.values_list("template", "recipient__name", "link")) == [
        ("office_countersign", "吴市督", f"/cases/{case.number}/held/")
    ]
    holding.countersign(held, seen=holding.seal(held), by=second)
    case.refresh_from_db()
    assert (case.status, case.decided_by, case.decision_reason) == ("publicity", city_supervisor, CANARY)
    assert list(Review.objects.values_list("reviewer__name", "stage", "verdict")) == [
        ("吴市督", "decide", "pass"), ("张市督", "decide", "pass"),
    ]  # fmt: skip
    assert Notification.objects.get(recipient=owner).template == "case_publicity"
    log = AuditEvent.objects.filter(subject_type="decision").order_by("sequence")
    assert list(log.values_list("action", flat=True)) == [
        "decision.held", "decision.countersigned", "decision.in_force",
    ]  # fmt: skip
    with pytest.raises(RuleBroken, match="已生效"):
        holding.countersign(held, seen=holding.seal(held), by=second)


def test_who_may_not_countersign(
    case: Application, held: HeldDecision, city_supervisor: User, city_officer: User, supervisor: User
) -> None:
    def refused(by: User, code: str) -> None:
        with pytest.raises(Denied) as why:
            holding.countersign(held, seen=holding.seal(held), by=by)
        assert why.value.code == code

    third = people.post(people.make_user("第三人"), "city", "supervisor")
    refused(city_supervisor, "own_decision")
    refused(third, "conflict_gate")
    procedures.declare(case, has_conflict=False, by=third)
    Review.objects.create(application=case, stage="recommend", reviewer=third, verdict="pass")
    refused(third, "separation")
    for person in (city_officer, supervisor):
        procedures.declare(case, has_conflict=False, by=person)
        refused(person, "denied")
    weak = people.post(people.make_user("无二次验证"), "city", "supervisor")
    procedures.declare(case, has_conflict=False, by=weak)
    weak.authenticator_set.all().delete()
    weak.__dict__.pop("_has_second_factor", None)
    refused(weak, "second_factor_needed")


def test_second_decision_is_told_who_was_first(case: Application, held: HeldDecision, second: User) -> None:
    with pytest.raises(RuleBroken, match=rf"张市督 已于 .* 对办件 {case.number} 作出决定"):
        procedures.decide(case, is_approved=False, reason="不同意。", by=second)


def test_countersignature_is_void_when_the_first_decision_changes(
    held: HeldDecision, city_supervisor: User, second: User
) -> None:
    seen = holding.seal(held)
    HeldDecision.objects.filter(pk=held.pk).update(is_embargoed=True)
    holding.countersign(held, seen=seen, by=second)
    holding.revise(held, is_approved=False, reason="改为不予认定。", by=city_supervisor)
    held.refresh_from_db()
    assert "吴市督" in holding.why_void(held) and "复核已失效" in holding.why_void(held)
    with pytest.raises(RuleBroken, match="复核已失效"):
        holding.release(held, by=second)
    with pytest.raises(RuleBroken, match=r"初次决定在 .* 有变化"):
        holding.countersign(held, seen=seen, by=second)
    holding.countersign(held, seen=holding.seal(held), by=second)
    holding.release(held, by=second)
    assert Application.objects.get().status == "rejected"


def change_submission(case: Application) -> None:
    case.submissions.update(answers={"plan": "换了"})


def change_score(case: Application) -> None:
    Application.objects.filter(pk=case.pk).update(score=12)


def change_revision(case: Application) -> None:
    Application.objects.filter(pk=case.pk).update(revision=8)


@pytest.mark.parametrize("change", [change_submission, change_score, change_revision])
def test_both_signatures_are_void_when_the_file_changes(
    change: Callable[[Application], None], case: Application, held: HeldDecision, city_supervisor: User, second: User
) -> None:
    change(case)
    with pytest.raises(RuleBroken, match="之后有变化，这项决定不再有效"):
        holding.countersign(held, seen=holding.seal(held), by=second)
    holding.undo(held, by=city_supervisor)
    procedures.decide(case, is_approved=True, reason="重新决定。", by=city_supervisor)


def test_changed_bytes_of_a_file_change_the_hash(case: Application, owner: User) -> None:
    file = StoredFile.objects.create(
        key="k", name="a.pdf", size=1, sha256="0" * 64, media_type="application/pdf", application=case, created_by=owner
    )
    case.submissions.update(files=[file.number])
    before = holding.file_hash(case)
    StoredFile.objects.update(sha256="1" * 64)
    assert holding.file_hash(case) != before


def test_only_the_decider_changes_or_undoes(held: HeldDecision, second: User) -> None:
    for act in (
        lambda: holding.revise(held, is_approved=False, reason="x", by=second),
        lambda: bulk.undo_one(held, by=second),
    ):
        with pytest.raises(Denied, match="作出这项决定的人"):
            act()


def _race(acts: list[Callable[[], Any]]) -> list[str]:
    """Run all acts at once, each in a connection of its own; return what each got."""
    start, said = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        close_old_connections()
        start.wait()
        try:
            act()
            said.append("won")
        except PortalError as refused:
            said.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.mark.usefixtures("transactional_db")
def test_two_confirm_and_two_release_at_once(call: Call) -> None:
    deciders = [people.post(people.make_user(name), "city", "supervisor") for name in ("张市督", "吴市督")]
    cases = decisions.ready(call, 2, people.make_user(), declared=tuple(deciders))
    plans = [bulk.propose(cases, is_approved=True, reason="好。", by=by) for by in deciders]
    seen = [_seen(row, by) for row, by in zip(plans, deciders, strict=True)]
    said = _race(
        [
            lambda n=n: bulk.confirm(plans[n], seen=seen[n], has_declared=False, by=deciders[n])  # type: ignore[misc]
            for n in (0, 1)
        ]
    )
    assert [words == "won" for words in said].count(True) == 1, said
    bulk.sweep()
    row = BulkDecision.objects.get(state="held")
    others = [people.post(people.make_user(name), "city", "supervisor") for name in ("甲督", "乙督")]
    token = bulk.held_seal(row)
    said = _race([lambda by=by: bulk.ask_release(row, seen=token, by=by) for by in others])  # type: ignore[misc]
    assert said[0] == "won" or said[1] == "won"
    row.refresh_from_db()
    loser = next(words for words in said if words != "won")
    assert loser.startswith(f"{row.release_by} 已于")


def _seen(row: BulkDecision, by: User) -> str:
    return bulk.bulk_plan.plan(row, by=by).seen
