"""Actions on the markets of an enterprise: where it sells and buys, so that risks abroad find it (clause 8)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enterprises.models import Market
from portal import audit
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Organisation, User
from portal.permissions import Permission, check

FIELDS = ("role", "country", "products", "year", "share_percent", "amount_wan")


@transaction.atomic
def add(organisation: Organisation, *, values: dict[str, Any], by: User) -> Market:
    """Register a market. `values` by FIELDS. Raises Denied, RuleBroken where it is registered already."""
    check(by, Permission.EDIT_ORGANISATION, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _once(organisation, values)
    kept = {name: values[name] for name in FIELDS if name in values}
    market = Market.objects.create(organisation=organisation, updated_by=by, updated_at=now(), **kept)
    audit.record(organisation, "organisation.market_added", by=by, data=_named(market))
    return market


@transaction.atomic
def change(market: Market, *, values: dict[str, Any], by: User) -> Market:
    """Change a market. Raises Denied, RuleBroken where another one is the same."""
    market = _locked(market, by)
    _once(market.organisation, values, but=market)
    for name in FIELDS:
        if name in values:
            setattr(market, name, values[name])
    market.updated_at, market.updated_by = now(), by
    market.save(update_fields=[*FIELDS, "updated_at", "updated_by"])
    audit.record(market.organisation, "organisation.market_changed", by=by, data=_named(market))
    return market


@transaction.atomic
def remove(market: Market, *, by: User) -> None:
    """Remove a market: no alert finds the enterprise by it from then on. Raises Denied."""
    market = _locked(market, by)
    audit.record(market.organisation, "organisation.market_removed", by=by, data=_named(market))
    market.delete()


def _locked(market: Market, by: User) -> Market:
    row = Market.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=market.pk).first()
    if row is None:
        raise Denied(_("这个市场已经移除。"))
    check(by, Permission.EDIT_ORGANISATION, row.organisation)
    return row


def _once(organisation: Organisation, values: dict[str, Any], *, but: Market | None = None) -> None:
    same = Market.objects.filter(organisation=organisation, role=values["role"], country=values["country"])
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise RuleBroken(_("这个国家或地区已经登记过。请直接修改那一行。"), code="market_twice")


def _named(market: Market) -> dict[str, Any]:
    return {"market": market.number, "role": market.role, "country": market.country}
