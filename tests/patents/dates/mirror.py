"""The dates of one right by the plain engines alone, written a second time without any SQL: what must come out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

from patents import annuities, catalogue, law
from patents.models import LegalStatus, Right
from patents.models.rights import ALIVE, IN_FORCE
from patents.numbers import Kind
from patents.periods import add_months
from portal import rules
from portal.clock import local_date

DAY = dt.timedelta(days=1)
PATENTS = ("invention", "utility_model", "design")
Row = tuple[Any, ...]


class Mirror:
    """`dates(right)` returns {(rule code, trigger): (legal, target, grace, amount, year, bands)}."""

    def __init__(self, today: dt.date) -> None:
        self.today, self.law, self.calendar = today, law.annuity_law(), rules.calendar()
        self.found: dict[tuple[str, dt.date], Row] = {}

    def dates(self, right: Right) -> dict[tuple[str, dt.date], Row]:
        self.found, self.right = {}, right
        self.known = local_date(right.created_at)
        self.settled = max(self.known, (right.status_on or self.known) - 214 * DAY)
        if right.status == LegalStatus.IN_GRACE:
            self.settled = self.known - 214 * DAY
        self.is_patent = right.kind in PATENTS and right.country == "CN" and right.route != "hague"
        self.is_in_force = right.status in IN_FORCE
        self._patent()
        self._filings()
        self._renewals()
        self._uses()
        self._stated()
        return self.found

    def _patent(self) -> None:
        right = self.right
        if not (self.is_patent and self.is_in_force):
            return
        kind = Kind(right.kind)
        try:
            last = annuities.last_day(kind, right.filed_on, self.law)
        except annuities.Impossible:
            last = None
        end = right.expires_on or last
        if last and end and end >= self.today:
            self._put("term_end", end, end, end)
        if last and right.kind == "invention" and right.expires_on and right.expires_on > last:  # noqa: SIM102
            if last >= self.known:
                years = (
                    right.expires_on.year
                    - last.year
                    - ((right.expires_on.month, right.expires_on.day) < (last.month, last.day))
                )
                target = self.calendar.last_workday(last)
                self._put("compensation_annuity", right.filed_on, last, target, amount=Decimal(8000) * years)
        if right.granted_on and last:
            self._annuity(kind)
        if right.granted_on:
            self._period("inventor_bonus", right.granted_on, keeps="known")
            if right.kind == "invention" and right.granted_on > add_months(right.filed_on, 48):
                self._period("term_compensation_request", right.granted_on, keeps="coming")

    def _annuity(self, kind: Kind) -> None:
        right = self.right
        if right.granted_on < right.filed_on:
            return
        first = annuities.grant_year(right.filed_on, right.granted_on)
        if right.paid_year is not None:
            year = max(right.paid_year, first) + 1
        else:
            year = first + 1
            while annuities.due_on(right.filed_on, year) < self.settled:
                year += 1
        if year > annuities.term_years(kind, right.filed_on, self.law):
            return
        due = annuities.due_on(right.filed_on, year)
        full = self.law.full[kind].known(due)[year - 1]
        found = annuities.windows(due, full, self.law)
        share = Decimal(right.reduction)
        if year - first >= self.law.reduced_years.known(due) or year < (right.reduction_from or 1):
            share = Decimal(0)
        if right.open_licence_from and right.open_licence_from <= due:
            share = max(share, self.law.open_licence.at(due) or Decimal(0))
        bands = [(str(band.first), str(band.last), f"{band.surcharge:.2f}") for band in found.bands]
        amount = annuities.reduced(full, share)
        self._put("annuity", due, found.legal_on, found.target_on, found.bands[-1].last, amount, year, bands)
        if right.reduction == "0" and year - first < self.law.reduced_years.known(due):
            self._period("fee_reduction_request", due, keeps="coming", year=year)

    def _filings(self) -> None:
        right = self.right
        earliest = right.priority_on or right.filed_on
        is_alive = right.status in ALIVE and right.status != LegalStatus.DRAFT
        if right.country == "WO" and is_alive:
            for code in ("pct_national_cn", "pct_national_cn_late", "pct_national_other"):
                self._period(code, earliest, keeps="known")
        if right.country != "CN":
            return
        if right.kind == "invention" and right.status in ("pending", "published"):
            self._period("examination_request", earliest, keeps="known")
        if right.priority_on is None and right.route == "national" and is_alive:
            code = {"design": "paris_priority_design", "trademark": "trademark_priority"}.get(
                right.kind, "paris_priority_patent" if right.kind in PATENTS else ""
            )
            if code:
                self._period(code, right.filed_on, keeps="coming")

    def _renewals(self) -> None:
        right = self.right
        if not self.is_in_force:
            return
        if right.kind == "trademark" and right.route == "madrid":
            self._term("madrid_expiry", 10, "madrid_grace_end", "madrid_renewal_opens")
            if right.granted_on:
                self._period("madrid_dependency", right.granted_on, keeps="coming")
        elif right.kind == "trademark" and right.country == "CN":
            self._term("tm_expiry", 10, "tm_grace_end", "tm_renewal_opens")
        if right.route == "hague":
            self._term("hague_renewal", 5, "hague_grace_end", "")

    def _term(self, code: str, years: int, grace: str, opens: str) -> None:
        right = self.right
        start = right.granted_on or right.filed_on
        if right.expires_on:
            trigger = nominal = legal = right.expires_on
            target = self.calendar.last_workday(nominal)
        else:
            turns = 2 if years == 5 else 12
            starts = [add_months(start, 12 * years * n) for n in range(turns + 2)]
            found = [day for day, after in pairwise(starts) if after > self.settled]
            if not found:
                return
            trigger = found[0]
            dates = catalogue.deadline(code, trigger).reckoning
            nominal, legal, target = dates.nominal_on, dates.legal_on, dates.target_on
        last = catalogue.deadline(grace, nominal).reckoning.legal_on
        count = Decimal(max(1, len(right.classes)))
        is_mark = code == "tm_expiry"
        bands = [(str(nominal + DAY), str(last), f"{250 * count if is_mark else Decimal(0):.2f}")]
        self._put(code, trigger, legal, target, last, 500 * count if is_mark else None, None, bands)
        if opens:
            day = catalogue.deadline(opens, nominal).reckoning.legal_on
            if day >= self.today:
                self._put(opens, trigger, day, day)

    def _uses(self) -> None:
        right = self.right
        if right.kind != "trademark" or right.country != "CN" or not self.is_in_force or not right.granted_on:
            return
        for name in {part.rjust(2, "0") for part in right.classes} or {"00"}:
            for code in ("tm_non_use_24", "tm_non_use_30", "tm_non_use_36"):
                keeps = "known" if code.endswith("36") else "coming"
                self._period(code, right.granted_on, keeps=keeps, part=f".{name}")

    def _stated(self) -> None:
        """What no rule computes ends on the day that was entered."""
        right = self.right
        is_mark = right.kind == "trademark"
        has_rule = self.is_patent or right.route == "hague" or (is_mark and right.country == "CN")
        has_rule = has_rule or (is_mark and right.route == "madrid") or right.kind == "trade_secret"
        if has_rule or not right.expires_on or right.status not in ALIVE or right.status == LegalStatus.DRAFT:
            return
        target = self.calendar.last_workday(right.expires_on)
        if is_mark or right.kind == "domain":
            self._put("stated_renewal", right.expires_on, right.expires_on, target)
        elif target >= self.today:
            self._put("stated_end", right.expires_on, right.expires_on, target)

    def _period(self, code: str, trigger: dt.date, *, keeps: str, part: str = "", year: int | None = None) -> None:
        try:
            dates = catalogue.deadline(code, trigger).reckoning
        except rules.RuleMissing:
            return
        if (keeps == "coming" and dates.target_on < self.today) or (keeps == "known" and dates.legal_on < self.known):
            return
        self._put(code + part, trigger, dates.legal_on, dates.target_on, year=year)

    def _put(
        self,
        code: str,
        trigger: dt.date,
        legal: dt.date,
        target: dt.date,
        grace: dt.date | None = None,
        amount: Decimal | None = None,
        year: int | None = None,
        bands: list[tuple[str, str, str]] | None = None,
    ) -> None:
        key = (f"right.{code}", trigger)
        self.found[key] = (
            legal,
            target,
            grace,
            None if amount is None else amount.quantize(Decimal("0.01")),
            year,
            bands or [],
        )
