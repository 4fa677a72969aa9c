"""The table of the forecast: one line per right, with what it costs and what giving it up would save."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patents.forecast import Drops, Forecast, Gap
from patents.models import Right
from portal import formats
from portal.columns import RIGHT, PickColumn
from portal.tables.office import KeysetTable


def right_link(record: Right) -> Any:
    """Return the title as a link, with number and kind under it."""
    known = record.application_number or record.registration_number or record.number
    return format_html(
        '<a href="{}">{}</a><span class="sub"><span class="ip-num">{}</span> {}</span>',
        reverse("right", args=[record.number]), record.title, known, record.get_kind_display(),
    )  # fmt: skip


class ForecastTable(KeysetTable):
    """One page of rights; `found` and `drops` are those of the whole portfolio."""

    row_header = "title"
    caption = _("逐件费用")

    pick = PickColumn(accessor="number")
    title = tables.Column(verbose_name=_("权利"), orderable=False)
    grade = tables.Column(verbose_name=_("分级"), empty_values=(), orderable=False)
    next_due = tables.Column(verbose_name=_("下一笔"), empty_values=(), orderable=False)
    term = tables.Column(verbose_name=_("到期末"), empty_values=(), attrs=RIGHT, orderable=False)
    decision = tables.Column(verbose_name=_("本方案"), empty_values=(), orderable=False)
    saving = tables.Column(verbose_name=_("可省"), empty_values=(), attrs=RIGHT, orderable=False)

    def __init__(self, rows: Any, *, found: Forecast, drops: Drops, **kwargs: Any) -> None:
        super().__init__(rows, **kwargs)
        self.found, self.drops = found, drops

    def render_title(self, record: Right) -> Any:
        return right_link(record)

    def render_grade(self, record: Right) -> str:
        return record.grade or formats.NOTHING

    def render_next_due(self, record: Right) -> Any:
        gap = self.found.gaps.get(record.number)
        if gap is not None:
            return {
                Gap.NOT_STATED: gettext("未录入"),
                Gap.NOT_GRANTED: gettext("尚未授权"),
                Gap.INCOMPLETE: gettext("日期不全"),
            }[gap]
        costs = self.found.costs.get(record.number, ())
        if not costs:
            return formats.NOTHING
        first = costs[0]
        when = gettext("%(year)s年%(month)s月") % {"year": first.year, "month": first.month}
        return format_html('{} <span class="ip-num">{}</span>', when, formats.money(first.amount))

    def render_term(self, record: Right) -> str:
        return formats.money(self.found.to_term(record.number))

    def render_decision(self, record: Right) -> str:
        year = self.drops.get(record.number)
        return gettext("%(year)s 年起放弃") % {"year": year} if year else gettext("保留")

    def render_saving(self, record: Right) -> str:
        """What the scenario saves; for a right that is kept, what giving it up from next year on would."""
        if record.number in self.found.gaps:
            return formats.NOTHING
        year = self.drops.get(record.number, self.found.as_of.year + 1)
        saved: Decimal = self.found.saved(record.number, year)
        return formats.money(saved)
