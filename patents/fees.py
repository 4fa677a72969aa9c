"""Fees of the patent office other than annuities, and of the trademark office. No Django, no database.

专利法实施细则 110; 缴费服务指南 annex 2. Only filing, examination, re-examination and annuities are ever reduced.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from patents.annuities import reduced, yuan
from patents.numbers import Kind, Route
from patents.timeline import Timeline

NOTHING = Decimal(0)
FREE_CLAIMS = 10
FREE_PAGES = 30
CHEAPER_PAGES = 300


class Fee(StrEnum):
    """The fees of the table, by the ends of their rule codes."""

    FILING = "filing"
    PUBLICATION_PRINT = "publication_print"
    CLAIM_SURCHARGE = "claim_surcharge"
    PAGE_SURCHARGE_31 = "page_surcharge_31"
    PAGE_SURCHARGE_301 = "page_surcharge_301"
    PRIORITY = "priority"
    EXAMINATION = "examination"
    REEXAMINATION = "reexamination"
    CHANGE = "change"
    INVALIDATION = "invalidation"
    EXTENSION_FIRST = "extension_first"
    EXTENSION_AGAIN = "extension_again"
    EVALUATION_REPORT = "evaluation_report"
    COPY = "copy"
    REGISTRATION = "registration"
    COMPENSATION_REQUEST = "compensation_request"
    COMPENSATION_ANNUITY = "compensation_annuity"


@dataclass(frozen=True)
class FeeTable:
    """The office's fees over time, {kind: yuan} each, and the names of those that can be reduced."""

    fees: Mapping[Fee, Timeline[Mapping[Kind, Decimal]]]
    reducible: Timeline[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a bill."""

    fee: Fee
    quantity: int
    full: Decimal
    payable: Decimal


@dataclass(frozen=True, slots=True)
class Filing:
    """What a new application consists of. The last two say what the office did in the international phase."""

    kind: Kind
    claims: int = 1
    pages: int = 1
    priorities: int = 0
    with_examination: bool = False
    route: Route = Route.NATIONAL
    was_receiving_office: bool = False  # it received the international application and searched it
    made_report: bool = False  # it made the search report or the preliminary report


def item(
    fee: Fee, kind: Kind, on: date, table: FeeTable, *, reduction: Decimal = NOTHING, quantity: int = 1
) -> Item | None:
    """Return one line of a bill, None where this kind does not owe the fee on that day. `reduction` is the share."""
    amounts = table.fees[fee].at(on)
    if amounts is None or kind not in amounts or quantity < 1:
        return None
    full = yuan(amounts[kind] * quantity)
    is_reduced = reduction and fee in (table.reducible.at(on) or ())
    return Item(fee, quantity, full, reduced(full, reduction) if is_reduced else full)


def filing_bill(case: Filing, on: date, table: FeeTable, reduction: Decimal = NOTHING) -> tuple[Item, ...]:
    """Return what filing an application costs: filing fee, print, surcharges, priorities and, if asked, examination.

    In the national phase the filing fee and its surcharges are waived where the office received and searched the
    international application, the examination fee where it made a report. Raises ValueError for a bad count.
    """
    if case.claims < 1 or case.pages < 1 or case.priorities < 0:
        raise ValueError("an application has claims and pages")
    is_pct = case.route == Route.PCT
    cheap = min(case.pages, CHEAPER_PAGES) - FREE_PAGES
    wanted = [
        (Fee.FILING, 1),
        (Fee.PUBLICATION_PRINT, 1),
        (Fee.CLAIM_SURCHARGE, case.claims - FREE_CLAIMS),
        (Fee.PAGE_SURCHARGE_31, cheap),
        (Fee.PAGE_SURCHARGE_301, case.pages - CHEAPER_PAGES),
        (Fee.PRIORITY, case.priorities),
    ]
    if is_pct and case.was_receiving_office:
        waived = (Fee.FILING, Fee.CLAIM_SURCHARGE, Fee.PAGE_SURCHARGE_31, Fee.PAGE_SURCHARGE_301)
        wanted = [(fee, quantity) for fee, quantity in wanted if fee not in waived]
    if case.with_examination and not (is_pct and case.made_report):
        wanted.append((Fee.EXAMINATION, 1))
    lines = (item(fee, case.kind, on, table, reduction=reduction, quantity=quantity) for fee, quantity in wanted)
    return tuple(line for line in lines if line is not None)


def total(bill: tuple[Item, ...]) -> Decimal:
    """Return what a bill comes to."""
    return sum((line.payable for line in bill), NOTHING)


@dataclass(frozen=True)
class TrademarkTable:
    """The trademark office's fees over time: {paper, online} yuan for each class."""

    fees: Mapping[str, Timeline[Mapping[str, Decimal]]]
    free_items: int = 10


def trademark_fee(name: str, on: date, table: TrademarkTable, *, classes: int = 1, is_online: bool = True) -> Decimal:
    """Return one fee for a number of classes; the paper price where no online price is verified.

    Raises LookupError where no figure covers the day.
    """
    prices = table.fees[name].known(on)
    return classes * (prices.get("online", prices["paper"]) if is_online else prices["paper"])


def renewal_fee(
    on: date, table: TrademarkTable, *, classes: int = 1, is_late: bool = False, is_online: bool = True
) -> Decimal:
    """Return what renewing a trademark costs, in the six months of grace with the surcharge (商标法 40)."""
    names = ["renewal", *(["late_renewal"] if is_late else [])]
    return sum((trademark_fee(name, on, table, classes=classes, is_online=is_online) for name in names), NOTHING)
