"""The world itself, and the notices that its making left in people's inboxes."""

from __future__ import annotations

import json

import pytest

from portal.models import Notification

from . import oracle
from .actors import ACTORS, Actor, Desk
from .world import STATES, World

pytestmark = pytest.mark.django_db


def test_world_holds_every_state_twice_and_canaries_in_all_sorts(world: World):
    assert all(set(party.cases) == set(STATES) for party in world.parties.values())
    statuses = {case.status for case in world.parties["A"].cases.values()}
    assert statuses >= {"draft", "submitted", "in_review", "returned", "publicity", "approved", "rejected", "withdrawn"}
    words, literals = world.canaries.by_word.values(), world.canaries.literals.values()
    assert {canary.sort for canary in (*words, *literals)} >= oracle.BY_ROLE.keys()


@pytest.mark.parametrize("actor", [one for one in ACTORS if one.person and not one.is_token], ids=lambda one: one.name)
def test_notices_say_nothing_that_their_reader_may_not_know(actor: Actor, world: World):
    desk = Desk(world, actor)
    told = Notification.objects.filter(recipient=desk.user).values_list("template", "values", "link")
    for template, values, link in told:
        for canary in world.canaries.found_in(f"{json.dumps(values, ensure_ascii=False)} {link}".encode()):
            assert oracle.may_read(desk, canary) or not actor.is_live, f"{template}: {canary}"
