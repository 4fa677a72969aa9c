"""Private calendar addresses: made here, shown once, revoked here; and the feed itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View

from portal import feeds
from portal.forms.account import FeedForm
from portal.models import CalendarFeed
from portal.views.base import ActionView
from portal.views.limits import Limited
from portal.views.secrets import ShownOnce


class FeedList(ShownOnce):
    """One's feeds, and a form for a new one."""

    template_name = "portal/account/calendars.html"
    form_class = FeedForm
    made_message = gettext_lazy("日历地址已建立。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.request.user.calendar_feeds.order_by("-created_at")[:50]
        return super().get_context_data(feeds=rows, **kwargs)

    def make(self, form: FeedForm) -> dict[str, Any]:
        feed, raw = feeds.create(self.request.user, **form.cleaned_data)
        return {"made": feed, "secret": settings.PUBLIC_URL + reverse("calendar-feed", args=[raw])}


class RevokeFeed(ActionView):
    """End a feed at once."""

    success_message = gettext_lazy("日历地址已撤销。")

    def get_object(self) -> CalendarFeed:
        return get_object_or_404(CalendarFeed, user=self.request.user, number=self.kwargs["number"])

    def action(self, obj: CalendarFeed, form: Any) -> Any:
        return feeds.revoke(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("calendar-list")


@method_decorator(never_cache, name="dispatch")
class Feed(Limited, View):
    """The calendar behind a secret address; no sign-in. A wrong or revoked one is absent."""

    limits = {"GET": "120/h"}

    def get(self, _request: HttpRequest, token: str) -> HttpResponse:
        feed = feeds.find(token)
        if feed is None:
            raise Http404
        return HttpResponse(feeds.render(feed.user), content_type="text/calendar; charset=utf-8")
