"""What the workstream adds elsewhere: the search box, an enterprise's home, the public home."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents.finding import Hit
from portal import kinds
from portal.models import Organisation
from services.protection import reasons
from services.protection.disputes import finding as disputes
from services.protection.models import Alert, AlertDelivery, DeliveryState, LawChange, LegalCase

MOST = 5
WAITING = (DeliveryState.NEW, DeliveryState.READ)
TITLES = ("title", "title_en")


def holds(text: str, *names: str) -> Q:
    """Return the condition that one of these columns holds the text, whatever its case."""
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": text})
    return found


def hits(user: Any, text: str) -> list[Hit]:
    """Return published alerts, changes of law and cases whose titles hold a text: public, whoever asks."""
    alerts = Alert.objects.public().filter(holds(text, "number", "current__title", "current__title_en"))
    found = [
        Hit(reverse("alert", args=[row.number]), row.current.said("title"), row.number, "alert", row.status)
        for row in alerts.select_related("current").order_by("-published_at")[:MOST]
        if row.current
    ]
    laws = LawChange.objects.filter(holds(text, *TITLES, "instrument")).order_by("-in_force_on")[:MOST]
    cases = LegalCase.objects.filter(holds(text, *TITLES, "docket")).order_by("-began_on")[:MOST]
    found += [
        Hit(reverse("law", args=[row.number]), row.said("title"), row.instrument, "rule", row.status) for row in laws
    ]
    found += [
        Hit(
            reverse("legal-case", args=[row.number]),
            row.said("title"),
            str(row.get_forum_display()),
            "rule",
            _state(row),
        )
        for row in cases
    ]
    return found


def _state(case: LegalCase) -> str:
    return "sample" if case.is_sample else "secondary"


def needs(organisation: Organisation, user: Any) -> list[dict[str, Any]]:
    """Return alerts that wait for an answer, and dates of disputes abroad; hints wait for nobody."""
    rows = AlertDelivery.objects.visible_to(user).own(organisation).filter(state__in=WAITING, left_at=None)
    rows = rows.filter(confirm_on__isnull=False, alert__status=Alert.Status.PUBLISHED)
    found = [_need(row) for row in rows.select_related("version", "alert").order_by("confirm_on", "pk")[:MOST]]
    return [*found, *disputes.needs(organisation, user)]


def _need(row: AlertDelivery) -> dict[str, Any]:
    return {
        "on": row.confirm_on,
        "date": row.confirm_on,
        "icon": "bell-ringing",
        "title": row.version.said("title"),
        "url": reverse("alert-for-us", args=[row.number]),
        "text": reasons.words(row.reasons[0]) if row.reasons else "",
        "meta": [row.version.get_kind_display(), row.alert.number],
        "action": _("查看并确认"),
    }


def panel(organisation: Organisation, user: Any) -> tuple[str, dict[str, Any]]:
    """Return the newest alerts that concern the enterprise."""
    rows = AlertDelivery.objects.visible_to(user).own(organisation).filter(left_at=None)
    newest = list(rows.select_related("version", "alert").order_by("-delivered_at", "-id")[:3])
    return "protection/own/_home.html", {"deliveries": newest}


def public() -> tuple[str, dict[str, Any]]:
    """Return the newest alerts for everybody."""
    rows = Alert.objects.valid().filter(current__isnull=False).select_related("current")
    return "protection/knowledge/_home.html", {"alerts": list(rows.order_by("-published_at", "-id")[:4])}


def register() -> None:
    """Plug in; called once when the app is ready."""
    kinds.register_search("alerts", gettext_lazy("风险提示和法律动态"), hits)
    kinds.register_home(gettext_lazy("保护能力"), needs, panel)
    kinds.register_public_part(public)
