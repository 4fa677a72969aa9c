"""A live server on real PostgreSQL and Valkey, Chromium, and pages that listen for what must not happen."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase, modify_settings, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from .driver import Visitor
from .world import Demo, demo

SHOTS = Path(settings.VAR_DIR) / "screenshots"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# Nothing but this machine has a name or an address.
SEALED = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


def chromium() -> str:
    """Return the Chromium that `make browser` found or installed."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return found or shutil.which("google-chrome") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def server(django_db_setup: None, _plain_environment: None) -> Iterator[str]:
    """Return the address of the portal in a thread of this process, so that tests can move its clock.

    For a module, not longer: the limits are off in here and other modules test them.
    """
    live = LiveServer("localhost")
    no_limits = override_settings(RATELIMIT_ENABLE=False, ACCOUNT_RATE_LIMITS=False)
    with modify_settings(ALLOWED_HOSTS={"append": "localhost"}), no_limits:
        yield live.url
    live.stop()


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """Return one Chromium for a module; each visitor has a profile of their own in it.

    Playwright keeps an event loop in this thread for as long: Django then has a connection apart, closed at the end.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        spoken = {**os.environ, "LANGUAGE": "en_US"}  # its own language, which orders day and month in date fields
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, SEALED], env=spoken)
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let fixtures know whether the test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def visit(chrome: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Return `visit(user=None, **ways)`: somebody at a browser. What they must not meet fails the test at its end."""
    here: list[Visitor] = []

    def come(user: Any = None, **ways: Any) -> Visitor:
        here.append(Visitor(chrome, server, **ways))
        if user is not None:
            here[-1].sign_in_as(user)
        return here[-1]

    yield come
    for number, visitor in enumerate(here):
        if request.node.stash.get(FAILED, False):
            visitor.shoot(SHOTS / f"{request.node.name}-{number}.png")
        visitor.leave()
    met = [fault for visitor in here for fault in visitor.faults]
    assert met == [], "the browser met what it must not meet"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return `later(days=7)`: the portal's only clock goes on for every thread; the browser's and sessions' do not."""
    shift = dt.timedelta()

    def move(**step: int) -> None:
        nonlocal shift
        shift += dt.timedelta(**step)
        monkeypatch.setattr("portal.clock.timezone", SimpleNamespace(now=lambda: timezone.now() + shift))

    return move


@pytest.fixture(scope="module")
def city(server: str, django_db_blocker: Any) -> Iterator[Demo]:
    """Return the demo, committed for all tests of one module: their tables are emptied once, at its end."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), demo() as made:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: None)
        yield made
