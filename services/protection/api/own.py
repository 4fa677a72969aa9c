"""Alerts that concern one's enterprises and what one does about them; what one's enterprises watch."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from patents.api.rights import own_organisation, person
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers.common import Nothing
from portal.models import standing_of
from services.protection import reacting, watching
from services.protection.api import own_fields as fields
from services.protection.forms.own import DeliveryFilter
from services.protection.forms.watches import WatchForm
from services.protection.models import AlertDelivery, Watch
from services.protection.views.own.alerts import ORDER


class Deliveries(SignedIn):
    """Alerts of one's own enterprises. Reading through here is not noted; `read` is."""

    page_order = ORDER

    def get_queryset(self) -> QuerySet[AlertDelivery]:
        rows = AlertDelivery.objects.filter(organisation__in=list(standing_of(self.me).roles))
        return rows.select_related("alert", "version", "organisation", "assignee", "read_by", "reacted_by")

    @described(
        _("列出涉及我们的风险提示"), parameters=[fields.DeliveriesAsked], responses=fields.DeliveryLine(many=True)
    )
    def list(self, request: Request) -> Response:
        """Alerts that concern one's enterprises, the newest first, each with its reasons."""
        asked = self.asked(fields.DeliveriesAsked)
        rows = self.get_queryset()
        if "organisation" in asked:
            rows = rows.filter(organisation=own_organisation(self.me, asked["organisation"]))
        return self.page(DeliveryFilter(asked, queryset=rows).qs, fields.DeliveryLine)

    @described(_("查看涉及我们的一条提示"), responses=fields.DeliveryOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One alert with its reasons and everything done about it."""
        return self.said(self.get_object())

    @described(_("记录已读"), request=Nothing, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, number: str) -> Response:
        """Note that the enterprise has read it; the reminders end."""
        row = self.get_object()
        reacting.read(row, by=self.me)
        return self.said(row)

    @described(_("确认处理"), request=Nothing, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, number: str) -> Response:
        """Say that the enterprise deals with it."""
        return self.said(reacting.take(self.get_object(), by=self.me))

    @described(_("重新打开"), request=Nothing, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: str) -> Response:
        """Take up again what was done or put aside."""
        return self.said(reacting.reopen(self.get_object(), by=self.me))

    @described(_("办结"), request=fields.FinishIn, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, number: str) -> Response:
        """Say that what had to be done is done."""
        return self.said(reacting.finish(self.get_object(), **self.given(fields.FinishIn), by=self.me))

    @described(_("与我们无关"), request=fields.NotRelevantIn, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"], url_path="put-aside")
    def put_aside(self, request: Request, number: str) -> Response:
        """Say that it is not relevant, and why."""
        return self.said(reacting.put_aside(self.get_object(), **self.given(fields.NotRelevantIn), by=self.me))

    @described(_("勾选清单"), request=fields.TickIn, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"])
    def tick(self, request: Request, number: str) -> Response:
        """Say which steps of the checklist are done."""
        return self.said(reacting.tick(self.get_object(), **self.given(fields.TickIn), by=self.me))

    @described(_("交给同事"), request=fields.AlertAssignIn, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, number: str) -> Response:
        """Pass it to a colleague, who is told."""
        row, to = self.get_object(), person(self.given(fields.AlertAssignIn)["to"], "to")
        assert to is not None  # noqa: S101 - the field must be filled
        return self.said(reacting.assign(row, to=to, by=self.me))

    @described(_("写内部备注"), request=fields.AlertNoteIn, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, number: str) -> Response:
        """Keep a note for colleagues."""
        return self.said(reacting.write_note(self.get_object(), **self.given(fields.AlertNoteIn), by=self.me))

    @described(_("请求帮助"), request=fields.HelpIn, responses=fields.DeliveryOut)
    @action(detail=True, methods=["post"], url_path="ask-help")
    def ask_help(self, request: Request, number: str) -> Response:
        """Ask the district for help; its officers are told at once."""
        return self.said(reacting.ask_help(self.get_object(), **self.given(fields.HelpIn), by=self.me))

    def said(self, row: AlertDelivery) -> Response:
        """Answer with the alert as it is now."""
        return Response(self.shown(self.get_queryset().get(pk=row.pk), fields.DeliveryOut))


class Watches(SignedIn):
    """What one's enterprises watch; nobody else knows of it."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Watch]:
        return Watch.objects.visible_to(self.me).select_related("organisation")

    @described(_("列出关注"), parameters=[fields.WatchesAsked], responses=fields.WatchOut(many=True))
    def list(self, request: Request) -> Response:
        """What is watched, the newest first."""
        asked = self.asked(fields.WatchesAsked)
        rows = self.get_queryset()
        if "organisation" in asked:
            rows = rows.filter(organisation=own_organisation(self.me, asked["organisation"]))
        return self.page(rows, fields.WatchOut)

    @described(_("增加关注"), request=fields.WatchIn, responses={201: fields.WatchOut})
    def create(self, request: Request) -> Response:
        """Watch a country, a class or the law of a country; watching it already changes nothing."""
        given = self.given(fields.WatchIn)
        organisation = own_organisation(self.me, given["organisation"])
        form = WatchForm(given)
        if not form.is_valid():
            raise ValidationError(form.errors)  # type: ignore[arg-type]
        return Response(self.shown(watching.add(organisation, **form.cleaned_data, by=self.me), fields.WatchOut), 201)

    @described(_("取消关注"), request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, number: str) -> Response:
        """Watch it no longer."""
        watching.remove(get_object_or_404(self.get_queryset(), number=number), by=self.me)
        return Response(status=204)
