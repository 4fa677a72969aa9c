"""Patent term compensation (期限补偿): days, last day, annuity, until when it must be asked and paid. No Django.

专利法 42; 实施细则 77-84; 财税〔2024〕23号.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from patents.periods import add_months
from patents.timeline import Timeline
from portal.workdays import DAY, Calendar

YEAR = 12  # months


@dataclass(frozen=True)
class CompensationLaw:
    """The figures of the law over time."""

    from_filing: Timeline[int]  # years
    from_request: Timeline[int]
    term: Timeline[int]
    annuity: Timeline[Decimal]  # yuan for each whole year
    request_fee: Timeline[Decimal]
    request_months: Timeline[int]
    drug_years: Timeline[int]
    drug_total_years: Timeline[int]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Examination:
    """How an invention came to its grant. The request counts only with its fee, and not before publication."""

    filed_on: date
    published_on: date
    requested_on: date
    granted_on: date
    reasonable_days: int = 0  # 合理延迟
    applicant_days: int = 0  # 申请人引起的不合理延迟
    has_utility_twin: bool = False  # a utility model filed the same day for the same thing: no compensation


@dataclass(frozen=True, slots=True)
class Compensation:
    """What the delay is worth. The annuity is paid once, before the twenty years end: no grace, no restoration."""

    starts_on: date
    days: int
    ordinary_last_day: date
    last_day: date
    whole_years: int
    annuity: Decimal
    pay_by: date
    pay_target_on: date


@dataclass(frozen=True, slots=True)
class Request:
    """Until when compensation must be asked for, and what that costs."""

    nominal_on: date
    legal_on: date
    target_on: date
    fee: Decimal


def compensate(case: Examination, law: CompensationLaw) -> Compensation:
    """Return the compensation for delay in examination: from filing plus four years and request plus three, the later.

    Raises ValueError for days that cannot follow each other.
    """
    if not case.filed_on <= case.published_on or not case.filed_on <= case.requested_on <= case.granted_on:
        raise ValueError("filed, published, requested and granted are out of order")
    if min(case.reasonable_days, case.applicant_days) < 0:
        raise ValueError("delays are counted in days from nought")
    requested_on = max(case.requested_on, case.published_on)
    starts_on = max(
        add_months(case.filed_on, YEAR * law.from_filing.known(case.filed_on)),
        add_months(requested_on, YEAR * law.from_request.known(case.filed_on)),
    )
    delay = (case.granted_on - starts_on).days - case.reasonable_days - case.applicant_days
    days = 0 if case.has_utility_twin else max(0, delay)
    ends_on = add_months(case.filed_on, YEAR * law.term.known(case.filed_on))
    years = whole_years(ends_on, ends_on + timedelta(days=days))
    last = ends_on - DAY
    return Compensation(
        starts_on=starts_on,
        days=days,
        ordinary_last_day=last,
        last_day=last + timedelta(days=days),
        whole_years=years,
        annuity=years * law.annuity.known(ends_on),
        pay_by=last,
        pay_target_on=law.calendar.last_workday(last),
    )


def whole_years(start: date, end: date) -> int:
    """Return the full years from a day to another; a part of a year costs nothing."""
    years = end.year - start.year
    return years if add_months(start, YEAR * years) <= end else years - 1


def request(granted_on: date, law: CompensationLaw) -> Request:
    """Return until when compensation must be asked for: three months from the grant (or, for drugs, the approval)."""
    nominal_on = add_months(granted_on, law.request_months.known(granted_on))
    legal_on = law.calendar.roll_to_office_day(nominal_on)
    fee = law.request_fee.known(granted_on)
    return Request(nominal_on, legal_on, law.calendar.last_workday(nominal_on), fee)


def drug_last_day(filed_on: date, approved_on: date, law: CompensationLaw) -> date:
    """Return the latest last day of a drug patent: five years more, and fourteen after the approval at most."""
    ends_on = add_months(filed_on, YEAR * law.term.known(filed_on))
    by_years = add_months(ends_on, YEAR * law.drug_years.known(approved_on))
    by_total = add_months(approved_on, YEAR * law.drug_total_years.known(approved_on))
    return max(ends_on, min(by_years, by_total)) - DAY
