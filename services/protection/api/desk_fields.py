"""Alerts as the desk writes and reads them, audiences, reach, and the district's call list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from patents.models import RightKind
from portal.api.serializers.common import OrganisationRef, PersonOut, Plain, VerdictOut
from portal.tiles import DISTRICTS
from services.protection import checking, codes, reasons
from services.protection.api.knowledge_fields import AttachmentOut, SourceOut, TodoOut
from services.protection.models import (
    AlertDelivery,
    AlertKind,
    AlertVersion,
    DeliveryState,
    Join,
    LawChange,
    LegalCase,
    Severity,
)

TEXT = serializers.CharField
PLACES = [(place.code, place.short) for place in DISTRICTS]


class Code(serializers.CharField):
    """A code as people type it, kept as the matching reads it."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name, self.read = name, read
        super().__init__(max_length=60)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        text = super().run_validation(data)
        try:
            return self.read(text)
        except codes.Unknown as unknown:
            raise serializers.ValidationError(checking.sentence(self.name, unknown.text)) from unknown


def several(child: serializers.Field[Any, Any, Any, Any], help_text: Any = "") -> serializers.ListField:
    return serializers.ListField(child=child, max_length=checking.MOST_CODES, required=False, help_text=help_text)


def words(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True)


class TodoIn(Plain):
    """One thing to do, in both languages."""

    zh = words(400)
    en = words(600)


class SourceIn(Plain):
    """Where it is written."""

    name = TEXT(max_length=300)
    on = serializers.DateField(required=False, allow_null=True)
    url = serializers.URLField(required=False, allow_blank=True, max_length=300)


class AlertChangeIn(Plain):
    """Columns of a draft; what is left out stays as it is. `lock` is the state one has seen."""

    lock = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    kind = serializers.ChoiceField(choices=AlertKind.choices, required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    title = TEXT(max_length=80, required=False)
    title_en = words(160)
    summary = words(500)
    summary_en = words(900)
    body = words(20_000)
    body_en = words(30_000)
    checklist = serializers.ListField(child=TodoIn(), max_length=checking.MOST_ROWS, required=False)
    sources = serializers.ListField(child=SourceIn(), max_length=checking.MOST_ROWS, required=False)
    change_note = words(500)
    change_note_en = words(800)
    confirm_days = serializers.IntegerField(min_value=0, max_value=checking.LONGEST_CONFIRMATION, required=False)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)
    countries = several(Code("countries", codes.country), _("两位代码或名称"))
    right_kinds = several(serializers.ChoiceField(choices=RightKind.choices))
    ipc = several(Code("ipc", codes.ipc), _("例如 G01L 9/*"))
    nice = several(Code("nice", codes.nice), _("1 到 45"))
    industries = several(Code("industries", codes.industry), _("GB/T 4754 代码或其开头"))
    keywords = several(TEXT(max_length=checking.LONGEST_WORD))
    districts = several(serializers.ChoiceField(choices=PLACES))
    join = serializers.ChoiceField(choices=Join.choices, required=False)
    needs_market = serializers.BooleanField(required=False)
    verified_only = serializers.BooleanField(required=False)
    laws = several(TEXT(max_length=20), _("法律变化的编号"))
    cases = several(TEXT(max_length=20), _("案例的编号"))

    def validate_sources(self, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
        return [
            {"name": row["name"], "on": row["on"].isoformat() if row.get("on") else "", "url": row.get("url", "")}
            for row in rows
        ]

    def validate_checklist(self, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
        return [{"zh": row.get("zh", ""), "en": row.get("en", "")} for row in rows]

    def validate_laws(self, numbers: list[str]) -> list[Any]:
        return _known(LawChange, numbers, _("没有这项法律变化：%(number)s"))

    def validate_cases(self, numbers: list[str]) -> list[Any]:
        return _known(LegalCase, numbers, _("没有这个案例：%(number)s"))


def _known(model: Any, numbers: list[str], sentence: Any) -> list[Any]:
    found = list(model.objects.filter(number__in=numbers))
    for number in sorted(set(numbers) - {row.number for row in found}):
        raise serializers.ValidationError(sentence % {"number": number})
    return found


class AlertIn(AlertChangeIn):
    """A new draft or proposal; only the title is needed."""

    lock = None  # type: ignore[assignment]
    title = TEXT(max_length=80)


class DeskAsked(Plain):
    """Filters of the desk's list."""

    stage = serializers.ChoiceField(choices=AlertVersion.Stage.choices, required=False)
    kind = serializers.ChoiceField(choices=AlertKind.choices, required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)


class DeskLine(Plain):
    """An alert at the desk: the version one works with."""

    number = TEXT(source="alert.number")
    status = TEXT(source="alert.status")
    stage = serializers.ChoiceField(choices=AlertVersion.Stage.choices)
    edition = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=AlertKind.choices)
    severity = serializers.ChoiceField(choices=Severity.choices)
    title = TEXT()
    title_en = TEXT()
    district = TEXT(source="alert.district_id", allow_null=True, help_text=_("提出的区"))
    author = PersonOut()
    updated_at = serializers.DateTimeField()
    publish_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)


