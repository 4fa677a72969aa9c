"""What a bulk decision would do to each file if it were carried out now: the dry run, in a fixed number of statements.

Nothing here decides: the action `procedures.decide` checks every file once more when its turn comes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.models import (
    Application,
    Assignment,
    BulkDecision,
    BulkItem,
    HeldDecision,
    Objection,
    Review,
    Stage,
    Status,
    User,
)
from portal.procedures import conflict_sentences, holding

LIVE = (BulkItem.State.WAITING, BulkItem.State.HELD)


@dataclass(frozen=True)
class Line:
    """One file of the plan. `code` is empty where it will be decided; else the code of the refusal, `why` its words."""

    item: BulkItem
    application: Application
    is_approved: bool
    reason: str
    code: str = ""
    why: str = ""

    @property
    def is_refused(self) -> bool:
        return bool(self.code)


@dataclass(frozen=True)
class Plan:
    lines: list[Line]
    undeclared: int  # files that only wait for the declaration of no interest

    @property
    def decided(self) -> list[Line]:
        return [line for line in self.lines if not line.is_refused]

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.is_refused]

    @property
    def approved(self) -> int:
        return sum(line.is_approved for line in self.decided)

    @property
    def seen(self) -> str:
        """Return the hash of everything the plan says: confirming is bound to it."""
        told = [(line.application.number, line.is_approved, line.reason, line.code) for line in self.lines]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


class _Facts:
    """Everything the lines need, by application."""

    def __init__(self, bulk: BulkDecision, by: User, *, has_declared: bool) -> None:
        self.bulk, self.by, self.has_declared = bulk, by, has_declared
        self.items = list(
            bulk.items.select_related("application__organisation", "application__call", "application__office_district")
            .order_by("position")
        )  # fmt: skip
        of = {"application__in": [item.application_id for item in self.items]}
        self.declared = dict(
            Assignment.objects.filter(user=by, declared_at__isnull=False, **of)
            .order_by("has_conflict").values_list("application", "has_conflict")
        )  # fmt: skip
        stages = Review.objects.filter(reviewer=by, **of).exclude(stage=Stage.DECIDE)
        self.worked = set(stages.values_list("application", flat=True))
        held = HeldDecision.objects.held().filter(**of).select_related("by", "application")
        self.held = {row.application_id: row for row in held}
        live = BulkItem.objects.filter(state__in=LIVE, **of).exclude(bulk=bulk).select_related("bulk__created_by")
        self.live = {row.application_id: row.bulk for row in live}
        self.objected = set(Objection.objects.open().filter(**of).values_list("application", flat=True))
        self.places = self._places()

    def _places(self) -> dict[int, int]:
        """Return how many places are left per call that has a quota."""
        calls = {item.application.call_id: item.application.call for item in self.items}
        taken = holding.places_taken_by(list(calls))
        return {pk: call.quota - taken.get(pk, 0) for pk, call in calls.items() if call.quota is not None}


def plan(bulk: BulkDecision, *, by: User, has_declared: bool | None = None) -> Plan:
    """Return what will happen to each file if `by` carries it out now; places go in the order of the list."""
    told = bulk.has_declared if has_declared is None else has_declared
    facts = _Facts(bulk, by, has_declared=told)
    lines, given = [], Counter[int]()
    for item in facts.items:
        is_approved = bulk.is_approved if item.is_approved is None else item.is_approved
        code, why = _refusal(facts, item.application)
        call = item.application.call_id
        if not code and not (item.reason or bulk.reason).strip():
            code, why = "no_reason", _("请写明决定的理由；企业看得到这段话。")
        if not code and is_approved and given[call] >= facts.places.get(call, given[call] + 1):
            code, why = "quota_full", _("本批次 %(quota)s 个名额已用完。") % {"quota": item.application.call.quota}
        if not code and is_approved:
            given[call] += 1
        reason = item.reason or bulk.reason
        lines.append(Line(item, item.application, is_approved, reason, code, why))
    open_gates = [line for line in lines if line.code == "undeclared"]
    return Plan(lines, len(open_gates))


def _refusal(facts: _Facts, application: Application) -> tuple[str, str]:
    """Return (code, sentence) of the first reason against deciding this file, or two empty words."""
    return next(_reasons(facts, application), ("", ""))


def _reasons(facts: _Facts, application: Application) -> Iterator[tuple[str, str]]:
    """Yield every reason against deciding this file, in the order in which the action would find them."""
    yield from _gate(facts, application)
    if application.status != Status.IN_REVIEW or application.stage != Stage.DECIDE:
        yield "wrong_state", _stands(application)
    if application.pk in facts.worked:
        yield "separation", str(conflict_sentences.APART)
    if application.pk in facts.held:
        yield "decided_before", holding.already(facts.held[application.pk])
    if application.pk in facts.live:
        other = facts.live[application.pk]
        words = _("%(who)s 已把本件列入批量决定 %(number)s。")
        yield "in_other_bulk", words % {"who": other.created_by, "number": other.number}
    if application.pk in facts.objected:
        yield "objection_open", _("还有异议没有处理完。")
    if Stage.SCORE in application.call.stages and application.score is None:
        yield "no_score", _("专家评分还没有完成，不能决定。")


def _gate(facts: _Facts, application: Application) -> Iterator[tuple[str, str]]:
    has_conflict = facts.declared.get(application.pk)
    if application.organisation_id in facts.by.standing.roles:
        yield "conflict_gate", str(conflict_sentences.MEMBER)
    if has_conflict:
        yield "conflict_gate", str(conflict_sentences.DECLARED)
    if has_conflict is None and not facts.has_declared:
        yield "undeclared", str(conflict_sentences.UNDECLARED)


def _stands(application: Application) -> str:
    words = str(Status(application.status).label)
    if application.status == Status.IN_REVIEW and application.stage:
        words = f"{words} · {Stage(application.stage).label}"
    return _("办件现在是“%(status)s”，还不能或不能再作决定。") % {"status": words}


def tally(bulk: BulkDecision) -> dict[str, int]:
    """Return how many files are in each state: what is done and what is left."""
    counts: Any = Counter(bulk.items.order_by().values_list("state", flat=True))
    return {state.value: counts.get(state.value, 0) for state in BulkItem.State}
