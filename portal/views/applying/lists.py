"""My applications: one row per case, the ones that wait for the enterprise first to see."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.hats import hat_of
from portal.models import Status
from portal.pagination import Keyset, capped_count, capped_counts
from portal.tables.applying import ApplicationTable
from portal.views.base import SignedIn

from .common import own

VIEWS: dict[str, tuple[str, ...]] = {
    "": (),
    "mine": (Status.DRAFT, Status.RETURNED),
    "office": (Status.SUBMITTED, Status.IN_REVIEW, Status.PUBLICITY),
    "done": (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.CLOSED),
}


class ApplicationList(SignedIn, TemplateView):
    """All cases of the enterprise one acts for, in saved views by whose turn it is."""

    clause = "5"
    template_name = "portal/applying/list.html"

    def rows(self) -> Any:
        hat = hat_of(self.request)
        rows = own(self.request.user)
        return rows.filter(organisation=hat.organisation) if hat.organisation else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, wanted, status = self.rows(), self.request.GET.get("view", ""), self.request.GET.get("status", "")
        wanted = wanted if wanted in VIEWS else ""
        parts = {name: rows.filter(status__in=states) if states else rows for name, states in VIEWS.items()}
        counts = capped_counts(parts)
        chosen = parts[wanted].select_related("call", "organisation", "office_district")
        chosen = chosen.filter(status=status) if status in Status.values else chosen
        page = Keyset.of_request(self.request, chosen, ("-updated_at", "-id"), known_count=capped_count(chosen))
        table = ApplicationTable(page.rows, request=self.request)
        table.empty = self.empty(wanted or status)
        return super().get_context_data(
            tabs=tabs(counts, wanted), table=table, page=page, total=counts[""], status=status,
            statuses=Status.choices, **kwargs,
        )  # fmt: skip

    def empty(self, view: str) -> dict[str, Any]:
        """Return what an empty list says."""
        if view:
            return {"title": _("这里现在没有办件"), "url2": reverse("application-list"), "action2": _("查看全部办件")}
        return {
            "title": _("您的申报会出现在这里"),
            "text": _("先看看正在申报的批次；系统会按企业资料逐条核对资格。"),
            "url": reverse("call-list"),
            "action": _("查看申报批次"),
        }


def tabs(counts: dict[str, int], wanted: str) -> list[dict[str, Any]]:
    """Return the saved views with their counts."""
    names = {"": _("全部"), "mine": _("等我办理"), "office": _("等待机关办理"), "done": _("已结束")}
    return [
        {"label": names[n], "url": f"?view={n}" if n else "?", "count": counts[n], "is_current": n == wanted}
        for n in VIEWS
    ]
