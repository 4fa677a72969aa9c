"""Forms of the alert desk: the editor, the reasons, the approval with its moment, the filters of the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patents.models import RightKind
from portal import formats
from portal.clock import SHANGHAI
from portal.errors import RuleBroken
from portal.formats import labelled
from portal.tiles import DISTRICTS
from services.protection import checking, codes
from services.protection.drafting import COLUMNS, CRITERIA
from services.protection.models import AlertKind, AlertVersion, Join, LawChange, LegalCase, Severity

ALL = ("", _("全部"))
CONFIRM = [(0, _("不要求确认")), *((n, _("%(count)s 个工作日") % {"count": n}) for n in (1, 2, 3, 5, 10))]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LINE_END = "|"


class CodesField(forms.CharField):
    """Codes as people type them, divided by commas or lines; each read by one function, shown as words again."""

    def __init__(self, name: str, read: Callable[[str], Any], **extra: Any) -> None:
        self.name, self.read = name, read
        super().__init__(**{"required": False, "max_length": 3000, **extra})

    def prepare_value(self, value: Any) -> Any:
        return formats.listed(self.shown(one) for one in value) if isinstance(value, list) else value

    def shown(self, value: Any) -> str:
        if self.name == "countries":
            return codes.place(value, "en" if formats.is_english() else "zh")
        return str(value)

    def to_python(self, value: Any) -> Any:
        found, wrong = [], []
        for part in codes.split(value or ""):
            try:
                found.append(self.read(part))
            except codes.Unknown as unknown:
                wrong.append(checking.sentence(self.name, unknown.text))
        if wrong:
            raise forms.ValidationError(wrong)
        return list(dict.fromkeys(found))


class RowsField(forms.CharField):
    """Rows of two or three parts, one per line, divided by a bar: 中文 | English."""

    def __init__(self, parts: tuple[str, ...], **extra: Any) -> None:
        self.parts = parts
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(**{"required": False, "widget": widget, "max_length": 8000, **extra})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f" {LINE_END} ".join(row.get(part) or "" for part in self.parts).rstrip(" |") for row in value)

    def to_python(self, value: Any) -> Any:
        rows = []
        for line in str(value or "").replace("｜", LINE_END).splitlines():
            given = [part.strip() for part in line.split(LINE_END)]
            if any(given):
                rows.append(dict(zip(self.parts, [*given, "", ""], strict=False)))
        return rows


class CriteriaForm(forms.Form):
    """Whom an alert is for. A part of the editor that the live audience reads alone."""

    countries = CodesField(
        "countries", codes.country, label=_("国家或地区"),
        help_text=_("名称或两位代码，用逗号分开，例如：美国、DE、EP。企业在那里有权利、出口、采购或关注，即算符合。"),
    )  # fmt: skip
    ipc = CodesField(
        "ipc", codes.ipc, label=_("专利分类 IPC"),
        help_text=_("可以写到部、大类、小类、大组或小组，例如：G01L 9/*、B81B、G06F 16/90。"),
    )  # fmt: skip
    nice = CodesField("nice", codes.nice, label=_("商标类别"), help_text=_("尼斯分类 1 到 45，用逗号分开。"))
    industries = CodesField(
        "industries", codes.industry, label=_("行业"),
        help_text=_("国民经济行业分类（GB/T 4754）的代码或它的开头，例如：C、39、3983。"),
    )  # fmt: skip
    keywords = CodesField(
        "keywords", str, label=_("关键词"), help_text=_("在权利的名称、摘要和企业产品中查找，用逗号分开。")
    )
    right_kinds = forms.MultipleChoiceField(
        label=_("权利类型"), choices=RightKind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("选了类型，分类和关键词只看这些类型的权利；只选类型则有这类权利即符合。"),
    )  # fmt: skip
    join = forms.ChoiceField(label=_("领域和市场之间"), choices=Join.choices, widget=forms.RadioSelect)
    needs_market = forms.BooleanField(label=_("企业资料登记了所选出口市场"), required=False)
    verified_only = forms.BooleanField(label=_("只发给已核实企业"), required=False)
    districts = forms.MultipleChoiceField(
        label=_("只发给这些区"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(place.code, place.short) for place in DISTRICTS], help_text=_("都不选即全市。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["join"].required = False

    def clean_join(self) -> str:
        return self.cleaned_data["join"] or Join.BOTH.value

    def version(self) -> AlertVersion:
        """Return an unsaved version with what is asked; fields that are wrong ask nothing."""
        self.is_valid()
        return AlertVersion(**{name: self.cleaned_data[name] for name in CRITERIA if name in self.cleaned_data})


class AlertForm(CriteriaForm):
    """The whole editor. Only the title is needed to save; the review asks for the rest."""

    kind = forms.ChoiceField(label=_("类别"), choices=AlertKind.choices)
    title = forms.CharField(
        label=_("标题"), max_length=80, help_text=_("写清谁、在哪里、对什么做了什么，不超过 40 字。")
    )
    title_en = forms.CharField(label=_("英文标题"), max_length=160, required=False)
    severity = forms.TypedChoiceField(label=_("级别"), choices=Severity.choices, coerce=int)
    confirm_days = forms.TypedChoiceField(label=_("确认期限"), choices=CONFIRM, coerce=int, help_text="")
    summary = forms.CharField(
        label=_("要点"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("企业先读到的几句话：发生了什么、影响谁、请在什么时候前做什么。"),
    )  # fmt: skip
    summary_en = forms.CharField(
        label=_("英文要点"), max_length=900, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    body = forms.CharField(
        label=_("正文"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("可以用 Markdown 写标题、列表、表格和链接；不显示图片和 HTML。"),
    )  # fmt: skip
    body_en = forms.CharField(
        label=_("英文正文"), max_length=30_000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    checklist = RowsField(
        ("zh", "en"),
        label=_("建议做的事"),
        help_text=_("每行一件，中英文用竖线分开：核对在美产品 | Check your US products"),
    )
    sources = RowsField(
        ("name", "on", "url"), label=_("来源"), widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("公开文件的名称、日期和网址，每行一份，用竖线分开：调查公告 | 2026-11-17 | https://…"),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("有效期自"), widget=DAY, required=False, help_text=_("留空即自发布之日。"))
    valid_to = forms.DateField(label=_("有效期至"), widget=DAY, required=False, help_text=_("留空即长期有效。"))
    laws = forms.ModelMultipleChoiceField(
        label=_("相关法律变化"),
        queryset=LawChange.objects.none(),
        required=False,
        to_field_name="number",
        widget=forms.CheckboxSelectMultiple,
    )
    cases = forms.ModelMultipleChoiceField(
        label=_("相关案例"),
        queryset=LegalCase.objects.none(),
        required=False,
        to_field_name="number",
        widget=forms.CheckboxSelectMultiple,
    )
    change_note = forms.CharField(
        label=_("更正说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只给收到过上一版的企业看：改了什么、为什么。"),
    )  # fmt: skip
    change_note_en = forms.CharField(
        label=_("更正说明（英文）"), max_length=800, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, version: AlertVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        laws: Any = self.fields["laws"]
        cases: Any = self.fields["cases"]
        laws.queryset = LawChange.objects.select_related("country").order_by("-in_force_on", "-id")
        cases.queryset = LegalCase.objects.order_by("-id")
        if version is None or version.edition == 1:
            del self.fields["change_note"], self.fields["change_note_en"]

    def clean_sources(self) -> list[dict[str, Any]]:
        rows = self.cleaned_data["sources"]
        for row in rows:
            if row["url"]:
                try:
                    checking.require_address(row["url"])
                except RuleBroken as broken:
                    raise forms.ValidationError(str(broken.sentence)) from broken
            if row["on"]:
                row["on"] = _iso(row["on"])
        return list(rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("有效期的截止日不能早于开始日。"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the columns and links for the action."""
        names = (*COLUMNS, "laws", "cases")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def _iso(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise forms.ValidationError(_("来源的日期“%(text)s”请写成 2026-11-17。") % {"text": text}) from error


def initial_of(version: AlertVersion) -> dict[str, Any]:
    """Return a version's columns for the editor."""
    found = {name: getattr(version, name) for name in COLUMNS}
    found["laws"] = [law.number for law in version.laws.all()]
    found["cases"] = [case.number for case in version.cases.all()]
    return found


class ReasonForm(forms.Form):
    """Why something is sent back or dropped."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(forms.Form):
    """Why an alert is withdrawn, for everybody to read."""

    reason = forms.CharField(label=_("撤回理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    reason_en = forms.CharField(label=_("撤回理由（英文）"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ApproveForm(forms.Form):
    """Now or at a moment, and that the audience was looked at."""

    seen = forms.BooleanField(
        label=_("我已核对文字和受众"),
        error_messages={"required": _("请先核对文字和受众，再勾选“我已核对文字和受众”。")},
    )
    publish_on = forms.DateField(label=_("定时发布日期"), widget=DAY, required=False, help_text=_("留空即现在发布。"))
    publish_time = forms.TimeField(
        label=_("时间"), required=False, initial=dt.time(8, 30),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip

    def moment(self) -> dt.datetime | None:
        """Return when to publish; None for now."""
        day, time = self.cleaned_data["publish_on"], self.cleaned_data["publish_time"]
        return dt.datetime.combine(day, time or dt.time(8, 30), tzinfo=SHANGHAI) if day else None


class AttachForm(forms.Form):
    """One file for an alert."""

    file = forms.FileField(
        label=_("附件"), help_text=_("PDF、JPG、PNG、DOCX 或 XLSX，最大 20 MB。发布后任何人都可以下载。"),
        error_messages={"required": _("请选择文件。")},
    )  # fmt: skip


class DeskFilterForm(forms.Form):
    """Filters of the desk's list, besides the stages that are its tabs."""

    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[ALL, *AlertKind.choices])
    severity = forms.ChoiceField(label=_("级别"), required=False, choices=[ALL, *Severity.choices])
    district = forms.ChoiceField(
        label=_("提出的区"), required=False, choices=[ALL, *((place.code, place.short) for place in DISTRICTS)]
    )
    q = forms.CharField(label=_("编号或标题"), required=False, max_length=80)

    def chosen(self) -> dict[str, str]:
        """Return what is asked for, without what is wrong."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def chips(self) -> list[tuple[str, str]]:
        """Return what is chosen as (name, words)."""
        found = []
        for name, value in self.chosen().items():
            field: Any = self.fields[name]
            words = {str(key): label for key, label in getattr(field, "choices", ())}.get(value, value)
            found.append((name, labelled(field.label or "", words)))
        return found
