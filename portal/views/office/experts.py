"""The pool of experts, for the city: who may be invited, where they work, how busy they are."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.views.generic import TemplateView

from portal.models import Expert
from portal.pagination import Keyset
from portal.permissions import Permission
from portal.tables.office import ExpertTable
from portal.views.base import SignedIn

from .access import OfficialOnly


class ExpertList(OfficialOnly, SignedIn, TemplateView):
    """All experts with their open seats and finished sheets."""

    template_name = "portal/office/experts.html"
    permissions = (Permission.INVITE_EXPERTS, Permission.MANAGE_PEOPLE, Permission.VIEW_AUDIT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_seat = Q(user__assignments__seat="expert", user__assignments__ended_at=None)
        rows = Expert.objects.select_related("user").annotate(
            seats=Count("user__assignments", filter=open_seat, distinct=True),
            sheets=Count("user__reviews", filter=Q(user__reviews__stage="score"), distinct=True),
        )
        page = Keyset.of_request(self.request, rows, ("user__name", "id"))
        return super().get_context_data(page=page, table=ExpertTable(page.rows), **kwargs)
