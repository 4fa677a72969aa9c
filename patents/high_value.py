"""High-value invention patents (高价值发明专利): which conditions a patent meets, and which it nearly meets. Pure.

Two dated sets of conditions are kept apart; the answer is a list with evidence, never only yes or no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from patents.industries import Match, State
from patents.periods import add_months
from portal.workdays import DAY


class Condition(StrEnum):
    INDUSTRY = "industry"  # 战略性新兴产业
    FAMILY = "family"  # 在海外有同族专利权
    MAINTAINED = "maintained"  # 维持年限超过 10 年
    PLEDGE = "pledge"  # 实现较高质押融资金额
    AWARD = "award"  # 国家科学技术奖或中国专利奖


class Verdict(StrEnum):
    """What is known of one condition."""

    MET = "met"
    NEAR = "near"  # not yet, but it may become so
    CONFIRM = "confirm"  # a person has to decide, or a figure is missing that nobody has published
    NOT = "not"


@dataclass(frozen=True)
class Set:
    """One dated set of conditions."""

    code: str
    conditions: frozenset[Condition]
    first: date
    last: date | None
    is_trusted: bool


@dataclass(frozen=True)
class Parameters:
    """What the conditions leave open, as rule rows."""

    sets: tuple[Set, ...]
    years: int
    counted_from: str  # filed_on or granted_on
    near_months: int
    pledge_minimum: Decimal | None  # None as long as the figure is only a sample
    awards: tuple[str, ...]
    unsure_places: frozenset[str]


@dataclass(frozen=True)
class Member:
    """A member of the family abroad."""

    country: str
    is_in_force: bool
    is_pending: bool
    title: str = ""


@dataclass(frozen=True)
class Invention:
    """What is known of one right."""

    kind: str
    country: str
    is_in_force: bool
    filed_on: date | None
    granted_on: date | None
    industry: Match
    industry_code: str = ""
    is_industry_confirmed: bool = False
    family: Sequence[Member] = ()
    awards: Sequence[str] = ()
    pledge_amount: Decimal | None = None


@dataclass(frozen=True)
class Finding:
    """One condition with what speaks for it."""

    condition: Condition
    verdict: Verdict
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """All findings; `verdicts` says by set whether one condition of it is met."""

    is_eligible: bool
    findings: tuple[Finding, ...]
    verdicts: Mapping[str, bool]

    @property
    def met(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.verdict == Verdict.MET)

    @property
    def near(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.verdict in (Verdict.NEAR, Verdict.CONFIRM))

    @property
    def is_pledge_only(self) -> bool:
        """Whether it counts by pledge financing alone, which the newer set no longer names."""
        return [one.condition for one in self.met] == [Condition.PLEDGE]


def judge(right: Invention, parameters: Parameters, on: date) -> Judgement:
    """Return what holds on a day. Only Chinese invention patents in force can be of high value."""
    if right.kind != "invention" or right.country != "CN" or not right.is_in_force:
        return Judgement(False, (), {one.code: False for one in parameters.sets})
    findings = (
        _industry(right),
        _family(right, parameters),
        _maintained(right, parameters, on),
        _pledge(right, parameters),
        _award(right, parameters),
    )
    met = {one.condition for one in findings if one.verdict == Verdict.MET}
    return Judgement(True, findings, {one.code: bool(met & one.conditions) for one in parameters.sets})


def _industry(right: Invention) -> Finding:
    found = right.industry
    evidence = {"code": right.industry_code or (found.branch.code if found.branch else ""), "symbol": found.symbol,
                "keyword": found.keyword, "branch": found.branch}  # fmt: skip
    if right.is_industry_confirmed:
        verdict = Verdict.MET if right.industry_code else Verdict.NOT
        return Finding(Condition.INDUSTRY, verdict, {**evidence, "is_confirmed": True})
    verdicts = {State.YES: Verdict.MET, State.CONFIRM: Verdict.CONFIRM, State.NO: Verdict.NOT}
    return Finding(Condition.INDUSTRY, verdicts[found.state], evidence)


def _family(right: Invention, parameters: Parameters) -> Finding:
    """A right is asked for: a pending member is a near miss; whether HK, MO and TW count is not settled."""
    sure = [one for one in right.family if one.country not in parameters.unsure_places]
    granted = sorted({one.country for one in sure if one.is_in_force})
    if granted:
        return Finding(Condition.FAMILY, Verdict.MET, {"countries": granted})
    unsure = sorted({one.country for one in right.family if one.is_in_force})
    if unsure:
        return Finding(Condition.FAMILY, Verdict.CONFIRM, {"countries": unsure})
    pending = sorted({one.country for one in right.family if one.is_pending})
    return Finding(Condition.FAMILY, Verdict.NEAR if pending else Verdict.NOT, {"countries": pending})


def over_years_on(start: date, years: int) -> date:
    """Return the first day on which more than `years` have passed: the day after the anniversary."""
    return add_months(start, 12 * years) + DAY


def months_until(day: date, on: date) -> int:
    """Return the months from `on` to `day`, begun ones counted."""
    whole = (day.year - on.year) * 12 + day.month - on.month
    return whole + (day.day > on.day)


def _maintained(right: Invention, parameters: Parameters, on: date) -> Finding:
    start = right.granted_on if parameters.counted_from == "granted_on" else right.filed_on
    if start is None:
        return Finding(Condition.MAINTAINED, Verdict.NOT)
    reached = over_years_on(start, parameters.years)
    evidence: dict[str, Any] = {"start": start, "reached_on": reached, "from": parameters.counted_from}
    if on >= reached:
        return Finding(Condition.MAINTAINED, Verdict.MET, evidence)
    months = months_until(reached, on)
    verdict = Verdict.NEAR if months <= parameters.near_months else Verdict.NOT
    return Finding(Condition.MAINTAINED, verdict, {**evidence, "months": months})


def _pledge(right: Invention, parameters: Parameters) -> Finding:
    """How much is 较高 nobody has published: until the city enters a figure an amount is only to be confirmed."""
    if not right.pledge_amount:
        return Finding(Condition.PLEDGE, Verdict.NOT)
    evidence = {"amount": right.pledge_amount, "minimum": parameters.pledge_minimum}
    if parameters.pledge_minimum is None:
        return Finding(Condition.PLEDGE, Verdict.CONFIRM, evidence)
    verdict = Verdict.MET if right.pledge_amount >= parameters.pledge_minimum else Verdict.NEAR
    return Finding(Condition.PLEDGE, verdict, evidence)


def _award(right: Invention, parameters: Parameters) -> Finding:
    """City awards do not count; a name counts when it holds one of the names of the national awards."""
    national = [name for name in right.awards if any(word in name for word in parameters.awards)]
    return Finding(Condition.AWARD, Verdict.MET if national else Verdict.NOT, {"awards": national})
