"""Cases change hands: to another district with their enterprise, or back to the queue when an official leaves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.clock import now
from portal.models import Application, Assignment, District, Organisation, Stage, Status, User

from . import mover

UNDECIDED = (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED)


def move_open_cases(organisation: Organisation, *, district: District, by: User) -> list[str]:
    """Give drafts and the cases a district is still verifying to the new district; return the numbers of the latter.

    Runs inside the transaction of `organisations.change_district`, which has checked who. A case that its district has
    already verified stays there: two districts must not both have a say in one recommendation.
    """
    drafts = Application.objects.filter(organisation=organisation, status=Status.DRAFT)
    drafts.update(office_district=district)
    moving = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "organisation", "office_district", "officer")
        .filter(organisation=organisation, status__in=UNDECIDED, stage=Stage.VERIFY)
        .exclude(office_district=district)
        .order_by("pk")
    )
    numbers = []
    for application in moving:
        old = application.office_district
        application.office_district, application.officer = district, None
        application.revision += 1
        application.updated_at = now()
        application.save(update_fields=["office_district", "officer", "revision", "updated_at"])
        seats = application.assignments.filter(seat=Assignment.Seat.OFFICER, ended_at=None)
        seats.update(ended_at=now())
        audit.record(application, "application.moved", by=by, data={"from": old.code, "to": district.code})
        key, values = f"{application.number}:moved:{application.revision}", mover.facts(application, by)
        mover.tell_applicant(application, "case_moved", key=key, values=values)
        mover.tell_office(application, "case_entered", key=key, values=values)
        numbers.append(application.number)
    return numbers


def release_cases(officer: User, *, district: District, by: User) -> list[str]:
    """Put the open cases of an official who leaves a district back into its queue; return their numbers."""
    held = (
        Application.objects.select_for_update(of=("self",))
        .filter(officer=officer, office_district=district, status__in=UNDECIDED)
        .order_by("pk")
    )
    numbers = []
    for application in held:
        application.officer = None
        application.revision += 1
        application.save(update_fields=["officer", "revision"])
        data = {"from": officer.name, "reason": str(_("经办人离任"))}
        audit.record(application, "application.released", by=by, data=data)
        numbers.append(application.number)
    return numbers
