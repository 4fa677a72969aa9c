"""The city's actions: decide, objections during publicity, the end of publicity, appeals, and the sweeps."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now, today
from portal.errors import Denied, RuleBroken
from portal.models import (
    Appeal,
    Application,
    CorrectionRequest,
    Objection,
    Stage,
    Status,
    User,
)
from portal.permissions import Permission, check

from . import holding, mover, papers, recognising, reviewing
from .tables import Verb

log = structlog.get_logger(__name__)


@transaction.atomic
def decide(application: Application, *, is_approved: bool, reason: str, by: User, is_held: bool = False) -> Application:
    """Decide a case in its last stage: to be recognised (publicity begins) or refused, with reasons either way.

    The city decides, or the district's supervisor where the pattern of the district's own programme says so.

    Where the call asks for a second person or a common release, or `is_held` (a bulk decision), the decision is held
    and nothing of it shows. Of two people who decide at the same moment exactly one wins; the other reads who did what
    when (RuleBroken).
    """
    application = mover.locked(application)
    stage = Stage.SETTLE if application.call.stages[-1:] == [Stage.SETTLE] else Stage.DECIDE
    check(by, mover.stage_permission(stage), application)
    reviewing.require_gate(by, application)
    mover.require(application, Verb.APPROVE)
    mover.require_stage(application, stage)
    reviewing.require_apart(application, stage, by)
    if not reason.strip():
        raise RuleBroken(_("请写明决定的理由；企业看得到这段话。"), code="no_reason")
    _require_ripe(application)
    if is_approved:
        holding.require_quota(application)
    words, call = reason.strip(), application.call
    is_city = stage == Stage.DECIDE  # a district has nobody who countersigns or releases
    if is_city and (is_held or call.is_embargoed or call.needs_countersign):
        is_embargoed = is_held or call.is_embargoed
        holding.hold(application, is_approved=is_approved, reason=words, is_embargoed=is_embargoed, by=by)
        return application
    return holding.enforce(application, is_approved=is_approved, reason=words, by=by)


def _require_ripe(application: Application) -> None:
    """Raise RuleBroken while somebody decided already, an objection is open, or the score is missing."""
    before = holding.present(application)
    if before is not None:
        raise RuleBroken(holding.already(before), code="decided_before")
    if application.objections.open().exists():
        raise RuleBroken(_("还有异议没有处理完。"), code="objection_open")
    if Stage.SCORE in application.call.stages and application.score is None:
        raise RuleBroken(_("专家评分还没有完成，不能决定。"), code="no_score")


@transaction.atomic
def object_to(application: Application, *, name: str, contact: str, text: str) -> Objection:
    """Take anybody's signed objection during publicity; the final state is blocked until it is decided."""
    application = mover.locked(application)
    if application.status != Status.PUBLICITY or not _in_publicity(application):
        raise RuleBroken(_("公示期已结束，不能再提出异议。"), code="publicity_over")
    if not (name.strip() and contact.strip() and text.strip()):
        raise RuleBroken(_("请填写姓名、联系方式和异议内容。"), code="incomplete")
    objection = Objection.objects.create(
        application=application, name=name.strip(), contact=contact.strip(), text=text.strip(), created_at=now()
    )
    audit.record(application, "application.objected", data={"objection": objection.number})
    people = mover.posted(Q(postings__office__kind="city"), ["officer", "supervisor"])
    notifications.notify(
        "office_objection",
        people,
        key=f"objection:{objection.number}",
        values=mover.facts(application, None),
        link=f"/cases/{application.number}/",
    )
    return objection


def _in_publicity(application: Application) -> bool:
    until = application.publicity_until
    return until is not None and today() <= until


@transaction.atomic
def decide_objection(objection: Objection, *, is_upheld: bool, reason: str, by: User) -> Objection:
    """Uphold an objection (the case is refused) or dismiss it (publicity may end)."""
    application = mover.locked(objection.application)
    check(by, Permission.DECIDE_OBJECTION, application)
    reviewing.require_gate(by, application)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.decided_at is not None or application.status != Status.PUBLICITY:
        raise RuleBroken(mover.already(application), code="wrong_state")
    if not reason.strip():
        raise RuleBroken(_("请写明处理意见。"), code="no_reason")
    objection.decided_at, objection.decided_by = now(), by
    objection.is_upheld, objection.reason = is_upheld, reason.strip()
    objection.save(update_fields=["decided_at", "decided_by", "is_upheld", "reason"])
    audit.record(
        application, "application.objection_decided", by=by, data={"objection": objection.number, "upheld": is_upheld}
    )
    if is_upheld:
        mover.move(
            application,
            Verb.UPHOLD_OBJECTION,
            by=by,
            note=reason.strip(),
            decided_at=now(),
            decided_by=by,
            decision_reason=reason.strip(),
        )
        papers.want_letter(application)
    return objection


