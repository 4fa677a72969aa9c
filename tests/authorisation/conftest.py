"""The world is built once for the folder, inside one transaction that is rolled back; nothing ever commits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from .runner import Report
from .world import World, build

DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, _plain_environment: None) -> Iterator[World]:
    """Return the world. Rate limits are off (a cache that keeps nothing): they would hide what stands behind them."""
    logging.disable(logging.CRITICAL)
    with (
        django_db_blocker.unblock(),
        override_settings(
            CACHES=DUMMY,
            RATELIMIT_ENABLE=False,
            ALLOWED_HOSTS=["testserver"],
            SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        ),
        transaction.atomic(),
    ):
        assert connection.settings_dict["NAME"].startswith("test_"), "never on a real database"
        yield build()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


REPORT = Report()


@pytest.fixture(scope="package")
def report() -> Report:
    """Return the count and the finds of the whole run."""
    return REPORT


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how much was asked."""
    if REPORT.cells:
        terminalreporter.write_line(
            f"authorisation matrix: {REPORT.cells} cells, {len(REPORT.actors)} actors, {len(REPORT.faults)} faults"
        )
