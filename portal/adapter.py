"""What allauth asks the portal: names at sign-up, where to go after sign-in, mail through the outbox."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse

from portal import account_mail, organisations
from portal.errors import RuleBroken
from portal.models import User

NEXT = "after_registration"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and mail of accounts."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Keep the contact's name and telephone with the account."""
        user.name = form.cleaned_data.get("name", "")
        user.phone = form.cleaned_data.get("phone", "")
        return super().save_user(request, user, form, commit)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in; the address is confirmed by now, so what was filled in before becomes an enterprise."""
        super().login(request, user)
        self._complete(request, user)

    def _complete(self, request: HttpRequest, user: User) -> None:
        try:
            organisation = organisations.complete(user)
        except RuleBroken as broken:
            messages.warning(request, str(broken.sentence))
            return
        if organisation is not None:
            request.session[NEXT] = reverse("organisation-verification", args=[organisation.number])
        elif user.join_requests.filter(status="open").exists() and not user.memberships.exists():
            request.session[NEXT] = reverse("join")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the third step of a registration, or the home."""
        return request.session.pop(NEXT, "") or reverse("dashboard")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Return the same after a sign-up, whose e-mail has just been confirmed."""
        return self.get_login_redirect_url(request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail down for the worker: a mail server that is away or slow is not the request's matter."""
        request = self.request
        whole = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        account_mail.put(self.render_mail(template_prefix, email, whole), template=template_prefix)
