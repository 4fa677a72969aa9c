"""The table of dates."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents.dates import codes
from portal import formats, pieces
from portal.clock import today
from portal.models import Deadline


class DateTable(tables.Table):
    """One row per date, the next one first; `sort` is theirs already."""

    row_header = "title"
    caption = gettext_lazy("期限表格")

    target_on = tables.Column(verbose_name=gettext_lazy("建议日"), orderable=False)
    title = tables.Column(verbose_name=gettext_lazy("事项"), orderable=False, attrs={"td": {"class": "text-wrap"}})
    legal_on = tables.Column(verbose_name=gettext_lazy("法定日"), orderable=False)
    amount = tables.Column(
        verbose_name=gettext_lazy("应缴"), orderable=False, attrs={"td": {"class": "ip-r"}, "th": {"class": "ip-r"}}
    )
    responsible = tables.Column(verbose_name=gettext_lazy("负责人"), orderable=False, empty_values=())

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("date", args=[record.number])}

    def __init__(self, rows: Any, **kwargs: Any) -> None:
        super().__init__(rows, **kwargs)
        self.data.order_by = lambda _aliases: None

    def render_title(self, record: Deadline) -> Any:
        words = codes.words(codes.code_of(record.rule_code))
        if record.year:
            words = formats.noted(words, _("第 %(year)s 年") % {"year": record.year})
        url = reverse("date", args=[record.number])
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, words, record.title)

    def render_target_on(self, record: Deadline) -> Any:
        badge = pieces.due(record.target_on) if record.target_on >= today() else pieces.due_of(record)
        return format_html(
            '<span class="ip-nb">{}</span><span class="sub">{}</span>', formats.day(record.target_on), badge
        )

    def render_legal_on(self, record: Deadline) -> Any:
        note = _("推算") if record.overridden_on == record.computed_on else _("写明")
        return format_html(
            '<span class="ip-nb">{}</span><span class="sub">{}</span>', formats.day(record.legal_on), note
        )

    def render_amount(self, record: Deadline) -> str:
        return formats.money(record.amount)

    def render_responsible(self, record: Deadline) -> str:
        return record.responsible.name if record.responsible else _("无")
