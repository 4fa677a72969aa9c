"""Codes that say whom an alert concerns, as people type them and as they are kept. Pure: no Django.

Kept: IPC "G", "G01", "G01L", "G01L 9/*", "G01L 9/12"; Nice 1 to 45; ISO 3166 "US" and offices "EP"; GB/T 4754 "3983".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from babel import Locale

from enterprises.industries import fold

from . import classes

Kept = TypeVar("Kept", str, int)
SEPARATORS = re.compile(r"[,，、;；\n\r\t]+")
# What CLDR calls a territory and ISO 3166 does not, or what an office code would collide with.
NOT_ISO = frozenset("AC CP DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
OFFICES = {
    "EP": ("欧洲专利局", "European Patent Office"),
    "EM": ("欧盟知识产权局", "EU Intellectual Property Office"),
    "EA": ("欧亚专利局", "Eurasian Patent Office"),
    "AP": ("非洲地区知识产权组织", "ARIPO"),
    "OA": ("非洲知识产权组织", "OAPI"),
    "BX": ("比荷卢知识产权局", "Benelux Office for Intellectual Property"),
    "GC": ("海湾合作委员会专利局", "GCC Patent Office"),
}
NAMES_ZH = {"TW": "中国台湾", "HK": "中国香港", "MO": "中国澳门"}
NAMES_EN = {"TW": "Taiwan, China", "HK": "Hong Kong, China", "MO": "Macao, China"}
USUAL = ("US", "EP", "EM", "DE", "JP", "KR", "GB", "FR", "IN", "VN")  # the usual markets first


class Unknown(ValueError):
    """A text that is no such code; `text` is what was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def split(text: str) -> list[str]:
    """Return the parts of a list people type, divided by commas, semicolons or lines; nothing twice."""
    parts = (" ".join(part.split()) for part in SEPARATORS.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def each(parts: Iterable[str], read: Callable[[str], Kept]) -> list[Kept]:
    """Return what `read` makes of every part, once each. Raises Unknown with the first that is none."""
    return list(dict.fromkeys(read(part) for part in parts))


def ipc(text: str) -> str:
    """Return an IPC pattern as it is kept: G01L9 and g01l 9/* become "G01L 9/*". Raises Unknown."""
    levels = classes.ipc_levels(unicodedata.normalize("NFKC", text))
    if not levels:
        raise Unknown(text)
    return classes.ipc_words(levels[-1])


def nice(text: str) -> int:
    """Return a class of the Nice classification, 1 to 45. Raises Unknown."""
    key = classes.nice_key(fold(text).removeprefix("第").removesuffix("类"))
    if not key:
        raise Unknown(text)
    return int(key)


def industry(text: str) -> str:
    """Return a class of GB/T 4754 or what it begins with: C3983 is kept as 3983, C stays. Raises Unknown."""
    levels = classes.industry_levels(text)
    letter = fold(text).upper()[:1]
    if not levels or (letter.isalpha() and letter != levels[0]):
        raise Unknown(text)
    return levels[-1]


def country(text: str) -> str:
    """Return a country's or an office's two letters; names in either language are understood. Raises Unknown."""
    bare = text.strip()
    code = bare.upper()
    if code in places("zh"):
        return code
    found = _by_name().get(bare.casefold())
    if found is None:
        raise Unknown(text)
    return found


def place(code: str, language: str = "zh") -> str:
    """Return the name of a country, region or office; the code itself where it is unknown."""
    return places("en" if language.startswith("en") else "zh").get(code, code)


@lru_cache(maxsize=2)
def places(language: str) -> dict[str, str]:
    """Return every code with its name, the usual markets first, then by code. `language` is zh or en."""
    known = Locale(language).territories
    names = {code: str(name) for code, name in known.items() if len(code) == 2 and code.isalpha()}
    names = {code: name for code, name in names.items() if code not in NOT_ISO}
    names |= NAMES_EN if language == "en" else NAMES_ZH
    names |= {code: pair[language == "en"] for code, pair in OFFICES.items()}
    order = [*USUAL, *sorted(names.keys() - set(USUAL))]
    return {code: names[code] for code in order}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {name.casefold(): code for language in ("zh", "en") for code, name in places(language).items()}
