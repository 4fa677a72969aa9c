"""The public archive of alerts: what was published, with search, one page each, and an Atom feed. No audience here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.models import standing_of
from services.protection.forms.knowledge import AlertFilter
from services.protection.models import Alert, AlertDelivery
from services.protection.views.knowledge.library import Listing
from services.protection.views.own.story import steps_of

ORDER = ("-published_at", "-id")
NEWEST = 30


class AlertList(Listing):
    """Published alerts, the newest first; withdrawn and expired ones stay and say so."""

    clause = ["8", "16"]
    template_name = "protection/knowledge/alerts.html"
    order, filter_class = ORDER, AlertFilter

    def rows(self) -> QuerySet[Alert]:
        return Alert.objects.public().select_related("current")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(clear_url=reverse("alert-list"), **kwargs)


class AlertPage(TemplateView):
    """One alert as everybody may read it, with its editions."""

    clause = ["8", "16"]
    template_name = "protection/knowledge/alert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alert = get_object_or_404(Alert.objects.public().select_related("current"), number=self.kwargs["number"])
        version = alert.current
        assert version is not None  # noqa: S101 - public() asked for it
        return super().get_context_data(
            alert=alert,
            version=version,
            steps=steps_of(version),
            papers=version.attachments.filter(status="clean"),
            editions=alert.versions.filter(published_at__isnull=False).order_by("-edition"),
            ours=self._ours(alert),
            **kwargs,
        )

    def _ours(self, alert: Alert) -> AlertDelivery | None:
        """Return the delivery to the reader's own enterprise: it has a page with reasons and forms."""
        roles = standing_of(self.request.user).roles
        return AlertDelivery.objects.filter(alert=alert, organisation__in=list(roles)).first() if roles else None


class AlertFeed(Feed):
    """The newest alerts as Atom."""

    feed_type = Atom1Feed
    title = gettext_lazy("上海市中小企业知识产权风险提示")
    subtitle = gettext_lazy("最新发布的风险提示")

    def link(self) -> str:
        return reverse("alert-list")

    def items(self) -> QuerySet[Alert]:
        return Alert.objects.public().select_related("current").order_by(*ORDER)[:NEWEST]

    def item_title(self, item: Any) -> str:
        title = str(item.current.said("title"))
        return _("已撤回：%(title)s") % {"title": title} if item.status == Alert.Status.WITHDRAWN else title

    def item_description(self, item: Any) -> str:
        return str(item.current.said("summary"))

    def item_link(self, item: Any) -> str:
        return reverse("alert", args=[item.number])

    def item_pubdate(self, item: Any) -> dt.datetime:
        return item.published_at

    def item_updateddate(self, item: Any) -> dt.datetime:
        return item.withdrawn_at or item.current.published_at
