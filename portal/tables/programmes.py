"""The table of programmes."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import pieces
from portal.formats import listed
from portal.models import Programme, Stage

from .office import KeysetTable


class ProgrammeTable(KeysetTable):
    """Programmes made in the browser."""

    row_header = "title"
    caption = _("认定项目")

    title = tables.Column(verbose_name=_("认定项目"), empty_values=(), orderable=False)
    host = tables.Column(verbose_name=_("主办"), empty_values=(), orderable=False)
    stages = tables.Column(verbose_name=_("审核阶段"), orderable=False, attrs={"td": {"class": "text-wrap"}})
    status = tables.Column(verbose_name=_("状态"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("programme-detail", args=[record.code])}

    def render_title(self, record: Programme) -> Any:
        url = reverse("programme-detail", args=[record.code])
        sample = gettext("示例") if record.is_sample else ""
        return format_html(
            '<a href="{}">{}</a><span class="sub"><span class="ip-num">{}</span> {}</span>',
            url, record.title, record.code, sample,
        )  # fmt: skip

    def render_host(self, record: Programme) -> str:
        return str(record.host) if record.host else gettext("全市")

    def render_stages(self, value: list[str]) -> str:
        return listed(str(Stage(name).label) for name in value)

    def render_status(self, record: Programme) -> Any:
        return pieces.status_pill("programme", record.status)
