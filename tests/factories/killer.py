"""Somebody who terminates a database connection at random moments, as the database sees a dead worker."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections


class Killer:
    """A thread that terminates the backend named last, `wanted` times, with random pauses up to `pause` seconds."""

    def __init__(self, wanted: int, *, pause: float = 0.03) -> None:
        self.wanted, self.pause = wanted, pause
        self.seed = random.randrange(10**6)
        self.kills = 0
        self._target = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def is_through(self) -> bool:
        return self.kills >= self.wanted

    def aim(self) -> None:
        """Make the connection of the calling thread the target."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._target = int(cursor.fetchone()[0])

    def _work(self) -> None:
        chance = random.Random(self.seed)
        try:
            while not self._stop.is_set() and not self.is_through:
                time.sleep(chance.random() * self.pause)
                victim, self._target = self._target, 0  # each only once: a dying one is listed for a while
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid = %s", [victim]
                    )
                    self.kills += cursor.fetchone()[0]
        finally:
            connections.close_all()


@contextmanager
def killed_at(owner: Any, name: str, *, after: bool = False) -> Iterator[list[str]]:
    """Terminate the connection where `owner.name` is called next, before or after its work; yields who died."""
    whole, died = getattr(owner, name), list[str]()

    def die(*args: Any, **more: Any) -> Any:
        found = whole(*args, **more) if after else None
        if not died:
            died.append(name)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return found if after else whole(*args, **more)

    setattr(owner, name, die)
    try:
        yield died
    finally:
        setattr(owner, name, whole)
