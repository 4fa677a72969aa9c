"""Comparing figures: year on year, completion against a target, the middle of the districts. Pure.

Percentages are rounded half up to two places, as statistical bulletins write them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Number = Decimal | int | float | str
CENT = Decimal("0.01")
FULL = 100


@dataclass(frozen=True)
class Change:
    """From an earlier value to a later one: the difference, and it in per cent of the earlier; None where that is 0."""

    before: Decimal
    after: Decimal
    difference: Decimal
    percent: Decimal | None


def exact(value: Number) -> Decimal:
    """Return a figure as a decimal; a float is taken as it is written."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def rounded(value: Decimal, step: Decimal = CENT) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


def change(before: Number | None, after: Number | None) -> Change | None:
    """Return the change from one period to the same period a year later; None where one of them is not known."""
    if before is None or after is None:
        return None
    old, new = exact(before), exact(after)
    percent = rounded(FULL * (new - old) / old) if old else None
    return Change(old, new, new - old, percent)


def completion(value: Number | None, target: Number | None, *, is_down_better: bool = False) -> Decimal | None:
    """Return how far a target is reached in per cent, at most 100; None where either is not known.

    Where more is better: value / target. Where less is better: target / value, and 100 once the value is not above it.
    """
    if value is None or target is None:
        return None
    have, want = exact(value), exact(target)
    if want <= 0:
        return None
    if is_down_better:
        return Decimal(FULL) if have <= want else rounded(FULL * want / have)
    return min(Decimal(FULL), rounded(FULL * have / want))


def mean(values: Iterable[Decimal | None]) -> Decimal | None:
    """Return the mean of what is known; None where nothing is."""
    found = [value for value in values if value is not None]
    return rounded(sum(found, Decimal(0)) / len(found)) if found else None


def median(values: Iterable[Number | None]) -> Decimal | None:
    """Return the value in the middle, or the mean of the two there; None where nothing is known."""
    found = sorted(exact(value) for value in values if value is not None)
    if not found:
        return None
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2
