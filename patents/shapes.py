"""Shapes of the other numbers in a register: publications, PCT, Madrid, Hague, Chinese trademarks. Pure: no Django.

None of them carries a check digit, so a shape that fits proves nothing. Publications: ZC 0007.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from patents.numbers import Kind

BLANKS = re.compile(r"[\s\-‐‑‒–—−_.,·\u200b\ufeff]+")
PUBLICATION = re.compile(r"^(?:CN)?([123]\d{6}|[123]\d{8})([ABCDUYS])(\d?)$")
PCT = re.compile(r"^PCT/?([A-Z]{2})/?(\d{4}|\d{2})/(\d{5,6})$|^PCT/?([A-Z]{2})(\d{4})(\d{6})$")
MADRID = re.compile(r"^(?:IR|G)?(\d{1,7})([A-Z]?)$")  # G is what the Chinese register puts before it
HAGUE = re.compile(r"^DM/?(\d{1,6})$")
TRADEMARK = re.compile(r"^(\d{1,8})([A-Z]{0,2})$")
KIND_OF = {
    **dict.fromkeys("ABC", Kind.INVENTION),
    **dict.fromkeys("UY", Kind.UTILITY_MODEL),
    **dict.fromkeys("SD", Kind.DESIGN),
}
KIND_OF_DIGIT = {"1": Kind.INVENTION, "2": Kind.UTILITY_MODEL, "3": Kind.DESIGN}
CORRECTIONS = "89"
FIRST_PCT_YEAR = 1978


class Stage(StrEnum):
    """What a publication number says happened."""

    PUBLISHED = "published"  # 公布
    GRANTED = "granted"  # 授权公告
    PARTLY_INVALID = "partly_invalid"  # 部分无效后的公告
    CORRECTED = "corrected"  # 更正


@dataclass(frozen=True)
class Publication:
    """A Chinese publication number: `digits` stay the same from publication to grant since 2007."""

    digits: str
    code: str
    kind: Kind
    stage: Stage

    def __str__(self) -> str:
        return f"CN{self.digits}{self.code}"


def fold(text: str) -> str:
    """Return a number half width, upper case, without blanks, hyphens and points."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", text).upper())


def publication(text: str) -> Publication | None:
    """Return the Chinese publication number in `text`, None where it has not the shape of one.

    Nine digits since about 2007-08, seven before; the first one says the kind and must agree with the letter.
    """
    found = PUBLICATION.match(fold(text))
    if found is None:
        return None
    digits, letter, version = found.groups()
    if KIND_OF_DIGIT[digits[0]] != KIND_OF[letter]:
        return None
    stage = _stage(letter, version, is_old=len(digits) == 7)
    return None if stage is None else Publication(digits, letter + version, KIND_OF[letter], stage)


def _stage(letter: str, version: str, *, is_old: bool) -> Stage | None:
    """Return what a kind code says; C, Y and D alone are grants of the old seven digits only."""
    if version in CORRECTIONS and version:
        return Stage.CORRECTED
    if version:
        return Stage.PARTLY_INVALID if letter in "CYS" and version != "0" else None
    if letter == "A":
        return Stage.PUBLISHED
    return Stage.GRANTED if letter in ("CYD" if is_old else "BUS") else None


def international(text: str) -> str | None:
    """Return an international application number as PCT/CN2024/123456, None where it has not the shape of one."""
    found = PCT.match(fold(text))
    if found is None:
        return None
    office, year, serial = (part for part in found.groups() if part is not None)
    if len(year) == 2:
        year = f"19{year}" if int(year) >= FIRST_PCT_YEAR % 100 else f"20{year}"
    return f"PCT/{office}{year}/{serial.zfill(6)}" if int(year) >= FIRST_PCT_YEAR else None


def madrid(text: str) -> str | None:
    """Return the number of an international trademark registration, None where it has not the shape of one."""
    found = MADRID.match(fold(text))
    return found[1].lstrip("0") + found[2] if found and found[1].strip("0") else None


def hague(text: str) -> str | None:
    """Return an international design registration as DM/012345, None where it has not the shape of one."""
    found = HAGUE.match(fold(text))
    return f"DM/{found[1].zfill(6)}" if found and found[1].strip("0") else None


def trademark(text: str) -> str | None:
    """Return a Chinese trademark number, with its letters after a split or a partial transfer, None if it is none."""
    found = TRADEMARK.match(fold(text).removeprefix("第").removesuffix("号"))
    return found[1].lstrip("0") + found[2] if found and found[1].strip("0") else None
