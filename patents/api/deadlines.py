"""The calculator of statutory periods: its rules in words, and one computation with its arithmetic."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from patents import catalogue
from patents.api.tool_fields import Choice, Day, Words, fold
from patents.arithmetic import sentences
from patents.catalogue import FIRST_DAY, LAST_DAY, Answer, Entry
from patents.periods import Delivery
from portal import rules
from portal.api.base import Bilingual
from portal.api.schema import described
from portal.api.serializers.common import Plain
from portal.models import RuleStatus

NO_RULE = _("没有这个规则代码。GET 同一地址可列出全部代码。")
TOO_EARLY = _("最早为 1985 年 1 月 1 日。")
TOO_LATE = _("最晚为 2100 年 12 月 31 日。")
NOT_COVERED = _("没有适用于这一天的规则。")


class PeriodRuleOut(Plain):
    """One rule code with its words."""

    code = serializers.CharField()
    words = serializers.CharField(source="title")
    triggered_by = serializers.CharField(source="event", help_text=_("triggered_on 是哪一天"))
    missed = serializers.CharField(help_text=_("错过的后果"))
    law = serializers.CharField(source="domain")
    deliveries = serializers.ListField(child=serializers.CharField(), help_text=_("影响结果的送达方式"))


class DeadlineIn(Plain):
    """What is asked: for notices `triggered_on` is the issue date."""

    rule = Words()
    triggered_on = Day()
    delivery = Choice(choices=[mode.value for mode in Delivery], default=Delivery.NONE.value)

    def validate_rule(self, text: str) -> str:
        """Refuse an unknown code."""
        code = fold(text).lower()
        if code not in catalogue.ENTRIES:
            raise ValidationError(NO_RULE)
        return code

    def validate_triggered_on(self, day: Any) -> Any:
        """Refuse days beyond the rules."""
        if day < FIRST_DAY:
            raise ValidationError(TOO_EARLY)
        if day > LAST_DAY:
            raise ValidationError(TOO_LATE)
        return day

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Compute; a day that no rule covers is a fault of the date."""
        try:
            answer = catalogue.deadline(given["rule"], given["triggered_on"], given["delivery"])
        except rules.RuleMissing:
            raise ValidationError({"triggered_on": [NOT_COVERED]}) from None
        return {**given, "answer": answer}


class DeadlineOut(Plain):
    """The dates: nominal before any roll-over, legal after it, target the safe day."""

    delivered_on = serializers.DateField(source="reckoning.delivered_on")
    nominal_on = serializers.DateField(source="reckoning.nominal_on")
    legal_on = serializers.DateField(source="reckoning.legal_on")
    target_on = serializers.DateField(source="reckoning.target_on")
    provisional = serializers.BooleanField(source="reckoning.is_provisional")
    status = serializers.ChoiceField(choices=RuleStatus.choices)
    basis = serializers.CharField()
    steps = serializers.SerializerMethodField()

    def get_steps(self, answer: Answer) -> list[str]:
        """Return the arithmetic in words."""
        return sentences(answer)


class Deadlines(Bilingual):
    """Statutory periods: a calculator that needs no account."""

    @described(_("列出期限规则"), responses=PeriodRuleOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """The rule codes with their words."""
        found: list[Entry] = list(catalogue.ENTRIES.values())
        return Response(self.shown(found, PeriodRuleOut, many=True))

    @described(_("推算一个期限"), request=DeadlineIn, responses={200: DeadlineOut})
    def create(self, request: Request) -> Response:
        """Compute one deadline from the day of its event, with the arithmetic."""
        return Response(self.shown(self.given(DeadlineIn)["answer"], DeadlineOut))
