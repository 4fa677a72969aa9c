"""For machines: is the process alive, is the portal ready. For people: the page while the database is away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from portal import health

AWAY = (OperationalError, InterfaceError, RedisError)
RETRY_AFTER = "10"  # seconds; a restart of the database takes less


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process serves; nothing else is touched."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, Valkey and worker are well, else 503 and which is not."""
    checks = health.report()
    return JsonResponse(checks, status=200 if set(checks.values()) == {"ok"} else 503)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a database or Valkey that is away is a pause (503), everything else an error (500)."""
    away = isinstance(sys.exc_info()[1], AWAY)
    status, name = (503, "503.html") if away else (500, "500.html")
    if request.path.startswith("/api/"):
        code = "temporarily_unavailable" if away else "server_error"
        response: HttpResponse = JsonResponse({"code": code, "sentence": "稍后再试 / Try again later"}, status=status)
    else:
        # Both languages on one page and no request context: nothing here may ask the database who is reading.
        response = HttpResponse(render_to_string(name), status=status)
    if away:
        response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response
