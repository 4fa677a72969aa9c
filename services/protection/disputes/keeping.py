"""What a named person does with a dispute abroad: open the file, change it, note what happened, end it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from patents.models import Right
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.models import Organisation, User
from portal.permissions import Permission, check
from services.protection.models import DisputeEvent, OverseasDispute

from . import dates, people, periods
from .access import locked, log

FACTS = (
    *("title", "country", "forum", "docket", "side", "opponent", "right_kind", "products", "facts", "served_on"),
)  # fmt: skip
FIRST_DAY = dt.date(2000, 1, 1)
MOST_EVENTS = 200
Status = OverseasDispute.Status


@transaction.atomic
def open_file(
    organisation: Organisation,
    *,
    values: dict[str, Any],
    rights: Iterable[Right] = (),
    readers: Iterable[int] = (),
    by: User,
) -> OverseasDispute:
    """Open the file of a dispute and return it; its periods run from the day it was served or learnt of.

    `values` are FACTS; `readers` keys of members, whoever opens it is one of them and answers for it. Raises Denied,
    RuleBroken.
    """
    check(by, Permission.KEEP_DISPUTE, organisation)
    named = people.named(organisation, [*readers, by.pk])
    dispute = OverseasDispute(organisation=organisation, readers=named, responsible=by, created_by=by)
    _fill(dispute, values)
    dispute.save(force_insert=True)
    _set_rights(dispute, rights, by)
    first = periods.first_event(dispute)
    DisputeEvent.objects.create(dispute=dispute, kind=first, on=dispute.served_on, created_by=by)
    log(dispute, "dispute.opened", by=by)
    dates.follow(dispute)
    people.tell_named(dispute, [pk for pk in named if pk != by.pk], by=by)
    return dispute


@transaction.atomic
def change(
    dispute: OverseasDispute, *, values: dict[str, Any], rights: Iterable[Right] | None = None, version: int, by: User
) -> OverseasDispute:
    """Change facts that somebody looked at in `version`; dates that follow from them are computed again.

    Raises Denied, or RuleBroken where somebody else changed it meanwhile or a value cannot be.
    """
    row = locked(dispute, by)
    if row.version != version:
        raise RuleBroken(_("别人刚刚修改过这件纠纷。请刷新后再改。"), code="stale")
    before = (periods.first_event(row), row.served_on)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    _fill(row, values)
    _save(row)
    if rights is not None:
        _set_rights(row, rights, by)
    after = (periods.first_event(row), row.served_on)
    if before != after:
        _move_first(row, before, after)
    log(row, "dispute.changed", by=by, fields=sorted(changed))
    dates.follow(row)
    return row


def _fill(row: OverseasDispute, values: dict[str, Any]) -> None:
    if set(values) - set(FACTS):
        raise RuleBroken(_("有不认识的字段。"), code="unknown_field")
    for name, value in values.items():
        setattr(row, name, value)
    if not row.served_on or not FIRST_DAY <= row.served_on <= today():
        raise RuleBroken(_("送达或知悉日应在 2000 年以后，并且不晚于今天。"), code="wrong_day")
    try:
        row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in FACTS])
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), code="bad_value") from error


def _save(row: OverseasDispute) -> None:
    row.version += 1
    row.updated_at = now()
    row.save()


def _set_rights(row: OverseasDispute, rights: Iterable[Right], by: User) -> None:
    """Name the rights it is about. Only rights this person sees can be added, and only those be taken away."""
    wanted = {right.pk for right in rights}
    seen = set(Right.objects.visible_to(by).filter(organisation=row.organisation_id).values_list("pk", flat=True))
    if wanted - seen:
        raise RuleBroken(_("只能选择本企业台账里您看得到的权利。"), code="foreign")
    hidden = set(row.rights.exclude(pk__in=seen).values_list("pk", flat=True))
    row.rights.set(wanted | hidden)


def _move_first(row: OverseasDispute, before: tuple[str, dt.date], after: tuple[str, dt.date]) -> None:
    """Let the event of the beginning follow the facts, unless the same stands there already."""
    first = row.events.filter(kind=before[0], on=before[1])
    if row.events.filter(kind=after[0], on=after[1]).exists():
        first.delete()
    else:
        first.update(kind=after[0], on=after[1])


# --- what happened ------------------------------------------------------------------------------------------------
@transaction.atomic
def add_event(dispute: OverseasDispute, *, kind: str, on: dt.date, text: str = "", by: User) -> DisputeEvent:
    """Note what happened; the periods it opens are there afterwards. Raises Denied, RuleBroken."""
    row = locked(dispute, by)
    if kind not in periods.EventKind.values:
        raise RuleBroken(_("没有这种事项。"), code="unknown_kind")
    if not FIRST_DAY <= on <= today():
        raise RuleBroken(_("日期应在 2000 年以后，并且不晚于今天。将来的日期请登记为期限。"), code="wrong_day")
    if row.events.count() >= MOST_EVENTS:
        raise RuleBroken(_("一件纠纷最多登记 %(most)s 个事项。") % {"most": MOST_EVENTS}, code="too_many")
    try:
        with transaction.atomic():
            event = DisputeEvent.objects.create(dispute=row, kind=kind, on=on, text=text.strip()[:500], created_by=by)
    except IntegrityError as error:
        raise RuleBroken(_("同一天的这一事项已经登记过。"), code="double") from error
    _save(row)
    log(row, "dispute.event_added", by=by, kind=kind)
    dates.follow(row)
    return event


@transaction.atomic
def remove_event(event: DisputeEvent, *, by: User) -> None:
    """Take away an event entered by mistake, and what was computed from it. The beginning is changed with the facts."""
    row = locked(event.dispute, by)
    if (event.kind, event.on) == (periods.first_event(row), row.served_on):
        raise RuleBroken(_("这是纠纷的起点。请在“更正信息”里修改送达或知悉日。"), code="is_first")
    row.events.filter(pk=event.pk).delete()
    _save(row)
    log(row, "dispute.event_removed", by=by, kind=event.kind)
    dates.follow(row)


# --- the end ------------------------------------------------------------------------------------------------------
@transaction.atomic
def end(dispute: OverseasDispute, *, status: str, on: dt.date, note: str = "", by: User) -> OverseasDispute:
    """Say how and when it ended: its dates need not be kept any more. Raises Denied, RuleBroken."""
    row = locked(dispute, by)
    if status not in Status.values or status == Status.OPEN:
        raise RuleBroken(_("请选择结果。"), code="unknown_status")
    if not row.served_on <= on <= today():
        raise RuleBroken(_("结束日不能早于送达或知悉日，也不能晚于今天。"), code="wrong_day")
    if row.aids.open().exists():
        raise RuleBroken(_("援助申请还没有办结。请先等待答复，或撤回申请。"), code="aid_open")
    row.status, row.ended_on, row.end_note = status, on, note.strip()[:500]
    _save(row)
    dates.stop(row)
    log(row, "dispute.ended", by=by, status=status)
    return row


@transaction.atomic
def reopen(dispute: OverseasDispute, *, by: User) -> OverseasDispute:
    """Take up an ended dispute again; dates that follow from its events are computed anew."""
    row = locked(dispute, by, is_open=False)
    if row.is_open:
        raise RuleBroken(_("这件纠纷还在进行。"), code="wrong_state")
    row.status, row.ended_on = Status.OPEN, None
    _save(row)
    dates.follow(row)
    log(row, "dispute.reopened", by=by)
    return row
