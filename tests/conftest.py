"""Fixtures that every test may use. Fixtures of one area live in the conftest.py of its folder."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation

from portal import kinds, translations

translations.compile_all([Path(folder) for folder in settings.LOCALE_PATHS])  # before anything reads the old file

pytest_plugins = ["tests.people_fixtures", "tests.emptying"]

PLAIN_STATIC = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="session", autouse=True)
def _plain_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No collected static files, no stored files of this installation, cheap passwords."""
    files = tmp_path_factory.mktemp("files")
    storages = {**PLAIN_STATIC, "default": {**PLAIN_STATIC["default"], "OPTIONS": {"location": files}}}
    with override_settings(
        STORAGES=storages,
        FILES_DIR=files,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits and counters of one test must not reach the next. (`cache.clear()` would empty everyone's.)"""
    client = redis.Redis.from_url(settings.REDIS_URL)
    keys = list(client.scan_iter(f"{settings.KEY_PREFIX}:*", count=1000))
    if keys:
        client.delete(*keys)
    client.close()


@pytest.fixture(autouse=True)
def _own_kinds() -> None:
    """What one test made in the browser and rolled back is no kind in the next."""
    kinds.forget()


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """A request leaves its language in the thread; the next test begins in the site's."""
    translation.deactivate()


@pytest.fixture
def frozen() -> Iterator[Callable[[dt.datetime | str], None]]:
    """Return `set(moment)`: the clock stands at that moment from then on. A naive moment is Shanghai time."""
    travellers: list[time_machine.travel] = []

    def set_clock(moment: dt.datetime | str) -> None:
        if isinstance(moment, str):
            moment = dt.datetime.fromisoformat(moment)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
        while travellers:
            travellers.pop().stop()
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield set_clock
    while travellers:
        travellers.pop().stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load the dated rules once: every clock and every eligibility verdict reads them."""
    with django_db_blocker.unblock():
        call_command("load_rules", verbosity=0)
