"""What the calculators take and give. Input is taken as people paste it: full width, blanks, several spellings."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError as PageError
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from enterprises import industries, size_law
from enterprises.sizes import Industry, Measure, Size
from patents import annuities, tool_answers
from patents.annuities import Patent, ReducedBy
from patents.numbers import Kind, Route
from portal.forms.public import read_date

LONGEST_TEXT = 200
REDUCTIONS = ("0", "0.70", "0.85")
REQUIRED = gettext_lazy("此项必填。")
FIGURE_NAMES = {Measure.STAFF: "staff", Measure.REVENUE: "revenue_wan", Measure.ASSETS: "assets_wan"}


def fold(value: str) -> str:
    """Return a text half width and without blanks around it."""
    return unicodedata.normalize("NFKC", value).strip()


class Words(serializers.CharField):
    """A text somebody pasted."""

    default_error_messages = {
        "required": REQUIRED,
        "blank": REQUIRED,
        "null": REQUIRED,
        "invalid": gettext_lazy("请填写文字。"),
        "max_length": gettext_lazy("太长，最多 {max_length} 个字符。"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, **options)


class Day(serializers.DateField):
    """A date: 2026-03-10, and the spellings that the pages take as well."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": gettext_lazy("日期格式不对，请写成 2026-03-10。"),
    }

    def to_internal_value(self, value: Any) -> dt.date:
        if not isinstance(value, str) or not value.isprintable():
            self.fail("invalid")
        try:
            return read_date(fold(value))
        except (PageError, ValueError):
            self.fail("invalid")


class OptionalDay(Day):
    """A date that may be left out, null or empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_null=True, default=None, **options)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        is_blank = isinstance(data, str) and not fold(data)
        return super().validate_empty_values(None if is_blank else data)


class Choice(serializers.ChoiceField):
    """One of a few words."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid_choice": gettext_lazy("只能是：{known}。"),
    }

    def to_internal_value(self, data: Any) -> str:
        key = self.read(data)
        if key not in self.choices:
            self.fail("invalid_choice", known=", ".join(map(str, self.choices)))
        return key

    def read(self, data: Any) -> str:
        """Return the choice that was meant."""
        return fold(data).lower() if isinstance(data, str) else ""


class Share(Choice):
    """A reduced share; 0.7, "0.70" and 0.70 are the same one."""

    def read(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            return ""
        try:
            meant = Decimal(fold(str(data)))
        except InvalidOperation:
            return ""
        return next((share for share in REDUCTIONS if meant == Decimal(share)), "")


class Figure(serializers.DecimalField):
    """A figure that is not negative, as people write it: blanks and grouping commas are taken out."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": gettext_lazy("请填写数字。"),
        "min_value": gettext_lazy("不能小于 0。"),
        "max_digits": gettext_lazy("数字太长，请核对。"),
        "max_whole_digits": gettext_lazy("数字太大，请核对。"),
        "max_decimal_places": gettext_lazy("小数最多 {max_decimal_places} 位。"),
    }

    def __init__(self, places: int = 4, **options: Any) -> None:
        super().__init__(max_digits=16, decimal_places=places, min_value=Decimal(0), **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, str):
            data = fold(data).replace(",", "").replace(" ", "")
        if isinstance(data, bool) or (isinstance(data, float) and places_only(data)):
            data = int(data) if not isinstance(data, bool) else "x"
        return super().to_internal_value(data)

    def validate_precision(self, value: Decimal) -> Decimal:
        return super().validate_precision(value.normalize() if value == value.to_integral() else value)


def places_only(value: float) -> bool:
    """Tell whether a float is a whole number: 350.0 for 350."""
    return value.is_integer()


class NumberProblemOut(serializers.Serializer[Any]):
    """What is wrong or doubtful."""

    code = serializers.CharField()
    message = serializers.CharField()


class NumberAsked(serializers.Serializer[Any]):
    number = Words(help_text=gettext_lazy("申请号或专利号，任何常见写法"))


class NumberOut(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    normalised = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind], allow_null=True)
    route = serializers.ChoiceField(choices=[route.value for route in Route], allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    problems = NumberProblemOut(many=True)


class CodeAsked(serializers.Serializer[Any]):
    code = Words(help_text=gettext_lazy("统一社会信用代码，任何常见写法"))


class DistrictOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(source="*")


class CodeOut(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    normalised = serializers.CharField(allow_blank=True)
    district = DistrictOut(allow_null=True)
    district_certain = serializers.BooleanField()
    problems = NumberProblemOut(many=True)


class AnnuitiesIn(serializers.Serializer[Any]):
    """The facts of a patent; context: law."""

    kind = Choice(choices=[kind.value for kind in Kind])
    filed_on = Day()
    granted_on = Day()
    reduction = Share(choices=REDUCTIONS, required=False, default="0")
    open_licence_from = OptionalDay()
    open_licence_to = OptionalDay()
    as_of = OptionalDay()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        names = ("filed_on", "granted_on", "open_licence_from", "open_licence_to")
        patent = Patent(
            kind=Kind(attrs["kind"]),
            reduction=Decimal(attrs["reduction"]),
            **{name: attrs[name] for name in names},
        )
        try:
            annuities.check(patent, self.context["law"])
        except annuities.Impossible as error:
            raise serializers.ValidationError({error.field: tool_answers.impossible(error)}) from None
        return {**attrs, "patent": patent}


class Yuan(serializers.DecimalField):
    """An amount of money: a string with two decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, coerce_to_string=True, **options)


