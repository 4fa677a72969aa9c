"""Official notices received: entered once, they open the periods that run from them and bring the status they tell."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patents import rights, statuses
from patents.models import OfficialNotice, Right
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import Deadline, StoredFile, User

from . import codes, keeping, recompute, types

STATED = _("通知书写明的届满日")


@transaction.atomic
def record_notice(
    right: Right,
    *,
    type: str,
    issued_on: dt.date,
    delivery: str = OfficialNotice.Delivery.ELECTRONIC,
    entered_on: dt.date | None = None,
    is_priority_examination: bool = False,
    stated_on: dt.date | None = None,
    document: StoredFile | None = None,
    note: str = "",
    by: User,
) -> OfficialNotice:
    """Enter a notice and return it; its deadlines are open afterwards.

    `entered_on`: the day it demonstrably entered the system or was received, where that differs from the issue date.
    `stated_on`: the last day as the notice itself says it; it holds, the computed one stays beside it.
    Raises Denied, RuleBroken for a type this right cannot receive, a day to come, or a notice entered before.
    """
    right = rights.locked(right, by)
    row = types.TYPES.get(type)
    if row is None or (row.kinds and right.kind not in row.kinds):
        raise RuleBroken(_("这种权利不会收到这种通知书。"), code="wrong_type")
    if issued_on > today() or (entered_on and not issued_on <= entered_on <= today()):
        raise RuleBroken(_("发文日不能晚于今天；收到日不能早于发文日或晚于今天。"), code="wrong_day")
    if OfficialNotice.objects.filter(right=right, type=type, issued_on=issued_on).exists():
        raise RuleBroken(_("同一天的这种通知书已经登记过。"), code="double")
    if document is not None and document.organisation_id != right.organisation_id:
        raise RuleBroken(_("文件必须属于同一家企业。"), code="foreign")
    notice = OfficialNotice.objects.create(
        right=right, type=type, issued_on=issued_on, delivery=delivery, entered_on=entered_on, stated_on=stated_on,
        is_priority_examination=is_priority_examination, document=document, note=note.strip()[:500], created_by=by,
    )  # fmt: skip
    rights.note_event(right, "notice", by=by, on=issued_on, data={"type": type, "notice": notice.number})
    rights.log(right, "right.notice_recorded", by=by, type=type, issued_on=str(issued_on))
    _bring_status(right, row, issued_on, by)
    recompute.of_rights([right])
    if stated_on:
        for deadline in opened_by(notice):
            if deadline.overridden_on is None:
                keeping.override(deadline, on=stated_on, reason=str(STATED), by=by)
    return notice


def _bring_status(right: Right, row: types.Type, on: dt.date, by: User) -> None:
    """Follow the status the notice tells, where the law knows that step; else the register decides later."""
    if row.status and right.status != row.status and statuses.may_follow(right.status, row.status):
        rights.change_status(right, status=row.status, on=on, source=str(row.name), by=by)


def opened_by(notice: OfficialNotice) -> list[Deadline]:
    """Return the open deadlines that run from a notice."""
    opened = {codes.PREFIX + row.code for row in types.openings() if row.type == notice.type}
    if notice.type == "acceptance":
        opened.add(codes.PREFIX + "filing_fee_from_filing")
    if notice.type == "annuity_notice":
        opened.add(codes.PREFIX + codes.ANNUITY)
    rows = Deadline.objects.open().filter(
        subject_type=codes.SUBJECT, subject_number=notice.right.number, rule_code__in=opened
    )
    days = {notice.entered_on, notice.issued_on, notice.right.filed_on}
    return [row for row in rows if row.trigger_on in days or notice.type == "annuity_notice"]
