"""What the pages of figures share: words for a figure, where it leads, sentences that say what one sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import boards, clauses, formats, measures
from portal.boards import CITY, Board, Cell
from portal.charts import Chart
from portal.comparing import Change
from portal.measures import Measure, Way
from portal.tiles import DISTRICTS

SLUGS = {place.code: place.slug for place in DISTRICTS}
CODES = {place.slug: place.code for place in DISTRICTS}
SHORT = {place.code: place.short for place in DISTRICTS}


def places_of(measure: Measure) -> int:
    return 0 if measure.way == Way.COUNT else 1


def said(value: Decimal | None, measure: Measure) -> str:
    """Return a value with its unit's precision; — for nothing."""
    return formats.number(value, places_of(measure)) if value is not None else formats.NOTHING


def cell_text(cell: Cell, measure: Measure) -> str:
    return str(_("不显示")) if cell.is_hidden else said(cell.value, measure)


def unit_text(value: Decimal | None, measure: Measure) -> str:
    """Return a value with its unit: 12 家, 86.5%."""
    if value is None:
        return formats.NOTHING
    text = said(value, measure)
    return f"{text}%" if measure.unit == "%" else f"{text} {measure.unit}"


def list_url(measure: Measure, cell: Cell, place: str = CITY, month: dt.date | None = None) -> str:
    """Return where the list behind a figure stands, nothing for whoever may not open it."""
    if not cell.may_open or not cell.count:
        return ""
    query = [f"district={SLUGS[place]}"] if place else []
    query += [f"month={month:%Y-%m}"] if month else []
    url = reverse("figure-list", args=[measure.code])
    return f"{url}?{'&'.join(query)}" if query else url


def clause_name(key: str) -> str:
    language = get_language() or ""
    clause = clauses.CLAUSES[key]
    return f"{clause.mark(language)} {clause.short(language)}"


def change_text(change: Change | None, measure: Measure) -> dict[str, Any] | None:
    """Return a year-on-year change in words: absolute and in per cent, and whether it is for the better."""
    if change is None:
        return None
    sign = "+" if change.difference > 0 else ""
    percent = (
        "" if change.percent is None else f"{'+' if change.percent > 0 else ''}{formats.number(change.percent, 1)}%"
    )
    return {
        "before": said(change.before, measure),
        "after": said(change.after, measure),
        "difference": f"{sign}{said(change.difference, measure)}",
        "percent": percent or formats.NOTHING,
        "role": role_of(change, measure),
    }


def role_of(change: Change, measure: Measure) -> str:
    if measure.better == measures.Better.NEITHER or not change.difference:
        return ""
    return "good" if (change.difference > 0) == (measure.better == measures.Better.UP) else "bad"


def extremes(measure: Measure, values: Mapping[str, Decimal | None]) -> str:
    """Return which districts stand highest and lowest, as the title of a map; "" where nothing is known."""
    known = {place: value for place, value in values.items() if value is not None}
    if not known:
        return ""
    high, low = max(known.values()), min(known.values())
    if high == low:
        return _("各区持平")
    top = formats.listed(SHORT[place] for place, value in known.items() if value == high)
    bottom = [place for place, value in known.items() if value == low]
    if len(bottom) > 3:
        return _("%(top)s最高，%(count)s 个区为 %(low)s") % {
            "top": top,
            "count": len(bottom),
            "low": said(low, measure),
        }
    return _("%(top)s最高，%(bottom)s最低") % {"top": top, "bottom": formats.listed(SHORT[place] for place in bottom)}


def seen_text(values: Mapping[str, Decimal | None]) -> str:
    """Return how many districts are shown: which stands highest is not known while some are hidden."""
    shown = sum(value is not None for value in values.values())
    return _("显示 %(count)s 个区") % {"count": shown} if shown else _("各区都不显示")


def map_of(measure: Measure, board: Board, *, links: bool = True) -> dict[str, Any]:
    """Return what the tile map and its table show of one measure."""
    cells = {place.code: board.cell(measure.code, place.code) for place in DISTRICTS}
    values = {code: cell.value for code, cell in cells.items()}
    urls = {code: list_url(measure, cell, code) for code, cell in cells.items() if links}
    rows = [(SHORT[code], cell_text(cell, measure), urls.get(code, ""), code) for code, cell in cells.items()]
    total = board.cell(measure.code)
    is_partly_hidden = any(cell.is_hidden for cell in cells.values())
    return {
        "measure": measure,
        "values": {
            code: float(value) if value % 1 else int(value) for code, value in values.items() if value is not None
        },
        "urls": {code: url for code, url in urls.items() if url},
        "rows": rows,
        "total": (cell_text(total, measure), list_url(measure, total) if links else ""),
        "finding": extremes(measure, values) if not is_partly_hidden else seen_text(values),
        "has_hidden": is_partly_hidden,
        "caption": _("各区：%(title)s") % {"title": measure.title},
    }


def months_back(count: int) -> list[dt.date]:
    present = measures.present_month()
    return [measures.month_after(present, ahead) for ahead in range(1 - count, 1)]


def trend_chart(user: Any, codes: Iterable[str], place: str) -> Chart:
    """Return the twelve months of some measures at a place; the running month counts up to last night."""
    shown = [measures.get(code) for code in codes]
    found = boards.trend(user, [one.code for one in shown], place, months=12)
    rows = [
        [formats.year_month(month), *(found.get(one.code, {}).get(month) for one in shown)] for month in months_back(12)
    ]
    return Chart(
        kind="lines",
        title=trend_title(shown[0], found.get(shown[0].code, {})),
        head=[_("月份"), *(str(one.title) for one in shown)],
        rows=[row for row in rows if any(value is not None for value in row[1:])],
        note=_("近十二个月；本月为当月至今。没有数据的月份不列出。"),
        size="s",
    )


def trend_title(measure: Measure, series: Mapping[dt.date, Decimal]) -> str:
    """Return what a curve says: its last full month against the one before."""
    over = sorted(month for month in series if month < measures.present_month())
    if len(over) < 2:
        return _("%(title)s：还不到两个完整的月份") % {"title": measure.title}
    before, after = series[over[-2]], series[over[-1]]
    values = {"title": measure.title, "month": formats.year_month(over[-1]), "value": unit_text(after, measure)}
    if after == before:
        return _("%(title)s：%(month)s为 %(value)s，与上月持平") % values
    values["by"] = unit_text(abs(after - before), measure)
    if after > before:
        return _("%(title)s：%(month)s为 %(value)s，比上月多 %(by)s") % values
    return _("%(title)s：%(month)s为 %(value)s，比上月少 %(by)s") % values
