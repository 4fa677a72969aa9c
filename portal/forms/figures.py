"""Forms of figures and coordination: targets, counting a month again, tasks, progress, meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import clauses, measures
from portal.formats import year_month
from portal.models import District, FigureMonth, Meeting, RuleStatus

DATE = {"type": "date"}


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), **kwargs)


def text_field(label: Any, length: int, rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class TargetForm(forms.Form):
    """One target: which measure, where, from when to when, how much, and on what it rests."""

    measure = forms.ChoiceField(label=_("指标"))
    district = forms.ModelChoiceField(
        District.objects.all(), label=_("区"), required=False, empty_label=_("全市"), to_field_name="slug"
    )
    starts_on = date_field(_("起始日"), help_text=_("某月 1 日。"))
    ends_on = date_field(_("截止日"), help_text=_("某月最后一天。"))
    value = forms.DecimalField(label=_("目标值"), min_value=0, max_digits=16, decimal_places=2)
    basis = forms.CharField(label=_("依据"), max_length=300, help_text=_("例如计划或文件的名称和文号。"))
    source = forms.CharField(label=_("来源"), max_length=300, help_text=_("在哪里可以查到。"))
    status = forms.ChoiceField(label=_("核实状态"), choices=RuleStatus.choices, initial=RuleStatus.SAMPLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [row for row in measures.everything() if row.better != measures.Better.NEITHER]
        self.fields["measure"].choices = [(row.code, f"{row.title}（{row.unit}）") for row in rows]  # type: ignore[attr-defined]

    def clean_value(self) -> Any:
        if not self.cleaned_data["value"]:
            raise forms.ValidationError(_("目标值要大于 0。"))
        return self.cleaned_data["value"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        starts, ends = found.get("starts_on"), found.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("截止日不能早于起始日。"))
        return found


class ReasonForm(forms.Form):
    """A reason that is kept in the log."""

    reason = text_field(_("理由"), 300, 3, help_text=_("记入操作记录。"))


class RecountForm(ReasonForm):
    """Which closed month is to be counted again, and why."""

    month = forms.ModelChoiceField(
        FigureMonth.objects.filter(closed_at__isnull=False).order_by("-period"),
        label=_("月份"),
        empty_label=_("请选择"),
    )
    field_order = ["month", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].label_from_instance = lambda row: year_month(row.period)  # type: ignore[attr-defined]


def clause_choices() -> list[tuple[str, str]]:
    language = get_language() or ""
    rows = [(key, f"{row.mark(language)} {row.title(language)}") for key, row in clauses.CLAUSES.items()]
    return [("", str(_("请选择"))), *rows]


class TaskForm(forms.Form):
    """What is asked of whom by when."""

    title = forms.CharField(label=_("任务"), max_length=160)
    clause = forms.ChoiceField(label=_("条款"))
    description = text_field(_("要求"), 6000, 6, help_text=_("做什么、交什么、交给谁。"))
    due_on = date_field(_("期限"))
    districts = forms.ModelMultipleChoiceField(
        District.objects.all(), label=_("承办区"), required=False, to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    for_city = forms.BooleanField(label=_("市级也承办"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = clause_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("districts") and not found.get("for_city"):
            self.add_error("districts", _("请至少选择一个承办单位。"))
        return found


class ProgressForm(forms.Form):
    """One line of progress, perhaps the last."""

    text = text_field(_("进展"), 1000, 3)
    uploaded = forms.FileField(
        label=_("佐证材料"), required=False, help_text=_("PDF、图片、DOCX 或 XLSX，不超过 20 MB。")
    )
    is_done = forms.BooleanField(label=_("任务已经完成"), required=False)


class MeetingForm(forms.ModelForm):
    """A meeting: agenda before, minutes after."""

    held_on = date_field(_("日期"))
    agenda = text_field(_("议程"), 6000, 5)
    minutes = text_field(_("纪要"), 20000, 8, required=False, help_text=_("会后填写；议定的事项请另建任务。"))

    class Meta:
        model = Meeting
        fields = ["title", "held_on", "agenda", "minutes"]
