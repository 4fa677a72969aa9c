"""One row of an import in clean values, with every problem by column. Pure; the same code serves dry run and import.

Values whose key begins with "_" are deduced, not stated: they fill a new right and never change one that is there
(`_status` alone may carry a right forward, from published to granted).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from patents import identities
from patents.importing import statuses, values
from patents.importing.values import Unclear

ERROR, WARNING = "error", "warning"
PATENTS = identities.PATENTS
LONGEST = {
    **{"title": 500, "title_en": 500, "abstract": 6000, "goods": 4000, "agent": 200, "note": 4000},
    **{"priority_number": 40, "registration_number": 40, "international_number": 40},
}
OWNED = frozenset(["owners", "applicants", "uscc"])
ESSENTIAL = frozenset(["title", "application_number", "publication_number", "grant_number", "registration_number"])
LONGEST_NAME = {"owners": 200, "inventors": 120}
COUNTRIES = {"中国": "CN", "美国": "US", "日本": "JP", "韩国": "KR", "欧洲专利局": "EP", "世界知识产权组织": "WO"}
DATES = ("filed_on", "published_on", "granted_on", "priority_on", "ended_on", "status_on")
NUMBERED = ("application_number", "publication_number", "grant_number", "registration_number", "international_number")


@dataclass(slots=True)
class Row:
    """What a row says. `is_ours` is False when its owners are known and none of them is the enterprise."""

    position: int
    identity: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    is_ours: bool = True

    @property
    def is_bad(self) -> bool:
        return any(problem["level"] == ERROR for problem in self.problems)


@dataclass(frozen=True)
class Owner:
    """The enterprise that imports: its code, and its present and former names as keys."""

    uscc: str
    name_keys: frozenset[str]

    @classmethod
    def of(cls, uscc: str, names: Sequence[str]) -> Owner:
        return cls(uscc.upper(), frozenset(values.name_key(name) for name in names if name))

    def is_among(self, people: tuple[str, ...]) -> bool:
        """Tell whether one of these names is the enterprise's."""
        return any(values.name_key(person) in self.name_keys for person in people)


class Reader:
    """Turns cells into a Row by a mapping {position: field}; `kind` is for lists without a column of types."""

    def __init__(
        self, header: Sequence[str], columns: Mapping[int, str], *, kind: str = "", owner: Owner, today: str
    ) -> None:
        self.places = {name: position for position, name in columns.items()}
        self.furthest = max(self.places.values(), default=-1)
        self.titles = {name: str(header[position]) for name, position in self.places.items() if position < len(header)}
        self.width = len(header)
        # What no column can say is not asked for row by row.
        self.dates = [name for name in DATES if name in self.places]
        stated = self.places.keys() | ({"title_en"} if "title" in self.places else set())
        self.longest = [(name, most) for name, most in LONGEST.items() if name in stated]
        self.is_owned = bool(OWNED & self.places.keys())
        self.kind = kind
        self.owner = owner
        self.is_among = lru_cache(maxsize=65_536)(owner.is_among)
        self.today = today

    def row(self, position: int, cells: Sequence[str]) -> Row:
        """Return what the row says, with all its problems."""
        at = Reading(self, position, cells)
        for step in STEPS:
            step(at)
        return at.found


class Reading:
    """One row being read."""

    def __init__(self, reader: Reader, position: int, cells: Sequence[str]) -> None:
        self.reader = reader
        self.found = Row(position)
        self.document: tuple[str, str, str] | None = None
        count, clean = len(cells), values.text
        if count <= reader.furthest:
            cells = [*cells, *[""] * (reader.furthest + 1 - count)]
        self.texts = {name: text for name, place in reader.places.items() if (text := clean(cells[place]))}
        if count > reader.width and any(cell.strip() for cell in cells[reader.width :]):
            self.problem("cell_count", "")
        for name in [name for name, cell in self.texts.items() if values.DESTROYED in cell]:
            # Characters that a wrong decoding destroyed cannot be guessed: the cell is left out, or the row refused.
            self.problem("destroyed", name, level=ERROR if name in ESSENTIAL else WARNING)
            del self.texts[name]

    def cell(self, name: str) -> str:
        return self.texts.get(name, "")

    def problem(self, code: str, name: str, *, level: str = ERROR, wanted: str = "") -> None:
        problem = {"code": code, "level": level}
        if name:
            problem |= {"column": self.reader.titles.get(name, ""), "found": self.cell(name)[:60]}
        self.found.problems.append(problem | ({"wanted": wanted} if wanted else {}))

    def read(self, name: str, read: Callable[[str], Any], *, level: str = ERROR) -> Any:
        """Return the cell read by a function of `values`; an unclear one is a problem of its column."""
        cell = self.texts.get(name)
        if not cell:
            return None
        try:
            return read(cell)
        except Unclear as unclear:
            self.problem(unclear.code, name, level=level, wanted=unclear.wanted)
            return None

    def put(self, name: str, value: Any) -> None:
        if value:
            self.found.values[name] = value


