"""What an official can do with a case now: one panel per state, with its form and the sentence why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import procedures, questionnaires
from portal.forms.office import AssignForm, InviteForm, MoveForm, RulingForm, VerifyForm
from portal.models import DECIDING, Application, Assignment, District, Review, Stage, Status, User, decides
from portal.permissions import Permission, Verdict, can
from portal.procedures import holding
from portal.workbench import reasons

from .comparison import Difference, words
from .weighing import Evidence

OPINION_USES = ("pass", "fail")


def panel(application: Application, user: User, facts: dict[str, Any]) -> dict[str, Any]:
    """Return {"kind", ...} of the panel beside the case; `kind` names the template part."""
    build: Callable[..., dict[str, Any]] | None = {
        Status.SUBMITTED: _take,
        Status.IN_REVIEW: _review,
        Status.PUBLICITY: _publicity,
        Status.REJECTED: _appeals,
        Status.CLOSED: _outcome,
        Status.APPROVED: _outcome,
    }.get(Status(application.status))
    found = build(application, user, facts) if build else {"kind": "wait"}
    return {**found, "assign": _assign(application, user)}


def _take(application: Application, user: User, _facts: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "take", "verdict": can(user, Permission.HANDLE_CASE, application)}


def _review(application: Application, user: User, facts: dict[str, Any]) -> dict[str, Any]:
    verdict = procedures.may_handle(user, application)
    stage = Stage(application.stage)
    held = holding.present(application) if stage == Stage.DECIDE and decides(user) else None
    if held is not None:
        return {"kind": "held", "decision": held, "void": holding.why_void(held)}
    found = {"kind": stage.value, "verdict": verdict, "stage": stage}
    if stage == Stage.SCORE:
        return {**found, **_score(application, user)}
    if stage in (Stage.VERIFY, Stage.RECOMMEND):
        found["correction"] = correction_verdict(application, user)
    found["form"] = opinion_form(application, facts)
    found["templates"] = list(reasons.offered(user, OPINION_USES)) if verdict else []
    verb = "decide" if stage in DECIDING else stage.value
    found |= {"kind": verb, "url": reverse(f"case-{verb}", args=[application.number])}
    if stage == Stage.VERIFY and verdict:
        found["missing"] = _missing(facts)
    return found


def opinion_form(
    application: Application, facts: dict[str, Any], data: Any = None, initial: dict[str, Any] | None = None
) -> RulingForm:
    """Return the form of the present stage's opinion; `initial` is what was typed when a template was inserted."""
    stage = application.stage
    if stage == Stage.VERIFY:
        rows: list[Evidence] = facts["evidence"]
        differing = [row.label for row in rows if row.state == "differ"]
        return VerifyForm(
            data,
            initial=initial,
            yes=_("核验通过，建议推荐"),
            no=_("核验不通过，建议不予推荐"),
            label=_("核验意见"),
            differing=differing,
        )
    if stage == Stage.RECOMMEND:
        goes_up = application.call.stages[-1:] != [Stage.SETTLE]
        yes, no = _("推荐到市级") if goes_up else _("推荐，由本区另一位负责人决定"), _("不予推荐（企业可以申诉）")
        return RulingForm(data, initial=initial, yes=yes, no=no, label=_("推荐意见"))
    return decision_form(data, initial=initial)


def decision_form(data: Any = None, **extra: Any) -> RulingForm:
    """Return the form of the decision."""
    yes, no = _("拟认定，进入公示"), _("不予认定（企业可以申诉）")
    return RulingForm(data, yes=yes, no=no, label=_("决定的理由"), **extra)


def correction_verdict(application: Application, user: User) -> Verdict:
    """Return whether single questions may be sent back now, with the sentence why not."""
    used, allowed = application.corrections.count(), application.call.corrections_allowed
    if application.status != Status.IN_REVIEW or application.stage not in (Stage.VERIFY, Stage.RECOMMEND):
        return Verdict(False, _("只有区级核验和推荐阶段可以请企业补正。"))
    may = can(user, Permission.HANDLE_CASE, application)
    if may and used >= allowed:
        return Verdict(False, _("本件已补正 %(used)s 次，最多 %(allowed)s 次。") % {"used": used, "allowed": allowed})
    return may


