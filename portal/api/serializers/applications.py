"""The applicant's side."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import procedures, questionnaires
from portal.models import Application, Review, Stage, Status, StoredFile

from .common import CaseLine, ClockOut, CorrectionOut, EventOut, Plain

KEY_LENGTH = 80
MOST_ANSWERS = 500


class ApplicationIn(Plain):
    """Which call, for which of one's enterprises."""

    call = serializers.CharField(max_length=20, help_text=_("批次编号"))
    organisation = serializers.CharField(max_length=10, help_text=_("企业编号"))


class AnswerOut(Plain):
    """The present answer to one question."""

    key = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    revision = serializers.IntegerField()
    source = serializers.CharField(help_text=_("预填来源；空为本人填写"))  # type: ignore[assignment]
    updated_at = serializers.DateTimeField()
    updated_by = serializers.CharField(source="updated_by.name", allow_null=True)


class ReviewOut(Plain):
    """A finished stage as the applicant reads it; experts are not named, their sheets not shown."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    verdict = serializers.ChoiceField(choices=Review.Verdict.choices)
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class ProblemOut(Plain):
    """What stands in the way of handing in."""

    section = serializers.CharField()
    key = serializers.CharField()
    sentence = serializers.CharField()


class AppealOut(Plain):
    """An appeal and its answer."""

    number = serializers.CharField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    is_upheld = serializers.BooleanField(allow_null=True)
    reason = serializers.CharField()


class StepOut(EventOut):
    """One step of a case as the applicant reads it: who scored stays unsaid."""

    by = serializers.SerializerMethodField()  # type: ignore[assignment]

    def get_by(self, event: Any) -> str:
        is_score = event.verb == procedures.Verb.REVIEW and event.stage == Stage.SCORE
        return str(_("评审专家")) if is_score else str(event.by_name)


class ApplicationOut(CaseLine):
    """One application as its enterprise sees it."""

    answers = AnswerOut(many=True, source="shown_answers")
    corrections = CorrectionOut(many=True, source="shown_corrections")
    reviews = ReviewOut(many=True, source="shown_reviews")
    appeals = AppealOut(many=True)
    events = StepOut(many=True, source="shown_events")
    clock = serializers.SerializerMethodField()
    obstacles = serializers.SerializerMethodField()
    decision_reason = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    score = serializers.SerializerMethodField(help_text=_("专家评分；作出决定后可见"))
    publicity_from = serializers.DateField(allow_null=True)
    publicity_until = serializers.DateField(allow_null=True)
    appeal_until = serializers.SerializerMethodField()
    certificate = serializers.SerializerMethodField(help_text=_("证书编号"))

    @extend_schema_field(ClockOut(allow_null=True))
    def get_clock(self, application: Application) -> Any:
        clock = procedures.stage_clock(application)
        return ClockOut(clock).data if clock else None

    @extend_schema_field(ProblemOut(many=True))
    def get_obstacles(self, application: Application) -> Any:
        if application.status not in (Status.DRAFT, Status.RETURNED):
            return []
        return ProblemOut(procedures.obstacles(application), many=True).data

    def get_score(self, application: Application) -> str | None:
        return str(application.score) if application.decided_at and application.score is not None else None

    def get_appeal_until(self, application: Application) -> str | None:
        day = procedures.appeal_due_on(application)
        return day.isoformat() if day else None

    def get_certificate(self, application: Application) -> str | None:
        recognition = getattr(application, "recognition", None)
        return recognition.number if recognition else None


class AnswersIn(Plain):
    """Answers to save, with the revisions one has seen."""

    answers = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text=_("{问题代码: 回答}"))
    revisions = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=2**31 - 1),
        required=False,
        default=dict,
        help_text=_("{问题代码: 看到的版本}；别人在此之后改过则答 409"),
    )

    def validate_answers(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Return the stored form of each answer, as the questionnaire wants it."""
        application: Application = self.context["application"]
        if len(answers) > MOST_ANSWERS:
            raise serializers.ValidationError([str(_("一次最多保存 %(most)s 项。") % {"most": MOST_ANSWERS})])
        cleaned, wrong = {}, {}
        for key, value in answers.items():
            try:
                cleaned[key] = _clean(application, key, value)
            except questionnaires.AnswerError as error:
                wrong[key] = [str(error.sentence)]
        if wrong:
            raise serializers.ValidationError(wrong)
        return cleaned


def _clean(application: Application, key: str, value: Any) -> Any:
    question = questionnaires.find(application.call.questionnaire.body, key)
    if question is None:
        raise questionnaires.AnswerError(_("问卷里没有这个问题。"))
    many = question["type"] in ("multichoice", "file")
    if isinstance(value, dict) or (isinstance(value, list) and not (many and all(isinstance(v, str) for v in value))):
        raise questionnaires.AnswerError(_("回答的格式不对。"))
    if isinstance(value, str | list) and "\x00" in "".join(value):
        raise questionnaires.AnswerError(_("回答的格式不对。"))
    if question["type"] == "file":
        return _own_files(application, key, value)
    if question["type"] == "yesno" and isinstance(value, bool):
        value = "yes" if value else "no"
    return questionnaires.clean(question, value)


def _own_files(application: Application, key: str, value: Any) -> list[str] | None:
    """Return the numbers of files that were uploaded to this very question."""
    numbers = list(dict.fromkeys(value or [])) if isinstance(value, list) else []
    found = StoredFile.objects.filter(application=application, slot=key, number__in=numbers).count()
    if value and (not numbers or found != len(numbers)):
        raise questionnaires.AnswerError(_("请先把文件上传到这个问题，再填写它的编号。"))
    return numbers or None


class AnswersOut(Plain):
    """The answers as they are now."""

    answers = AnswerOut(many=True)


class AnswerConflict(Plain):
    """Somebody else was quicker: what they wrote, to compare with one's own."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    current = AnswerOut(many=True)


class ReplyIn(Plain):
    """What one did about a marked question."""

    reply = serializers.CharField(max_length=2000, allow_blank=True)


class ReceiptOut(Plain):
    """What was handed in and when, with the hash of every file."""

    number = serializers.CharField(source="application.number")
    sequence = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.name")
    answers = serializers.JSONField()
    files = serializers.JSONField()


class UploadIn(Plain):
    """A file for one question; `series` names the file it replaces."""

    file = serializers.FileField(max_length=200)
    slot = serializers.CharField(max_length=KEY_LENGTH, help_text=_("问题代码"))
    series = serializers.UUIDField(required=False)
