"""What an enterprise does with an alert it received (clauses 8, 16): read, take in hand, tick, pass on, answer, ask."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Membership, Role, User
from portal.organisations.people import officials_of
from portal.permissions import Permission, check, roles_of

from .models import Alert, AlertDelivery, DeliveryState

GONE = _("没有这条风险提示，或者它没有发给您的企业。")
LEFT = _("更正后这条提示已不再涉及贵企业，不需要办理。")
WITHDRAWN = _("发布单位已撤回这条提示，不需要办理。")
FINISHED = _("这条提示已经办结。需要继续办理时，请先重新打开。")
NOT_A_MEMBER = _("只能交给本企业能够回应提示的成员。")
NO_SUCH_STEP = _("清单里没有这一项。请刷新页面后再选。")
ASKED_ALREADY = _("已经请求过帮助，请等待答复；补充情况可以写在备注里或电话联系。")
OVER = (DeliveryState.DONE, DeliveryState.NOT_RELEVANT)
REACTING = (Role.OWNER, Role.MANAGER, Role.MEMBER)


def _locked(delivery: AlertDelivery, by: User) -> AlertDelivery:
    """Lock the row; raise Denied for people who may not react, RuleBroken where nothing is left to react to."""
    rows = AlertDelivery.objects.select_for_update(of=("self",)).select_related("alert", "version", "organisation")
    row = rows.filter(pk=delivery.pk).first()
    if row is None:
        raise Denied(GONE)
    check(by, Permission.REACT_TO_ALERT, row)
    if row.left_at:
        raise RuleBroken(LEFT, code="wrong_state")
    if row.alert.status == Alert.Status.WITHDRAWN:
        raise RuleBroken(WITHDRAWN, code="wrong_state")
    return row


def _save(row: AlertDelivery, action: str, by: User, *fields: str, **data: object) -> AlertDelivery:
    """Save what changed with who reacted; whoever reacts has read it, and nobody need be reminded any more."""
    row.reacted_at, row.reacted_by, row.nudge_at = now(), by, None
    if row.read_at is None:
        row.read_at, row.read_by = row.reacted_at, by
    row.save(update_fields=["reacted_at", "reacted_by", "nudge_at", "read_at", "read_by", *fields])
    audit.record(row, action, by=by, data={"alert": row.alert.number, **data})
    return row


@transaction.atomic
def read(delivery: AlertDelivery, *, by: User) -> bool:
    """Note who of the enterprise opened the alert first; return whether this was the first time.

    Any member counts, the managing director who may only look as well; an official who looks leaves no trace here.
    """
    if delivery.read_at or not roles_of(by, delivery) & {role.value for role in Role}:
        return False
    mine = AlertDelivery.objects.filter(pk=delivery.pk, read_at=None)
    moment = now()
    if not mine.update(read_at=moment, read_by=by, nudge_at=None):
        return False
    AlertDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.NEW).update(state=DeliveryState.READ)
    audit.record(delivery, "alert.read", by=by, data={"alert": delivery.alert.number})
    delivery.refresh_from_db()
    return True


@transaction.atomic
def take(delivery: AlertDelivery, *, by: User) -> AlertDelivery:
    """Say that the enterprise deals with it; raises RuleBroken once it is over."""
    row = _locked(delivery, by)
    if row.state in OVER:
        raise RuleBroken(FINISHED, code="wrong_state")
    row.state = DeliveryState.IN_HAND
    row.assignee = row.assignee or by
    return _save(row, "alert.taken", by, "state", "assignee")


@transaction.atomic
def reopen(delivery: AlertDelivery, *, by: User) -> AlertDelivery:
    """Take up again what was done or put aside."""
    row = _locked(delivery, by)
    if row.state not in OVER:
        raise RuleBroken(_("这条提示还没有办结。"), code="wrong_state")
    row.state, row.why_not = DeliveryState.IN_HAND, ""
    return _save(row, "alert.reopened", by, "state", "why_not")


@transaction.atomic
def finish(delivery: AlertDelivery, *, by: User, note: str = "") -> AlertDelivery:
    """Say that what had to be done is done; `note` stays inside the enterprise."""
    row = _locked(delivery, by)
    if row.state in OVER:
        raise RuleBroken(FINISHED, code="wrong_state")
    row.state, row.note = DeliveryState.DONE, note or row.note
    return _save(row, "alert.done", by, "state", "note")


@transaction.atomic
def put_aside(delivery: AlertDelivery, *, why: str, by: User) -> AlertDelivery:
    """Say that the alert is not relevant and why; the publisher reads the reason to aim better."""
    row = _locked(delivery, by)
    if row.state in OVER:
        raise RuleBroken(FINISHED, code="wrong_state")
    if not why.strip():
        raise RuleBroken(_("请写明为什么与本企业无关。"))
    row.state, row.why_not = DeliveryState.NOT_RELEVANT, why.strip()
    return _save(row, "alert.not_relevant", by, "state", "why_not")


@transaction.atomic
def tick(delivery: AlertDelivery, *, done: Iterable[int], by: User) -> AlertDelivery:
    """Note which steps of the checklist are done, by their position from 0; the others are open again."""
    row = _locked(delivery, by)
    chosen = sorted(set(done))
    if any(place not in range(len(row.version.checklist)) for place in chosen):
        raise RuleBroken(NO_SUCH_STEP)
    row.ticked = chosen
    if row.state in (DeliveryState.NEW, DeliveryState.READ):
        row.state = DeliveryState.IN_HAND
    return _save(row, "alert.ticked", by, "ticked", "state", done=len(chosen))


@transaction.atomic
def assign(delivery: AlertDelivery, *, to: User, by: User) -> AlertDelivery:
    """Pass it to a colleague who may react, and tell them."""
    row = _locked(delivery, by)
    seats = Membership.objects.open().filter(organisation=row.organisation, role__in=REACTING)
    if not seats.filter(user=to, user__is_active=True).exists():
        raise RuleBroken(NOT_A_MEMBER)
    row.assignee = to
    if row.state in (DeliveryState.NEW, DeliveryState.READ):
        row.state = DeliveryState.IN_HAND
    _save(row, "alert.assigned", by, "assignee", "state", to=to.name)
    if to != by:
        notifications.notify(
            "alert_assigned",
            [to],
            key=f"alert:{row.pk}:assigned:{to.pk}:{row.reacted_at:%Y%m%d%H%M%S%f}",
            values={"person": by.name, "title": row.version.both("title")},
            link=link_of(row),
            organisation=row.organisation,
        )
    return row


@transaction.atomic
def write_note(delivery: AlertDelivery, *, note: str, by: User) -> AlertDelivery:
    """Keep a note for colleagues; nobody outside the enterprise ever reads it."""
    row = _locked(delivery, by)
    row.note = note.strip()
    return _save(row, "alert.noted", by, "note")


@transaction.atomic
def ask_help(delivery: AlertDelivery, *, text: str, by: User) -> AlertDelivery:
    """Ask the district for help; its officers are told at once. Raises RuleBroken while a question is unanswered."""
    row = _locked(delivery, by)
    if row.help_asked_at and not row.help_answered_at:
        raise RuleBroken(ASKED_ALREADY, code="wrong_state")
    row.help_asked_at, row.help_text = now(), text.strip()
    row.help_answer, row.help_answered_at, row.help_answered_by = "", None, None
    row.state = DeliveryState.IN_HAND
    fields = ("help_asked_at", "help_text", "help_answer", "help_answered_at", "help_answered_by", "state")
    _save(row, "alert.help_asked", by, *fields)
    notifications.notify(
        "alert_help_asked",
        officials_of(row.organisation.district, "officer", "supervisor"),
        key=f"alert:{row.pk}:help:{row.help_asked_at:%Y%m%d%H%M%S%f}",
        values={"organisation": row.organisation.name, "title": row.version.both("title")},
        link=f"/alert-calls/{row.number}/",
    )
    return row


def link_of(delivery: AlertDelivery) -> str:
    """Return the address of the enterprise's own page of an alert."""
    return f"/alerts-for-us/{delivery.number}/"
