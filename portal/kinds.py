"""The only plug between the portal and the workstreams: procedure kinds and the providers they register.

A kind may add `eligibility`, `prefill`, `guard` and `on_approved`; nothing else of the workflow is its business.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from portal.models import Application, Organisation


@dataclass(frozen=True)
class Finding:
    """One eligibility rule's verdict: met, not met or not known, with its evidence and the way out."""

    code: str
    is_met: bool | None
    label: object
    evidence: object
    way_out: object = ""
    source: str = ""
    blocks: bool = True


@dataclass(frozen=True)
class Prefilled:
    """A value the portal already knows, and the words that say where from."""

    value: Any
    source: str


def _nothing_found(_organisation: Organisation) -> list[Finding]:
    return []


def _nothing_known(_organisation: Organisation) -> dict[str, Prefilled]:
    return {}


def _no_guard(_application: Application) -> None:
    return None


def _no_effect(_application: Application, _by: Any) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """One kind of application. `prefix` begins its case numbers; `clause` is the guideline's.

    `host` is the district that runs it ("" for the city), `stages` the way its cases go unless a call says otherwise,
    `is_open` whether new calls may be made.
    """

    code: str
    prefix: str
    title: object
    clause: int
    certificate_prefix: str = ""
    certificate_title: object = ""
    eligibility: Callable[[Organisation], list[Finding]] = _nothing_found
    prefill: Callable[[Organisation], dict[str, Prefilled]] = _nothing_known
    guard: Callable[[Application], None] = _no_guard
    on_approved: Callable[[Application, Any], None] = _no_effect
    host: str = ""
    stages: tuple[str, ...] = ()
    is_open: bool = True


@dataclass(frozen=True)
class Parameter:
    """One value that a rule asks for: "number", "kind", "size" or "district"; `choices` gives (value, label) pairs."""

    name: str
    label: object
    choices: Callable[[], list[tuple[str, object]]] | None = None
    low: int = 1
    high: int = 1000
    unit: object = ""


@dataclass(frozen=True)
class EligibilityRule:
    """A rule that programmes may choose: `find(organisation, values)` gives the verdict with its evidence."""

    code: str
    label: object
    find: Callable[[Organisation, dict[str, Any]], Finding]
    parameters: tuple[Parameter, ...] = ()


# What a workstream finds for the search box: (user, text) -> hits with url, title, note, kind and status.
SearchProvider = Callable[[Any, str], list[Any]]


@dataclass(frozen=True)
class HomePart:
    """What a workstream adds to an enterprise's home.

    `needs(organisation, user)` gives rows of components/needs.html with `on`, the day they are ordered by;
    `panel(organisation, user)` gives a template and its context.
    """

    label: object
    needs: Callable[[Organisation, Any], list[dict[str, Any]]]
    panel: Callable[[Organisation, Any], tuple[str, dict[str, Any]]]


