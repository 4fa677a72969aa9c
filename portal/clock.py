"""The portal's only source of the present moment, so that tests and the demo's history can set it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


_pretended: ContextVar[dt.datetime | None] = ContextVar("pretended", default=None)


def now() -> dt.datetime:
    """Return the present moment, aware (UTC)."""
    return _pretended.get() or timezone.now()


@contextmanager
def pretend(moment: dt.datetime) -> Iterator[None]:
    """Let actions inside the block happen at an aware `moment`: how demo data gets a history through real actions."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> dt.date:
    """Return the present date in Shanghai, which is what every deadline counts by."""
    return now().astimezone(SHANGHAI).date()


def local_date(moment: dt.datetime) -> dt.date:
    """Return the Shanghai date of an aware moment."""
    return moment.astimezone(SHANGHAI).date()
