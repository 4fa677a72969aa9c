"""Chinese application and patent numbers (专利申请号标准 ZC 0006-2003): normalise and check. Pure: no Django.

The year in a number is usually the filing year, but a divisional keeps its parent's filing date: never derive one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from operator import mul

WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
LENGTHS = (9, 13)  # eight digits before 2003-10-01, twelve since; each with its check digit
FIRST_SHORT_YEAR = 85  # 85 to 03 stand for 1985 to 2003
IGNORED = re.compile(r"[\s.。·・:\-‐‑‒–—−号]|申请|专利|\u200b|\ufeff")
BARE = re.compile(r"[0-9]{12}[0-9X]")
PREFIX = re.compile(r"^(?:ZL|CN)+")
LONG_SINCE = 2003  # the long form began on 2003-10-01, in the middle of the year


class RightType(StrEnum):
    """What a number is for, by its type digit."""

    INVENTION = "1"
    UTILITY = "2"
    DESIGN = "3"
    PCT_INVENTION = "8"
    PCT_UTILITY = "9"


class Kind(StrEnum):
    """The three kinds of Chinese patents."""

    INVENTION = "invention"
    UTILITY_MODEL = "utility_model"
    DESIGN = "design"


class Route(StrEnum):
    """How an application came in: directly, or as the national phase of an international one."""

    NATIONAL = "national"
    PCT = "pct"


TYPES = frozenset(RightType)
KINDS = {
    RightType.INVENTION: (Kind.INVENTION, Route.NATIONAL),
    RightType.UTILITY: (Kind.UTILITY_MODEL, Route.NATIONAL),
    RightType.DESIGN: (Kind.DESIGN, Route.NATIONAL),
    RightType.PCT_INVENTION: (Kind.INVENTION, Route.PCT),
    RightType.PCT_UTILITY: (Kind.UTILITY_MODEL, Route.PCT),
}


class InvalidNumber(ValueError):
    """A number that cannot be right; `reason` is length, character, type or check_digit, `wanted` what it should be."""

    def __init__(self, reason: str, *, wanted: str = "", found: str = "") -> None:
        super().__init__(reason)
        self.reason, self.wanted, self.found = reason, wanted, found


@dataclass(frozen=True)
class ApplicationNumber:
    """A checked number: `digits` without the check digit, written with its point by `str`."""

    digits: str
    check: str
    year: int
    type: RightType

    def __str__(self) -> str:
        return f"{self.digits}.{self.check}"

    @property
    def kind(self) -> Kind:
        return KINDS[self.type][0]

    @property
    def route(self) -> Route:
        return KINDS[self.type][1]


@dataclass(frozen=True)
class Verdict:
    """What can be said of a number: a wrong one has `fault`, a right one may have a doubt about its year.

    `normalised` is what was read even if it is wrong; kind, route and year are None where they cannot be read.
    """

    valid: bool
    normalised: str
    kind: Kind | None
    route: Route | None
    year: int | None
    fault: InvalidNumber | None
    is_year_doubtful: bool


def normalise(text: str) -> str:
    """Return the bare number: half width, upper case, without ZL or CN, blanks, point and 号."""
    if BARE.fullmatch(text):
        return text
    return PREFIX.sub("", IGNORED.sub("", unicodedata.normalize("NFKC", text).upper()))


def check_digit(digits: str) -> str:
    """Return the check digit of 8 or 12 digits: weighted sum modulo 11, where 10 is X."""
    rest = sum(map(mul, WEIGHTS, map(int, digits))) % 11
    return "X" if rest == 10 else str(rest)


def parse(text: str) -> ApplicationNumber:
    """Return the number in `text`, in any usual spelling; raises InvalidNumber."""
    bare = normalise(text)
    if len(bare) not in LENGTHS:
        raise InvalidNumber("length", found=str(len(bare)))
    digits, check = bare[:-1], bare[-1]
    if not (digits.isascii() and digits.isdecimal() and (check in "0123456789X")):
        raise InvalidNumber("character")
    place = 4 if len(bare) == LENGTHS[1] else 2
    if digits[place] not in TYPES:
        raise InvalidNumber("type", found=digits[place])
    if check_digit(digits) != check:
        raise InvalidNumber("check_digit", wanted=check_digit(digits), found=check)
    return ApplicationNumber(digits, check, _year(digits, place), RightType(digits[place]))


def examine(text: str, *, this_year: int) -> Verdict:
    """Return what can be said of a number in any usual spelling; never raises."""
    bare = normalise(text)
    try:
        found = parse(text)
    except InvalidNumber as invalid:
        return _faulty(bare, invalid, this_year)
    doubt = _is_doubtful(found, this_year)
    return Verdict(True, str(found), found.kind, found.route, found.year, None, doubt)


def _faulty(bare: str, invalid: InvalidNumber, this_year: int) -> Verdict:
    """Return the verdict on a wrong number; what it was meant to be can be read only where just the check is wrong."""
    if invalid.reason != "check_digit":
        shown = f"{bare[:-1]}.{bare[-1]}" if invalid.reason == "type" else bare
        return Verdict(False, shown, None, None, None, invalid, False)
    right = parse(f"{bare[:-1]}{invalid.wanted}")
    shown, doubt = f"{right.digits}.{bare[-1]}", _is_doubtful(right, this_year)
    return Verdict(False, shown, right.kind, right.route, right.year, invalid, doubt)


def _is_doubtful(number: ApplicationNumber, this_year: int) -> bool:
    """Tell whether no application of that form can be of that year: a warning, for a number is not a date."""
    is_long = len(number.digits) > LENGTHS[0]
    first, last = (LONG_SINCE, this_year) if is_long else (1900 + FIRST_SHORT_YEAR, LONG_SINCE)
    return not first <= number.year <= last


def _year(digits: str, place: int) -> int:
    year = int(digits[:place])
    if place == 4:
        return year
    return 1900 + year if year >= FIRST_SHORT_YEAR else 2000 + year
