"""The homes of officials and experts: what is theirs to do by the clock, and how the district or the city stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import boards, countdown, figures, kinds, procedures
from portal.formats import day
from portal.hats import hat_of
from portal.models import CaseEvent, TaskShare, Verification
from portal.pagination import capped_counts
from portal.tiles import DISTRICTS
from portal.views.base import SignedIn

from . import funnel, queues, reviews
from .access import cases_of, is_city
from .calls import state_of
from .figures.city import clause_board

SHOWN = 5


class OfficeHome(SignedIn, TemplateView):
    """What every official's home has: one's queue by the clock, and the counts of the saved views."""

    clause: Any = "5"

    def queue_context(self) -> dict[str, Any]:
        user = self.request.user
        views = queues.tabs(user)
        counts = capped_counts({tab.name: tab.rows for tab in views})
        rows = views[0].rows.select_related("organisation", "call").order_by(*queues.BY_CLOCK)[:SHOWN]
        items = [need_of(row) for row in rows]
        return {
            "counts": counts,
            "needs": items,
            "finding": finding(counts["todo"], items),
            "more_url": reverse("case-list") if counts["todo"] > SHOWN else "",
            "more": _("查看全部 %(count)s 件") % {"count": counts["todo"]},
        }


def need_of(application: Any) -> dict[str, Any]:
    """Return one case as components/needs.html shows it."""
    left = procedures.days_left(application.due_on) if application.due_on else None
    return {
        "left": left,
        "unit": "workday",
        "title": application.organisation.name,
        "url": reverse("case-detail", args=[application.number]),
        "text": _("%(stage)s · %(matter)s") % {
            "stage": application.get_stage_display(), "matter": kinds.title_of(application.kind)
        },
        "meta": [application.number, _("%(day)s 前") % {"day": day(application.due_on)}],
        "action": _("办理"),
    }  # fmt: skip


def finding(count: int, items: list[dict[str, Any]]) -> str:
    """Return the page's title: how many cases, and how near the nearest is."""
    if not items:
        return _("现在没有由您办理的办件")
    left = items[0]["left"]
    if left is None:
        return _("有 %(count)s 件由您办理") % {"count": count}
    values = {"count": count, "left": countdown.left_text(left, "workday")}
    return _("有 %(count)s 件由您办理，最近一件%(left)s") % values


class DistrictHome(OfficeHome):
    """The home of a district's official."""

    template_name = "portal/office/home_district.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = hat_of(self.request).office
        code = office.district_id if office else ""
        return super().get_context_data(
            **self.queue_context(),
            **district_figures(code or ""),
            office=office,
            code=code,
            unverified=Verification.objects.open().filter(organisation__district=code)[:100].count(),
            events=self.recent_events(),
            **tasks_of(office),
            **kwargs,
        )

    def recent_events(self) -> list[dict[str, Any]]:
        """Return what happened last in the cases this official sees."""
        events = CaseEvent.objects.filter(application__in=cases_of(self.request.user)).order_by("-at", "-id")
        return [recent(row) for row in events.select_related("application__organisation")[:8]]


def tasks_of(office: Any) -> dict[str, Any]:
    """Return the office's district and the tasks the city has given it, by their day."""
    place = office.district if office else None
    rows = TaskShare.objects.open().filter(district=place).select_related("task") if place else TaskShare.objects.none()
    return {"place": place, "shares": rows.order_by("task__due_on", "pk")[:SHOWN]}


def district_figures(code: str) -> dict[str, Any]:
    """Return a district's own figures beside those of the city."""
    found = figures.of_the_city()
    own = found.districts.get(code, {})
    working = {key: row["working"] for key, row in found.districts.items()}
    return {"own": own, "working": working, "as_of": found.as_of, "kpis": district_kpis(own)}


