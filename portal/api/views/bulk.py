"""Bulk decisions for programs: the same plan, confirmation, progress and release as the pages."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import bulk, second_factor
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import bulk as side
from portal.api.serializers.common import Nothing
from portal.models import BulkDecision
from portal.permissions import Permission
from portal.views.office.access import cases_of


class BulkDecisions(SignedIn):
    """Decisions over many files, for people who decide cases."""

    page_order = ("-created_at", "-id")
    door = (Permission.DECIDE_CASE,)

    def get_queryset(self) -> QuerySet[BulkDecision]:
        return BulkDecision.objects.visible_to(self.me).select_related("created_by", "release_by")

    @described(_("列出批量决定"), responses=side.BulkLine(many=True))
    def list(self, request: Request) -> Response:
        """Newest first."""
        return self.page(self.get_queryset(), side.BulkLine)

    @described(_("查看计划或进度"), responses=side.BulkDecisionOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """Each file: what will happen or has happened, which are refused and why, what is left."""
        return self.said()

    @described(_("拟定批量决定"), request=side.BulkDecisionIn, responses={201: side.BulkDecisionOut})
    def create(self, request: Request) -> Response:
        """Begin a plan; nothing is decided. Numbers one may not see are left out like absent ones."""
        given = self.given(side.BulkDecisionIn)
        found = {row.number: row for row in cases_of(self.me).filter(number__in=given["cases"])}
        chosen = [found[number] for number in given["cases"] if number in found]
        made = bulk.propose(chosen, is_approved=given["is_approved"], reason=given["reason"], by=self.me)
        return Response(self.shown(made, side.BulkDecisionOut), status=201)

    @described(_("确认批量决定"), request=side.CodeIn, responses=side.BulkDecisionOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, number: str) -> Response:
        """Set the plan going as it was seen, with a fresh second factor."""
        row, given = self.get_object(), self.given(side.CodeIn)
        second_factor.prove(request, given.pop("code"))
        bulk.confirm(row, **given, by=self.me)
        return self.said()

    @described(_("撤销决定"), request=side.UndoIn, responses=side.BulkDecisionOut)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, number: str) -> Response:
        """Take single files or all of them back until the release."""
        bulk.undo(self.get_object(), numbers=self.given(side.UndoIn)["cases"], by=self.me)
        return self.said()

    @described(_("放弃计划"), request=Nothing, responses=side.BulkDecisionOut)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, number: str) -> Response:
        """Give a plan up that was not confirmed."""
        bulk.drop(self.get_object(), by=self.me)
        return self.said()

    @described(_("发布"), request=side.ReleaseIn, responses=side.BulkDecisionOut)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, number: str) -> Response:
        """Release everything together, by a second person with a fresh second factor."""
        row, given = self.get_object(), self.given(side.ReleaseIn)
        second_factor.prove(request, given.pop("code"))
        bulk.ask_release(row, **given, by=self.me)
        return self.said()

    @described(_("撤回发布"), request=Nothing, responses=side.BulkDecisionOut)
    @action(detail=True, methods=["post"], url_path="call-off")
    def call_off(self, request: Request, number: str) -> Response:
        """Take a release back whose moment has not come."""
        bulk.call_off_release(self.get_object(), by=self.me)
        return self.said()

    def said(self) -> Response:
        """Answer with the bulk decision as it is now."""
        return Response(self.shown(self.get_object(), side.BulkDecisionOut))
