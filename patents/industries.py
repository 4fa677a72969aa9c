"""Strategic emerging industries by IPC symbol and keyword (国知办函规字〔2021〕121号). Pure: no Django.

A branch has IPC blocks with `*`, exclusions and keywords. IPC and keyword are a match, IPC alone is a candidate.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

LONG = re.compile(r"^([A-H]\d{2}[A-Z])(\d{4})(\d{6})$")  # G06F0016900000, as databases write it
SHAPE = re.compile(r"^[A-H](\d{2}([A-Z](\d{1,4}(/\d{0,6})?)?)?)?$")


class State(StrEnum):
    """What the table says of a patent."""

    YES = "yes"  # IPC and keyword
    CONFIRM = "confirm"  # IPC alone, or a table that is only a sample: a person decides
    NO = "no"


@dataclass(frozen=True)
class Branch:
    """One branch of the table."""

    code: str
    name: str
    name_en: str
    ipc: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """The branch found, by which symbol and which keyword."""

    state: State
    branch: Branch | None = None
    symbol: str = ""
    keyword: str = ""


@lru_cache(maxsize=50_000)
def symbol(text: str) -> str:
    """Return an IPC symbol as G06F16/90, however it was written; what is none comes back without blanks."""
    bare = re.sub(r"\(.*?\)|\s+", "", text).upper()
    if found := LONG.match(bare):
        group, rest = found[2].lstrip("0"), found[3].rstrip("0").ljust(2, "0")
        return f"{found[1]}{group}/{rest}"
    return bare


def is_symbol(text: str) -> bool:
    """Tell whether a text is an IPC symbol, or the beginning of one."""
    return bool(SHAPE.match(symbol(text)))


def covers(pattern: str, text: str) -> bool:
    """Tell whether a block of the table covers a symbol; `*` stands for whatever follows."""
    block, one = symbol(pattern), symbol(text)
    return one.startswith(block.rstrip("*")) if block.endswith("*") else one == block


def branches(value: Iterable[Mapping[str, Any]]) -> tuple[Branch, ...]:
    """Return the branches of a table's rows. Raises ValueError for a block that is no IPC symbol."""
    found = []
    for row in value:
        blocks = [tuple(row.get(name, ())) for name in ("ipc", "excluded", "keywords")]
        for block in (*blocks[0], *blocks[1]):
            if not is_symbol(block.rstrip("*")):
                raise ValueError(f"{row['code']}: {block!r} is no IPC block")
        found.append(Branch(row["code"], row["name"], row.get("name_en", ""), *blocks))
    return tuple(found)


def hit(branch: Branch, symbols: Sequence[str]) -> str:
    """Return the first symbol that lies in a branch and in none of its exclusions; "" where none does."""
    for one in symbols:
        if any(covers(block, one) for block in branch.ipc) and not any(covers(out, one) for out in branch.excluded):
            return one
    return ""


def match(symbols: Sequence[str], text: str, table: Iterable[Branch], *, is_sample: bool = False) -> Match:
    """Return the first full match, else the first candidate. A sample table never says more than "to be confirmed"."""
    lower, candidate = text.lower(), Match(State.NO)
    for branch in table:
        if not (one := hit(branch, symbols)):
            continue
        word = next((word for word in branch.keywords if word.lower() in lower), "")
        if word and not is_sample:
            return Match(State.YES, branch, one, word)
        if candidate.state == State.NO or (word and not candidate.keyword):
            candidate = Match(State.CONFIRM, branch, one, word)
    return candidate
