"""Money of rights through the interface: entries and their reversal, the forecast, scenarios."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from patents import money, outlook, scenarios
from patents.api import money_fields as fields
from patents.api.rights import OfRight, own_organisation, own_rights
from patents.models import MoneyEntry, Product, Scenario
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers.common import Nothing
from portal.models import StoredFile

ENTRY = ("right", "document", "product", "reverses")


class RightMoney(OfRight):
    """The ledger of one right, under its address."""

    page_order = ("-on", "-id")

    @described(_("列出收支"), responses=fields.EntryOut(many=True))
    def list(self, request: Request, right: str) -> Response:
        """Entries of the right, the newest first."""
        found = self.right()
        rows = MoneyEntry.objects.visible_to(self.me).filter(right=found).select_related(*ENTRY)
        return self.page(rows, fields.EntryOut)

    @described(_("登记收支"), request=fields.EntryIn, responses={201: fields.EntryOut})
    def create(self, request: Request, right: str) -> Response:
        """Enter one amount at one stage."""
        found = self.kept()
        given: dict[str, Any] = self.given(fields.EntryIn)
        own = {"organisation": found.organisation_id}
        papers = {"document": StoredFile.objects.visible_to(self.me), "product": Product.objects.all()}
        for name, rows in papers.items():
            given[name] = given[name] and get_object_or_404(rows.filter(**own), number=given[name])
        made = money.record(found, **given, by=self.me)
        return Response(self.shown(made, fields.EntryOut), status=201)


class Entries(SignedIn):
    """Entries of the ledgers one may see."""

    page_order = ("-on", "-id")

    def get_queryset(self) -> QuerySet[MoneyEntry]:
        return MoneyEntry.objects.visible_to(self.me).select_related(*ENTRY, "right__organisation")

    @described(_("查看一笔收支"), responses=fields.EntryOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One entry."""
        return Response(self.shown(self.get_object(), fields.EntryOut))

    @described(_("冲正"), request=fields.ReversalIn, responses={201: fields.EntryOut})
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, number: str) -> Response:
        """Take an entry back by a counter-entry; both stay."""
        made = money.reverse(self.get_object(), **self.given(fields.ReversalIn), by=self.me)
        return Response(self.shown(made, fields.EntryOut), status=201)


class Forecast(SignedIn):
    """What keeping the rights of an enterprise costs, year by year."""

    pagination_class = None

    @described(
        _("费用预测"),
        parameters=[fields.ForecastAsked],
        responses=forced_singular_serializer(fields.ForecastOut),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Totals to the end of every term, and what a scenario saves."""
        asked = self.asked(fields.ForecastAsked)
        organisation = own_organisation(self.me, asked["organisation"])
        drops: dict[str, int] = {}
        if "scenario" in asked:
            rows = Scenario.objects.visible_to(self.me).filter(organisation=organisation)
            drops = get_object_or_404(rows, number=asked["scenario"]).drops
        found = outlook.in_sum(organisation, self.me, numbers=drops)
        return Response(self.shown(said(found, drops), fields.ForecastOut))


def said(found: Any, drops: dict[str, int]) -> dict[str, Any]:
    """Return a forecast in the shape of its answer."""
    years, kept = found.by_year(), found.by_year(drops)
    return {
        "total": found.total(),
        "kept": found.total(drops),
        "saving": found.saving(drops),
        "reductions": found.reductions(),
        "years": [{"year": year, "amount": years[year], "kept": kept.get(year, 0)} for year in sorted(years)],
        "unknown": {str(gap): count for gap, count in found.gap_counts.items()},
    }


class Scenarios(SignedIn):
    """Keep-or-drop scenarios of one's own enterprises. Nothing lapses by them."""

    page_order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Scenario]:
        return Scenario.objects.visible_to(self.me).select_related("organisation")

    @described(_("列出方案"), parameters=[fields.OptionalOrganisationAsked], responses=fields.ScenarioOut(many=True))
    def list(self, request: Request) -> Response:
        """Scenarios, the newest first."""
        rows, asked = self.get_queryset(), self.asked(fields.OptionalOrganisationAsked)
        if "organisation" in asked:
            rows = rows.filter(organisation=own_organisation(self.me, asked["organisation"]))
        return self.page(rows, fields.ScenarioOut)

    @described(_("新建方案"), request=fields.ScenarioIn, responses={201: fields.ScenarioOut})
    def create(self, request: Request) -> Response:
        """Begin an empty scenario."""
        given = self.given(fields.ScenarioIn)
        made = scenarios.create(own_organisation(self.me, given["organisation"]), name=given["name"], by=self.me)
        return Response(self.shown(made, fields.ScenarioOut), status=201)

    @described(_("修改方案"), request=fields.DropsIn, responses=fields.ScenarioOut)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, number: str) -> Response:
        """Give rights up from a year on, or keep them again."""
        scenario, given = self.get_object(), self.given(fields.DropsIn)
        chosen = own_rights(self.me).filter(organisation=scenario.organisation_id, number__in=given["rights"])
        changed = scenarios.change(scenario, rights=chosen, year=given["year"], by=self.me)
        return Response(self.shown(changed, fields.ScenarioOut))

    @described(_("删除方案"), request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, number: str) -> Response:
        """Delete a scenario."""
        scenarios.delete(self.get_object(), by=self.me)
        return Response(status=204)
