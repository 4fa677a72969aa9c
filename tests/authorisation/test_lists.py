"""Lists, counts, homes, exports: nothing of an enterprise one has nothing to do with moves a single figure."""

from __future__ import annotations

import pytest

from .actors import ACTORS, Actor, Desk
from .lists import differences
from .routes import all_routes
from .rows import all_rows
from .world import World

STAMPED = {"import-template", "import-sample"}  # workbooks without a row of anybody; the minute stands in them
CITYWIDE = {"dashboard", "figures", "api:figures-list"}  # the table of all districts, for whoever holds VIEW_FIGURES
pytestmark = pytest.mark.django_db
STRANGERS = (
    "anonymous owner viewer ex_member officer_1 supervisor_1 expert_declared expert_uninvited token_read".split()
)


def lists() -> dict[str, str]:
    """Return {route: address} of what can be read without naming an object."""
    rows = all_rows()
    found = [route for route in all_routes() if not route.parameters and "GET" in route.methods and route.name in rows]
    found = [route for route in found if route.name not in STAMPED]
    return {route.name: route.url({}) for route in found if rows[route.name].read and not rows[route.name].elsewhere}


@pytest.mark.parametrize("actor", [one for one in ACTORS if one.name in STRANGERS], ids=lambda actor: actor.name)
def test_page_does_not_move_with_rows_of_others(actor: Actor, world: World):
    addresses = lists()
    if actor.posts:
        addresses = {name: url for name, url in addresses.items() if name not in CITYWIDE}
    assert len(addresses) >= 30
    assert differences(Desk(world, actor), addresses) == []
