"""Which cases an official may open: those of the own district, or all, where a role lets one see cases at all."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponseBase

from portal.errors import Denied
from portal.models import Application, Status, standing_of
from portal.models.procedures import ApplicationQuerySet
from portal.permissions import ROLES, Permission


def holds(user: Any, permission: Permission, kind: str = "") -> bool:
    """Return whether any of the person's postings (of this level) gives the permission, whatever the district."""
    return any(
        permission in ROLES.get(f"{level}_{role}", frozenset())
        for level, _district, role in standing_of(user).postings
        if not kind or level == kind
    )


def is_city(user: Any) -> bool:
    """Return whether the person sees the cases of the whole city."""
    return standing_of(user).sees_all_cases


def districts_of(user: Any) -> set[str]:
    """Return the codes of the districts whose cases the person sees as an official."""
    return standing_of(user).case_districts


def cases_of(user: Any) -> ApplicationQuerySet:
    """Return the handed-in applications the person sees as an official; none for everybody else."""
    rows = Application.objects.visible_to(user).exclude(status=Status.DRAFT)
    if is_city(user):
        return rows
    return rows.filter(office_district__in=districts_of(user))


class OfficialOnly(LoginRequiredMixin):
    """A page for people who hold one of `permissions` in some office; everybody else is refused with its sentence."""

    permissions: tuple[Permission, ...] = (Permission.VIEW_CASE,)
    clause: str | list[str] | None = "5"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not any(holds(request.user, wanted) for wanted in self.permissions):
            raise Denied(self.permissions[0].value)
        return super().dispatch(request, *args, **kwargs)
