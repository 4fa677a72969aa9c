"""What people set up for themselves: saved views of lists, private calendar addresses, an enterprise's webhooks."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import feeds, webhooks
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import desk as side
from portal.api.serializers.common import Nothing
from portal.models import CalendarFeed, Organisation, SavedView, Webhook
from portal.views import saved_views


class SavedViews(SignedIn):
    """Lists as one likes them."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[SavedView]:
        return SavedView.objects.visible_to(self.me)

    @described(_("列出保存的视图"), responses=side.ViewOut(many=True))
    def list(self, request: Request) -> Response:
        """One's saved views, the newest first."""
        return self.page(self.get_queryset(), side.ViewOut)

    @described(_("保存视图"), request=side.ViewIn, responses={201: side.ViewOut})
    def create(self, request: Request) -> Response:
        """Keep a list's filters and order under a name; a name used before gets the new ones."""
        given = self.given(side.ViewIn)
        made = saved_views.save(given.pop("page"), **given, by=self.me)
        return Response(self.shown(made, side.ViewOut), status=201)

    @described(_("删除保存的视图"), request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, number: str) -> Response:
        """Forget a view."""
        self.get_queryset().filter(pk=self.get_object().pk).delete()
        return Response(status=204)


class CalendarFeeds(SignedIn):
    """Private calendar addresses of one's dates."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[CalendarFeed]:
        return CalendarFeed.objects.visible_to(self.me)

    @described(_("列出日历地址"), responses=side.FeedOut(many=True))
    def list(self, request: Request) -> Response:
        """One's calendar addresses; never the secret part."""
        return self.page(self.get_queryset(), side.FeedOut)

    @described(_("新建日历地址"), request=side.FeedIn, responses={201: side.NewFeedOut})
    def create(self, request: Request) -> Response:
        """Make an address for a calendar program; it is shown only this once."""
        feed, raw = feeds.create(self.me, label=self.given(side.FeedIn)["label"])
        url = request.build_absolute_uri(reverse("calendar-feed", args=[raw]))
        return Response({**self.shown(feed, side.FeedOut), "url": url}, status=201)

    @described(_("撤销日历地址"), request=Nothing, responses=side.FeedOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, number: str) -> Response:
        """End an address at once."""
        feeds.revoke(self.get_object(), by=self.me)
        return Response(self.shown(self.get_object(), side.FeedOut))


class Webhooks(SignedIn):
    """Webhooks of the enterprises one leads."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.visible_to(self.me).select_related("organisation")

    @described(_("列出系统对接"), responses=side.HookOut(many=True))
    def list(self, request: Request) -> Response:
        """Webhooks, the newest first; never the secret."""
        return self.page(self.get_queryset(), side.HookOut)

    @described(_("新建系统对接"), request=side.HookIn, responses={201: side.NewHookOut})
    def create(self, request: Request) -> Response:
        """Set up an address that is told of reminders; the signing secret is shown only this once."""
        given = self.given(side.HookIn)
        own = Organisation.objects.filter(pk__in=self.me.standing.roles)
        organisation = get_object_or_404(own, number=given["organisation"])
        made = webhooks.create(organisation, url=given["url"], by=self.me)
        return Response(self.shown(made, side.NewHookOut), status=201)

    @described(_("撤销系统对接"), request=Nothing, responses=side.HookOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, number: str) -> Response:
        """End a webhook; what still waits for it is not sent."""
        webhooks.revoke(self.get_object(), by=self.me)
        return Response(self.shown(self.get_object(), side.HookOut))