def _missing(facts: dict[str, Any]) -> list[str]:
    rows: list[Difference] = facts["differences"]
    return [row.label for row in rows if row.item is not None and not row.item.verdict]


def _score(application: Application, user: User) -> dict[str, Any]:
    scored = Review.objects.filter(
        application=application, stage=Stage.SCORE, stage_round=application.stage_round, reviewer=OuterRef("user")
    )
    seats = application.assignments.filter(seat=Assignment.Seat.EXPERT, stage_round=application.stage_round)
    may = can(user, Permission.INVITE_EXPERTS, application)
    candidates = procedures.candidates(application) if may else None
    return {
        "seats": seats.annotate(has_scored=Exists(scored)).select_related("user").order_by("pk"),
        "needed": application.call.experts_needed,
        "invite": may,
        "invite_form": InviteForm(experts=candidates) if candidates is not None else None,
    }


def ruling_form(of: str, number: str, data: Any = None) -> RulingForm:
    """Return the form for one objection or appeal; its ids carry the number, since several may stand on one page."""
    ids = f"id_{number}_%s"
    if of == "appeal":
        return RulingForm(data, auto_id=ids, yes=_("申诉成立，重新审核"), no=_("申诉不成立，办结"), label=_("答复"))
    yes, no = _("异议成立，不予认定"), _("异议不成立")
    return RulingForm(data, auto_id=ids, yes=yes, no=no, label=_("处理意见"), help_text="")


def _publicity(application: Application, user: User, _facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "publicity",
        "verdict": can(user, Permission.DECIDE_OBJECTION, application),
        "objections": [
            (row, ruling_form("objection", row.number))
            for row in application.objections.select_related("decided_by").order_by("created_at")
        ],
    }


def _appeals(application: Application, user: User, _facts: dict[str, Any]) -> dict[str, Any]:
    verdict = can(user, Permission.DECIDE_APPEAL, application)
    if verdict and (application.decided_by_id == user.pk or application.reviews.filter(reviewer=user).exists()):
        verdict = Verdict(False, _("您参与过本件的办理，申诉须由未参与的负责人处理。"))
    return {
        "kind": "appeals",
        "verdict": verdict,
        "appeals": [
            (row, ruling_form("appeal", row.number))
            for row in application.appeals.select_related("decided_by", "created_by").order_by("created_at")
        ],
    }


def _outcome(application: Application, _user: User, _facts: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "outcome", "recognition": getattr(application, "recognition", None)}


def _assign(application: Application, user: User) -> dict[str, Any] | None:
    if application.status not in (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED):
        return None
    if not can(user, Permission.ASSIGN_CASE, application):
        return None
    officers = officers_of({application.office_district_id})
    seats = application.assignments.filter(seat=Assignment.Seat.OFFICER, user=application.officer_id, ended_at=None)
    move = None
    if application.stage == Stage.VERIFY:
        move = MoveForm(districts=District.objects.exclude(pk=application.office_district_id))
    return {
        "form": AssignForm(officers=officers, initial={"officer": application.officer_id}),
        "seat": seats.select_related("created_by").first() if application.officer_id else None,
        "move": move,
    }


def officers_of(districts: set[str]) -> QuerySet[User]:
    """Return the officers and supervisors posted in these districts, by name."""
    return (
        User.objects.filter(
            postings__office__district__in=districts,
            postings__role__in=["officer", "supervisor"],
            postings__ended_at=None,
            is_active=True,
        )
        .distinct()
        .order_by("name", "pk")
    )


def markable(application: Application, form: Any, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the questions by section with their answers and the three fields of a mark."""
    answers = facts["answers"]
    files = facts["submissions"][-1].files if facts["submissions"] else {}
    sections = []
    for part in questionnaires.sections(application.call.questionnaire.body):
        rows = [
            {
                "key": question["key"],
                "select": f"template_{question['key']}",
                "label": questionnaires.text(question["label"]),
                "answer": words(question, answers.get(question["key"]), files),
                "mark": form[f"mark_{question['key']}"],
                "reason": form[f"reason_{question['key']}"],
                "note": form[f"note_{question['key']}"],
            }
            for question in part["questions"]
            if questionnaires.is_shown(question, answers)
        ]
        sections.append({"title": questionnaires.text(part["title"]), "rows": rows})
    return sections
