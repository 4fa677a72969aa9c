"""The city's dashboard: how far the clauses are, the 16 districts measure by measure, how it moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import boards, clauses, comparing, figures, formats, measures, tiles
from portal.boards import CITY, Board, Reached
from portal.hats import hat_of
from portal.models import TaskShare, standing_of
from portal.permissions import Permission
from portal.tiles import DISTRICTS
from portal.views.base import SignedIn
from portal.views.office import funnel
from portal.views.office.access import OfficialOnly

from . import shared

STEPS = (40, 50, 60, 70, 80, 90)
HEADLINES = (
    "enterprises-registered",
    "applications-handed-in",
    "recognitions-valid",
    "inventions-valid",
    "alerts-read",
)
FIRST = "applications-handed-in"
LOW = 60
Heat = dict[tuple[str, str], Decimal | None]


class FiguresPage(OfficialOnly, SignedIn):
    """A page for everybody who may see figures."""

    permissions = (Permission.VIEW_FIGURES,)
    clause: Any = "S1"

    @property
    def here(self) -> str:
        """The district of the present hat, "" for the city's people."""
        office = hat_of(self.request).office
        return (office.district_id or "") if office else ""


class CityBoard(FiguresPage, TemplateView):
    """Key figures, clause x district, tile map with a measure to choose, trend and funnel."""

    template_name = "portal/figures/city.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        board = boards.latest(user)
        chosen = chosen_measure(self.request.GET.get("measure", ""))
        return super().get_context_data(
            **clause_board(board),
            board=board,
            kpis=headlines(board),
            map=shared.map_of(chosen, board) if chosen else None,
            measures=measures.everything(),
            chart=shared.trend_chart(user, [chosen.code], self.here or CITY) if chosen else None,
            funnel=funnel.of(figures.of_the_city()),
            here=self.here,
            places=[place for place in DISTRICTS if may_see(user, place.code)],
            **kwargs,
        )


def may_see(user: Any, district: str) -> bool:
    """Whether a district's own dashboard is somebody's to see: the city's and its own officials'."""
    standing = standing_of(user)
    return standing.is_city or district in standing.districts


def chosen_measure(code: str) -> measures.Measure | None:
    known = measures.known()
    return known.get(code) or known.get(FIRST)


def clause_board(board: Board) -> dict[str, Any]:
    """Return the heat map of clause x district, with the sentence that says what it shows. Two statements."""
    found = boards.reached(board)
    heat, late = boards.by_clause(found), overdue_tasks()
    groups = heat_groups(heat, late)
    return {
        "heat": groups,
        "heat_columns": [place.short for place in DISTRICTS],
        "heat_finding": heat_finding(heat),
        "finding": finding(heat, board),
        "unmeasured": unmeasured(),
        "has_targets": bool(found),
    }


def overdue_tasks() -> set[tuple[str, str]]:
    """Return (clause, district) with a task past its day: framed red in the heat map."""
    rows = TaskShare.objects.overdue().exclude(district=None).values_list("task__clause", "district").distinct()
    return set(rows)


def measured_clauses() -> set[str]:
    return {measure.clause for measure in measures.everything()}


def unmeasured() -> str:
    """Return the clauses that nothing counts yet, in words."""
    counted = measured_clauses()
    return formats.listed(shared.clause_name(key) for key in clauses.CLAUSES if key not in counted)


def heat_groups(heat: Heat, late: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the rows of components/heat_map.html: clauses that something counts or a task is late for."""
    shown = measured_clauses() | {key for key, _district in late}
    groups = []
    for group, (name_zh, name_en) in clauses.GROUPS.items():
        rows = [
            _heat_row(key, heat, late) for key, row in clauses.CLAUSES.items() if row.group == group and key in shown
        ]
        if rows:
            is_english = (get_language() or "").startswith("en")
            groups.append({"heading": name_en if is_english else name_zh, "rows": rows})
    return groups


def _heat_row(key: str, heat: Heat, late: set[tuple[str, str]]) -> dict[str, Any]:
    total = heat.get((key, CITY))
    cells = []
    for place in DISTRICTS:
        value = heat.get((key, place.code))
        cells.append(
            {
                "value": _whole(value),
                "shade": tiles.shade(float(value) if value is not None else None, STEPS),
                "is_late": (key, place.code) in late,
            }
        )
    url = f"{reverse('figure-measures')}#c{key}"
    return {"label": shared.clause_name(key), "url": url, "cells": cells, "total": _whole(total)}


def _whole(value: Decimal | None) -> str:
    return formats.NOTHING if value is None else formats.number(value, 0)


def heat_finding(heat: Heat) -> str:
    """Return the title of the heat map: where most districts are low."""
    low: dict[str, int] = {}
    for (key, place), value in heat.items():
        if place and value is not None and value < LOW:
            low[key] = low.get(key, 0) + 1
    if not any(place for _key, place in heat):
        return _("还没有为各区设目标")
    if not low:
        return _("各区没有低于 %(low)s%% 的条款") % {"low": LOW}
    worst = max(low, key=lambda key: low[key])
    return _("%(clause)s在 %(count)s 个区低于 %(low)s%%") % {
        "clause": shared.clause_name(worst), "count": low[worst], "low": LOW
    }  # fmt: skip


def finding(heat: Heat, board: Board) -> str:
    """Return the page's title: how far the clauses are on the whole, and which is furthest behind."""
    city = {key: value for (key, place), value in heat.items() if value is not None and not place}
    every = city or {key: value for (key, _place), value in heat.items() if value is not None}
    whole = comparing.mean(every.values())
    if whole is None:
        registered = board.value("enterprises-registered")
        return _("全市登记企业 %(count)s 家") % {"count": formats.number(registered or 0, 0)}
    worst = min(every, key=lambda key: every[key])
    values = {"whole": _whole(whole), "clause": shared.clause_name(worst), "low": _whole(every[worst])}
    if len(every) < 2:
        return _("条款落实 %(whole)s%%") % values
    return _("条款落实 %(whole)s%%，%(clause)s最低（%(low)s%%）") % values


def headlines(board: Board, place: str = CITY, codes: tuple[str, ...] = HEADLINES) -> list[dict[str, Any]]:
    """Return the key figures of a place with where they lead."""
    shown = []
    for code in codes:
        measure = measures.known().get(code)
        if measure is None:
            continue
        cell = board.cell(code, place)
        value, note = shared.cell_text(cell, measure), span_text(measure)
        if measure.unit == "%" and cell.value is not None:
            value = f"{value}%"
        elif measure.unit != "%":
            note = f"{measure.unit} · {note}"  # beside the figure a long unit would not fit a phone
        url = shared.list_url(measure, cell, place)
        shown.append({"label": measure.title, "value": value, "url": url, "note": note})
    return shown


def span_text(measure: measures.Measure) -> str:
    """Return which time a latest figure speaks of."""
    return _("近十二个月") if measures.source_of(measure).time == measures.Time.FLOW else _("目前")


def reach_words(one: Reached) -> dict[str, Any]:
    """Return a target and how far it is reached, in words."""
    measure = measures.get(one.target.measure)
    return {
        "measure": measure,
        "target": shared.unit_text(one.target.value, measure),
        "value": shared.unit_text(one.value, measure),
        "percent": _whole(one.percent),
        "row": one.target,
    }
