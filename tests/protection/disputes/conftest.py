"""A dispute of the enterprise, known to its owner and manager; the day is 22 November 2026."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.models import Organisation, User
from services.protection.models import OverseasDispute

from .making import NOON, open_file


@pytest.fixture(autouse=True)
def _today(frozen: Callable[[str], None]) -> None:
    frozen(NOON)


@pytest.fixture
def dispute(organisation: Organisation, applicant: User, manager: User) -> OverseasDispute:
    return open_file(organisation, applicant, [manager])
