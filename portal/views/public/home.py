"""The public home: what works now, current calls, publicity, who was recognised."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.views.generic import TemplateView

from portal import tiles
from portal.clock import today
from portal.kinds import public_parts, title_of
from portal.models import Call, Recognition
from portal.procedures import publicity_rows

SHOWN = 4


class Home(TemplateView):
    """The first page of the portal."""

    clause = ["17", "18", "19"]
    template_name = "portal/public/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Who is recognised is public by name, so these figures hide nothing, however small they are.
        rows = Recognition.objects.valid().order_by().values_list("organisation__district").annotate(Count("pk"))
        counts = {tile.code: 0 for tile in tiles.DISTRICTS} | dict(rows)
        recent = Recognition.objects.valid().select_related("organisation")[:SHOWN]
        return super().get_context_data(
            calls=Call.objects.open().order_by("closes_at", "id")[:SHOWN],
            notices=publicity_rows().order_by("publicity_until", "id")[:SHOWN],
            recognitions=[{"row": row, "kind": title_of(row.kind)} for row in recent],
            panels=[part() for part in public_parts()],
            counts=counts,
            today=today(),
            total=sum(counts.values()),
            districts=[(tile, counts[tile.code]) for tile in tiles.DISTRICTS],
            urls={tile.code: f"{reverse('recognition-list')}?district={tile.code}" for tile in tiles.DISTRICTS},
            **kwargs,
        )
