"""The office's actions until a decision: declare, take, return, verify, recommend, judge corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, questionnaires, rules
from portal.clock import now, today
from portal.errors import Denied, RuleBroken
from portal.models import (
    Application,
    Assignment,
    CorrectionItem,
    CorrectionRequest,
    Review,
    Stage,
    Status,
    User,
)
from portal.permissions import Permission, Verdict, can, check

from . import assigning, clocks, conflict_sentences, mover, papers
from .applying import answers_of
from .tables import Verb

OWN_STAGES = (Stage.VERIFY, Stage.RECOMMEND)


@dataclass(frozen=True)
class Mark:
    """One question to be corrected: its key, a coded reason, and what the applicant should do."""

    key: str
    reason: str
    note: str


@transaction.atomic
def declare(application: Application, *, has_conflict: bool, note: str = "", by: User) -> Assignment:
    """Declare before seeing content whether one has an interest; with one, the case goes to somebody else."""
    application = mover.locked(application)
    check(by, Permission.VIEW_CASE, application)
    seat = Assignment.Seat.EXPERT if _is_expert_here(application, by) else Assignment.Seat.OFFICER
    assignment, _created = Assignment.objects.get_or_create(application=application, user=by, seat=seat, ended_at=None)
    assignment.declared_at, assignment.has_conflict, assignment.conflict_note = now(), has_conflict, note.strip()[:300]
    if has_conflict and seat == Assignment.Seat.EXPERT:
        assignment.ended_at = now()
    assignment.save(update_fields=["declared_at", "has_conflict", "conflict_note", "ended_at"])
    audit.record(application, "application.conflict_declared", by=by, data={"has_conflict": has_conflict})
    if has_conflict and application.officer_id == by.pk:
        assigning.place(application)
    elif not has_conflict and application.is_new_here and _is_posted_here(application, by):
        application.is_new_here = False
        application.save(update_fields=["is_new_here"])
    return assignment


def _is_posted_here(application: Application, by: User) -> bool:
    return application.office_district_id in by.standing.case_districts


def _is_expert_here(application: Application, user: User) -> bool:
    return application.assignments.filter(user=user, seat=Assignment.Seat.EXPERT, ended_at=None).exists()


def conflict_gate(user: User, application: Application) -> Verdict:
    """Return whether the person has declared and is free of interest; content is shown only then."""
    if application.organisation_id in user.standing.roles:
        return Verdict(False, conflict_sentences.MEMBER)
    rows = application.assignments.filter(user=user, declared_at__isnull=False).values_list("has_conflict", flat=True)
    declared = list(rows)
    if any(declared):
        return Verdict(False, conflict_sentences.DECLARED)
    if not declared:
        return Verdict(False, conflict_sentences.UNDECLARED)
    return Verdict(True)


def require_gate(user: User, application: Application) -> None:
    """Raise Denied unless the conflict gate is open for this person."""
    gate = conflict_gate(user, application)
    if not gate:
        raise Denied(gate.why, code="conflict_gate")


def require_apart(application: Application, stage: str, by: User) -> None:
    """Raise Denied when the person already worked on another stage: recommender, scorer, decider are different."""
    if application.reviews.filter(reviewer=by).exclude(stage=stage).exists():
        raise Denied(conflict_sentences.APART, code="separation")


@transaction.atomic
def take(application: Application, *, by: User) -> Application:
    """Begin the review of a submitted case; the applicant's ten-minute undo ends here."""
    application = mover.locked(application)
    check(by, Permission.HANDLE_CASE, application)
    require_gate(by, application)
    officer = application.officer or by
    _look(application, by)
    return mover.move(application, Verb.TAKE, by=by, officer=officer)


@transaction.atomic
def return_for_correction(application: Application, marks: list[Mark], *, by: User) -> CorrectionRequest:
    """Send single questions back, each with a coded reason and a note; only these unlock, the office's clock stops.

    Raises RuleBroken when nothing is marked, a key is unknown, a note is empty or the call's number of corrections
    is used up.
    """
    application = mover.locked(application)
    check(by, Permission.HANDLE_CASE, application)
    require_gate(by, application)
    mover.require(application, Verb.RETURN)
    if application.stage not in OWN_STAGES:
        raise RuleBroken(_("只有区级核验和推荐阶段可以请企业补正。"), code="wrong_stage")
    _check_marks(application, marks)
    _look(application, by)
    answers = answers_of(application)
    due_on = rules.calendar().add_workdays(today(), clocks.limit(application.call, "correction"))
    request = CorrectionRequest.objects.create(
        application=application,
        sequence=application.corrections.count() + 1,
        requested_at=now(),
        requested_by=by,
        due_on=due_on,
        is_provisional=rules.calendar().is_provisional(today(), due_on),
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(
            request=request, key=mark.key, reason=mark.reason, note=mark.note.strip(), old_value=answers.get(mark.key)
        )
        for mark in marks
    )
    mover.move(
        application,
        Verb.RETURN,
        by=by,
        data={"keys": [mark.key for mark in marks], "due_on": due_on.isoformat()},
        values={"count": len(marks)},
    )
    return request


