"""An enterprise's alerts and watches as its members say and read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.common import OrganisationRef, PersonOut, Plain
from services.protection import reasons
from services.protection.api.knowledge_fields import TodoOut
from services.protection.models import AlertDelivery, AlertKind, DeliveryState, Severity, Watch

TEXT = serializers.CharField
NUMBER = 10


class DeliveriesAsked(Plain):
    """Filters of the list, as on its page."""

    organisation = TEXT(max_length=NUMBER, required=False, help_text=_("企业编号；不填则为本人所有企业"))
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)
    kind = serializers.ChoiceField(choices=AlertKind.choices, required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)


class ReasonOut(Plain):
    """Why the alert concerns the enterprise: a code with values for programs, words for people."""

    code = TEXT()
    values = serializers.DictField()
    words = serializers.SerializerMethodField()

    def get_words(self, reason: dict[str, Any]) -> str:
        return reasons.words(reason)


class DeliveryLine(Plain):
    """An alert that concerns an enterprise, as a line."""

    number = TEXT()
    organisation = OrganisationRef()
    alert = TEXT(source="alert.number")
    alert_status = TEXT(source="alert.status")
    edition = serializers.IntegerField(source="version.edition")
    kind = serializers.ChoiceField(choices=AlertKind.choices, source="version.kind")
    severity = serializers.ChoiceField(choices=Severity.choices, source="version.severity")
    title = TEXT(source="version.title")
    title_en = TEXT(source="version.title_en")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    reasons = ReasonOut(many=True)
    delivered_at = serializers.DateTimeField()
    confirm_on = serializers.DateField(allow_null=True, help_text=_("确认期限"))
    left_at = serializers.DateTimeField(allow_null=True, help_text=_("更正后不再涉及的时间"))
    assignee = PersonOut(allow_null=True)


class DeliveryOut(DeliveryLine):
    """An alert with everything its enterprise did about it. The text itself stands under alerts/."""

    checklist = TodoOut(many=True, source="version.checklist")
    change_note = TEXT(source="version.change_note")
    change_note_en = TEXT(source="version.change_note_en")
    ticked = serializers.ListField(child=serializers.IntegerField(), help_text=_("已做的事，从 0 起的位置"))
    read_at = serializers.DateTimeField(allow_null=True)
    read_by = PersonOut(allow_null=True)
    reacted_at = serializers.DateTimeField(allow_null=True)
    reacted_by = PersonOut(allow_null=True)
    note = TEXT()
    why_not = TEXT()
    help_asked_at = serializers.DateTimeField(allow_null=True)
    help_text = TEXT(source="help_asked")  # type: ignore[assignment]
    help_answer = TEXT()
    help_answered_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: AlertDelivery) -> dict[str, Any]:
        instance.help_asked = instance.help_text  # type: ignore[attr-defined]  # Field has a help_text of its own
        return dict(super().to_representation(instance))


class NotRelevantIn(Plain):
    """Why the alert is not relevant; the publisher reads it."""

    why = TEXT(max_length=300)


class FinishIn(Plain):
    """What came of it; only the enterprise reads it."""

    note = TEXT(max_length=1000, required=False, allow_blank=True, default="")


class AlertNoteIn(Plain):
    """A note for colleagues."""

    note = TEXT(max_length=1000, allow_blank=True)


class HelpIn(Plain):
    """What help is wanted of the district."""

    text = TEXT(max_length=1000)


class TickIn(Plain):
    """Which steps of the checklist are done; the others are open again."""

    done = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=100), max_length=100)


class AlertAssignIn(Plain):
    """To whom, by public number."""

    to = TEXT(max_length=NUMBER)


class WatchesAsked(Plain):
    """Of which enterprise."""

    organisation = TEXT(max_length=NUMBER, required=False, help_text=_("企业编号；不填则为本人所有企业"))


class WatchIn(Plain):
    """One thing to watch: a country, an IPC pattern, a Nice class, or the law of a country."""

    organisation = TEXT(max_length=NUMBER)
    what = serializers.ChoiceField(choices=Watch.What.choices)
    key = TEXT(max_length=60, help_text=_("例如 US、G01L 9/*、9"))


class WatchOut(Plain):
    """What is watched."""

    number = TEXT()
    organisation = OrganisationRef()
    what = serializers.ChoiceField(choices=Watch.What.choices)
    key = TEXT()
    words = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_words(self, watch: Watch) -> str:
        return reasons.watched(watch.what, watch.key)
