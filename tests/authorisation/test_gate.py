"""The matrix itself, seen red on planted faults: each one must be found, and a sound view must pass."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings

from .actors import ACTORS, Desk
from .lists import differences
from .routes import all_routes
from .rows import all_rows
from .rules import INSIDERS, OFFICIALS, SIGNED_IN, Row, read, write
from .runner import Report, Runner
from .world import World

pytestmark = pytest.mark.django_db
PLANTED = "tests.authorisation.planted"


def faults_of(world: World, actor: str, name: str, row: Row) -> list[str]:
    """Return what one actor's run over one planted route complains of."""
    report = Report()
    with override_settings(ROOT_URLCONF=PLANTED), transaction.atomic():
        routes = [route for route in all_routes(PLANTED) if route.name == name]
        desk = Desk(world, next(one for one in ACTORS if one.name == actor))
        Runner(desk, {name: row}, report).run(routes)
        transaction.set_rollback(True)
    assert report.cells
    return [fault for fault in report.faults if f" {name} " in fault]


CASE = read(INSIDERS, of="case:draft", elsewhere=frozenset({200, 403, 404}))


def test_sound_view_passes(world: World):
    assert faults_of(world, "owner", "sound", CASE) == []
    assert faults_of(world, "owner_of_b", "sound", CASE) == []


def test_view_without_visible_to_is_found(world: World):
    found = faults_of(world, "owner_of_b", "unscoped", CASE)
    assert any("answered 200, right would be ['404']" in fault for fault in found)
    assert any("LEAK: draft of A draft" in fault for fault in found)


def test_forbidden_where_absent_is_due_is_found(world: World):
    found = faults_of(world, "officer_2", "telling", CASE)
    assert any("answered 403, right would be ['404']" in fault for fault in found)


def test_absent_that_reads_otherwise_is_found(world: World):
    found = faults_of(world, "owner_of_b", "wordy", CASE)
    assert found and all("reads otherwise" in fault for fault in found)


def test_view_that_asks_nobody_is_found(world: World):
    found = faults_of(world, "anonymous", "open-door", CASE)
    assert any("answered 200, right would be ['login']" in fault for fault in found)


def test_refused_and_yet_done_is_found(world: World):
    row = write(INSIDERS, frozenset(), of="case:submitted", is_vacuous="planted")
    assert any("yet something was done" in fault for fault in faults_of(world, "viewer", "meddling", row))


def test_foreign_name_in_a_header_is_found(world: World):
    assert any("LEAK: code of B" in fault for fault in faults_of(world, "owner", "heading", read(SIGNED_IN)))


def test_count_that_includes_foreign_rows_is_found(world: World):
    desk = Desk(world, next(one for one in ACTORS if one.name == "viewer"))
    with override_settings(ROOT_URLCONF=PLANTED):
        found = differences(desk, {"counting": "/planted/counting/", "rules": "/rules/"})
    assert found == ["viewer: counting"]


def test_undeclared_route_is_found():
    there = {route.name for route in all_routes(PLANTED) if not route.name.startswith("admin:")}
    assert there - all_rows().keys() >= {"sound", "unscoped", "counting"}
    assert OFFICIALS
