"""Which open dates of rights would move if figures or days off changed: the preview of a rule change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from django.db.models import Q

from patents.models import Right
from portal.models import Deadline
from portal.rule_changes import Move, Proposal

from . import codes
from .answers import STATED, Figures, Found

BATCH = 500
REACH = dt.timedelta(days=15)  # no run of days off is longer
FEES = ("patent.annuity.", "patent.term.")


def moves(proposal: Proposal) -> Iterator[Move]:
    """Yield each open date of a right whose legal day would change. Stated dates stay as they are."""
    rows = _candidates(proposal)
    while batch := list(islice(rows, BATCH)):
        facts = _facts(batch)
        with proposal.applied():
            figures = Figures()
            found = [(row, computed(figures, row, facts.get(row.subject_number))) for row in batch]
        for row, dates in found:
            if dates is not None and dates.legal_on != row.legal_on:
                yield Move(row.title, row.organisation.name, row.rule_code, row.legal_on, dates.legal_on, row.link)


def _candidates(proposal: Proposal) -> Iterator[Deadline]:
    """Return the rows that the changed rules or days can touch, in the order of their dates."""
    touched = Q(pk__in=[])
    for code in proposal.codes:
        if code.startswith("period."):
            touched |= Q(rule_code__startswith=codes.PREFIX + code.removeprefix("period."))
        elif code.startswith(FEES):
            touched |= Q(rule_code__in=[codes.PREFIX + code for code in (codes.ANNUITY, codes.TERM_END)])
        elif code.startswith("delivery."):
            touched |= ~Q(delivery_mode="")
    days = proposal.changed_days()
    if days:
        touched |= Q(nominal_on__range=(days[0] - REACH, days[-1] + REACH))
    rows = Deadline.objects.open().filter(touched, subject_type=codes.SUBJECT, overridden_on=None)
    return rows.select_related("organisation").order_by("target_on", "pk").iterator(chunk_size=BATCH)


def _facts(rows: list[Deadline]) -> dict[str, tuple[str, dt.date]]:
    numbers = [row.subject_number for row in rows if row.trigger_event == codes.ANNUITY]
    found = Right.objects.filter(number__in=numbers).values_list("number", "kind", "filed_on")
    return {number: (kind, filed_on) for number, kind, filed_on in found}


def computed(figures: Figures, row: Deadline, facts: tuple[str, dt.date] | None) -> Found | None:
    """Return what the engines say of a row today; `facts` are (kind, filing date) of a patent, for annuities."""
    code = codes.code_of(row.rule_code)
    if code == codes.ANNUITY:
        year = figures.year(*facts, row.year or 0) if facts else None
        return year.dates if year else None
    if code == codes.TERM_END:
        return figures.term_end(row.trigger_on)
    if code == codes.COMPENSATION_ANNUITY:
        return figures.compensation(row.trigger_on)
    is_stated = not row.delivery_mode and row.trigger_on == row.nominal_on
    return figures.period(code, row.trigger_on, STATED if is_stated else row.delivery_mode or "none")
