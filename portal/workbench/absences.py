"""Officials who are away, and who acts for them: entered by themselves or their supervisor, never a second role.

A deputy could do the same work anyhow (same office, same role or its supervisor), so nobody gains a permission.
Whether somebody is away is a question of the day, asked when it matters: no job has to switch anything.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now, today
from portal.errors import Denied, RuleBroken
from portal.formats import day
from portal.models import Absence, OfficeRole, Posting, User
from portal.models.workbench import HANDLING
from portal.permissions import Permission, can

LINK = "/workbench/absences/"
LONGEST_DAYS = 366


def away(on: dt.date | None = None) -> dict[int, int | None]:
    """Return {who is away: who acts for them, None where nobody does} by keys; one statement."""
    posted = Posting.objects.open().filter(user=OuterRef("deputy"), role__in=HANDLING, user__is_active=True)
    rows = Absence.objects.on(on or today()).annotate(acts=Exists(posted)).values_list("person", "deputy", "acts")
    named = {person: deputy if acts else None for person, deputy, acts in rows}
    return {person: _acting(person, named) for person in named}


def _acting(person: int, named: dict[int, int | None]) -> int | None:
    """Follow deputies who are away themselves; a circle leads to nobody."""
    seen: set[int] = set()
    found: int | None = person
    while found is not None and found in named and found not in seen:
        seen.add(found)
        found = named[found]
    return None if found in seen else found


def covered_by(user: User) -> list[int]:
    """Return the keys of those for whom this person acts today; asked once per request, and only of deputies."""
    if not user.standing.is_deputy:
        return []
    known: list[int] | None = user.__dict__.get("_covers")
    if known is None:
        known = [person for person, deputy in away().items() if deputy == user.pk]
        user.__dict__["_covers"] = known
    return known


def deputies_for(person: User) -> QuerySet[User]:
    """Return the officials who could do everything this person does: same offices, same roles or their supervisor."""
    found = User.objects.filter(is_active=True).exclude(pk=person.pk)
    seats = list(_seats(person).values_list("office", "role"))
    for office, role in seats:
        roles = {role, OfficeRole.SUPERVISOR.value}
        found = found.filter(pk__in=Posting.objects.open().filter(office=office, role__in=roles).values("user"))
    return (found if seats else found.none()).order_by("name", "pk")


def _seats(person: User) -> QuerySet[Posting]:
    return Posting.objects.open().filter(user=person, role__in=HANDLING)


def people_of(user: User) -> QuerySet[User]:
    """Return the colleagues for whom this person may enter an absence: oneself, and a supervisor's whole office."""
    leads = Posting.objects.open().filter(user=user, role=OfficeRole.SUPERVISOR).values("office")
    posted = Posting.objects.open().filter(role__in=HANDLING).filter(Q(user=user) | Q(office__in=leads))
    return User.objects.filter(pk__in=posted.values("user"), is_active=True).order_by("name", "pk")


def colleagues_of(user: User) -> QuerySet[User]:
    """Return everybody who handles cases in one of this person's offices."""
    offices = Posting.objects.open().filter(user=user).values("office")
    posted = Posting.objects.open().filter(office__in=offices, role__in=HANDLING)
    return User.objects.filter(pk__in=posted.values("user"), is_active=True).order_by("name", "pk")


def may_change(user: User, person: User) -> bool:
    """Return whether one may enter or end an absence of this person."""
    return user.pk == person.pk or _leads(user, person)


def _leads(user: User, person: User) -> bool:
    offices = [row.office for row in _seats(person).select_related("office")]
    own = set(Posting.objects.open().filter(user=user, role="supervisor").values_list("office", flat=True))
    return any(office.pk in own and can(user, Permission.MANAGE_WORKBENCH, office) for office in offices)


@transaction.atomic
def enter(person: User, *, deputy: User, from_on: dt.date, until_on: dt.date, note: str = "", by: User) -> Absence:
    """Enter an absence; the deputy is told. Raises Denied, RuleBroken."""
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk, deputy.pk]).order_by("pk"))
    if not may_change(by, person):
        raise Denied(Permission.MANAGE_WORKBENCH.value)
    _require_days(from_on, until_on)
    if not deputies_for(person).filter(pk=deputy.pk).exists():
        raise RuleBroken(_("代理人须在同一办公室担任同样的角色，或是该办公室的负责人。"), code="not_a_deputy")
    _require_present(deputy, from_on, until_on)
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                person=person, deputy=deputy, from_on=from_on, until_on=until_on, note=note.strip(), created_by=by
            )
    except IntegrityError as error:
        raise RuleBroken(_("这段时间里已有一次不在岗，请先结束那一次。"), code="overlap") from error
    audit.record(person, "absence.entered", by=by, data=_data(absence))
    _tell("deputy_named", absence, by)
    return absence


def _require_days(from_on: dt.date, until_on: dt.date) -> None:
    if until_on < from_on:
        raise RuleBroken(_("最后一天不能早于第一天。"), code="wrong_days")
    if until_on < today():
        raise RuleBroken(_("这段时间已经过去。"), code="wrong_days")
    if (until_on - from_on).days > LONGEST_DAYS:
        raise RuleBroken(_("一次不在岗最长 %(days)s 天。") % {"days": LONGEST_DAYS}, code="wrong_days")


def _require_present(deputy: User, from_on: dt.date, until_on: dt.date) -> None:
    clash = Absence.objects.standing().filter(person=deputy, from_on__lte=until_on, until_on__gte=from_on).first()
    if clash is not None:
        words = {"name": deputy.name, "from": day(clash.from_on), "until": day(clash.until_on)}
        raise RuleBroken(_("%(name)s 在 %(from)s 至 %(until)s 也不在岗，请换一位代理人。") % words, code="deputy_away")


@transaction.atomic
def end(absence: Absence, *, by: User) -> Absence:
    """Take an absence back, or end it as of today; what the deputy did stays. Raises Denied, RuleBroken."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("person", "deputy").get(pk=absence.pk)
    if not may_change(by, absence.person):
        raise Denied(Permission.MANAGE_WORKBENCH.value)
    if absence.is_over:
        raise RuleBroken(_("这次不在岗已经结束。"), code="wrong_state")
    if absence.from_on < today():
        absence.until_on = today() - dt.timedelta(days=1)
    else:
        absence.cancelled_at, absence.cancelled_by = now(), by
    absence.save(update_fields=["until_on", "cancelled_at", "cancelled_by"])
    audit.record(absence.person, "absence.ended", by=by, data=_data(absence))
    _tell("deputy_released", absence, by)
    return absence


def _data(absence: Absence) -> dict[str, Any]:
    """Return what the log keeps; why somebody is away is nobody's business there."""
    return {
        "deputy": absence.deputy.name,
        "from": absence.from_on.isoformat(),
        "until": absence.until_on.isoformat(),
        "cancelled": absence.cancelled_at is not None,
    }


def _tell(template: str, absence: Absence, by: User) -> None:
    values = {
        "person": absence.person.name,
        "deputy": absence.deputy.name,
        "from": absence.from_on.isoformat(),
        "until": absence.until_on.isoformat(),
    }
    people = [person for person in (absence.person, absence.deputy) if person.pk != by.pk]
    notifications.notify(template, people, key=f"absence:{absence.number}:{template}", values=values, link=LINK)
