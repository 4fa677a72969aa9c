"""The nightly recomputation killed at random points: started anew, every date is what it would have been."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection

from patents.dates import recompute
from portal.models import Deadline, Organisation
from tests.factories.killer import Killer

from .world import random_rights

Set = Callable[[str], None]
RIGHTS, CHUNK = 600, 40
KILLS = int(os.environ.get("KILLS", "20"))
LEFT_OUT = {"id", "number", "created_at", "computed_at", "computed_on"}  # which row it is, and when it was written


@pytest.fixture
def _fresh_connection() -> Iterator[None]:
    yield
    connection.close()


def dates() -> list[tuple[object, ...]]:
    """Return everything the open dates say, in an order that does not depend on when they were written."""
    names = [field.attname for field in Deadline._meta.concrete_fields if field.attname not in LEFT_OUT]
    return sorted(Deadline.objects.open().values_list(*names), key=repr)


@pytest.mark.usefixtures("transactional_db", "_fresh_connection")
def test_recomputation_killed_twenty_times(organisation: Organisation, frozen: Set) -> None:
    frozen("2026-11-22 12:00")
    random_rights(organisation, RIGHTS, seed=7)
    recompute.everything(chunk=CHUNK)
    undisturbed = dates()
    assert len(undisturbed) > RIGHTS // 10  # many of them ended long ago
    Deadline.objects.all().delete()
    deaths = 0
    with Killer(KILLS, pause=0.2) as killer:
        for _turn in range(500):
            try:
                killer.aim()
                recompute.everything(chunk=CHUNK)
                if killer.is_through:
                    break
                Deadline.objects.all().delete()  # all is there: begin anew, so that there is something to be killed in
            except DatabaseError:
                deaths += 1
                connection.close()
    connection.close()  # the last one may have died between two statements
    recompute.everything(chunk=CHUNK)
    assert killer.kills == KILLS and deaths >= KILLS - 1, (killer.seed, killer.kills, deaths)
    assert dates() == undisturbed, killer.seed
    assert not recompute.everything(chunk=CHUNK)
