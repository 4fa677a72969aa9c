"""What a notice says besides its dates: the fee and late windows of a payment notice, the share of an approval.

The office's own figures beat the computed ones; these stay beside them (rules A3).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patents import annuities, law, reductions, rights
from patents.models import OfficialNotice, Reduction, Right
from patents.numbers import Kind
from portal import formats
from portal.errors import RuleBroken
from portal.models import Deadline, User

from . import keeping, notices, types

DAY = dt.timedelta(days=1)
YEAR = dt.timedelta(days=366)
PAYMENT, APPROVAL = "annuity_notice", "fee_reduction"


@dataclass(frozen=True, slots=True)
class Band:
    """One late window as the notice prints it."""

    first: dt.date
    last: dt.date
    surcharge: Decimal

    def plain(self) -> dict[str, str]:
        """Return the window as rows keep it."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), "surcharge": f"{self.surcharge:.2f}"}


def fee_of(notice: OfficialNotice) -> Deadline | None:
    """Return the open annuity that a payment notice is about: the first one unpaid."""
    if notice.type != PAYMENT:
        return None
    return min(notices.opened_by(notice), key=lambda row: row.target_on, default=None)


@transaction.atomic
def state_bands(notice: OfficialNotice, *, bands: Sequence[Band], amount: Decimal | None = None, by: User) -> Deadline:
    """Let the late windows, and the fee where it is given, hold as a payment notice prints them; return the date.

    Windows before the first one printed stay as computed. Raises Denied; RuleBroken for another kind of notice, no open
    annuity, or windows that cannot be.
    """
    right = rights.locked(notice.right, by)
    notice = OfficialNotice.objects.select_for_update().get(pk=notice.pk)
    if notice.type != PAYMENT:
        raise RuleBroken(_("只有缴费通知书写明各档和金额。"), code="wrong_type")
    row = fee_of(notice)
    if row is None:
        raise RuleBroken(_("这件权利没有待缴的年费。"), code="wrong_state")
    _require_windows(row, bands)
    notice.stated_bands, notice.stated_amount = [band.plain() for band in bands], amount
    notice.save(update_fields=["stated_bands", "stated_amount"])
    found = keeping.state_fee(row, bands=_joined(row, bands), amount=amount, reason=said(notice), by=by)
    rights.note_event(right, "changed", by=by, on=notice.issued_on, text=str(_("按缴费通知书写明的各档办理")), data={})
    return found


def said(notice: OfficialNotice) -> str:
    """Return the notice in words, as the reason why its figures hold."""
    return formats.noted(types.name_of(notice.type), formats.day(notice.issued_on))


def _require_windows(row: Deadline, bands: Sequence[Band]) -> None:
    if not bands:
        raise RuleBroken(_("请至少填写一档。"), code="no_bands")
    if bands[0].first <= (row.nominal_on or row.trigger_on):
        raise RuleBroken(_("第一档应从应缴日之后开始。"), code="too_early")
    if any(band.last < band.first for band in bands):
        raise RuleBroken(_("每一档的最后一日不能早于第一日。"), code="upside_down")
    if any(after.first != before.last + DAY for before, after in pairwise(bands)):
        raise RuleBroken(_("各档应首尾相接：后一档从前一档最后一日的次日开始。"), code="gap")
    if any(after.surcharge < before.surcharge for before, after in pairwise(bands)):
        raise RuleBroken(_("后一档加收的金额不会少于前一档。"), code="falling")
    if bands[-1].last > (row.nominal_on or row.trigger_on) + YEAR:
        raise RuleBroken(_("最后一档不会晚于应缴日后一年，请核对年份。"), code="too_late")


def _joined(row: Deadline, bands: Sequence[Band]) -> list[dict[str, str]]:
    """Return the computed windows up to the first one stated, then the stated ones."""
    computed = row.computed_bands if row.computed_bands is not None else row.bands
    until = (bands[0].first - DAY).isoformat()
    before = [{**band, "to": min(band["to"], until)} for band in computed if band["from"] <= until]
    return [*before, *(band.plain() for band in bands)]


# --- reduction ---------------------------------------------------------------------------------------------------
@transaction.atomic
def approve_reduction(
    notice: OfficialNotice, *, share: str, requested_on: dt.date | None = None, year: int | None = None, by: User
) -> Right:
    """Let an approved reduction hold from a year on; dates, money and forecast follow. Returns the right.

    `year` is what the notice states. Without it the reduction begins with the first annuity whose request was in time,
    two and a half months before it was due (`reductions.request_clock`); where the day of the request is not known, the
    day of the notice stands for it, which is never too early. Raises Denied, RuleBroken.
    """
    right = rights.locked(notice.right, by)
    notice = OfficialNotice.objects.select_for_update().get(pk=notice.pk)
    if notice.type != APPROVAL:
        raise RuleBroken(_("只有收费减缴审批通知书批准减缴。"), code="wrong_type")
    if share not in Reduction.values or share == Reduction.NONE:
        raise RuleBroken(_("请选择批准的减缴比例。"), code="share")
    if requested_on and requested_on > notice.issued_on:
        raise RuleBroken(_("请求日不能晚于通知书的发文日。"), code="wrong_day")
    day = requested_on or notice.issued_on
    begins = _stated_year(right, year, day) if year else first_year(right, day)
    notice.reduction, notice.reduction_from, notice.requested_on = share, begins, requested_on
    notice.save(update_fields=["reduction", "reduction_from", "requested_on"])
    if right.reduction == share:  # a further approval never takes away a year that was reduced already
        begins = min(begins, right.reduction_from) if begins and right.reduction_from else None
    values: dict[str, Any] = {"reduction": share, "reduction_from": begins}
    rights.log(right, "right.reduction_approved", by=by, notice=notice.number)
    return rights.update(right, values=values, version=right.version, by=by)


def first_year(right: Right, requested_on: dt.date) -> int | None:
    """Return the first patent year whose annuity a request on this day still reduces; None before the grant."""
    if right.filed_on is None or right.granted_on is None:
        return None
    figures, book = law.annuity_law(), law.reduction_law()
    try:
        last = annuities.term_years(Kind(right.kind), right.filed_on, figures)
    except annuities.Impossible as wrong:
        raise RuleBroken(_("请先核对申请日和授权公告日。"), code="facts") from wrong
    for year in range(annuities.grant_year(right.filed_on, right.granted_on) + 1, last + 1):
        due = annuities.due_on(right.filed_on, year)
        if reductions.request_clock(due, book).request_by >= requested_on:
            return year
    raise RuleBroken(_("按请求日推算，保护期内已没有可以减缴的年费。"), code="too_late")


def _stated_year(right: Right, year: int, requested_on: dt.date) -> int:
    if right.filed_on is None:
        raise RuleBroken(_("请先补全申请日，再填写自第几年起。"), code="facts")
    if annuities.due_on(right.filed_on, year) <= requested_on:
        raise RuleBroken(_("减缴只适用于请求时尚未到期的年费，请核对年度。"), code="too_early")
    return year


def is_open(notice: OfficialNotice) -> bool:
    """Tell whether what the notice says has still to be entered."""
    if notice.type == APPROVAL:
        return not notice.reduction
    return notice.type == PAYMENT and not notice.stated_bands
