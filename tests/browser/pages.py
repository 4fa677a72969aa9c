"""Which pages there are: found by following every link as each role, and held against the URL resolver."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from portal.models import Application

EACH = 2  # pages of one kind and state that one role opens; more would only be the same again
# Lists whose filters and charts link to every choice: with a filter or without, not each choice.
FILTERED = {
    "rights",
    "rights-overview",
    "rights-forecast",
    "date-list",
    "date-calendar",
    "import-detail",
    "rights-bulk",
}
ORDINARY = {"page", "after", "before", "q", "sort", "next", "since", "district", "subject"}


class Reading(HTMLParser):
    """What a page says about itself: language, title, headings, links, ids."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lang, self.title, self.h1 = "", "", 0
        self.links: list[str] = []
        self.forms = 0  # that are sent by POST and have something to fill in
        self._in_form = False
        self.ids: Counter[str] = Counter()
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag in ("a", "area") and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "tr" and found.get("data-href"):
            self.links.append(str(found["data-href"]))
        self.h1 += tag == "h1"
        if tag == "form":
            self._in_form = found.get("method") == "post"
        elif self._in_form and tag in ("input", "textarea", "select") and found.get("type") != "hidden":
            self.forms, self._in_form = self.forms + 1, False
        self._in_title = tag == "title" and not self.title
        if found.get("id"):
            self.ids[str(found["id"])] += 1

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


@dataclass(frozen=True)
class Kind:
    """What makes two pages the same sort of page: route, state of the case, and the parts one can switch."""

    route: str
    state: str
    parts: tuple[str, ...]


@dataclass
class Found:
    """What one role found."""

    pages: dict[str, Kind] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)  # routes, downloads and redirects included
    titles: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    links: int = 0
    forms: dict[Kind, str] = field(default_factory=dict)  # one address per kind of page with a form

    @property
    def one_of_each(self) -> dict[Kind, str]:
        """Return one address per kind of page."""
        chosen: dict[Kind, str] = {}
        for path, kind in self.pages.items():
            chosen.setdefault(kind, path)
        return chosen


def kind_of(address: str, states: dict[str, str]) -> Kind | None:
    """Return the kind of an address, or None where no route answers."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    query = sorted((key, value) for key, value in parse_qsl(parts.query))
    shown = tuple(key if key in ORDINARY else f"{key}={value}" for key, value in query)
    if match.view_name in FILTERED:
        shown = ("filtered",) if query else ()
    state = states.get(str(match.kwargs.get("number", "")), "")
    return Kind(
        match.view_name, state, (*shown, str(match.kwargs.get("key", "")) if "section" in match.view_name else "")
    )


def crawl(
    user: Any, starts: list[str], *, language: str = "zh-hans", only: Callable[[Kind], bool] = lambda kind: True
) -> Found:
    """Follow every link from `starts` as `user` (None: nobody) and note what is wrong; `only` limits the kinds."""
    client = Client(headers={"accept-language": language}, SERVER_NAME="localhost")
    if user is not None:
        client.force_login(user)
    states = {row.number: f"{row.status} {row.stage}" for row in Application.objects.only("number", "status", "stage")}
    found, opened = Found(), Counter[Kind]()
    waiting, seen = deque((start, "") for start in starts), set(starts)
    while waiting:
        address, source = waiting.popleft()
        kind = kind_of(address, states)
        if kind is None:
            found.faults.append(f"{address} (linked from {source}) is no address of the portal")
            continue
        if not only(kind):
            continue
        opened[kind] += 1
        if opened[kind] > EACH:
            continue
        for link in _open(client, address, source, kind, found, language):
            if link not in seen:
                seen.add(link)
                waiting.append((link, address))
    return found


def _open(client: Client, address: str, source: str, kind: Kind, found: Found, language: str) -> list[str]:
    """Open one page, note its faults and return its links."""
    response = client.get(address)
    found.links += 1
    where = f"{address} (linked from {source or 'the start'})"
    if response.status_code >= 400:
        found.faults.append(f"{response.status_code} at {where}")
        return []
    found.reached.add(kind.route)
    if response.status_code in (301, 302):
        target = urljoin(address, response["Location"])
        return [_plain(target)] if _is_ours(target) else []
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        getattr(response, "close", lambda: None)()
        return []
    page = Reading(response.content.decode())
    title = " ".join(page.title.split())
    if page.lang.lower().split("-")[0] != language[:2]:
        found.faults.append(f"lang={page.lang} at {where}")
    if not title:
        found.faults.append(f"no title at {where}")
    if page.h1 != 1:
        found.faults.append(f"{page.h1} h1 at {where}")
    found.faults += [f"id {name} twice at {where}" for name, count in page.ids.items() if count > 1]
    # Drawn by others: Django's admin for emergencies, and Swagger UI, whose frame test_api_docs.py looks at.
    if not kind.route.startswith("admin:") and kind.route != "api:docs":
        found.pages[address], found.titles[address] = kind, title
        if page.forms:
            found.forms.setdefault(kind, address)
    return [_plain(urljoin(address, link)) for link in page.links if _is_ours(link)]


def _is_ours(link: str) -> bool:
    parts = urlsplit(link)
    return parts.scheme in ("", "http") and parts.netloc in ("", "localhost", "testserver") and not link.startswith("#")


def _plain(link: str) -> str:
    """Return the address without host and fragment."""
    parts = urlsplit(urldefrag(link).url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
