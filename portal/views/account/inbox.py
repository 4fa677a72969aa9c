"""The inbox: what one was told, newest first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from portal import notifications
from portal.models import Notification
from portal.pagination import Keyset
from portal.views.base import ActionView, SignedIn, fetch

PAGE = 30


class Inbox(SignedIn, TemplateView):
    """All notifications, or those not read yet."""

    template_name = "portal/account/inbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Notification.objects.visible_to(self.request.user).select_related("organisation")
        is_unread = self.request.GET.get("view") == "unread"
        page = Keyset.of_request(self.request, rows.unread() if is_unread else rows, ["-created_at", "-id"], size=PAGE)
        entries = [(row, *notifications.wording(row)) for row in page]
        return super().get_context_data(page=page, entries=entries, is_unread=is_unread, **kwargs)


class OpenNotification(SignedIn, View):
    """Mark one as read and go where it leads."""

    http_method_names = ["get"]

    def get(self, request: Any, number: str) -> HttpResponse:
        row = fetch(Notification, request.user, number=number)
        notifications.mark_read(request.user, number=number)
        return redirect(row.link or "inbox")


class ReadNotification(ActionView):
    """Mark one as read and stay."""

    model = Notification

    def action(self, obj: Notification, form: Any) -> Any:
        return notifications.mark_read(self.request.user, number=obj.number)

    def get_success_url(self) -> str:
        return reverse("inbox")


class ReadAll(ActionView):
    """Mark all as read."""

    success_message = gettext_lazy("全部通知已标为已读。")

    def get_object(self) -> Any:
        return self.request.user

    def action(self, obj: Any, form: Any) -> Any:
        return notifications.mark_read(obj)

    def get_success_url(self) -> str:
        return reverse("inbox")
