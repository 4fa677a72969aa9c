"""Who asks: people by session, programs by token, nobody; and what each is towards a thing (the tags)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.core.signals import got_request_exception
from django.test import Client

from .world import DISTRICTS, World

MINHANG, XUHUI = "minhang", "xuhui"


THOROUGH = {"anonymous", "viewer", "owner_of_b", "officer_undeclared", "expert_uninvited", "token_read"}


@dataclass(frozen=True)
class Actor:
    """One asker. `person` is their name in the world; `party` and `role` their enterprise; `posts` their offices."""

    name: str
    person: str = ""
    party: str = ""
    role: str = ""
    posts: tuple[tuple[str, str, str], ...] = ()
    is_expert: bool = False
    is_strong: bool = True
    is_live: bool = True
    scopes: tuple[str, ...] | None = None

    @property
    def is_thorough(self) -> bool:
        """Whether the methods that a route lacks, HEAD and OPTIONS are asked, too: of one actor per kind."""
        return self.name in THOROUGH

    @property
    def is_token(self) -> bool:
        return self.scopes is not None


def _member(name: str, party: str, role: str) -> Actor:
    return Actor(name, name, party, role)


def _posted(name: str, level: str, district: str, role: str, **more: Any) -> Actor:
    return Actor(name, name, posts=((level, district, role),), **more)


def _expert(name: str) -> Actor:
    return Actor(name, name, is_expert=True)


ACTORS = [
    Actor("anonymous", is_live=False),
    _member("owner", "A", "owner"),
    _member("manager", "A", "manager"),
    _member("member", "A", "member"),
    _member("viewer", "A", "viewer"),
    Actor("ex_member", "ex_member"),
    Actor("disabled", "disabled", is_live=False),
    Actor("owner_of_b", "B_owner", "B", "owner"),
    _posted("officer_1", "district", MINHANG, "officer"),
    _posted("officer_undeclared", "district", MINHANG, "officer"),
    _posted("officer_conflict", "district", MINHANG, "officer"),
    _posted("officer_weak", "district", MINHANG, "officer", is_strong=False),
    _posted("supervisor_1", "district", MINHANG, "supervisor"),
    _posted("district_auditor", "district", MINHANG, "auditor"),
    _posted("officer_2", "district", XUHUI, "officer"),
    _posted("city_officer", "city", "", "officer"),
    _posted("city_undeclared", "city", "", "officer"),
    _posted("city_supervisor", "city", "", "supervisor"),
    _posted("publisher", "city", "", "publisher"),
    _posted("administrator", "city", "", "administrator"),
    _posted("auditor", "city", "", "auditor"),
    _expert("expert_declared"),
    _expert("expert_undeclared"),
    _expert("expert_uninvited"),
    Actor("token_read", "owner", "A", "owner", scopes=("read",)),
    Actor("token_write", "owner", "A", "owner", scopes=("read", "write")),
    Actor("token_expired", "owner", "A", "owner", is_live=False, scopes=("read", "write")),
]


class Quick(Client):
    """A test client that keeps no templates and contexts: half the time of a request is theirs."""

    error: BaseException | None = None

    def request(self, **request: Any) -> Any:
        self.error = None
        got_request_exception.connect(self.keep_error)
        try:
            response = self.handler(self._base_environ(**request))
        finally:
            got_request_exception.disconnect(self.keep_error)
        response.client = self
        return response

    def keep_error(self, **_known: Any) -> None:
        self.error = sys.exc_info()[1]


class Desk:
    """An actor at work: the client with the session made once, and the tags towards everything."""

    def __init__(self, world: World, actor: Actor) -> None:
        self.world, self.actor = world, actor
        self.user = world.people.get(actor.person)
        self.client = Quick()
        self.headers: dict[str, str] = {}
        if actor.is_token:
            self.headers = {"Authorization": f"Bearer {world.raw_tokens[actor.name]}"}
        elif self.user:
            self.client.force_login(self.user)
        self.cookies = SimpleCookie(self.client.cookies.output(header="").strip())
        self.gates, self.seats = world.gates(), world.seats()

    def tags(self, party: str = "", state: str = "") -> frozenset[str]:
        """Return what the actor is towards a party and one of its cases; towards the portal as a whole without one."""
        actor = self.actor
        if not actor.is_live:
            return frozenset()
        found = {"signed_in"} | ({"strong"} if actor.is_strong else set())
        if actor.role and party in ("", actor.party):
            found.add(actor.role)
        for level, district, role in actor.posts:
            if level == "city" or not party or DISTRICTS[party] == district:
                found.add(f"{level}_{role}")
        if not party and actor.is_expert:
            found.add("expert")
        return frozenset(found | self._seat(party, state))

    def _seat(self, party: str, state: str) -> set[str]:
        if not party or not state or self.user is None:
            return set()
        place = (self.user.pk, self.world.parties[party].cases[state].pk)
        # One's own content is behind no gate.
        found = {"gate"} if self.gates.get(place) or (self.actor.role and self.actor.party == party) else set()
        return found | ({"expert"} if place in self.seats else set())

    def is_seated_at(self, party: str) -> bool:
        """Whether the actor is an expert for any case of a party."""
        cases = self.world.parties[party].cases.values()
        return self.user is not None and any((self.user.pk, case.pk) in self.seats for case in cases)

    def ask(self, method: str, url: str, **more: Any) -> Any:
        """Return the response; the session's cookies are those of the beginning, whatever the last answer set."""
        self.client.cookies = SimpleCookie(self.cookies)
        return self.client.generic(method, url, headers=self.headers, **more)
