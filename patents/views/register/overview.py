"""The portfolio in charts: what there is, since when, in which fields, how good, and what ends when."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from patents.models import Grade, LegalStatus, RightKind
from patents.portfolio import SERIES, Figures, figures_of, kept_figures_of
from portal import kept
from portal.charts import Chart
from portal.clock import today
from portal.formats import day
from portal.views.base import SignedIn

from .scope import Scoped

KEPT_SECONDS = 3600  # of officials' figures: a million rows are not counted for every reader
YEARS_BACK, YEARS_AHEAD = 12, 10
MOST_CLASSES = 10
MOST_LABELS = 6  # a drawing leaves some words out beyond that; its table does not


class Overview(Scoped, SignedIn, TemplateView):
    """Charts, each with the table it is drawn from."""

    clause = ["4", "6"]
    template_name = "patents/register/overview.html"

    def figures(self) -> Figures:
        if not self.hat.is_official:
            return kept_figures_of(self.rows())
        return kept.kept(f"portfolio:{self.hat.key}", lambda: figures_of(self.rows()), KEPT_SECONDS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.figures()
        makers = [by_year, by_kind, by_status, by_class, by_expiry]
        if not self.hat.is_official:
            makers.append(by_grade)
        shown = [chart for chart in (make(found) for make in makers) if chart.rows]
        return super().get_context_data(figures=found, charts=shown, as_of=found.as_of, **kwargs)


def _series() -> list[Any]:
    return [*(kind.label for kind in SERIES), _("其他")]


def _note(found: Figures, words: str = "") -> str:
    basis = _("单位：件。台账数据，截至 %(day)s。") % {"day": day(found.as_of)}
    return f"{words}{basis}"


def _stack(title: str, note: str, head: str, counts: Counter[tuple[int, int]], years: list[int]) -> Chart:
    rows = [[str(year), *(counts[place, year] for place in range(len(SERIES) + 1))] for year in years]
    return Chart("stack", title, [head, *_series()], rows, note)


def by_year(found: Figures) -> Chart:
    """Return filings by year."""
    present = sorted({year for _place, year in found.year if year > today().year - YEARS_BACK})
    years = list(range(present[0], today().year + 1)) if present else []
    totals = Counter({year: sum(found.year[place, year] for place in range(len(SERIES) + 1)) for year in years})
    best = totals.most_common(1)[0] if totals else (0, 0)
    title = _("申请最多的是 %(year)s 年，%(count)s 件") % {"year": best[0], "count": best[1]}
    return _stack(title, _note(found), _("申请年份"), found.year, years)


def by_expiry(found: Figures) -> Chart:
    """Return what is in force by the year in which it ends."""
    years = list(range(today().year, today().year + YEARS_AHEAD + 1))
    if not any(found.expiry[place, year] for place in range(len(SERIES) + 1) for year in years):
        years = []
    soon = sum(count for (_place, year), count in found.expiry.items() if today().year <= year <= today().year + 3)
    title = _("%(count)s 件有效权利在三年内届满") % {"count": soon}
    note = _note(found, _("只计有效权利，不计可续展后的新期限；没有登记届满日的，按法定期限推算。"))
    return _stack(title, note, _("届满年份"), found.expiry, years)


def _bars(title: str, note: str, head: list[Any], counts: list[tuple[Any, int]]) -> Chart:
    return Chart(
        "bars", title, head, [[label, count] for label, count in counts], note, keep_table=len(counts) > MOST_LABELS
    )


def by_kind(found: Figures) -> Chart:
    """Return all rights by kind."""
    counts = found.by_kind().most_common()
    share = round(100 * counts[0][1] / found.total) if counts else 0
    first = RightKind(counts[0][0]).label if counts else ""
    title = _("%(kind)s最多，占 %(share)s%%") % {"kind": first, "share": share}
    return _bars(title, _note(found), [_("类型"), _("件")], [(RightKind(kind).label, count) for kind, count in counts])


def by_status(found: Figures) -> Chart:
    """Return all rights by legal status."""
    counts = [(LegalStatus(status).label, count) for status, count in found.by_status().most_common()]
    title = _("%(total)s 件里 %(count)s 件有效") % {"total": found.total, "count": found.in_force}
    return _bars(title, _note(found), [_("法律状态"), _("件")], counts)


def by_class(found: Figures) -> Chart:
    """Return patents by IPC subclass, the largest first."""
    counts = found.ipc.most_common(MOST_CLASSES)
    title = _("技术集中在 %(ipc)s") % {"ipc": counts[0][0]} if counts else ""
    return _bars(title, _note(found, _("按主分类号的小类，最多的十个。")), [_("IPC 小类"), _("件")], list(counts))


def by_grade(found: Figures) -> Chart:
    """Return what is in force by grade."""
    counts = [(label, found.grade[grade]) for grade, label in Grade.choices]
    rows = [*counts, (_("未分级"), found.grade[""])] if any(found.grade.values()) else []
    title = _("%(count)s 件有效权利还没有分级") % {"count": found.grade[""]}
    return _bars(title, _note(found, _("只计有效权利。")), [_("分级"), _("件")], rows)
