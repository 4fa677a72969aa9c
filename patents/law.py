"""What the pure engines compute with, read from the dated rule rows: verified and secondary ones, never unverified.

Build a law once per request or job and hand it on; it does not change while it is held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from patents.annuities import AnnuityLaw
from patents.compensation import CompensationLaw
from patents.fees import Fee, FeeTable, TrademarkTable
from patents.numbers import Kind
from patents.periods import Span, span_of
from patents.reductions import Applicant, ReductionLaw
from patents.timeline import Dated, Timeline
from portal import rules
from portal.models import Rule

TRADEMARK_FEES = (
    *("application", "extra_item", "renewal", "late_renewal", "assignment", "review", "change", "reissue", "proof"),
    *("licence", "collective", "opposition", "cancellation"),
)

T = TypeVar("T")


def timeline(code: str, read: Callable[[Any], T]) -> Timeline[T]:
    """Return all figures of a code that may be acted on. Raises RuleMissing."""
    return Timeline(Dated(row.effective_from, row.effective_to, read(row.value)) for row in rules.history(code))


def amount(value: Any) -> Decimal:
    """Return a number of a rule row as it is written: 0.85, not the binary number next to it."""
    return Decimal(str(value))


def amounts(value: list[Any]) -> tuple[Decimal, ...]:
    """Return the numbers of a rule row's list."""
    return tuple(map(amount, value))


def by_year(value: dict[str, Any]) -> tuple[Decimal, ...]:
    """Return the amounts of years 1, 2, ... from {"1-3": 900, ...}. Raises ValueError where a year is missing."""
    found: list[Decimal] = []
    for years, yuan in sorted(value.items(), key=lambda item: int(item[0].partition("-")[0])):
        first, _dash, last = years.partition("-")
        if int(first) != len(found) + 1:
            raise ValueError(f"year {len(found) + 1} is missing: {sorted(value)}")
        found += [amount(yuan)] * (int(last or first) - int(first) + 1)
    return tuple(found)


def annuity_law() -> AnnuityLaw:
    """Return the law of annuities as the book stands now. Raises RuleMissing."""
    return AnnuityLaw(
        terms={kind: timeline(f"patent.term.{kind}", int) for kind in Kind},
        full={kind: timeline(f"patent.annuity.{kind}", by_year) for kind in Kind},
        reduced_years=timeline("patent.reduction.years", int),
        open_licence=timeline("patent.open_licence.cut", amount),
        surcharges=timeline("patent.annuity.surcharge", amounts),
        restoration=timeline("patent.restoration.fee", amount),
        calendar=rules.calendar(),
    )


def annuity_sources(kind: Kind, filed_on: dt.date) -> list[Rule]:
    """Return the rows that an annuity schedule rests on, for showing beside the result: those in force today.

    The term is that of the filing date.
    """
    term = rules.row(f"patent.term.{kind}", filed_on)
    codes = (f"annuity.{kind}", "annuity.surcharge", "reduction.years", "open_licence.cut")
    return [term, *(rules.history(f"patent.{code}")[0] for code in codes)]


def span(code: str) -> Timeline[Span]:
    """Return all lengths of time of a code, read with their units. Raises RuleMissing."""
    return Timeline(
        Dated(row.effective_from, row.effective_to, span_of(row.value, row.unit)) for row in rules.history(code)
    )


def months(code: str) -> Timeline[int]:
    """Return all lengths of a code that are whole months. Raises RuleMissing."""
    return Timeline(
        Dated(dated.first, dated.last, dated.value.years * 12 + dated.value.months) for dated in span(code).figures
    )


def reduction_law() -> ReductionLaw:
    """Return the law of fee reduction as the book stands now. Raises RuleMissing."""
    return ReductionLaw(
        single=timeline("patent.reduction.single", amount),
        joint=timeline("patent.reduction.joint", amount),
        limits={
            kind: timeline(f"patent.reduction.income.{kind}", amount)
            for kind in (Applicant.INDIVIDUAL, Applicant.ENTERPRISE)
        },
        lead=span("period.fee_reduction_request"),
        reminder=timeline("patent.reduction.reminder", int),
        calendar=rules.calendar(),
    )


def compensation_law() -> CompensationLaw:
    """Return the law of term compensation as the book stands now. Raises RuleMissing."""
    table = fee_table().fees
    return CompensationLaw(
        from_filing=timeline("patent.compensation.from_filing", int),
        from_request=timeline("patent.compensation.from_request", int),
        term=timeline(f"patent.term.{Kind.INVENTION}", int),
        annuity=_of_invention(table[Fee.COMPENSATION_ANNUITY]),
        request_fee=_of_invention(table[Fee.COMPENSATION_REQUEST]),
        request_months=months("period.term_compensation_request"),
        drug_years=timeline("patent.compensation.drug_years", int),
        drug_total_years=timeline("patent.compensation.drug_total_years", int),
        calendar=rules.calendar(),
    )


def _of_invention(fees: Timeline[Any]) -> Timeline[Decimal]:
    return Timeline(Dated(dated.first, dated.last, dated.value[Kind.INVENTION]) for dated in fees.figures)


def by_kind(value: dict[str, Any]) -> dict[Kind, Decimal]:
    """Return the amounts of the kinds that owe a fee."""
    return {Kind(kind): amount(yuan) for kind, yuan in value.items()}


def fee_table() -> FeeTable:
    """Return the patent office's fees as the book stands now. Raises RuleMissing."""
    return FeeTable(
        fees={fee: timeline(f"patent.fee.{fee}", by_kind) for fee in Fee},
        reducible=timeline("patent.reduction.covers", frozenset),
    )


def trademark_table() -> TrademarkTable:
    """Return the trademark office's fees as the book stands now. Raises RuleMissing."""

    def prices(value: dict[str, Any]) -> dict[str, Decimal]:
        return {way: amount(yuan) for way, yuan in value.items()}

    return TrademarkTable({name: timeline(f"trademark.fee.{name}", prices) for name in TRADEMARK_FEES})
