"""The alert desk: districts propose, the city writes, a second person publishes, corrects and withdraws."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers.common import Nothing
from portal.permissions import Permission, check
from services.protection import checking, desk, drafting, publishing
from services.protection.api import desk_fields as fields
from services.protection.models import Alert, AlertVersion
from services.protection.views.desk.access import DESK_PERMISSIONS
from services.protection.views.desk.audience import preview_for
from services.protection.views.desk.lists import ORDER


class AlertDesk(SignedIn):
    """Alerts at any stage; an alert is named by its number, one works with its open edition or else the current."""

    page_order = ORDER
    door = DESK_PERMISSIONS

    def get_queryset(self) -> QuerySet[AlertVersion]:
        return desk.lines(self.me).select_related("author")

    def version(self) -> AlertVersion:
        """Return the version this person works with, or 404."""
        alert = get_object_or_404(Alert.objects.visible_to(self.me), number=self.kwargs["number"])
        return desk.shown(alert, self.me)

    @described(_("列出编写中和已发布的提示"), parameters=[fields.DeskAsked], responses=fields.DeskLine(many=True))
    def list(self, request: Request) -> Response:
        """One line per alert, the newest change first."""
        rows = self.get_queryset().filter(**self.asked(fields.DeskAsked)).defer("body", "body_en")
        return self.page(rows, fields.DeskLine)

    @described(_("查看一条提示"), responses=fields.DeskOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """Text, criteria, what must still be mended, and what one may do next."""
        return self.said(self.version())

    @described(_("起草提示"), request=fields.AlertIn, responses={201: fields.DeskOut})
    def create(self, request: Request) -> Response:
        """Begin a draft of the city's own."""
        check(self.me, Permission.DRAFT_ALERT)
        return self.said(publishing.start(self.given(fields.AlertIn), by=self.me), 201)

    @described(_("建议发布"), request=fields.AlertIn, responses={201: fields.DeskOut})
    @action(detail=False, methods=["post"])
    def propose(self, request: Request) -> Response:
        """Propose an alert as a district; the city decides."""
        return self.said(publishing.propose(self.given(fields.AlertIn), by=self.me), 201)

    @described(_("修改"), request=fields.AlertChangeIn, responses=fields.DeskOut)
    def partial_update(self, request: Request, number: str) -> Response:
        """Change an open draft or proposal; a newer state of somebody else is never overwritten (409)."""
        version = self.version()
        drafting.require_author(version, self.me)
        given = self.given(fields.AlertChangeIn)
        version.lock = given.pop("lock")
        return self.said(publishing.change(version, given, by=self.me))

    @described(_("采纳为草稿"), request=Nothing, responses=fields.DeskOut)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, number: str) -> Response:
        """Take a district's proposal over as a draft."""
        return self.said(publishing.adopt(self.version(), by=self.me))

    @described(_("不采用"), request=fields.DeskReasonIn, responses=fields.DeskOut)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, number: str) -> Response:
        """Give up a proposal or a draft; the proposer reads why."""
        return self.done(publishing.drop(self.version(), **self.given(fields.DeskReasonIn), by=self.me))

    @described(_("送复核"), request=Nothing, responses=fields.DeskOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, number: str) -> Response:
        """Hand a draft to review."""
        return self.said(publishing.submit(self.version(), by=self.me))

    @described(_("退回起草人"), request=fields.DeskReasonIn, responses=fields.DeskOut)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, number: str) -> Response:
        """Give it back with the reason; this also stops one that waits for its moment."""
        return self.said(publishing.send_back(self.version(), **self.given(fields.DeskReasonIn), by=self.me))

    @described(_("批准并发布"), request=fields.ApproveIn, responses=fields.DeskOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Publish what another person wrote, now or at a moment."""
        version, given = self.version(), self.given(fields.ApproveIn)
        return self.said(publishing.approve(version, by=self.me, publish_at=given["publish_at"]))

    @described(_("开始更正"), request=Nothing, responses={201: fields.DeskOut})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, number: str) -> Response:
        """Begin the next edition as a copy; until it is published the current one stays."""
        return self.said(publishing.correct(self.version().alert, by=self.me), 201)

    @described(_("撤回"), request=fields.WithdrawIn, responses=fields.DeskOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """Withdraw a published alert; who has it is told, and it stays readable as withdrawn."""
        alert = self.version().alert
        publishing.withdraw(alert, **self.given(fields.WithdrawIn), by=self.me)
        return self.said(self.version())

    @described(_("上传附件"), request={"multipart/form-data": fields.AlertPaperIn}, responses={201: fields.DeskOut})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def attach(self, request: Request, number: str) -> Response:
        """Add a file to an open version; it is everybody's from the publication on."""
        version = self.version()
        drafting.require_author(version, self.me)
        publishing.attach(version, self.given(fields.AlertPaperIn)["file"], by=self.me)
        return self.said(version, 201)

    @described(_("移除附件"), request=fields.DetachIn, responses=fields.DeskOut)
    @action(detail=True, methods=["post"])
    def detach(self, request: Request, number: str) -> Response:
        """Take a file from an open version."""
        version = self.version()
        drafting.require_author(version, self.me)
        file = get_object_or_404(version.attachments, number=self.given(fields.DetachIn)["file"])
        return self.said(publishing.detach(version, file, by=self.me))

    @described(_("预览受众"), responses=fields.AudienceOut)
    @action(detail=True, methods=["get"])
    def audience(self, request: Request, number: str) -> Response:
        """Whom the version would reach now: by district and reason, the effect of each criterion, the first few."""
        version = self.version()
        check(self.me, Permission.VIEW_REACH, version.alert)
        return Response(self.shown(preview_for(version, self.me), fields.AudienceOut))

    def said(self, version: AlertVersion, status: int = 200) -> Response:
        """Answer with the version as it is now."""
        return self.done(desk.shown(version.alert, self.me), status)

    def done(self, version: AlertVersion, status: int = 200) -> Response:
        """Answer with this version, be it over."""
        version = AlertVersion.objects.select_related("alert", "author", "reviewer").get(pk=version.pk)
        steps = {name: {"ok": verdict.ok, "why": str(verdict.why)} for name, verdict in self._steps(version).items()}
        version.problems = checking.problems(version) if version.is_open else []  # type: ignore[attr-defined]
        version.steps = steps  # type: ignore[attr-defined]
        return Response(self.shown(version, fields.DeskOut), status=status)

    def _steps(self, version: AlertVersion) -> dict[str, Any]:
        return desk.steps(version, self.me)
