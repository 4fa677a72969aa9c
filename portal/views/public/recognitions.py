"""Recognised enterprises: the public list, and one recognition by its certificate number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from portal import kinds
from portal.clock import today
from portal.models import District, Recognition
from portal.pagination import Keyset, capped_count
from portal.views.base import fetch

FIRST_YEAR = 2020


def plain(text: str) -> str:
    """Return what was typed without blanks around it and without the sign a database cannot hold."""
    return text.replace("\x00", "").strip()[:60]


class RecognitionList(TemplateView):
    """Valid and past recognitions, newest first; found by kind, year, district and name, or by certificate number."""

    clause = "5"
    template_name = "portal/public/recognition_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = plain(request.GET.get("q", "")).upper()
        if number and Recognition.objects.filter(number=number).exists():
            return redirect("recognition", number)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = {name: plain(self.request.GET.get(name, "")) for name in ("kind", "year", "district", "q")}
        rows = self.filtered(chosen).select_related("organisation__district")
        page = Keyset.of_request(self.request, rows, ("-granted_on", "-id"), size=30, known_count=capped_count(rows))
        found = [{"row": row, "kind": kinds.title_of(row.kind)} for row in page.rows]
        return super().get_context_data(
            page=page, found=found, chosen=chosen, is_filtered=any(chosen.values()),
            kinds=[(kind.code, kind.title) for kind in kinds.everything()],
            years=range(today().year, FIRST_YEAR - 1, -1), districts=District.objects.all(), **kwargs,
        )  # fmt: skip

    def filtered(self, chosen: dict[str, str]) -> Any:
        rows = Recognition.objects.visible_to(self.request.user)
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["year"].isascii() and chosen["year"].isdecimal() and 1900 < int(chosen["year"]) < 3000:
            rows = rows.filter(granted_on__year=int(chosen["year"]))
        if chosen["district"]:
            rows = rows.filter(organisation__district=chosen["district"])
        if chosen["q"]:
            rows = rows.filter(organisation__name__icontains=chosen["q"])
        return rows


class RecognitionPage(TemplateView):
    """One recognition: what the holder of a certificate may be told by anybody who checks its number."""

    clause = "5"
    template_name = "portal/public/recognition.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Recognition.objects.select_related("organisation__district", "application__call")
        row = fetch(rows, self.request.user, number=self.kwargs["number"])
        return super().get_context_data(row=row, kind=kinds.title_of(row.kind), today=today(), **kwargs)
