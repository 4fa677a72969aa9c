"""Sign-in as a person of the demo. Where this is no demo the address does not exist."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from portal import demo

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@method_decorator(csrf_exempt, name="dispatch")
class DemoSignIn(View):
    """Sign in by a link of this installation; all four locks are in `portal.demo`.

    With any lock shut every method gets the 404 of an unknown address, so that nobody can tell the route is there.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = demo.person_of(request, kwargs["token"])
        if person is None or request.method != "GET":
            raise Http404
        request.session.flush()
        login(request, person, backend=BACKEND)
        return redirect("dashboard")
