"""Decisions that are not in force yet: held for a second person (countersign), for a common release (embargo), or both.

The application's row, its events, reviews and notices stay untouched until `enforce` moves the case. A countersignature
is bound to the file and the first decision by a hash over both; it is void as soon as either differs.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, letters, notifications, rules
from portal.clock import now, today
from portal.errors import Denied, RuleBroken
from portal.formats import moment
from portal.models import (
    Application,
    BulkDecision,
    Call,
    HeldDecision,
    Review,
    Stage,
    Status,
    StoredFile,
    User,
)
from portal.permissions import Permission, check

from . import clocks, mover, papers, reviewing
from .tables import Verb

State = HeldDecision.State


# --- what a decision is bound to ----------------------------------------------------------------------------------
def file_hash(application: Application) -> str:
    """Return the SHA-256 of the file as it stands: revision, round, score, last submission and its files' hashes."""
    last = application.submissions.order_by("-sequence").first()
    files = StoredFile.objects.filter(application=application, number__in=last.files if last else {})
    return _digest(
        application.number, application.revision, application.status, application.stage, application.stage_round,
        str(application.score), [last.sequence, last.answers, last.files] if last else None,
        sorted(files.values_list("number", "sha256")),
    )  # fmt: skip


def seal(decision: HeldDecision) -> str:
    """Return the SHA-256 over the file and the first decision: what a countersignature is bound to."""
    return _digest(decision.number, decision.file_hash, decision.is_approved, decision.reason, decision.by_id)


def _digest(*parts: Any) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def why_stale(decision: HeldDecision, application: Application) -> str:
    """Return the sentence why a held decision no longer fits its file, or nothing."""
    if decision.revision == application.revision and decision.file_hash == file_hash(application):
        return ""
    return _("办件在 %(when)s 作出决定之后有变化，这项决定不再有效。请撤销后重新决定。") % {"when": moment(decision.at)}


def why_void(decision: HeldDecision) -> str:
    """Return the sentence why a countersignature no longer counts, or nothing."""
    if not decision.countersigned_hash or decision.countersigned_hash == seal(decision):
        return ""
    return _("%(who)s 于 %(when)s 的复核已失效：此后办件或初次决定有变化，须重新复核。") % {
        "who": decision.countersigned_by, "when": moment(decision.countersigned_at),
    }  # fmt: skip


def already(decision: HeldDecision) -> str:
    """Return who decided when, for whoever comes second."""
    return _("%(who)s 已于 %(when)s 对办件 %(number)s 作出决定，尚未生效。请刷新后再看。") % {
        "who": decision.by, "when": moment(decision.at), "number": decision.application.number,
    }  # fmt: skip


def present(application: Application) -> HeldDecision | None:
    """Return the decision of a case that is not in force yet."""
    rows = HeldDecision.objects.held().filter(application=application)
    return rows.select_related("application", "by", "countersigned_by").first()


# --- the actions --------------------------------------------------------------------------------------------------
def hold(application: Application, *, is_approved: bool, reason: str, is_embargoed: bool, by: User) -> HeldDecision:
    """Keep a decision that `decide` has checked, inside its transaction. Whoever must countersign is told."""
    decision = HeldDecision.objects.create(
        application=application, is_approved=is_approved, reason=reason, by=by, at=now(),
        revision=application.revision, file_hash=file_hash(application), is_embargoed=is_embargoed,
    )  # fmt: skip
    _record(decision, "decision.held", by)
    if application.call.needs_countersign and not is_embargoed:
        _ask_second(decision)
    return decision


def _ask_second(decision: HeldDecision) -> None:
    people = [person for person in mover.office_people(decision.application) if person.pk != decision.by_id]
    notifications.notify(
        "office_countersign", people, key=f"decision:{decision.number}:{seal(decision)[:12]}",
        values=mover.facts(decision.application, decision.by), link=f"/cases/{decision.application.number}/held/",
    )  # fmt: skip


def _record(decision: HeldDecision, action: str, by: User, **data: Any) -> None:
    """Write the log under the decision's own number; what was decided stands there only as a hash until it is out."""
    told = {"case": decision.application.number, "seal": seal(decision), **data}
    audit.record(("decision", decision.number), action, by=by, data=told)


def _locked(decision: HeldDecision) -> HeldDecision:
    application = mover.locked(decision.application)
    decision = HeldDecision.objects.select_for_update().get(pk=decision.pk)  # joins would be from before the wait
    decision.application = application
    if decision.state != State.HELD:
        raise RuleBroken(_settled(decision), code="wrong_state")
    return decision


