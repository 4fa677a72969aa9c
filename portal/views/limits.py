"""How often one address or one person may do a thing; beyond that 429 with Retry-After, in words."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
DEFAULT_WAIT = 60


def _address(_group: str, request: HttpRequest) -> str:
    return str(get_adapter(request).get_client_ip(request))


def _person(group: str, request: HttpRequest) -> str:
    return f"user-{request.user.pk}" if request.user.is_authenticated else _address(group, request)


def seconds_to_wait(request: HttpRequest, group: str, rate: str, *, per_person: bool = False) -> int:
    """Count one use and return how many seconds to wait; 0 while the limit is not reached.

    Where Valkey is away nothing is limited: a broken counter must not keep people from their work.
    """
    try:
        usage = get_usage(request, group=group, key=_person if per_person else _address, rate=rate, increment=True)
    except (RedisError, OSError):
        log.warning("rate limit %s is not counted: the cache is away", group)
        return 0
    return max(1, int(usage["time_left"])) if usage and usage["should_limit"] else 0


def too_many_requests(request: HttpRequest, wait: int = DEFAULT_WAIT) -> HttpResponse:
    """Return the 429 page; also what allauth shows (`handler429`)."""
    response = render(request, "429.html", {"retry_after": wait}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


class Limited:
    """A view whose requests of one method are counted: `limits = {"POST": "20/h"}`, per address or per person."""

    limits: dict[str, str] = {}
    limit_per_person = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rate = self.limits.get(request.method or "")
        group = f"{type(self).__module__}.{type(self).__name__}"
        wait = seconds_to_wait(request, group, rate, per_person=self.limit_per_person) if rate else 0
        if wait:
            return too_many_requests(request, wait)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
