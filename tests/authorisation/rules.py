"""What a route promises to whom. The words are tags of `actors.Desk.tags`; the areas' tables are in rows/."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Tags = frozenset[str]
LOGIN = "login"

INSIDERS = frozenset({"owner", "manager", "member", "viewer"})
FILLERS = frozenset({"owner", "manager", "member"})
LEADERS = frozenset({"owner", "manager"})
OWNER = frozenset({"owner"})
OFFICERS = frozenset({"district_officer", "district_supervisor"})
SUPERVISOR = frozenset({"district_supervisor"})
CITY_DESK = frozenset({"city_officer", "city_supervisor"})
CITY_HEAD = frozenset({"city_supervisor"})
ADMIN = frozenset({"city_administrator"})
PUBLISHERS = frozenset({"city_administrator", "city_publisher"})
OVERSIGHT = frozenset({"city_administrator", "city_auditor"})
CITY = frozenset({"city_officer", "city_supervisor", "city_publisher", "city_administrator", "city_auditor"})
MAKERS = CITY | SUPERVISOR  # who makes, publishes or uses calls: a district for its own programmes
CASE_VIEWERS = OFFICERS | {"district_auditor"} | (CITY - {"city_publisher"})
OFFICIALS = CASE_VIEWERS | {"city_publisher", "district_publisher"}
EXPERT = frozenset({"expert"})
SIGNED_IN = frozenset({"signed_in"})
SELF = frozenset({"self"})
ANYONE = frozenset({"anyone"})

DONE = frozenset({200, 201, 202, 204, 302})
STRONG, GATE = frozenset({"strong"}), frozenset({"gate"})


@dataclass(frozen=True)
class Rule:
    """Who sees that the thing exists (others: 404), who may (others: 403), what is needed besides (else: 403).

    `door` is asked before any object: without one of these roles anywhere the answer is `shut`, whatever is named.
    """

    sees: Tags
    may: Tags | None = None
    needs: Tags = frozenset()
    door: Tags = frozenset()
    shut: int = 403
    ok: frozenset[int] = frozenset({200})

    def outcome(self, tags: Tags, roles: Tags, *, exists: bool) -> frozenset[Any]:
        """Return the answers that are right for somebody with these tags towards the thing."""
        if self.sees == ANYONE:
            return self.ok if exists else frozenset({404})
        if not roles:
            return frozenset({LOGIN})
        if self.door and not self.door & roles:
            return frozenset({self.shut})
        if not exists or not self.sees & tags:
            return frozenset({404})
        if (self.may is not None and not self.may & tags) or self.needs - tags:
            return frozenset({403})
        return self.ok


Body = dict[str, Any] | Callable[[Any, Any], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One route: its rules for reading and writing, what its address names, what is sent, what it may show besides.

    `of` is a key of `Party.addresses` or `World.shared`; `extra` are further parts of the address, `query` what comes
    after it. `shows` are sorts of canaries that the route makes known to everybody it lets in.
    """

    read: Rule | None = None
    write: Rule | None = None
    of: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    query: Callable[[Any, Any], str] | None = None
    body: Body = field(default_factory=dict)
    is_multipart: bool = False  # the API takes JSON but for files
    shows: frozenset[str] = frozenset()
    elsewhere: frozenset[int] = frozenset()  # what a method that the view lacks may be answered besides a refusal
    is_calculator: bool = False  # writes nothing, and is a POST only because what is asked is a body
    is_vacuous: str = ""  # why nobody of the actors can succeed in writing here

    @property
    def state(self) -> str:
        """Return the state of the case the address leads to, if any."""
        kind, _colon, state = self.of.partition(":")
        return {"case": state, "file": state, "objection": "publicity", "appeal": "appealed"}.get(kind, "")


def read(sees: Tags, may: Tags | None = None, **more: Any) -> Row:
    """Return the row of a page that only shows."""
    return _row("read", sees, may, more)


def write(sees: Tags, may: Tags | None = None, **more: Any) -> Row:
    """Return the row of a verb."""
    return _row("write", sees, may, more)


def form(sees: Tags, may: Tags | None = None, **more: Any) -> Row:
    """Return the row of a page with a form, the same people for both halves; `done` says what the verb answers."""
    rule = _rule(sees, may, more)
    after = Rule(**{**rule.__dict__, "ok": more.pop("done", DONE)})
    return Row(read=rule, write=after, **more)


def _rule(sees: Tags, may: Tags | None, more: dict[str, Any], ok: Iterable[int] = (200,)) -> Rule:
    parts = {name: more.pop(name) for name in ("needs", "door", "shut") if name in more}
    return Rule(sees, may, ok=frozenset(more.pop("ok", ok)), **parts)


def _row(half: str, sees: Tags, may: Tags | None, more: dict[str, Any]) -> Row:
    rule = _rule(sees, may, more, (200,) if half == "read" else DONE)
    return Row(**{half: rule}, **more)
