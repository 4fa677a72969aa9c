"""What the public calculators say, in words: the pages and the API give the same answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from enterprises import size_law
from enterprises.industries import UnknownIndustry
from enterprises.sizes import Industry, Measure, Size
from patents import annuities, law, numbers, reductions
from patents.annuities import FIRST_FILING, AnnuityLaw, Impossible, Patent, Schedule, Year
from patents.reductions import Clock as ReductionClock
from portal import uscc
from portal.clock import today
from portal.models import District, Rule
from portal.registry import code_sentence


@dataclass(frozen=True)
class Problem:
    """What is wrong, or doubtful, with a number: a stable code and a sentence."""

    code: str
    message: str


def number_fault(invalid: numbers.InvalidNumber) -> str:
    """Return the sentence for a wrong application number."""
    if invalid.reason == "length":
        return _("应为 12 位数字加 1 位校验位（2003年10月前为 8 位加 1 位），例如 201710595987.X。")
    if invalid.reason == "character":
        return _("号码只含数字，最后一位可以是 X。")
    if invalid.reason == "type":
        return _("类型位是“%(found)s”，有效的是 1、2、3、8、9。") % {"found": invalid.found}
    return _("校验位应为 %(wanted)s，您输入的是 %(found)s。") % {"wanted": invalid.wanted, "found": invalid.found}


def application_number(text: str) -> tuple[numbers.Verdict, list[Problem]]:
    """Return the verdict on an application or patent number and its problems; a doubtful year is only a warning."""
    verdict = numbers.examine(text, this_year=today().year)
    problems = [Problem(verdict.fault.reason, number_fault(verdict.fault))] if verdict.fault else []
    if verdict.is_year_doubtful:
        words = _("号码中的年份 %(year)s 不合常理，请核对；年份只是提示，不影响校验。") % {"year": verdict.year}
        problems.append(Problem("year", words))
    return verdict, problems


@dataclass(frozen=True)
class CodeAnswer:
    """What a unified social credit code says."""

    valid: bool
    normalised: str
    district: District | None
    district_certain: bool
    problems: list[Problem]


def credit_code(text: str) -> CodeAnswer:
    """Return what can be said of a credit code in any usual spelling; the district is only ever a proposal."""
    bare = uscc.normalise(text)
    try:
        code = uscc.validate(text)
    except uscc.InvalidCode as error:
        return CodeAnswer(False, bare, None, False, [Problem(error.reason, code_sentence(error))])
    proposed, is_certain = uscc.proposed_district(code)
    district = District.objects.filter(code=proposed).first()
    return CodeAnswer(True, code, district, is_certain and district is not None, _doubts(code))


def _doubts(code: str) -> list[Problem]:
    """Return the warnings about a valid code's division."""
    division = uscc.division(code)
    if not uscc.is_local(code):
        return [Problem("not_shanghai", _("登记机关区划不是上海市（31 开头），请核对。"))]
    if division in uscc.ABOLISHED:
        return [Problem("abolished_division", _("代码中的区划已经撤销，所属区为推测，请确认。"))]
    if division in uscc.UNVERIFIED:
        return [Problem("unverified_division", _("代码中的区划待核实，所属区为推测，请确认。"))]
    if division not in uscc.DISTRICTS:
        return [Problem("no_district", _("代码由市级登记机关赋予，或区划不明，推不出所属区。"))]
    return []


def impossible(error: Impossible) -> str:
    """Return the sentence for facts that no patent has."""
    return {
        ("filed_on", "before_known_law"): _("只计算 %(day)s 起提出的申请；更早的专利权均已届满。")
        % {"day": FIRST_FILING.isoformat()},
        ("filed_on", "too_late"): _("申请日太远，请核对。"),
        ("granted_on", "before_filing"): _("授权公告日不能早于申请日。"),
        ("granted_on", "after_term"): _("授权公告日不能晚于专利权期限届满日。"),
        ("open_licence_to", "without_start"): _("填写了开放许可的截止日，请同时填写开始日。"),
        ("open_licence_to", "before_start"): _("开放许可的截止日不能早于开始日。"),
        ("reduction", "no_share"): _("减缴比例应为 0、0.70 或 0.85。"),
    }[error.field, error.reason]


@dataclass(frozen=True)
class AnnuityAnswer:
    """A schedule with what it rests on; `lines` pairs each year with the last day to ask for a reduction of it."""

    schedule: Schedule
    lines: list[tuple[Year, ReductionClock]]
    sources: list[Rule]
    is_provisional: bool


def annuity(patent: Patent, figures: AnnuityLaw, as_of: dt.date | None) -> AnnuityAnswer:
    """Return the schedule of a patent whose facts were checked."""
    found = annuities.schedule(patent, figures, as_of)
    reduction = law.reduction_law()
    lines = [(year, reductions.request_clock(year.due_on, reduction)) for year in found.years]
    is_provisional = any(year.windows.is_provisional for year in found.years)
    return AnnuityAnswer(found, lines, law.annuity_sources(patent.kind, patent.filed_on), is_provisional)


def unknown_industry(error: UnknownIndustry) -> str:
    """Return the sentence for an industry that names no group."""
    if error.reason == "ambiguous":
        return _("这个代码包含几个行业，请填写更细的代码，例如 7010 或 591。")
    if error.reason == "not_covered":
        return _("本标准不适用于这个行业（金融业另有标准，机关和社会组织不划型）。")
    return _("不认识这个行业。请填写 GB/T 4754-2017 代码，或行业列表中的代码。")


def size(industry: Industry, values: Mapping[Measure, Decimal], *, is_unnamed: bool) -> tuple[Size, list[str]]:
    """Return the size of an enterprise and why; a class that the standard does not name is said to be so."""
    result = size_law.size_of(industry, values)
    remarks = [_("标准没有列出这个行业，参照“其他未列明行业”。")] if is_unnamed else []
    return result.size, [*remarks, *size_law.reasons(industry, result)]
