"""What the engines say for one day: computed once per distinct day, so that a statement can join it to any rows.

Nothing here knows of rights; `Figures` holds the law as it stands for one run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from patents import annuities, catalogue, law
from patents.annuities import AnnuityLaw
from patents.numbers import Kind
from portal import rules
from portal.rules import RuleMissing

from .codes import ANNUITY, COMPENSATION_ANNUITY, TERM_END, ladder

DAY = dt.timedelta(days=1)
NEVER = 1000  # years
STATED = "stated"  # as a way of delivery: the day given is the last day itself, as the register says
COMPENSATION_BASIS = "patent.fee.compensation_annuity"
# Renewals: code of the term -> code of the grace that follows it, and of the window before it.
GRACE = {"tm_expiry": "tm_grace_end", "madrid_expiry": "madrid_grace_end", "hague_renewal": "hague_grace_end"}
OPENS = {"tm_renewal_opens": "tm_expiry", "madrid_renewal_opens": "madrid_expiry"}


@dataclass(frozen=True, slots=True)
class Found:
    """The dates of one code from one day. `days` are the days of reminding."""

    delivered_on: dt.date
    nominal_on: dt.date
    legal_on: dt.date
    target_on: dt.date
    grace_on: dt.date | None
    bands: list[dict[str, str]]
    is_provisional: bool
    basis: str
    days: list[dt.date]


@dataclass(frozen=True, slots=True)
class YearFound:
    """One annuity of a kind and filing date: its windows, and what its amount follows from."""

    dates: Found
    full: Decimal
    reduced_years: int
    cut: Decimal


def reminder_days(code: str, target_on: dt.date, late: Sequence[dt.date] = ()) -> list[dt.date]:
    """Return the whole ladder: days before the safe date, then the first day of each late window."""
    return sorted({target_on - DAY * count for count in ladder(code)} | set(late))


def per_class(code: str, on: dt.date) -> Decimal:
    """Return a trademark fee of one class on paper, the dearer way; nothing where no row covers the day."""
    try:
        return law.amount(rules.value(code, on)["paper"])
    except RuleMissing:
        return Decimal(0)


@dataclass
class Figures:
    """The law for one run, and everything that was asked of it."""

    _found: dict[tuple[str, dt.date, str], Found | None] = field(default_factory=dict)
    _years: dict[tuple[str, dt.date, int], YearFound | None] = field(default_factory=dict)
    is_laid_out: bool = False  # what was asked so far stands in the temporary tables of the recomputation

    @cached_property
    def annuity_law(self) -> AnnuityLaw:
        return law.annuity_law()

    @cached_property
    def calendar(self) -> Any:
        return rules.calendar()

    def period(self, code: str, trigger_on: dt.date, delivery: str) -> Found | None:
        """Return the dates of a code from a day; None where no rule covers it or the facts cannot be."""
        key = (code, trigger_on, delivery)
        if key not in self._found:
            try:
                self._found[key] = self._reckon(*key)
            except (RuleMissing, LookupError, OverflowError, ValueError):
                self._found[key] = None
        return self._found[key]

    def _reckon(self, code: str, trigger_on: dt.date, delivery: str) -> Found:
        if delivery == STATED and code not in OPENS:
            return self._stated(code, trigger_on)
        if code in OPENS:
            term = self.period(OPENS[code], trigger_on, delivery)
            if term is None:
                raise LookupError(code)
            trigger_on, delivery = term.nominal_on, "none"
        answer = catalogue.deadline(code, trigger_on, delivery, calendar=self.calendar)
        dates = answer.reckoning
        # A day that opens a window is no day to act before: it is its own safe date.
        target_on = dates.legal_on if answer.entry.is_opening else dates.target_on
        grace_on, bands = self._grace(code, dates.nominal_on)
        return Found(
            dates.delivered_on,
            dates.nominal_on,
            dates.legal_on,
            target_on,
            grace_on,
            bands,
            dates.is_provisional or not answer.is_trusted,
            answer.basis[:300],
            reminder_days(code, target_on, [dt.date.fromisoformat(band["from"]) for band in bands]),
        )

    def _stated(self, code: str, last_on: dt.date) -> Found:
        target_on = self.calendar.last_workday(last_on)
        grace_on, bands = self._grace(code, last_on)
        days = reminder_days(code, target_on, [dt.date.fromisoformat(band["from"]) for band in bands])
        return Found(last_on, last_on, last_on, target_on, grace_on, bands, False, "", days)

    def _grace(self, code: str, nominal_on: dt.date) -> tuple[dt.date | None, list[dict[str, str]]]:
        """Return the last day of the grace after a term, and its one window."""
        if code not in GRACE:
            return None, []
        last = catalogue.deadline(GRACE[code], nominal_on, calendar=self.calendar).reckoning.legal_on
        late = per_class("trademark.fee.late_renewal", nominal_on) if code == "tm_expiry" else Decimal(0)
        band = {"from": (nominal_on + DAY).isoformat(), "to": last.isoformat(), "surcharge": f"{late:.2f}"}
        return last, [band]

    def year(self, kind: str, filed_on: dt.date, year: int) -> YearFound | None:
        """Return the annuity of a patent year; None beyond the term and for facts that no patent has."""
        key = (kind, filed_on, year)
        if key not in self._years:
            try:
                self._years[key] = self._annuity(Kind(kind), filed_on, year)
            except (annuities.Impossible, LookupError, OverflowError, ValueError):
                self._years[key] = None
        return self._years[key]

    def _annuity(self, kind: Kind, filed_on: dt.date, year: int) -> YearFound | None:
        figures = self.annuity_law
        if year > annuities.term_years(kind, filed_on, figures):
            return None
        due = annuities.due_on(filed_on, year)
        full = annuities.yuan(figures.full[kind].known(due)[year - 1])
        found = annuities.windows(due, full, figures)
        bands = [
            {"from": band.first.isoformat(), "to": band.last.isoformat(), "surcharge": f"{band.surcharge:.2f}"}
            for band in found.bands
        ]
        days = reminder_days(ANNUITY, found.target_on, [band.first for band in found.bands])
        basis = self._basis("patent.annuity.surcharge", due)
        grace_on = found.bands[-1].last
        dates = Found(due, due, found.legal_on, found.target_on, grace_on, bands, found.is_provisional, basis, days)
        cut = figures.open_licence.at(due) or Decimal(0)
        return YearFound(dates, full, figures.reduced_years.known(due), cut)

    def term(self, kind: str, filed_on: dt.date) -> Found | None:
        """Return the end of the term of a patent, which never rolls; None for facts that no patent has."""
        key = (TERM_END, filed_on, kind)
        if key not in self._found:
            try:
                self._found[key] = self.term_end(annuities.last_day(Kind(kind), filed_on, self.annuity_law))
            except (annuities.Impossible, LookupError, OverflowError, ValueError):
                self._found[key] = None
        return self._found[key]

    def term_end(self, last_on: dt.date) -> Found:
        """Return the last day in force as a date to be told of: it never rolls, and nothing is to be done by it."""
        basis = self._basis("patent.term.invention", last_on)
        return Found(last_on, last_on, last_on, last_on, None, [], False, basis, reminder_days(TERM_END, last_on))

    def compensation(self, filed_on: dt.date) -> Found | None:
        """Return when the annuity of the compensated term is due: before the twenty years end, without grace."""
        term = self.term(Kind.INVENTION, filed_on)
        if term is None:
            return None
        last, target = term.nominal_on, self.calendar.last_workday(term.nominal_on)
        days = reminder_days(COMPENSATION_ANNUITY, target)
        return Found(filed_on, last, last, target, None, [], False, self._basis(COMPENSATION_BASIS, last), days)

    def compensation_fee(self) -> Decimal | None:
        """Return the annuity of one whole year of the compensated term; None before there was one."""
        try:
            return law.amount(rules.value(COMPENSATION_BASIS)["invention"])
        except RuleMissing:
            return None

    def compensated_from(self) -> int:
        """Return the years after filing from which a late grant is compensated."""
        try:
            return int(rules.value("patent.compensation.from_filing"))
        except RuleMissing:
            return NEVER

    @staticmethod
    def _basis(code: str, on: dt.date) -> str:
        try:
            return rules.row(code, max(on, dt.date(2000, 1, 1)), unverified=True).basis[:300]
        except RuleMissing:
            return ""
