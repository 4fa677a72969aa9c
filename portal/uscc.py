"""Unified social credit codes (统一社会信用代码, GB 32100-2015): normalise, validate, suggest a district. No Django.

A code says where an enterprise was registered, never where it is now: its district is a suggestion to be confirmed.
"""

import unicodedata

from stdnum.cn import uscc as standard
from stdnum.exceptions import ValidationError

LENGTH = 18
CITY = "31"
DIGITS = frozenset("0123456789")
ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")  # no I O S V Z
DIGITS_ONLY = 8  # authority, kind and division are digits; the organisation code may hold letters
SEPARATORS = frozenset("-‐‑‒–—−_.·")

DISTRICTS = frozenset(
    f"{CITY}{place}"
    for place in (
        *("0101", "0104", "0105", "0106", "0107", "0109", "0110", "0112"),
        *("0113", "0114", "0115", "0116", "0117", "0118", "0120", "0151"),
    )
)
# Divisions that ended, by the district they went to. 310103 and 310119 ended before credit codes began and were not
# found in 74 799 real codes; they are mapped all the same, as nothing else could be meant.
ABOLISHED = {
    "310103": "310101",  # 卢湾 Luwan -> 黄浦 Huangpu
    "310108": "310106",  # 闸北 Zhabei -> 静安 Jing'an
    "310119": "310115",  # 南汇 Nanhui -> 浦东 Pudong
    "310230": "310151",  # 崇明县 Chongming county -> 崇明 Chongming
}
# In no list of divisions; seen as the free-trade zone's registry. General knowledge only: proposed, never relied on.
UNVERIFIED = {"310141": "310115"}


class InvalidCode(ValueError):
    """A code that cannot be right. `reason` is a stable word; `position` counts from 1 where one character is wrong."""

    reason = "invalid"

    def __init__(self, code: str, *, position: int | None = None, character: str = "") -> None:
        # The code itself stays out of the message: for a sole trader it identifies a person, and messages are logged.
        super().__init__(self.reason if position is None else f"{self.reason} at {position}")
        self.length = len(code)
        self.position = position
        self.character = character


class WrongLength(InvalidCode):
    """Not 18 characters; `length` says how many there are."""

    reason = "length"


class WrongCharacter(InvalidCode):
    """A character that no code has at this position."""

    reason = "character"


class WrongCheckDigit(InvalidCode):
    """The last character does not follow from the others: something was mistyped."""

    reason = "check_digit"


def normalise(text: str) -> str:
    """Return the code as written in the standard: half width, upper case, without spaces, hyphens and dots."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in folded if char not in SEPARATORS and char.isprintable() and not char.isspace())


def validate(text: str) -> str:
    """Return the normal form of a valid code.

    Raises WrongLength, WrongCharacter (the first one, with its position) or WrongCheckDigit, all of them ValueError.
    """
    code = normalise(text)
    if len(code) != LENGTH:
        raise WrongLength(code)
    for position, char in enumerate(code, start=1):
        if char not in (DIGITS if position <= DIGITS_ONLY else ALPHABET):
            raise WrongCharacter(code, position=position, character=char)
    try:
        return standard.validate(code)
    except ValidationError:
        raise WrongCheckDigit(code, position=LENGTH, character=code[-1]) from None


def is_valid(text: str) -> bool:
    """Tell whether `text` holds a valid code in any usual spelling."""
    try:
        validate(text)
    except InvalidCode:
        return False
    return True


def division(code: str) -> str:
    """Return the division code (positions 3 to 8) of a normal code."""
    return code[2:8]


def is_local(code: str) -> bool:
    """Tell whether the code was given in Shanghai; another city's code is a reason to ask, not to refuse."""
    return division(code).startswith(CITY)


def suggest_district(code: str) -> str | None:
    """Return the code of the district that a normal code points at, abolished divisions mapped.

    None where nothing can be derived: codes of the municipal bureau (310000), of the free-trade zone's registry
    (310141), of other cities, and anything unknown.
    """
    named = ABOLISHED.get(division(code), division(code))
    return named if named in DISTRICTS else None


def proposed_district(code: str) -> tuple[str | None, bool]:
    """Return the district to propose for a normal code and whether the code itself names it.

    Not certain: abolished divisions (their area went to that district, its firms mostly) and unverified codes.
    """
    named = division(code)
    return suggest_district(code) or UNVERIFIED.get(named), named in DISTRICTS
