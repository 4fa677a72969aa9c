"""Families and products of one's own enterprises, and imports of rights, through the interface."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from patents import families
from patents.api import money_fields as fields
from patents.api.rights import own_organisation
from patents.importing import runs
from patents.models import Family, ImportRun, Product
from patents.views.imports.pages import rows_for
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers.common import Nothing
from portal.models import standing_of
from portal.permissions import Permission, check


class Owned(SignedIn):
    """Things of one's own enterprises; ?organisation= limits them to one."""

    page_order = ("-created_at", "-id")
    model: Any = None

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.objects.filter(organisation__in=list(standing_of(self.me).roles))
        return rows.select_related("organisation")

    def asked_rows(self) -> QuerySet[Any]:
        """Return the rows of the enterprise that is asked for, or of all of one's own."""
        asked = self.asked(fields.OptionalOrganisationAsked)
        if "organisation" not in asked:
            return self.get_queryset()
        return self.get_queryset().filter(organisation=own_organisation(self.me, asked["organisation"]))


class Families(Owned):
    """Families of applications that rest on the same first filing."""

    model = Family

    @described(_("列出专利族"), parameters=[fields.OptionalOrganisationAsked], responses=fields.FamilyOut(many=True))
    def list(self, request: Request) -> Response:
        """Families, the newest first."""
        return self.page(self.asked_rows(), fields.FamilyOut)

    @described(_("新建专利族"), request=fields.FamilyIn, responses={201: fields.FamilyOut})
    def create(self, request: Request) -> Response:
        """Make a family; rights are put into it under their own address."""
        given = self.given(fields.FamilyIn)
        made = families.create_family(own_organisation(self.me, given.pop("organisation")), **given, by=self.me)
        return Response(self.shown(made, fields.FamilyOut), status=201)


class Products(Owned):
    """Products and services that use rights."""

    model = Product

    @described(_("列出产品"), parameters=[fields.OptionalOrganisationAsked], responses=fields.ProductOut(many=True))
    def list(self, request: Request) -> Response:
        """Products, the newest first."""
        return self.page(self.asked_rows(), fields.ProductOut)

    @described(_("新建产品"), request=fields.ProductIn, responses={201: fields.ProductOut})
    def create(self, request: Request) -> Response:
        """Make a product."""
        given = self.given(fields.ProductIn)
        made = families.save_product(own_organisation(self.me, given.pop("organisation")), **given, by=self.me)
        return Response(self.shown(made, fields.ProductOut), status=201)

    @described(_("修改产品"), request=fields.ProductChangeIn, responses=fields.ProductOut)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, number: str) -> Response:
        """Rename a product, or say that it is not sold any more."""
        row = self.get_object()
        saved = families.save_product(row.organisation, product=row, **self.given(fields.ProductChangeIn), by=self.me)
        return Response(self.shown(saved, fields.ProductOut))


class Imports(Owned):
    """Imports: upload, say what the columns mean, read the verdicts, confirm, watch."""

    model = ImportRun

    @described(_("列出导入"), parameters=[fields.OptionalOrganisationAsked], responses=fields.RunOut(many=True))
    def list(self, request: Request) -> Response:
        """Imports, the newest first."""
        return self.page(self.asked_rows(), fields.RunOut)

    @described(_("查看导入"), responses=fields.RunOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One import with its step, progress and counts."""
        return self.said(self.get_object())

    @described(_("上传文件"), request={"multipart/form-data": fields.FileIn}, responses={201: fields.RunOut})
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        """Upload a file; the worker reads its header, then the columns can be named."""
        given = self.given(fields.FileIn)
        organisation = own_organisation(self.me, given["organisation"])
        return self.said(runs.upload(given["file"], organisation=organisation, by=self.me), status=201)

    @described(_("对应各列"), request=fields.MappingIn, responses=fields.RunOut)
    @action(detail=True, methods=["post"])
    def map(self, request: Request, number: str) -> Response:
        """Say what the columns mean; every row is then judged without changing anything."""
        return self.said(runs.set_mapping(self.get_object(), **self.given(fields.MappingIn), by=self.me))

    @described(_("逐行结论"), parameters=[fields.RowsAsked], responses=fields.RowOut(many=True))
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, number: str) -> Response:
        """What will happen, or has happened, to every row of the file."""
        self.page_order = ("position", "id")
        return self.page(rows_for(self.get_object(), self.me).filter(**self.asked(fields.RowsAsked)), fields.RowOut)

    @described(_("确认导入"), request=fields.ConfirmIn, responses=fields.RunOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, number: str) -> Response:
        """Have the checked rows taken in: all of them, or expressly only the good ones."""
        return self.said(runs.confirm(self.get_object(), **self.given(fields.ConfirmIn), by=self.me))

    @described(_("重试导入"), request=Nothing, responses=fields.RunOut)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, number: str) -> Response:
        """Try a failed import again where it stopped."""
        return self.said(runs.resume(self.get_object(), by=self.me))

    @described(_("放弃导入"), request=Nothing, responses=fields.RunOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Give an import up before anything was taken in."""
        return self.said(runs.cancel(self.get_object(), by=self.me))

    def said(self, run: ImportRun, status: int = 200) -> Response:
        """Answer with the import; its samples and columns are for those who maintain rights."""
        check(self.me, Permission.VIEW_ORGANISATION, run.organisation)
        return Response(self.shown(run, fields.RunOut), status=status)
