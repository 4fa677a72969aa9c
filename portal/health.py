"""Is this installation fit to serve? Database, Valkey and the worker's heartbeat."""

import time

from django.core.cache import cache
from django.db import DatabaseError, connection
from redis.exceptions import RedisError

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_MAX_AGE = 60  # seconds; beat sends one every 10


def beat() -> None:
    """Record that a worker is alive."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=3600)


def database() -> str:
    """Return "ok" or what is wrong with the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


def valkey() -> str:
    """Return "ok" or what is wrong with Valkey."""
    try:
        cache.get(HEARTBEAT_KEY)
    except (RedisError, OSError):
        return "away"
    return "ok"


def heartbeat_age() -> float | None:
    """Return the seconds since a worker last recorded a heartbeat; None when none is known."""
    seen = cache.get(HEARTBEAT_KEY)
    return None if seen is None else time.time() - seen


def worker() -> str:
    """Return "ok" or what is wrong with the worker, judged by its last heartbeat."""
    try:
        age = heartbeat_age()
    except (RedisError, OSError):
        return "unknown"
    if age is None:
        return "not seen"
    return "ok" if age <= HEARTBEAT_MAX_AGE else "silent"


def report() -> dict[str, str]:
    """Return every check with its result."""
    return {"database": database(), "valkey": valkey(), "worker": worker()}
