"""Filters of the officials' queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.filters.chips import Chips
from portal.models import Application, Stage, Status
from portal.models.procedures import ApplicationQuerySet
from portal.tiles import DISTRICTS

SHOWN = [choice for choice in Status.choices if choice[0] != Status.DRAFT]


class CaseFilter(Chips, filters.FilterSet):
    """Kind, call, stage, status, district (city), officer, and the beginning of a number or name."""

    q = filters.CharFilter(label=_("办件编号或企业名称（开头）"), method="by_text", max_length=80)
    kind = filters.ChoiceFilter(label=_("事项"), choices=[], empty_label=_("全部"))
    call = filters.ChoiceFilter(label=_("批次"), field_name="call__number", choices=[], empty_label=_("全部"))
    stage = filters.ChoiceFilter(label=_("阶段"), choices=Stage.choices, empty_label=_("全部"))
    status = filters.ChoiceFilter(label=_("状态"), choices=SHOWN, empty_label=_("全部"))
    district = filters.ChoiceFilter(label=_("区"), field_name="office_district", choices=[], empty_label=_("全市"))
    officer = filters.ChoiceFilter(label=_("经办人"), choices=[], empty_label=_("全部"))

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(
        self, *args: Any, calls: Sequence[Any] = (), officers: Sequence[Any] = (), is_city: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(kind.code, kind.title) for kind in kinds.everything()]
        self.filters["call"].extra["choices"] = list(calls)
        self.filters["officer"].extra["choices"] = list(officers)
        self.filters["district"].extra["choices"] = [(place.code, place.short) for place in DISTRICTS]
        if not is_city:
            del self.filters["district"]
        if not officers:
            del self.filters["officer"]

    def by_text(self, queryset: ApplicationQuerySet, _name: str, value: str) -> ApplicationQuerySet:
        text = value.strip()
        return queryset.filter(Q(number__startswith=text.upper()) | Q(organisation__name__startswith=text))
