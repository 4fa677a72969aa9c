"""Targets as dated rows: set by a city administrator with their basis and source, and withdrawn with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, measures
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import District, Target, User
from portal.permissions import Permission, check

TWICE = _("这个指标在这段时间已有目标。请先停用原来的一条。")


@transaction.atomic
def create(
    *,
    measure: str,
    district: District | None,
    starts_on: dt.date,
    ends_on: dt.date,
    value: Decimal,
    basis: str,
    source: str,
    status: str,
    by: User,
) -> Target:
    """Set a target. Raises Denied; RuleBroken where the measure, the period or a target in force stand against it."""
    check(by, Permission.MANAGE_TARGETS)
    found = measures.known().get(measure)
    if found is None or found.better == measures.Better.NEITHER:
        raise RuleBroken(_("这个指标没有好坏方向，不能设目标。"), code="no_direction")
    if starts_on.day != 1 or (ends_on + dt.timedelta(days=1)).day != 1 or ends_on < starts_on:
        raise RuleBroken(_("目标期间从某月 1 日起，到某月最后一天止。"), code="whole_months")
    values: dict[str, Any] = {
        "measure": measure, "district": district, "starts_on": starts_on, "ends_on": ends_on, "value": value,
        "basis": basis, "source": source, "status": status,
    }  # fmt: skip
    try:
        with transaction.atomic():
            target = Target.objects.create(created_at=now(), created_by=by, **values)
    except IntegrityError as error:
        if "target_once_per_period" not in str(error):
            raise
        raise RuleBroken(TWICE, code="target_exists") from error
    audit.record(target, "target.set", by=by, data=_told(target))
    return target


@transaction.atomic
def withdraw(target: Target, *, reason: str, by: User) -> Target:
    """End a target: it stays in the list with who, when and why. Raises Denied, RuleBroken where it ended already."""
    target = Target.objects.select_for_update().get(pk=target.pk)
    check(by, Permission.MANAGE_TARGETS)
    if target.withdrawn_at is not None:
        raise RuleBroken(_("这个目标已经停用。"), code="withdrawn")
    target.withdrawn_at, target.withdrawn_by, target.withdrawn_reason = now(), by, reason
    target.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    audit.record(target, "target.withdrawn", by=by, data={**_told(target), "reason": reason})
    return target


def _told(target: Target) -> dict[str, str]:
    names = ("measure", "district_id", "starts_on", "ends_on", "value", "basis", "source", "status")
    return {name: str(getattr(target, name) or "") for name in names}
