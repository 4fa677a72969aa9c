"""Where a case stands, in words for an official: steps, clock with arithmetic, whose turn it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import procedures
from portal.arithmetic import clock_basis
from portal.formats import day, short_day
from portal.models import Application, Stage, Status, User
from portal.procedures import clocks

NEXT = {
    Stage.VERIFY: gettext_lazy("核验材料，给出意见"),
    Stage.RECOMMEND: gettext_lazy("签发推荐意见"),
    Stage.SCORE: gettext_lazy("安排专家，完成评审"),
    Stage.DECIDE: gettext_lazy("作出认定决定"),
    Stage.SETTLE: gettext_lazy("作出认定决定"),
}
ENDED = (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.CLOSED)


def header(application: Application, user: User) -> dict[str, Any]:
    """Return what components/case_header.html shows."""
    clock = procedures.stage_clock(application)
    waits = application.status == Status.RETURNED
    return {
        "status": application.status,
        "next": next_words(application, user),
        "text": quiet_words(application),
        "ours": not waits and application.status not in ENDED,
        "calm": application.status in ENDED,
        "paused": waits,
        "left": _left(application, clock),
        "basis": clock_basis(clock, start=_("本阶段开始"), law=_limit_words(application)) if clock else None,
        "steps": steps(application, clock),
    }


def _left(application: Application, clock: Any) -> int | None:
    if clock is not None and not clock.is_paused:
        return -clock.overdue_by if clock.is_overdue else clock.left
    if application.status == Status.PUBLICITY and application.publicity_until:
        return procedures.days_left(application.publicity_until)
    return None


def _limit_words(application: Application) -> str:
    values = {
        "call": application.call.title,
        "stage": Stage(application.stage).label,
        "limit": procedures.limit(application.call, application.stage),
    }
    return _("%(call)s：%(stage)s %(limit)s 个工作日") % values


def next_words(application: Application, user: User) -> str:
    """Return whose turn it is and what comes next."""
    status = Status(application.status)
    if status == Status.IN_REVIEW and application.stage:
        words = str(NEXT[Stage(application.stage)])
        if procedures.may_handle(user, application):
            return _("由您办理：%(what)s") % {"what": words}
        return _("由%(who)s办理：%(what)s") % {"who": in_charge(application), "what": words}
    if status == Status.SUBMITTED:
        if application.officer_id == user.pk:
            return _("由您办理：受理并核验材料")
        return _("由%(who)s办理：受理并核验材料") % {"who": in_charge(application)}
    return {
        Status.RETURNED: _("等企业补正，审核时限暂停"),
        Status.PUBLICITY: _("公示中，%(until)s 期满；期满且没有异议即予以认定")
        % {"until": day(application.publicity_until)},
        Status.APPROVED: _("已认定，接下来是中期检查和验收"),
        Status.REJECTED: _("未通过；企业可在 %(until)s 前申诉") % {"until": day(application.applicant_due_on)},
        Status.WITHDRAWN: _("已撤回，不再办理"),
        Status.CLOSED: _("已办结"),
    }.get(status, "")


def in_charge(application: Application) -> str:
    """Return who must act, by name or by office."""
    if application.stage in (Stage.SCORE, Stage.DECIDE):
        return _("市级")
    if application.stage in (Stage.RECOMMEND, Stage.SETTLE):
        return _("%(district)s负责人") % {"district": application.office_district}
    return str(application.officer or application.office_district)


def quiet_words(application: Application) -> str:
    """Return the second line: since when, or until when the enterprise has time."""
    if application.status == Status.RETURNED:
        return _("企业须在 %(day)s 前补正，逾期按撤回处理。") % {"day": day(application.applicant_due_on)}
    if application.due_on and application.status in (Status.SUBMITTED, Status.IN_REVIEW):
        return _("本阶段 %(day)s 前完成。") % {"day": day(application.due_on)}
    return application.decision_reason


def steps(application: Application, clock: Any) -> list[dict[str, Any]]:
    """Return the steps of the case: filled in, the call's stages, publicity, recognition."""
    pattern = application.call.stages or list(Stage.values)
    position = _position(application, pattern)
    labels = [(_("填报"), short_day(application.submitted_at) if application.submitted_at else "")]
    labels += [(str(Stage(stage).label), "") for stage in pattern]
    labels += [(_("公示"), _publicity_words(application)), (_("认定"), "")]
    shown = []
    for number, (label, note) in enumerate(labels):
        is_on = number == position and clock is not None
        count = _("第 %(used)s / %(limit)s 日") % {"used": clock.used, "limit": clock.limit} if is_on else ""
        shown.append({"label": label, "note": count or note, "is_done": number < position, "is_on": number == position})
    return shown


def _publicity_words(application: Application) -> str:
    if not application.publicity_from:
        return ""
    return f"{short_day(application.publicity_from)}–{short_day(application.publicity_until)}"


def _position(application: Application, pattern: list[str]) -> int:
    status = application.status
    if status == Status.PUBLICITY:
        return len(pattern) + 1
    if status in (Status.APPROVED, Status.CLOSED) and application.publicity_from:
        return len(pattern) + 3
    return pattern.index(application.stage) + 1 if application.stage in pattern else 0


def limit_of(call: Any, stage: str) -> int:
    """Return the limit of a stage for a table's bar; 0 where there is none."""
    return clocks.limit(call, stage) if stage else 0
