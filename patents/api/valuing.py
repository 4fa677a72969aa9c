"""How rights are judged, through the interface: grades, core marks, high value with its near misses, rewards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from patents import grades, rewards, valuing
from patents.api import valuing_fields as fields
from patents.api.rights import NEWEST, OfRight, own_organisation, own_rights
from patents.high_value import Parameters, Set
from patents.models import Right
from patents.views.money.high_value import counts_for
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.clock import today
from portal.errors import Denied
from portal.models import standing_of
from portal.permissions import Permission


def valuations(rights: Sequence[Right], user: Any) -> list[dict[str, Any]]:
    """Return how rights are judged, in the shape of the answer; the same statements whatever their number."""
    parameters = valuing.parameters()
    judged = valuing.judge_all(rights, user=user, on=today())
    return [
        {
            "right": right,
            "grade": grades.explain(right),
            "judgement": {
                "is_eligible": judged[right.pk].is_eligible,
                "findings": fields.findings(judged[right.pk]),
                "sets": sets(parameters, judged[right.pk].verdicts),
            },
        }
        for right in rights
    ]


def sets(parameters: Parameters, verdicts: Any) -> list[dict[str, Any]]:
    """Return the dated sets of conditions, and by which of them a right counts."""

    def said(one: Set) -> dict[str, Any]:
        return {**vars(one), "conditions": sorted(one.conditions), "is_met": verdicts.get(one.code, False)}

    return [said(one) for one in parameters.sets]


class Valuation(OfRight):
    """How one right is judged, and what people decide about it."""

    pagination_class = None

    @described(_("分级和高价值判定"), responses=forced_singular_serializer(fields.ValuationOut), filters=False)
    def list(self, request: Request, right: str) -> Response:
        """The grade with its points, and each condition of high value with its evidence and near misses."""
        return self.said(self.right())

    @described(_("人工分级"), request=fields.GradeIn, responses=fields.ValuationOut)
    @action(detail=False, methods=["post"])
    def grade(self, request: Request, right: str) -> Response:
        """Set a grade by hand with its reason, or give the computed one back."""
        return self.said(grades.set_manual(self.right(), **self.given(fields.GradeIn), by=self.me))

    @described(_("标为核心专利"), request=fields.CoreIn, responses=fields.ValuationOut)
    @action(detail=False, methods=["post"])
    def core(self, request: Request, right: str) -> Response:
        """Mark the right as core, or no longer; its grade follows."""
        return self.said(grades.mark_core(self.right(), **self.given(fields.CoreIn), by=self.me))

    @described(_("确认产业归属"), request=fields.IndustryIn, responses=fields.ValuationOut)
    @action(detail=False, methods=["post"])
    def industry(self, request: Request, right: str) -> Response:
        """Confirm which branch an invention belongs to, or that it belongs to none."""
        return self.said(valuing.confirm_industry(self.right(), **self.given(fields.IndustryIn), by=self.me))

    def said(self, right: Right) -> Response:
        """Answer with how the right is judged now."""
        return Response(self.shown(valuations([right], self.me)[0], fields.ValuationOut))


class HighValue(SignedIn):
    """Inventions of high value: one's own with evidence, an official's area as counts."""

    page_order = NEWEST

    @described(_("列出高价值发明专利"), parameters=[fields.ValuationAsked], responses=fields.ValuationOut(many=True))
    def list(self, request: Request) -> Response:
        """Inventions in force that meet a condition, that nearly do, or all, with evidence; the newest first."""
        asked = self.asked(fields.ValuationAsked)
        rows = valuing.inventions(own_rights(self.me))
        if "organisation" in asked:
            rows = rows.filter(organisation=own_organisation(self.me, asked["organisation"]))
        if asked["show"] != "all":
            rows = rows.filter(is_high_value=True) if asked["show"] == "met" else rows.filter(valuing.nearly(today()))
        found = self.paginate_queryset(rows) or []
        return self.get_paginated_response(self.shown(valuations(found, self.me), fields.ValuationOut, many=True))

    @described(_("辖区高价值发明专利计数"), responses=fields.AreaOut, filters=False)
    @action(detail=False, methods=["get"])
    def counts(self, request: Request) -> Response:
        """Open inventions in force of an official's area by district, and how many are of high value."""
        standing = standing_of(self.me)
        if not (standing.is_city or standing.districts):
            raise Denied(Permission.VIEW_FIGURES.value)
        counted = counts_for(self.me)
        lines = [{"district": name, "valid": valid, "high_value": high} for name, valid, high in counted["rows"]]
        total = {"valid": counted["total"][0], "high_value": counted["total"][1], "as_of": counted["as_of"]}
        answer = {**total, "districts": lines, "sets": sets(valuing.parameters(), {})}
        return Response(self.shown(answer, fields.AreaOut))


class Rewards(OfRight):
    """Rewards of the inventors of one patent."""

    pagination_class = None

    @described(_("发明人奖励"), responses=forced_singular_serializer(fields.RewardsOut), filters=False)
    def list(self, request: Request, right: str) -> Response:
        """What is owed, agreed and paid, and by when."""
        return self.said(self.right())

    @described(_("登记奖励约定"), request=fields.AgreedIn, responses=fields.RewardsOut)
    @action(detail=False, methods=["post"])
    def agree(self, request: Request, right: str) -> Response:
        """Enter or change what was agreed with an inventor."""
        found = self.kept()
        rewards.agree(found, **self.given(fields.AgreedIn), by=self.me)
        return self.said(found)

    @described(_("登记奖励发放"), request=fields.PaidIn, responses=fields.RewardsOut)
    @action(detail=False, methods=["post"])
    def pay(self, request: Request, right: str) -> Response:
        """Enter what an inventor was paid, with its voucher; a second payment adds up."""
        found = self.kept()
        rewards.pay(found, **self.given(fields.PaidIn), by=self.me)
        return self.said(found)

    def said(self, right: Right) -> Response:
        """Answer with where the rewards of the right stand now."""
        rows = list(right.rewards.order_by("inventor", "pk"))
        standing = rewards.standing(right, rows, today())
        return Response(self.shown({**vars(standing), "missing": standing.missing, "rewards": rows}, fields.RewardsOut))
