"""Where an enterprise sells, and what it watches: its own business, with canaries in it."""

from __future__ import annotations

from typing import Any

from enterprises.models import Market
from services.protection.models import Watch


def add_markets(world: Any, party: Any) -> None:
    """Give an enterprise a market with products, and something it watches."""
    organisation, by = party.organisation, party.people["owner"]
    products = str(world.canaries.make(party.key, "market"))
    market = Market.objects.create(organisation=organisation, country="VN", products=products, updated_by=by)
    watch = Watch.objects.create(organisation=organisation, what="ipc", key="C07D", created_by=by)
    party.addresses["market"] = {"number": organisation.number, "market": market.number}
    party.addresses["watch"] = {"number": watch.number}
    for number in (market.number, watch.number):
        world.canaries.literal(number, party.key, "market")
