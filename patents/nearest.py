"""The nearest open date of each right and what it costs, for lists: one look-up per row that is shown."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject

from portal.models import Deadline


class Nearest(NamedTuple):
    """A date as lists show it: the last legal day, and the amount where one is known."""

    on: dt.date
    amount: Decimal | None


class _NearestField(JSONField):
    """Both values of the one row that is looked up."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        if found is None:
            return None
        amount = found["amount"]
        return Nearest(dt.date.fromisoformat(found["on"]), None if amount is None else Decimal(amount))


def with_nearest(rights: QuerySet[Any]) -> QuerySet[Any]:
    """Add `nearest` to rights: a Nearest, or None where nothing is open."""
    dates = Deadline.objects.open().filter(subject_type="right", subject_number=OuterRef("number"))
    both = JSONObject(on="legal_on", amount=Cast("amount", CharField()))
    first = dates.order_by("target_on", "pk").values(both=both)[:1]
    return rights.annotate(nearest=Subquery(first, output_field=_NearestField()))
