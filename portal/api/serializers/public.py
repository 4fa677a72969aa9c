"""What anybody may read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import kinds
from portal.models import Call, Recognition, RuleStatus

from .common import LONGEST_TEXT, OrganisationRef, PlaceOut, Plain


class OfficeOut(Plain):
    """An office one may turn to."""

    slug = serializers.CharField()
    kind = serializers.CharField()
    district = PlaceOut(allow_null=True)
    name = serializers.CharField(source="__str__")
    phone = serializers.CharField()
    address = serializers.CharField()


class CallLine(Plain):
    """A call as a line."""

    number = serializers.CharField()
    kind = serializers.CharField()
    kind_title = serializers.SerializerMethodField()
    year = serializers.IntegerField()
    title = serializers.CharField()
    district = PlaceOut(allow_null=True)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    is_open = serializers.BooleanField()
    is_sample = serializers.BooleanField(help_text=_("示例，不是真实的申报批次"))
    quota = serializers.IntegerField(allow_null=True)

    def get_kind_title(self, call: Call) -> str:
        return str(kinds.title_of(call.kind))


class CallOut(CallLine):
    """A call with everything that governs its review."""

    summary = serializers.CharField()
    stages = serializers.ListField(child=serializers.CharField())
    criteria = serializers.JSONField()
    limits = serializers.JSONField(help_text=_("时限（工作日）"))
    publicity_days = serializers.IntegerField()
    corrections_allowed = serializers.IntegerField()
    validity_months = serializers.IntegerField()
    questionnaire = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": {}})
    def get_questionnaire(self, call: Call) -> Any:
        row = call.questionnaire
        return {"code": row.code, "version": row.version, "is_sample": row.is_sample, **row.body}


class OpenAsked(Plain):
    """Filters of the calls."""

    open = serializers.BooleanField(required=False, default=False, help_text=_("只看正在申报的"))
    kind = serializers.CharField(max_length=40, required=False)
    year = serializers.IntegerField(min_value=2000, max_value=2100, required=False)


class EligibilityAsked(Plain):
    """For which enterprise."""

    organisation = serializers.CharField(max_length=10, help_text=_("企业编号"))


class FindingOut(Plain):
    """One eligibility rule: met, not met or not known, with its evidence and the way out."""

    code = serializers.CharField()
    is_met = serializers.BooleanField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    evidence = serializers.CharField()
    way_out = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    blocks = serializers.BooleanField()


class NoticeOut(Plain):
    """A publicity notice."""

    number = serializers.CharField()
    kind = serializers.CharField()
    organisation = serializers.SerializerMethodField()
    district = PlaceOut(source="office_district")
    call = serializers.CharField(source="call.title")
    publicity_from = serializers.DateField()
    publicity_until = serializers.DateField()

    def get_organisation(self, application: Any) -> str:
        return str(application.organisation.name)


class ObjectIn(Plain):
    """A signed objection."""

    name = serializers.CharField(max_length=120, help_text=_("姓名或单位"))
    contact = serializers.CharField(max_length=200, help_text=_("联系方式；不公开"))
    text = serializers.CharField(max_length=LONGEST_TEXT)


class ObjectedOut(Plain):
    """The receipt of an objection."""

    number = serializers.CharField()
    created_at = serializers.DateTimeField()


class RecognitionOut(Plain):
    """A granted title."""

    number = serializers.CharField()
    organisation = OrganisationRef()
    district = PlaceOut(source="organisation.district")
    kind = serializers.CharField()
    kind_title = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=Recognition.Status.choices)
    granted_on = serializers.DateField()
    valid_until = serializers.DateField()

    def get_kind_title(self, recognition: Recognition) -> str:
        return str(kinds.title_of(recognition.kind))


class RecognitionAsked(Plain):
    """Filters of the recognitions."""

    kind = serializers.CharField(max_length=40, required=False)
    district = serializers.CharField(max_length=6, required=False)
    status = serializers.ChoiceField(choices=Recognition.Status.choices, required=False)


class NoteIn(Plain):
    """What was found."""

    note = serializers.CharField(max_length=LONGEST_TEXT)


class AcceptanceIn(NoteIn):
    """Passed or failed."""

    is_passed = serializers.BooleanField()


class RuleOut(Plain):
    """One figure from one day on, with where it comes from."""

    code = serializers.CharField()
    name = serializers.CharField(source="label")
    value = serializers.JSONField()
    unit = serializers.CharField()
    basis = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    verified_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=RuleStatus.choices)


class RuleAsked(Plain):
    """Filters of the rules."""

    on = serializers.DateField(required=False, help_text=_("只看这一天有效的"))
    q = serializers.CharField(max_length=60, required=False, help_text=_("代码或名称"))