# What a workstream shows everybody on the first page: () -> a template and its context.
PublicPart = Callable[[], tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Fact:
    """One thing a workstream knows of an enterprise, with its source and day, for the official who weighs an answer.

    `value` is compared with the answer to the question whose `prefill` is `answers`; None: nothing is known. `words`
    say the value. `url` leads to what stands behind it, and is given only where the reader may open it.
    """

    code: str
    label: object
    words: object
    source: object
    value: Any = None
    answers: str = ""
    as_of: dt.date | dt.datetime | None = None
    url: str = ""
    is_doubtful: bool = False


# What a workstream knows beside the answers: (organisation, the official who reads) -> facts, by one statement, without
# anything the enterprise keeps from officials.
EvidenceProvider = Callable[[Organisation, Any], list[Fact]]


@dataclass
class _Registry:
    kinds: dict[str, Kind] = field(default_factory=dict)
    searches: dict[str, tuple[object, SearchProvider]] = field(default_factory=dict)
    homes: list[HomePart] = field(default_factory=list)
    public_parts: list[PublicPart] = field(default_factory=list)
    evidence: list[EvidenceProvider] = field(default_factory=list)
    rules: dict[str, EligibilityRule] = field(default_factory=dict)
    prefills: dict[str, object] = field(default_factory=dict)
    fillers: list[Callable[[Organisation], dict[str, Prefilled]]] = field(default_factory=list)
    source: Callable[[], dict[str, Kind]] = dict


_registry = _Registry()
KEPT_SECONDS = 1.0


@dataclass
class _Reading:
    """The kinds kept as rows, as they stood at `read_at` (monotonic seconds; 0: not read yet)."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    read_at: float = 0.0


_shared = _Reading()
_own: ContextVar[_Reading | None] = ContextVar("kinds_reading", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Read the kinds made in the browser at most once inside the block: for a request or a report."""
    token = _own.set(_Reading())
    try:
        yield
    finally:
        _own.reset(token)


def forget() -> None:
    """Drop what was read: after a change, so that the same request sees it."""
    for reading in (_shared, _own.get()):
        if reading is not None:
            reading.kinds, reading.read_at = {}, 0.0


def _rows(*, anew: bool = False) -> dict[str, Kind]:
    """Return the kinds made in the browser by code.

    A request reads them once and sees what every process has committed; outside of requests they are kept a second.
    """
    reading, moment = _own.get(), time.monotonic()
    if reading is None:
        reading = _shared
        anew = anew or moment - reading.read_at > KEPT_SECONDS
    if anew or not reading.read_at:
        reading.kinds, reading.read_at = _registry.source(), moment
    return reading.kinds


def register(kind: Kind) -> Kind:
    """Make a kind known. Called from a workstream's AppConfig.ready(); a second one of the same code is an error."""
    present = _registry.kinds.get(kind.code)
    if present is not None and present != kind:
        raise ValueError(f"kind {kind.code} is registered twice")
    _registry.kinds[kind.code] = kind
    return kind


def register_search(code: str, label: object, provider: SearchProvider) -> None:
    """Let the search box look into what a workstream keeps; `provider` limits itself to what the person may see."""
    _registry.searches[code] = (label, provider)


def searches() -> list[tuple[object, SearchProvider]]:
    """Return what is searched besides the portal's own, in the order of registration."""
    return list(_registry.searches.values())


def register_home(
    label: object,
    needs: Callable[[Organisation, Any], list[dict[str, Any]]],
    panel: Callable[[Organisation, Any], tuple[str, dict[str, Any]]],
) -> None:
    """Let a workstream add to an enterprise's home."""
    _registry.homes.append(HomePart(label, needs, panel))


def homes() -> list[HomePart]:
    """Return what the workstreams add to an enterprise's home."""
    return list(_registry.homes)


def register_public_part(part: PublicPart) -> None:
    """Let a workstream add to the public home."""
    _registry.public_parts.append(part)


def public_parts() -> list[PublicPart]:
    """Return what the workstreams add to the public home."""
    return list(_registry.public_parts)


def register_evidence(provider: EvidenceProvider) -> None:
    """Let a workstream lay what it knows of an enterprise beside its answers."""
    _registry.evidence.append(provider)


def evidence(organisation: Organisation, reader: Any) -> list[Fact]:
    """Return everything the workstreams know of an enterprise that this official may know."""
    return [fact for provider in _registry.evidence for fact in provider(organisation, reader)]


def register_source(source: Callable[[], dict[str, Kind]]) -> None:
    """Set where the kinds made in the browser come from: () -> kinds by code, in one query."""
    _registry.source = source


def register_rule(rule: EligibilityRule) -> None:
    """Let programmes choose a rule of eligibility."""
    _registry.rules[rule.code] = rule


def rules() -> dict[str, EligibilityRule]:
    """Return the rules that programmes may choose, by code, in the order of registration."""
    return dict(_registry.rules)


def register_prefill(labels: Mapping[str, object], filler: Callable[[Organisation], dict[str, Prefilled]]) -> None:
    """Let questionnaires name a source of prefilled answers: {name: words}, and what gives the values."""
    _registry.prefills.update(labels)
    _registry.fillers.append(filler)


def prefills() -> dict[str, object]:
    """Return the names a question may take its answer from, with their words."""
    return dict(_registry.prefills)


def prefill(organisation: Organisation) -> dict[str, Prefilled]:
    """Return everything the portal knows about an enterprise under the registered names."""
    known: dict[str, Prefilled] = {}
    for filler in _registry.fillers:
        known |= filler(organisation)
    return known


def find(code: str) -> Kind | None:
    """Return a kind by code, or None; one that another process has just made is found, too."""
    present = _registry.kinds.get(code) or _rows().get(code)
    return present or _rows(anew=True).get(code)


def get(code: str) -> Kind:
    """Return a kind by code; raises KeyError."""
    found = find(code)
    if found is None:
        raise KeyError(code)
    return found


def everything() -> list[Kind]:
    """Return all kinds: those in code in the order of registration, then those made in the browser."""
    return [*_registry.kinds.values(), *_rows().values()]


def coded() -> list[Kind]:
    """Return the kinds written in code."""
    return list(_registry.kinds.values())


def title_of(code: str) -> object:
    """Return the title of a kind, or its code where its workstream is not installed any more."""
    kind = find(code)
    return kind.title if kind else code
