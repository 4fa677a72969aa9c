"""Disputes abroad: the person named and nobody else; what asked for help also the city's desk, and who helps."""

import datetime as dt

from portal.clock import today
from services.protection.models import OverseasDispute

from ..rules import CITY_DESK, DONE, FILLERS, INSIDERS, OWNER, SIGNED_IN, STRONG, Row, Rule, form, read, write

# The world asks only whom the dispute names: everybody else gets 404 before any role counts (`of` ends in ":named").
FACTS = {
    "title": "x", "country": "US", "forum": "itc", "side": "accused", "right_kind": "invention",
    "served_on": "2026-11-02",
}  # fmt: skip
DAY = {"on": (today() + dt.timedelta(days=10)).isoformat(), "reason": "x"}
ADVISER = frozenset({"adviser"})
DESK = CITY_DESK | frozenset({"expert"})


def act(body=None, of="dispute:named", **more):
    return form(INSIDERS, FILLERS, of=of, body=body or {}, done=DONE | {409}, **more)


def verb(of="dispute:named"):
    return write(INSIDERS, FILLERS, of=of, ok=DONE | {409})


def desk(of, may, body=None, sees=CITY_DESK, needs=STRONG):
    """A verb of the desk with its form; 404 for whoever never helps. Who may match reads the pool of experts."""
    parts = {"needs": needs, "door": DESK, "shut": 404}
    write = Rule(sees, may, ok=DONE | {403, 409}, **parts)
    return Row(read=Rule(sees, may, **parts), write=write, of=of, body=body or {}, shows=frozenset({"expert_file"}))


def plain(of, sees=CITY_DESK):
    return Row(write=Rule(sees, needs=STRONG, door=DESK, shut=404, ok=DONE | {403, 409}), of=of)


def changed(world, party):
    number = party.addresses["dispute:named"]["number"]
    return {**FACTS, "version": OverseasDispute.objects.get(number=number).version}


def readers(world, party):
    pk = str(party.people["manager"].pk)
    return {"readers": [pk], "responsible": pk}


def expert(world, party):
    return {"expert": world.people["expert_x"].number}


def ended(world, party):
    return {"status": "won", "on": today().isoformat(), "note": "x"}


ROWS: dict[str, Row] = {
    "dispute-list": read(INSIDERS, door=INSIDERS),
    "dispute-new": form(INSIDERS, FILLERS, door=INSIDERS, body=FACTS, done=DONE | {409}),
    "disputes-unseen": Row(
        read=Rule(INSIDERS, OWNER, door=INSIDERS),
        write=Rule(INSIDERS, OWNER, door=INSIDERS, ok=DONE | {422}),
        is_vacuous="every dispute of the world is seen by somebody",
    ),
    "dispute": read(INSIDERS, of="dispute:named"),
    "dispute-change": act(changed),
    "dispute-event": act({"kind": "talks", "on": "2026-11-03", "text": "x"}),
    "dispute-event-remove": verb("dispute-event:named"),
    "dispute-state-date": act({"what": "x", **DAY}),
    "dispute-date-confirm": act(DAY, of="dispute-date:named"),
    "dispute-date-meet": act(lambda world, party: {"on": today().isoformat()}, of="dispute-date:named"),
    "dispute-date-aside": act({"reason": "x"}, of="dispute-date:named"),
    "dispute-evidence": act({"is_there": "on", "note": "x"}, of="dispute-item:named"),
    "dispute-readers": act(readers),
    "dispute-help": act({"text": "x"}),
    "dispute-help-withdraw": verb("dispute:asking"),
    "dispute-end": act(ended),
    "dispute-reopen": verb("dispute:ended"),
    "dispute-aid-list": read(DESK, door=DESK, shut=404),
    "dispute-aid": Row(read=Rule(CITY_DESK, door=DESK, shut=404), of="aid:asking"),
    "dispute-aid-take": desk("aid:asking", CITY_DESK, {"has_no_interest": "on"}),
    "dispute-aid-release": plain("aid:taken"),
    "dispute-aid-match": desk("aid:taken", CITY_DESK, expert),
    "dispute-aid-answer": desk("aid:taken", CITY_DESK, {"text": "x"}),
    "dispute-aid-close": plain("aid:taken"),
    "dispute-aid-declare": desk("aid:matched", None, {"has_interest": "no"}, CITY_DESK | ADVISER, frozenset()),
    "dispute-aid-opinion": desk("aid:advised", None, {"text": "x"}, CITY_DESK | ADVISER, frozenset()),
    "api:dispute-list": Row(
        read=Rule(SIGNED_IN),
        write=Rule(SIGNED_IN, ok=DONE | {403, 404}),
        body=lambda world, party: {"organisation": world.parties["A"].organisation.number, **FACTS},
    ),
    "api:dispute-detail": read(INSIDERS, of="dispute:named"),
    "api:dispute-events": write(INSIDERS, FILLERS, of="dispute:named", body={"kind": "talks", "on": "2026-11-03"}),
    "api:dispute-evidence": write(INSIDERS, FILLERS, of="dispute:named", body={"code": "counsel", "is_there": True}),
    "api:dispute-ask-help": write(INSIDERS, FILLERS, of="dispute:named", body={"text": "x"}),
    "api:dispute-withdraw-help": write(INSIDERS, FILLERS, of="dispute:asking"),
}
