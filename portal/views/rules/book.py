"""The public page "规则与来源": every figure the portal computes with, its source, and how far it was verified."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.views.generic import ListView

from portal.models import HolidayKind, HolidayYear, Rule
from portal.permissions import Permission, can

PAGE = 50


class RuleList(ListView):
    """All rows, found by code or name."""

    model = Rule
    template_name = "portal/rules_list.html"
    paginate_by = PAGE

    def get_queryset(self) -> QuerySet[Rule]:
        rows = Rule.objects.visible_to(self.request.user)
        text = self.request.GET.get("q", "").strip()
        return rows.matching(text) if text else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = {kind: Count("days", filter=Q(days__kind=kind)) for kind in HolidayKind.values}
        manage = can(self.request.user, Permission.MANAGE_RULES)
        return super().get_context_data(years=HolidayYear.objects.annotate(**days), manage=manage, **kwargs)
