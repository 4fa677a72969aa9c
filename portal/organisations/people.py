"""Who is told: an enterprise's owner and leaders, and the officials of a district."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.models import District, Organisation, Role, User

LEADERS = (Role.OWNER, Role.MANAGER)


def owners_of(organisation: Organisation) -> QuerySet[User]:
    """Return the owner, as long as that person may sign in."""
    return _members(organisation, [Role.OWNER])


def leaders_of(organisation: Organisation) -> QuerySet[User]:
    """Return owner and managers."""
    return _members(organisation, list(LEADERS))


def _members(organisation: Organisation, roles: list[Role]) -> QuerySet[User]:
    return User.objects.filter(
        memberships__organisation=organisation, memberships__role__in=roles, memberships__ended_at=None, is_active=True
    ).distinct()


def officials_of(district: District, *roles: str) -> QuerySet[User]:
    """Return the people of the district's office who hold one of the roles."""
    return User.objects.filter(
        postings__office__district=district, postings__role__in=roles, postings__ended_at=None, is_active=True
    ).distinct()
