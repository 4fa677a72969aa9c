"""Scenarios of the forecast: which rights one would let lapse, and from which calendar year. Nothing lapses by this."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patents.models import Right, Scenario
from portal import audit
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.models import Organisation, User
from portal.permissions import Permission, check

MOST = 20
LONGEST_AHEAD = 40


@transaction.atomic
def create(organisation: Organisation, *, name: str, drops: dict[str, int] | None = None, by: User) -> Scenario:
    """Return a new scenario, empty or with the drops of another one. Raises Denied, RuleBroken."""
    check(by, Permission.EDIT_RIGHT, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    rows = Scenario.objects.filter(organisation=organisation)
    if rows.count() >= MOST:
        raise RuleBroken(_("最多保存 %(count)s 个方案。请先删除一个。") % {"count": MOST}, code="too_many")
    if not name.strip() or rows.filter(name=name.strip()).exists():
        raise RuleBroken(_("请给方案起一个没有用过的名称。"), code="name")
    scenario = Scenario.objects.create(
        organisation=organisation, name=name.strip(), drops=drops or {}, created_by=by, updated_at=now()
    )
    audit.record(organisation, "scenario.created", by=by, data={"scenario": scenario.number})
    return scenario


def next_name(organisation: Organisation) -> str:
    """Return the first free name of the form 方案 1."""
    taken = set(Scenario.objects.filter(organisation=organisation).values_list("name", flat=True))
    names = (gettext("方案 %(number)s") % {"number": number} for number in range(1, MOST + 2))
    return next(name for name in names if name not in taken)


@transaction.atomic
def change(scenario: Scenario, *, rights: Iterable[Right], year: int | None, by: User) -> Scenario:
    """Give rights up from a year on, or keep them (None), and return the scenario. Raises Denied, RuleBroken."""
    scenario = Scenario.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=scenario.pk)
    check(by, Permission.EDIT_RIGHT, scenario.organisation)
    numbers = [right.number for right in rights if right.organisation_id == scenario.organisation_id]
    if not numbers:
        raise RuleBroken(_("请先勾选要改动的权利。"), code="nothing")
    if year is not None and not today().year <= year <= today().year + LONGEST_AHEAD:
        raise RuleBroken(_("放弃的年份要从今年起算。"), code="year")
    for number in numbers:
        if year is None:
            scenario.drops.pop(number, None)
        else:
            scenario.drops[number] = year
    scenario.updated_at = now()
    scenario.save(update_fields=["drops", "updated_at"])
    data: dict[str, Any] = {"scenario": scenario.number, "rights": numbers[:50], "count": len(numbers), "year": year}
    audit.record(scenario.organisation, "scenario.changed", by=by, data=data)
    return scenario


@transaction.atomic
def delete(scenario: Scenario, *, by: User) -> None:
    """Delete a scenario. Raises Denied."""
    check(by, Permission.EDIT_RIGHT, scenario.organisation)
    data = {"scenario": scenario.number}
    audit.record(scenario.organisation, "scenario.deleted", by=by, data=data)
    scenario.delete()
