"""The one door to a dispute for those who change it, and its place in the log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.errors import Denied, RuleBroken
from portal.models import User
from portal.permissions import Permission, check
from services.protection.models import OverseasDispute

SUBJECT = "dispute"
GONE = _("没有这件海外纠纷，或者它不对您公开。")
ENDED = _("这件纠纷已经结束。需要继续办理时，请先重新打开。")


def locked(dispute: OverseasDispute, by: User, *, is_open: bool = True) -> OverseasDispute:
    """Return the row, locked, if it names this person; raises Denied, or RuleBroken where it has ended."""
    rows = OverseasDispute.objects.own(by).select_for_update(of=("self",)).select_related("organisation", "country")
    row = rows.filter(pk=dispute.pk).first()
    if row is None:
        raise Denied(GONE)
    check(by, Permission.KEEP_DISPUTE, row.organisation)
    if is_open and not row.is_open:
        raise RuleBroken(ENDED, code="wrong_state")
    return row


def log(dispute: OverseasDispute, action: str, *, by: User | None, **data: Any) -> None:
    """Write into the audit without a word of the dispute itself: officials read it."""
    audit.record((SUBJECT, dispute.number), action, by=by, data=data, organisation_id=dispute.organisation_id)


def link_of(dispute: OverseasDispute) -> str:
    """Return the address of the enterprise's own page of a dispute."""
    return f"/disputes/{dispute.number}/"


def slot_of(dispute: OverseasDispute) -> str:
    """Return the slot in which its papers lie."""
    return f"dispute:{dispute.number}"
