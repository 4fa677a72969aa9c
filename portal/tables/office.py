"""Tables of officials: the queue, calls, questionnaires, experts, recognitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import kinds, pieces, procedures
from portal.columns import RIGHT, MomentColumn, PickColumn
from portal.formats import day, is_english
from portal.models import Application, Call, Recognition, Stage, Status
from portal.procedures import clocks


class KeysetTable(tables.Table):
    """A table over one page of rows that are in order already; `sort` only shows which order that is."""

    def __init__(self, rows: Sequence[Any], *, sort: str = "", **kwargs: Any) -> None:
        super().__init__(rows, **kwargs)
        self.data.order_by = lambda _aliases: None
        self.order_by = (sort,) if sort else ()


class CaseTable(KeysetTable):
    """The queue. Rows carry `waiting_items` and `last_side` (see portal.views.office.queue)."""

    row_header = "organisation"
    caption = _("办件表格")
    is_line = True

    pick = PickColumn(accessor="number")
    clock = tables.Column(verbose_name=_("时限"), empty_values=())
    number = tables.Column(verbose_name=_("编号"), orderable=False)
    organisation = tables.Column(verbose_name=_("企业"), orderable=False)
    call = tables.Column(verbose_name=_("事项"), orderable=False, attrs={"td": {"class": "text-wrap"}})
    status = tables.Column(verbose_name=_("状态"), orderable=False)
    district = tables.Column(verbose_name=_("区"), accessor="office_district", orderable=False)
    officer = tables.Column(verbose_name=_("经办"), empty_values=(), orderable=False)
    change = tables.Column(verbose_name=_("变化"), empty_values=(), orderable=False)
    updated = MomentColumn(verbose_name=_("更新"), accessor="updated_at")

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("case-detail", args=[record.number])}

    def render_clock(self, record: Application) -> Any:
        if record.status == Status.RETURNED:
            return pieces.clock_cell(None, paused=True)
        if record.due_on is None:
            return pieces.clock_cell(None)
        left = procedures.days_left(record.due_on)
        if record.status == Status.PUBLICITY:
            return pieces.clock_cell(left, max(0, record.call.publicity_days - left), record.call.publicity_days)
        limit = clocks.limit(record.call, record.stage) if record.stage else 0
        return pieces.clock_cell(left, max(0, limit - left), limit)

    def render_number(self, record: Application) -> Any:
        url = reverse("case-detail", args=[record.number])
        return format_html('<a class="ip-num" href="{}">{}</a>', url, record.number)

    def render_call(self, record: Application) -> Any:
        return kinds.title_of(record.kind)

    def render_status(self, record: Application) -> Any:
        pill = pieces.status_pill("application", record.status)
        if record.status != Status.IN_REVIEW or not record.stage:
            return pill
        return format_html('{} <span class="ip-xs ip-3">{}</span>', pill, Stage(record.stage).label)

    def render_officer(self, record: Application) -> Any:
        if record.officer is not None:
            return record.officer.name
        return format_html('<span class="ip-3">{}</span>', gettext("未分派"))

    def render_change(self, record: Any) -> Any:
        words = change_words(record)
        return format_html('<span class="ip-new">{}</span>', words) if words else ""


def change_words(record: Any) -> str:
    """Return what is new in a case: just handed in, corrections to judge, or a message from the enterprise."""
    if record.is_new_here:
        return gettext("新转入")
    if record.status == Status.SUBMITTED:
        return gettext("新提交")
    if record.waiting_items and record.status == Status.IN_REVIEW:
        return gettext("补正已回 %(count)s 项") % {"count": record.waiting_items}
    if record.last_side == "applicant":
        return gettext("企业留言")
    return ""


class CallTable(KeysetTable):
    """Calls of all years."""

    row_header = "title"
    caption = _("申报批次")

    title = tables.Column(verbose_name=_("批次"), empty_values=(), orderable=False)
    state = tables.Column(verbose_name=_("状态"), orderable=False)
    window = tables.Column(verbose_name=_("申报时间"), empty_values=(), orderable=False)
    handed_in = tables.Column(verbose_name=_("已提交"), attrs=RIGHT, orderable=False)
    recognised = tables.Column(verbose_name=_("已认定"), attrs=RIGHT, orderable=False)
    quota = tables.Column(verbose_name=_("名额"), attrs=RIGHT, orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("call-editor-detail", args=[record.number])}

    def render_title(self, record: Call) -> Any:
        url = reverse("call-editor-detail", args=[record.number])
        sample = gettext("示例") if record.is_sample else ""
        return format_html(
            '<a href="{}">{}</a><span class="sub"><span class="ip-num">{}</span> {}</span>',
            url, record.title, record.number, sample,
        )  # fmt: skip

    def render_state(self, value: str) -> Any:
        return pieces.status_pill("call", value)

    def render_window(self, record: Call) -> str:
        return f"{day(record.opens_at)} – {day(record.closes_at)}"


class RankingTable(KeysetTable):
    """Scored applications of one call, from the best down."""

    row_header = "organisation"
    caption = _("本批次排名")

    place = tables.Column(verbose_name=_("名次"), attrs=RIGHT, orderable=False)
    score = tables.Column(verbose_name=_("得分"), attrs=RIGHT, orderable=False)
    organisation = tables.Column(verbose_name=_("企业"), orderable=False)
    number = tables.Column(verbose_name=_("编号"), orderable=False)
    district = tables.Column(verbose_name=_("区"), accessor="office_district", orderable=False)
    status = tables.Column(verbose_name=_("状态"), orderable=False)

    class Meta:
        row_attrs = {
            "data-href": lambda record: reverse("case-detail", args=[record.number]),
            "class": lambda record: "ip-rowhl" if record.is_last_place else None,
        }

    def render_organisation(self, record: Any) -> Any:
        line = format_html('<span class="sub">{}</span>', gettext("名额到此为止")) if record.is_last_place else ""
        return format_html("{}{}", record.organisation.name, line)

    def render_number(self, value: str) -> Any:
        return format_html('<a class="ip-num" href="{}">{}</a>', reverse("case-detail", args=[value]), value)

    def render_status(self, value: str, record: Application) -> Any:
        return pieces.status_pill("application", record.status)


class QuestionnaireTable(KeysetTable):
    """Versions of questionnaires."""

    row_header = "title"
    caption = _("问卷版本")

    title = tables.Column(verbose_name=_("问卷"), empty_values=(), orderable=False)
    version = tables.Column(verbose_name=_("版本"), attrs=RIGHT, orderable=False)
    status = tables.Column(verbose_name=_("状态"), orderable=False)
    published_at = tables.Column(verbose_name=_("发布"), orderable=False)

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("questionnaire-detail", args=[record.code, record.version])}

    def render_title(self, record: Any) -> Any:
        url = reverse("questionnaire-detail", args=[record.code, record.version])
        title = record.title_en if is_english() else record.title_zh
        return format_html('<a href="{}">{}</a><span class="sub ip-num">{}</span>', url, title, record.code)

    def render_status(self, record: Any) -> Any:
        return pieces.status_pill("questionnaire", record.status)

    def render_published_at(self, value: Any) -> str:
        return day(value)


class ExpertTable(KeysetTable):
    """The pool of experts."""

    row_header = "user"
    caption = _("专家库")

    user = tables.Column(verbose_name=_("姓名"), orderable=False)
    employer = tables.Column(verbose_name=_("工作单位"), orderable=False)
    fields = tables.Column(verbose_name=_("领域"), orderable=False)
    is_available = tables.Column(verbose_name=_("可受邀"), orderable=False)
    seats = tables.Column(verbose_name=_("在评"), attrs=RIGHT, orderable=False)
    sheets = tables.Column(verbose_name=_("已评"), attrs=RIGHT, orderable=False)

    def render_is_available(self, value: bool) -> Any:
        if value:
            return pieces.pill("good", "check", gettext("可受邀"))
        return pieces.pill("neutral", "player-pause", gettext("暂不受邀"))


class RecognitionTable(KeysetTable):
    """Granted titles and what is due next."""

    row_header = "organisation"
    caption = _("认定与后续检查")
    verbs: frozenset[str] = frozenset()  # names of the routes the reader may use; set by the view

    number = tables.Column(verbose_name=_("证书编号"), orderable=False)
    organisation = tables.Column(verbose_name=_("企业"), orderable=False)
    kind = tables.Column(verbose_name=_("事项"), orderable=False)
    status = tables.Column(verbose_name=_("状态"), orderable=False)
    due = tables.Column(verbose_name=_("下一步"), empty_values=(), orderable=False)
    valid_until = tables.Column(verbose_name=_("有效期至"), orderable=False)
    acts = tables.Column(verbose_name=_("办理"), empty_values=(), orderable=False)

    def render_number(self, value: str) -> Any:
        return format_html('<span class="ip-num">{}</span>', value)

    def render_kind(self, value: str) -> Any:
        return kinds.title_of(value)

    def render_status(self, record: Recognition) -> Any:
        return pieces.status_pill("recognition", record.status)

    def render_due(self, record: Recognition) -> Any:
        if record.status != Recognition.Status.VALID:
            return ""
        if record.midterm_at is None:
            return format_html("{} {}", gettext("中期检查"), pieces.due(record.midterm_due_on))
        return format_html("{} {}", gettext("验收"), pieces.due(record.acceptance_due_on))

    def render_valid_until(self, value: Any) -> str:
        return day(value)

    def render_acts(self, record: Recognition) -> Any:
        links = []
        if record.status == Recognition.Status.VALID:
            links += [("recognition-midterm", gettext("中期检查"))] if record.midterm_at is None else []
            links.append(("recognition-accept", gettext("验收")))
        if record.status in (Recognition.Status.VALID, Recognition.Status.ACCEPTED):
            links.append(("recognition-revoke", gettext("撤销")))
        rows = [
            (reverse(name, args=[record.number]), words, gettext("："), record.organisation.name)
            for name, words in links
            if name in self.verbs
        ]
        return format_html_join(" · ", '<a href="{}">{}<span class="ip-vh">{}{}</span></a>', rows)
