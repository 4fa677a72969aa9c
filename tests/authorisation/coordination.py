"""Targets, a meeting, and a task with each party's district's share, one open and one done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal import coordination, targets
from portal.clock import today
from portal.models import CityTask


def add_shared(world: Any) -> None:
    """Set a target, enter a meeting, give two tasks; the shares are addressed by the party whose district has them."""
    officer, administrator = world.people["city_officer"], world.people["administrator"]
    year = today().year
    target = targets.create(
        measure="enterprises-verified", district=None, starts_on=dt.date(year, 1, 1), ends_on=dt.date(year, 12, 31),
        value=10, basis="示例", source="示例", status="sample", by=administrator,
    )  # type: ignore[arg-type]  # fmt: skip
    meeting = coordination.create_meeting(title="联席会", held_on=today(), agenda="议程", by=officer)
    places = {party.organisation.district for party in world.parties.values()}
    given: list[CityTask] = [
        coordination.create_task(
            title="任务", clause="5", description="要求", due_on=today() + dt.timedelta(days=9), districts=places,
            meeting=meeting, by=officer,
        )
        for _sort in ("open", "done")
    ]  # fmt: skip
    for party in world.parties.values():
        party.addresses["figure-district"] = {"slug": party.district}
        for sort, task in zip(("open", "done"), given, strict=True):
            share = task.shares.get(district=party.organisation.district)
            party.addresses["task-share" if sort == "open" else "task-share:done"] = {"number": share.number}
            if sort == "done":
                coordination.progress(share, text="完成", is_done=True, by=party.officials["officer"])
    world.shared |= {
        "target": {"number": target.number},
        "meeting": {"number": meeting.number},
        "task": {"number": given[0].number},
        "measure": {"number": "inventions-valid"},
    }
