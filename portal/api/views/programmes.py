"""Programmes made as data: the same actions as the pages."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import makers, programmes
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import programmes as side
from portal.api.serializers.common import Nothing
from portal.models import Programme
from portal.views.office.calls import READERS


class Programmes(SignedIn):
    """Programmes, drafts included, for the people who make, publish or use them; the address names the code."""

    page_order = ("code", "id")
    lookup_value_regex = "[-a-zA-Z0-9_]{1,40}"
    door = READERS

    def get_queryset(self) -> QuerySet[Programme]:
        return Programme.objects.visible_to(self.me).select_related("host")

    def get_object(self) -> Programme:
        return get_object_or_404(self.get_queryset(), code=self.kwargs["number"])

    @described(_("列出项目"), responses=side.ProgrammeOut(many=True))
    def list(self, request: Request) -> Response:
        """Every programme one may see, by code."""
        return self.page(self.get_queryset(), side.ProgrammeOut)

    @described(_("查看项目"), responses=side.ProgrammeOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One programme with its rules of eligibility."""
        return self.said(self.get_object())

    @described(_("起草项目"), request=side.ProgrammeIn, responses={201: side.ProgrammeOut})
    def create(self, request: Request) -> Response:
        """Begin a draft for one's own office."""
        home = makers.home_of(self.me)
        makers.check_maker(self.me, makers.Place(home.pk if home else None))
        return self.said(programmes.create(self.given(side.ProgrammeIn), host=home, by=self.me), status=201)

    @described(_("修改项目"), request=side.ProgrammeChangeIn, responses=side.ProgrammeOut)
    def update(self, request: Request, number: str) -> Response:
        """Replace what a programme says, until its first call is published."""
        programme = self.get_object()
        makers.check_maker(self.me, programme)
        values = self.given(side.ProgrammeChangeIn)
        return self.said(programmes.change(programme, values, revision=values.pop("revision"), by=self.me))

    @described(_("启用项目"), request=Nothing, responses=side.ProgrammeOut)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, number: str) -> Response:
        """Put a draft to use: calls can be made for it."""
        return self.said(programmes.activate(self.get_object(), by=self.me))

    @described(_("停用项目"), request=Nothing, responses=side.ProgrammeOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, number: str) -> Response:
        """End a programme: no new calls."""
        return self.said(programmes.retire(self.get_object(), by=self.me))

    def said(self, programme: Programme, status: int = 200) -> Response:
        """Answer with the programme."""
        return Response(self.shown(programme, side.ProgrammeOut), status=status)
