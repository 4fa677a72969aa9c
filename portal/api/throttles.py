"""How often: per person, per address, and stricter where anybody may write. Without Valkey nobody is turned away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle


class _Forgiving(SimpleRateThrottle):
    """Rates are read from the settings at each request; a Valkey that is away throttles nobody."""

    def get_rate(self) -> str | None:
        return settings.API_RATES[str(self.scope)]

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            return True


class Anonymous(_Forgiving, AnonRateThrottle):
    scope = "anonymous"


class Calculator(_Forgiving, AnonRateThrottle):
    """Calculators are cheap and a whole office asks from one address."""

    scope = "calculator"


class Person(_Forgiving, UserRateThrottle):
    scope = "person"


class PublicWrite(_Forgiving):
    """Writes that need no account, and guesses at somebody's code: few per address."""

    scope = "public_write"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if request.method != "POST":
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
