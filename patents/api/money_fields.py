"""Money of rights, forecasts, scenarios, families, products and imports as the interface says and takes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from patents.models import ImportRun, MoneyStage, Verdict
from patents.money import CODES
from portal.api.serializers.common import Plain

from .register_fields import number

MANY = 500


class EntryIn(Plain):
    """One amount at one stage."""

    stage = serializers.ChoiceField(choices=MoneyStage.choices)
    code = serializers.ChoiceField(choices=sorted(CODES), help_text=_("费用或收入的代码"))
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    on = serializers.DateField()
    year = serializers.IntegerField(min_value=1, max_value=25, required=False, allow_null=True, default=None)
    reference = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    document = number(required=False, allow_null=True, default=None)
    product = number(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class EntryOut(Plain):
    """An entry; it is never edited, only reversed."""

    number = serializers.CharField()
    right = serializers.CharField(source="right.number")
    stage = serializers.ChoiceField(choices=MoneyStage.choices)
    code = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    on = serializers.DateField()
    year = serializers.IntegerField(allow_null=True)
    reference = serializers.CharField()
    document = serializers.CharField(source="document.number", allow_null=True, default=None)
    product = serializers.CharField(source="product.number", allow_null=True, default=None)
    note = serializers.CharField()
    reverses = serializers.CharField(source="reverses.number", allow_null=True, default=None)
    created_at = serializers.DateTimeField()


class ReversalIn(Plain):
    """Why the entry is taken back."""

    reason = serializers.CharField(max_length=300)


class OrganisationAsked(Plain):
    """For which of one's enterprises."""

    organisation = number(help_text=_("企业编号"))


class OptionalOrganisationAsked(Plain):
    """For which of one's enterprises, or all."""

    organisation = number(required=False)


class ForecastAsked(OrganisationAsked):
    """For which enterprise, and with which scenario."""

    scenario = number(required=False)


class ForecastYear(Plain):
    """One calendar year."""

    year = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    kept = serializers.DecimalField(max_digits=14, decimal_places=2, help_text=_("按方案放弃后"))


class ForecastOut(Plain):
    """What keeping costs to the end of every term, and what a scenario saves."""

    total = serializers.DecimalField(max_digits=14, decimal_places=2)
    kept = serializers.DecimalField(max_digits=14, decimal_places=2)
    saving = serializers.DecimalField(max_digits=14, decimal_places=2)
    reductions = serializers.DecimalField(max_digits=14, decimal_places=2)
    years = ForecastYear(many=True)
    unknown = serializers.DictField(child=serializers.IntegerField(), help_text=_("无法推算的件数，按原因"))


class ScenarioIn(OrganisationAsked):
    """A new scenario."""

    name = serializers.CharField(max_length=80)


class DropsIn(Plain):
    """Which rights are given up from a year on; null keeps them."""

    rights = serializers.ListField(child=number(), min_length=1, max_length=MANY)
    year = serializers.IntegerField(min_value=2000, max_value=2200, allow_null=True)


class ScenarioOut(Plain):
    """A keep-or-drop scenario."""

    number = serializers.CharField()
    organisation = serializers.CharField(source="organisation.number")
    name = serializers.CharField()
    drops = serializers.DictField(child=serializers.IntegerField(), help_text=_("{权利编号: 从哪一年起放弃}"))
    updated_at = serializers.DateTimeField()


class FamilyIn(OrganisationAsked):
    """A new family."""

    title = serializers.CharField(max_length=300)
    priority_number = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    priority_on = serializers.DateField(required=False, allow_null=True, default=None)


class FamilyOut(Plain):
    """A family of applications."""

    number = serializers.CharField()
    organisation = serializers.CharField(source="organisation.number")
    title = serializers.CharField()
    priority_number = serializers.CharField()
    priority_on = serializers.DateField(allow_null=True)


class ProductIn(OrganisationAsked):
    """A new product."""

    name = serializers.CharField(max_length=200)
    is_active = serializers.BooleanField(required=False, default=True)


class ProductChangeIn(Plain):
    """What a product is called, and whether it is sold."""

    name = serializers.CharField(max_length=200)
    is_active = serializers.BooleanField()


class ProductOut(Plain):
    """A product or service that uses rights."""

    number = serializers.CharField()
    organisation = serializers.CharField(source="organisation.number")
    name = serializers.CharField()
    is_active = serializers.BooleanField()


class FileIn(OrganisationAsked):
    """A list of rights as CSV, XLSX, XLS, XML or JSON."""

    file = serializers.FileField(max_length=200)


class RunOut(Plain):
    """An import: its step, its progress, its counts by verdict."""

    number = serializers.CharField()
    organisation = serializers.CharField(source="organisation.number")
    name = serializers.CharField()
    size = serializers.IntegerField()
    format = serializers.CharField()
    status = serializers.CharField(help_text=", ".join(ImportRun.Status.values))
    header = serializers.JSONField()
    samples = serializers.JSONField()
    mapping = serializers.JSONField()
    row_count = serializers.IntegerField()
    done_count = serializers.IntegerField()
    dated_count = serializers.IntegerField(help_text=_("各行导入之后，已推算期限的件数"))
    counts = serializers.JSONField()
    error = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class MappingIn(Plain):
    """What the columns mean: {place of the column, from 0: field}; `kind` where no column says it."""

    columns = serializers.DictField(child=serializers.CharField(max_length=30))
    kind = serializers.CharField(max_length=14, required=False, allow_blank=True, default="")

    def validate_columns(self, columns: dict[str, str]) -> dict[int, str]:
        if not all(place.isascii() and place.isdecimal() and len(place) < 5 for place in columns):
            raise serializers.ValidationError(_("列的位置是从 0 开始的整数。"))
        return {int(place): name for place, name in columns.items()}


class ConfirmIn(Plain):
    """Whether the good rows are taken in though others are bad."""

    takes_good_rows = serializers.BooleanField(required=False, default=False)


class RowsAsked(Plain):
    """Rows of one verdict."""

    verdict = serializers.ChoiceField(choices=Verdict.values, required=False)


class RowOut(Plain):
    """One row of the file with its verdict."""

    position = serializers.IntegerField(help_text=_("文件中的行号"))
    verdict = serializers.CharField()
    right = serializers.CharField(source="right.number", allow_null=True, default=None)
    values = serializers.JSONField()
    changes = serializers.JSONField()
    problems = serializers.SerializerMethodField()

    def get_problems(self, row: Any) -> list[dict[str, str]]:
        return problems_in_words(row)


def problems_in_words(row: Any) -> list[dict[str, str]]:
    """Return the problems of a row with their column."""
    return [
        {name: str(value) for name, value in problem.items()} if isinstance(problem, dict) else {"text": str(problem)}
        for problem in row.problems
    ]
