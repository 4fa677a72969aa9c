"""Calls and questionnaires as the city's administrators make them, and the figures of officials."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import calls, kinds, questionnaire_editing
from portal.call_patterns import PATTERNS, shape
from portal.forms.calls import MOST_ROWS, criteria_values
from portal.models import Call, Questionnaire
from portal.procedures import LIMIT_RULES
from portal.views.office.calls import state_of

from .common import LONGEST_TEXT, PlaceOut, Plain
from .organisations import place

VERSION = "[-a-zA-Z0-9_]{1,60}[.][0-9]{1,9}"


class TwoTongues(Plain):
    """Words in both languages."""

    zh = serializers.CharField(max_length=500)
    en = serializers.CharField(max_length=500)


class OptionalTongues(Plain):
    """Words in both languages, or none."""

    zh = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    en = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class CriterionIn(Plain):
    """One line of the score sheet."""

    key = serializers.SlugField(max_length=40, required=False, allow_blank=True, default="")
    zh = serializers.CharField(max_length=60)
    en = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    max = serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0, max_value=100)


class LimitsIn(Plain):
    """Limits in working days; what is left out follows the dated rule."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: serializers.IntegerField(min_value=1, max_value=250, required=False) for name in LIMIT_RULES}


class CallIn(Plain):
    """Everything that governs a call."""

    kind = serializers.CharField(max_length=40, help_text=_("事项代码"))
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    title_zh = serializers.CharField(max_length=200)
    title_en = serializers.CharField(max_length=200)
    summary_zh = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")
    summary_en = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")
    questionnaire = serializers.RegexField(
        rf"^{VERSION}\Z", max_length=70, help_text=_("问卷的代码和版本，例如 municipal_pilot.1")
    )
    district = place(allow_null=True, required=False, default=None)
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    pattern = serializers.ChoiceField(
        choices=sorted(PATTERNS), help_text=_("full 请专家评审，short 不请；district、district_short 由主办区认定")
    )
    criteria = CriterionIn(many=True, required=False, default=list)
    limits = LimitsIn(required=False, default=dict)
    quota = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None)
    tolerance = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, required=False, default=Decimal(10)
    )
    experts_needed = serializers.IntegerField(min_value=0, max_value=99, required=False, default=2)
    pass_mark = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, required=False, allow_null=True, default=None
    )
    publicity_days = serializers.IntegerField(min_value=0, max_value=250, required=False, default=5)
    corrections_allowed = serializers.IntegerField(min_value=0, max_value=99, required=False, default=2)
    validity_months = serializers.IntegerField(min_value=1, max_value=600, required=False, default=24)
    is_sample = serializers.BooleanField(required=False, default=True)

    def validate_kind(self, code: str) -> str:
        if kinds.find(code) is None:
            raise serializers.ValidationError(_("没有这个事项。"))
        return code

    def validate_criteria(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(lines) > MOST_ROWS:
            raise serializers.ValidationError(_("评分标准最多 %(most)s 项。") % {"most": MOST_ROWS})
        return lines

    def validate_questionnaire(self, name: str) -> Questionnaire:
        code, _dot, version = name.rpartition(".")
        found = Questionnaire.objects.published().filter(code=code, version=int(version)).first()
        if found is None:
            raise serializers.ValidationError(_("没有这个已发布的问卷版本。"))
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["closes_on"] < attrs["opens_on"]:
            raise serializers.ValidationError({"closes_on": _("截止日不能早于开始日。")})
        window = shape(attrs.pop("opens_on"), attrs.pop("closes_on"), attrs.pop("pattern"))
        return {**attrs, **window, "criteria": criteria_values(attrs["criteria"]), "limits": dict(attrs["limits"])}


class EditedCallOut(Plain):
    """A call as those who make it see it: both languages, its state and what must be mended before publishing."""

    number = serializers.CharField()
    state = serializers.SerializerMethodField(help_text=_("draft、planned、open 或 ended"))
    kind = serializers.CharField()
    year = serializers.IntegerField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    summary_zh = serializers.CharField()
    summary_en = serializers.CharField()
    questionnaire = serializers.SerializerMethodField()
    host = PlaceOut(allow_null=True)
    district = PlaceOut(allow_null=True)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    stages = serializers.ListField(child=serializers.CharField())
    criteria = serializers.JSONField()
    limits = serializers.JSONField(help_text=_("时限（工作日）"))
    quota = serializers.IntegerField(allow_null=True)
    tolerance = serializers.DecimalField(max_digits=5, decimal_places=2)
    experts_needed = serializers.IntegerField()
    pass_mark = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    publicity_days = serializers.IntegerField()
    corrections_allowed = serializers.IntegerField()
    validity_months = serializers.IntegerField()
    is_sample = serializers.BooleanField()
    published_at = serializers.DateTimeField(allow_null=True)
    problems = serializers.SerializerMethodField()

    def get_state(self, call: Call) -> str:
        return state_of(call)

    def get_questionnaire(self, call: Call) -> str:
        return f"{call.questionnaire.code}.{call.questionnaire.version}"

    def get_problems(self, call: Call) -> list[str]:
        return [str(fault) for fault in calls.problems(call)] if call.published_at is None else []


class VersionLine(Plain):
    """One version of a questionnaire as a line."""

    name = serializers.SerializerMethodField(help_text=_("代码和版本，用在地址里"))
    code = serializers.CharField()
    version = serializers.IntegerField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    status = serializers.CharField(help_text=_("draft、published 或 retired"))
    is_sample = serializers.BooleanField()
    host = PlaceOut(allow_null=True)
    revision = serializers.IntegerField(help_text=_("修改草稿时带上看到的修订号"))
    published_at = serializers.DateTimeField(allow_null=True)

    def get_name(self, version: Questionnaire) -> str:
        return f"{version.code}.{version.version}"


class VersionOut(VersionLine):
    """One version with its sections and questions, and what must be mended before publishing."""

    body = serializers.JSONField()
    problems = serializers.SerializerMethodField()

    def get_problems(self, version: Questionnaire) -> list[str]:
        is_draft = version.status == Questionnaire.Status.DRAFT
        return [str(fault) for fault in questionnaire_editing.faults(version)] if is_draft else []


class VersionIn(Plain):
    """A new questionnaire."""

    code = serializers.RegexField(r"^[-a-zA-Z0-9_]+\Z", max_length=60)
    title_zh = serializers.CharField(max_length=200)
    title_en = serializers.CharField(max_length=200)
    source = serializers.RegexField(  # type: ignore[assignment]
        rf"^{VERSION}\Z", max_length=70, required=False, allow_blank=True, default="",
        help_text=_("复制哪一份的内容，例如 municipal_pilot.1；不填则从空白开始"),
    )  # fmt: skip


class QuestionIn(Plain):
    """The words and points of one question."""

    label = TwoTongues()  # type: ignore[assignment]
    help = OptionalTongues(required=False, default=dict)
    required = serializers.BooleanField(required=False, default=False)  # type: ignore[assignment]
    scores = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=100), required=False, default=dict,
        help_text=_("{选项: 分数}"),
    )  # fmt: skip


class DistrictFigures(Plain):
    """Counts of one district."""

    handed_in = serializers.IntegerField()
    working = serializers.IntegerField()
    overdue = serializers.IntegerField()
    returned = serializers.IntegerField()
    passed = serializers.IntegerField()


class FunnelOut(Plain):
    """How many applications have got how far."""

    handed_in = serializers.IntegerField()
    verified = serializers.IntegerField()
    recommended = serializers.IntegerField()
    scored = serializers.IntegerField()
    passed = serializers.IntegerField()


class FiguresOut(Plain):
    """Counts of all applications ever handed in, and when they were counted."""

    as_of = serializers.DateTimeField()
    districts = serializers.SerializerMethodField(help_text=_("{区划代码: 数量}"))
    funnel = FunnelOut()

    @extend_schema_field(serializers.DictField(child=DistrictFigures()))
    def get_districts(self, found: Any) -> Any:
        return {code: DistrictFigures(row).data for code, row in found.districts.items()}
