"""Tables of deliveries: an enterprise's own, and a district's call list."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import formats, vocabulary
from services.protection import reasons
from services.protection.models import AlertDelivery

LINE = mark_safe("<br>")


class DeliveryTable(tables.Table):
    """Alerts that concern one enterprise, the newest first."""

    row_header = "title"
    caption = gettext_lazy("涉及本企业的风险提示")

    title = tables.Column(
        verbose_name=gettext_lazy("提示"), orderable=False, empty_values=(), attrs={"td": {"class": "text-wrap"}}
    )
    why = tables.Column(
        verbose_name=gettext_lazy("为什么发给我们"),
        orderable=False,
        empty_values=(),
        attrs={"td": {"class": "text-wrap"}},
    )
    state = tables.Column(verbose_name=gettext_lazy("状态"), orderable=False)
    delivered_at = tables.Column(verbose_name=gettext_lazy("收到"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("alert-for-us", args=[record.number])}

    def render_title(self, record: AlertDelivery) -> Any:
        url = reverse("alert-for-us", args=[record.number])
        words = formats.strung([record.version.get_kind_display(), record.alert.number])
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, record.version.said("title"), words)

    def render_why(self, record: AlertDelivery) -> Any:
        found = [(reasons.words(reason),) for reason in record.reasons[:2]]
        return format_html_join(LINE, "{}", found)

    def render_state(self, record: AlertDelivery) -> Any:
        label = _("不再涉及") if record.left_at else vocabulary.state("delivery", record.state).label
        who = record.assignee.name if record.assignee else ""
        return format_html('{}<span class="sub">{}</span>', label, who)

    def render_delivered_at(self, record: AlertDelivery) -> Any:
        due = formats.labelled(_("请确认"), formats.day(record.confirm_on)) if _waits(record) else ""
        return format_html(
            '<span class="ip-nb">{}</span><span class="sub">{}</span>', formats.day(record.delivered_at), due
        )


def _waits(record: AlertDelivery) -> bool:
    return bool(record.confirm_on and record.reacted_at is None and record.left_at is None)


class CallTable(tables.Table):
    """Enterprises of a district that did not read a serious alert or wait for help."""

    row_header = "organisation"
    caption = gettext_lazy("需要联系的企业")
    is_line = True

    organisation = tables.Column(verbose_name=gettext_lazy("企业"), orderable=False)
    title = tables.Column(
        verbose_name=gettext_lazy("提示"), orderable=False, empty_values=(), attrs={"td": {"class": "text-wrap"}}
    )
    what = tables.Column(verbose_name=gettext_lazy("为什么联系"), orderable=False, empty_values=())
    delivered_at = tables.Column(verbose_name=gettext_lazy("送达"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("alert-call", args=[record.number])}

    def render_organisation(self, record: AlertDelivery) -> Any:
        url = reverse("alert-call", args=[record.number])
        return format_html('<a href="{}">{}</a>', url, record.organisation.name)

    def render_title(self, record: AlertDelivery) -> str:
        return record.version.said("title")

    def render_what(self, record: AlertDelivery) -> str:
        if record.help_asked_at and not record.help_answered_at:
            return formats.labelled(_("请求帮助"), formats.day(record.help_asked_at))
        return _("预警未读，多次提醒无回应")

    def render_delivered_at(self, record: AlertDelivery) -> str:
        return formats.day(record.delivered_at)
