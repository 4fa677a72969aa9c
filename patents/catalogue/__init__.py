"""The statutory periods by code, and the one question about them: `deadline(code, triggered_on, delivery)`.

Lengths and delays are Rule rows (`period.<code>`, `delivery.<domain>.<mode>`) in force on the day of the event.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from patents import periods
from patents.catalogue import abroad, patent, trademark
from patents.catalogue.entries import DELIVERY, Domain, Entry, Severity, Start
from patents.periods import NOTHING, Delivery, Reckoning, Span
from portal import rules
from portal.models import Rule, RuleStatus

__all__ = [
    "ENTRIES",
    "FIRST_DAY",
    "LAST_DAY",
    "Answer",
    "Domain",
    "Entry",
    "Severity",
    "Start",
    "answer",
    "deadline",
    "delivered_on",
    "get",
    "span",
]

FIRST_DAY, LAST_DAY = dt.date(1985, 1, 1), dt.date(2100, 12, 31)  # of an event: since China had a patent law

ENTRIES: dict[str, Entry] = {entry.code: entry for entry in (*patent.ENTRIES, *trademark.ENTRIES, *abroad.ENTRIES)}
# A result is as sure as the least sure row in it.
SURENESS = (RuleStatus.UNVERIFIED, RuleStatus.SAMPLE, RuleStatus.SECONDARY, RuleStatus.VERIFIED)
LAW_OF_DELIVERY = {Domain.TRADEMARK: Domain.TRADEMARK}  # courts and all else: as the patent office delivers


@dataclass(frozen=True)
class Answer:
    """The dates of one rule with the rows they come from; `rows[0]` is the length of the period."""

    entry: Entry
    reckoning: Reckoning
    rows: tuple[Rule, ...]

    @property
    def status(self) -> str:
        """The verification of the least sure row."""
        return min((row.status for row in self.rows), key=lambda status: SURENESS.index(RuleStatus(status)))

    @property
    def is_trusted(self) -> bool:
        """Tell whether the portal may act on it by itself."""
        return self.status != RuleStatus.UNVERIFIED

    @property
    def basis(self) -> str:
        return self.rows[0].basis

    @property
    def source(self) -> str:
        return self.rows[0].source


def get(code: str) -> Entry:
    """Return the entry of a rule code; raises KeyError."""
    return ENTRIES[code]


def span(row: Rule) -> Span:
    """Return the length that a rule row holds."""
    return periods.span_of(row.value, row.unit)


def _delay(entry: Entry, delivery: Delivery, issued_on: dt.date) -> Rule | None:
    if entry.start != Start.DELIVERY or delivery == Delivery.NONE:
        return None
    law = LAW_OF_DELIVERY.get(entry.domain, Domain.PATENT)
    return rules.row(f"{DELIVERY}{law}.{delivery}", issued_on, unverified=True)


def delivered_on(entry: Entry, issued_on: dt.date, delivery: Delivery) -> dt.date:
    """Return the day from which the period of this rule runs. Raises rules.RuleMissing."""
    row = _delay(entry, delivery, issued_on)
    return periods.add(issued_on, span(row)) if row else issued_on


def deadline(
    code: str,
    triggered_on: dt.date,
    delivery: Delivery | str = Delivery.NONE,
    *,
    calendar: Any = None,
    is_trusted_only: bool = False,
) -> Answer:
    """Compute one rule from the day of its event (for notices: the issue date, and how it was delivered).

    Unverified rows are used and marked by `status`, unless `is_trusted_only`. Raises KeyError for an unknown code,
    rules.RuleMissing where no row covers the day, OverflowError or ValueError at the end of the calendar.
    """
    return answer(ENTRIES[code], triggered_on, delivery, calendar=calendar, is_trusted_only=is_trusted_only)


def answer(
    entry: Entry,
    triggered_on: dt.date,
    delivery: Delivery | str = Delivery.NONE,
    *,
    calendar: Any = None,
    is_trusted_only: bool = False,
) -> Answer:
    """Compute a period of this catalogue or of a workstream's own, as `deadline` does by code."""
    mode = Delivery(delivery)
    length = rules.row(entry.rule_code, triggered_on, unverified=not is_trusted_only)
    delay = _delay(entry, mode, triggered_on)
    reckoning = periods.compute(
        triggered_on,
        entry.period(span(length)),
        calendar=calendar or rules.calendar(),
        delivery=mode,
        delay=span(delay) if delay else NOTHING,
        is_delivery_ignored=entry.start != Start.DELIVERY,
    )
    return Answer(entry, reckoning, (length, delay) if delay else (length,))
