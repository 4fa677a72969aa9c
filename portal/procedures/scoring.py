"""Independent expert scores: invite or draw, score, a third on disagreement, and what an application is worth."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications, questionnaires
from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import listed
from portal.models import Application, Assignment, Expert, Review, Stage, User
from portal.permissions import Permission, check

from . import mover, reviewing
from .tables import Verb


@transaction.atomic
def invite_experts(application: Application, experts: Iterable[Expert], *, by: User) -> list[Assignment]:
    """Seat chosen experts at a case in the scoring stage; each is told. Returns the new seats."""
    application = mover.locked(application)
    check(by, Permission.INVITE_EXPERTS, application)
    mover.require_stage(application, Stage.SCORE)
    chosen = list(experts)
    barred = [expert for expert in chosen if not _may_sit(application, expert)]
    if barred:
        names = listed(barred)
        raise RuleBroken(
            _("%(names)s 不能评审本件：与企业有关、已回避或已停用。") % {"names": names}, code="expert_barred"
        )
    return [_seat(application, expert, by) for expert in chosen]


@transaction.atomic
def draw_experts(application: Application, *, by: User | None) -> list[Assignment]:
    """Draw by lot as many free experts as the call still needs; returns the new seats."""
    application = mover.locked(application)
    if by is not None:
        check(by, Permission.INVITE_EXPERTS, application)
    mover.require_stage(application, Stage.SCORE)
    missing = application.call.experts_needed - seated(application).count()
    drawn = [_draw(application, by) for _turn in range(max(0, missing))]
    found = [seat for seat in drawn if seat is not None]
    if len(found) < missing:
        raise RuleBroken(_("专家库里没有足够的可用专家，请先邀请专家入库。"), code="no_experts")
    return found


def seated(application: Application) -> Any:
    """Return the open expert seats of the present round."""
    return application.assignments.filter(
        seat=Assignment.Seat.EXPERT, ended_at=None, stage_round=application.stage_round
    )


def candidates(application: Application) -> Any:
    """Return the experts who may still be seated: available, unrelated to the enterprise, not seated before."""
    taken = application.assignments.values("user")
    handled = application.reviews.values("reviewer")
    members = application.organisation.memberships.values("user")
    return (
        Expert.objects.filter(is_available=True, user__is_active=True)
        .exclude(Q(user__in=taken) | Q(user__in=handled) | Q(user__in=members))
        .exclude(employer_uscc=application.organisation.uscc)
        .select_related("user")
    )


def _may_sit(application: Application, expert: Expert) -> bool:
    return bool(candidates(application).filter(pk=expert.pk).exists())


def _draw(application: Application, by: User | None) -> Assignment | None:
    pool = list(candidates(application).order_by("pk")[:1000])
    return _seat(application, secrets.choice(pool), by) if pool else None


def _seat(application: Application, expert: Expert, by: User | None) -> Assignment:
    seat = Assignment.objects.create(
        application=application,
        user=expert.user,
        seat=Assignment.Seat.EXPERT,
        stage_round=application.stage_round,
        created_by=by,
        created_at=now(),
    )
    audit.record(application, "application.expert_seated", by=by, data={"expert": expert.user.name})
    notifications.notify(
        "expert_invited",
        [expert.user],
        key=f"{application.number}:expert:{application.stage_round}:{expert.user_id}",
        values=mover.facts(application, by),
        link=f"/reviews/{application.number}/",
    )
    return seat


@transaction.atomic
def record_score(application: Application, scores: dict[str, Any], reason: str, *, by: User) -> Review:
    """Hand in one score sheet: points per criterion. Nobody sees it until all needed sheets are in.

    `scores` is {criterion key: points}. When the sheets needed are in, the case goes on, or a third expert is drawn
    if two differ by more than the call's tolerance. Raises Denied, RuleBroken.
    """
    application = mover.locked(application)
    check(by, Permission.SCORE_CASE, application)
    reviewing.require_gate(by, application)
    mover.require(application, Verb.REVIEW)
    mover.require_stage(application, Stage.SCORE)
    reviewing.require_apart(application, Stage.SCORE, by)
    if application.reviews.filter(reviewer=by, stage=Stage.SCORE, stage_round=application.stage_round).exists():
        raise RuleBroken(_("您已提交评分，不能再改。"), code="scored_before")
    sheet = clean_sheet(application, scores)
    if not reason.strip():
        raise RuleBroken(_("请写评语，说明打分的理由。"), code="no_reason")
    review = Review.objects.create(
        application=application,
        stage=Stage.SCORE,
        stage_round=application.stage_round,
        reviewer=by,
        verdict=Review.Verdict.SCORED,
        reason=reason.strip(),
        scores={key: str(points) for key, points in sheet.items()},
        total=sum(sheet.values(), Decimal(0)),
        at=now(),
    )
    mover.move(application, Verb.REVIEW, by=by, data={"review": review.pk})
    _settle(application)
    return review


def clean_sheet(application: Application, scores: dict[str, Any]) -> dict[str, Decimal]:
    """Return the points per criterion as decimals; raises RuleBroken naming the first criterion out of range."""
    sheet: dict[str, Decimal] = {}
    for criterion in application.call.criteria:
        highest = Decimal(str(criterion["max"]))
        try:
            points = Decimal(str(scores.get(criterion["key"], "")).strip())
        except InvalidOperation:
            points = Decimal(-1)
        if not points.is_finite() or not 0 <= points <= highest:
            raise RuleBroken(
                _("“%(name)s”请打 0 到 %(highest)s 分。")
                % {"name": questionnaires.text(criterion["label"]), "highest": highest},
                code="score_out_of_range",
            )
        sheet[criterion["key"]] = points
    return sheet


def sheets(application: Application) -> list[Review]:
    """Return the score sheets of the present round in the order of handing in."""
    rows = application.reviews.filter(stage=Stage.SCORE, stage_round=application.stage_round)
    return list(rows.select_related("reviewer").order_by("at", "pk"))


def _settle(application: Application) -> None:
    """Go on when enough sheets agree; otherwise draw a third expert or ask the city for one."""
    done = sheets(application)
    needed = application.call.experts_needed
    if len(done) < needed:
        return
    totals = [review.total for review in done if review.total is not None]
    if len(totals) == needed and max(totals) - min(totals) > application.call.tolerance:
        _call_third(application)
        return
    application.score = agreed_score(totals, needed)
    application.save(update_fields=["score"])
    reviewing.advance(application, by=None)


def _call_third(application: Application) -> None:
    if seated(application).count() > application.call.experts_needed:
        return
    third = _draw(application, None)
    audit.record(application, "application.scores_differ", data={"third": third.user.name if third else ""})
    values = {**mover.facts(application, None), "person": third.user.name if third else ""}
    template = "office_third" if third else "office_no_third"
    key = f"{application.number}:third:{application.stage_round}"
    mover.tell_office(application, template, key=key, values=values)


def agreed_score(totals: list[Decimal], needed: int) -> Decimal:
    """Return the mean of the `needed` totals that lie closest together (all of them when no third was drawn)."""
    closest = min(combinations(sorted(totals), needed), key=lambda group: group[-1] - group[0])
    return (sum(closest, Decimal(0)) / needed).quantize(Decimal("0.01"))


def visible_sheets(user: User, application: Application) -> list[Review]:
    """Return the sheets a person may see: own ones at once, all of them once the scoring stage is over."""
    everything = sheets(application)
    if application.stage == Stage.SCORE:
        return [review for review in everything if review.reviewer_id == user.pk]
    return everything