class DeskOut(DeskLine):
    """Everything of one version. `lock` goes back with a change, `problems` stand between a draft and its review."""

    lock = serializers.IntegerField()
    reviewer = PersonOut(allow_null=True)
    return_reason = TEXT()
    summary = TEXT()
    summary_en = TEXT()
    body = TEXT()
    body_en = TEXT()
    checklist = TodoOut(many=True)
    sources = SourceOut(many=True)
    change_note = TEXT()
    change_note_en = TEXT()
    confirm_days = serializers.IntegerField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    countries = serializers.ListField(child=TEXT())
    right_kinds = serializers.ListField(child=TEXT())
    ipc = serializers.ListField(child=TEXT())
    nice = serializers.ListField(child=serializers.IntegerField())
    industries = serializers.ListField(child=TEXT())
    keywords = serializers.ListField(child=TEXT())
    districts = serializers.ListField(child=TEXT())
    join = serializers.ChoiceField(choices=Join.choices)
    needs_market = serializers.BooleanField()
    verified_only = serializers.BooleanField()
    laws = serializers.SerializerMethodField()
    cases = serializers.SerializerMethodField()
    attachments = AttachmentOut(many=True)
    problems = serializers.ListField(child=TEXT(), help_text=_("送复核前还要改的"))
    steps = serializers.DictField(child=VerdictOut(), help_text=_("现在可以做的，及不能做的理由"))

    def get_laws(self, version: AlertVersion) -> list[str]:
        return list(version.laws.values_list("number", flat=True))

    def get_cases(self, version: AlertVersion) -> list[str]:
        return list(version.cases.values_list("number", flat=True))


class DeskReasonIn(Plain):
    """Why; the author or the proposer reads it."""

    reason = TEXT(max_length=300)


class WithdrawIn(Plain):
    """Why, for everybody to read."""

    reason = TEXT(max_length=300)
    reason_en = TEXT(max_length=500)


class ApproveIn(Plain):
    """That text and audience were looked at, and when to publish; now where nothing is said."""

    is_seen = serializers.BooleanField(help_text=_("我已核对文字和受众"))
    publish_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate_is_seen(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError(_("请先核对文字和受众，再勾选“我已核对文字和受众”。"))
        return value


class AlertPaperIn(Plain):
    """One file."""

    file = serializers.FileField(max_length=200)


class DetachIn(Plain):
    """Which file, by its number."""

    file = TEXT(max_length=24)


WITHHELD = _("少于 5 家的数字，以及能推算出它的数字，为 null")


class EffectOut(Plain):
    """What one criterion does: how many without it, how many by it alone."""

    name = TEXT()
    without = serializers.IntegerField(allow_null=True)
    alone = serializers.IntegerField(allow_null=True)


class SampleOut(Plain):
    """An enterprise that would be told, and why."""

    organisation = OrganisationRef()
    why = serializers.SerializerMethodField()

    def get_why(self, one: Any) -> str:
        return reasons.sentence(one.reasons, for_official=True)


class AudienceOut(Plain):
    """Whom an alert would reach now. For districts: no enterprise, and no figure of under five."""

    total = serializers.IntegerField(allow_null=True, help_text=WITHHELD)
    enterprises = serializers.IntegerField(help_text=_("在册企业"))
    people = serializers.IntegerField(allow_null=True)
    without_mail = serializers.IntegerField(allow_null=True)
    by_district = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    by_reason = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    effects = EffectOut(many=True)
    sample = SampleOut(many=True)
    warnings = serializers.ListField(child=TEXT())


class ReachLine(Plain):
    """A published alert with its figures in one's area."""

    number = TEXT()
    status = TEXT()
    title = TEXT(source="current.title")
    title_en = TEXT(source="current.title_en")
    published_at = serializers.DateTimeField()
    delivered = serializers.IntegerField(allow_null=True, help_text=WITHHELD)
    read = serializers.IntegerField(allow_null=True)
    reacted = serializers.IntegerField(allow_null=True)


class ReachCountOut(Plain):
    """Enterprises that have it, that read it, that answered."""

    delivered = serializers.IntegerField(allow_null=True)
    read = serializers.IntegerField(allow_null=True)
    reacted = serializers.IntegerField(allow_null=True)


class DayOut(Plain):
    """Running totals at the end of a day."""

    on = serializers.DateField()
    delivered = serializers.IntegerField()
    read = serializers.IntegerField()


class ReachOut(Plain):
    """The reach of one alert in one's area, by district, industry (division of GB/T 4754), state and day."""

    total = ReachCountOut()
    left = serializers.IntegerField(allow_null=True)
    help_asked = serializers.IntegerField(allow_null=True)
    on_list = serializers.IntegerField(allow_null=True)
    districts = serializers.DictField(child=ReachCountOut())
    industries = serializers.DictField(child=ReachCountOut())
    states = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    days = serializers.SerializerMethodField()

    def get_days(self, found: Any) -> list[dict[str, Any]]:
        rows = [{"on": day, "delivered": delivered, "read": read} for day, delivered, read in found.days]
        return [dict(row) for row in DayOut(rows, many=True).data]


class AlertCallLine(Plain):
    """An enterprise to call or to answer."""

    number = TEXT()
    organisation = OrganisationRef()
    alert = TEXT(source="alert.number")
    title = TEXT(source="version.title")
    title_en = TEXT(source="version.title_en")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    delivered_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    help_asked_at = serializers.DateTimeField(allow_null=True)
    help_answered_at = serializers.DateTimeField(allow_null=True)
    called_at = serializers.DateTimeField(allow_null=True)


class AlertCallOut(AlertCallLine):
    """One enterprise with what it asked and why it has the alert; its own notes are not among it."""

    why = serializers.SerializerMethodField()
    question = TEXT(source="help_text")
    answer = TEXT(source="help_answer")
    call_note = TEXT()

    def get_why(self, row: AlertDelivery) -> str:
        return reasons.sentence(row.reasons, for_official=True)


class CallNoteIn(Plain):
    """What came of a call."""

    note = TEXT(max_length=300)


class AnswerIn(Plain):
    """An answer the enterprise reads."""

    answer = TEXT(max_length=1000)