class BandOut(serializers.Serializer[Any]):
    surcharge = Yuan()

    def get_fields(self) -> dict[str, Any]:
        days = {"from": serializers.DateField(source="first"), "to": serializers.DateField(source="last")}
        return {**days, **super().get_fields()}


class YearOut(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    due_on = serializers.DateField()
    legal_on = serializers.DateField(source="windows.legal_on")
    target_on = serializers.DateField(source="windows.target_on")
    full = Yuan()
    payable = Yuan()
    reduced_by = serializers.ChoiceField(choices=[reason.value for reason in ReducedBy])
    bands = BandOut(many=True, source="windows.bands")
    lapses_on = serializers.DateField(source="windows.lapses_on")
    payable_as_of = Yuan(allow_null=True)


class AnnuitiesOut(serializers.Serializer[Any]):
    last_day = serializers.DateField()
    grant_year = serializers.IntegerField()
    years = YearOut(many=True)
    total_payable = Yuan()


class IndustryOut(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=[industry.value for industry in Industry])
    name = serializers.CharField()
    classes = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("GB/T 4754-2017 大类或中类代码")
    )
    measures = serializers.ListField(child=serializers.ChoiceField(choices=[measure.value for measure in Measure]))


class SizeIn(serializers.Serializer[Any]):
    """What an enterprise says of itself. A figure that does not count in its industry may be left out."""

    industry = Words(help_text=gettext_lazy("GB/T 4754 代码（如 C26、6510）或行业列表中的代码"))
    staff = Figure(places=0, required=False, allow_null=True, default=None)
    revenue_wan = Figure(required=False, allow_null=True, default=None)
    assets_wan = Figure(required=False, allow_null=True, default=None)

    def validate_industry(self, text: str) -> tuple[Industry, bool]:
        try:
            return industries.industry_of(text), industries.is_unnamed(text)
        except industries.UnknownIndustry as error:
            raise serializers.ValidationError(tool_answers.unknown_industry(error)) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        industry, is_unnamed = attrs["industry"]
        wanted = size_law.bounds(industry).measures
        missing = {FIGURE_NAMES[measure]: REQUIRED for measure in wanted if attrs[FIGURE_NAMES[measure]] is None}
        if missing:
            raise serializers.ValidationError(missing)
        values = {measure: attrs[FIGURE_NAMES[measure]] for measure in wanted}
        return {"industry": industry, "values": values, "is_unnamed": is_unnamed}


class SizeOut(serializers.Serializer[Any]):
    size = serializers.ChoiceField(choices=[size.value for size in Size])
    why = serializers.ListField(child=serializers.CharField())
