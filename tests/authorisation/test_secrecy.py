"""What is for named persons only: its papers open for nobody else, and no figure of any page moves with it."""

from __future__ import annotations

import pytest
from django.db import transaction

from patents.models import Right
from portal.models import StoredFile

from . import disputes
from .actors import ACTORS, Actor, Desk
from .lists import differences
from .register import NAMED, add_secrets
from .routes import all_routes
from .rules import INSIDERS, OFFICIALS
from .test_lists import lists
from .world import World

pytestmark = pytest.mark.django_db
SEES = {"open": INSIDERS | OFFICIALS, "internal": INSIDERS, "named": INSIDERS, "dispute": INSIDERS}
WITHOUT_FILES = {"publisher"}  # publishers see no papers: to them a paper is absent
WEAK = "officer_weak"  # an official of the area, tagged apart for the acts that need a second factor
FILES = {"file-download", "api:file-detail", "api:file-content"}
UNNAMED = (
    "owner member viewer officer_1 supervisor_1 city_supervisor publisher administrator auditor token_read".split()
)
# The log says that something was done to a right and not to which: it grows with every act, as it must.
GROWS = {"audit-list", "api:audit-event-list"}


def test_world_has_what_must_stay_unseen(world: World):
    for party in world.parties.values():
        hidden = Right.objects.filter(organisation=party.organisation, secrecy="named")
        assert set(hidden.values_list("kind", "status")) >= {("trade_secret", "draft"), ("invention", "draft")}
        assert StoredFile.objects.filter(organisation=party.organisation, secrecy="named").exists()


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
def test_papers_of_a_right_are_as_secret_as_the_right(actor: Actor, world: World):
    desk, tags, faults = Desk(world, actor), Desk(world, actor).tags("A"), []
    routes = [route for route in all_routes() if route.name in FILES]
    assert len(routes) == len(FILES)
    for name, sees in SEES.items():
        may = (
            bool(sees & tags)
            and (name not in ("named", "dispute") or actor.person == NAMED)
            and actor.name not in WITHOUT_FILES
        )
        may |= actor.name == WEAK and name == "open"
        for route in routes:
            with transaction.atomic():
                response = desk.ask("GET", route.url(world.parties["A"].addresses[f"file:right-{name}"]))
                status = response.status_code
                _bytes = response.getvalue() if response.streaming else b""  # read, so that the file is closed
                transaction.set_rollback(True)
            is_shut = not actor.is_live or (actor.is_token and not route.is_api)
            right = {302, 401} if is_shut else {200} if may else {404}
            faults += [f"{route.name} {name}: {status}"] if status not in right else []
    assert faults == []


def _more_secrets(world: World) -> None:
    add_secrets(world)
    party = world.parties["A"]
    kept = dict(party.addresses)
    disputes.add_named(world, party)
    party.addresses = kept


@pytest.mark.parametrize("actor", [one for one in ACTORS if one.name in UNNAMED], ids=lambda actor: actor.name)
def test_page_does_not_move_with_what_is_for_named_persons(actor: Actor, world: World):
    addresses = {name: url for name, url in lists().items() if name not in GROWS}
    assert differences(Desk(world, actor), addresses, _more_secrets) == []


def test_named_person_sees_the_secret_in_the_register(world: World):
    """Else all of the above would be vacuous."""
    desk = Desk(world, next(one for one in ACTORS if one.name == NAMED))
    assert len(differences(desk, lists(), add_secrets)) >= 2
