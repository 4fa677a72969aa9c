"""Forms that need no account: objections, and the three calculators."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import questionnaires, uscc

MOST_DAYS = 2000


class ObjectionForm(forms.Form):
    """A signed objection. `website` is a trap: people do not see it, robots fill it in."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("姓名或单位名称"),
        help_text=gettext_lazy("异议须实名，只有办理人员看得到。"),
        max_length=120,
        error_messages={"required": gettext_lazy("请填写姓名或单位名称。")},
    )
    contact = forms.CharField(
        label=gettext_lazy("联系方式"),
        help_text=gettext_lazy("电话或电子邮箱，用于核实和答复。"),
        max_length=200,
        error_messages={"required": gettext_lazy("请填写联系方式。")},
    )
    text = forms.CharField(
        label=gettext_lazy("异议内容"),
        help_text=gettext_lazy("写明哪一点不属实或不符合条件，有什么依据。"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("请写明异议内容。")},
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    @property
    def is_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data.get("website"))


def read_date(raw: str) -> dt.date:
    """Return a date in any of the spellings a questionnaire takes; raises ValidationError."""
    try:
        return dt.date.fromisoformat(questionnaires.clean({"type": "date"}, raw) or "")
    except questionnaires.AnswerError as error:
        raise ValidationError(str(error.sentence)) from None


class CreditCodeForm(forms.Form):
    """A unified social credit code to be checked."""

    use_required_attribute = False
    code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        help_text=gettext_lazy("可以直接粘贴，小写、空格、全角都行。"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填写信用代码。")},
    )

    def clean_code(self) -> str:
        raw = self.cleaned_data["code"]
        try:
            return uscc.validate(raw)
        except uscc.InvalidCode as invalid:
            raise ValidationError(_code_fault(invalid)) from None


def _code_fault(invalid: uscc.InvalidCode) -> str:
    if isinstance(invalid, uscc.WrongLength):
        return _("信用代码为 18 位，现在是 %(count)s 位。") % {"count": invalid.length}
    if isinstance(invalid, uscc.WrongCharacter):
        values = {"place": invalid.position, "sign": invalid.character}
        return _("第 %(place)s 位是“%(sign)s”，这一位不会是它。信用代码不使用字母 I、O、S、V、Z。") % values
    return _("校验位不符：请对照营业执照逐位核对，常见原因是 0 与 O、1 与 I 混淆。")


class WorkdayForm(forms.Form):
    """A day and a number of working days after it."""

    use_required_attribute = False
    start = forms.CharField(
        label=gettext_lazy("起算日"),
        help_text=gettext_lazy("事情发生的那一天，当日不计。例如 2026-09-28。"),
        max_length=20,
        error_messages={"required": gettext_lazy("请填写起算日。")},
    )
    days = forms.IntegerField(
        label=gettext_lazy("工作日数"),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填写工作日数。"), "invalid": gettext_lazy("请填写整数，例如 15。")},
    )

    def clean_start(self) -> dt.date:
        day = read_date(self.cleaned_data["start"])
        if not 2004 <= day.year <= 2100:
            raise ValidationError(_("请填写 2004 年以后的日期。"))
        return day
