"""The worker of bulk decisions killed at ten points, deciding and releasing: each file once, letters once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection

from portal import audit, bulk, bulk_plan, documents, files, issuing, notifications, procedures
from portal.models import (
    Application,
    BulkItem,
    Call,
    CaseEvent,
    CasePaper,
    HeldDecision,
    Notification,
    Review,
    StoredFile,
    User,
)
from portal.procedures import holding, mover, papers, reviewing
from tests.factories import decisions, killer, people

FILES = 11
# (where, what, after its work): one death at each while files are decided, and one at each while they are released
DECIDING: list[tuple[Any, str, bool]] = [
    (bulk, "_decide", False), (procedures, "decide", False), (reviewing, "require_gate", True),
    (holding, "require_quota", True), (holding, "file_hash", True), (HeldDecision, "save", False),
    (HeldDecision, "save", True), (holding.audit, "record", True), (BulkItem, "save", False), (BulkItem, "save", True),
    (notifications, "notify", True),
]  # fmt: skip
RELEASING: list[tuple[Any, str, bool]] = [
    (bulk, "_release", False), (holding, "bring_into_force", False), (holding, "enforce", False),
    (reviewing, "write_review", True), (mover, "_write_event", True), (mover, "_tell", True),
    (papers, "want_letter", True), (holding, "enforce", True), (BulkItem, "save", False), (BulkItem, "save", True),
    (notifications, "notify", True),
]  # fmt: skip
MAKING: list[tuple[Any, str, bool]] = [
    (documents, "render", True), (files, "keep", True), (CasePaper, "save", True),
]  # fmt: skip


@pytest.fixture
def _fresh_connection() -> Iterator[None]:
    yield
    connection.close()


def killed(points: list[tuple[Any, str, bool]], work: Callable[[], int]) -> None:
    """Let the worker die at every point once, one file further each time; then let it finish."""
    for owner, name, after in points:
        with killer.killed_at(owner, name, after=after) as died, pytest.raises(DatabaseError):
            work()
        assert died == [name]
        connection.close()
    while work():
        continue


@pytest.mark.usefixtures("_fresh_connection", "transactional_db")
def test_killed_at_every_point_of_deciding_releasing_and_making_letters(call: Call) -> None:
    owner = people.make_user("林知远")
    first = people.post(people.make_user("张市督"), "city", "supervisor")
    second = people.post(people.make_user("吴市督"), "city", "supervisor")
    cases = decisions.ready(call, FILES, owner, declared=(first,))
    row = decisions.confirmed(cases, first)

    left = []

    def decide() -> int:
        left.append(bulk_plan.tally(row)["waiting"])
        # The last death is in the notice that everything is decided.
        return bulk.sweep(limit=FILES if len(left) >= len(DECIDING) else 1)

    Call.objects.update(quota=FILES)
    killed(DECIDING, decide)
    assert len(DECIDING) > 10 and left[:2] == [FILES, FILES] and left[-1] == 0
    assert bulk_plan.tally(row)["held"] == FILES
    assert Counter(HeldDecision.objects.values_list("application", "state")) == {(case.pk, "held"): 1 for case in cases}
    assert not CaseEvent.objects.exists() and not Notification.objects.filter(recipient=owner).exists()
    assert Notification.objects.get(recipient=first).template == "bulk_decided"

    bulk.ask_release(row, seen=bulk.held_seal(row), by=second)
    killed(RELEASING, lambda: bulk.sweep(limit=2))
    once = {case.pk: 1 for case in cases}
    assert bulk_plan.tally(row)["released"] == FILES
    assert Counter(CaseEvent.objects.filter(verb="approve").values_list("application", flat=True)) == once
    assert Counter(Review.objects.values_list("application", flat=True)) == once
    told = Notification.objects.filter(recipient=owner, template="case_publicity")
    assert Counter(told.values_list("link", flat=True)) == {f"/applications/{case.number}/": 1 for case in cases}
    assert set(Application.objects.values_list("status", flat=True)) == {"publicity"}
    _letters_once(cases)
    assert not list(audit.verify())


def _letters_once(cases: list[Application]) -> None:
    """Only some of the letters, to save time: every one of them is made once in each language."""
    CasePaper.objects.exclude(application__in=cases[:3]).delete()
    killed(MAKING, issuing.sweep)
    letters = StoredFile.objects.filter(slot="letter")
    assert Counter(letters.values_list("application", flat=True)) == {case.pk: 2 for case in cases[:3]}
    assert not CasePaper.objects.filter(file=None).exists()
    assert all(default_storage.exists(file.key) for file in letters)


def test_a_dead_connection_is_no_fault_of_the_file(
    call: Call, city_supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = decisions.confirmed(
        decisions.ready(call, 1, people.make_user(), declared=(city_supervisor,)), city_supervisor
    )

    def dies(_item: BulkItem) -> None:
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(bulk, "_decide", dies)
        with pytest.raises(DatabaseError):
            bulk.sweep()
    item = row.items.get()
    assert (item.state, item.attempts) == ("waiting", 0)