def _check_marks(application: Application, marks: list[Mark]) -> None:
    used, allowed = application.corrections.count(), application.call.corrections_allowed
    if used >= allowed:
        raise RuleBroken(_("本件已补正 %(used)s 次，不能再次补正。") % {"used": used}, code="corrections_used_up")
    if not marks:
        raise RuleBroken(_("请至少标出一项需要补正的内容。"), code="nothing_marked")
    body = application.call.questionnaire.body
    for mark in marks:
        if questionnaires.find(body, mark.key) is None:
            raise RuleBroken(_("问卷里没有问题 %(key)s。") % {"key": mark.key}, code="unknown_question")
        if mark.reason not in CorrectionItem.Reason.values:
            raise RuleBroken(_("请选择补正原因。"), code="no_reason")
        if not mark.note.strip():
            raise RuleBroken(_("请写明每一项要怎样补正。"), code="no_note")


@transaction.atomic
def judge_correction(item: CorrectionItem, verdict: str, *, by: User) -> CorrectionItem:
    """Record whether a corrected question is solved."""
    application = mover.locked(item.request.application)
    check(by, Permission.HANDLE_CASE, application)
    require_gate(by, application)
    if application.status != Status.IN_REVIEW or verdict not in CorrectionItem.Verdict.values:
        raise RuleBroken(mover.already(application), code="wrong_state")
    item.verdict = verdict
    item.save(update_fields=["verdict"])
    audit.record(application, "application.correction_judged", by=by, data={"key": item.key, "verdict": verdict})
    return item


@transaction.atomic
def record_review(application: Application, *, stage: str, is_pass: bool, reason: str, by: User) -> Review:
    """Finish verification (officer) or sign the recommendation (supervisor).

    Verification always goes on to the supervisor, with its opinion; a supervisor's refusal ends the case with the
    reason and the way to appeal. `stage` is the one the person was looking at. Raises Denied, RuleBroken.
    """
    application = mover.locked(application)
    if stage not in OWN_STAGES:
        raise RuleBroken(_("这个阶段不能提交核验或推荐意见。"), code="wrong_stage")
    check(by, mover.stage_permission(stage), application)
    require_gate(by, application)
    mover.require(application, Verb.REVIEW)
    mover.require_stage(application, stage)
    require_apart(application, stage, by)
    _require_reasons(application, is_pass, reason)
    review = write_review(
        application, stage, by, Review.Verdict.PASS if is_pass else Review.Verdict.FAIL, reason.strip()
    )
    if stage == Stage.RECOMMEND and not is_pass:
        refuse(application, reason.strip(), by=by)
    else:
        advance(application, by=by)
    return review


def _require_reasons(application: Application, is_pass: bool, reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请写明意见；企业看得到这段话。"), code="no_reason")
    open_items = CorrectionItem.objects.filter(
        request__application=application, request__answered_at__isnull=False, verdict=CorrectionItem.Verdict.OPEN
    )
    if is_pass and open_items.exists():
        raise RuleBroken(
            _("还有 %(count)s 项补正没有判断。") % {"count": open_items.count()}, code="corrections_not_judged"
        )


def write_review(application: Application, stage: str, by: User, verdict: str, reason: str) -> Review:
    """Store one finished review of the present round."""
    return Review.objects.create(
        application=application,
        stage=stage,
        stage_round=application.stage_round,
        reviewer=by,
        verdict=verdict,
        reason=reason,
        at=now(),
    )


def advance(application: Application, *, by: User | None) -> Application:
    """Go on to the next stage of the call's pattern."""
    following = clocks.stage_after(application.call, application.stage)
    if following is None:
        raise RuleBroken(_("已经是最后一个阶段。"), code="wrong_stage")
    return mover.move(application, Verb.ADVANCE, by=by, stage=following)


def refuse(application: Application, reason: str, *, by: User, data: dict[str, Any] | None = None) -> Application:
    """End a case with a refusal that can be appealed; its letter goes out."""
    moved = mover.move(
        application, Verb.REFUSE, by=by, note=reason, data=data, decided_at=now(), decided_by=by,
        decision_reason=reason,
    )  # fmt: skip
    papers.want_letter(moved)
    return moved


@transaction.atomic
def mark_seen(application: Application, *, by: User) -> None:
    """Remember which submission the official looked at, for the difference since the last look."""
    check(by, Permission.VIEW_CASE, application)
    require_gate(by, application)
    _look(application, by)


def _look(application: Application, by: User) -> None:
    latest = application.submissions.count()
    application.assignments.filter(user=by, ended_at=None).update(last_seen_submission=latest, last_seen_at=now())


def may_handle(user: User, application: Application) -> Verdict:
    """Return whether the person may do the present stage's work, with the first reason against it."""
    if application.status != Status.IN_REVIEW or not application.stage:
        return Verdict(False, mover.already(application))
    allowed = can(user, mover.stage_permission(application.stage), application)
    if not allowed:
        return allowed
    gate = conflict_gate(user, application)
    if not gate:
        return gate
    if application.reviews.filter(reviewer=user).exclude(stage=application.stage).exists():
        return Verdict(False, conflict_sentences.APART)
    return Verdict(True)