def _require_unreleased(decision: HeldDecision) -> None:
    """Raise RuleBroken once a second person has released what this decision belongs to. Locks that bulk decision."""
    bulk = BulkDecision.objects.select_for_update(of=("self",)).filter(items__decision=decision).first()
    if bulk is not None and bulk.release_at is not None:
        words = _("%(who)s 已安排在 %(when)s 发布这项决定，不能再改。")
        raise RuleBroken(words % {"who": bulk.release_by, "when": moment(bulk.release_at)}, code="wrong_state")


def _settled(decision: HeldDecision) -> str:
    return _("这项决定已于 %(when)s 由 %(who)s 处理：%(state)s。") % {
        "when": moment(decision.ended_at), "who": decision.ended_by or _("系统"),
        "state": State(decision.state).label,
    }  # fmt: skip


@transaction.atomic
def revise(decision: HeldDecision, *, is_approved: bool, reason: str, by: User) -> HeldDecision:
    """Change one's own held decision; a countersignature given before is void. Raises Denied, RuleBroken."""
    _require_unreleased(decision)
    decision = _locked(decision)
    check(by, Permission.DECIDE_CASE, decision.application)
    reviewing.require_gate(by, decision.application)
    _require_own(decision, by)
    if not reason.strip():
        raise RuleBroken(_("请写明决定的理由；企业看得到这段话。"), code="no_reason")
    application = decision.application
    if is_approved and not decision.is_approved:
        require_quota(application)
    decision.is_approved, decision.reason = is_approved, reason.strip()
    decision.at, decision.revision, decision.file_hash = now(), application.revision, file_hash(application)
    decision.save(update_fields=["is_approved", "reason", "at", "revision", "file_hash"])
    _record(decision, "decision.revised", by)
    if application.call.needs_countersign and not decision.is_embargoed:
        _ask_second(decision)
    return decision


@transaction.atomic
def undo(decision: HeldDecision, *, by: User, why: str = "") -> HeldDecision:
    """Take one's own held decision back; the case can be decided anew. Raises Denied, RuleBroken once it is out."""
    _require_unreleased(decision)
    decision = _locked(decision)
    check(by, Permission.DECIDE_CASE, decision.application)
    _require_own(decision, by)
    return end(decision, why or str(_("决定人撤销。")), by=by)


def end(decision: HeldDecision, why: str, *, by: User) -> HeldDecision:
    """Close a locked held decision without force."""
    decision.state, decision.ended_at, decision.ended_by, decision.ended_why = State.ENDED, now(), by, why[:400]
    decision.save(update_fields=["state", "ended_at", "ended_by", "ended_why"])
    _record(decision, "decision.undone", by)
    return decision


@transaction.atomic
def give_up(decision: HeldDecision, why: str, *, by: User) -> HeldDecision:
    """Close a decision whose release was refused; the case can be decided anew."""
    return end(_locked(decision), why, by=by)


def _require_own(decision: HeldDecision, by: User) -> None:
    if decision.by_id != by.pk:
        raise Denied(_("只有作出这项决定的人可以修改或撤销它。"), code="not_own")


@transaction.atomic
def countersign(decision: HeldDecision, *, seen: str, by: User) -> HeldDecision:
    """Confirm somebody else's decision as `seen` (its seal). Without embargo it is in force from now on.

    Raises Denied (own decision, conflict, other stage), RuleBroken when file or decision changed meanwhile.
    """
    decision = _locked(decision)
    application = decision.application
    check(by, Permission.DECIDE_CASE, application)
    reviewing.require_gate(by, application)
    if not application.call.needs_countersign:
        raise RuleBroken(_("本批次的决定不需要复核。"), code="no_countersign")
    if decision.by_id == by.pk:
        raise Denied(_("复核须由作出决定以外的人完成。"), code="own_decision")
    reviewing.require_apart(application, Stage.DECIDE, by)
    require_fresh(decision)
    if seen != seal(decision):
        raise RuleBroken(
            _("初次决定在 %(when)s 有变化，您看到的内容已失效。请重新查看后再复核。") % {"when": moment(decision.at)},
            code="changed_meanwhile",
        )
    decision.countersigned_at, decision.countersigned_by, decision.countersigned_hash = now(), by, seen
    decision.save(update_fields=["countersigned_at", "countersigned_by", "countersigned_hash"])
    _record(decision, "decision.countersigned", by)
    return decision if decision.is_embargoed else bring_into_force(decision, by=by)


def require_fresh(decision: HeldDecision) -> None:
    """Raise RuleBroken when the file changed since the decision."""
    stale = why_stale(decision, decision.application)
    if stale:
        raise RuleBroken(stale, code="file_changed")


