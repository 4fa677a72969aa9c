"""What the forecast says, as charts, tables and key figures; every title is the finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from patents.forecast import Certainty, Forecast, Gap, Sort
from patents.models import Scenario
from patents.outlook import Outlook
from portal import formats
from portal.charts import Chart

NOTHING = Decimal(0)
TALLEST = 32
NEAR = 5  # years


def sorts() -> dict[Sort, str]:
    """Return the words of what a cost is."""
    return {
        Sort.ANNUITY: _("年费"), Sort.COMPENSATION: _("补偿期年费"), Sort.RENEWAL: _("商标续展"),
        Sort.STATED: _("企业录入"),
    }  # fmt: skip


def finding(found: Forecast, scenario: Scenario | None) -> str:
    """Return the title of the page: what the scenario saves, or what lies ahead."""
    if not found.total():
        return _("还没有可以预测的费用")
    if scenario is not None and scenario.drops:
        saving, total = found.saving(scenario.drops), found.total()
        values = {"name": scenario.name, "saving": formats.money(saving), "share": formats.percent(saving / total)}
        return _("按“%(name)s”到期末可省 %(saving)s（%(share)s）") % values
    years = found.by_year()
    peak = max(years, key=lambda year: (years[year], -year))
    values = {"total": formats.money(found.total()), "year": str(peak), "peak": formats.money(years[peak])}
    return _("全部保留到期末共需 %(total)s，%(year)s 年最高，为 %(peak)s") % values


def chart(found: Forecast, scenario: Scenario | None) -> Chart:
    """Return the costs by year: by what they are, or with and without the scenario."""
    years = found.by_year()
    note = _("单位：元。按今天的登记信息和现行收费标准推算；商标按网上续展计。")
    first, last = min(years), max(years)
    if scenario is not None:
        left = found.by_year(scenario.drops)
        rows: list[list[object]] = [[str(year), years[year], left.get(year, NOTHING)] for year in years]
        title = _("%(first)s–%(last)s 年：全部保留与“%(name)s”") % {"first": first, "last": last, "name": scenario.name}
        return Chart("bars", title, [_("年份"), _("全部保留"), scenario.name], rows, note)
    words = sorts()
    sums: dict[int, dict[Sort, Decimal]] = defaultdict(lambda: dict.fromkeys(words, NOTHING))
    for cost in found.kept():
        sums[cost.year][cost.sort] += cost.amount
    shown = [sort for sort in words if any(sums[year][sort] for year in years)]
    rows = [[str(year), *(sums[year][sort] for sort in shown)] for year in years]
    near = sum((sum_ for year, sum_ in years.items() if year < first + NEAR), NOTHING)
    values = {"count": NEAR, "near": formats.money(near), "share": formats.percent(near / (found.total() or 1))}
    title = _("今后 %(count)s 年需 %(near)s，占到期末总额的 %(share)s") % values
    return Chart("stack", title, [_("年份"), *(words[sort] for sort in shown)], rows, note)


def key_figures(found: Forecast, drops: dict[str, int]) -> list[dict[str, Any]]:
    """Return this year, next year, the rest, and what reductions take off."""
    years, this = found.by_year(drops), found.as_of.year
    return [
        {"label": _("今年还需"), "value": formats.money(years.get(this, NOTHING), 0)},
        {"label": _("明年"), "value": formats.money(years.get(this + 1, NOTHING), 0)},
        {"label": _("到期末"), "value": formats.money(found.total(drops), 0)},
        {
            "label": _("费减和开放许可已减"),
            "value": formats.money(found.reductions(), 0),
            "note": _("全部保留时，到期末合计"),
        },
    ]


def gaps(found: Forecast) -> list[str]:
    """Return for how many rights there is no figure, and why: in words."""
    counts = found.gap_counts
    words = {
        Gap.NOT_GRANTED: _("%(count)s 件尚未授权或注册，授权后才推算"),
        Gap.NOT_STATED: _("%(count)s 件境外权利的费用未录入：各国费用不由系统推算，请在收支里登记估算或应缴"),
        Gap.INCOMPLETE: _("%(count)s 件的日期缺失或互相矛盾，无法推算"),
    }
    return [text % {"count": counts[gap]} for gap, text in words.items() if counts[gap]]


def budget(found: Forecast, drops: dict[str, int], year: int, paid: Sequence[Decimal]) -> dict[str, Any]:
    """Return a year's budget by month and quarter: paid, due, estimated."""
    ahead = found.months(year, drops)
    rows: list[dict[str, Any]] = [
        {"month": month, "paid": paid[month - 1], "due": one[Certainty.DUE], "estimated": one[Certainty.ESTIMATED]}
        for month, one in enumerate(ahead, start=1)
    ]
    for row in rows:
        row["total"] = row["paid"] + row["due"] + row["estimated"]
    quarters = [_added(rows[start : start + 3]) for start in range(0, 12, 3)]
    return {"year": year, "months": rows, "quarters": quarters, "all": _added(rows), "strip": _strip(rows, found, year)}


def _added(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {key: sum((row[key] for row in rows), NOTHING) for key in ("paid", "due", "estimated", "total")}


def _strip(rows: list[dict[str, Any]], found: Forecast, year: int) -> list[dict[str, Any]]:
    most = max((row["total"] for row in rows), default=NOTHING) or 1
    now = found.as_of.month if found.as_of.year == year else 0
    return [
        {
            "name": formats.month(row["month"]),
            "value": formats.number(row["total"].quantize(Decimal(1))) if row["total"] else formats.NOTHING,
            "height": round(TALLEST * float(row["total"] / most), 1),
            "is_now": row["month"] == now,
            "is_due": bool(row["due"] or row["estimated"]),
        }
        for row in rows
    ]


def comparison(found: Forecast, first: Scenario, second: Scenario | None) -> dict[str, Any]:
    """Return two scenarios side by side, year by year; without a second one against keeping everything."""
    drops, others = first.drops, second.drops if second else {}
    a, b = found.by_year(drops), found.by_year(others)
    rows = [{"year": year, "a": a[year], "b": b[year], "difference": a[year] - b[year]} for year in a]
    total = {"a": found.total(drops), "b": found.total(others)}
    total["difference"] = total["a"] - total["b"]
    return {"rows": rows, "total": total, "first": first.name, "second": second.name if second else _("全部保留")}


def keep_or_drop(outlook: Outlook) -> Chart | None:
    """Return the chart of one right: what it costs each year against what it is expected to bring."""
    if not outlook.rows:
        return None
    rows = [[str(row.year), row.cost, row.income, row.net] for row in outlook.rows]
    head = [_("年份"), _("费用"), _("预计收益"), _("累计净额")]
    note = _("单位：元。收益是企业登记的预计收入，不是估价。")
    if not outlook.has_income:
        title = _("到期末还需 %(sum)s") % {"sum": formats.money(outlook.to_term)}
        bare = [[row[0], row[1]] for row in rows]
        return Chart("bars", title, head[:2], bare, _("单位：元。没有登记预计收入，因此只列费用。"), size="s")
    if outlook.turning_year is None:
        return Chart("keepdrop", _("到期末，每年的预计收益都不低于费用"), head, rows, note)
    values = {"year": outlook.turning_year}
    title = _("%(year)s 年起费用高于预计收益") % values
    return Chart("keepdrop", title, head, rows, note, mark=str(outlook.turning_year), mark_label=_("从这里起倒挂"))
