"""The findings of the high-value test in words, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from patents.grades import Explanation
from patents.high_value import Condition, Finding, Judgement, Parameters, Verdict
from patents.models import Right
from portal import formats

ICONS = {Verdict.MET: "check", Verdict.NEAR: "hourglass", Verdict.CONFIRM: "clock-question", Verdict.NOT: "minus"}


@dataclass(frozen=True)
class Line:
    """One patent of the list: its judgement and the words of each condition."""

    right: Right
    judgement: Judgement
    grade: Explanation
    findings: list[dict[str, Any]]

    @property
    def candidate(self) -> str:
        """The code of a branch that waits for confirmation."""
        first = self.judgement.findings[0] if self.judgement.findings else None
        return str(first.evidence.get("code", "")) if first and first.verdict == Verdict.CONFIRM else ""


def titles() -> dict[Condition, str]:
    """Return the names of the conditions."""
    return {
        Condition.INDUSTRY: _("战略性新兴产业"),
        Condition.FAMILY: _("在海外有同族专利权"),
        Condition.MAINTAINED: _("维持年限超过 10 年"),
        Condition.PLEDGE: _("实现较高质押融资金额"),
        Condition.AWARD: _("获国家科学技术奖或中国专利奖"),
    }


def lines(judgement: Judgement) -> list[dict[str, Any]]:
    """Return one line per condition: icon, verdict, name, evidence."""
    names = titles()
    return [
        {
            "title": names[one.condition],
            "text": EVIDENCE[one.condition](one),
            "verdict": one.verdict.value,
            "icon": ICONS[one.verdict],
        }
        for one in judgement.findings
    ]


def _industry(one: Finding) -> str:
    branch = one.evidence.get("branch")
    name = (branch.name_en if formats.is_english() else branch.name) if branch else one.evidence.get("code", "")
    values = {"symbol": one.evidence.get("symbol", ""), "name": name}
    if one.verdict == Verdict.NOT:
        return _("分类号不在参照表内") if not one.evidence.get("is_confirmed") else _("已确认不属于")
    if one.evidence.get("is_confirmed"):
        return _("已由企业确认：%(name)s") % values
    if one.verdict == Verdict.CONFIRM:
        return _("分类号 %(symbol)s 落入“%(name)s”，需要确认") % values
    return _("分类号 %(symbol)s 和关键词都属于“%(name)s”") % values


def _family(one: Finding) -> str:
    places = formats.listed(one.evidence.get("countries", ()))
    words = {
        Verdict.MET: _("%(places)s 有有效的同族专利权"),
        Verdict.NEAR: _("%(places)s 的同族申请还没有授权"),
        Verdict.CONFIRM: _("只在 %(places)s 有同族专利权，是否算海外没有明确规定"),
        Verdict.NOT: _("没有登记境外同族"),
    }
    return words[one.verdict] % {"places": places}


def _maintained(one: Finding) -> str:
    if "reached_on" not in one.evidence:
        return _("缺少申请日")
    values = {"day": formats.day(one.evidence["reached_on"]), "months": one.evidence.get("months", 0)}
    if one.verdict == Verdict.MET:
        return _("自 %(day)s起满足（按申请日起算，待核实）") % values
    return _("还差 %(months)s 个月，%(day)s起满足（按申请日起算，待核实）") % values


def _pledge(one: Finding) -> str:
    values = {
        "amount": formats.money(one.evidence.get("amount")),
        "minimum": formats.money(one.evidence.get("minimum")),
    }
    words = {
        Verdict.MET: _("质押融资 %(amount)s，不低于本市参数 %(minimum)s"),
        Verdict.NEAR: _("质押融资 %(amount)s，低于本市参数 %(minimum)s"),
        Verdict.CONFIRM: _("质押融资 %(amount)s；多少算“较高”没有公开数字，待确认"),
        Verdict.NOT: _("没有登记质押金额"),
    }
    return words[one.verdict] % values


def _award(one: Finding) -> str:
    return formats.listed(one.evidence["awards"]) if one.verdict == Verdict.MET else _("没有登记国家级奖项")


EVIDENCE = {
    Condition.INDUSTRY: _industry,
    Condition.FAMILY: _family,
    Condition.MAINTAINED: _maintained,
    Condition.PLEDGE: _pledge,
    Condition.AWARD: _award,
}


def set_notes(parameters: Parameters) -> list[dict[str, Any]]:
    """Return the two sets of conditions with their days and whether they may be acted on."""
    names = titles()
    return [
        {
            "code": one.code,
            "names": formats.listed(names[condition] for condition in Condition if condition in one.conditions),
            "first": one.first,
            "last": one.last,
            "is_trusted": one.is_trusted,
        }
        for one in parameters.sets
    ]
