"""What all pages share: signed-in pages, pages with one form, and POST-only views of one verb.

Fetch and authorise are one step (`fetch`): what a person may not see does not exist. `Denied` and `RuleBroken` that
nobody catches become a 403 or 409 page with the same sentence (`portal.middleware.Sentences`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import FormView, View

from portal.errors import RuleBroken
from portal.idempotency import Outcome, once_for_page

UNPROCESSABLE = 422


def fetch(model: Any, user: Any, **lookup: Any) -> Any:
    """Return the one object the user may see, or raise 404 as for an absent one.

    `model` is a model, or a queryset that needs more than `visible_to` (select_related, a narrower scope).
    """
    rows: Any = model if isinstance(model, models.QuerySet) else model.objects.all()
    return get_object_or_404(rows.visible_to(user), **lookup)


def is_partial(request: HttpRequest) -> bool:
    """Whether a script asked (HTMX or fetch): then an error is a status, not a redirect."""
    return bool(getattr(request, "htmx", False)) or "application/json" in request.headers.get("Accept", "")


def back_url(request: HttpRequest) -> str:
    """Return the page of ours the person came from, or nothing."""
    referrer = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if safe else ""


def once(request: HttpRequest, act: Callable[[], tuple[str, Any]]) -> HttpResponse:
    """Run `act` once per person and `client_key`; it returns where to go and what to say. A repeat hears the same."""

    def perform() -> Outcome:
        location, message = act()
        return Outcome(302, location, {"message": str(message or "")})

    outcome = once_for_page(request, perform)
    if outcome.body and outcome.body["message"]:
        messages.success(request, outcome.body["message"])
    return redirect(outcome.location or request.path)


class SignedIn(LoginRequiredMixin, View):
    """A page for people who are signed in. `clause` names the guideline's clause(s) the page serves."""

    clause: str | list[str] | None = None
    request: Any  # behind the sign-in its user is a person; the stubs only know "User | AnonymousUser"
    kwargs: dict[str, Any]


class ActionFormView(SignedIn, FormView):
    """A page with one form and one action: GET shows it, POST runs `action(form)`, says so and redirects.

    A broken rule comes back on the form with 409, a wrong field with 422; what was typed is kept.
    """

    success_message: Any = ""
    subject = ""  # the property that fetches and authorises: asked for at once, so that 404 and 403 go before the form

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.subject and request.user.is_authenticated:
            getattr(self, self.subject)
        return super().dispatch(request, *args, **kwargs)

    def action(self, form: Any) -> Any:
        """Call the one action; its result is given to `get_success_url` as `self.result`."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return once(self.request, lambda: self._act(form))
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
            return self.render_to_response(self.get_context_data(form=form), status=409)

    def _act(self, form: Any) -> tuple[str, Any]:
        self.result = self.action(form)
        return self.get_success_url(), self.get_success_message()

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_success_message(self) -> Any:
        """Return the words of the toast after the action."""
        return self.success_message


class ActionView(SignedIn):
    """POST only, one verb on one object. Give `model` (or `get_object`), `action(obj, form)` and `get_success_url`.

    Denied -> 403 page with the sentence. RuleBroken or a wrong form -> message and back to the page one came from;
    for HTMX and fetch, or where that page is unknown, 409.
    """

    http_method_names = ["post"]
    model: Any = None
    lookup = "number"
    form_class: type[forms.BaseForm] = forms.Form
    success_message: Any = ""
    success_url: Any = ""

    def get_object(self) -> Any:
        """Return the object of the address, or 404."""
        return fetch(self.model, self.request.user, **{self.lookup: self.kwargs[self.lookup]})

    def get_form(self, obj: Any) -> Any:
        """Return the bound form; override where the form needs the object."""
        return self.form_class(self.request.POST, self.request.FILES)

    def action(self, obj: Any, form: Any) -> Any:
        """Call the one action."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        """Return where to go; `self.object` and `self.result` are known."""
        return str(self.success_url) or back_url(self.request) or "/"

    def get_success_message(self) -> Any:
        """Return the words of the toast after the action."""
        return self.success_message

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        try:
            return once(request, self._act)
        except RuleBroken as broken:
            back = back_url(request)
            if is_partial(request) or not back:
                raise
            messages.error(request, str(broken.sentence))
            return redirect(back)

    def _act(self) -> tuple[str, Any]:
        self.object = self.get_object()
        form = self.get_form(self.object)
        if not form.is_valid():
            raise RuleBroken(" ".join(str(error) for errors in form.errors.values() for error in errors))
        self.result = self.action(self.object, form)
        return self.get_success_url(), self.get_success_message()
