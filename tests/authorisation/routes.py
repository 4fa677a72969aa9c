"""What routes there are, as the URL resolver has them: never a list kept by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
FORMAT_SUFFIX = "format"


@dataclass(frozen=True)
class Route:
    """One address: its full name, the names in its path, the pattern, and the methods its view has."""

    name: str
    pattern: str
    parameters: frozenset[str]
    methods: frozenset[str]
    view: Any = None

    def url(self, values: dict[str, Any]) -> str:
        try:
            return reverse(self.name, kwargs=values)
        except NoReverseMatch:
            if not self.parameters:
                return "/" + self.pattern
            raise

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")


def all_routes(urlconf: str | None = None) -> list[Route]:
    """Return every route of the portal, one per name and set of parameters."""
    found: dict[tuple[str, frozenset[str]], Route] = {}
    for route in _walk(get_resolver(urlconf), "", (), frozenset()):
        if FORMAT_SUFFIX in route.parameters:
            continue
        known = found.get((route.name, route.parameters))
        # A router gives list and create one name, and each its own methods.
        found[route.name, route.parameters] = replace(route, methods=route.methods | known.methods) if known else route
    return list(found.values())


def _walk(resolver: Any, prefix: str, spaces: tuple[str, ...], names: frozenset[str]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        taken = names | frozenset(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, pattern, inner, taken)
        elif isinstance(entry, URLPattern):
            name = ":".join((*spaces, entry.name or f"<{pattern}>"))
            yield Route(name, pattern, taken, methods_of(entry.callback), entry.callback)


def methods_of(view: Callable[..., Any]) -> frozenset[str]:
    """Return the methods a view answers itself; all of them for a plain function."""
    actions = getattr(view, "actions", None)
    if actions:
        named = {name.upper() for name in actions} | {"OPTIONS"}
        return frozenset(named | ({"HEAD"} if "GET" in named else set()))
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if view_class is None:
        return frozenset(METHODS)
    named = {name for name in view_class.http_method_names if hasattr(view_class, name)}
    if "get" in named and "head" in view_class.http_method_names:
        named.add("head")
    if not named - {"options"}:  # a view that hands on to others
        return frozenset({"GET", "HEAD", "OPTIONS"})
    return frozenset(name.upper() for name in named) & frozenset(METHODS)
