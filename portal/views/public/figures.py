"""Figures for everybody: by district, with cells under five enterprises, and what would give them away, left out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.views.generic import TemplateView

from portal import boards, measures
from portal.views.office.figures import shared
from portal.views.office.figures.city import span_text


class PublicFigures(TemplateView):
    """The public measures by district. An official sees here what everybody sees."""

    clause = "S3"
    template_name = "portal/public/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = [measure for measure in measures.everything() if measure.is_public]
        board = boards.latest(AnonymousUser(), [measure.code for measure in shown])
        asked = self.request.GET.get("measure", "")
        chosen = next((measure for measure in shown if measure.code == asked), shown[0])
        lines = [(one, shared.clause_name(one.clause), shared.map_of(one, board, links=False)) for one in shown]
        return super().get_context_data(
            board=board, measures=shown, lines=lines, map=shared.map_of(chosen, board, links=False),
            span=span_text(chosen), districts=list(shared.SHORT.values()), **kwargs,
        )  # fmt: skip
