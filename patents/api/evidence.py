"""Papers of a right and proofs that a trademark is used, through the interface: as visible as their right."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from patents import papers
from patents.api import valuing_fields as fields
from patents.api.rights import OfRight
from patents.models import UseEvidence
from portal.api.parsers import Json
from portal.api.schema import described
from portal.api.serializers.common import FileOut


class Papers(OfRight):
    """Papers of one right."""

    pagination_class = None
    parser_classes = [MultiPartParser]

    @described(_("列出权利文件"), responses=FileOut(many=True))
    def list(self, request: Request, right: str) -> Response:
        """The newest version of each paper, the newest first; at most a hundred."""
        return Response(self.shown(papers.of_right(self.right(), self.me), FileOut, many=True))

    @described(_("上传权利文件"), request={"multipart/form-data": fields.PaperIn}, responses={201: FileOut})
    def create(self, request: Request, right: str) -> Response:
        """Keep a paper of the right, as secret as the right is; it is inspected before anybody may read it."""
        found = self.kept()
        made = papers.attach(found, self.given(fields.PaperIn)["file"], by=self.me)
        return Response(self.shown(made, FileOut), status=201)


class Use(OfRight):
    """Proofs that a trademark is used; the non-use clock of a class runs from the latest."""

    page_order = ("-used_on", "-id")
    parser_classes = [Json, MultiPartParser]

    @described(_("列出使用证据"), responses=fields.UseOut(many=True))
    def list(self, request: Request, right: str) -> Response:
        """Proofs of use by the day of the use, the newest first."""
        rows = UseEvidence.objects.filter(right=self.right()).select_related("document")
        return self.page(rows, fields.UseOut)

    @described(
        _("登记使用证据"),
        request={"application/json": fields.UseIn, "multipart/form-data": fields.UseFileIn},
        responses={201: fields.UseOut},
    )
    def create(self, request: Request, right: str) -> Response:
        """Record use of a trademark in a class; the dates that run from its non-use move."""
        found, given = self.kept(), self.given(fields.UseFileIn)
        made = papers.add_use(found, document=given.pop("file", None), **given, by=self.me)
        return Response(self.shown(made, fields.UseOut), status=201)
