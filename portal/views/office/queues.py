"""The saved views of the officials' queue: what belongs in each, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import rules
from portal.clock import today
from portal.models import Appeal, Application, Assignment, Objection, Stage, Status, standing_of
from portal.models.procedures import ApplicationQuerySet
from portal.pagination import Keyset
from portal.workbench import absences

from .access import cases_of, districts_of, is_city

SOON_WORKDAYS = 3
BY_CLOCK = ("due_on", "id")
BY_APPLICANT = ("applicant_due_on", "id")
NEWEST = ("-updated_at", "-id")
WORKING = (Status.SUBMITTED, Status.IN_REVIEW)


@dataclass(frozen=True)
class Tab:
    """One saved view: its word in the address, its label, its rows and their order."""

    name: str
    label: Any
    rows: ApplicationQuerySet
    order: Sequence[str] = BY_CLOCK


def todo(user: Any) -> Q:
    """Return the cases in which this person must act now."""
    roles = {f"{kind}_{role}" for kind, _district, role in standing_of(user).postings}
    mine = Q(pk__in=[])
    if districts_of(user):
        mine = held_by(user) & Q(stage=Stage.VERIFY)
    if "district_supervisor" in roles:
        mine |= Q(office_district__in=districts_of(user), stage__in=[Stage.RECOMMEND, Stage.SETTLE])
    if "city_officer" in roles:
        mine |= Q(stage=Stage.SCORE)
    if "city_supervisor" in roles:
        mine |= Q(stage=Stage.DECIDE)
    return mine & Q(status__in=WORKING)


def held_by(user: Any) -> Q:
    """Return the cases in one's own hands, and in those of colleagues one acts for today, where one has no interest."""
    covered = absences.covered_by(user)
    if not covered:
        return Q(officer=user)
    barred = Assignment.objects.filter(user=user, has_conflict=True).values("application")
    return Q(officer__in=[user.pk, *covered]) & ~Q(pk__in=barred)


def tabs(user: Any) -> list[Tab]:
    """Return the saved views of a person's office."""
    soon = rules.calendar().add_workdays(today(), SOON_WORKDAYS)
    working = cases_of(user).filter(status__in=WORKING)
    found = [
        Tab("todo", _("我的待办"), cases_of(user).filter(todo(user))),
        Tab("soon", _("三日内到期"), working.filter(due_on__gte=today(), due_on__lte=soon)),
        Tab("overdue", _("已超期"), working.filter(due_on__lt=today())),
        Tab("applicant", _("等企业"), cases_of(user).filter(status=Status.RETURNED), BY_APPLICANT),
    ]
    if is_city(user):
        objected = Objection.objects.open().values("application")
        appealed = Appeal.objects.open().values("application")
        found += [
            Tab("publicity", _("公示中"), cases_of(user).filter(status=Status.PUBLICITY)),
            Tab("objected", _("异议待处理"), cases_of(user).filter(status=Status.PUBLICITY, pk__in=objected)),
            Tab("appealed", _("申诉待处理"), cases_of(user).filter(status=Status.REJECTED, pk__in=appealed), NEWEST),
            Tab("all", _("全市全部"), cases_of(user), NEWEST),
        ]
    else:
        unassigned = working.filter(officer=None, stage=Stage.VERIFY)
        found += [Tab("unassigned", _("未分派"), unassigned), Tab("all", _("本区全部"), cases_of(user), NEWEST)]
    return found


def next_case(user: Any, after: Application | None = None) -> Application | None:
    """Return the next case to work on by the clock, beyond `after` where one is given."""
    rows = cases_of(user).filter(todo(user)).only("id", "number", "due_on")
    if after is None:
        return rows.order_by("due_on", "id").first()
    page = Keyset(rows.exclude(pk=after.pk), BY_CLOCK, after=_cursor(after), size=1, count_cap=0)
    return page.rows[0] if page.rows else None


def _cursor(application: Application) -> str:
    page = Keyset(Application.objects.none(), BY_CLOCK)
    return page.cursor_of(application)


def neighbours(request: HttpRequest, application: Application) -> dict[str, str]:
    """Return the addresses of the cases before and after this one among one's own to-dos."""
    rows = cases_of(request.user).filter(todo(request.user)).exclude(pk=application.pk).only("id", "number", "due_on")
    cursor = _cursor(application)
    before = Keyset(rows, BY_CLOCK, before=cursor, size=1, count_cap=0).rows
    after = Keyset(rows, BY_CLOCK, after=cursor, size=1, count_cap=0).rows
    return {
        "previous": reverse("case-detail", args=[before[0].number]) if before else "",
        "next": reverse("case-detail", args=[after[0].number]) if after else "",
    }
