"""Enterprises as officials see them: the district's list and one enterprise's record."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from portal import uscc
from portal.models import DistrictChange, Membership, Organisation, Role, standing_of
from portal.models.people import OrganisationQuerySet
from portal.pagination import Keyset
from portal.permissions import Permission
from portal.views.base import SignedIn, fetch
from portal.views.office.access import OfficialOnly, cases_of


def supervised_by(user: Any) -> OrganisationQuerySet:
    """Return the enterprises a person sees as an official: the own districts', or all for the city."""
    rows: OrganisationQuerySet = Organisation.objects.visible_to(user)
    return rows if user.standing.is_city else rows.filter(district__in=user.standing.districts)


class DistrictOrganisations(OfficialOnly, TemplateView):
    """The enterprises of the district, found by name or code; or those that moved away."""

    permissions = (Permission.VIEW_FIGURES,)
    clause = "2"
    template_name = "portal/people/organisations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text, view = self.request.GET.get("q", "").strip()[:100], self.request.GET.get("view", "")
        if view == "left":
            changes = DistrictChange.objects.filter(old__in=standing_of(self.request.user).districts)
            rows: Any = changes.select_related("organisation", "old", "new")
            page = Keyset.of_request(self.request, rows, ["-changed_at", "-id"])
        else:
            rows = supervised_by(self.request.user).select_related("district")
            if view in {"verified", "unverified"}:
                rows = rows.verified() if view == "verified" else rows.unverified()
            if text:
                rows = rows.filter(Q(name__icontains=text) | Q(uscc__startswith=uscc.normalise(text) or "-"))
            page = Keyset.of_request(self.request, rows, ["name", "id"])
        return super().get_context_data(page=page, text=text, view=view, **kwargs)


class OrganisationDetail(SignedIn, TemplateView):
    """One enterprise's record for officials; its own members are led to their own page."""

    clause = "2"
    template_name = "portal/people/organisation.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.standing.is_official:
            found = fetch(Organisation, request.user, number=kwargs["number"])
            return redirect("profile", number=found.number)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def organisation(self) -> Organisation:
        rows = supervised_by(self.request.user).select_related("district", "verified_by", "created_by")
        found: Organisation = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation, user = self.organisation, self.request.user
        members = Membership.objects.open().filter(organisation=organisation, role__in=[Role.OWNER, Role.MANAGER])
        cases = cases_of(user).filter(organisation=organisation)
        return super().get_context_data(
            organisation=organisation,
            members=members.select_related("user").order_by("role", "created_at"),
            verifications=organisation.verifications.select_related("decided_by").order_by("-created_at")[:10],
            changes=organisation.district_changes.select_related("old", "new")[:10],
            cases=cases.select_related("call", "office_district").order_by("-updated_at")[:10],
            recognitions=organisation.recognitions.order_by("-pk")[:10],
            **kwargs,
        )
