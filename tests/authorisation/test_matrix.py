"""Every route x method x actor x object: the status that was declared, and nobody else's words."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from .actors import ACTORS, Actor, Desk
from .routes import Route, all_routes
from .rows import all_rows
from .runner import Report, Runner
from .world import World

pytestmark = pytest.mark.django_db
LEAST_CELLS = 20_000
PARAMETER = re.compile(r"<[^>]+>")


def outside_admin() -> list[Route]:
    return [route for route in all_routes() if not route.name.startswith("admin:")]


def test_every_route_is_declared_and_every_declaration_has_its_route():
    there, declared = {route.name for route in outside_admin()}, set(all_rows())
    assert not there - declared, "routes without a row in tests/authorisation/rows/"
    assert not declared - there, "rows without a route"


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
def test_actor_sees_and_does_what_is_theirs(actor: Actor, world: World, report: Report):
    here = Report()
    with transaction.atomic():
        Runner(Desk(world, actor), all_rows(), here).run(outside_admin())
        transaction.set_rollback(True)
    report.add(here, actor.name)
    assert not here.faults, f"{len(here.faults)} faults\n" + "\n".join(here.faults[:400])


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
def test_emergency_admin_is_shut(actor: Actor, world: World, report: Report):
    """None of the actors is a superuser: every page of the admin leads to its own sign-in, or is not there."""
    desk, faults = Desk(world, actor), []
    routes = [route for route in all_routes() if route.name.startswith("admin:")]
    assert len(routes) > 20
    for route in routes:
        url = "/" + PARAMETER.sub("1", route.pattern)
        for method in ("GET", "POST"):
            with transaction.atomic():
                response = desk.ask(method, url)
                transaction.set_rollback(True)
            report.cells += 1
            if route.name != "admin:login" and response.status_code not in {302, 403, 404, 405}:
                faults.append(f"{method} {url}: {response.status_code}")
    assert not faults


def test_matrix_is_complete_and_meaningful(report: Report):
    """Runs last: enough cells, no leaks, and every verb was carried out by somebody, so that no refusal is vacuous."""
    if len(report.actors) < len(ACTORS):
        pytest.skip("only a part of the actors was asked")
    assert report.cells >= LEAST_CELLS
    assert not report.faults
    verbs = {name for name, row in all_rows().items() if row.write and not row.is_vacuous}
    assert sorted(verbs - report.successes) == [], "verbs that nobody could carry out: the refusals prove nothing"
