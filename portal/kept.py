"""What is costly to compute and kept for a while: for some seconds, or for as long as the rows it came from stand.

The cache is never the truth. One that is away costs time, never the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.contrib.postgres.aggregates import BitXor
from django.core.cache import cache
from django.db.models import BigIntegerField, Count, Func, QuerySet
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
DAY_SECONDS = 24 * 3600

T = TypeVar("T")


class _Version(Func):
    """Which version of a row this is: PostgreSQL writes a new one, at another place, whoever changes it and how."""

    output_field = BigIntegerField()

    def as_sql(self, compiler: Any, connection: Any, *_how: Any, **_context: Any) -> Any:
        table = connection.ops.quote_name(compiler.query.get_initial_alias())
        return f"hash_record_extended(ROW({table}.tableoid, {table}.ctid, {table}.xmin), 0)", []


def kept(key: str, compute: Callable[[], T], seconds: int) -> T:
    """Return what the cache has under `key`, else compute it anew and keep it for so many seconds."""
    try:
        found: T | None = cache.get(key)
    except RedisError:
        log.warning("cache_away", key=key)
        return compute()
    if found is not None:
        return found
    computed = compute()
    try:
        cache.set(key, computed, seconds)
    except RedisError:
        log.warning("cache_away", key=key)
    return computed


def while_unchanged(name: str, rows: QuerySet[Any], compute: Callable[[], T]) -> T:
    """Return what `compute` makes of these rows, anew only after one was added, changed or taken away.

    One statement asks which versions of the rows there are. `name` holds whatever else the result depends on.
    """
    marks = rows.order_by().aggregate(count=Count("pk"), versions=BitXor(_Version()))
    return kept(f"rows:{name}:{marks['count']}:{marks['versions']}", compute, DAY_SECONDS)
