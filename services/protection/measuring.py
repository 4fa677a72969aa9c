"""What risk alerts give to the city's figures: told, read, answered, asked for help."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import formats
from portal.figure_kinds import FIRM, PERCENT
from portal.measures import Better, Column, Measure, Source, Time, Way, Window, register
from services.protection.models import AlertDelivery, DeliveryState

COLUMNS = (
    FIRM,
    Column(_("风险提示"), lambda row: row.version.said("title")),
    Column(_("送达时间"), lambda row: formats.day(row.delivered_at)),
    Column(_("已读时间"), lambda row: formats.day(row.read_at)),
    Column(_("求助时间"), lambda row: formats.day(row.help_asked_at)),
    Column(_("状态"), lambda row: row.get_state_display()),
)
TIMES = _("次")


def delivered(window: Window) -> Any:
    rows = AlertDelivery.objects.filter(left_at=None)
    return rows.filter(delivered_at__gte=window.begins_at, delivered_at__lt=window.ends_at)


def helped(window: Window) -> Any:
    return AlertDelivery.objects.filter(help_asked_at__gte=window.begins_at, help_asked_at__lt=window.ends_at)


def register_all() -> None:
    """Make the measures of the alerts known; called once when the app is ready."""
    handled = Q(state__in=[DeliveryState.DONE, DeliveryState.NOT_RELEVANT])
    shared: dict[str, Any] = {
        "columns": COLUMNS,
        "related": ("organisation", "version"),
        "link": lambda row: reverse("organisation-detail", args=[row.organisation.number]),
    }
    told = (
        Measure("alerts-delivered", _("风险提示送达"), "8", TIMES, _("期间内送达企业的风险提示次数。"), Better.NEITHER),
        Measure(
            "alerts-read", _("风险提示已读率"), "8", PERCENT, _("期间内送达的风险提示中，企业已读的比例。"),
            Better.UP, way=Way.SHARE, hits=Q(read_at__isnull=False),
        ),
        Measure(
            "alerts-handled", _("风险提示办结率"), "8", PERCENT,
            _("期间内送达的风险提示中，企业已办结或说明与本企业无关的比例。"), Better.UP, way=Way.SHARE, hits=handled,
        ),
    )  # fmt: skip
    register(Source("alerts", Time.FLOW, delivered, told, order=("-delivered_at", "-id"), **shared))
    asked = (Measure("aid-asked", _("企业求助"), "16", TIMES, _("期间内企业就风险提示提出的求助次数。")),)
    register(Source("aid", Time.FLOW, helped, asked, order=("-help_asked_at", "-id"), **shared))
