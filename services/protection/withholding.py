"""Figures of so few enterprises that they would point at one: withheld from whoever may not open the list itself. Pure.

Under five is withheld, and so is what would give it away by subtraction (complementary suppression). A withheld figure
is None whatever the reason, so that nobody can tell a small one from one that only protects it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

FEWEST = 5
Figure = int | None
Key = TypeVar("Key", bound=Hashable)


def is_few(count: int, of: int | None = None) -> bool:
    """Tell whether a figure, or what is left of the whole it is a part of, stands for one to four enterprises."""
    return 0 < count < FEWEST or (of is not None and 0 < of - count < FEWEST)


def whole(count: int, of: int | None = None) -> Figure:
    """Return a figure, or None where it must be withheld."""
    return None if is_few(count, of) else count


def parts(counts: Mapping[Key, int], hidden: Iterable[Key] = ()) -> tuple[dict[Key, Figure], bool]:
    """Return the parts of a whole with the small ones withheld, and whether the whole may be shown beside them.

    `hidden` are withheld in any case. With the smallest ones as company no withheld part can be computed from the
    others: together they leave at least four enterprises open. Where there is no company left, the whole is withheld.
    """
    kept = {key for key, count in counts.items() if is_few(count)} | set(hidden)
    company = sorted((key for key in counts if key not in kept and counts[key]), key=lambda key: counts[key])
    while kept and not _is_open(counts, kept) and company:
        kept.add(company.pop(0))
    shown: dict[Key, Figure] = {key: None if key in kept else count for key, count in counts.items()}
    return shown, not kept or _is_open(counts, kept)


def _is_open(counts: Mapping[Key, int], kept: set[Key]) -> bool:
    """Tell whether the sum of what is withheld leaves each of it uncertain: every part has one enterprise at least."""
    return len(kept) > 1 and sum(counts[key] for key in kept) - len(kept) >= FEWEST - 1
