"""Non-interference: pages without an object must not change when somebody else's rows do, not by a single figure."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import transaction

from .actors import Desk
from .runner import NOISE
from .world import World, add_party

PRIVATE = ("draft", "submitted", "review", "returned", "recommend", "score", "withdrawn")  # nothing of these is public
MOMENTS = re.compile(rb"\d{1,2}:\d{2}(:\d{2})?(\.\d+)?")


def third_enterprise(world: World) -> None:
    """Add an enterprise of another district."""
    add_party(world, "C", PRIVATE)
    world.parties.pop("C")


def differences(desk: Desk, addresses: dict[str, str], change: Callable[[World], None] = third_enterprise) -> list[str]:
    """Return the routes whose answer to this actor changes once somebody else's rows are there."""
    before = {name: _text(desk, url) for name, url in addresses.items()}
    with transaction.atomic():
        change(desk.world)
        found = [name for name, url in addresses.items() if _text(desk, url) != before[name]]
        transaction.set_rollback(True)
    return [f"{desk.actor.name}: {name}" for name in found]


def _text(desk: Desk, url: str) -> tuple[int, bytes]:
    with transaction.atomic():
        response = desk.ask("GET", url)
        content = response.getvalue() if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, MOMENTS.sub(b"", NOISE.sub(rb"\1\2\3", content))
