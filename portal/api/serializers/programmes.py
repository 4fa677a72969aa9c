"""Programmes as data: what makes a kind of application without code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal import kinds, programmes
from portal.call_patterns import PATTERNS
from portal.models import Programme
from portal.models.programmes import PREFIX

from .common import PlaceOut, Plain

CODE = r"^[-a-zA-Z0-9_]+\Z"


class RuleIn(Plain):
    """One chosen rule of eligibility with its figures."""

    rule = serializers.CharField(max_length=40)
    values = serializers.DictField(required=False, default=dict, help_text=_("规则的参数"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        rule = kinds.rules().get(attrs["rule"])
        if rule is None:
            raise serializers.ValidationError({"rule": _("没有这条规则。")})
        given = attrs["values"]
        for parameter in rule.parameters:
            value = given.get(parameter.name)
            if parameter.choices is not None:
                is_right = value in dict(parameter.choices())
            else:
                is_number = isinstance(value, int) and not isinstance(value, bool)
                is_right = is_number and parameter.low <= value <= parameter.high
            if not is_right:
                raise serializers.ValidationError({"values": _("“%(what)s”不对。") % {"what": parameter.label}})
        names = {parameter.name for parameter in rule.parameters}
        return {"rule": rule.code, "values": {name: value for name, value in given.items() if name in names}}


class ProgrammeIn(Plain):
    """Everything about a programme; who makes it decides whether it is the city's or a district's."""

    code = serializers.RegexField(CODE, max_length=40)
    title_zh = serializers.CharField(max_length=120)
    title_en = serializers.CharField(max_length=160)
    clause = serializers.IntegerField(min_value=1, max_value=19)
    prefix = serializers.RegexField(PREFIX, max_length=4)
    certificate_prefix = serializers.RegexField(PREFIX, max_length=4)
    certificate_title_zh = serializers.CharField(max_length=120)
    certificate_title_en = serializers.CharField(max_length=160)
    pattern = serializers.ChoiceField(choices=sorted(PATTERNS))
    eligibility = RuleIn(many=True, required=False, default=list)
    is_sample = serializers.BooleanField(required=False, default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        chosen = [dict(line) for line in attrs["eligibility"]]
        stages = PATTERNS[attrs.pop("pattern")]
        return {**attrs, "stages": stages, "eligibility": chosen}


class ProgrammeChangeIn(ProgrammeIn):
    """A change names the revision it was made upon."""

    revision = serializers.IntegerField(min_value=0, help_text=_("看到的修订号；别人改过则为 409"))


class ProgrammeOut(Plain):
    """A programme, and what must be mended before it is put to use."""

    code = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    clause = serializers.IntegerField()
    prefix = serializers.CharField()
    certificate_prefix = serializers.CharField()
    certificate_title_zh = serializers.CharField()
    certificate_title_en = serializers.CharField()
    host = PlaceOut(allow_null=True)
    stages = serializers.ListField(child=serializers.CharField())
    eligibility = serializers.JSONField()
    is_sample = serializers.BooleanField()
    status = serializers.CharField(help_text=_("draft、active 或 retired"))
    revision = serializers.IntegerField()
    problems = serializers.SerializerMethodField()

    def get_problems(self, programme: Programme) -> list[str]:
        is_draft = programme.status == Programme.Status.DRAFT
        return [str(fault) for fault in programmes.problems(programme)] if is_draft else []
