"""Webhooks of an enterprise: set up, tested, revoked by owner and manager; what was sent is listed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from portal import webhooks
from portal.forms.webhooks import WebhookForm
from portal.models import Organisation, Webhook, WebhookCall
from portal.permissions import Permission, check
from portal.views.base import ActionView, fetch
from portal.views.secrets import ShownOnce


class WebhookList(ShownOnce):
    """The enterprise's webhooks and their last messages, and a form for a new one."""

    template_name = "portal/people/webhooks.html"
    form_class = WebhookForm
    subject = "organisation"
    made_message = gettext_lazy("对接已建立。")
    rule_field = "url"

    @cached_property
    def organisation(self) -> Organisation:
        organisation = fetch(Organisation, self.request.user, number=self.kwargs["number"])
        check(self.request.user, Permission.MANAGE_WEBHOOKS, organisation)
        return organisation

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hooks = Webhook.objects.visible_to(self.request.user).filter(organisation=self.organisation)
        calls = WebhookCall.objects.filter(webhook__in=hooks).select_related("webhook").order_by("-pk")[:50]
        return super().get_context_data(
            organisation=self.organisation, hooks=hooks.order_by("-created_at")[:20], calls=calls, **kwargs
        )

    def make(self, form: WebhookForm) -> dict[str, Any]:
        return {"made": webhooks.create(self.organisation, by=self.request.user, **form.cleaned_data)}


class _Verb(ActionView):
    """One verb on one webhook."""

    def get_object(self) -> Webhook:
        rows = Webhook.objects.filter(organisation__number=self.kwargs["number"]).select_related("organisation")
        return fetch(rows, self.request.user, number=self.kwargs["webhook"])

    def get_success_url(self) -> str:
        return reverse("webhook-list", args=[self.kwargs["number"]])


class TestWebhook(_Verb):
    """Send a test message."""

    success_message = gettext_lazy("测试消息已排队，稍后刷新查看结果。")

    def action(self, obj: Webhook, form: Any) -> Any:
        return webhooks.test(obj, by=self.request.user)


class RevokeWebhook(_Verb):
    """End a webhook."""

    success_message = gettext_lazy("对接已撤销。")

    def action(self, obj: Webhook, form: Any) -> Any:
        return webhooks.revoke(obj, by=self.request.user)
