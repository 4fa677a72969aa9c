"""Disputes abroad of an enterprise: one that asked for nothing, one that waits for help, one that is being helped.

Every text of them carries a canary; who may read it is said by name, because no role gives it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.clock import today
from portal.models import StoredFile
from services.protection import loading
from services.protection.disputes import aid, dates, evidence, keeping
from services.protection.models import Country, OverseasDispute
from tests.factories import documents

from .register import NAMED, named

OFFICER, ADVISER = "city_officer", "expert_declared"


def add_disputes(world: Any, party: Any) -> None:
    """Give an enterprise its disputes and their addresses."""
    loading.ensure()
    mine = _open(world, party, "named")
    _around(world, party, mine)
    asked = _open(world, party, "asking", opponent=_mark(world, party, "aid"))
    request = aid.ask(asked, text=_mark(world, party, "aid"), by=party.people[NAMED])
    party.addresses["aid:asking"] = {"number": request.number}
    party.addresses["dispute:asking"] = {"number": asked.number}
    if party.key == "C":
        return
    for name in ("taken", "matched", "advised"):
        _helped(world, party, name)
    over = _open(world, party, "ended")
    keeping.end(over, status="settled", on=today(), note=_mark(world, party, "dispute"), by=party.people[NAMED])


def add_named(world: Any, party: Any) -> None:
    """Add one more that asked for nothing."""
    _around(world, party, _open(world, party, "named"))


def _readers(world: Any, party: Any, *more: str) -> str:
    return "|".join((named(party), *more))


def _mark(world: Any, party: Any, sort: str, *more: str) -> str:
    return str(world.canaries.make(party.key, sort, person=_readers(world, party, *more)))


def _open(world: Any, party: Any, name: str, *helpers: str, **facts: Any) -> OverseasDispute:
    texts = {
        field: f"{_mark(world, party, 'dispute', *helpers)}案"
        for field in ("title", "opponent", "docket", "products", "facts")
    }
    values = {
        "country": Country.objects.get(pk="US"), "forum": "platform", "side": "accused", "right_kind": "invention",
        "served_on": today() - dt.timedelta(days=5), **texts, **facts,
    }  # fmt: skip
    dispute = keeping.open_file(party.organisation, values=values, by=party.people[NAMED])
    world.canaries.literal(dispute.number, party.key, "secret_number", person=_readers(world, party))
    party.addresses[f"dispute:{name}"] = {"number": dispute.number}
    return dispute


def _around(world: Any, party: Any, dispute: OverseasDispute) -> None:
    """Hang an event, a paper and a date on a dispute."""
    by = party.people[NAMED]
    event = keeping.add_event(dispute, kind="talks", on=today(), text=_mark(world, party, "dispute"), by=by)
    paper = SimpleUploadedFile(f"{_mark(world, party, 'dispute')}.pdf", documents.pdf(), "application/pdf")
    note = _mark(world, party, "dispute")
    row = evidence.save(dispute, code="listing", is_there=True, note=note, uploaded=paper, by=by)
    assert row.document is not None
    StoredFile.objects.filter(pk=row.document.pk).update(status="clean")
    party.addresses["file:right-dispute"] = {"number": row.document.number}
    date = dates.of_dispute(dispute).open().get()
    party.addresses["dispute-event:named"] = {"number": dispute.number, "event": event.number}
    party.addresses["dispute-date:named"] = {"number": dispute.number, "date": date.number}
    party.addresses["dispute-item:named"] = {"number": dispute.number, "code": "counsel"}


def _helped(world: Any, party: Any, name: str) -> None:
    """Let the city's officer take a request; an expert is asked, and declares, by its name."""
    helpers = {"taken": (OFFICER,), "matched": (OFFICER,), "advised": (OFFICER, ADVISER)}[name]
    known = _mark(world, party, "aid", *([] if name == "taken" else [ADVISER]))
    dispute = _open(world, party, name, *helpers, opponent=known)
    text = _mark(world, party, "aid", ADVISER)
    request = aid.ask(dispute, text=text, by=party.people[NAMED])
    officer, expert = world.people[OFFICER], world.people[ADVISER]
    aid.take(request, has_no_interest=True, by=officer)
    aid.answer(request, text=_mark(world, party, "dispute", *helpers), by=officer)
    if name != "taken":
        aid.match(request, expert=expert, by=officer)
        world.advisers.add((expert.pk, party.key, name))
    if name == "advised":
        aid.declare(request, has_interest=False, by=expert)
    party.addresses[f"aid:{name}"] = {"number": request.number}
