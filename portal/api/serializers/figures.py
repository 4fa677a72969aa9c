"""Measures with their figures, targets, and tasks between city and districts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal import measures
from portal.clauses import CLAUSES
from portal.models import District, RuleStatus, TaskShare

from .common import PlaceOut, Plain
from .organisations import place

AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


class MeasureOut(Plain):
    """One measure: its words, unit, clause and how it is computed."""

    code = serializers.CharField()
    title = serializers.CharField()
    clause = serializers.CharField()
    unit = serializers.CharField()
    how = serializers.CharField()
    better = serializers.ChoiceField(choices=[one.value for one in measures.Better])
    way = serializers.ChoiceField(choices=[one.value for one in measures.Way])


class CellOut(Plain):
    """One figure as the person may see it; hidden ones have no value."""

    district = serializers.CharField(help_text=_("区划代码；空为全市"), allow_blank=True)
    value = serializers.DecimalField(**AMOUNT, allow_null=True)
    count = serializers.IntegerField(allow_null=True, help_text=_("所数的记录条数"))
    is_hidden = serializers.BooleanField(help_text=_("少于五家或可由此推算，不显示"))


class MeasureFigures(MeasureOut):
    """One measure with its latest figures by district."""

    as_of = serializers.DateTimeField(allow_null=True)
    figures = CellOut(many=True)


class TargetIn(Plain):
    """A target; whole months, with its basis and source."""

    measure = serializers.CharField(max_length=60)
    district = place(required=False, allow_null=True, default=None)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    value = serializers.DecimalField(**AMOUNT, min_value=0)
    basis = serializers.CharField(max_length=300)
    source = serializers.CharField(max_length=300)  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=RuleStatus.choices)

    def validate_value(self, value: Any) -> Any:
        if not value:
            raise serializers.ValidationError(_("目标值要大于 0。"))
        return value


class TargetOut(Plain):
    """A target as it stands; withdrawn ones keep their row."""

    number = serializers.CharField()
    measure = serializers.CharField()
    district = PlaceOut(allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    value = serializers.DecimalField(**AMOUNT)
    basis = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=RuleStatus.choices)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()


class TaskIn(Plain):
    """A task for districts, or for the city's own office."""

    title = serializers.CharField(max_length=160)
    clause = serializers.ChoiceField(choices=list(CLAUSES))
    description = serializers.CharField(max_length=6000)
    due_on = serializers.DateField()
    districts = serializers.SlugRelatedField(
        slug_field="code", queryset=District.objects.all(), many=True, help_text=_("承办区的区划代码")
    )
    for_city = serializers.BooleanField(required=False, default=False)


class TaskOut(Plain):
    """A task without its shares."""

    number = serializers.CharField()
    title = serializers.CharField()
    clause = serializers.CharField()
    description = serializers.CharField()
    due_on = serializers.DateField()


class ShareOut(Plain):
    """One office's share of a task."""

    number = serializers.CharField()
    district = PlaceOut(allow_null=True)
    state = serializers.ChoiceField(choices=TaskShare.State.choices)
    is_overdue = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)
    task = TaskOut()


class NoteOut(Plain):
    """One line of progress."""

    text = serializers.CharField()
    state = serializers.ChoiceField(choices=TaskShare.State.choices)
    at = serializers.DateTimeField()
    by_name = serializers.CharField()
    file = serializers.SerializerMethodField(help_text=_("佐证材料的文件名"))

    @extend_schema_field(serializers.CharField())
    def get_file(self, note: Any) -> str:
        return note.file.name if note.file else ""


class ShareFull(ShareOut):
    """A share with its progress, the latest first."""

    notes = serializers.SerializerMethodField()

    @extend_schema_field(NoteOut(many=True))
    def get_notes(self, share: Any) -> Any:
        return NoteOut(share.notes.select_related("file").order_by("-at", "-id")[:100], many=True).data


class ProgressIn(Plain):
    """One line of progress; the last one may finish the share."""

    text = serializers.CharField(max_length=1000)
    is_done = serializers.BooleanField(required=False, default=False)
