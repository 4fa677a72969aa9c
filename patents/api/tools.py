"""Calculators for everyone: numbers, codes, annuities, size. No account; a wrong number is an answer, not an error."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises import industries, size_law
from enterprises.sizes import Industry
from patents import annuities, law, tool_answers
from patents.api import tool_fields as fields
from portal.api.base import Bilingual
from portal.api.schema import described


class ApplicationNumber(Bilingual):
    """Check an application or patent number."""

    @described(
        _("核对申请号、专利号"),
        parameters=[fields.NumberAsked],
        responses=forced_singular_serializer(fields.NumberOut),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Normal form, kind, route and year of a Chinese application or patent number in any usual spelling."""
        verdict, problems = tool_answers.application_number(self.asked(fields.NumberAsked)["number"])
        return Response(fields.NumberOut({**vars(verdict), "problems": problems}).data)


class CreditCode(Bilingual):
    """Check a unified social credit code."""

    @described(
        _("核对统一社会信用代码"),
        parameters=[fields.CodeAsked],
        responses=forced_singular_serializer(fields.CodeOut),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Check digit and proposed district of a code; a firm that moved keeps its code, so the firm confirms."""
        answer = tool_answers.credit_code(self.asked(fields.CodeAsked)["code"])
        return Response(fields.CodeOut(answer).data)


class Annuities(Bilingual):
    """Annuities of a Chinese patent to the end of its term."""

    @described(_("计算年费"), request=fields.AnnuitiesIn, responses={200: fields.AnnuitiesOut})
    def create(self, request: Request) -> Response:
        """Due dates, amounts, reductions and late months of every year after the grant year."""
        figures = law.annuity_law()
        given: dict[str, Any] = self.given(fields.AnnuitiesIn, law=figures)
        found = annuities.schedule(given["patent"], figures, given["as_of"])
        return Response(fields.AnnuitiesOut(found).data)


class SmeSize(Bilingual):
    """Size of an enterprise by the standard of 2011."""

    @described(_("列出行业"), responses=fields.IndustryOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """The sixteen industries with their GB/T 4754-2017 codes and the figures that count in each."""
        rows = [
            {
                "code": industry,
                "name": size_law.INDUSTRIES[industry],
                "classes": industries.classes_of(industry),
                "measures": size_law.bounds(industry).measures,
            }
            for industry in Industry
        ]
        return Response(fields.IndustryOut(rows, many=True).data)

    @described(_("判断企业规模"), request=fields.SizeIn, responses={200: fields.SizeOut})
    def create(self, request: Request) -> Response:
        """Micro, small, medium or large, with every comparison in words."""
        given: dict[str, Any] = self.given(fields.SizeIn)
        size, why = tool_answers.size(given["industry"], given["values"], is_unnamed=given["is_unnamed"])
        return Response(fields.SizeOut({"size": size, "why": why}).data)
