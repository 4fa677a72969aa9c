"""One search box over what one may see: cases, enterprises, calls, recognitions. Exact numbers first, never a leak."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import kinds, uscc
from portal.models import Application, Call, Organisation, Recognition, standing_of
from portal.views.limits import Limited

from .recognitions import plain

MOST = 10
NUMBER = re.compile(r"^[A-Z]{1,6}-?\d{0,4}-?\d{0,6}$")


@dataclass(frozen=True)
class Hit:
    """One thing found: where it is, what it is called, one quiet line, and its state where it has one."""

    url: str
    title: str
    note: str
    kind: str = ""
    status: str = ""


class Search(Limited, TemplateView):
    """Results in groups, each limited; a group without results is left out."""

    clause = "19"
    limits = {"GET": "60/m"}
    limit_per_person = True
    template_name = "portal/public/search.html"

    def get_template_names(self) -> list[str]:
        return ["portal/public/search_inside.html" if self.request.user.is_authenticated else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = plain(self.request.GET.get("q", ""))
        groups = [group for group in found(self.request, text) if group["hits"]] if len(text) >= 2 else []
        return super().get_context_data(
            q=text, groups=groups, is_short=0 < len(text) < 2, count=sum(len(g["hits"]) for g in groups), **kwargs
        )


def found(request: HttpRequest, text: str) -> Iterator[dict[str, Any]]:
    """Yield the groups of hits the reader may see."""
    if request.user.is_authenticated:
        yield {"label": _("办件"), "hits": cases(request.user, text)}
        for label, provider in kinds.searches():
            yield {"label": label, "hits": provider(request.user, text)}
        yield {"label": _("企业"), "hits": organisations(request.user, text)}
    yield {"label": _("申报批次"), "hits": calls(request.user, text)}
    yield {"label": _("认定"), "hits": recognitions(request.user, text)}


def cases(user: Any, text: str) -> list[Hit]:
    """Return visible applications by number, or for officials by the enterprise's name."""
    rows = Application.objects.visible_to(user).select_related("call", "organisation")
    standing = standing_of(user)
    if NUMBER.match(text.upper()):
        rows = rows.filter(number__startswith=text.upper())
    elif standing.is_official or standing.roles:
        rows = rows.filter(organisation__in=Organisation.objects.visible_to(user).filter(name__icontains=text))
    else:
        return []
    own = standing.roles
    return [_case(row, is_own=row.organisation_id in own, is_official=standing.is_official) for row in rows[:MOST]]


def _case(row: Application, *, is_own: bool, is_official: bool) -> Hit:
    name = "application" if is_own else "case-detail" if is_official else "review-detail"
    note = f"{row.number} · {row.organisation.name}" if is_own or is_official else row.number
    return Hit(_address(name, row.number), row.call.title, note, "application", row.status)


def organisations(user: Any, text: str) -> list[Hit]:
    """Return visible enterprises by exact credit code, or by a part of the name."""
    rows = Organisation.objects.visible_to(user).select_related("district")
    by_code = uscc.is_valid(text)
    rows = rows.filter(uscc=uscc.validate(text)) if by_code else rows.filter(name__icontains=text)
    return [_organisation(row) for row in rows[:MOST]]


def _organisation(row: Organisation) -> Hit:
    state = "verified" if row.is_verified else "unverified"
    return Hit(
        _address("organisation-detail", row.number), row.name, f"{row.uscc} · {row.district}", "verification", state
    )


def calls(user: Any, text: str) -> list[Hit]:
    """Return published calls whose title holds the text."""
    rows = Call.objects.published()
    rows = rows.filter(title_zh__icontains=text) | rows.filter(title_en__icontains=text)
    return [Hit(reverse("call", args=[row.number]), row.title, str(kinds.title_of(row.kind))) for row in rows[:MOST]]


def recognitions(user: Any, text: str) -> list[Hit]:
    """Return recognitions by certificate number or by the enterprise's name; both are public."""
    rows = Recognition.objects.visible_to(user).select_related("organisation")
    upper = text.upper()
    if NUMBER.match(upper):
        rows = rows.filter(number__startswith=upper)
    else:
        rows = rows.filter(organisation__name__icontains=text)
    return [_recognition(row) for row in rows[:MOST]]


def _recognition(row: Recognition) -> Hit:
    note = f"{kinds.title_of(row.kind)} · {row.number}"
    return Hit(reverse("recognition", args=[row.number]), row.organisation.name, note, "recognition", row.status)


def _address(name: str, number: str) -> str:
    try:
        return reverse(name, args=[number])
    except NoReverseMatch:
        return ""