# --- what it is ---------------------------------------------------------------------------------------------


def _numbers(at: Reading) -> None:
    row = at.found
    stated, stated_route = at.read("kind", statuses.kind, level=WARNING) or (at.reader.kind, "")
    stated = stated or at.reader.kind
    document = at.read("grant_number", values.publication) or at.read("publication_number", values.publication)
    country = _country(at, document)
    is_patent = stated in ("", *PATENTS, "foreign_patent")
    kind, route = stated, stated_route
    if is_patent:
        if country == "CN" and stated != "foreign_patent":
            kind, route = _chinese(at, document, stated, stated_route)
        else:
            kind, route = "foreign_patent", route or ("pct" if country == "WO" else "")
            at.put("application_number", identities.compact(at.cell("application_number"))[:40])
    else:
        own = at.cell("application_number") or (at.cell("registration_number") if kind == "trademark" else "")
        at.put("application_number", identities.compact(own)[:40])  # a Chinese mark keeps its number for life
    if document:
        at.put("publication_number", document[0][:40])
    at.document = document
    for name in ("registration_number", "international_number"):
        at.put(name, at.cell(name).upper()[:40])
    at.put("priority_number", _first(at, "priority_number"))
    row.values["kind"] = kind
    row.values["country"] = country or "CN"
    at.put("_route", route or "national")
    if not kind and not at.found.is_bad:  # a wrong number is the reason then, and is told
        at.problem("kind_missing", "kind")


def _first(at: Reading, name: str) -> str:
    cell = at.cell(name)
    return values.STRONG.split(cell, maxsplit=1)[0][:40] if cell else ""


def _country(at: Reading, document: tuple[str, str, str] | None) -> str:
    stated = at.cell("country").upper()
    if document:
        return document[1]
    code = COUNTRIES.get(stated, stated)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else "CN"


def _chinese(at: Reading, document: tuple[str, str, str] | None, stated: str, route: str) -> tuple[str, str]:
    """The number decides about kind and route; a type that says otherwise is remarked."""
    read = at.read("application_number", values.application)
    kind = stated
    if read:
        at.put("application_number", read[0])
        if stated and stated != read[1]:
            at.problem("kind_mismatch", "kind", level=WARNING)
        return read[1], read[2]
    if document:
        kind = values.kind_of_publication(document[0], document[2])
    return kind, route


# --- texts ---------------------------------------------------------------------------------------------------


def _texts(at: Reading) -> None:
    row = at.found
    title, english = at.cell("title"), at.cell("title_en")
    if title and not values.is_chinese(title) and row.values["kind"] not in ("domain", "trademark", "software"):
        row.values["title_en"] = english or title
        row.values["_title"] = title
    else:
        at.put("title", title)
        at.put("title_en", english)
    for name in ("abstract", "goods", "agent", "note"):
        at.put(name, at.cell(name))
    for name, most in at.reader.longest:
        if len(row.values.get(name, "")) > most:
            row.values[name] = row.values[name][:most]
            at.problem("too_long", name, level=ERROR if name == "title" else WARNING)
    if not title:
        at.problem("title_missing", "title")


# --- dates ---------------------------------------------------------------------------------------------------


def _dates(at: Reading) -> None:
    for name in at.reader.dates:
        at.put(name, at.read(name, values.date))
    at.put("expires_on", at.read("expires_on", values.last_date))
    _document_date(at)
    found, today = at.found.values, at.reader.today
    if found.get("priority_on") and found["priority_on"] == found.get("filed_on"):
        del found["priority_on"]  # Google and Lens repeat the filing date where no priority is claimed
    if found.get("ended_on", "") > today:  # PatSnap: 失效日 of a living right is the day it will expire
        found.setdefault("expires_on", found.pop("ended_on"))
    for name in ("filed_on", "published_on", "granted_on", "priority_on"):
        if found.get(name, "") > today:
            at.problem("date_in_future", name)
    filed = found.get("filed_on", "")
    for later in ("published_on", "granted_on", "ended_on"):
        if filed and found.get(later, "9999") < filed:
            at.problem("date_order", later)
    _check_year(at, filed)


