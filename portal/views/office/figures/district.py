"""One district's dashboard: its figures beside the middle of the city, year on year, against its targets."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import boards, formats, measures
from portal.boards import Board
from portal.models import District, TaskShare

from . import shared
from .city import FiguresPage, headlines, may_see, reach_words, span_text

TILES = (
    "enterprises-registered", "enterprises-verified", "applications-handed-in", "handling-median", "recognitions-valid",
    "inventions-valid", "inventions-high-value", "dates-kept", "alerts-read",
)  # fmt: skip
CURVES = (("applications-handed-in", "applications-decided"), ("enterprises-registered", "enterprises-verified"))


class DistrictPage(FiguresPage):
    """A page about one district: for its own officials and the city's; for everybody else it does not exist."""

    @cached_property
    def district(self) -> District:
        code = shared.CODES.get(self.kwargs["slug"], "")
        if not code or not may_see(self.request.user, code):
            raise Http404
        return District.objects.get(code=code)


class DistrictBoard(DistrictPage, TemplateView):
    """Tiles, curves and the comparison of one district."""

    template_name = "portal/figures/district.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, code = self.request.user, self.district.code
        board = boards.latest(user)
        targets = boards.reached(board, place=code)
        shares = TaskShare.objects.open().filter(district=code).select_related("task").order_by("task__due_on", "pk")
        return super().get_context_data(
            district=self.district,
            board=board,
            kpis=headlines(board, code, TILES),
            lines=comparison(user, board, code),
            charts=[shared.trend_chart(user, codes, code) for codes in CURVES],
            targets=[reach_words(one) for one in targets],
            shares=shares[:5],
            finding=finding(board, code, self.district),
            **kwargs,
        )


def comparison(user: Any, board: Board, code: str) -> list[dict[str, Any]]:
    """Return one line per measure: now, the middle of the districts, and the last full month year on year."""
    every = measures.everything()
    series = boards.trend(user, [measure.code for measure in every], code)
    lines = []
    for measure in every:
        cell = board.cell(measure.code, code)
        found = boards.year_on_year(series.get(measure.code, {}))
        lines.append(
            {
                "measure": measure,
                "clause": shared.clause_name(measure.clause),
                "value": shared.cell_text(cell, measure),
                "url": shared.list_url(measure, cell, code),
                "span": span_text(measure),
                "median": shared.said(boards.city_median(board, measure.code), measure),
                "month": formats.year_month(found[0]) if found else "",
                "change": shared.change_text(found[1] if found else None, measure),
            }
        )
    return lines


def finding(board: Board, code: str, district: District) -> str:
    """Return the title: how many measures stand on the good side of the city's middle."""
    ahead = behind = 0
    for measure in measures.everything():
        value, middle = board.value(measure.code, code), boards.city_median(board, measure.code)
        if value is None or middle is None or measure.better == measures.Better.NEITHER or value == middle:
            continue
        is_good = (value > middle) == (measure.better == measures.Better.UP)
        ahead, behind = ahead + is_good, behind + (not is_good)
    if not ahead and not behind:
        return _("%(district)s的数据") % {"district": district}
    values = {"district": district, "ahead": ahead, "behind": behind}
    return _("%(district)s：%(ahead)s 项好于全市各区中位数，%(behind)s 项不及") % values
