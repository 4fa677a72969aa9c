"""Disputes abroad as the interface says and takes them: for the persons they name, never for officials."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from patents.models import RightKind
from portal.api.serializers.common import OrganisationRef, PersonOut, Plain
from portal.models import Deadline, RuleStatus
from services.protection.disputes import dates, evidence
from services.protection.disputes.keeping import FACTS
from services.protection.disputes.periods import EventKind
from services.protection.models import Country, LegalCase, OverseasDispute

NUMBER_LENGTH = 10


class DisputeLine(Plain):
    """A dispute as a line of a list."""

    number = serializers.CharField()
    organisation = OrganisationRef()
    title = serializers.CharField()
    country = serializers.CharField(source="country_id")
    forum = serializers.ChoiceField(choices=LegalCase.Forum.choices)
    side = serializers.ChoiceField(choices=OverseasDispute.Side.choices)
    right_kind = serializers.ChoiceField(choices=RightKind.choices)
    status = serializers.ChoiceField(choices=OverseasDispute.Status.choices)
    served_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)


class DisputeDateOut(Plain):
    """One date: the day that holds, the computed one beside it, and how it came about."""

    number = serializers.CharField()
    rule_code = serializers.CharField()
    words = serializers.SerializerMethodField()
    triggered_on = serializers.DateField(source="trigger_on")
    target_on = serializers.DateField()
    legal_on = serializers.DateField()
    computed_on = serializers.DateField(allow_null=True)
    is_confirmed = serializers.BooleanField(source="overridden_on")
    reason = serializers.CharField(source="overridden_reason")
    is_reminded = serializers.SerializerMethodField()
    rule_status = serializers.SerializerMethodField()
    arithmetic = serializers.SerializerMethodField()
    is_met = serializers.BooleanField(source="met_at")
    is_cancelled = serializers.BooleanField(source="cancelled_at")

    def get_words(self, row: Deadline) -> str:
        return str(dates.words(row.rule_code))

    def get_is_reminded(self, row: Deadline) -> bool:
        return not dates.is_unconfirmed(row)

    @extend_schema_field(serializers.ChoiceField(choices=RuleStatus.choices))
    def get_rule_status(self, row: Deadline) -> str:
        return str(dates.explained(row)["status"])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_arithmetic(self, row: Deadline) -> list[str]:
        found: list[str] = dates.explained(row)["sentences"]
        return found


class DisputeEventOut(Plain):
    """Something that happened."""

    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    on = serializers.DateField()
    text = serializers.CharField()


class EvidenceOut(Plain):
    """One item of the checklist."""

    code = serializers.CharField()
    words = serializers.CharField()
    is_there = serializers.BooleanField()
    note = serializers.CharField()
    document = serializers.CharField(allow_null=True)


class AidOut(Plain):
    """A request for help, as its enterprise sees it."""

    number = serializers.CharField()
    state = serializers.CharField()
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    officer = PersonOut(allow_null=True)
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class DisputeOut(DisputeLine):
    """Everything about one dispute."""

    docket = serializers.CharField()
    opponent = serializers.CharField()
    products = serializers.CharField()
    facts = serializers.CharField()
    end_note = serializers.CharField()
    version = serializers.IntegerField()
    dates = serializers.SerializerMethodField()
    events = DisputeEventOut(many=True, source="events.all")
    evidence = serializers.SerializerMethodField()
    aids = serializers.SerializerMethodField()

    @extend_schema_field(DisputeDateOut(many=True))
    def get_dates(self, row: OverseasDispute) -> Any:
        rows = dates.of_dispute(row).order_by("target_on", "pk")
        return DisputeDateOut(rows, many=True).data

    @extend_schema_field(EvidenceOut(many=True))
    def get_evidence(self, row: OverseasDispute) -> list[dict[str, Any]]:
        return [
            {
                "code": item.code,
                "words": item.label,
                "is_there": found.is_there,
                "note": found.note,
                "document": found.document.number if found.document else None,
            }
            for item, found in evidence.checklist(row)
        ]

    @extend_schema_field(AidOut(many=True))
    def get_aids(self, row: OverseasDispute) -> Any:
        return AidOut(row.aids.select_related("officer").order_by("-asked_at", "-pk")[:10], many=True).data


class DisputeIn(Plain):
    """A new dispute; `readers` and `rights` by their public numbers."""

    organisation = serializers.CharField(max_length=NUMBER_LENGTH)
    title = serializers.CharField(max_length=160)
    country = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all())
    forum = serializers.ChoiceField(choices=LegalCase.Forum.choices)
    docket = serializers.CharField(max_length=80, required=False, allow_blank=True)
    side = serializers.ChoiceField(choices=OverseasDispute.Side.choices)
    opponent = serializers.CharField(max_length=200, required=False, allow_blank=True)
    right_kind = serializers.ChoiceField(choices=RightKind.choices)
    products = serializers.CharField(max_length=300, required=False, allow_blank=True)
    facts = serializers.CharField(max_length=6000, required=False, allow_blank=True)
    served_on = serializers.DateField()
    readers = serializers.ListField(
        child=serializers.CharField(max_length=NUMBER_LENGTH), max_length=50, required=False
    )
    rights = serializers.ListField(child=serializers.CharField(max_length=NUMBER_LENGTH), max_length=50, required=False)

    @staticmethod
    def facts_of(given: dict[str, Any]) -> dict[str, Any]:
        """Return the facts alone, as the action takes them."""
        return {name: given[name] for name in FACTS if name in given}


class EventIn(Plain):
    """Something that happened."""

    kind = serializers.ChoiceField(choices=EventKind.choices)
    on = serializers.DateField()
    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class EvidenceIn(Plain):
    """One item of the checklist; papers are uploaded on the page."""

    code = serializers.SlugField(max_length=40)
    is_there = serializers.BooleanField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AskIn(Plain):
    """What help is wanted."""

    text = serializers.CharField(max_length=1000)
