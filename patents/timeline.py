"""Figures with the days they hold for, as the law changes them. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """One figure from `first` to `last`, both included; `last` is None while nothing ended it."""

    first: date
    last: date | None
    value: T

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Timeline(Generic[T]):
    """All figures of one rule. Where several cover a day, the one that began last wins."""

    def __init__(self, figures: Iterable[Dated[T]]) -> None:
        self.figures = tuple(sorted(figures, key=lambda dated: dated.first, reverse=True))

    def at(self, day: date) -> T | None:
        """Return the figure in force on a day, None where there is none."""
        return next((dated.value for dated in self.figures if dated.covers(day)), None)

    def known(self, day: date) -> T:
        """Return the figure in force on a day, and for days before the first known one the first.

        For tables known to be old whose beginning is not. Raises LookupError where the rule has ended.
        """
        found = self.at(day)
        if found is None and self.figures and day < self.figures[-1].first:
            found = self.figures[-1].value
        if found is None:
            raise LookupError(f"no figure covers {day}")
        return found


def always(value: T, *, since: date = date.min) -> Timeline[T]:
    """Return a timeline of one figure that never ended."""
    return Timeline([Dated(since, None, value)])
