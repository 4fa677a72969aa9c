"""How a case stands, in the applicant's words: who must act, by when and why, its steps, opinions and record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal import procedures, questionnaires
from portal.arithmetic import clock_basis, workdays
from portal.clock import local_date, today
from portal.formats import day, labelled, short_day
from portal.models import DECIDING, Application, CaseEvent, Review, Stage, Status
from portal.procedures import EVENT, Side, Verb
from portal.workdays import Clock

ICONS = {
    Verb.SUBMIT: "send",
    Verb.UNDO: "arrow-back-up",
    Verb.TAKE: "file-search",
    Verb.RETURN: "edit",
    Verb.RESUBMIT: "send",
    Verb.LAPSE: "calendar-off",
    Verb.REVIEW: "checklist",
    Verb.ADVANCE: "check",
    Verb.REFUSE: "circle-x",
    Verb.APPROVE: "speakerphone",
    Verb.CONCLUDE: "certificate",
    Verb.UPHOLD_OBJECTION: "circle-x",
    Verb.REOPEN: "refresh",
    Verb.WITHDRAW: "arrow-back-up",
    Verb.CLOSE: "archive",
}


def office_of(application: Application) -> str:
    """Return the office that acts now: the district's until it has recommended, then the city's."""
    if application.stage in (Stage.SCORE, Stage.DECIDE) or application.status == Status.PUBLICITY:
        return _("市知识产权局")
    return str(getattr(application.office_district, "office", None) or application.office_district)


def header(application: Application, open_items: int, *, has_appeal: bool) -> dict[str, Any]:
    """Return what components/case_header.html shows: next step, quiet line, days left, arithmetic, steps."""
    maker = {
        Status.DRAFT: _draft,
        Status.SUBMITTED: _office,
        Status.IN_REVIEW: _office,
        Status.RETURNED: _returned,
        Status.PUBLICITY: _publicity,
        Status.REJECTED: _rejected,
    }.get(Status(application.status), _over)
    side = procedures.owner_of(application)
    shown = maker(application)
    if application.status == Status.RETURNED:
        shown["next"] = _("现在由贵企业办理：改好 %(count)s 项后重新提交") % {"count": open_items}
    if has_appeal and application.status == Status.REJECTED:
        shown = {"next": _("申诉正在处理，请等待答复"), "text": _("由没有参与本件的负责人答复。"), "ours": True}
    ours = side == Side.OFFICE
    calm = side in (Side.NOBODY, Side.SYSTEM)
    frame = {"left": None, "unit": "workday", "paused": False, "basis": None, "text": "", "ours": ours, "calm": calm}
    return {"status": application.status, "steps": steps(application), **frame, **shown}


def _draft(application: Application) -> dict[str, Any]:
    return {"next": _("现在由贵企业办理：填完各章后提交"), "text": ""}


def _office(application: Application) -> dict[str, Any]:
    clock = procedures.stage_clock(application)
    office, stage = office_of(application), Stage(application.stage).label if application.stage else ""
    if application.status == Status.SUBMITTED:
        text = _("已收到，等待开始%(stage)s。您现在不需要做任何事。") % {"stage": stage}
    else:
        text = _("正在%(stage)s。您现在不需要做任何事，有需要会通知您。") % {"stage": stage}
    shown = {"next": _("现在由%(office)s办理：%(stage)s") % {"office": office, "stage": stage}, "text": text}
    return shown | _days(clock, _stage_start(application), application)


def _stage_start(application: Application) -> str:
    if application.stage == Stage.VERIFY and application.stage_round == 1:
        return _("提交申报")
    return _("进入%(stage)s") % {"stage": Stage(application.stage).label}


def _days(clock: Clock | None, start: object, application: Application) -> dict[str, Any]:
    if clock is None:
        return {}
    law = application.call.title
    title = _("时限 %(days)s") % {"days": workdays(clock.limit)}
    left = -clock.overdue_by if clock.is_overdue else clock.left
    return {
        "left": None if clock.is_paused else left,
        "unit": "workday",
        "paused": clock.is_paused,
        "basis": clock_basis(clock, start=start, title=title, law=law),
    }


def _returned(application: Application) -> dict[str, Any]:
    office = office_of(application)
    text = _("您办理期间，%(office)s的审核时限暂停，不会因此缩短。逾期未补正，本次申报按撤回处理。") % {
        "office": office
    }
    return {"text": text} | _days(procedures.correction_clock(application), _("发出补正通知"), application)


def _publicity(application: Application) -> dict[str, Any]:
    until = application.publicity_until
    text = _("%(first)s 至 %(last)s 公示。期间任何人可以提出异议；没有异议即予认定。") % {
        "first": day(application.publicity_from),
        "last": day(until),
    }
    left = procedures.days_left(until) if until else None
    return {"next": _("拟认定，正在公示"), "text": text, "left": left, "unit": "workday"}


def _rejected(application: Application) -> dict[str, Any]:
    due_on = application.applicant_due_on
    if due_on is None or today() > due_on:
        return {"next": _("未通过，申诉期限已过"), "text": _("理由见“审核意见”。可以申报以后的批次。"), "calm": True}
    text = _("理由见“审核意见”。如不同意，可在 %(due)s 前提出申诉，由没有参与本件的负责人处理。") % {"due": day(due_on)}
    left = procedures.days_left(due_on)
    return {"next": _("未通过，贵企业可以申诉"), "text": text, "left": left, "unit": "workday"}


def _over(application: Application) -> dict[str, Any]:
    recognition = getattr(application, "recognition", None)
    if application.status == Status.WITHDRAWN:
        note = application.events.filter(verb__in=[Verb.WITHDRAW, Verb.LAPSE]).values_list("note", flat=True).last()
        return {"next": _("已撤回，不再审核"), "text": note or _("批次仍开放时，可以重新申报。")}
    if recognition is not None:
        text = _("证书编号 %(number)s，有效期至 %(until)s。") % {
            "number": recognition.number,
            "until": day(recognition.valid_until),
        }
        return {"next": _("已认定"), "text": text}
    return {"next": _("已办结"), "text": application.decision_reason}


def steps(application: Application) -> list[dict[str, Any]]:
    """Return the road of a case with the dates already known."""
    call, status = application.call, Status(application.status)
    reached = {review.stage: review.at for review in application.reviews.filter(stage_round=application.stage_round)}
    is_over = status in (Status.WITHDRAWN, Status.REJECTED) or (
        status == Status.CLOSED and not application.publicity_from
    )
    rows = [_step(_("填报"), application.submitted_at, is_on=status == Status.DRAFT)]
    pattern = call.stages or list(Stage.values)
    for stage in pattern:
        is_on = application.stage == stage and status in (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED)
        is_done = stage in reached and not is_on
        note = _("补正中") if is_on and status == Status.RETURNED else _stage_note(application, stage, is_on)
        rows.append(_step(Stage(stage).label, reached.get(stage) if is_done else None, is_on=is_on, note=note))
    until = application.publicity_until
    shown = status in (Status.APPROVED, Status.CLOSED) and until is not None
    note = _("至 %(day)s") % {"day": short_day(until)} if until else workdays(call.publicity_days)
    rows.append({"label": _("公示"), "note": note, "is_done": shown, "is_on": status == Status.PUBLICITY})
    recognition = getattr(application, "recognition", None)
    granted = short_day(recognition.granted_on) if recognition else ""
    rows.append({"label": _("认定"), "note": granted, "is_done": recognition is not None, "is_on": False})
    if is_over:
        rows = [row for row in rows if row["is_done"]] + [
            {"label": status.label, "note": short_day(local_date(application.updated_at)), "is_on": True}
        ]
    return rows


def _stage_note(application: Application, stage: str, is_on: bool) -> str:
    if is_on and application.due_on:
        return _("%(day)s 前") % {"day": short_day(application.due_on)}
    return workdays(procedures.limit(application.call, stage))


def _step(label: object, at: Any, *, is_on: bool, note: str = "") -> dict[str, Any]:
    return {
        "label": label,
        "note": short_day(local_date(at)) if at else note,
        "is_done": at is not None,
        "is_on": is_on,
    }


def opinions(application: Application) -> list[dict[str, Any]]:
    """Return the reviews an applicant may read: scores only after the decision, and never who scored."""
    is_decided = application.decided_at is not None
    rows, expert = [], 0
    for review in application.reviews.select_related("reviewer").order_by("stage_round", "at", "pk"):
        is_score = review.stage == Stage.SCORE
        if review.stage in DECIDING or (is_score and not is_decided):
            continue  # the decision has a place of its own
        expert += is_score
        rows.append(
            {
                "stage": Stage(review.stage).label,
                "round": review.stage_round,
                "verdict": Review.Verdict(review.verdict).label,
                "is_pass": review.verdict != Review.Verdict.FAIL,
                "is_score": is_score,
                "who": _("专家 %(number)s") % {"number": expert} if is_score else review.reviewer.name,
                "reason": review.reason,
                "total": review.total,
                "scores": _sheet(application, review) if is_score else [],
                "at": review.at,
            }
        )
    return rows


def _sheet(application: Application, review: Review) -> list[dict[str, Any]]:
    return [
        {"label": questionnaires.text(row["label"]), "points": review.scores.get(row["key"], "—"), "out_of": row["max"]}
        for row in application.call.criteria
    ]


def record(application: Application) -> list[dict[str, Any]]:
    """Return the steps of a case, newest first, without the office's internal ones and without experts' names."""
    events = application.events.filter(is_internal=False).order_by("-at", "-id")
    rows = [event_row(event, is_on=n == 0) for n, event in enumerate(events)]
    began = {
        "icon": "pencil",
        "text": _("开始填报"),
        "who": application.created_by.name,
        "at": application.created_at,
        "is_on": not rows,
    }
    return [*rows, began]


def event_row(event: CaseEvent, *, is_on: bool = False) -> dict[str, Any]:
    """Return one step for the timeline; who scored stays unsaid."""
    verb = Verb(event.verb)
    text = str(EVENT[verb].label)
    if event.stage and verb == Verb.ADVANCE:  # the row holds the stage that begins
        text = _("进入%(stage)s") % {"stage": Stage(event.stage).label}
    elif event.stage and verb == Verb.REVIEW:
        text = labelled(Stage(event.stage).label, text)
    is_expert = verb == Verb.REVIEW and event.stage == Stage.SCORE
    who = _("评审专家") if is_expert else event.by_name or _("系统")
    is_said = verb in (Verb.WITHDRAW, Verb.LAPSE, Verb.CLOSE, Verb.REOPEN)
    note = event.note if is_said else ""
    return {"icon": ICONS[verb], "text": text, "who": who, "at": event.at, "note": note, "is_on": is_on}
