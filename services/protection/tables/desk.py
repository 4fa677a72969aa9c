"""Table of the alert desk."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal import formats, pieces
from portal.tables.office import KeysetTable
from services.protection import desk
from services.protection.models import AlertVersion

SEVERITIES = {1: "info", 2: "notice", 3: "warning"}
SHORT = {1: _("提示"), 2: _("关注"), 3: _("预警")}


class DeskTable(KeysetTable):
    """One line per alert: what is open, else what the world reads."""

    row_header = "title"
    caption = _("风险提示")

    title = tables.Column(
        verbose_name=_("提示"), empty_values=(), orderable=False, attrs={"td": {"class": "text-wrap"}}
    )
    stage = tables.Column(verbose_name=_("进度"), empty_values=(), orderable=False)
    severity = tables.Column(verbose_name=_("级别"), empty_values=(), orderable=False)
    audience = tables.Column(
        verbose_name=_("发给谁"), empty_values=(), orderable=False, attrs={"td": {"class": "text-wrap"}}
    )
    district = tables.Column(verbose_name=_("提出"), accessor="alert__district", orderable=False)
    author = tables.Column(verbose_name=_("起草人"), orderable=False)
    updated_at = tables.Column(verbose_name=_("更新"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("alert-desk-detail", args=[record.alert.number])}

    def render_title(self, record: AlertVersion) -> Any:
        url = reverse("alert-desk-detail", args=[record.alert.number])
        return format_html(
            '<a href="{}">{}</a><span class="sub"><span class="ip-num">{}</span> {}</span>',
            url, record.said("title"), record.alert.number, record.get_kind_display(),
        )  # fmt: skip

    def render_stage(self, record: AlertVersion) -> Any:
        pill = pieces.status_pill("alert", desk.state_of(record))
        if record.edition == 1:
            return pill
        edition = _("第 %(edition)s 版") % {"edition": record.edition}
        return format_html('{} <span class="ip-xs ip-3">{}</span>', pill, edition)

    def render_severity(self, record: AlertVersion) -> Any:
        return pieces.status_pill("severity", SEVERITIES[record.severity], label=SHORT[record.severity])

    def render_audience(self, record: AlertVersion) -> Any:
        words = desk.criteria_values(record)
        return formats.strung(words[name] for name in list(words)[:3]) if words else _("全部企业")

    def render_updated_at(self, record: AlertVersion) -> Any:
        return formats.short_moment(record.updated_at)
