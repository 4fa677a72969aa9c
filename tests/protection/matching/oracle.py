"""Whom an alert concerns, in plain Python over plain facts: written from the issue's words, not from the code."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

DEAD = {"lapsed", "expired", "invalidated", "refused", "withdrawn"}
SECTIONS = {"C": range(13, 44), "I": range(63, 66), "M": range(73, 76)}


@dataclass
class Holding:
    kind: str = "invention"
    country: str = "CN"
    symbols: tuple[str, ...] = ()  # IPC of patents, Nice classes of marks
    title: str = "装置"
    status: str = "granted"
    secrecy: str = "open"

    @property
    def counts(self) -> bool:
        return self.secrecy == "open" and self.status not in DEAD

    @property
    def is_patent(self) -> bool:
        return self.kind in {"invention", "utility_model", "design", "foreign_patent"}


@dataclass
class Firm:
    district: str = "minhang"
    is_verified: bool = True
    is_enterprise: bool = True
    industry: str = ""
    products: str = ""
    rights: list[Holding] = field(default_factory=list)
    exports: dict[str, str] = field(default_factory=dict)  # country -> products
    supplies: dict[str, str] = field(default_factory=dict)
    watches: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class Asked:
    """An edition's criteria as they are kept there."""

    countries: list[str] = field(default_factory=list)
    right_kinds: list[str] = field(default_factory=list)
    ipc: list[str] = field(default_factory=list)
    nice: list[int] = field(default_factory=list)
    industries: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)
    join: str = "both"
    needs_market: bool = False
    verified_only: bool = False


Reason = tuple[str, tuple[tuple[str, Any], ...]]


def is_under(symbol: str, pattern: str) -> bool:
    """G01L 9/* holds G01L9/12 and not G01L90/04; G01L holds both."""
    symbol, pattern = symbol.replace(" ", ""), pattern.replace(" ", "")
    if pattern.endswith("/*"):
        return symbol.split("/")[0] == pattern[:-2]
    if "/" in pattern:
        return symbol == pattern
    if len(pattern) > 4:
        return symbol.split("/")[0] == pattern
    return symbol.startswith(pattern)


def reasons_of(firm: Firm, asked: Asked) -> list[Reason] | None:
    """Return why an alert concerns a firm, None where it does not."""
    if not firm.is_enterprise or (asked.verified_only and not firm.is_verified):
        return None
    if asked.districts and firm.district not in asked.districts:
        return None
    topic, place = _topic(firm, asked), _place(firm, asked)
    has_topic = bool(asked.ipc or asked.nice or asked.industries or asked.keywords or asked.right_kinds)
    exports = [("exports", {"country": one}) for one in firm.exports]
    if asked.needs_market and not any(one in firm.exports for one in asked.countries or firm.exports):
        return None
    if asked.needs_market and not asked.countries:
        place = exports
    wanted = [found for found, is_asked in ((topic, has_topic), (place, bool(asked.countries))) if is_asked]
    if len(wanted) == 2 and asked.join == "either":
        if not topic and not place:
            return None
    elif not all(wanted):
        return None
    found = topic + place + _both(firm, asked)
    if not wanted and not asked.needs_market:
        found = [("everybody", {})]
    return sorted((code, tuple(sorted(values.items()))) for code, values in found)


def _narrowed(firm: Firm, asked: Asked) -> list[Holding]:
    return [one for one in firm.rights if one.counts and (not asked.right_kinds or one.kind in asked.right_kinds)]


def _topic(firm: Firm, asked: Asked) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    rights = _narrowed(firm, asked)
    patents, marks = [one for one in rights if one.is_patent], [one for one in rights if one.kind == "trademark"]
    for pattern in asked.ipc:
        key = pattern.replace(" ", "").removesuffix("/*")
        if count := sum(any(is_under(symbol, pattern) for symbol in one.symbols) for one in patents):
            found.append(("rights_topic", {"ipc": key, "count": count}))
    for number in asked.nice:
        if count := sum(str(number) in {s.lstrip("0") for s in one.symbols} for one in marks):
            found.append(("marks", {"nice": f"{number:02}", "count": count}))
        if ("nice", str(number)) in firm.watches:
            found.append(("watch", {"what": "nice", "key": f"{number:02}"}))
    for code in asked.industries:
        if _is_industry(firm.industry, code):
            found.append(("industry", {"code": code}))
    for word in asked.keywords:
        if count := sum(has_word(one.title, word) for one in rights):
            found.append(("keyword", {"word": word, "count": count}))
        if has_word("\n".join([firm.products, *firm.exports.values(), *firm.supplies.values()]), word):
            found.append(("product", {"word": word}))
    if asked.right_kinds and not (asked.ipc or asked.nice or asked.industries or asked.keywords):
        kinds = Counter(one.kind for one in rights)
        found += [("kinds", {"kind": kind, "count": count}) for kind, count in kinds.items()]
    return found + _watched(firm, asked)


def _watched(firm: Firm, asked: Asked) -> list[tuple[str, dict[str, Any]]]:
    keys = set()
    for pattern in asked.ipc:
        asks = pattern.replace(" ", "").removesuffix("/*")
        for what, watched in firm.watches:
            if what != "ipc":
                continue
            seen = watched.replace(" ", "").removesuffix("/*")
            if asks == seen or is_under(asks, watched):
                keys.add(seen)
            elif is_under(seen, pattern):
                keys.add(asks)
    return [("watch", {"what": "ipc", "key": key}) for key in keys]


def _place(firm: Firm, asked: Asked) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for country in asked.countries:
        if count := sum(one.counts and one.country == country for one in firm.rights):
            found.append(("rights_abroad", {"country": country, "count": count}))
        if country in firm.exports:
            found.append(("exports", {"country": country}))
        if country in firm.supplies:
            found.append(("supplies", {"country": country}))
        if ("country", country) in firm.watches:
            found.append(("watch", {"what": "country", "key": country}))
    return found


def _both(firm: Firm, asked: Asked) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for country in asked.countries:
        rights = [one for one in _narrowed(firm, asked) if one.country == country]
        for pattern in asked.ipc:
            key = pattern.replace(" ", "").removesuffix("/*")
            hits = [one for one in rights if one.is_patent and any(is_under(s, pattern) for s in one.symbols)]
            if hits:
                found.append(("rights_abroad_topic", {"country": country, "ipc": key, "count": len(hits)}))
        for number in asked.nice:
            hits = [one for one in rights if one.kind == "trademark" and str(number) in one.symbols]
            if hits:
                found.append(("rights_abroad_topic", {"country": country, "nice": f"{number:02}", "count": len(hits)}))
    return found


def _is_industry(given: str, asked: str) -> bool:
    digits = given.lstrip("ABCDEFGHIJKLMNOPQRST")
    if digits and not digits.isdecimal():
        return False
    if asked.isalpha():
        return given == asked or (digits != "" and int(digits[:2]) in SECTIONS[asked])
    return digits != "" and digits.startswith(asked)


def has_word(text: str, word: str) -> bool:
    """Chinese by neighbouring characters, Latin by the beginning of a word."""
    text, word = text.lower(), word.lower()
    if word.isascii():
        return any(one.startswith(word) for one in re.findall("[a-z0-9]+", text))
    return word in text
