"""Asks every question of the matrix for one actor and says what was answered wrongly or showed too much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.db.models import Max
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from portal.clock import pretend
from portal.models import AuditEvent

from . import oracle
from .actors import Desk
from .canaries import readable
from .register import NAMED
from .routes import METHODS, READING, Route
from .rules import INSIDERS, LOGIN, OFFICIALS, Row

NOISE = re.compile(
    rb'(name="(?:csrfmiddlewaretoken|client_key)" value=")[^"]*|(nonce=")[^"]*|(X-CSRFToken"?: ?&?[a-z]*;?")[^"&]*'
)
SENTENCE = re.compile(r"(?:<p[^>]*>|<li[^>]*>|<h1[^>]*>|sentence\":)([^<}]{4,})")
ABSENT = {
    "number": "ZZZZZZZZZZ",
    "right": "ZZZZZZZZZZ",
    "token": "ZZZZZZZZZZ-" + "0" * 40,
    "slug": "nowhere",
    "code": "nothing",
}
ANYTHING = {"key": "abc-def", "uidb36": "a", "pk": 1, "provider_id": "city", "token": "abc"}
ASKED = frozenset({"GET", "POST", "PATCH"})
OPEN_API = frozenset({"api:schema", "api:docs", "api:absent"})
SECRECY = frozenset({"internal", "named"})
NO_DOOR = frozenset({405, 404, 403, LOGIN})


def asked_of(route: Route) -> frozenset[str]:
    """Return the methods that everybody is asked for, besides those of whom all are asked."""
    return ASKED | {"PUT"} if route.is_api else ASKED


@dataclass(frozen=True)
class Cell:
    """One question: this method on this address, which names something of this variant."""

    route: Route
    row: Row
    method: str
    variant: str
    party: str

    def __str__(self) -> str:
        return f"{self.method} {self.route.name} [{self.variant}]"


@dataclass
class Report:
    """What came of it. `successes` are the routes whose verb somebody carried out."""

    cells: int = 0
    faults: list[str] = field(default_factory=list)
    successes: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)

    def add(self, other: Report, actor: str) -> None:
        self.actors.add(actor)
        self.cells += other.cells
        self.faults += other.faults
        self.successes |= other.successes


class Runner:
    """One actor's share of the matrix."""

    def __init__(self, desk: Desk, rows: dict[str, Row], report: Report) -> None:
        self.desk, self.world, self.rows, self.report = desk, desk.world, rows, report
        self.answers: dict[tuple[str, str, str], tuple[int, bytes]] = {}
        self.newest = AuditEvent.objects.aggregate(Max("pk"))["pk__max"] or 0

    # --- which questions ------------------------------------------------------------------------------------------
    def cells(self, routes: list[Route]) -> Iterator[Cell]:
        """Yield the meaningful questions: every method on one's own thing, what the route answers on all the others."""
        for route in routes:
            row = self.rows.get(route.name)
            if row is None:  # one test of its own says so
                continue
            for method in METHODS if self.desk.actor.is_thorough else sorted(route.methods & asked_of(route)):
                for variant, party in self.variants(row, method if method in route.methods else ""):
                    yield Cell(route, row, method, variant, party)

    def variants(self, row: Row, method: str) -> list[tuple[str, str]]:
        home = "B" if self.desk.actor.party == "B" else "A"
        if not row.of or row.of in self.world.shared:
            return [("own", "")] + ([("absent", "")] if row.of and method in {"GET", "POST", "PATCH"} else [])
        if method in {"", "HEAD", "OPTIONS"} or (self.desk.actor.is_token and method != "GET" and method != "POST"):
            return [("own", "A")]
        found = [("absent", home), ("own", "A"), ("foreign", "B")]
        if row.of == "case:draft":
            found.append(("colleague", "A"))
        if row.of.endswith(":open"):  # of the register: what is for the enterprise, and for a named person only
            found += [("internal", "A"), ("named", "A")]
        first, second = (self.world.parties[key].addresses[row.of] for key in ("A", "B"))
        if len([name for name in first if first[name] != second[name]]) > 1:
            found.append(("crossed", "A"))
        return found

    def address(self, cell: Cell) -> dict[str, Any]:
        """Return the values of the address for one variant."""
        row = cell.row
        if not row.of:
            return {name: row.extra[name] if name in row.extra else ANYTHING[name] for name in cell.route.parameters}
        if row.of in self.world.shared:
            found = self.world.shared[row.of]
        else:
            of = "case:draft_colleague" if cell.variant == "colleague" else row.of
            if cell.variant in SECRECY:
                of = of.replace(":open", f":{cell.variant}")
            found = self.world.parties[cell.party].addresses[of]
        found = {name: value for name, value in {**found, **row.extra}.items() if name in cell.route.parameters}
        if cell.variant == "absent":
            first = next(name for name in ABSENT if name in found)
            found[first] = ABSENT[first]
        if cell.variant == "crossed":
            other = self.world.parties["B"].addresses[row.of]
            found |= {name: value for name, value in other.items() if name != "number" and name in found}
        return found

    # --- asking ---------------------------------------------------------------------------------------------------
    def run(self, routes: list[Route]) -> None:
        for cell in self.cells(routes):
            self.check(cell)

    def check(self, cell: Cell) -> None:
        """Ask one question inside a savepoint and hold the answer against the tables."""
        values = self.address(cell)
        url = cell.route.url(values)
        if cell.row.query:
            url += cell.row.query(self.world, self.world.parties[cell.party or "A"])
        # The clock stands where the world was made: a long run must not outlive the ten minutes of an undo.
        with pretend(self.world.made_at), transaction.atomic():
            response = self.desk.ask(cell.method, url, **self.body(cell))
            content = response.getvalue() if response.streaming else response.content
            outcome = self.outcome(response)
            refused = outcome in {403, 404, LOGIN}
            changed = refused and cell.method not in READING and self.has_changed()
            transaction.set_rollback(True)
        self.report.cells += 1
        expected = self.expected(cell)
        if outcome not in expected:
            words = repr(self.desk.client.error or "")
            told = SENTENCE.findall(content.decode("utf-8", "replace"))
            words = words.strip("'") or " ".join(" ".join(told[:4])[:200].split())
            self.fault(cell, f"answered {outcome}, right would be {sorted(map(str, expected))}: {words}")
        if changed:
            self.fault(cell, f"answered {outcome}, and yet something was done")
        if cell.method not in READING and isinstance(outcome, int) and outcome < 400:
            self.report.successes.add(cell.route.name)
        self.look_for_leaks(cell, url, readable(response, content))
        if outcome == 404:
            self.compare_with_absent(cell, values, response, content)

    def body(self, cell: Cell) -> dict[str, Any]:
        # pages take a PUT for a form with nothing in it
        sent = {"POST", "PATCH", "PUT"} if cell.route.is_api else {"POST", "PATCH"}
        if cell.method not in sent or cell.row.write is None:
            return {}
        wanted = cell.row.body
        data = wanted(self.world, self.world.parties[cell.party or "A"]) if callable(wanted) else wanted
        client = self.desk.client
        if cell.route.is_api and not cell.row.is_multipart:
            return {"data": client._encode_json(data, "application/json"), "content_type": "application/json"}
        return {"data": encode_multipart(BOUNDARY, data), "content_type": MULTIPART_CONTENT}

    def has_changed(self) -> bool:
        events = AuditEvent.objects.filter(pk__gt=self.newest)
        return events.exclude(action__in=["refused", "file.read"]).exists()

    @staticmethod
    def outcome(response: Any) -> Any:
        """Return the status, or "login" where one is sent to the door."""
        where = response.headers.get("Location", "")
        if response.status_code == 401 or (response.status_code == 302 and where.startswith("/accounts/login/?next=")):
            return LOGIN
        return response.status_code

    # --- judging --------------------------------------------------------------------------------------------------
    def expected(self, cell: Cell) -> frozenset[Any]:
        """Return the answers that are right for one question."""
        actor, row = self.desk.actor, cell.row
        rule = row.read if cell.method in READING else row.write
        if cell.route.is_api and actor.is_token and not actor.is_live:
            # The description of the API asks nobody who it is.
            return frozenset({LOGIN}) | (row.read.ok if row.read and cell.route.name in OPEN_API else frozenset())
        if cell.method == "OPTIONS" or rule is None or cell.method not in cell.route.methods:
            return NO_DOOR | row.elsewhere | ({200} if cell.method == "OPTIONS" else set())
        is_weak = actor.is_token and cell.method not in READING and "write" not in (actor.scopes or ())
        is_weak = is_weak and not row.is_calculator
        if cell.route.is_api and is_weak and rule.ok != frozenset({404}):  # an address that is none is none for all
            return frozenset({403})
        roles = self.desk.tags()
        tags = self.tags(cell)
        if actor.is_token and not cell.route.is_api:  # pages know no tokens
            roles = tags = frozenset()
        found = rule.outcome(tags, roles, exists=cell.variant not in {"absent", "crossed"})
        if cell.method == "PUT" and LOGIN not in found:
            found |= {422, 409, 400, 403}
        return found | {403} if cell.variant == "crossed" and LOGIN not in found else found

    def tags(self, cell: Cell) -> frozenset[str]:
        if not cell.party:
            return self.desk.tags()
        state = "draft_colleague" if cell.variant == "colleague" else cell.row.state
        found = self.desk.tags(cell.party, state)
        if cell.party == self.desk.actor.party and self.desk.actor.role == "owner":
            found |= {"self"}
        state = cell.row.of.rpartition(":")[2]
        if cell.row.of.startswith("dispute") and not (self.desk.actor.person == NAMED and cell.party == "A"):
            return found - INSIDERS - OFFICIALS - {"self"}  # known to the person named and to nobody else
        if cell.row.of.startswith("aid:"):
            user = self.desk.user.pk if self.desk.user else 0
            return found | {"adviser"} if (user, cell.party, state) in self.world.advisers else found
        if cell.variant in SECRECY:  # officials know of open rights only, colleagues of those they are named on
            found -= OFFICIALS
            if cell.variant == "named" and self.desk.actor.person != NAMED:
                found -= INSIDERS | {"self"}
        return found

    def look_for_leaks(self, cell: Cell, url: str, content: bytes) -> None:
        named = quote(url).encode() + url.encode()
        for canary in self.world.canaries.found_in(content):
            if canary.word.encode() in named or canary.sort in cell.row.shows:
                continue
            if not oracle.may_read(self.desk, canary):
                where = content.find(canary.word.encode())
                words = content[max(0, where - 60) : where + 40].decode("utf-8", "replace")
                about = f"{canary.sort} of {canary.party} {canary.case} {canary.person}".strip()
                self.fault(cell, f"LEAK: {about}: …{' '.join(words.split())}…")

    def compare_with_absent(self, cell: Cell, values: dict[str, Any], response: Any, content: bytes) -> None:
        """What one may not see reads like what there is not: same headers, same body but for the number."""
        key = (cell.route.name, cell.method, "")
        kept = sorted((n, v) for n, v in response.items() if n not in {"Content-Length", "Set-Cookie"})
        text = repr(kept).encode() + content
        for value in values.values():
            text = text.replace(quote(str(value)).encode(), b"$").replace(str(value).encode(), b"$")
        text = NOISE.sub(rb"\1\2\3", text)
        if cell.variant == "absent":
            self.answers[key] = (response.status_code, text)
        elif key in self.answers and self.answers[key] != (response.status_code, text):
            self.fault(cell, "what is not theirs reads otherwise than what there is not")

    def fault(self, cell: Cell, words: str) -> None:
        self.report.faults.append(f"{self.desk.actor.name}: {cell}: {words}")
