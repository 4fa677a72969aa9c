"""Language, text size and theme: kept with the account, or in cookies for people who are not signed in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

CHOICES = {
    "language": frozenset(code for code, _ in settings.LANGUAGES),
    "theme": frozenset({"auto", "light", "dark"}),
    "text_size": frozenset({"normal", "large"}),
}
YEAR = 365 * 24 * 3600


def cookie_of(name: str) -> str:
    """Return the cookie that keeps a setting; Django names the one of the language."""
    return settings.LANGUAGE_COOKIE_NAME if name == "language" else name


class Preferences(View):
    """POST one or more settings and go back to the page one came from."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep every known setting of the form; unknown names and values are left alone."""
        chosen = {name: value for name in CHOICES if (value := request.POST.get(name)) in CHOICES[name]}
        target = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        response = redirect(target if safe else "/")
        if request.user.is_authenticated and chosen:
            for name, value in chosen.items():
                setattr(request.user, name, value)
            request.user.save(update_fields=list(chosen))
        for name, value in chosen.items():
            response.set_cookie(
                cookie_of(name), value, max_age=YEAR, samesite="Lax", httponly=True, secure=not settings.LOCAL
            )
        return response
