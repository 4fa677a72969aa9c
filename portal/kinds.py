"""The only plug between the portal and the workstreams: procedure kinds and the providers they register.

A kind may add `eligibility`, `prefill`, `guard` and `on_approved`; nothing else of the workflow is its business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
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
    """One kind of application. `prefix` begins its case numbers; `clause` is the guideline's."""

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


_registry = _Registry()


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


def get(code: str) -> Kind:
    """Return a kind by code; raises KeyError."""
    return _registry.kinds[code]


def everything() -> list[Kind]:
    """Return all kinds in the order of registration."""
    return list(_registry.kinds.values())


def title_of(code: str) -> object:
    """Return the title of a kind, or its code where its workstream is not installed any more."""
    kind = _registry.kinds.get(code)
    return kind.title if kind else code
