"""Forms of the public calculators."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises import industries, size_law
from enterprises.industries import UnknownIndustry
from enterprises.sizes import Industry, Measure
from patents import annuities, tool_answers
from patents.annuities import AnnuityLaw, Patent
from patents.numbers import Kind
from portal import formats
from portal.forms.public import read_date

REQUIRED_DAY = {"required": gettext_lazy("请填写日期。")}
CODE_EXAMPLE = gettext_lazy("例如 C26、6510。填写后以代码为准。")


class NumberForm(forms.Form):
    """A Chinese application or patent number to be checked."""

    use_required_attribute = False
    number = forms.CharField(
        label=gettext_lazy("申请号或专利号"),
        help_text=gettext_lazy("可以直接粘贴，带 ZL、空格或全角都行。"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填写号码。")},
    )

    def clean_number(self) -> str:
        """Return the text as it was pasted; a wrong number is explained."""
        verdict, problems = tool_answers.application_number(self.cleaned_data["number"])
        if not verdict.valid:
            raise ValidationError([problem.message for problem in problems[:1]])
        return self.cleaned_data["number"]


class DayField(forms.CharField):
    """A date in any of the usual spellings; None where it is left empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value)
        return read_date(text) if text else None


class AnnuityForm(forms.Form):
    """The facts of a patent. `law`: what it is checked against."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("专利类型"),
        choices=[
            (Kind.INVENTION.value, gettext_lazy("发明专利")),
            (Kind.UTILITY_MODEL.value, gettext_lazy("实用新型专利")),
            (Kind.DESIGN.value, gettext_lazy("外观设计专利")),
        ],
        error_messages={"invalid_choice": gettext_lazy("请从列出的类型中选择。")},
    )
    filed_on = DayField(
        label=gettext_lazy("申请日"),
        help_text=gettext_lazy("不是优先权日；PCT 申请填国际申请日，分案填母案申请日。例如 2020-03-10。"),
        error_messages=REQUIRED_DAY,
    )
    granted_on = DayField(label=gettext_lazy("授权公告日"), error_messages=REQUIRED_DAY)
    reduction = forms.ChoiceField(
        label=gettext_lazy("费减"),
        help_text=gettext_lazy("以费用减缴审批通知书为准。"),
        choices=[
            ("0", gettext_lazy("不减缴")),
            ("0.70", gettext_lazy("减缴 70%（两个以上共同申请人）")),
            ("0.85", gettext_lazy("减缴 85%（一个申请人）")),
        ],
        required=False,
        initial="0",
        error_messages={"invalid_choice": gettext_lazy("请从列出的比例中选择。")},
    )
    open_licence_from = DayField(label=gettext_lazy("开放许可自"), required=False)
    open_licence_to = DayField(label=gettext_lazy("开放许可至"), required=False)
    as_of = DayField(
        label=gettext_lazy("假定缴费日"),
        help_text=gettext_lazy("填写后列出该日仍未缴的话各年应缴多少。"),
        required=False,
    )

    def __init__(self, *args: Any, law: AnnuityLaw, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.law = law

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors:
            return given
        patent = Patent(
            Kind(given["kind"]),
            given["filed_on"],
            given["granted_on"],
            Decimal(given["reduction"] or 0),
            given["open_licence_from"],
            given["open_licence_to"],
        )
        try:
            annuities.check(patent, self.law)
        except annuities.Impossible as error:
            self.add_error(error.field, tool_answers.impossible(error))
        return {**given, "patent": patent}


class FigureField(forms.DecimalField):
    """A figure as people write it: full width, blanks and grouping commas are taken out."""

    default_error_messages = {
        "invalid": gettext_lazy("请填写数字。"),
        "min_value": gettext_lazy("不能小于 0。"),
    }

    def __init__(self, *, places: int = 4, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        options = {"max_digits": 16, "decimal_places": places, "min_value": 0, "widget": widget, **options}
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        return super().to_python(text)


def _industries() -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = [("", gettext_lazy("请选择"))]
    for industry in Industry:
        codes = formats.listed(industries.classes_of(industry))
        found.append((industry.value, formats.noted(size_law.INDUSTRIES[industry], codes)))
    return found


class SizeForm(forms.Form):
    """What an enterprise says of itself; the industry by name, or more exactly by its class."""

    use_required_attribute = False
    industry = forms.ChoiceField(
        label=gettext_lazy("行业"),
        help_text=gettext_lazy("括号内是 GB/T 4754-2017 的大类或中类代码。"),
        choices=_industries,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("请从列出的行业中选择。")},
    )
    code = forms.CharField(label=gettext_lazy("或行业代码"), help_text=CODE_EXAMPLE, max_length=20, required=False)
    staff = FigureField(places=0, label=gettext_lazy("从业人员（人）"))
    revenue = FigureField(label=gettext_lazy("上年营业收入（万元）"))
    assets = FigureField(label=gettext_lazy("资产总额（万元）"), help_text=gettext_lazy("只有部分行业需要。"))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        text = given.get("code") or given.get("industry")
        if not text:
            if "industry" not in self.errors:
                self.add_error("industry", _("请选择行业，或填写代码。"))
            return given
        try:
            industry = industries.industry_of(text)
        except UnknownIndustry as error:
            self.add_error("code", tool_answers.unknown_industry(error))
            return given
        wanted = size_law.bounds(industry).measures
        for measure in wanted:
            if given.get(measure) is None and measure not in self.errors:
                self.add_error(measure, _("这个行业要看这一项，请填写。"))
        values: dict[Measure, Any] = {measure: given.get(measure) for measure in wanted}
        return {**given, "found": industry, "values": values, "is_unnamed": industries.is_unnamed(text)}
