"""Tables of an applicant."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.formats import day
from portal.models import Application, Status
from portal.pieces import due, status_pill


class ApplicationTable(tables.Table):
    """My applications."""

    row_header = "title"
    caption = _("我的办件")

    title = tables.Column(verbose_name=_("事项"), accessor="call__title_zh", orderable=False)
    status = tables.Column(verbose_name=_("状态"), orderable=False)
    due = tables.Column(verbose_name=_("期限"), empty_values=(), orderable=False)
    office = tables.Column(verbose_name=_("受理"), accessor="office_district", orderable=False)
    updated_at = tables.Column(verbose_name=_("最近更新"), orderable=False)

    class Meta:
        orderable = False
        row_attrs = {"data-href": lambda record: reverse("application", args=[record.number])}

    def render_title(self, record: Application) -> Any:
        url = reverse("application", args=[record.number])
        return format_html(
            '<a href="{}">{}</a><span class="sub ip-num">{}</span>', url, record.call.title, record.number
        )

    def render_status(self, record: Application) -> Any:
        return status_pill("application", record.status)

    def render_due(self, record: Application) -> Any:
        if record.status == Status.DRAFT:
            return due(record.call.closes_at.date())
        if record.status == Status.RETURNED and record.applicant_due_on:
            return due(record.applicant_due_on)
        if record.due_on:
            return _("机关 %(day)s 前") % {"day": day(record.due_on)}
        return "—"

    def render_updated_at(self, record: Application) -> Any:
        return day(record.updated_at)