@transaction.atomic
def release(decision: HeldDecision, *, by: User) -> HeldDecision:
    """Bring an embargoed decision into force by a second person's release; it countersigns where the call asks."""
    decision = _locked(decision)
    application = decision.application
    check(by, Permission.DECIDE_CASE, application)
    if decision.by_id == by.pk:
        raise Denied(_("发布须由作出决定以外的人完成。"), code="own_decision")
    if not decision.countersigned_hash and application.call.needs_countersign:
        decision = countersign(decision, seen=seal(decision), by=by)
    return bring_into_force(decision, by=by)


def bring_into_force(decision: HeldDecision, *, by: User) -> HeldDecision:
    """Move the case as decided, once, inside the caller's transaction; `by` released or countersigned it."""
    application = decision.application
    if application.status != Status.IN_REVIEW or application.stage != Stage.DECIDE:
        raise RuleBroken(mover.already(application), code="wrong_state")
    require_fresh(decision)
    void = why_void(decision)
    if void or (application.call.needs_countersign and not decision.countersigned_hash):
        raise RuleBroken(void or _("这项决定还没有复核。"), code="not_countersigned")
    decision.state, decision.ended_at, decision.ended_by = State.IN_FORCE, now(), by
    decision.save(update_fields=["state", "ended_at", "ended_by"])
    _record(decision, "decision.in_force", by)
    if decision.countersigned_by is not None:
        second = decision.countersigned_by
        verdict = Review.Verdict.PASS if decision.is_approved else Review.Verdict.FAIL
        reviewing.write_review(application, Stage.DECIDE, second, verdict, str(_("复核同意。")))
    decision.application = enforce(
        application, is_approved=decision.is_approved, reason=decision.reason, by=decision.by,
        data={"decision": decision.number, "out_by": by.name},
    )  # fmt: skip
    return decision


def enforce(
    application: Application, *, is_approved: bool, reason: str, by: User, data: dict[str, Any] | None = None
) -> Application:
    """Carry out a decision that was checked: review, move, notices, letter. Publicity begins today."""
    verdict = Review.Verdict.PASS if is_approved else Review.Verdict.FAIL
    reviewing.write_review(application, application.stage, by, verdict, reason)
    if not is_approved:
        return reviewing.refuse(application, reason, by=by, data=data)
    moved = mover.move(
        application,
        Verb.APPROVE,
        by=by,
        note=reason,
        data=data,
        decided_at=now(),
        decided_by=by,
        decision_reason=reason,
        publicity_from=today(),
        publicity_until=publicity_end(application.call),
    )
    papers.want_letter(moved)
    return moved


def publicity_end(call: Call) -> Any:
    """Return the last day of a publicity that begins today."""
    return rules.calendar().add_workdays(today(), call.publicity_days)


def require_quota(application: Application) -> None:
    """Raise RuleBroken when the call has no place left; approvals that are held count."""
    quota = application.call.quota
    if quota is None:
        return
    # The call's row is the lock: two approvals of the last place cannot both pass.
    type(application.call).objects.select_for_update().get(pk=application.call_id)
    if places_taken(application.call_id) >= quota:
        raise RuleBroken(_("本批次 %(quota)s 个名额已用完。") % {"quota": quota}, code="quota_full")


def places_taken(call_id: int) -> int:
    """Return how many places of a call are given: decided and in force, or approved and held."""
    return places_taken_by([call_id]).get(call_id, 0)


def places_taken_by(calls: list[int]) -> dict[int, int]:
    """Return the places taken per call, in two statements for any number of calls."""
    given = Application.objects.filter(
        call__in=calls, status__in=[Status.PUBLICITY, Status.APPROVED, Status.CLOSED]
    ).exclude(decided_at=None)
    held = HeldDecision.objects.held().filter(
        application__call__in=calls, is_approved=True, application__status=Status.IN_REVIEW
    )
    taken = Counter(given.values_list("call", flat=True))
    taken.update(held.values_list("application__call", flat=True))
    return dict(taken)


def foreseen(application: Application, *, is_approved: bool, reason: str) -> letters.Ruling:
    """Return the decision as it would stand if it came into force now: what the preview of the letter shows."""
    due = rules.calendar().add_workdays(today(), clocks.limit(application.call, "appeal_window"))
    return letters.Ruling(
        is_approved=is_approved, reason=reason.strip(), at=now(),
        publicity_from=today() if is_approved else None,
        publicity_until=publicity_end(application.call) if is_approved else None,
        appeal_due=None if is_approved else due,
    )  # fmt: skip
