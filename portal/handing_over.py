"""Dates whose person leaves: the owner is told how many hang in the air, and all go to a colleague in one step.

Workstreams whose own rows name the same persons follow through `register_follower`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Deadline, Membership, Organisation, Role, Secrecy, User
from portal.models.deadlines import DeadlineQuerySet
from portal.permissions import Permission, check

PATH = "/dates/handover/"
KEEPERS = (Role.OWNER, Role.MANAGER, Role.MEMBER)

Follower = Callable[[Organisation, User, User, User], None]
_followers: list[Follower] = []
Farewell = Callable[[Organisation, User], object]
_farewells: list[Farewell] = []


def register_follower(follower: Follower) -> None:
    """Make known what else follows: `follower(organisation, former, new, by)` inside the action's transaction."""
    _followers.append(follower)


def register_farewell(farewell: Farewell) -> None:
    """Make known who else must hear that a person left: `farewell(organisation, person)` inside the action."""
    _farewells.append(farewell)


def dates_of(organisation: Organisation, person: User) -> DeadlineQuerySet:
    """Return the open dates of an enterprise for which a person is responsible or the backup."""
    mine = Q(responsible=person) | Q(backup=person)
    return Deadline.objects.open().filter(mine, organisation=organisation)


def in_the_air(organisation: Organisation) -> DeadlineQuerySet:
    """Return the open dates whose responsible person or backup is no member any more, or may not sign in.

    Dates are given to members only, so that whoever left is asked for: few people, whose dates an index knows. Reads
    these people at once; where there are none, the rows cost no statement.
    """
    seats = Membership.objects.filter(organisation=organisation)
    present = seats.filter(ended_at=None, user__is_active=True)
    gone = list(seats.exclude(user__in=present.values("user")).values_list("user_id", flat=True).distinct())
    return Deadline.objects.open().filter(Q(responsible__in=gone) | Q(backup__in=gone), organisation=organisation)


def tell_owner(organisation: Organisation, person: User) -> int:
    """Tell the owner how many dates a person who left was to keep; return the number. Inside the action."""
    for farewell in _farewells:
        farewell(organisation, person)
    # Dates for named persons are not the owner's to know of; those named are reminded of them anyhow.
    count = dates_of(organisation, person).exclude(secrecy=Secrecy.NAMED).count()
    if count:
        owners = User.objects.filter(
            memberships__organisation=organisation, memberships__role=Role.OWNER, memberships__ended_at=None
        ).exclude(pk=person.pk)
        values = {"person": person.name, "count": count, "organisation": organisation.name}
        notifications.notify(
            "dates_in_the_air",
            owners,
            key=f"dates:{organisation.number}:{person.number}:{now():%Y-%m-%dT%H:%M}",
            values=values,
            link=f"{PATH}?person={person.number}",
            organisation=organisation,
        )
    return count


@transaction.atomic
def hand_over(organisation: Organisation, *, former: User, to: User, by: User) -> int:
    """Give all open dates of one person to a colleague, as responsible or backup; return how many.

    One's own: every member. Another's: owner and manager. Dates for named persons go only to one of those named.
    Raises Denied, RuleBroken.
    """
    check(by, Permission.EDIT_RIGHT if former.pk == by.pk else Permission.STEER_RIGHT, organisation)
    seat = Membership.objects.open().filter(organisation=organisation, user=to, user__is_active=True).first()
    if seat is None or seat.role not in KEEPERS or to.pk == former.pk:
        raise RuleBroken(_("请选择另一位可以办理的同事。"), code="wrong_person")
    allowed = ~Q(secrecy=Secrecy.NAMED) | Q(readers__contains=[to.pk])
    known = dates_of(organisation, former).visible_to(by).filter(allowed)
    keys = list(known.select_for_update().values_list("pk", flat=True))
    rows = Deadline.objects.filter(pk__in=keys)
    rows.filter(backup=to).update(backup=None)
    rows.filter(backup=former).exclude(responsible=to).update(backup=to)
    rows.filter(backup=former).update(backup=None)
    rows.filter(responsible=former).update(responsible=to)
    for follower in _followers:
        follower(organisation, former, to, by)
    data = {"from": former.name, "to": to.name, "count": len(keys)}
    audit.record(organisation, "dates.handed_over", by=by, data=data)
    if keys:
        _tell(organisation, former, to, len(keys))
    return len(keys)


def _tell(organisation: Organisation, former: User, to: User, count: int) -> None:
    values = {"person": former.name, "count": count, "organisation": organisation.name}
    key = f"dates:{organisation.number}:{former.number}:{to.number}:{now():%Y-%m-%dT%H:%M}"
    notifications.notify(
        "dates_handed_over", [to], key=key, values=values, link="/dates/?whose=mine", organisation=organisation
    )
