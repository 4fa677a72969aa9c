"""Settings of one's own account, and the hats."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal import accounts, hats, organisations
from portal.forms.account import AccountForm
from portal.models import User
from portal.permissions import has_second_factor
from portal.views.base import ActionFormView, SignedIn, once
from portal.views.preferences import YEAR


class Account(ActionFormView):
    """Name, language, look and mail; links to security, hats and tokens."""

    template_name = "portal/account/account.html"
    form_class = AccountForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: a refused form must not change how the page itself looks.
        instance = User.objects.get(pk=self.request.user.pk)
        return {**super().get_form_kwargs(), "instance": instance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        needs = bool(user.standing.is_official or user.standing.is_expert) and not has_second_factor(user)
        return super().get_context_data(
            hats=hats.hats_for(user), has_factor=has_second_factor(user), needs_factor=needs, **kwargs
        )

    def action(self, form: AccountForm) -> Any:
        user = accounts.update_settings(self.request.user, values=form.cleaned_data)
        if user.language:
            translation.activate(user.language)
        return user

    def get_success_message(self) -> str:
        return _("设置已保存。")

    def get_success_url(self) -> str:
        return reverse("account")

    def form_valid(self, form: AccountForm) -> HttpResponse:
        response = super().form_valid(form)
        # The language of pages before the next sign-in.
        if form.cleaned_data["language"] and response.status_code == 302:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], max_age=YEAR, samesite="Lax",
                httponly=True, secure=not settings.LOCAL,
            )  # fmt: skip
        return response


class Hats(SignedIn, TemplateView):
    """What one is, and the choice of what to be now."""

    template_name = "portal/account/hats.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        invited = hats.invitation_count(user)
        return super().get_context_data(hats=hats.hats_for(user), invited=invited, form=Form(), **kwargs)


class WearHat(SignedIn, View):
    """Put another of one's own hats on and go home."""

    http_method_names = ["post"]

    def post(self, request: Any) -> HttpResponse:
        def act() -> tuple[str, Any]:
            hat = hats.wear(request, request.POST.get("hat", ""))
            if hat is None:
                raise Http404
            if hat.organisation is not None:
                organisations.switch_organisation(hat.organisation, by=request.user)
            return reverse("dashboard"), _("现在的身份：%(hat)s") % {"hat": hat}

        return once(request, act)
