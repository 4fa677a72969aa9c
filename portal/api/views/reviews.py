"""Experts' reviews, and the city's rulings on objections and appeals."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import procedures
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import cases as side
from portal.api.serializers import reviews as seats
from portal.api.serializers.common import RulingIn
from portal.models import Appeal, Application, Assignment, Objection
from portal.permissions import Permission
from portal.procedures import require_gate
from portal.views.office.access import cases_of, holds


class Reviews(SignedIn):
    """What the expert was asked to score."""

    page_order = ("-created_at", "-id")
    lookup_field = "application__number"
    lookup_url_kwarg = "number"

    def get_queryset(self) -> QuerySet[Assignment]:
        seats = Assignment.objects.filter(user=self.me, seat=Assignment.Seat.EXPERT, ended_at=None)
        return seats.select_related("application__call", "application__organisation", "user")

    @described(_("列出我的评审"), responses=seats.SeatLine(many=True))
    def list(self, request: Request) -> Response:
        """Cases the expert is seated at, newest invitation first."""
        return self.page(self.get_queryset(), seats.SeatLine)

    @described(_("查看一件评审"), responses=seats.ReviewDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """Criteria at once; answers after the conflict declaration; others' sheets once the scoring is over."""
        return self.full(self.get_object())

    @described(_("声明利益关系"), request=seats.DeclarationIn, responses=seats.DeclarationOut)
    @action(detail=True, methods=["post"])
    def declare(self, request: Request, number: str) -> Response:
        """Declare before seeing content; with an interest the seat is given up."""
        application = self.get_object().application
        seat = procedures.declare(application, **self.given(seats.DeclarationIn), by=self.me)
        return Response(self.shown(seat, seats.DeclarationOut))

    @described(_("提交评分"), request=seats.ScoreIn, responses={201: seats.SheetOut})
    @action(detail=True, methods=["post"])
    def score(self, request: Request, number: str) -> Response:
        """Hand in one score sheet; it cannot be changed."""
        given = self.given(seats.ScoreIn)
        made = procedures.record_score(self.get_object().application, given["scores"], given["reason"], by=self.me)
        return Response(self.shown(made, seats.SheetOut), status=201)

    def full(self, seat: Assignment) -> Response:
        """Answer with the review and what the gate lets through."""
        gate = procedures.conflict_gate(self.me, seat.application)
        context = {**self.get_serializer_context(), "gate": gate}
        return Response(seats.ReviewDetail(seat, context=context).data)


class _Rulings(SignedIn):
    """Objections or appeals of the cases an official may rule on, oldest first."""

    page_order = ("created_at", "id")
    permission: Permission

    def rows(self, model: Any) -> QuerySet[Any]:
        user = self.me
        cases = cases_of(user) if holds(user, self.permission) else Application.objects.none()
        return model.objects.visible_to(user).filter(application__in=cases).select_related("application")

    def in_state(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        state = self.asked(side.StateAsked).get("state")
        return rows if state is None else rows.filter(decided_at__isnull=state == "open")

    def fetched(self) -> Any:
        """Return the object of the address, behind the conflict gate of its case."""
        found = get_object_or_404(self.get_queryset(), number=self.kwargs["number"])
        require_gate(self.me, found.application)
        return found


class Objections(_Rulings):
    """Objections made during publicity."""

    permission = Permission.DECIDE_OBJECTION

    def get_queryset(self) -> QuerySet[Objection]:
        return self.rows(Objection)

    @described(_("列出异议"), parameters=[side.StateAsked], responses=side.RulingLine(many=True))
    def list(self, request: Request) -> Response:
        """Objections to rule on; what they say is shown one by one, behind the conflict gate."""
        return self.page(self.in_state(self.get_queryset()), side.RulingLine)

    @described(_("查看一条异议"), responses=side.ObjectionOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One objection with who made it."""
        return Response(self.shown(self.fetched(), side.ObjectionOut))

    @described(_("处理异议"), request=RulingIn, responses=side.ObjectionOut)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, number: str) -> Response:
        """Uphold it (the case is refused) or dismiss it (publicity may end)."""
        objection = procedures.decide_objection(self.get_object(), **self.given(RulingIn), by=self.me)
        return Response(self.shown(objection, side.ObjectionOut))


class Appeals(_Rulings):
    """Appeals against refusals."""

    permission = Permission.DECIDE_APPEAL

    def get_queryset(self) -> QuerySet[Appeal]:
        return self.rows(Appeal)

    @described(_("列出申诉"), parameters=[side.StateAsked], responses=side.RulingLine(many=True))
    def list(self, request: Request) -> Response:
        """Appeals to answer; what they say is shown one by one, behind the conflict gate."""
        return self.page(self.in_state(self.get_queryset()), side.RulingLine)

    @described(_("查看一件申诉"), responses=side.CaseAppealOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One appeal with its reasons."""
        return Response(self.shown(self.fetched(), side.CaseAppealOut))

    @described(_("答复申诉"), request=RulingIn, responses=side.CaseAppealOut)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, number: str) -> Response:
        """Uphold it (the refused stage begins anew) or dismiss it. Whoever took part in the case may not."""
        appeal = procedures.decide_appeal(self.get_object(), **self.given(RulingIn), by=self.me)
        return Response(self.shown(appeal, side.CaseAppealOut))
