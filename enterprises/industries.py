"""Classes of GB/T 4754-2017 and the sixteen groups of the size standard they belong to. Pure: no Django.

Our own mapping by the list in 工信部联企业〔2011〕300号. What it does not name is taken as "other";
finance has a standard of its own, and public offices have no size.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from enterprises.sizes import Industry

CODE = re.compile(r"^([A-T]?)(\d{2,4})$")
SECTIONS = {
    **{"A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60)},
    **{"H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79)},
    **{"O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97)},
}
SPANS = (
    (1, 5, Industry.AGRICULTURE),
    (6, 46, Industry.INDUSTRY),
    (47, 50, Industry.CONSTRUCTION),
    (51, 51, Industry.WHOLESALE),
    (52, 52, Industry.RETAIL),
    (53, 53, Industry.OTHER),
    (54, 58, Industry.TRANSPORT),
    (60, 60, Industry.POST),
    (61, 61, Industry.LODGING),
    (62, 62, Industry.CATERING),
    (63, 64, Industry.INFORMATION),
    (65, 65, Industry.SOFTWARE),
    (71, 72, Industry.LEASING),
    (73, 90, Industry.OTHER),
)
# Divisions that the standard splits, by their groups.
SPLIT = {
    "59": {"591": Industry.TRANSPORT, **dict.fromkeys(("592", "593", "594", "595", "596", "599"), Industry.STORAGE)},
    "70": {
        **{"701": Industry.REAL_ESTATE, "702": Industry.PROPERTY},
        **dict.fromkeys(("703", "704", "709"), Industry.OTHER),
    },
}
DIVISIONS = {f"{number:02}": industry for first, last, industry in SPANS for number in range(first, last + 1)}
UNNAMED = frozenset(["53", "83", "84"])  # not in the standard's list: taken as "other"


class UnknownIndustry(ValueError):
    """A code that names no group; `reason` is unknown, ambiguous (a level deeper is needed) or not_covered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fold(text: str) -> str:
    """Return a code half width, without blanks and points, letters as they are."""
    return re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", text))


def industry_of(text: str) -> Industry:
    """Return the group of a GB/T 4754 code (C26, 26, 2614, C) or of one of our own codes. Raises UnknownIndustry."""
    folded = fold(text)
    if folded.lower() in set(Industry):
        return Industry(folded.lower())
    if folded.upper() in SECTIONS:
        return _of_section(folded.upper())
    found = CODE.match(folded.upper())
    if found is None or not _is_in_section(found[1], int(found[2][:2])):
        raise UnknownIndustry("unknown")
    return _of_code(found[2])


def is_unnamed(text: str) -> bool:
    """Tell whether a code belongs to a division that the standard does not name and "other" stands in for."""
    found = CODE.match(fold(text).upper())
    return fold(text).upper() == "P" or (found is not None and found[2][:2] in UNNAMED)


def _is_in_section(letter: str, division: int) -> bool:
    spans = [SECTIONS[letter]] if letter else SECTIONS.values()
    return any(first <= division <= last for first, last in spans)


def _of_section(letter: str) -> Industry:
    first, last = SECTIONS[letter]
    divisions = [f"{number:02}" for number in range(first, last + 1)]
    found = {DIVISIONS.get(division) for division in divisions}
    if found == {None} and not set(divisions) & SPLIT.keys():
        raise UnknownIndustry("not_covered")
    industry = found.pop()
    if found or industry is None:
        raise UnknownIndustry("ambiguous")
    return industry


def _of_code(digits: str) -> Industry:
    groups = SPLIT.get(digits[:2])
    if groups is None:
        if digits[:2] not in DIVISIONS:
            raise UnknownIndustry("not_covered")
        return DIVISIONS[digits[:2]]
    if len(digits) == 2:
        raise UnknownIndustry("ambiguous")
    if digits[:3] not in groups:
        raise UnknownIndustry("unknown")
    return groups[digits[:3]]


def classes_of(industry: Industry) -> list[str]:
    """Return the codes of a group as ranges for people: 54-58, 591."""
    divisions = [int(code) for code, group in DIVISIONS.items() if group == industry]
    runs = []
    for _key, run in groupby(enumerate(divisions), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _place, number in run]
        runs.append(f"{numbers[0]:02}" if len(numbers) == 1 else f"{numbers[0]:02}-{numbers[-1]:02}")
    return runs + [code for groups in SPLIT.values() for code, group in groups.items() if group == industry]
