"""Who may make programmes, calls and questionnaires: the city's administrators, and a district's people its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.models import District, User, standing_of
from portal.permissions import ROLES, Permission, Verdict, can, check

DOOR = (Permission.MANAGE_CALLS, Permission.MANAGE_DISTRICT_CALLS)


@dataclass(frozen=True)
class Place:
    """Where something new belongs, as far as jurisdiction is concerned."""

    host_id: str | None


def permission_for(made: Any) -> Permission:
    """Return what changing a programme, call or questionnaire needs; `made` has a `host_id`."""
    return Permission.MANAGE_DISTRICT_CALLS if made.host_id else Permission.MANAGE_CALLS


def check_maker(by: Any, made: Any) -> None:
    """Raise Denied unless the person makes such things for the office that `made` belongs to."""
    check(by, permission_for(made), made)


def may_make(by: Any, made: Any) -> Verdict:
    """Return a Verdict instead of raising: for buttons and their hints."""
    return can(by, permission_for(made), made)


def check_publisher(by: Any, made: Any) -> None:
    """Raise Denied unless the person may publish a call: a district publishes its own."""
    check(by, Permission.MANAGE_DISTRICT_CALLS if made.host_id else Permission.PUBLISH_CALL, made)


def may_publish(by: Any, made: Any) -> Verdict:
    """Return a Verdict instead of raising."""
    return can(by, Permission.MANAGE_DISTRICT_CALLS if made.host_id else Permission.PUBLISH_CALL, made)


def home_of(user: User) -> District | None:
    """Return the district for which the person makes programmes; None is the city, or nowhere at all."""
    standing = standing_of(user)
    if standing.is_city:
        return None
    wanted = [
        district
        for level, district, role in sorted(standing.postings)
        if Permission.MANAGE_DISTRICT_CALLS in ROLES.get(f"{level}_{role}", frozenset())
    ]
    return District.objects.get(pk=wanted[0]) if wanted else None


def may_begin(by: Any) -> Verdict:
    """Return whether the person may begin something new, for the city or for the own district."""
    home = home_of(by) if getattr(by, "is_authenticated", False) else None
    return may_make(by, Place(home.pk if home else None))
