"""A world of alerts: an enterprise with what makes it concerned, and its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.models import Organisation, User
from tests.factories.people import join, make_user

from .oracle import Firm, Holding
from .world import store

Make = Callable[..., Organisation]


@pytest.fixture
def firm(db: None) -> Make:
    """Return `make(**facts)`: an enterprise with patents in G01L 9/12, exports to the US, an owner and a viewer."""

    def make(**facts: object) -> Organisation:
        values = {"rights": [Holding(symbols=("G01L9/12",))], "exports": {"US": ""}, **facts}
        organisation = store(Firm(**values), by=make_user())  # type: ignore[arg-type]
        join(make_user(), organisation, "owner")
        join(make_user(), organisation, "viewer")
        return organisation

    return make


@pytest.fixture
def owner_of() -> Callable[[Organisation], User]:
    return lambda organisation: User.objects.get(
        memberships__organisation=organisation, memberships__role="owner", memberships__ended_at=None
    )
