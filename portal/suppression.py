"""Which cells of a table must not be shown, so that no enterprise can be read off or worked out. Pure.

Primary: a cell with fewer than five enterprises. Complementary: where the total is shown, one hidden cell is the total
less the others, so further cells are hidden until at least two are and they hold at least five enterprises together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

FEWEST = 5


def hidden(enterprises: Mapping[str, int], *, known: Collection[str] = (), has_total: bool = True) -> frozenset[str]:
    """Return the keys of the cells to hide.

    enterprises: how many enterprises stand behind each cell. known: cells the reader may open anyway; they stay, and
    are no cover for others. has_total: whether the sum of all cells is shown beside them.
    """
    found = {key for key, count in enterprises.items() if count < FEWEST and key not in known}
    if not found or not has_total:
        return frozenset(found)
    others = sorted((count, key) for key, count in enterprises.items() if key not in found and key not in known)
    # Cells of nobody at all reveal nothing of anybody and so hide nobody: they do not count as cover.
    while others and not _is_covered(enterprises, found):
        found.add(others.pop(0)[1])
    return frozenset(found)


def hides_total(enterprises: Mapping[str, int], total: int, *, known: Collection[str] = ()) -> bool:
    """Whether the total must be hidden as well: too few behind it, or cells that nothing can cover."""
    if total < FEWEST:
        return True
    found = set(hidden(enterprises, known=known))
    return bool(found) and any(enterprises[key] for key in found) and not _is_covered(enterprises, found)


def _is_covered(enterprises: Mapping[str, int], found: set[str]) -> bool:
    filled = [enterprises[key] for key in found if enterprises[key]]
    return not filled or (len(filled) > 1 and sum(filled) >= FEWEST)
