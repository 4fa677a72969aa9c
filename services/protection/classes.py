"""Keys of classes at every level above them: what a pattern asks for is one key, with group boundaries kept. Pure.

"G01L 9/12" stands under G, G01, G01L, G01L9 and G01L9/12; "G01L 9/*" asks for G01L9, which G01L 90/04 is not under.
"""

from __future__ import annotations

import re

from enterprises.industries import CODE, SECTIONS, fold
from patents.industries import symbol

SYMBOL = re.compile(r"^([A-H])(?:([0-9]{2})(?:([A-Z])(?:0*([1-9][0-9]{0,3})(?:/(?:\*|([0-9]{2,6}))?)?)?)?)?$")
NICE = re.compile(r"^0*([1-9][0-9]?)$")
LAST_NICE = 45


def ipc_levels(text: str) -> tuple[str, ...]:
    """Return the keys of an IPC symbol or pattern from the section down to itself; none where it is no such thing."""
    found = SYMBOL.match(symbol(text))
    if found is None:
        return ()
    section, number, letter, group, rest = found.groups()
    keys = [section]
    for part in (number, letter, group, rest and f"/{rest}"):
        if not part:
            break
        keys.append(keys[-1] + part)
    return tuple(keys)


def ipc_key(text: str) -> str:
    """Return the key that a pattern asks for; what is no pattern stays as it is, and finds nothing."""
    levels = ipc_levels(text)
    return levels[-1] if levels else text


def ipc_words(key: str) -> str:
    """Return a key as people write it: G01L9 is G01L 9/*."""
    found = SYMBOL.match(key)
    if found is None or found[4] is None:
        return key
    return f"{found[1]}{found[2]}{found[3]} {found[4]}/{found[5] or '*'}"


def nice_key(text: str | int) -> str:
    """Return the two digits of a Nice class; "" where it is none."""
    found = NICE.match(str(text).strip())
    return f"{int(found[1]):02}" if found and int(found[1]) <= LAST_NICE else ""


def industry_levels(text: str) -> tuple[str, ...]:
    """Return the keys of a class of GB/T 4754: C, 39, 398, 3983; the letter follows from the digits."""
    bare = fold(text).upper()
    if bare in SECTIONS:
        return (bare,)
    found = CODE.match(bare)
    letter = section_of(int(found[2][:2])) if found else ""
    if found is None or not letter:
        return ()
    return (letter, *(found[2][:length] for length in range(2, len(found[2]) + 1)))


def industry_key(text: str) -> str:
    """Return the key that a criterion asks for; what is no class stays as it is, and finds nothing."""
    levels = industry_levels(text)
    return levels[-1] if levels else text


def section_of(division: int) -> str:
    """Return the letter of a division of GB/T 4754, "" where there is none."""
    return next((letter for letter, (first, last) in SECTIONS.items() if first <= division <= last), "")
