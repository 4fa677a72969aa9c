"""Tables of rights: the enterprise's own, and the short one of officials."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patents.models import Right, RightKind
from portal import countries, pieces
from portal.columns import RIGHT, DayColumn, PickColumn
from portal.formats import day, listed, money
from portal.tables.office import KeysetTable

CHOOSABLE = {
    "kind": _("类型"),
    "status": _("状态"),
    "due": _("下一期限"),
    "amount": _("金额"),
    "responsible": _("负责人"),
    "grade": _("分级"),
    "filed_on": _("申请日"),
    "granted_on": _("授权或注册日"),
    "expires_on": _("届满日"),
    "main_ipc": _("分类"),
    "owners": _("权利人"),
    "inventors": _("发明人"),
    "agent": _("代理机构"),
    "flags": _("权利负担"),
}
SPARE = {"td": {"class": "is-spare"}, "th": {"class": "is-spare"}}  # left out where the box is not wide
DEFAULT = ("kind", "status", "due", "amount", "responsible", "grade")


def number_of(right: Right) -> str:
    """Return the number by which people call a right."""
    return (
        right.application_number or right.registration_number or right.publication_number or right.international_number
    )


class RightTable(KeysetTable):
    """Rights of one enterprise. Rows carry `nearest` (see patents.nearest)."""

    row_header = "title"
    caption = _("知识产权台账")

    pick = PickColumn(accessor="number")
    title = tables.Column(verbose_name=_("名称和号码"), orderable=False, attrs={"th": {"class": "text-wrap"}})
    kind = tables.Column(verbose_name=CHOOSABLE["kind"], orderable=False)
    status = tables.Column(verbose_name=CHOOSABLE["status"], orderable=False)
    due = tables.Column(verbose_name=CHOOSABLE["due"], accessor="nearest__on", orderable=False)
    amount = tables.Column(verbose_name=CHOOSABLE["amount"], accessor="nearest__amount", attrs=RIGHT, orderable=False)
    responsible = tables.Column(verbose_name=CHOOSABLE["responsible"], empty_values=(), orderable=False)
    grade = tables.Column(verbose_name=CHOOSABLE["grade"], orderable=False)
    filed_on = DayColumn(verbose_name=CHOOSABLE["filed_on"])
    granted_on = DayColumn(verbose_name=CHOOSABLE["granted_on"])
    expires_on = DayColumn(verbose_name=CHOOSABLE["expires_on"], empty_values=())
    main_ipc = tables.Column(verbose_name=CHOOSABLE["main_ipc"], empty_values=(), orderable=False)
    owners = tables.Column(verbose_name=CHOOSABLE["owners"], orderable=False)
    inventors = tables.Column(verbose_name=CHOOSABLE["inventors"], orderable=False)
    agent = tables.Column(verbose_name=CHOOSABLE["agent"], orderable=False)
    flags = tables.Column(verbose_name=CHOOSABLE["flags"], orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("right", args=[record.number])}

    def render_title(self, record: Right) -> Any:
        marks = pieces.icon("star", _("高价值发明")) if record.is_high_value else ""
        lock = pieces.icon("lock", record.get_secrecy_display()) if record.secrecy != "open" else ""
        return format_html(
            '<a href="{}">{}</a> {}{}<span class="sub ip-num">{}</span>',
            reverse("right", args=[record.number]), record.title, marks, lock, number_of(record) or "—",
        )  # fmt: skip

    def render_kind(self, record: Right) -> Any:
        where = (
            format_html('<span class="sub">{}</span>', countries.name(record.country)) if record.country != "CN" else ""
        )
        return format_html("{}{}", RightKind(record.kind).label, where)

    def render_status(self, value: str, record: Right) -> Any:
        return pieces.status_pill("right", record.state)

    def render_expires_on(self, record: Right) -> Any:
        if record.expires_on is not None or record.ends_on is None:
            return day(record.expires_on)
        words = gettext("推算")
        return format_html('<span class="ip-nb">{}</span><span class="sub">{}</span>', day(record.ends_on), words)

    def render_due(self, value: Any) -> Any:
        return pieces.due(value)

    def render_amount(self, value: Any) -> str:
        return money(value)

    def render_responsible(self, record: Right) -> Any:
        if record.responsible is not None:
            return record.responsible.name
        return format_html('<span class="ip-3">{}</span>', gettext("未指定"))

    def render_grade(self, value: str) -> Any:
        return format_html('<span class="ip-tag">{}</span>', value)

    def render_main_ipc(self, record: Right) -> Any:
        return format_html('<span class="ip-num">{}</span>', record.main_ipc or listed(record.classes[:6]) or "—")

    def render_owners(self, value: list[str]) -> str:
        return listed(value)

    def render_inventors(self, value: list[str]) -> str:
        return listed(value)

    def render_flags(self, value: list[str]) -> Any:
        return format_html_join(" ", "{}", ((pieces.status_pill("flag", flag),) for flag in value))


class AreaRightTable(RightTable):
    """Open rights of a district or the city, for officials: who has what, no money, no people."""

    caption = _("辖区知识产权")
    is_line = True
    title = tables.Column(verbose_name=_("名称和号码"), orderable=False, attrs={"td": {"class": "ip-wide"}})
    organisation = tables.Column(
        verbose_name=_("企业"),
        accessor="organisation__name",
        orderable=False,
        attrs={"td": {"class": "ip-wrap is-mid"}},
    )
    kind = tables.Column(verbose_name=CHOOSABLE["kind"], orderable=False, attrs={"td": {"class": "ip-wrap"}})
    granted_on = DayColumn(verbose_name=CHOOSABLE["granted_on"], attrs=SPARE)
    main_ipc = tables.Column(verbose_name=CHOOSABLE["main_ipc"], empty_values=(), orderable=False, attrs=SPARE)

    class Meta:
        sequence = ("title", "organisation", "kind", "status", "filed_on", "...")
        exclude = (
            "pick", "due", "amount", "responsible", "grade", "inventors", "agent", "flags", "owners",
        )  # fmt: skip
        row_attrs = {"data-href": lambda record: reverse("right", args=[record.number])}
