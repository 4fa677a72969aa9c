"""The experts' side, and the declaration that experts and officials make alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import procedures
from portal.models import Assignment, Review

from .common import LONGEST_TEXT, CallRef, OrganisationRef, Plain, VerdictOut


class DeclarationIn(Plain):
    """Whether one has an interest in the enterprise."""

    has_conflict = serializers.BooleanField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class DeclarationOut(Plain):
    """What one declared."""

    declared_at = serializers.DateTimeField()
    has_conflict = serializers.BooleanField()


class SeatLine(Plain):
    """One review an expert was asked for."""

    number = serializers.CharField(source="application.number")
    call = CallRef(source="application.call")
    organisation = OrganisationRef(source="application.organisation")
    invited_at = serializers.DateTimeField(source="created_at")
    declared_at = serializers.DateTimeField(allow_null=True)
    has_conflict = serializers.BooleanField(allow_null=True)
    status = serializers.CharField(source="application.status")
    stage = serializers.CharField(source="application.stage")
    due_on = serializers.DateField(source="application.due_on", allow_null=True)


class SheetOut(Plain):
    """One's own score sheet, or all of them once the scoring is over; experts are not named to each other."""

    is_mine = serializers.SerializerMethodField()
    scores = serializers.JSONField()
    total = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    reason = serializers.CharField()
    at = serializers.DateTimeField()

    def get_is_mine(self, review: Review) -> bool:
        return bool(review.reviewer_id == self.context["request"].user.pk)


class ReviewDetail(SeatLine):
    """A review with what is to be scored; the answers appear after the declaration."""

    criteria = serializers.JSONField(source="application.call.criteria")
    gate = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    sheets = serializers.SerializerMethodField()

    @extend_schema_field(VerdictOut)
    def get_gate(self, seat: Assignment) -> Any:
        return VerdictOut(self.context["gate"]).data

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": {}})
    def get_answers(self, seat: Assignment) -> Any:
        return procedures.answers_of(seat.application) if self.context["gate"] else None

    @extend_schema_field(SheetOut(many=True))
    def get_sheets(self, seat: Assignment) -> Any:
        found = procedures.visible_sheets(seat.user, seat.application) if self.context["gate"] else []
        return SheetOut(found, many=True, context=self.context).data


class ScoreIn(Plain):
    """Points per criterion, with the reasons."""

    scores = serializers.DictField(
        child=serializers.DecimalField(max_digits=6, decimal_places=2), help_text=_("{标准代码: 分数}")
    )
    reason = serializers.CharField(max_length=LONGEST_TEXT)
