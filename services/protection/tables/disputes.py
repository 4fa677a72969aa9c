"""Tables of disputes abroad: an enterprise's own, and the desk's requests for help."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import formats, pieces
from portal.tables.office import KeysetTable
from services.protection.disputes import dates
from services.protection.models import DisputeAid, OverseasDispute

WRAP = {"td": {"class": "text-wrap"}}


class DisputeTable(KeysetTable):
    """Disputes that name the reader, the newest first. Rows carry `next_date`, a Deadline or None."""

    row_header = "title"
    caption = gettext_lazy("海外纠纷")

    title = tables.Column(verbose_name=gettext_lazy("纠纷"), orderable=False, empty_values=(), attrs=WRAP)
    forum = tables.Column(verbose_name=gettext_lazy("在哪里"), orderable=False, empty_values=(), attrs=WRAP)
    status = tables.Column(verbose_name=gettext_lazy("状态"), orderable=False)
    next_on = tables.Column(verbose_name=gettext_lazy("最近的期限"), orderable=False, empty_values=(), attrs=WRAP)
    served_on = tables.Column(verbose_name=gettext_lazy("送达或知悉"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("dispute", args=[record.number])}

    def render_title(self, record: OverseasDispute) -> Any:
        url = reverse("dispute", args=[record.number])
        words = formats.strung(filter(None, [record.opponent, record.docket]))
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, record.title, words)

    def render_forum(self, record: OverseasDispute) -> Any:
        return format_html('{}<span class="sub">{}</span>', record.country, record.get_forum_display())

    def render_status(self, record: OverseasDispute) -> Any:
        return pieces.status_pill("dispute", record.status)

    def render_next_on(self, record: Any) -> Any:
        row = record.next_date
        if row is None:
            return "—"
        words = dates.words(row.rule_code)
        mark = _("待核实") if dates.is_unconfirmed(row) else ""
        return format_html(
            '{}<span class="sub">{}</span>', pieces.due(row.target_on), formats.strung(filter(None, [words, mark]))
        )

    def render_served_on(self, record: OverseasDispute) -> str:
        return formats.day(record.served_on)


class AidTable(KeysetTable):
    """Requests for help, who waits longest first."""

    row_header = "organisation"
    caption = gettext_lazy("海外纠纷援助申请")
    is_line = True

    organisation = tables.Column(
        verbose_name=gettext_lazy("企业"), accessor="dispute__organisation", orderable=False, attrs=WRAP
    )
    where = tables.Column(verbose_name=gettext_lazy("在哪里"), orderable=False, empty_values=(), attrs=WRAP)
    state = tables.Column(verbose_name=gettext_lazy("进度"), orderable=False)
    officer = tables.Column(verbose_name=gettext_lazy("经办"), orderable=False, empty_values=())
    expert = tables.Column(verbose_name=gettext_lazy("专家"), orderable=False, empty_values=())
    asked_at = tables.Column(verbose_name=gettext_lazy("申请时间"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("dispute-aid", args=[record.number])}

    def render_organisation(self, record: DisputeAid) -> Any:
        url = reverse("dispute-aid", args=[record.number])
        return format_html('<a href="{}">{}</a>', url, record.dispute.organisation.name)

    def render_where(self, record: DisputeAid) -> str:
        return formats.strung([record.dispute.country, record.dispute.get_forum_display()])

    def render_state(self, record: DisputeAid) -> Any:
        return pieces.status_pill("aid", record.state)

    def render_officer(self, record: DisputeAid) -> str:
        return record.officer.name if record.officer else _("未受理")

    def render_expert(self, record: DisputeAid) -> str:
        return record.expert.name if record.expert else "—"

    def render_asked_at(self, record: DisputeAid) -> str:
        return formats.day(record.asked_at)
