"""What everybody may read: published alerts, the law tracker, the case library, the pages of countries."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.base import Public
from portal.api.schema import described
from portal.models import StoredFile
from services.protection.api import knowledge_fields as fields
from services.protection.forms.knowledge import AlertFilter, CaseFilter, LawFilter
from services.protection.models import Alert, AlertVersion, Country, LawChange, LegalCase
from services.protection.views.knowledge.archive import ORDER
from services.protection.views.knowledge.library import CASE_ORDER, LAW_ORDER


class Filtered(Public):
    """A list with the filters of its page."""

    filter_class: Any = None

    def found(self, serializer_class: Any) -> QuerySet[Any]:
        """Return the rows that are asked for."""
        rows: QuerySet[Any] = self.filter_class(
            self.asked(serializer_class), queryset=self.get_queryset(), request=self.request
        ).qs
        return rows


class Alerts(Filtered):
    """Published alerts; withdrawn and expired ones stay and say so."""

    page_order, filter_class = ORDER, AlertFilter

    def get_queryset(self) -> QuerySet[Alert]:
        return Alert.objects.public().select_related("current")

    @described(_("列出已发布的风险提示"), parameters=[fields.AlertsAsked], responses=fields.AlertLine(many=True))
    def list(self, request: Request) -> Response:
        """The archive, the newest first."""
        return self.page(self.found(fields.AlertsAsked), fields.AlertLine)

    @described(_("查看一条风险提示"), responses=fields.AlertOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One alert with its text, sources, editions and attachments."""
        rows = self.get_queryset().prefetch_related("current__laws", "current__cases")
        clean = StoredFile.objects.filter(status=StoredFile.Status.CLEAN)
        papers = Prefetch("current__attachments", clean, to_attr="clean_papers")
        alert = get_object_or_404(rows.prefetch_related(papers), number=number)
        assert alert.current is not None  # noqa: S101 - public() asked for it
        editions = AlertVersion.objects.filter(alert=alert, published_at__isnull=False).order_by("-edition")
        found = {**{name: getattr(alert, name) for name in NAMES}, "editions": editions}
        return Response(self.shown({**found, "attachments": alert.current.clean_papers}, fields.AlertOut))  # type: ignore[attr-defined]


NAMES = (
    *("number", "status", "current", "published_at"),
    *("withdrawn_at", "withdrawn_reason", "withdrawn_reason_en"),
)


class Laws(Filtered):
    """Changes of law."""

    page_order, filter_class = LAW_ORDER, LawFilter

    def get_queryset(self) -> QuerySet[LawChange]:
        return LawChange.objects.all()

    @described(_("列出法律变化"), parameters=[fields.LawsAsked], responses=fields.LawOut(many=True))
    def list(self, request: Request) -> Response:
        """Changes of law by the day they come into force, the newest first."""
        return self.page(self.found(fields.LawsAsked), fields.LawOut)

    @described(_("查看一项法律变化"), responses=fields.LawOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One change of law."""
        return Response(self.shown(self.get_object(), fields.LawOut))


class LegalCases(Filtered):
    """Cases others can learn from."""

    page_order, filter_class = CASE_ORDER, CaseFilter

    def get_queryset(self) -> QuerySet[LegalCase]:
        return LegalCase.objects.all()

    @described(_("列出案例"), parameters=[fields.CasesAsked], responses=fields.LegalCaseOut(many=True))
    def list(self, request: Request) -> Response:
        """Cases, the newest first; samples say so."""
        return self.page(self.found(fields.CasesAsked), fields.LegalCaseOut)

    @described(_("查看一个案例"), responses=fields.LegalCaseOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One case."""
        return Response(self.shown(self.get_object(), fields.LegalCaseOut))


class Countries(Public):
    """Countries, regions and regional offices."""

    page_order = ("position", "code")
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Country]:
        return Country.objects.all()

    @described(_("列出国家和地区"), responses=fields.CountryLine(many=True))
    def list(self, request: Request) -> Response:
        """The usual markets first."""
        return self.page(self.get_queryset(), fields.CountryLine)

    @described(_("查看国别资料"), responses=fields.CountryOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Memberships, time limits, terms, border measures and contacts, each with source and status."""
        return Response(self.shown(self.get_object(), fields.CountryOut))
