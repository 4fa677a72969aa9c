"""The list of the desk: one line per alert, stages as tabs, filters, newest change first."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.filters.chips import links, without
from portal.pagination import Keyset, capped_counts
from portal.permissions import Permission, can
from services.protection import desk
from services.protection.forms.alerts import DeskFilterForm
from services.protection.models import AlertVersion
from services.protection.tables.desk import DeskTable

from .access import DeskOnly

Stage = AlertVersion.Stage
TABS: dict[str, tuple[Any, Q]] = {
    "": (gettext_lazy("全部"), Q()),
    "in_review": (gettext_lazy("待复核"), Q(stage=Stage.IN_REVIEW)),
    "proposed": (gettext_lazy("区建议"), Q(stage=Stage.PROPOSED)),
    "draft": (gettext_lazy("草稿"), Q(stage=Stage.DRAFT)),
    "scheduled": (gettext_lazy("待定时发布"), Q(stage=Stage.SCHEDULED)),
    "published": (gettext_lazy("已发布"), Q(stage=Stage.PUBLISHED, alert__status="published")),
    "over": (gettext_lazy("已结束"), Q(alert__status__in=["withdrawn", "expired", "dropped"])),
}
ORDER = ("-updated_at", "-id")


class AlertDesk(DeskOnly, TemplateView):
    """The list."""

    template_name = "protection/desk/list.html"

    @cached_property
    def form(self) -> DeskFilterForm:
        return DeskFilterForm(self.request.GET)

    @property
    def stage(self) -> str:
        wanted = self.request.GET.get("stage", "")
        return wanted if wanted in TABS else ""

    def rows(self) -> QuerySet[AlertVersion]:
        rows, chosen = desk.lines(self.request.user).select_related("author"), self.form.chosen()
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        if chosen.get("severity"):
            rows = rows.filter(severity=chosen["severity"])
        if chosen.get("district"):
            rows = rows.filter(alert__district=chosen["district"])
        if text := chosen.get("q", "").strip():
            rows = rows.filter(
                Q(alert__number__istartswith=text) | Q(title__icontains=text) | Q(title_en__icontains=text)
            )
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, user = self.rows(), self.request.user
        counts = capped_counts({name: rows.filter(asked) for name, (_label, asked) in TABS.items()})
        found = rows.filter(TABS[self.stage][1]).defer("body", "body_en")
        page = Keyset.of_request(self.request, found, ORDER, known_count=counts[self.stage])
        return super().get_context_data(
            page=page,
            table=DeskTable(page.rows),
            tabs=[self.tab(name, label, counts[name]) for name, (label, _asked) in TABS.items()],
            heading=_heading(counts, desk.may_work(user)),
            draft=can(user, Permission.DRAFT_ALERT),
            is_desk=desk.may_work(user),
            propose=can(user, Permission.PROPOSE_ALERT),
            **{**self.filters(), **kwargs},
        )

    def filters(self) -> dict[str, Any]:
        chips = links(self.request, self.form)
        return {"filter": {"form": self.form}, "chips": chips, "clear_url": reverse("alert-desk")}

    def tab(self, name: str, label: Any, count: int) -> dict[str, Any]:
        rest = without(self.request, "stage")
        if name:
            rest["stage"] = name
        return {"label": label, "url": f"?{rest.urlencode()}", "count": count, "is_current": name == self.stage}


def _heading(counts: dict[str, int], is_desk: bool) -> str:
    """Return the finding: what waits for the desk."""
    values = {"review": counts["in_review"], "proposed": counts["proposed"], "all": counts[""]}
    if is_desk and counts["in_review"]:
        return _("风险提示：等复核 %(review)s 条，区里建议 %(proposed)s 条") % values
    if is_desk and counts["proposed"]:
        return _("风险提示：没有等复核的，区里建议 %(proposed)s 条等决定") % values
    if is_desk:
        return _("没有等复核的风险提示，也没有等决定的建议")
    return _("风险提示：共 %(all)s 条，其中 %(proposed)s 条建议等市里决定") % values
