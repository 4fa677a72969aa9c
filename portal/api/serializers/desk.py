"""Saved views, calendar addresses and webhooks."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from .common import Plain


class ViewIn(Plain):
    """A list page by its route name, its query string, and the name of the view."""

    page = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    def validate_page(self, page: str) -> str:
        try:
            reverse(page)
        except NoReverseMatch:
            raise serializers.ValidationError(_("没有这个列表。")) from None
        return page


class ViewOut(Plain):
    """A saved view."""

    number = serializers.CharField()
    page = serializers.CharField()
    name = serializers.CharField()
    query = serializers.CharField()
    created_at = serializers.DateTimeField()


class FeedIn(Plain):
    """What the address is for."""

    label = serializers.CharField(max_length=80)  # type: ignore[assignment]


class FeedOut(Plain):
    """A private calendar address."""

    number = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewFeedOut(FeedOut):
    """A new calendar address, shown once."""

    url = serializers.CharField()


class HookIn(Plain):
    """Where to tell of reminders: https only."""

    organisation = serializers.CharField(max_length=10, help_text=_("企业编号"))
    url = serializers.URLField(max_length=300)


class HookOut(Plain):
    """A webhook of an enterprise."""

    number = serializers.CharField()
    organisation = serializers.CharField(source="organisation.number")
    url = serializers.CharField()
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewHookOut(HookOut):
    """A new webhook with its signing secret, shown once."""

    secret = serializers.CharField()
