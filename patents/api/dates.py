"""Dates of rights through the interface: list, state an official day, meet with evidence, set aside."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from patents.api import register_fields as fields
from patents.api.rights import own_organisation
from patents.dates import codes, explaining, keeping
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers.common import Nothing
from portal.models import Deadline, StoredFile, standing_of

PEOPLE = ("responsible", "backup")


class Deadlines(SignedIn):
    """Dates of the rights of one's own enterprises and mandates."""

    page_order = ("target_on", "id")

    def get_queryset(self) -> QuerySet[Deadline]:
        standing = standing_of(self.me)
        rows = Deadline.objects.visible_to(self.me).filter(subject_type=codes.SUBJECT).select_related(*PEOPLE)
        own = Q(organisation__in=list(standing.roles))
        # Only for people of an agency: an OR over two columns costs everybody else the order of the index.
        return rows.filter(own | Q(agency__in=list(standing.agencies)) if standing.agencies else own)

    @described(_("列出期限"), parameters=[fields.DatesAsked], responses=fields.DateOut(many=True))
    def list(self, request: Request) -> Response:
        """Dates by their safe day, the nearest first."""
        asked = self.asked(fields.DatesAsked)
        rows: Any = self.get_queryset()
        narrowed = {"open": rows.open, "overdue": rows.overdue, "met": lambda: rows.exclude(met_at=None)}
        rows = narrowed.get(asked["state"], lambda: rows)()
        if "organisation" in asked:
            rows = rows.filter(organisation=own_organisation(self.me, asked["organisation"]))
        if "right" in asked:
            rows = rows.filter(subject_number=asked["right"])
        return self.page(rows.filter(target_on__lte=asked["until"]) if "until" in asked else rows, fields.DateOut)

    @described(_("查看一个期限"), responses=fields.DateDetailOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One date with what was computed, its arithmetic in words, and what was stated."""
        return self.said(self.get_object())

    @described(_("办结期限"), request=fields.MeetIn, responses=fields.DateDetailOut)
    @action(detail=True, methods=["post"])
    def meet(self, request: Request, number: str) -> Response:
        """Mark a date as kept; where money goes with it a receipt's number or paper is needed."""
        row, given = self.get_object(), self.given(fields.MeetIn)
        papers = StoredFile.objects.visible_to(self.me).filter(organisation=row.organisation_id)
        paper = get_object_or_404(papers, number=given["document"]) if given["document"] else None
        return self.said(keeping.meet(row, **{**given, "document": paper}, by=self.me))

    @described(_("登记官方日期"), request=fields.StatedIn, responses=fields.DateDetailOut)
    @action(detail=True, methods=["post"])
    def override(self, request: Request, number: str) -> Response:
        """Let an official or stated day hold; the computed one stays beside it."""
        return self.said(keeping.override(self.get_object(), **self.given(fields.StatedIn), by=self.me))

    @described(_("恢复推算日期"), request=Nothing, responses=fields.DateDetailOut)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, number: str) -> Response:
        """Let the computed day hold again."""
        row = self.get_object()
        keeping.lift(row, by=self.me)
        return self.said(row)

    @described(_("不需要办理"), request=fields.WhyIn, responses=fields.DateDetailOut)
    @action(detail=True, methods=["post"], url_path="set-aside")
    def set_aside(self, request: Request, number: str) -> Response:
        """Say that a date need not be kept."""
        row = self.get_object()
        keeping.set_aside(row, **self.given(fields.WhyIn), by=self.me)
        return self.said(row)

    def said(self, deadline: Deadline) -> Response:
        """Answer with the date as it is now."""
        row = Deadline.objects.select_related(*PEOPLE).get(pk=deadline.pk)
        row.steps = explaining.sentences(row, keeping.right_of(row))  # type: ignore[attr-defined]
        return Response(self.shown(row, fields.DateDetailOut))
