"""Reach of alerts for the city and for districts: all alerts with their figures, one alert by everything."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from enterprises.industries import SECTIONS
from portal import formats, reports
from portal.charts import Chart
from portal.pagination import Keyset
from portal.permissions import Permission
from portal.tiles import DISTRICTS
from portal.views.base import ActionView, SignedIn, fetch
from portal.views.office.access import OfficialOnly
from services.protection import classes, reach
from services.protection.models import Alert, DeliveryState
from services.protection.reach import Count3, Reach
from services.protection.tables.reach import ReachTable

CLAUSES = ["8", "14", "16"]
ORDER = ("-published_at", "-id")
MOST = 12  # industries shown; the export has all


class ReachPage(OfficialOnly, SignedIn):
    """For officials of the city and of districts."""

    permissions = (Permission.VIEW_REACH,)
    clause = CLAUSES

    @cached_property
    def alert(self) -> Alert:
        rows = Alert.objects.public().select_related("current")
        found: Alert = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found


class ReachList(ReachPage, TemplateView):
    """Every published alert: how many have it, read it, answered it."""

    template_name = "protection/reach/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Keyset.of_request(self.request, Alert.objects.visible_to(self.request.user).public(), ORDER)
        table: Any = ReachTable(reach.lines(page.rows, self.request.user))
        table.keyset = page
        table.empty = {"title": _("还没有发布过风险提示"), "text": _("发布后，这里列出送达、阅读和回应的企业数。")}
        return super().get_context_data(table=table, is_city=reach.area_of(self.request.user) is None, **kwargs)


class ReachDetail(ReachPage, TemplateView):
    """One alert: by district, industry, state and day."""

    template_name = "protection/reach/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alert, user = self.alert, self.request.user
        found = reach.seen_by(alert, user)
        return super().get_context_data(
            alert=alert,
            reach=found,
            is_city=reach.area_of(user) is None,
            is_withheld=not reach.may_open_list(user),
            heading=_heading(found.total),
            figures=_figures(found),
            charts=[chart for chart in (_days(found), _industries(found)) if chart],
            states=_states(found),
            districts=_districts(found),
            shares={place.code: _share(found.districts.get(place.code)) for place in DISTRICTS},
            **kwargs,
        )


class ReachExport(ReachPage, ActionView):
    """Ask for the list of enterprises as a file."""

    success_url = reverse_lazy("report-list")
    success_message = gettext_lazy("已开始生成，完成后会通知您。")

    def get_object(self) -> Alert:
        return self.alert

    def action(self, obj: Alert, form: Any) -> Any:
        return reports.request(reach.REPORT, format="xlsx", by=self.request.user, parameters={"alert": obj.number})


def _heading(total: Count3) -> str:
    if total.delivered is None:
        return _("送达的企业很少，不显示数字")
    if not total.delivered:
        return _("还没有送达企业")
    return _("%(read)s / %(delivered)s 家企业已阅读，%(reacted)s 家已回应") % {
        "read": formats.number(total.read),
        "delivered": formats.number(total.delivered),
        "reacted": formats.number(total.reacted),
    }


def _districts(found: Reach) -> list[tuple[Any, Count3]]:
    return [(place, found.districts[place.code]) for place in DISTRICTS if place.code in found.districts]


def _share(count: Count3 | None) -> int | None:
    return round(count.share * 100) if count and count.delivered and count.share is not None else None


def _figures(found: Reach) -> list[dict[str, Any]]:
    total = found.total
    return [
        {"label": _("已送达"), "value": formats.number(total.delivered)},
        {"label": _("已阅读"), "value": formats.number(total.read), "note": formats.percent(total.share)},
        {"label": _("已回应"), "value": formats.number(total.reacted)},
        {"label": _("请求帮助"), "value": formats.number(found.help_asked)},
        {"label": _("待区里联系"), "value": formats.number(found.on_list)},
        {"label": _("更正后不再涉及"), "value": formats.number(found.left)},
    ]


def _states(found: Reach) -> list[dict[str, Any]]:
    states = [(str(label), found.states.get(value, 0)) for value, label in DeliveryState.choices]
    total = found.total.delivered or 1
    return [{"label": label, "value": count, "total": total} for label, count in states if count is not None]


def _days(found: Reach) -> Chart | None:
    if not found.days:
        return None
    rows = [(formats.short_day(day), delivered, read) for day, delivered, read in found.days]
    words = ngettext("%(days)s 天内有 %(share)s 的企业阅读", "%(days)s 天内有 %(share)s 的企业阅读", len(found.days))
    title = words % {"days": len(found.days), "share": formats.percent(found.total.share)}
    return Chart("lines", title, [_("日期"), _("已送达"), _("已阅读")], rows, _("企业数，截至当日。"))


def _industries(found: Reach) -> Chart | None:
    """Return the chart of industries by division; whoever named none stands last."""
    some = {key: count for key, count in found.industries.items() if count.delivered}
    named = sorted((pair for pair in some.items() if pair[0]), key=lambda pair: -(pair[1].delivered or 0))
    rows = [(_division(key), count.delivered, count.read) for key, count in named[:MOST]]
    if unknown := some.get(""):
        rows.append((_("未填行业"), unknown.delivered, unknown.read))
    if not rows or not found.total.delivered:
        return None
    title = ngettext("涉及 %(count)s 个行业大类", "涉及 %(count)s 个行业大类", len(named)) % {"count": len(named)}
    return Chart("bars", title, [_("行业大类"), _("已送达"), _("已阅读")], rows, _("企业数。按企业资料中的行业代码。"))


def _division(key: str) -> str:
    letter = classes.section_of(int(key)) if key.isdecimal() else ""
    return f"{letter}{key}" if letter in SECTIONS else key