@transaction.atomic
def conclude_publicity(application: Application) -> Application:
    """Recognise a case whose publicity is over without an open objection. The portal itself acts."""
    application = mover.locked(application)
    mover.require(application, Verb.CONCLUDE)
    if _in_publicity(application):
        raise RuleBroken(_("公示期还没有结束。"), code="publicity_running")
    if application.objections.open().exists():
        raise RuleBroken(_("还有异议没有处理完。"), code="objection_open")
    recognition = recognising.grant(application)
    mover.move(
        application,
        Verb.CONCLUDE,
        by=None,
        data={"certificate": recognition.number},
        values={"certificate": recognition.number, "valid_until": recognition.valid_until.isoformat()},
    )
    papers.want_certificate(recognition)
    mover.kind_of(application).on_approved(application, application.decided_by)
    return application


@transaction.atomic
def decide_appeal(appeal: Appeal, *, is_upheld: bool, reason: str, by: User) -> Appeal:
    """Uphold an appeal (the refused stage begins anew) or dismiss it (the case is closed).

    Whoever took part in any stage or decided the case may not decide its appeal.
    """
    application = mover.locked(appeal.application)
    check(by, Permission.DECIDE_APPEAL, application)
    reviewing.require_gate(by, application)
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if appeal.decided_at is not None:
        raise RuleBroken(mover.already(application), code="wrong_state")
    if application.decided_by_id == by.pk or application.reviews.filter(reviewer=by).exists():
        raise Denied(_("您参与过本件的办理，申诉须由未参与的负责人处理。"), code="separation")
    if not reason.strip():
        raise RuleBroken(_("请写明答复；企业看得到这段话。"), code="no_reason")
    appeal.decided_at, appeal.decided_by, appeal.is_upheld, appeal.reason = now(), by, is_upheld, reason.strip()
    appeal.save(update_fields=["decided_at", "decided_by", "is_upheld", "reason"])
    if is_upheld:
        mover.move(
            application,
            Verb.REOPEN,
            by=by,
            note=reason.strip(),
            stage_round=application.stage_round + 1,
            decided_at=None,
            decided_by=None,
            decision_reason="",
        )
    else:
        mover.move(application, Verb.CLOSE, by=by, note=reason.strip())
    return appeal


def sweep() -> dict[str, int]:
    """Do what time brings: end publicities, lapse corrections, expire recognitions. Safe to run twice at once."""
    return {
        "concluded": _each(_finished_publicities(), conclude_publicity),
        "lapsed": _each(_late_corrections(), lapse),
        "expired": recognising.expire(),
    }


def _finished_publicities() -> list[Application]:
    rows = Application.objects.filter(status=Status.PUBLICITY, publicity_until__lt=today())
    return list(rows.exclude(pk__in=Objection.objects.open().values("application"))[:500])


def _late_corrections() -> list[Application]:
    late = CorrectionRequest.objects.filter(answered_at=None, due_on__lt=today(), is_provisional=False)
    return list(Application.objects.filter(status=Status.RETURNED, corrections__in=late)[:500])


def _each(rows: list[Application], action: Callable[[Application], Application]) -> int:
    done = 0
    for row in rows:
        try:
            action(row)
            done += 1
        except RuleBroken:
            continue  # somebody was quicker, or an objection came in between
        except Exception:
            log.exception("sweep_failed", application=row.number)  # one broken case must not hold up the others
    return done


@transaction.atomic
def lapse(application: Application) -> Application:
    """Treat a case whose correction period has passed as withdrawn."""
    application = mover.locked(application)
    mover.require(application, Verb.LAPSE)
    request = application.corrections.get(answered_at=None)
    if today() <= request.due_on:
        raise RuleBroken(_("补正期限还没有到。"), code="not_late")
    note = str(_("补正期限 %(due)s 已过，按撤回处理。") % {"due": request.due_on.isoformat()})
    return mover.move(application, Verb.LAPSE, by=None, note=note, stage="")


def publicity_rows() -> QuerySet[Application]:
    """Return the applications that anybody may see in publicity."""
    return Application.objects.filter(status=Status.PUBLICITY).select_related("organisation", "call", "office_district")
