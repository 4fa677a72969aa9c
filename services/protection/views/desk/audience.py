"""Whom a draft would reach, computed while it is written: by district and reason, each effect, the first few."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import formats
from portal.clock import now
from portal.models import standing_of
from portal.permissions import Permission
from portal.tiles import DISTRICTS
from services.protection import audience, desk, reasons
from services.protection.forms.alerts import CriteriaForm
from services.protection.models import AlertVersion
from services.protection.withholding import Figure

from .access import DeskOnly

MOST_SHARE = 3  # districts named as those that most of the audience is in
SHARE_FROM = 20  # enterprises from which it is worth saying


def context_of(version: AlertVersion, user: Any) -> dict[str, Any]:
    """Return what `protection/desk/_audience.html` shows. Districts see figures, the city the enterprises as well."""
    found = preview_for(version, user)
    none: Figure = None if found.total is None else 0
    rows = [(place, found.by_district.get(place.code, none)) for place in DISTRICTS]
    by_count = sorted(rows, key=lambda row: -(row[1] or 0))
    sees_names = standing_of(user).is_city
    return {
        "preview": found,
        "computed_at": now(),
        "counts": {place.code: count or None for place, count in rows},
        "district_rows": by_count,
        "share": _share(by_count, found.total),
        "bars": [
            {"label": reasons.label(code), "value": count, "total": found.total}
            for code, count in sorted(found.by_reason.items(), key=lambda pair: -(pair[1] or 0))
            if count is not None
        ],
        "effects": [(desk.LABELS.get(one.name, one.name), one.without, one.alone) for one in found.effects],
        "sample": [_sample(one) for one in found.sample],
        "sees_names": sees_names,
        "is_withheld": not sees_names and _has_gaps(found),
        "criteria": desk.criteria_words(version),
    }


def preview_for(version: AlertVersion, user: Any) -> audience.Preview:
    """Return the audience as this official may know it: outside the city no enterprise, and no figure of under five."""
    found = audience.preview(audience.Criteria.of(version))
    return found if standing_of(user).is_city else audience.withheld(found)


def _has_gaps(found: audience.Preview) -> bool:
    figures = [found.total, *found.by_district.values(), *found.by_reason.values()]
    return None in [*figures, *(count for one in found.effects for count in (one.without, one.alone))]


def _sample(one: audience.Sample) -> dict[str, Any]:
    return {
        "name": one.organisation.name,
        "district": one.organisation.district,
        "why": reasons.sentence(one.reasons, for_official=True),
        "reasons": one.reasons,
    }


def _share(rows: list[tuple[Any, Figure]], total: Figure) -> str:
    """Return which districts most of them are in, where there are enough to say so."""
    first = rows[:MOST_SHARE]
    if total is None or total < SHARE_FROM or None in [count for _place, count in rows]:
        return ""
    names = formats.listed(place.short for place, _count in first)
    share = formats.percent(sum(count or 0 for _place, count in first) / total)
    return _("%(districts)s占 %(share)s。") % {"districts": names, "share": share}


class LiveAudience(DeskOnly, TemplateView):
    """The part of the editor that HTMX asks for anew; nothing is saved."""

    template_name = "protection/desk/_audience.html"
    permissions = (Permission.PROPOSE_ALERT, Permission.DRAFT_ALERT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = CriteriaForm(self.request.GET)
        version = form.version()
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        return super().get_context_data(wrong=wrong, **context_of(version, self.request.user), is_live=True, **kwargs)
