"""Bulk decisions: plan, confirmation, progress, release."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import bulk, bulk_plan
from portal.models import BulkDecision, BulkItem

from .common import LONGEST_TEXT, PersonOut, Plain

NUMBER_LENGTH, HASH_LENGTH, CODE_LENGTH = 20, 64, 12


class BulkDecisionIn(Plain):
    """A plan: the common decision and the cases in their order; single ones may differ."""

    cases = serializers.ListField(
        child=serializers.CharField(max_length=NUMBER_LENGTH), min_length=1, max_length=bulk.MOST,
        help_text=_("办件编号，按顺序；名额依此顺序分配"),
    )  # fmt: skip
    is_approved = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class CodeIn(Plain):
    """An act for many: what was seen, the declaration, a fresh code of the authenticator."""

    seen = serializers.CharField(max_length=HASH_LENGTH, help_text=_("计划或结果里的 seen，原样送回"))
    has_declared = serializers.BooleanField(required=False, default=False, help_text=_("与所列企业都没有利益关系"))
    code = serializers.CharField(
        max_length=CODE_LENGTH, required=False, allow_blank=True, default="", help_text=_("验证器的六位验证码")
    )


class ReleaseIn(CodeIn):
    """When everything goes out; without a moment at once."""

    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class UndoIn(Plain):
    """Which files are taken back; without numbers all of them."""

    cases = serializers.ListField(
        child=serializers.CharField(max_length=NUMBER_LENGTH), required=False, allow_null=True, default=None,
        max_length=bulk.MOST,
    )  # fmt: skip


class BulkLine(Plain):
    """A bulk decision as a line."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=BulkDecision.State.choices)
    created_by = PersonOut()
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    release_by = PersonOut(allow_null=True)
    release_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


class HeldFileOut(Plain):
    """One file: what will happen to it or has happened, and why not."""

    case = serializers.CharField()
    state = serializers.ChoiceField(choices=BulkItem.State.choices)
    is_approved = serializers.BooleanField()
    reason = serializers.CharField()
    code = serializers.CharField(help_text=_("不会决定的原因代码；空：会决定"))
    why = serializers.CharField()


class BulkDecisionOut(BulkLine):
    """The plan before confirmation, afterwards the progress. `seen` goes back with the next act."""

    counts = serializers.SerializerMethodField()
    seen = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_counts(self, row: BulkDecision) -> dict[str, int]:
        return bulk_plan.tally(row)

    def _plan(self, row: BulkDecision) -> bulk_plan.Plan:
        """Return the plan, made once for both fields that need it."""
        known: dict[str, bulk_plan.Plan] = self.__dict__.setdefault("plans", {})
        if row.number not in known:
            known[row.number] = bulk_plan.plan(row, by=row.created_by, has_declared=True)
        return known[row.number]

    def get_seen(self, row: BulkDecision) -> str:
        return self._plan(row).seen if row.state == BulkDecision.State.PLANNED else bulk.held_seal(row)

    @extend_schema_field(HeldFileOut(many=True))
    def get_files(self, row: BulkDecision) -> list[dict[str, Any]]:
        if row.state == BulkDecision.State.PLANNED:
            found = [(line.item, line.is_approved, line.reason, line.code, line.why) for line in self._plan(row).lines]
        else:
            found = [_settled(row, item) for item in row.items.select_related("application", "decision")]
        return [
            {
                "case": item.application.number, "state": item.state, "is_approved": is_approved, "reason": reason,
                "code": code, "why": why,
            }
            for item, is_approved, reason, code, why in found
        ]  # fmt: skip


def _settled(row: BulkDecision, item: BulkItem) -> tuple[BulkItem, bool, str, str, str]:
    wanted = row.is_approved if item.is_approved is None else item.is_approved
    kept = item.decision
    return item, kept.is_approved if kept else wanted, kept.reason if kept else item.reason or row.reason, "", item.why
