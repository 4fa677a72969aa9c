"""Disputes abroad for programs: the same persons, the same actions, the same 404 for everybody else."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from patents.api.rights import own_organisation, people
from patents.models import Right
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers.common import Nothing
from portal.models import Organisation
from services.protection.api import dispute_fields as fields
from services.protection.disputes import aid, evidence, keeping
from services.protection.models import OverseasDispute


class Disputes(SignedIn):
    """Disputes that name this person."""

    page_order = ("-served_on", "-id")

    def get_queryset(self) -> QuerySet[OverseasDispute]:
        return OverseasDispute.objects.own(self.me).select_related("organisation", "country")

    @described(_("列出海外纠纷"), responses=fields.DisputeLine(many=True))
    def list(self, request: Request) -> Response:
        """Disputes that name this person, the newest first."""
        return self.page(self.get_queryset(), fields.DisputeLine)

    @described(_("查看一件海外纠纷"), responses=fields.DisputeOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One dispute with its dates, events, checklist and requests for help."""
        return self.said(self.get_object())

    @described(_("登记海外纠纷"), request=fields.DisputeIn, responses={201: fields.DisputeOut})
    def create(self, request: Request) -> Response:
        """Open a file; its periods are computed at once."""
        given = self.given(fields.DisputeIn)
        organisation = own_organisation(self.me, given["organisation"])
        made = keeping.open_file(
            organisation,
            values=fields.DisputeIn.facts_of(given),
            rights=self.named(organisation, given.get("rights", [])),
            readers=people(given.get("readers")),
            by=self.me,
        )
        return self.said(made, status=201)

    def named(self, organisation: Organisation, numbers: Iterable[str]) -> QuerySet[Right]:
        """Return the rights named, as far as this person sees them; others are a wrong field."""
        wanted = set(numbers)
        found = Right.objects.visible_to(self.me).filter(organisation=organisation, number__in=wanted)
        if wanted - {right.number for right in found}:
            raise ValidationError({"rights": [_("只能选择本企业台账里您看得到的权利。")]})
        return found

    @described(_("登记海外纠纷的进展"), request=fields.EventIn, responses={201: fields.DisputeOut})
    @action(detail=True, methods=["post"])
    def events(self, request: Request, number: str) -> Response:
        """Note what happened; the periods it opens are there afterwards."""
        found = self.get_object()
        keeping.add_event(found, **self.given(fields.EventIn), by=self.me)
        return self.said(found, status=201)

    @described(_("更新海外纠纷的证据清单"), request=fields.EvidenceIn, responses=fields.DisputeOut)
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, number: str) -> Response:
        """Say whether an item of the checklist is there."""
        found = self.get_object()
        evidence.save(found, **self.given(fields.EvidenceIn), by=self.me)
        return self.said(found)

    @described(_("申请海外纠纷援助"), request=fields.AskIn, responses={201: fields.DisputeOut})
    @action(detail=True, methods=["post"], url_path="ask-help")
    def ask_help(self, request: Request, number: str) -> Response:
        """Ask the city for help."""
        found = self.get_object()
        aid.ask(found, text=self.given(fields.AskIn)["text"], by=self.me)
        return self.said(found, status=201)

    @described(_("撤回海外纠纷援助申请"), request=Nothing, responses=fields.DisputeOut)
    @action(detail=True, methods=["post"], url_path="withdraw-help")
    def withdraw_help(self, request: Request, number: str) -> Response:
        """Take the request back; helpers see the dispute no more."""
        found = self.get_object()
        aid.withdraw(found, by=self.me)
        return self.said(found)

    def said(self, dispute: OverseasDispute, status: int = 200) -> Response:
        """Answer with the dispute as it is now."""
        found = get_object_or_404(self.get_queryset().prefetch_related("events"), pk=dispute.pk)
        return Response(self.shown(found, fields.DisputeOut), status=status)
