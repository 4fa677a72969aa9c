"""Personal tokens for programs: made here, shown once, revoked here."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal import tokens
from portal.forms.account import TokenForm
from portal.models import ApiToken
from portal.views.base import ActionView
from portal.views.secrets import ShownOnce


class TokenList(ShownOnce):
    """One's tokens, and a form for a new one."""

    template_name = "portal/account/tokens.html"
    form_class = TokenForm
    made_message = gettext_lazy("令牌已建立。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.request.user.api_tokens.order_by("-created_at")[:50]
        return super().get_context_data(tokens=rows, **kwargs)

    def make(self, form: TokenForm) -> dict[str, Any]:
        token, secret = tokens.create(self.request.user, **form.cleaned_data)
        return {"made": token, "secret": secret}


class RevokeToken(ActionView):
    """End a token at once."""

    success_message = gettext_lazy("令牌已撤销。")

    def get_object(self) -> ApiToken:
        return get_object_or_404(ApiToken, user=self.request.user, number=self.kwargs["number"])

    def action(self, obj: ApiToken, form: Any) -> Any:
        return tokens.revoke(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("token-list")
