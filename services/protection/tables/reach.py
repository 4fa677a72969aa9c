"""Table of published alerts with their reach."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from portal import formats
from services.protection.models import Alert

RIGHT = {"td": {"class": "ip-r ip-num"}, "th": {"class": "ip-r"}}


class ReachTable(tables.Table):
    """Published alerts, the newest first."""

    row_header = "title"
    caption = gettext_lazy("送达和回应")

    title = tables.Column(
        verbose_name=gettext_lazy("提示"), orderable=False, empty_values=(), attrs={"td": {"class": "text-wrap"}}
    )
    status = tables.Column(verbose_name=gettext_lazy("状态"), orderable=False)
    delivered = tables.Column(verbose_name=gettext_lazy("已送达"), orderable=False, attrs=RIGHT)
    read = tables.Column(verbose_name=gettext_lazy("已阅读"), orderable=False, attrs=RIGHT)
    reacted = tables.Column(verbose_name=gettext_lazy("已回应"), orderable=False, attrs=RIGHT)
    published_at = tables.Column(verbose_name=gettext_lazy("发布"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("reach-detail", args=[record.number])}

    def render_title(self, record: Alert) -> Any:
        url = reverse("reach-detail", args=[record.number])
        title = record.current.said("title") if record.current else ""
        return format_html('<a href="{}">{}</a><span class="sub ip-num">{}</span>', url, title, record.number)

    def render_status(self, record: Alert) -> str:
        return record.get_status_display()

    def render_delivered(self, value: int) -> str:
        return formats.number(value)

    def render_read(self, value: int | None, record: Any) -> Any:
        share = formats.percent(value / record.delivered) if record.delivered and value is not None else ""
        return format_html('{}<span class="sub">{}</span>', formats.number(value), share)

    def render_reacted(self, value: int) -> str:
        return formats.number(value)

    def render_published_at(self, record: Alert) -> str:
        return formats.day(record.published_at)
