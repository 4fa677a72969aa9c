"""What the enterprise record knows beside an application's answers: facts that bar an application."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import AdverseRecord
from portal import kinds
from portal.kinds import Fact
from portal.models import Organisation


def facts_of(organisation: Organisation, _reader: Any) -> list[Fact]:
    """Return how many adverse records stand and how many were lifted; one statement."""
    rows = AdverseRecord.objects.filter(organisation=organisation)
    found = rows.aggregate(standing=Count("pk", filter=Q(resolved_on=None)), all=Count("pk"), newest=Max("recorded_on"))
    words = _("通报清单中没有记录")
    if found["all"]:
        words = ngettext("%(standing)s 条未解除，共 %(all)s 条", "%(standing)s 条未解除，共 %(all)s 条", found["all"])
        words = words % found
    return [
        Fact(
            "adverse_records", _("不利记录"), words, _("通报清单"),
            value=found["standing"], as_of=found["newest"], is_doubtful=found["standing"] > 0,
        )
    ]  # fmt: skip


def register() -> None:
    """Lay the adverse records beside the answers."""
    kinds.register_evidence(facts_of)
