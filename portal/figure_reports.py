"""The figures as reports: every measure of a month, or of the latest count, by district as the person may see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import boards, clauses, measures, reports
from portal.boards import CITY
from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import is_english
from portal.models import District, User, standing_of
from portal.report_files import Column, Table
from portal.report_kinds import official

CODE = "figures"


def build(user: User, parameters: dict[str, Any]) -> Table:
    """One row per measure and place. Parameters: `month` (2026-11; none: the latest count), `district` (its code).

    A district's official gets the own district and the city; hidden cells are left empty and said to be hidden.
    """
    month = _month(parameters.get("month", ""))
    board = boards.of_month(user, month) if month else boards.latest(user)
    names = {CITY: _("全市"), **{row.code: str(row) for row in District.objects.all()}}
    wanted = _places(user, parameters.get("district", ""))
    rows = [
        (
            _clause(measure.clause),
            str(measure.title),
            str(measure.unit),
            names[place],
            *_cell(board.cell(measure.code, place)),
        )
        for measure in measures.everything()
        for place in names
        if place in wanted and board.cell(measure.code, place) != boards.NOTHING
    ]
    heads = [
        (_("条款"), 18),
        (_("指标"), 24),
        (_("单位"), 10),
        (_("区"), 12),
        (_("数值"), 12),
        (_("记录数"), 12),
        (_("说明"), 18),
    ]
    note = _("少于 5 家企业、或可由此推算的格不显示。")
    return Table(_("统计数据"), [Column(*head) for head in heads], rows, len(rows), board.as_of or now(), note)


def _cell(cell: boards.Cell) -> tuple[Any, Any, str]:
    return (None, None, _("不显示")) if cell.is_hidden else (cell.value, cell.count, "")


def _clause(key: str) -> str:
    found = clauses.CLAUSES[key]
    language = "en" if is_english() else "zh"
    return f"{found.mark(language)} {found.short(language)}"


def _places(user: User, district: str) -> set[str]:
    standing = standing_of(user)
    if district:
        return {district} if standing.is_city or district in standing.districts else set()
    return {CITY, *boards.PLACES} if standing.is_city else {CITY, *standing.districts}


def _month(text: str) -> dt.date | None:
    try:
        return measures.month_of(text) if text else None
    except ValueError:
        raise RuleBroken(_("月份写作 2026-11。"), code="month_unreadable") from None


def register() -> None:
    """Make the report known; called once when the app is ready."""
    words = gettext_lazy("各区和全市的全部指标，按最近一次统计；也可以指定月份。")
    reports.register(reports.Report(CODE, gettext_lazy("统计数据"), words, official, build))
