"""Exports of the forecast: costs of each right by year, and the budget of this year by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents import outlook
from patents.forecast import Certainty, Forecast, Gap
from patents.models import RightKind, Scenario
from portal import formats, reports
from portal.clock import now, today
from portal.errors import Denied
from portal.models import Organisation, User, standing_of
from portal.report_files import Column, Table

NOTHING = Decimal(0)
FORECAST, BUDGET = "rights-forecast", "rights-budget"
NAMES = ("number", "title", "kind", "application_number", "registration_number", "grade", "filed_on", "granted_on")


def _member(user: User) -> None:
    if not standing_of(user).roles:
        raise Denied(gettext_lazy("收支和费用预测只有本企业成员看得到。"))


def _chosen(user: User, parameters: dict[str, Any]) -> tuple[Organisation, dict[str, int]]:
    """Return the enterprise and the drops of the scenario asked for; the first enterprise where none is named."""
    own = Organisation.objects.filter(pk__in=list(standing_of(user).roles)).order_by("pk")
    number = parameters.get("organisation", "")
    organisation = own.filter(number=number).first() if number else own.first()
    if organisation is None:
        raise Denied(gettext_lazy("收支和费用预测只有本企业成员看得到。"))
    scenario = Scenario.objects.filter(organisation=organisation, number=parameters.get("scenario", "")).first()
    return organisation, scenario.drops if scenario else {}


def forecast(user: User, parameters: dict[str, Any]) -> Table:
    """One line per right with a column per calendar year; parameters `organisation` and `scenario` (numbers)."""
    organisation, drops = _chosen(user, parameters)
    found = outlook.of_organisation(organisation, user)
    years = list(found.by_year(drops))
    rights = outlook.rights_of(organisation, user)
    values = rights.order_by("-filed_on", "-pk").values_list(*NAMES)
    heads = [
        (_("编号"), 12), (_("名称"), 40), (_("类型"), 10), (_("申请号或注册号"), 20), (_("分级"), 6),
        (_("申请日"), 12), (_("授权公告日"), 12), (_("放弃年份"), 10), (_("说明"), 16), (_("到期末"), 14),
    ]  # fmt: skip
    columns = [*(Column(*head) for head in heads), *(Column(str(year), 12) for year in years)]
    note = _("按今天的登记信息和现行收费标准推算，以官方通知为准；境外费用只列企业录入的数字。")
    return Table(
        _("费用预测"), columns, _lines(values.iterator(chunk_size=2_000), found, drops, years), rights.count(), now(),
        note,
    )  # fmt: skip


def _lines(values: Any, found: Forecast, drops: dict[str, int], years: list[int]) -> Iterator[tuple[Any, ...]]:
    why = {Gap.NOT_GRANTED: _("尚未授权"), Gap.NOT_STATED: _("未录入"), Gap.INCOMPLETE: _("日期不全")}
    for number, title, kind, application, registration, grade, filed_on, granted_on in values:
        last = drops.get(number)
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for cost in found.costs.get(number, ()):
            if last is None or cost.year < last:
                sums[cost.year] += cost.amount
        gap = found.gaps.get(number)
        total = None if gap else sum(sums.values(), NOTHING)
        label = str(RightKind(kind).label)
        facts = (number, title, label, application or registration, grade, filed_on, granted_on, last)
        yield (*facts, why[gap] if gap else "", total, *(sums.get(year) for year in years))


def budget(user: User, parameters: dict[str, Any]) -> Table:
    """This year by month and quarter: paid, due, estimated; parameters as for the forecast."""
    organisation, drops = _chosen(user, parameters)
    year = today().year
    ahead = outlook.in_sum(organisation, user, numbers=drops).months(year, drops)
    paid = outlook.paid_by_month(organisation, user, year)
    months = [(paid[place], one[Certainty.DUE], one[Certainty.ESTIMATED]) for place, one in enumerate(ahead)]
    rows: list[tuple[Any, ...]] = []
    for start in range(0, 12, 3):
        quarter = months[start : start + 3]
        for place, three in enumerate(quarter, start=start + 1):
            rows.append((_("%(month)s月") % {"month": place}, *three, sum(three, NOTHING)))
        rows.append((_("第 %(quarter)s 季度") % {"quarter": start // 3 + 1}, *_added(quarter)))
    rows.append((_("全年"), *_added(months)))
    heads = [(_("月份"), 12), (_("已付"), 14), (_("应缴"), 14), (_("估算"), 14), (_("合计"), 14)]
    title = formats.noted(_("年度预算"), year)
    return Table(title, [Column(*head) for head in heads], rows, len(rows), now(), _("单位：元。"))


def _added(rows: Sequence[tuple[Decimal, ...]]) -> tuple[Decimal, ...]:
    """Return the sums of the columns, and their sum."""
    sums = [sum(column, NOTHING) for column in zip(*rows, strict=True)]
    return (*sums, sum(sums, NOTHING))


def register() -> None:
    """Make the exports known; called once when the app is ready."""
    reports.register(
        reports.Report(
            FORECAST, gettext_lazy("费用预测"), gettext_lazy("本企业每件权利到期末的逐年费用。"), _member, forecast
        )
    )
    reports.register(
        reports.Report(
            BUDGET, gettext_lazy("年度预算"), gettext_lazy("本企业今年逐月的已付、应缴和估算。"), _member, budget
        )
    )
