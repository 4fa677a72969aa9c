"""Fee reduction (费减): who qualifies, until when it must be asked for, and how long a registration holds. No Django.

专利收费减缴办法 (财税〔2016〕78号) 2-7, 10; 缴费服务指南 2.5; 审查指南 5-2 §3. A notice beats all of this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from patents.periods import Span, add
from patents.timeline import Timeline
from portal.workdays import Calendar

NOTHING = Decimal(0)
LAST_MONTH_OF_SETTLEMENT = 5  # 汇算清缴期: January to May


class Applicant(StrEnum):
    """Who may ask; the last kind has no income test."""

    INDIVIDUAL = "individual"
    ENTERPRISE = "enterprise"
    PUBLIC = "public"  # 事业单位、社会团体、非营利性科研机构


@dataclass(frozen=True)
class ReductionLaw:
    """The figures of the law over time: shares, limits that income must stay under, and the lead of the request."""

    single: Timeline[Decimal]
    joint: Timeline[Decimal]
    limits: dict[Applicant, Timeline[Decimal]]  # yuan: of a month for persons, of a year for enterprises
    lead: Timeline[Span]
    reminder: Timeline[int]  # days before the last day of the request
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Claimant:
    """One of the joint applicants; income is the monthly average or the year's taxable income, None if unknown."""

    kind: Applicant
    income: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when a reduction of one fee must be asked for."""

    request_by: date  # the last day by the law, as counted here
    target_on: date  # the last ordinary working day not after it
    remind_on: date


def request_clock(due_on: date, law: ReductionLaw) -> Clock:
    """Return until when the reduction of a fee due on `due_on` must be asked for.

    "至少两个半月之前": counted back from the nominal due date, not from the rolled one, two calendar months first
    (corresponding day, else the month's last day), then fifteen days. A request on that very day is in time. It never
    rolls forward; where it is a day off, the working day before is the one to aim at. Due 2026-03-10: 2025-12-26.
    """
    request_by = add(due_on, law.lead.known(due_on), is_backwards=True)
    target_on = law.calendar.last_workday(request_by)
    return Clock(request_by, target_on, request_by - timedelta(days=law.reminder.known(due_on)))


def qualifies(claimant: Claimant, on: date, law: ReductionLaw) -> bool | None:
    """Tell whether one claimant qualifies on a day: strictly under the limit; None where the income is not known.

    Being a small enterprise is not the test; only taxable income is.
    """
    if claimant.kind == Applicant.PUBLIC:
        return True
    return None if claimant.income is None else claimant.income < law.limits[claimant.kind].known(on)


def share(claimants: Iterable[Claimant], on: date, law: ReductionLaw) -> Decimal | None:
    """Return the reduced share: 85 % for one, 70 % for several who all qualify, 0 where one does not.

    None where an income is not known and nobody is known to be over the limit. Raises ValueError without claimants.
    """
    verdicts = [qualifies(claimant, on, law) for claimant in claimants]
    if not verdicts:
        raise ValueError("nobody to ask for")
    if False in verdicts:
        return NOTHING
    if None in verdicts:
        return None
    return (law.single if len(verdicts) == 1 else law.joint).known(on)


def income_year(kind: Applicant, on: date) -> int:
    """Return the year whose income counts: last year, for enterprises until their tax is settled the one before."""
    is_open = kind == Applicant.ENTERPRISE and on.month <= LAST_MONTH_OF_SETTLEMENT
    return on.year - (2 if is_open else 1)


def registered_until(registered_on: date) -> date:
    """Return the last day of a registration (费减备案): within one calendar year no new proof is asked for."""
    return date(registered_on.year, 12, 31)
