"""What an alert became at an enterprise: its own note, its question to the district; and knowledge for everybody."""

from __future__ import annotations

from typing import Any

from portal.clock import now
from services.protection import calling, loading
from services.protection.models import AlertVersion, CountryFact, DeliveryState
from tests.protection.own.making import deliver, make_version


def add_deliveries(world: Any, party: Any) -> None:
    """Give an enterprise an alert to work on, one that nobody read, and one with a question to its district."""

    def mark(sort: str) -> str:
        return str(world.canaries.make(party.key, sort))

    moment = now()
    for name, values in {
        "ours": {"note": mark("alert_note")},
        "over": {"note": mark("alert_note"), "state": DeliveryState.DONE},
        "unread": {"rung": calling.ON_THE_LIST, "note": mark("alert_note")},
        "asking": {"help_asked_at": moment, "help_text": mark("alert_help"), "note": mark("alert_note")},
    }.items():
        row = deliver(party.organisation, _version(world, name), **values)
        party.addresses[f"delivery:{name}"] = {"number": row.number}
        world.canaries.literal(row.number, party.key, "alert_help" if name in {"unread", "asking"} else "alert_note")


def _version(world: Any, name: str) -> AlertVersion:
    """Return the alert of a name; all enterprises have the same ones, so that a newcomer changes no public page."""
    found = AlertVersion.objects.filter(title=name).first()
    return found or make_version(author=world.people["publisher"], title=name)


def add_knowledge(world: Any) -> None:
    """Load what ships, and name one of each."""
    loading.load()
    world.shared["law"] = {"number": "cn-trademark-2026"}
    world.shared["legal-case"] = {"number": "SL-ITC-1"}
    world.shared["country"] = {"code": "US"}
    fact = CountryFact.objects.filter(country="US").order_by("pk").first()
    world.shared["country-fact"] = {"code": "US", "fact": fact.pk if fact else 0}
