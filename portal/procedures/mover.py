"""The one door for a change of state: lock, who, when; then save, event, audit, deadlines and notices together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import audit, deadlines, kinds, notifications
from portal.clock import SHANGHAI, now, today
from portal.errors import RuleBroken
from portal.models import Application, CaseEvent, OfficeRole, Role, Stage, Status, User
from portal.workbench import absences

from . import clocks
from .tables import ADVANCED, ADVANCED_TO, EVENT, OWNER, STAGE_PERMISSION, TRANSITIONS, Side, Verb

PEOPLE = (Role.OWNER, Role.MANAGER)
SUBJECT = "application"


def locked(application: Application) -> Application:
    """Return the row as it is now, locked until the transaction ends.

    Two statements: one that locks and joins at once would, after waiting, give the new row beside the old officer.
    """
    Application.objects.select_for_update().only("pk").get(pk=application.pk)
    rows = Application.objects.select_related("call", "organisation", "office_district", "officer")
    return rows.get(pk=application.pk)


def require(application: Application, verb: Verb) -> None:
    """Raise RuleBroken unless the verb is possible now; the sentence says who did what when."""
    if verb not in TRANSITIONS[Status(application.status)]:
        raise RuleBroken(already(application), code="wrong_state")


def require_stage(application: Application, stage: str) -> None:
    """Raise RuleBroken unless the case still is in the stage the person was looking at."""
    if application.stage != stage:
        raise RuleBroken(already(application), code="wrong_stage")


def already(application: Application) -> str:
    status = Status(application.status).label
    event = clocks.last_event(application)
    if event is None:
        return _("办件现在是“%(status)s”，不能这样办理。") % {"status": status}
    return _("%(who)s 已于 %(when)s %(what)s，办件现在是“%(status)s”。请刷新后再看。") % {
        "who": event.by_name or _("系统"),
        "when": event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "what": EVENT[Verb(event.verb)].label,
        "status": status,
    }


def move(
    application: Application,
    verb: Verb,
    *,
    by: User | None,
    note: str = "",
    data: dict[str, Any] | None = None,
    values: dict[str, Any] | None = None,
    **changes: Any,
) -> Application:
    """Carry out a verb on a locked row and everything that follows from it; the caller has checked who.

    `changes` are further columns to save; `data` goes to the audit; `values` to the notices.
    """
    require(application, verb)
    before, stage_before = application.status, application.stage
    application.status = TRANSITIONS[Status(before)][verb]
    application.revision += 1
    application.updated_at = now()
    for name, value in changes.items():
        setattr(application, name, value)
    application.save(update_fields=["status", "revision", "updated_at", *changes])
    _write_event(application, verb, by=by, note=note, before=before, stage=stage_before)
    audit.record(
        application,
        EVENT[verb].audit,
        by=by,
        data={"from": before, "to": application.status, "stage": application.stage, "note": note, **(data or {})},
    )
    _set_clock(application, verb, by)
    _tell(application, verb, by, stage_before, note, values or {})
    return application


def _write_event(application: Application, verb: Verb, *, by: User | None, note: str, before: str, stage: str) -> None:
    CaseEvent.objects.create(
        application=application,
        at=application.updated_at,
        verb=verb,
        stage=application.stage or stage,
        status_from=before,
        status_to=application.status,
        by=by,
        by_name=by.name if by else "",
        by_side=side_of(application, by),
        note=note,
    )


def side_of(application: Application, by: User | None) -> str:
    """Return on which side of the case a person acts."""
    if by is None:
        return Side.SYSTEM
    return Side.APPLICANT if application.organisation_id in by.standing.roles else Side.OFFICE


def _set_clock(application: Application, verb: Verb, by: User | None) -> None:
    """Recompute both due dates from the events and keep the deadline rows in step."""
    office, applicant = clocks.stage_clock(application), clocks.correction_clock(application)
    due_on = office.due_on if office and application.status != Status.RETURNED else None
    if application.status == Status.PUBLICITY:
        due_on = application.publicity_until
    application.due_on = due_on
    application.applicant_due_on = applicant.due_on if applicant else clocks.appeal_due_on(application)
    application.save(update_fields=["due_on", "applicant_due_on"])
    subject = (SUBJECT, application.number)
    if application.status != Status.IN_REVIEW or verb in (Verb.ADVANCE, Verb.RESUBMIT, Verb.REOPEN):
        deadlines.meet(subject, by=by)
    if due_on and office:
        _open(application, f"procedure.{application.stage}", Side.OFFICE, due_on, office.is_provisional)
    elif applicant and applicant.due_on:
        _open(application, "procedure.correction", Side.APPLICANT, applicant.due_on, applicant.is_provisional)


def _open(application: Application, rule_code: str, owner: Side, due_on: dt.date, is_provisional: bool) -> None:
    deadlines.open_deadline(
        organisation=application.organisation,
        subject=(SUBJECT, application.number),
        rule_code=rule_code,
        owner=owner,
        trigger_event=application.status,
        trigger_on=today(),
        target_on=due_on,
        basis=application.call.title_zh,
        is_provisional=is_provisional,
    )


def facts(application: Application, by: User | None) -> dict[str, Any]:
    """Return the values every notice of a case may use."""
    call = application.call
    return {
        "number": application.number,
        "organisation": application.organisation.name,
        "call": {"zh": call.title_zh, "en": call.title_en},
        "district": {"zh": application.office_district.name_zh, "en": application.office_district.name_en},
        "office": {"zh": application.office_district.name_zh, "en": f"{application.office_district.name_en} District"},
        "by": by.name if by else "",
        "due": application.due_on.isoformat() if application.due_on else "—",
        "applicant_due": application.applicant_due_on.isoformat() if application.applicant_due_on else "—",
        "appeal_due": application.applicant_due_on.isoformat() if application.applicant_due_on else "—",
        "publicity_from": str(application.publicity_from or "—"),
        "publicity_until": str(application.publicity_until or "—"),
        "score": str(application.score if application.score is not None else "—"),
        "officer": application.officer.name if application.officer else "—",
    }


def _tell(application: Application, verb: Verb, by: User | None, stage: str, note: str, values: dict[str, Any]) -> None:
    event = EVENT[verb]
    to_applicant, to_office = event.applicant, event.office
    if verb == Verb.ADVANCE:
        road = (Stage(stage), Stage(application.stage))
        to_applicant, to_office = ADVANCED_TO.get(road) or ADVANCED.get(road[0], ("", ""))
    filled = {"reason": note or "—", "outcome": _outcome(application), **facts(application, by), **values}
    key = f"{application.number}:{verb}:{application.revision}"
    if to_applicant:
        tell_applicant(application, to_applicant, key=key, values=filled)
    if to_office:
        tell_office(application, to_office, key=key, values=filled, besides=by)


def _outcome(application: Application) -> dict[str, str]:
    words = {
        Status.PUBLICITY: {"zh": "拟认定，进入公示", "en": "to be recognised, publicity begins"},
        Status.APPROVED: {"zh": "已认定", "en": "recognised"},
        Status.REJECTED: {"zh": "未通过", "en": "refused"},
    }
    return words.get(Status(application.status), {"zh": application.status, "en": application.status})


def tell_applicant(application: Application, template: str, *, key: str, values: dict[str, Any]) -> None:
    """Tell the enterprise's owner and managers, and whoever began the application while still a member."""
    people = User.objects.filter(
        Q(memberships__role__in=PEOPLE) | Q(pk=application.created_by_id),
        memberships__organisation=application.organisation_id,
        memberships__ended_at=None,
    ).distinct()
    notifications.notify(
        template, people, key=key, values=values, link=f"/applications/{application.number}/",
        organisation=application.organisation,
    )  # fmt: skip


