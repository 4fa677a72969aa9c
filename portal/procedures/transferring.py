"""Cases change hands: to another district, with their enterprise or by a supervisor's word, or when an official leaves.

Everything stays with the case: messages, the office's notes, marks and files. Only who handles it changes.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Application, Assignment, District, Message, Organisation, Stage, Status, User
from portal.permissions import Permission, check

from . import assigning, mover

UNDECIDED = (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED)
MOVED_WITH_FIRM = {"zh": "企业所在区变更", "en": "the enterprise moved to another district"}


def move_open_cases(organisation: Organisation, *, district: District, by: User) -> list[str]:
    """Give drafts and the cases a district is still verifying to the new district; return the numbers of the latter.

    Runs inside the transaction of `organisations.change_district`, which has checked who. A case that its district has
    already verified stays there: two districts must not both have a say in one recommendation.
    """
    drafts = Application.objects.filter(organisation=organisation, status=Status.DRAFT)
    drafts.update(office_district=district)
    moving = _locked().filter(organisation=organisation, status__in=UNDECIDED, stage=Stage.VERIFY)
    numbers = []
    for application in moving.exclude(office_district=district).order_by("pk"):
        _hand_over(application, district, by, MOVED_WITH_FIRM)
        numbers.append(application.number)
    return numbers


@transaction.atomic
def hand_to_district(application: Application, *, district: District, reason: str, by: User) -> Application:
    """Give a case that is still being verified to another district, which then is in charge of it alone.

    It shows as new there; the old officer, the new desk and the applicant are told. Raises Denied, RuleBroken.
    """
    application = mover.locked(application)
    check(by, Permission.ASSIGN_CASE, application)
    if application.status not in UNDECIDED or application.stage != Stage.VERIFY:
        raise RuleBroken(_("只有还在区级核验的办件可以转到别的区。"), code="wrong_stage")
    if district.pk == application.office_district_id:
        raise RuleBroken(_("办件现在就在%(district)s。") % {"district": district}, code="same_district")
    if not reason.strip():
        raise RuleBroken(_("请写明转办的理由；企业看得到。"), code="no_reason")
    _hand_over(application, district, by, reason.strip()[:300])
    return application


def _locked() -> QuerySet[Application]:
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("call", "organisation", "office_district", "officer")


def _hand_over(application: Application, district: District, by: User, reason: Any) -> None:
    old, former = application.office_district, application.officer
    people = [person for person in mover.acting_people(application) if person.pk != by.pk]
    application.office_district, application.officer, application.is_new_here = district, None, True
    application.revision += 1
    application.updated_at = now()
    application.save(update_fields=["office_district", "officer", "is_new_here", "revision", "updated_at"])
    application.assignments.filter(seat=Assignment.Seat.OFFICER, ended_at=None).update(ended_at=now())
    application.officer = assigning.least_loaded(application, district.code)
    application.save(update_fields=["officer"])
    assigning.seat(application, by=None, is_automatic=True)
    data = {"from": old.code, "to": district.code, "reason": reason, "officer": former.name if former else ""}
    audit.record(application, "application.moved", by=by, data=data)
    key = f"{application.number}:moved:{application.revision}"
    waiting = _unanswered(application)
    values = {**mover.facts(application, by), "reason": reason, "waiting": waiting,
              "old": {"zh": old.name_zh, "en": old.name_en}}  # fmt: skip
    mover.tell_applicant(application, "case_moved", key=key, values=values)
    mover.tell_office(application, "case_entered", key=key, values=values)
    notifications.notify("case_left", people, key=f"{key}:left", values=values)


def _unanswered(application: Application) -> int:
    """Return how many messages of the enterprise came after the office's last word: the new desk must answer them."""
    open_talk = Message.objects.filter(application=application, is_internal=False)
    last = open_talk.exclude(by_side="applicant").order_by("-at", "-pk").first()
    rows = open_talk.filter(by_side="applicant")
    return rows.filter(at__gt=last.at).count() if last else rows.count()


def release_cases(officer: User, *, district: District, by: User) -> list[str]:
    """Take the open cases of an official who leaves a district and give each to the next; return their numbers."""
    numbers = []
    for application in _locked().filter(officer=officer, office_district=district, status__in=UNDECIDED).order_by("pk"):
        application.officer = None
        application.revision += 1
        application.save(update_fields=["officer", "revision"])
        data = {"from": officer.name, "reason": str(_("经办人离任"))}
        audit.record(application, "application.released", by=by, data=data)
        if application.stage == Stage.VERIFY:
            assigning.place(application)
        numbers.append(application.number)
    return numbers
