"""What a district does for enterprises that did not read a serious alert, or asked for help (clause 16)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Membership, User
from portal.permissions import Permission, check

from .models import AlertDelivery
from .reacting import GONE, REACTING, link_of

ON_THE_LIST = 3  # the rung of the ladder from which the district calls


def _locked(delivery: AlertDelivery, by: User) -> AlertDelivery:
    rows = AlertDelivery.objects.visible_to(by).select_for_update(of=("self",))
    row = rows.select_related("alert", "version", "organisation").filter(pk=delivery.pk).first()
    if row is None:
        raise Denied(GONE)
    check(by, Permission.CALL_ON_ALERT, row)
    return row


@transaction.atomic
def record_call(delivery: AlertDelivery, *, note: str, by: User) -> AlertDelivery:
    """Note that the enterprise was called and what came of it: it leaves the list. RuleBroken where it is not on it."""
    row = _locked(delivery, by)
    if row.rung < ON_THE_LIST or row.read_at or row.called_at:
        raise RuleBroken(_("这家企业已经阅读或已经联系过，不在联系名单上。"), code="wrong_state")
    row.called_at, row.called_by, row.call_note = now(), by, note.strip()
    row.save(update_fields=["called_at", "called_by", "call_note"])
    audit.record(row, "alert.called", by=by, data={"alert": row.alert.number})
    return row


@transaction.atomic
def answer_help(delivery: AlertDelivery, *, answer: str, by: User) -> AlertDelivery:
    """Answer an enterprise that asked for help and tell those who may react. Raises RuleBroken where nobody waits."""
    row = _locked(delivery, by)
    if row.help_asked_at is None or row.help_answered_at:
        raise RuleBroken(_("这家企业没有等待答复的求助。"), code="wrong_state")
    row.help_answer, row.help_answered_at, row.help_answered_by = answer.strip(), now(), by
    row.save(update_fields=["help_answer", "help_answered_at", "help_answered_by"])
    audit.record(row, "alert.help_answered", by=by, data={"alert": row.alert.number})
    seats = Membership.objects.open().filter(organisation=row.organisation, role__in=REACTING)
    notifications.notify(
        "alert_help_answered",
        [seat.user for seat in seats.select_related("user")],
        key=f"alert:{row.pk}:answered:{row.help_answered_at:%Y%m%d%H%M%S%f}",
        values={"person": by.name, "title": row.version.both("title")},
        link=link_of(row),
        organisation=row.organisation,
    )
    return row
