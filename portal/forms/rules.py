"""Forms of the rules' administration: one dated row, and one year's notice of days off."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import formats, holiday_notices
from portal.models import HolidayYear, Rule
from portal.rule_changes import Proposal
from portal.rules import YearTable

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FIRST_YEAR, LAST_YEAR = 1985, 2100
FAULTS = {
    "unreadable": gettext_lazy("第 %(line)s 行读不懂：写成“节名：日期放假。日期上班。”"),
    "no_such_day": gettext_lazy("第 %(line)s 行有不存在的日期。"),
    "too_long": gettext_lazy("第 %(line)s 行的假期首尾颠倒或者超过十五天。"),
    "weekday_makeup": gettext_lazy("第 %(line)s 行的上班日不是周末。"),
    "twice": gettext_lazy("第 %(line)s 行的日期前面已经写过。"),
}


class ReasonMixin(forms.Form):
    """Why, and the state of what the person saw."""

    reason = forms.CharField(
        label=gettext_lazy("修改理由"),
        help_text=gettext_lazy("写入操作记录。"),
        max_length=300,
        error_messages={"required": gettext_lazy("请写明理由。")},
    )
    expects = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)


class RuleForm(ReasonMixin, forms.ModelForm):
    """One dated row. A change of law is a new row from its first day on; an edit mends a row that is wrong."""

    use_required_attribute = False
    value = forms.CharField(
        label=gettext_lazy("数值"),
        help_text=gettext_lazy("数字直接写；是或否写 true、false；列表和对照表按 JSON 写。"),
        max_length=4000,
        error_messages={"required": gettext_lazy("请填写数值。")},
    )

    class Meta:
        model = Rule
        fields = (
            *("code", "effective_from", "effective_to", "name", "name_en", "value", "unit"),
            *("basis", "source", "note", "status", "verified_on"),
        )
        widgets = {"effective_from": DATE, "effective_to": DATE, "verified_on": DATE}

    field_order = [*Meta.fields, "reason", "expects"]

    def clean_value(self) -> Any:
        """Return the value as data."""
        text = self.cleaned_data["value"].strip()
        try:
            value = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise ValidationError(_("数值读不懂。数字直接写，文字要加英文双引号。")) from None
        if value is None:
            raise ValidationError(_("数值不能为空。"))
        return value

    def _post_clean(self) -> None:
        """A row of the same code and day is no fault: the action tells by `expects` whether replacing it is meant."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("effective_from"), cleaned.get("effective_to")
        if first and last and last < first:
            self.add_error("effective_to", _("失效日不能早于生效日。"))
        if cleaned.get("status") == "verified" and not cleaned.get("verified_on"):
            self.add_error("verified_on", _("已核实原文的，请填写核实日。"))
        return cleaned

    def proposed(self) -> Rule:
        """Return the unsaved row."""
        return Rule(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def proposal(self) -> Proposal:
        return Proposal(rows=(self.proposed(),))


class YearForm(ReasonMixin):
    """A year's notice, pasted or typed."""

    use_required_attribute = False
    year = forms.IntegerField(
        label=gettext_lazy("年份"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"required": gettext_lazy("请填写年份。"), "invalid": gettext_lazy("年份写成四位数字。")},
    )
    notice = forms.CharField(
        label=gettext_lazy("放假和调休"),
        help_text=gettext_lazy("可以粘贴通知中逐项的文字，一行一个节日，例如“元旦：1月1日至3日放假。1月4日上班。”"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": gettext_lazy("请填写放假和调休。")},
    )
    source = forms.CharField(
        label=gettext_lazy("来源"),
        help_text=gettext_lazy("通知的文号和日期。"),
        max_length=300,
        error_messages={"required": gettext_lazy("请填写来源。")},
    )
    is_official = forms.BooleanField(
        label=gettext_lazy("国务院办公厅的正式通知"),
        help_text=gettext_lazy("不勾选的年份仍标为暂定。"),
        required=False,
    )
    field_order = ["year", "notice", "source", "is_official", "reason", "expects"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "year" in cleaned and "notice" in cleaned:
            self._read(cleaned["notice"], cleaned["year"])
        return cleaned

    def _read(self, text: str, year: int) -> None:
        """Keep the days that were read, or say which lines could not be."""
        found = holiday_notices.read(text, year)
        for line, fault in found.faults:
            self.add_error("notice", FAULTS[fault] % {"line": line})
        if both := sorted(found.off.keys() & found.makeup.keys()):
            self.add_error("notice", _("既放假又上班：%(days)s。") % {"days": formats.listed(map(formats.day, both))})
        if strange := [day for day in (*found.off, *found.makeup) if not _belongs(day, year)]:
            self.add_error(
                "notice", _("不属于这一年：%(days)s。") % {"days": formats.listed(map(formats.day, strange))}
            )
        if not found.off and not found.faults:
            self.add_error("notice", _("没有读到放假的日期。"))
        self.found = found

    def table(self) -> YearTable:
        """Return the year's table."""
        given = self.cleaned_data
        return YearTable(given["year"], self.found.off, self.found.makeup, given["source"], given["is_official"])

    def proposal(self) -> Proposal:
        return Proposal(years=(self.table(),))


def _refuse(word: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(word)


def _belongs(day: dt.date, year: int) -> bool:
    """A notice names days of its year, and the last of December before."""
    return day.year == year or (day.year == year - 1 and day.month == 12)


def notice_of(year: HolidayYear) -> str:
    """Return a year's days as lines of the form."""
    days = list(year.days.values_list("day", "kind", "name"))
    off = {day: name for day, kind, name in days if kind == "off"}
    return holiday_notices.write(off, {day: name for day, kind, name in days if kind == "makeup"})
