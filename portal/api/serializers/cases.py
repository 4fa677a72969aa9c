"""The officials' side. Content is shown only behind the conflict gate."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import procedures
from portal.models import Application, Assignment, CorrectionItem, Review, Stage, Status

from .applications import AppealOut
from .common import (
    LONGEST_TEXT,
    CaseLine,
    ClockOut,
    CorrectionOut,
    EventOut,
    MessageOut,
    PersonOut,
    Plain,
    VerdictOut,
)

MOST_MARKS = 200
NUMBER_LENGTH = 10
QUEUE_STATES = [choice for choice in Status.choices if choice[0] != Status.DRAFT]
DISTRICT_STAGES = [choice for choice in Stage.choices if choice[0] in (Stage.VERIFY, Stage.RECOMMEND)]
JUDGEMENTS = [choice for choice in CorrectionItem.Verdict.choices if choice[0]]


class QueueAsked(Plain):
    """Filters of the queue."""

    status = serializers.ChoiceField(choices=QUEUE_STATES, required=False)
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    kind = serializers.CharField(max_length=40, required=False, help_text=_("事项代码"))
    call = serializers.CharField(max_length=20, required=False, help_text=_("批次编号"))
    district = serializers.CharField(max_length=6, required=False, help_text=_("区划代码"))
    mine = serializers.BooleanField(required=False, default=False, help_text=_("只看分派给我的"))
    overdue = serializers.BooleanField(required=False, default=False, help_text=_("只看已超期的"))
    q = serializers.CharField(max_length=60, required=False, help_text=_("企业名称、信用代码或办件编号"))


class CaseRow(CaseLine):
    """A line of the queue."""

    officer = PersonOut(allow_null=True)


class SeatOut(Plain):
    """Who sits at a case, and whether they declared."""

    person = PersonOut(source="user")
    seat = serializers.ChoiceField(choices=Assignment.Seat.choices)
    stage_round = serializers.IntegerField()
    declared_at = serializers.DateTimeField(allow_null=True)
    has_conflict = serializers.BooleanField(allow_null=True)


class CaseReviewOut(Plain):
    """A finished stage with its reviewer; score sheets appear once the scoring is over."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    stage_round = serializers.IntegerField()
    reviewer = PersonOut()
    verdict = serializers.ChoiceField(choices=Review.Verdict.choices)
    reason = serializers.CharField()
    scores = serializers.JSONField()
    total = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    at = serializers.DateTimeField()


class CaseMessageOut(MessageOut):
    """A line of talk; internal ones never reach the applicant."""

    is_internal = serializers.BooleanField()
    mentions = PersonOut(many=True)


class ObjectionOut(Plain):
    """An objection with who made it."""

    number = serializers.CharField()
    application = serializers.CharField(source="application.number")
    name = serializers.CharField()
    contact = serializers.CharField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    is_upheld = serializers.BooleanField(allow_null=True)
    reason = serializers.CharField()


class CaseAppealOut(AppealOut):
    """An appeal as the city sees it."""

    application = serializers.CharField(source="application.number")


class FactOut(Plain):
    """One thing the portal knows of the enterprise, with its source and day."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.JSONField(allow_null=True)
    words = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    as_of = serializers.CharField(allow_null=True)


class CaseContent(Plain):
    """What lies behind the conflict gate."""

    answers = serializers.DictField(child=serializers.JSONField(allow_null=True))
    changed_since_seen = serializers.ListField(
        child=serializers.CharField(), help_text=_("自您上次查看以来改动的问题代码")
    )
    facts = FactOut(many=True)
    corrections = CorrectionOut(many=True)
    reviews = CaseReviewOut(many=True)
    objections = ObjectionOut(many=True)
    appeals = CaseAppealOut(many=True)


class CaseOut(CaseRow):
    """One case: the head for everybody in charge, the content behind the conflict gate."""

    revision = serializers.IntegerField()
    score = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    decision_reason = serializers.CharField()
    seats = SeatOut(many=True, source="assignments")
    events = EventOut(many=True)
    clock = serializers.SerializerMethodField()
    gate = serializers.SerializerMethodField(help_text=_("利益关系声明：未声明或有利益关系时没有内容"))
    content = serializers.SerializerMethodField()

    @extend_schema_field(ClockOut(allow_null=True))
    def get_clock(self, application: Application) -> Any:
        clock = procedures.stage_clock(application)
        return ClockOut(clock).data if clock else None

    @extend_schema_field(VerdictOut)
    def get_gate(self, application: Application) -> Any:
        return VerdictOut(self.context["gate"]).data

    @extend_schema_field(CaseContent(allow_null=True))
    def get_content(self, application: Application) -> Any:
        content = self.context["content"]
        return CaseContent(content).data if content is not None else None


class MarkIn(Plain):
    """One question to be corrected."""

    key = serializers.CharField(max_length=80, help_text=_("问题代码"))
    reason = serializers.ChoiceField(choices=CorrectionItem.Reason.choices)
    note = serializers.CharField(max_length=2000, help_text=_("要怎样补正"))


class MarksIn(Plain):
    """The questions to be corrected."""

    marks = serializers.ListField(child=MarkIn(), allow_empty=False, max_length=MOST_MARKS)


class JudgementIn(Plain):
    """Whether a corrected question is solved."""

    verdict = serializers.ChoiceField(choices=JUDGEMENTS)


class OpinionIn(Plain):
    """The opinion that ends a stage of the district."""

    stage = serializers.ChoiceField(choices=DISTRICT_STAGES, help_text=_("您看到的阶段；已变则答 409"))
    is_pass = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class DecisionIn(Plain):
    """The city's decision."""

    is_approved = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class OfficerIn(Plain):
    """The person who shall handle the case."""

    officer = serializers.CharField(max_length=NUMBER_LENGTH, help_text=_("人员编号"))
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default="", help_text=_("从同事手里改派时必填")
    )


class CaseMoveIn(Plain):
    """The district that shall be in charge, and why."""

    district = serializers.CharField(max_length=6, help_text=_("区划代码"))
    reason = serializers.CharField(max_length=300, help_text=_("企业、原经办人和新受理区都看得到"))


class ExpertsIn(Plain):
    """The experts to seat."""

    experts = serializers.ListField(
        child=serializers.CharField(max_length=NUMBER_LENGTH), allow_empty=False, max_length=20
    )


class CandidateOut(Plain):
    """An expert who may be seated."""

    person = PersonOut(source="user")
    employer = serializers.CharField()
    fields = serializers.CharField()  # type: ignore[assignment]


class CaseMessageIn(Plain):
    """A message to the applicant, or an internal note."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
    is_internal = serializers.BooleanField(default=False)
    mentions = serializers.ListField(
        child=serializers.CharField(max_length=NUMBER_LENGTH), required=False, default=list, max_length=50,
        help_text=_("被提到的同事的人员编号；只用于内部便笺"),
    )  # fmt: skip


OBJECTION_STATES = [("open", _("待处理")), ("decided", _("已处理"))]


class StateAsked(Plain):
    """Open or decided."""

    state = serializers.ChoiceField(choices=OBJECTION_STATES, required=False)


class RulingLine(Plain):
    """An objection or appeal as a line of a list, without what it says."""

    number = serializers.CharField()
    application = serializers.CharField(source="application.number")
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    is_upheld = serializers.BooleanField(allow_null=True)
