"""What anybody may read: districts, calls, publicity notices, recognitions, rules."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from portal import procedures
from portal.api.authentication import TokenScope
from portal.api.base import Public
from portal.api.schema import described
from portal.api.serializers import public as side
from portal.api.serializers.common import PlaceOut, ReasonIn
from portal.api.throttles import PublicWrite
from portal.clock import today
from portal.models import Application, Call, District, Organisation, Recognition, Rule

OFFICIALS = [IsAuthenticated, TokenScope]


class Districts(Public):
    """The sixteen districts."""

    pagination_class = None

    @described(_("列出各区"), responses=PlaceOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """Districts with their GB/T 2260 codes, north to south."""
        return Response(self.shown(District.objects.all(), PlaceOut, many=True))


class Calls(Public):
    """Published calls."""

    page_order = ("-opens_at", "-id")

    def get_queryset(self) -> QuerySet[Call]:
        return Call.objects.visible_to(self.request.user).published().select_related("district")

    @described(_("列出申报批次"), parameters=[side.OpenAsked], responses=side.CallLine(many=True))
    def list(self, request: Request) -> Response:
        """Published calls, the newest window first."""
        asked = self.asked(side.OpenAsked)
        rows = self.get_queryset().filter(**{name: asked[name] for name in ("kind", "year") if name in asked})
        return self.page(rows.open() if asked["open"] else rows, side.CallLine)  # type: ignore[attr-defined]

    @described(_("查看一个批次"), responses=side.CallOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """The call with its questionnaire, criteria, stages and limits."""
        found = get_object_or_404(self.get_queryset().select_related("questionnaire"), number=number)
        return Response(self.shown(found, side.CallOut))

    @described(_("资格预检"), parameters=[side.EligibilityAsked], responses=side.FindingOut(many=True), filters=False)
    @action(detail=True, methods=["get"], permission_classes=OFFICIALS, pagination_class=None)
    def eligibility(self, request: Request, number: str) -> Response:
        """Every eligibility rule for one of the enterprises the person may see, with evidence and the way out."""
        organisation = get_object_or_404(
            Organisation.objects.visible_to(request.user), number=self.asked(side.EligibilityAsked)["organisation"]
        )
        findings = procedures.eligibility(self.get_object(), organisation)
        return Response(self.shown(findings, side.FindingOut, many=True))


class Notices(Public):
    """Applications in publicity."""

    page_order = ("-publicity_from", "-id")

    def get_queryset(self) -> QuerySet[Application]:
        return procedures.publicity_rows().filter(publicity_until__gte=today())

    @described(_("列出公示"), responses=side.NoticeOut(many=True))
    def list(self, request: Request) -> Response:
        """What is in publicity now, the newest first."""
        return self.page(self.get_queryset(), side.NoticeOut)

    @described(_("查看一条公示"), responses=side.NoticeOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One notice."""
        return Response(self.shown(self.get_object(), side.NoticeOut))

    @described(_("提出异议"), request=side.ObjectIn, responses={201: side.ObjectedOut})
    @action(detail=True, methods=["post"], url_path="object", throttle_classes=[PublicWrite])
    def object_to(self, request: Request, number: str) -> Response:
        """Object with one's name while the publicity runs; few per address and hour."""
        made = procedures.object_to(self.get_object(), **self.given(side.ObjectIn))
        return Response(self.shown(made, side.ObjectedOut), status=201)


class Recognitions(Public):
    """Granted titles."""

    page_order = ("-granted_on", "-id")

    def get_queryset(self) -> QuerySet[Recognition]:
        return Recognition.objects.visible_to(self.request.user).select_related("organisation__district")

    @described(_("列出认定名单"), parameters=[side.RecognitionAsked], responses=side.RecognitionOut(many=True))
    def list(self, request: Request) -> Response:
        """Recognised enterprises, the newest first; ended recognitions stay with their state."""
        asked = self.asked(side.RecognitionAsked)
        names = {"kind": "kind", "district": "organisation__district", "status": "status"}
        rows = self.get_queryset().filter(**{names[name]: asked[name] for name in asked})
        return self.page(rows, side.RecognitionOut)

    @described(_("查看一项认定"), responses=side.RecognitionOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One recognition by its certificate number."""
        return Response(self.shown(self.get_object(), side.RecognitionOut))

    @described(_("记录中期检查"), request=side.NoteIn, responses=side.RecognitionOut)
    @action(detail=True, methods=["post"], permission_classes=OFFICIALS)
    def midterm(self, request: Request, number: str) -> Response:
        """Record the mid-term check of a valid recognition."""
        return self.done(procedures.record_midterm(self.get_object(), self.given(side.NoteIn)["note"], by=self.me))

    @described(_("记录验收"), request=side.AcceptanceIn, responses=side.RecognitionOut)
    @action(detail=True, methods=["post"], permission_classes=OFFICIALS)
    def accept(self, request: Request, number: str) -> Response:
        """Record the acceptance, passed or failed."""
        return self.done(procedures.accept(self.get_object(), **self.given(side.AcceptanceIn), by=self.me))

    @described(_("撤销认定"), request=ReasonIn, responses=side.RecognitionOut)
    @action(detail=True, methods=["post"], permission_classes=OFFICIALS)
    def revoke(self, request: Request, number: str) -> Response:
        """Take a recognition back; the reason stays public."""
        return self.done(procedures.revoke(self.get_object(), self.given(ReasonIn)["reason"], by=self.me))

    def done(self, recognition: Recognition) -> Response:
        """Answer with the recognition after an action."""
        return Response(self.shown(recognition, side.RecognitionOut))


class Rules(Public):
    """Dated figures with their sources."""

    page_order = ("code", "-effective_from", "id")
    lookup_field = "code"
    lookup_value_regex = "[0-9a-z_.-]{1,80}"

    @described(_("列出规则"), parameters=[side.RuleAsked], responses=side.RuleOut(many=True))
    def list(self, request: Request) -> Response:
        """Every dated row the portal computes with; what awaits verification is marked and not used."""
        asked: dict[str, Any] = self.asked(side.RuleAsked)
        rows = Rule.objects.visible_to(request.user)
        rows = rows.effective(asked["on"]) if "on" in asked else rows
        return self.page(rows.matching(asked["q"]) if "q" in asked else rows, side.RuleOut)

    @described(_("查看一条规则的历次数值"), responses=side.RuleOut(many=True), filters=False)
    def retrieve(self, request: Request, code: str) -> Response:
        """All rows of one code, the newest first."""
        rows = list(Rule.objects.visible_to(request.user).filter(code=code).order_by("-effective_from")[:200])
        if not rows:
            raise Http404
        return Response(self.shown(rows, side.RuleOut, many=True))