def tell_office(
    application: Application, template: str, *, key: str, values: dict[str, Any], besides: User | None = None
) -> None:
    """Tell whoever must act in the office now: the case officer, else the people of the stage; and their deputies."""
    people = [person for person in acting_people(application) if besides is None or person.pk != besides.pk]
    notifications.notify(template, people, key=f"{key}:office", values=values, link=f"/cases/{application.number}/")


def acting_people(application: Application) -> list[User]:
    """Return who must act now and the deputies of those who are away, without anybody who has an interest.

    Where that leaves nobody who is present, the whole district's desk is told: nothing waits unseen.
    """
    gone = absences.away()
    barred = set(application.assignments.filter(has_conflict=True).values_list("user", flat=True))
    people = with_deputies(office_people(application), gone)
    free = {person.pk: person for person in people if person.pk not in barred}
    if application.stage not in (Stage.SCORE, Stage.DECIDE) and not free.keys() - gone.keys():
        free |= {person.pk: person for person in district_desk(application) if person.pk not in barred}
    return list(free.values())


def with_deputies(people: Iterable[User], gone: dict[int, int | None] | None = None) -> list[User]:
    """Return these people and whoever acts for those of them who are away today."""
    found = {person.pk: person for person in people}
    gone = absences.away() if gone is None else gone
    deputies = {deputy for pk in found if (deputy := gone.get(pk))} - found.keys()
    if deputies:
        found |= {person.pk: person for person in User.objects.filter(pk__in=deputies, is_active=True)}
    return list(found.values())


def district_desk(application: Application) -> Iterable[User]:
    """Return the officers and supervisors of the district in charge."""
    district = Q(postings__office__district=application.office_district_id)
    return posted(district, [OfficeRole.OFFICER, OfficeRole.SUPERVISOR])


def office_people(application: Application) -> Iterable[User]:
    """Return the officials who must act on the application in its present stage."""
    if application.stage in (Stage.SCORE, Stage.DECIDE):
        roles = [OfficeRole.OFFICER] if application.stage == Stage.SCORE else [OfficeRole.SUPERVISOR]
        return posted(Q(postings__office__kind="city"), roles)
    district = Q(postings__office__district=application.office_district_id)
    if application.stage in (Stage.RECOMMEND, Stage.SETTLE):
        return posted(district, [OfficeRole.SUPERVISOR])
    if application.officer is not None:
        return [application.officer]
    return district_desk(application)


def posted(where: Q, roles: Sequence[str]) -> Iterable[User]:
    return User.objects.filter(where, postings__role__in=roles, postings__ended_at=None, is_active=True).distinct()


def owner_of(application: Application) -> Side:
    """Return who must act now."""
    return OWNER[Status(application.status)]


def kind_of(application: Application) -> kinds.Kind:
    """Return the registered kind of an application."""
    return kinds.get(application.kind)


def stage_permission(stage: str) -> Any:
    """Return the permission that a stage's work needs."""
    return STAGE_PERMISSION[Stage(stage)]