def _document_date(at: Reading) -> None:
    """公开(公告)日 is the day of the document named: a grant's or a publication's."""
    day = at.read("document_on", values.date)
    if not day:
        return
    if at.document and values.is_grant(at.document[1], at.document[2]):
        at.found.values.setdefault("granted_on", day)
    elif at.found.values.get("granted_on") != day:
        at.found.values.setdefault("published_on", day)


def _check_year(at: Reading, filed: str) -> None:
    number = at.found.values.get("application_number", "")
    if filed and at.found.values["kind"] in PATENTS and "." in number:
        digits = number.partition(".")[0]
        year = digits[:4] if len(digits) == 12 else ("19" if digits[:2] >= "85" else "20") + digits[:2]
        if year != filed[:4]:
            at.problem("year_mismatch", "filed_on", level=WARNING)


# --- people --------------------------------------------------------------------------------------------------


def _people(at: Reading) -> None:
    applicants = values.names(at.cell("applicants"))
    owners = values.names(at.cell("owners")) or applicants
    for name, people in (("owners", owners), ("inventors", values.names(at.cell("inventors")))):
        most = LONGEST_NAME[name]
        is_long = bool(people) and max(map(len, people)) > most
        if is_long:
            at.problem("too_long", name, level=WARNING)
        at.put(name, tuple([person[:most] for person in people]) if is_long else people)
    if at.reader.is_owned:  # a list without any such column is taken for the enterprise's own
        is_coded = at.reader.owner.uscc in at.cell("uscc").upper()
        at.found.is_ours = is_coded or at.reader.is_among((*owners, *applicants))


# --- classes, status, the rest ----------------------------------------------------------------------------------


def _classes(at: Reading) -> None:
    if at.found.values["kind"] == "trademark":
        at.put("classes", at.read("classes", values.nice_classes))
        return
    at.put("classes", tuple([symbol[:20] for symbol in values.classes(at.cell("classes"))]))
    main = at.cell("main_ipc")
    at.put("main_ipc", values.ipc(values.STRONG.split(main, maxsplit=1)[0]) if main else "")


def _status(at: Reading) -> None:
    found = at.found.values
    had_right = bool(found.get("granted_on")) or bool(at.document and values.is_grant(at.document[1], at.document[2]))
    status, is_certain = _word(at, "status", had_right)
    validity, validity_certain = _word(at, "validity", had_right)
    if not status or (validity and not is_certain):
        status, is_certain = validity, validity_certain
    if status == "granted" and validity in ("lapsed", "withdrawn", "expired", "invalidated"):
        status = validity  # the last event was the grant, and yet it is out of force
    if not status:
        at.put("_status", "granted" if had_right else "published" if found.get("published_on") else "pending")
        return
    if status == "pending" and (found.get("published_on") or at.document):
        status = "published"
    found["status"] = status
    if not is_certain:
        at.problem("status_unclear", "validity" if validity else "status", level=WARNING)


def _word(at: Reading, name: str, had_right: bool) -> tuple[str, bool]:
    return at.read(name, lambda cell: statuses.status(cell, had_right=had_right), level=WARNING) or ("", True)


def _small(at: Reading) -> None:
    at.put("reduction", at.read("reduction", values.reduction))
    at.put("paid_year", at.read("paid_year", values.year))


def _identify(at: Reading) -> None:
    row, known = at.found, at.found.values
    keys = _keys(known)
    if keys:
        row.identity = keys[0]
        if known["kind"] == "trademark" and known["country"] == "CN":
            keys.append(keys[0].replace(":a:", ":r:"))
        known["_keys"] = list(dict.fromkeys(keys))
        if known.get("publication_number"):
            known["_document"] = identities.publication(known["publication_number"])
    elif not any(problem.get("column") == at.reader.titles.get(name) for name in NUMBERED for problem in row.problems):
        at.problem("number_missing", "")


def _keys(known: Mapping[str, Any]) -> list[str]:
    return identities.keys(
        kind=known["kind"],
        country=known["country"],
        application_number=known.get("application_number", ""),
        publication_number=known.get("publication_number", ""),
        registration_number=known.get("registration_number", ""),
        international_number=known.get("international_number", ""),
        title=known.get("title", ""),
    )


# In this order: later steps use what earlier ones found.
STEPS: tuple[Callable[[Reading], None], ...] = (
    _numbers,
    _texts,
    _dates,
    _people,
    _classes,
    _status,
    _small,
    _identify,
)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def encode(value: Any) -> str:
    """Return JSON that PostgreSQL takes: no NUL and no lone surrogate is left in clean values."""
    return _ENCODER.encode(value)
