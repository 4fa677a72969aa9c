"""One measure: what it counts, the districts, the months; and the list behind a figure."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import boards, clauses, formats, measures
from portal.boards import CITY
from portal.clock import today
from portal.errors import Denied
from portal.measures import Measure
from portal.models import Figure, Span, standing_of
from portal.pagination import Keyset
from portal.permissions import Permission, can

from . import shared
from .city import FiguresPage, reach_words, span_text


class MeasureIndex(FiguresPage, TemplateView):
    """Every measure by clause: its words, unit and how it is computed."""

    template_name = "portal/figures/measures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        board = boards.latest(self.request.user)
        groups = []
        for key in clauses.CLAUSES:
            rows = [measure for measure in measures.everything() if measure.clause == key]
            lines = [(row, shared.cell_text(board.cell(row.code), row), span_text(row)) for row in rows]
            if lines:
                groups.append({"key": key, "name": shared.clause_name(key), "lines": lines})
        may = can(self.request.user, Permission.MANAGE_TARGETS)
        return super().get_context_data(groups=groups, board=board, can_recount=may, **kwargs)


class MeasurePage(FiguresPage):
    """A page about one measure."""

    @cached_property
    def measure(self) -> Measure:
        found = measures.known().get(self.kwargs["code"])
        if found is None:
            raise Http404
        return found


class MeasureDetail(MeasurePage, TemplateView):
    """The districts of one measure as tiles and table, its twelve months, its targets."""

    template_name = "portal/figures/measure.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, measure = self.request.user, self.measure
        board = boards.latest(user, [measure.code])
        targets = [one for one in boards.reached(board) if one.target.measure == measure.code]
        place = self.here or CITY
        return super().get_context_data(
            measure=measure,
            clause_name=shared.clause_name(measure.clause),
            board=board,
            map=shared.map_of(measure, board),
            **{"span": span_text(measure), "here": self.here},
            chart=shared.trend_chart(user, [measure.code], place),
            change=self.year_on_year(place),
            targets=[reach_words(one) for one in targets],
            **kwargs,
        )

    def year_on_year(self, place: str) -> dict[str, Any] | None:
        series = boards.trend(self.request.user, [self.measure.code], place).get(self.measure.code, {})
        found = boards.year_on_year(series)
        words = shared.change_text(found[1], self.measure) if found else None
        return {**words, "month": formats.year_month(found[0])} if found and words else None


class MeasureList(MeasurePage, TemplateView):
    """The rows behind a figure, by the very filter that counts them, as they are now."""

    template_name = "portal/figures/list.html"

    @cached_property
    def place(self) -> str:
        """The district asked for; a district's official without one gets the own. Raises 404."""
        slug = self.request.GET.get("district", "")
        if slug and slug not in shared.CODES:
            raise Http404
        standing = standing_of(self.request.user)
        return shared.CODES[slug] if slug else (CITY if standing.is_city else self.here)

    @cached_property
    def window(self) -> measures.Window:
        text = self.request.GET.get("month", "")
        if not text:
            return measures.day_window(today())
        try:
            found = measures.month_window(measures.month_of(text))
        except ValueError:
            raise Http404 from None
        if measures.source_of(self.measure).time == measures.Time.STATE and found.period != measures.present_month():
            raise Http404  # what there was then is not known row by row
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, measure, source = self.request.user, self.measure, measures.source_of(self.measure)
        place = self.place
        if not measures.may_open(user, measure, place or None):
            raise Denied(source.permission.value)
        rows = measures.listed(measure, self.window, user, place or None)
        page = Keyset.of_request(self.request, rows, source.order)
        lines = [{"url": source.link(row), "cells": cells_of(source, row)} for row in page.rows]
        return super().get_context_data(
            measure=measure, columns=source.columns, page=page, lines=lines, place=shared.SHORT.get(place, _("全市")),
            when=self.when(), counted=self.counted(place), back=reverse("figure-measure", args=[measure.code]),
            **kwargs,
        )  # fmt: skip

    def when(self) -> str:
        if self.window.span == Span.MONTH:
            return formats.year_month(self.window.period)
        return span_text(self.measure)

    def counted(self, place: str) -> Figure | None:
        """Return the figure as it was counted last, to be held against the list of now."""
        rows = Figure.objects.filter(measure=self.measure.code, span=self.window.span, district=place or None)
        if self.window.span == Span.MONTH:
            rows = rows.filter(period=self.window.period)
        return rows.order_by("-period").first()


def cells_of(source: measures.Source, row: Any) -> list[tuple[Any, str, Any]]:
    """Return (label, class, content) of a row's columns."""
    return [(column.label, column.css, column.cell(row)) for column in source.columns]
