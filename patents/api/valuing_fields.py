"""How rights are judged, rewards of inventors, proofs of use and papers as the interface says and takes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from patents.high_value import Condition, Verdict
from patents.models import Grade
from patents.papers import LAST_CLASS
from patents.rewards import State
from patents.views.money import words
from portal.api.serializers.common import Plain

from .money_fields import OptionalOrganisationAsked

CENT = Decimal("0.01")


class ReasonLine(Plain):
    """What speaks for a right, with its points."""

    words = serializers.CharField()
    points = serializers.IntegerField()


class ManualOut(Plain):
    """A grade set by hand."""

    grade = serializers.CharField(source="manual")
    reason = serializers.CharField()
    by = serializers.CharField()
    on = serializers.DateField()


class GradeOut(Plain):
    """The grade that holds; the computed one with its points, and the one set by hand, stay beside each other."""

    grade = serializers.CharField()
    computed = serializers.CharField()
    score = serializers.IntegerField()
    reasons = serializers.SerializerMethodField()
    manual = ManualOut(allow_null=True)
    advice = serializers.CharField()

    @extend_schema_field(ReasonLine(many=True))
    def get_reasons(self, grade: Any) -> list[dict[str, Any]]:
        return [{"words": str(text), "points": points} for text, points in grade.reasons]


class ConditionOut(Plain):
    """One condition of high value: what is known of it, in words and as values."""

    condition = serializers.ChoiceField(choices=[one.value for one in Condition])
    title = serializers.CharField()
    verdict = serializers.ChoiceField(
        choices=[one.value for one in Verdict],
        help_text=_("met 满足，near 接近，confirm 待人工确认，not 不满足"),
    )
    evidence = serializers.CharField(source="text")
    facts = serializers.DictField(help_text=_("依据的数值：产业代码、国家、日期、月数、金额、奖项"))


class SetOut(Plain):
    """A dated set of conditions; one that is not yet verified is shown, and never acts."""

    code = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    first = serializers.DateField()
    last = serializers.DateField(allow_null=True)
    is_trusted = serializers.BooleanField()


class SetVerdictOut(SetOut):
    """Whether a right meets a condition of the set."""

    is_met = serializers.BooleanField()


class JudgementOut(Plain):
    """The conditions of high value, with evidence and near misses."""

    is_eligible = serializers.BooleanField(help_text=_("只有有效的中国发明专利才可能是高价值"))
    findings = ConditionOut(many=True)
    sets = SetVerdictOut(many=True)


class ValuationOut(Plain):
    """How one right is judged."""

    right = serializers.CharField(source="right.number")
    title = serializers.CharField(source="right.title")
    application_number = serializers.CharField(source="right.application_number")
    filed_on = serializers.DateField(source="right.filed_on", allow_null=True)
    is_core = serializers.BooleanField(source="right.is_core")
    is_high_value = serializers.BooleanField(source="right.is_high_value")
    industry = serializers.CharField(source="right.industry_code", help_text=_("产业代码；确认前只是候选"))
    is_industry_confirmed = serializers.BooleanField(source="right.is_industry_confirmed")
    grade = GradeOut()
    high_value = JudgementOut(source="judgement")


class ValuationAsked(OptionalOrganisationAsked):
    """Inventions that meet a condition, that nearly do, or all that are in force."""

    show = serializers.ChoiceField(choices=["met", "near", "all"], required=False, default="met")


class GradeIn(Plain):
    """A grade set by hand with its reason; "" gives the computed one back."""

    grade = serializers.ChoiceField(choices=Grade.choices, allow_blank=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class CoreIn(Plain):
    """Core or not."""

    is_core = serializers.BooleanField()


class IndustryIn(Plain):
    """The branch of a patent; "" says that it belongs to none."""

    code = serializers.CharField(max_length=10, allow_blank=True)


class AreaLine(Plain):
    """Open inventions in force of one district."""

    district = serializers.CharField()
    valid = serializers.IntegerField()
    high_value = serializers.IntegerField()


class AreaOut(Plain):
    """Counts of an official's area."""

    as_of = serializers.DateTimeField()
    valid = serializers.IntegerField()
    high_value = serializers.IntegerField()
    districts = AreaLine(many=True)
    sets = SetOut(many=True)


def findings(judgement: Any) -> list[dict[str, Any]]:
    """Return the conditions in words, with the values they rest on."""
    said = words.lines(judgement)
    return [
        {**line, "condition": one.condition.value, "facts": facts(one.evidence)}
        for one, line in zip(judgement.findings, said, strict=True)
    ]


def facts(evidence: Any) -> dict[str, Any]:
    """Return evidence as JSON has it; the branch is named by its code."""
    plain = {name: value for name, value in evidence.items() if name != "branch"}
    return {name: str(value) if isinstance(value, dt.date | Decimal) else value for name, value in plain.items()}


class RewardOut(Plain):
    """What was agreed with, and paid to, one inventor."""

    number = serializers.CharField()
    inventor = serializers.CharField()
    agreed = serializers.DecimalField(source="agreed_amount", max_digits=12, decimal_places=2, allow_null=True)
    paid = serializers.DecimalField(source="paid_amount", max_digits=12, decimal_places=2, allow_null=True)
    paid_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField()


class RewardsOut(Plain):
    """Where the reward of a patent stands: the agreement counts, else the statutory minimum for the whole patent."""

    state = serializers.ChoiceField(choices=State.choices)
    required = serializers.DecimalField(max_digits=16, decimal_places=2)  # type: ignore[assignment]
    paid = serializers.DecimalField(max_digits=16, decimal_places=2)
    missing = serializers.DecimalField(max_digits=16, decimal_places=2)
    due_on = serializers.DateField(allow_null=True)
    is_agreed = serializers.BooleanField()
    basis = serializers.CharField(source="rule.basis", allow_null=True, default=None)
    rewards = RewardOut(many=True)


class AgreedIn(Plain):
    """What was agreed with an inventor of the right."""

    inventor = serializers.CharField(max_length=120)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=CENT)


class PaidIn(AgreedIn):
    """What an inventor was paid, with its voucher."""

    on = serializers.DateField()
    reference = serializers.CharField(max_length=60)


class UseOut(Plain):
    """Proof that a trademark is used in a class."""

    number = serializers.CharField()
    nice_class = serializers.IntegerField()
    used_on = serializers.DateField()
    description = serializers.CharField()
    document = serializers.CharField(source="document.number", allow_null=True, default=None)
    created_at = serializers.DateTimeField()


class UseIn(Plain):
    """Use of a trademark in a class."""

    nice_class = serializers.IntegerField(min_value=1, max_value=LAST_CLASS)
    used_on = serializers.DateField()
    description = serializers.CharField(max_length=300)


class UseFileIn(UseIn):
    """Use of a trademark in a class, with a paper that shows it."""

    file = serializers.FileField(max_length=200, required=False)


class PaperIn(Plain):
    """A paper of a right."""

    file = serializers.FileField(max_length=200)
