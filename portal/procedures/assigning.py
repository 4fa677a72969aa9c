"""Who handles a case: the least loaded officer by the district's rules, a supervisor's word with its reason, deputies.

The choice is one statement under a lock on the district's office, so that two cases at once never share one free place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from portal import audit, kinds, notifications
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import Absence, Application, Assignment, AssignmentRule, Office, Posting, Stage, User
from portal.permissions import Permission, check
from portal.workbench import sharing

from . import mover

OPEN = sharing.OPEN


def least_loaded(application: Application, district: str) -> User | None:
    """Return the district's officer for a case and hold the district's office locked; None where nobody fits.

    Closest rule first, then the fewest open cases. Never: who is away, at their cap, or has an interest. Without any
    rule all officers of the district share alike.
    """
    list(Office.objects.select_for_update(no_key=True).filter(district=district).values_list("pk"))
    rules = sharing.fitting(district, kind=application.kind, industry=_industry(application))
    best = rules.filter(officer=OuterRef("pk")).order_by("-fit", F("cap").asc(nulls_last=True))
    people = _eligible(application, district).annotate(
        fit=Subquery(best.values("fit")[:1]), cap=Subquery(best.values("cap")[:1]), load=sharing.load_of(OuterRef("pk"))
    )
    is_named = Q(fit__isnull=False) | _is_officer(district) & ~Exists(
        AssignmentRule.objects.open().filter(district=district)
    )
    has_place = Q(cap=None) | Q(load__lt=F("cap"))
    return people.filter(is_named, has_place).order_by(F("fit").desc(nulls_last=True), "load", "pk").first()


def _industry(application: Application) -> str:
    """Return the enterprise's industry code as its workstream knows it."""
    known = kinds.get(application.kind).prefill(application.organisation).get("profile.industry")
    return str(known.value or "").strip().upper() if known else ""


def _is_officer(district: str) -> Exists:
    posted = Posting.objects.open().filter(user=OuterRef("pk"), office__district=district, role="officer")
    return Exists(posted)


def _eligible(application: Application, district: str) -> Any:
    """Return who is posted there, present, and free of any tie to the enterprise."""
    posted = Posting.objects.open().filter(
        user=OuterRef("pk"), office__district=district, role__in=["officer", "supervisor"]
    )
    interested = Assignment.objects.filter(
        application__organisation=application.organisation_id, user=OuterRef("pk"), has_conflict=True
    )
    members = User.objects.filter(
        pk=OuterRef("pk"), memberships__organisation=application.organisation_id, memberships__ended_at=None
    )
    reviewed = application.reviews.filter(reviewer=OuterRef("pk")).exclude(stage=Stage.VERIFY)
    gone = Absence.objects.on(today()).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(posted), is_active=True).exclude(
        Exists(interested) | Exists(members) | Exists(reviewed) | Exists(gone)
    )


def seat(application: Application, *, by: User | None, is_automatic: bool, reason: str = "") -> None:
    """Give the case's officer a seat, and say in it how it came about."""
    if application.officer is None:
        return
    Assignment.objects.update_or_create(
        application=application, user=application.officer, seat=Assignment.Seat.OFFICER, ended_at=None,
        defaults={"is_automatic": is_automatic, "reason": reason}, create_defaults={
            "is_automatic": is_automatic, "reason": reason, "created_by": by},
    )  # fmt: skip


def place(application: Application) -> User | None:
    """Give a locked case that lost its officer to the least loaded one; where nobody fits, the supervisors are told."""
    officer = least_loaded(application, application.office_district_id)
    application.officer = officer
    application.save(update_fields=["officer"])
    key = f"{application.number}:placed:{application.revision}:{officer.pk if officer else 0}"
    if officer is None:
        people: Iterable[User] = mover.posted(
            Q(postings__office__district=application.office_district_id), ["supervisor"]
        )
        _notify("case_unassigned", people, application, key, None)
        return None
    seat(application, by=None, is_automatic=True)
    data = {"officer": officer.name, "automatic": True}
    audit.record(application, "application.assigned", by=None, data=data)
    _notify("case_assigned", [officer], application, key, None)
    return officer


def _notify(
    template: str, people: Iterable[User], application: Application, key: str, by: User | None, **more: Any
) -> None:
    values = {**mover.facts(application, by), **more}
    notifications.notify(template, people, key=key, values=values, link=f"/cases/{application.number}/")


@transaction.atomic
def assign(application: Application, officer: User, *, reason: str = "", by: User) -> Application:
    """Give the case to a colleague of the same district, whatever the rules say; both officers are told.

    Whoever takes a case from a colleague, or gives one to somebody who is away, says why.
    Raises Denied, RuleBroken.
    """
    application = mover.locked(application)
    check(by, Permission.ASSIGN_CASE, application)
    if application.status not in OPEN:
        raise RuleBroken(mover.already(application), code="wrong_state")
    _require_free(application, officer)
    former = application.officer if application.officer_id != officer.pk else None
    reason = reason.strip()
    if not reason and (former is not None or _is_away(officer)):
        raise RuleBroken(_("请写明为什么改派：同事会看到。"), code="no_reason")
    application.officer = officer
    application.save(update_fields=["officer"])
    seat(application, by=by, is_automatic=False, reason=reason[:300])
    data = {"officer": officer.name, "from": former.name if former else "", "reason": reason}
    audit.record(application, "application.assigned", by=by, data=data)
    key = f"{application.number}:assign:{application.revision}:{officer.pk}"
    _notify("case_assigned", [p for p in (officer,) if p != by], application, key, by)
    if former is not None and former != by:
        key = f"{application.number}:reassign:{application.revision}:{officer.pk}"
        _notify("case_reassigned", [former], application, key, by, reason=reason)
    return application


def _require_free(application: Application, officer: User) -> None:
    posted = Posting.objects.open().filter(user=officer, office__district=application.office_district_id)
    if not posted.filter(role__in=["officer", "supervisor"]).exists():
        raise RuleBroken(_("只能分派给受理区的经办或负责人。"), code="not_posted")
    if application.organisation_id in officer.standing.roles:
        raise RuleBroken(_("这位同事是这家企业的成员。"), code="conflict")
    of_firm = Assignment.objects.filter(application__organisation=application.organisation_id)
    if of_firm.filter(user=officer, has_conflict=True).exists():
        raise RuleBroken(_("这位同事已声明与企业有利益关系。"), code="conflict")


def _is_away(officer: User) -> bool:
    return Absence.objects.on(today()).filter(person=officer).exists()
