"""The size standard as the book of rules has it, and its verdicts in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.sizes import Bounds, Check, Industry, Measure, Result, Size, classify
from portal import rules
from portal.models import Rule

INDUSTRIES = {
    Industry.AGRICULTURE: gettext_lazy("农、林、牧、渔业"),
    Industry.INDUSTRY: gettext_lazy("工业"),
    Industry.CONSTRUCTION: gettext_lazy("建筑业"),
    Industry.WHOLESALE: gettext_lazy("批发业"),
    Industry.RETAIL: gettext_lazy("零售业"),
    Industry.TRANSPORT: gettext_lazy("交通运输业"),
    Industry.STORAGE: gettext_lazy("仓储业"),
    Industry.POST: gettext_lazy("邮政业"),
    Industry.LODGING: gettext_lazy("住宿业"),
    Industry.CATERING: gettext_lazy("餐饮业"),
    Industry.INFORMATION: gettext_lazy("信息传输业"),
    Industry.SOFTWARE: gettext_lazy("软件和信息技术服务业"),
    Industry.REAL_ESTATE: gettext_lazy("房地产开发经营"),
    Industry.PROPERTY: gettext_lazy("物业管理"),
    Industry.LEASING: gettext_lazy("租赁和商务服务业"),
    Industry.OTHER: gettext_lazy("其他未列明行业"),
}
SIZES = {
    Size.MICRO: gettext_lazy("微型企业"),
    Size.SMALL: gettext_lazy("小型企业"),
    Size.MEDIUM: gettext_lazy("中型企业"),
    Size.LARGE: gettext_lazy("大型企业"),
}
MEASURES = {
    Measure.STAFF: gettext_lazy("从业人员（人）"),
    Measure.REVENUE: gettext_lazy("营业收入（万元）"),
    Measure.ASSETS: gettext_lazy("资产总额（万元）"),
}


def rule(industry: Industry, on: dt.date | None = None) -> Rule:
    """Return the row of an industry's limits in force on a day (default: today). Raises RuleMissing."""
    return rules.row(f"enterprise.size.{industry}", on)


def _limits(figures: Mapping[str, Any]) -> dict[Measure, Decimal]:
    return {Measure(name): Decimal(str(limit)) for name, limit in figures.items()}


def bounds(industry: Industry, on: dt.date | None = None) -> Bounds:
    """Return the limits of an industry in force on a day (default: today). Raises RuleMissing."""
    value = rule(industry, on).value
    return Bounds(_limits(value["sme"]), _limits(value["medium"]), _limits(value["small"]))


def size_of(industry: Industry, values: Mapping[Measure, Decimal], on: dt.date | None = None) -> Result:
    """Return the size by the standard in force on a day. Raises RuleMissing, and KeyError for a missing figure."""
    return classify(bounds(industry, on), values)


def plain(value: Decimal) -> str:
    """Return a number without trailing noughts and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sentence(check: Check) -> str:
    """Return one comparison in words."""
    words = {
        "measure": MEASURES[check.measure],
        "value": plain(check.value),
        "limit": plain(check.limit),
        "size": SIZES[check.size],
    }
    if check.is_reached:
        return _("%(measure)s：%(value)s，达到%(size)s的下限 %(limit)s。") % words
    return _("%(measure)s：%(value)s，未达到%(size)s的下限 %(limit)s。") % words


def reasons(industry: Industry, result: Result) -> list[str]:
    """Return the industry, every comparison, the verdict and its basis, in words."""
    last = {
        Size.LARGE: _("各项都达到大型企业的下限，因此是大型企业。"),
        Size.MEDIUM: _("未全部达到大型企业的下限，各项都达到中型企业的下限，因此是中型企业。"),
        Size.SMALL: _("未全部达到中型企业的下限，各项都达到小型企业的下限，因此是小型企业。"),
        Size.MICRO: _("未全部达到小型企业的下限，因此是微型企业。"),
    }
    first = _("按“%(industry)s”划型。") % {"industry": INDUSTRIES[industry]}
    basis = _("依据 2011 年标准：%(basis)s。") % {"basis": rule(industry).basis}
    return [first, *map(sentence, result.checks), last[result.size], basis]
