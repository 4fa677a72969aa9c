"""Which canary may be read by whom, said once more and independently of the portal's code."""

from __future__ import annotations

from .actors import Desk
from .canaries import Canary
from .rules import (
    CASE_VIEWERS,
    CITY,
    CITY_DESK,
    CITY_HEAD,
    INSIDERS,
    MAKERS,
    OFFICERS,
    OFFICIALS,
    OVERSIGHT,
    OWNER,
    SUPERVISOR,
    Tags,
)

# Sorts that follow from the role towards the party alone.
BY_ROLE: dict[str, Tags] = {
    "name": INSIDERS | OFFICIALS,
    "code": INSIDERS | OFFICIALS,
    "address": INSIDERS | OFFICIALS,
    "profile": INSIDERS | OFFICIALS,
    "people": INSIDERS | OFFICIALS,
    "licence": INSIDERS | OFFICIALS,
    "verification": INSIDERS | OFFICIALS,
    "number": INSIDERS | CASE_VIEWERS,
    "draft": INSIDERS,
    "answers": INSIDERS,
    "talk": INSIDERS,
    "opinion": INSIDERS,
    "sheet": frozenset(),
    "internal": frozenset(),
    "conflict": frozenset(),
    "objector": frozenset(),
    "held": frozenset(),
    "own": frozenset(),
    "join": OWNER,
    "asker": OWNER,
    "join_district": OWNER | SUPERVISOR,
    "asker_district": OWNER | SUPERVISOR,
    "invitation": OWNER,
    # The register of rights: open ones, the enterprise's own, money, and what is for named persons only.
    "right": INSIDERS | OFFICIALS,
    "right_internal": INSIDERS,
    "money": INSIDERS,
    "secret": frozenset(),
    "secret_number": frozenset(),
    "internal_number": INSIDERS,
    "unpublished": CITY,
    "district_draft": MAKERS,
    "proposal": OFFICIALS,
    # Alerts at an enterprise: what it notes for itself, what it asks its district.
    "alert_note": INSIDERS,
    "market": INSIDERS,  # what it sells where, and what it watches
    "alert_help": INSIDERS | OFFICIALS,
    "desk": OFFICERS | {"district_auditor"},  # what an office writes for itself
    # Disputes abroad: for those named, and for who helps; what asked for help is known to the city's desk.
    "dispute": frozenset(),
    "aid": CITY_DESK,
    "expert_file": OVERSIGHT,
    "expert_name": OFFICIALS,
}
# Sorts that officials read once they have declared that they have no interest in this case.
BEHIND_GATE = frozenset({"answers", "talk", "opinion", "internal", "conflict", "objector", "sheet"})
FOR_EXPERTS = frozenset({"answers"})
# Experts' sheets stay hidden from everybody while one of them is still awaited.
HIDDEN_WHILE = {"sheet": "score"}
DECIDED = frozenset({"publicity", "approved"})


def may_read(desk: Desk, canary: Canary) -> bool:
    """Return whether the actor may come across this canary anywhere."""
    if canary.sort == "public":
        return True
    if not desk.actor.is_live:
        return False
    if canary.person and desk.actor.person in canary.person.split("|"):
        return True
    tags = desk.tags(canary.party, canary.case)
    return bool(BY_ROLE[canary.sort] & tags) or _as_expert(desk, canary, tags) or _by_state(canary, tags)


def _as_expert(desk: Desk, canary: Canary, tags: Tags) -> bool:
    """An expert must know whose case it is to declare, and reads the answers afterwards."""
    if canary.sort in FOR_EXPERTS:
        return {"expert", "gate"} <= tags
    if canary.sort == "number":
        return "expert" in tags
    places = {(user, party) for user, party, _request in desk.world.advisers}
    advises = desk.user is not None and (desk.user.pk, canary.party) in places
    return canary.sort in {"name", "code"} and (desk.is_seated_at(canary.party) or advises)


def _by_state(canary: Canary, tags: Tags) -> bool:
    """Officials behind the gate; and the applicant, after the decision, what experts found but never who they are."""
    if canary.sort == "sheet" and canary.case in DECIDED and INSIDERS & tags:
        return True
    if canary.sort == "held":  # a decision that is not in force: for the deciders alone
        return "gate" in tags and bool(CITY_HEAD & tags)
    if HIDDEN_WHILE.get(canary.sort) == canary.case:
        return False
    return "gate" in tags and canary.sort in BEHIND_GATE and bool(CASE_VIEWERS & tags)
