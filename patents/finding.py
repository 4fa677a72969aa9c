"""Rights in the search box of the top bar: what the person may see, best by newest, never a count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from patents.models import Right
from patents.search import search
from portal import kinds
from portal.models import standing_of

MOST = 10


@dataclass(frozen=True)
class Hit:
    """One right found, as templates/portal/public/_search.html shows it."""

    url: str
    title: str
    note: str
    kind: str
    status: str


def hits(user: Any, text: str) -> list[Hit]:
    """Return the newest rights found by a text."""
    standing = standing_of(user)
    are_few = not (standing.is_city or standing.districts)
    rows = search(Right.objects.visible_to(user), text, are_few=are_few).prefetch_related("organisation")
    return [_hit(right) for right in rows.order_by(F("filed_on").desc(nulls_last=True), "-pk")[:MOST]]


def _hit(right: Right) -> Hit:
    number = right.application_number or right.registration_number or right.publication_number
    note = " · ".join(part for part in (number, right.organisation.name) if part)
    return Hit(reverse("right", args=[right.number]), right.title, note, "right", right.status)


def register() -> None:
    """Plug in; called once when the app is ready."""
    kinds.register_search("rights", _("知识产权"), hits)
