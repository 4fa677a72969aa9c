"""PDF documents of cases and recognitions: found as their reader may see them, made, and handed out as downloads."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View

from portal import case_documents
from portal.models import Application, Recognition

from .base import SignedIn, fetch
from .files import as_download
from .limits import Limited

CASES = Application.objects.select_related(
    "call__questionnaire", "organisation", "office_district", "submitted_by", "created_by"
)


class Document(Limited, SignedIn, View):
    """One PDF of the object in the address. `rows` finds it, `make(object, by)` returns (name, bytes)."""

    http_method_names = ["get", "head", "options"]
    limits = {"GET": "120/h"}
    limit_per_person = True
    rows: QuerySet[Any] = CASES
    make: Callable[..., tuple[str, bytes]]

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        name, content = type(self).make(fetch(self.rows.all(), request.user, number=number), by=request.user)
        return as_download(BytesIO(content), name, "application/pdf")


class Receipt(Document):
    make = staticmethod(case_documents.receipt)


class WholeCase(Document):
    make = staticmethod(case_documents.whole_case)


class DecisionLetter(Document):
    make = staticmethod(case_documents.decision_letter)


class Certificate(Document):
    rows = Recognition.objects.select_related("organisation", "application__call", "application__organisation")
    make = staticmethod(case_documents.certificate)
