"""Pieces that several sides use: names of things, one sentence, one file number."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal import kinds, procedures
from portal.models import Application, Stage, Status, StoredFile

LONGEST_TEXT = 5000


class Plain(serializers.Serializer[Any]):
    """Base of our serializers: written by actions, never by themselves."""


class PlaceOut(Plain):
    """A district: its GB/T 2260 code and its name."""

    code = serializers.CharField()
    name = serializers.CharField(source="__str__")


class OrganisationRef(Plain):
    """An organisation as a line of something else."""

    number = serializers.CharField()
    name = serializers.CharField()
    uscc = serializers.CharField()


class CallRef(Plain):
    """A call as a line of something else."""

    number = serializers.CharField()
    title = serializers.CharField()


class PersonOut(Plain):
    """A person by public number and name."""

    number = serializers.CharField()
    name = serializers.CharField()


class Done(Plain):
    """The state of an application after an action."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    stage = serializers.ChoiceField(choices=Stage.choices, allow_blank=True)
    revision = serializers.IntegerField()


class Nothing(Plain):
    """An empty body."""


class ReasonIn(Plain):
    """A reason that the other side reads."""

    reason = serializers.CharField(max_length=LONGEST_TEXT, help_text=_("理由；企业看得到这段话"))


class OptionalReasonIn(Plain):
    """A reason one may give."""

    reason = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")


class RulingIn(Plain):
    """Upheld or dismissed, with reasons."""

    is_upheld = serializers.BooleanField(help_text=_("是否成立"))
    reason = serializers.CharField(max_length=LONGEST_TEXT, help_text=_("处理意见或答复"))


class TextIn(Plain):
    """One text."""

    text = serializers.CharField(max_length=LONGEST_TEXT)


class CaseLine(Plain):
    """What a line of any list of applications shows."""

    number = serializers.CharField()
    kind = serializers.CharField()
    kind_title = serializers.SerializerMethodField()
    call = CallRef()
    organisation = OrganisationRef()
    district = PlaceOut(source="office_district")
    status = serializers.ChoiceField(choices=Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    stage = serializers.ChoiceField(choices=Stage.choices, allow_blank=True)
    must_act = serializers.SerializerMethodField(help_text=_("现在由谁办理：applicant、office、system 或 nobody"))
    submitted_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True, help_text=_("审核时限"))
    applicant_due_on = serializers.DateField(allow_null=True, help_text=_("企业期限"))
    updated_at = serializers.DateTimeField()

    def get_kind_title(self, application: Application) -> str:
        return str(kinds.title_of(application.kind))

    def get_must_act(self, application: Application) -> str:
        return str(procedures.owner_of(application))


class ClockOut(Plain):
    """The working-day clock: limit, used, left, and whether it stands still."""

    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()
    overdue_by = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    is_paused = serializers.BooleanField()
    is_provisional = serializers.BooleanField(help_text=_("跨入放假安排未公布的年度，为推算"))


class EventOut(Plain):
    """One step of a case."""

    at = serializers.DateTimeField()
    verb = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    by = serializers.CharField(source="by_name")
    side = serializers.CharField(source="by_side")
    status = serializers.CharField(source="status_to")
    note = serializers.CharField()

    def get_label(self, event: Any) -> str:
        return str(procedures.EVENT[procedures.Verb(event.verb)].label)


class ItemOut(Plain):
    """One marked question of a correction."""

    key = serializers.CharField()
    reason = serializers.CharField()
    reason_label = serializers.CharField(source="get_reason_display")
    note = serializers.CharField()
    old_value = serializers.JSONField(allow_null=True)
    reply = serializers.CharField()
    is_answered = serializers.BooleanField()
    verdict = serializers.CharField()


class CorrectionOut(Plain):
    """One return for correction with its questions."""

    sequence = serializers.IntegerField()
    requested_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    answered_at = serializers.DateTimeField(allow_null=True)
    items = ItemOut(many=True)


class MessageOut(Plain):
    """One line of talk inside a case."""

    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.name")
    side = serializers.CharField(source="by_side")
    text = serializers.CharField()


class FileOut(Plain):
    """A stored file. `download` answers once the safety check is passed."""

    number = serializers.CharField()
    name = serializers.CharField()
    slot = serializers.CharField()
    series = serializers.UUIDField()
    version = serializers.IntegerField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    status = serializers.ChoiceField(choices=StoredFile.Status.choices)
    refusal = serializers.CharField(source="refusal_text")
    created_at = serializers.DateTimeField()
    download = serializers.HyperlinkedIdentityField(
        view_name="api:file-content", lookup_field="number", lookup_url_kwarg="number"
    )


class VerdictOut(Plain):
    """Whether something may be done, and the sentence why not."""

    ok = serializers.BooleanField()
    why = serializers.CharField()