def district_kpis(own: dict[str, int]) -> list[dict[str, Any]]:
    """Return the key figures of a district."""
    late = own.get("overdue", 0)
    note = {"note": _("超期 %(count)s 件") % {"count": late}, "role": "bad"} if late else {"note": _("没有超期")}
    url = reverse("case-list")
    return [
        {"label": _("在办"), "value": own.get("working", 0), "url": f"{url}?view=all", **note},
        {"label": _("等企业补正"), "value": own.get("returned", 0), "url": f"{url}?view=applicant"},
        {"label": _("累计提交"), "value": own.get("handed_in", 0)},
        {"label": _("公示或已认定"), "value": own.get("passed", 0)},
    ]


def recent(event: CaseEvent) -> dict[str, Any]:
    """Return one step of a case for the list of what happened."""
    label = procedures.EVENT[procedures.Verb(event.verb)].label
    values = {"name": event.application.organisation.name, "what": label}
    text = _("%(name)s：%(what)s") % values
    return {"icon": "circle-dot", "text": text, "who": event.by_name or _("系统"), "at": event.at}


class CityHome(OfficeHome):
    """The home of the city's officials."""

    template_name = "portal/office/home_city.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = figures.of_the_city()
        calls = figures.calls_with_counts()
        for call in calls:
            call.state = state_of(call)  # type: ignore[attr-defined]
        return super().get_context_data(
            **self.queue_context(),
            **city_figures(found, has_links=is_city(self.request.user)),
            city_finding=city_finding(found),
            calls=calls,
            troubles=figures.troubles(),
            clauses=self.clauses(),
            **kwargs,
        )

    def clauses(self) -> dict[str, Any] | None:
        """Return the heat map of clause x district: on the home of the city's administrators."""
        is_leading = "administrator" in hat_of(self.request).roles
        return clause_board(boards.latest(self.request.user)) if is_leading else None


def city_figures(found: figures.Figures, *, has_links: bool) -> dict[str, Any]:
    """Return tile map, table by district, funnel and key figures; links for those who may open cases."""
    total = {name: sum(row[name] for row in found.districts.values()) for name in ("handed_in", "working", "overdue")}
    late = total["overdue"]
    note = {"note": _("超期 %(count)s 件") % {"count": late}, "role": "bad"} if late else {"note": _("没有超期")}
    url = reverse("case-list")
    all_url = f"{url}?view=all" if has_links else ""
    return {
        "as_of": found.as_of,
        "handed_in": {code: row["handed_in"] for code, row in found.districts.items()},
        "has_links": has_links,
        "district_urls": {place.code: f"{url}?view=all&district={place.code}" for place in DISTRICTS if has_links},
        "rows": [district_row(place, found.districts.get(place.code, {})) for place in DISTRICTS],
        "funnel": funnel.of(found),
        "kpis": [
            {"label": _("在办办件"), "value": f"{total['working']:,}", "url": all_url, **note},
            {"label": _("累计提交"), "value": f"{total['handed_in']:,}"},
            {"label": _("公示或已认定"), "value": f"{found.funnel['passed']:,}"},
        ],
    }


def district_row(place: Any, counts: dict[str, int]) -> dict[str, Any]:
    """Return one line of the table behind the tile map."""
    names = ("handed_in", "working", "overdue", "returned", "passed")
    return {"name": place.short, "code": place.code, "cells": [counts.get(name, 0) for name in names]}


def city_finding(found: figures.Figures) -> str:
    """Return what one should know first: how much is late, and where most."""
    late = {code: row["overdue"] for code, row in found.districts.items() if row["overdue"]}
    working = sum(row["working"] for row in found.districts.values())
    if not late:
        return _("全市 %(count)s 件在办，没有超期") % {"count": f"{working:,}"}
    worst = max(late, key=lambda code: late[code])
    name = next(place.short for place in DISTRICTS if place.code == worst)
    values = {"count": f"{working:,}", "late": sum(late.values()), "district": name, "most": late[worst]}
    return _("全市 %(count)s 件在办，%(late)s 件超期，%(district)s最多（%(most)s 件）") % values


class ExpertHome(reviews.ReviewList):
    """The home of an expert: the invitations."""
