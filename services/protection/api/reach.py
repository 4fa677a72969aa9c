"""Reach of published alerts for officials, and the enterprises their district must call or answer."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.base import SignedIn
from portal.api.schema import described
from portal.permissions import Permission, check
from services.protection import calling, reach
from services.protection.api import desk_fields as fields
from services.protection.models import Alert, AlertDelivery
from services.protection.views.own import calls
from services.protection.views.reach.reach import ORDER


class AlertReach(SignedIn):
    """Who has an alert, read it, answered it; districts see their own enterprises."""

    page_order = ORDER
    door = (Permission.VIEW_REACH,)

    def get_queryset(self) -> QuerySet[Alert]:
        return Alert.objects.visible_to(self.me).public()

    @described(_("列出送达和回应"), responses=fields.ReachLine(many=True))
    def list(self, request: Request) -> Response:
        """Published alerts with their figures, the newest first."""
        found = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self.shown(reach.lines(found, self.me), fields.ReachLine, many=True))

    @described(_("查看一条提示的送达和回应"), responses=fields.ReachOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One alert by district, industry, state and day."""
        return Response(self.shown(reach.seen_by(self.get_object(), self.me), fields.ReachOut))


class AlertCalls(SignedIn):
    """Enterprises that did not read a serious alert, or ask for help."""

    page_order = calls.ORDER
    door = (Permission.VIEW_REACH,)

    def get_queryset(self) -> QuerySet[AlertDelivery]:
        return calls.to_call(self.me).select_related("organisation", "version", "alert")

    @described(_("列出需要联系的企业"), responses=fields.AlertCallLine(many=True))
    def list(self, request: Request) -> Response:
        """Who waits longest stands first."""
        return self.page(self.get_queryset(), fields.AlertCallLine)

    @described(_("查看需要联系的企业"), responses=fields.AlertCallOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """What the enterprise asks, or that it has not read; and why it has the alert."""
        return self.said(calls.fetch_call(self.me, number))

    @described(_("记录联系结果"), request=fields.CallNoteIn, responses=fields.AlertCallOut)
    @action(detail=True, methods=["post"])
    def record(self, request: Request, number: str) -> Response:
        """Note that the enterprise was called, and what came of it."""
        row = self.of_mine(number)
        return self.said(calling.record_call(row, **self.given(fields.CallNoteIn), by=self.me))

    @described(_("答复求助"), request=fields.AnswerIn, responses=fields.AlertCallOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, number: str) -> Response:
        """Answer an enterprise that asked for help."""
        row = self.of_mine(number)
        return self.said(calling.answer_help(row, **self.given(fields.AnswerIn), by=self.me))

    def of_mine(self, number: str) -> AlertDelivery:
        """Return a delivery this person may call on; 404, Denied."""
        row = calls.fetch_call(self.me, number)
        check(self.me, Permission.CALL_ON_ALERT, row)
        return row

    def said(self, row: AlertDelivery) -> Response:
        """Answer with the call as it is now."""
        return Response(self.shown(row, fields.AlertCallOut))
