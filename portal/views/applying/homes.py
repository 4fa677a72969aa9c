"""The home of the present hat, and the enterprise's: what needs you now, what you qualify for, what happened."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from portal import countdown, kinds, procedures
from portal.clock import local_date, today
from portal.formats import noted
from portal.hats import hat_of
from portal.models import Call, CaseEvent, Organisation, Status
from portal.permissions import Permission, can
from portal.views.base import SignedIn
from portal.views.office.homes import CityHome, DistrictHome, ExpertHome

from .needs import needs_of
from .standing import event_row

OFFERS = 6
SHOWN = 5


class Dashboard(SignedIn, View):
    """Shows the home of the hat one wears."""

    clause = "1"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        view = HOMES.get(hat_of(request).kind, Welcome)
        return view.as_view()(request, *args, **kwargs)


class Welcome(SignedIn, TemplateView):
    """For a person who belongs nowhere yet: what one can do here."""

    clause = "1"
    template_name = "portal/applying/welcome.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(calls=Call.objects.open().order_by("closes_at")[:3], **kwargs)


class EnterpriseHome(SignedIn, TemplateView):
    """What needs the enterprise now, ordered by date; policies with each rule's verdict; recent activity."""

    clause = "1"
    template_name = "portal/applying/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hat = hat_of(self.request)
        organisation = hat.organisation
        assert organisation is not None  # noqa: S101 - HOMES shows this page to enterprise hats only
        needs = needs_of(organisation, hat, self.request.user)
        shown = {"finding": finding(needs), "needs": needs[:SHOWN], "more": len(needs) - SHOWN}
        return super().get_context_data(
            organisation=organisation,
            offers=offers(organisation, self.request.user),
            events=recent(organisation),
            panels=[part.panel(organisation, self.request.user) for part in kinds.homes()],
            recognitions=organisation.recognitions.order_by("-granted_on")[:3],
            today=today(),
            **shown,
            **kwargs,
        )


def finding(needs: list[dict[str, Any]]) -> str:
    """Return the page's title: how many things, and how near the nearest one is."""
    if not needs:
        return _("现在没有需要您处理的事")
    count = len(needs)
    head = ngettext("有 %(count)s 件事需要您处理", "有 %(count)s 件事需要您处理", count) % {"count": count}
    first = needs[0]
    if first.get("on") is None:
        return head
    left = first["left"] if first.get("left") is not None else countdown.days_left(first["date"])
    if left is not None and left > 0:
        unit = countdown.unit_text(left, first.get("unit", "day"))
        return _("%(head)s，最近一件还剩 %(left)s %(unit)s") % {"head": head, "left": left, "unit": unit}
    return (
        _("%(head)s，最近一件今天到期") % {"head": head} if left == 0 else _("%(head)s，有一件已过期") % {"head": head}
    )


def offers(organisation: Organisation, user: Any) -> list[dict[str, Any]]:
    """Return the open calls the enterprise has not answered yet, with the verdict of every rule."""
    taken = organisation.applications.exclude(status=Status.WITHDRAWN).values("call")
    here = Q(district=None) | Q(district=organisation.district_id)
    calls = Call.objects.open().filter(here).exclude(pk__in=taken)
    may_fill = can(user, Permission.FILL_APPLICATION, organisation)
    return [_offer(call, organisation, bool(may_fill)) for call in calls.order_by("closes_at")[:OFFERS]]


def _offer(call: Call, organisation: Organisation, may_fill: bool) -> dict[str, Any]:
    findings = procedures.eligibility(call, organisation)
    rules = [
        {"text": noted(found.label, found.evidence), "is_met": found.is_met is True, "way_out": found.way_out}
        for found in findings
    ]
    is_barred = any(found.blocks and found.is_met is False for found in findings)
    return {
        "title": call.title,
        "rules": rules,
        "met": sum(rule["is_met"] for rule in rules),
        "note": _("示例批次，仅供演示。") if call.is_sample else "",
        "due_on": local_date(call.closes_at),
        "url": reverse("call", args=[call.number]),
        "action": _("了解并开始申报") if may_fill and not is_barred else _("了解要求"),
    }


def recent(organisation: Organisation) -> list[dict[str, Any]]:
    """Return the last steps of the enterprise's cases."""
    rows = CaseEvent.objects.filter(application__organisation=organisation, is_internal=False)
    rows = rows.select_related("application").order_by("-at", "-id")[:6]
    return [{**event_row(event), "note": event.application.number} for event in rows]


HOMES: dict[str, Any] = {
    "enterprise": EnterpriseHome,
    "district": DistrictHome,
    "city": CityHome,
    "expert": ExpertHome,
}
