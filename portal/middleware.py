"""Middleware of the portal."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation

from portal import audit, kinds
from portal.errors import Denied, PortalError, RuleBroken


class Language(LocaleMiddleware):
    """The user's saved language, then the cookie, then Accept-Language, then Chinese."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language for this request."""
        super().process_request(request)
        saved = getattr(request.user, "language", "")
        if saved in dict(settings.LANGUAGES):
            translation.activate(saved)
            request.LANGUAGE_CODE = translation.get_language()


def record_refusal(request: HttpRequest, denied: Denied) -> None:
    """Write what was refused to a signed-in person into the log; reading attempts are left out."""
    if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
        return
    with transaction.atomic():
        data = {"path": request.path[:200], "method": request.method, "code": denied.code}
        audit.record(request.user, "refused", by=request.user, data=data)


class OneReading:
    """A request reads the kinds that were made in the browser at most once, and as they are now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with kinds.one_reading():
            return self.get_response(request)


class Sentences:
    """An uncaught `Denied` becomes a 403, an uncaught `RuleBroken` a 409 page that says the sentence.

    What was refused stays in the log: a POST that was denied is recorded, after its transaction is gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        """Answer "absent" where an address holds a NUL: no row is called so, and the database takes none."""
        if any("\x00" in part for part in kwargs.values() if isinstance(part, str)):
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Return the page of a refusal, or None for any other error."""
        if isinstance(exception, Denied):
            record_refusal(request, exception)
            return self._page(request, exception, 403)
        if isinstance(exception, RuleBroken):
            return self._page(request, exception, 409)
        return None

    def _page(self, request: HttpRequest, error: PortalError, status: int) -> HttpResponseBase:
        template = "components/refusal.html" if getattr(request, "htmx", False) else "refusal.html"
        return render(request, template, {"error": error, "status": status}, status=status)
