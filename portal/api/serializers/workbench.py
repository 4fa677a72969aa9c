"""The workbench: assignment rules, absences, templates of reasons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.models import ReasonTemplate

from .common import PersonOut, Plain

NUMBER_LENGTH = 10


class AssignmentRuleIn(Plain):
    """Who takes which cases. Empty kind or industry: of any."""

    district = serializers.CharField(max_length=6, help_text=_("区划代码"))
    officer = serializers.CharField(max_length=NUMBER_LENGTH, help_text=_("人员编号"))
    kind = serializers.CharField(max_length=40, required=False, allow_blank=True, default="", help_text=_("事项代码"))
    industry = serializers.RegexField(
        r"^([A-T]\d{0,4})?$", required=False, allow_blank=True, default="", help_text=_("行业代码的开头，例如 C39")
    )
    cap = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True, default=None)


class CapIn(Plain):
    """How many open cases; null: any number."""

    cap = serializers.IntegerField(min_value=1, max_value=999, allow_null=True)


class AssignmentRuleOut(Plain):
    """A rule in force."""

    number = serializers.CharField()
    district = serializers.CharField(source="district_id")
    officer = PersonOut()
    kind = serializers.CharField()
    industry = serializers.CharField()
    cap = serializers.IntegerField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class AbsenceIn(Plain):
    """Who is away and who acts; without a person: oneself."""

    person = serializers.CharField(
        max_length=NUMBER_LENGTH, required=False, allow_blank=True, default="", help_text=_("人员编号；留空为本人")
    )
    deputy = serializers.CharField(max_length=NUMBER_LENGTH, help_text=_("代理人的人员编号"))
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class AbsenceOut(Plain):
    """An absence."""

    number = serializers.CharField()
    person = PersonOut()
    deputy = PersonOut()
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    note = serializers.CharField()
    cancelled_at = serializers.DateTimeField(allow_null=True)


class TemplateIn(Plain):
    """Ready words in both languages."""

    use = serializers.ChoiceField(choices=ReasonTemplate.Use.choices)
    title = serializers.CharField(max_length=60)
    text_zh = serializers.CharField(max_length=1000)
    text_en = serializers.CharField(max_length=1500)


class NewTemplateIn(TemplateIn):
    """Ready words of an office."""

    office = serializers.SlugField(max_length=20, help_text=_("办公室标识"))


class TemplateOut(Plain):
    """A template of reasons."""

    number = serializers.CharField()
    office = serializers.CharField(source="office.slug")
    use = serializers.ChoiceField(choices=ReasonTemplate.Use.choices)
    title = serializers.CharField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    updated_at = serializers.DateTimeField()
    retired_at = serializers.DateTimeField(allow_null=True)
