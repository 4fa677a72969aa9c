"""Grades A-D from weighted facts, each shown with its points. Pure: no Django.

There is no official standard: the points are sample rows that the city or the enterprise replaces.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from patents.periods import add_months


class Factor(StrEnum):
    """What speaks for a right."""

    CORE = "core"
    IN_USE = "in_use"  # by a product on sale
    HIGH_VALUE = "high_value"
    ABROAD = "abroad"  # a family right in force abroad
    LICENSED = "licensed"
    PLEDGED = "pledged"
    AWARD = "award"
    INVENTION = "invention"
    LONG_LIFE = "long_life"  # many years of the term left


class Advice(StrEnum):
    """What the grade suggests; nobody but the enterprise decides."""

    KEEP = "keep"
    LICENCE = "licence"
    DROP = "drop"


@dataclass(frozen=True)
class Points:
    """The weights: points by factor, least points of A, B and C, years that count as a long life."""

    factors: Mapping[Factor, int]
    floors: Mapping[str, int]
    long_life_years: int


@dataclass(frozen=True)
class Subject:
    """What the grade looks at."""

    kind: str
    ends_on: date | None
    is_core: bool = False
    is_in_use: bool = False
    is_high_value: bool = False
    is_abroad: bool = False
    is_licensed: bool = False
    is_pledged: bool = False
    is_awarded: bool = False


@dataclass(frozen=True)
class Assessment:
    """The grade with the points that made it."""

    grade: str
    score: int
    reasons: tuple[tuple[Factor, int], ...]


def assess(subject: Subject, points: Points, on: date) -> Assessment:
    """Return the grade of a right in force or applied for."""
    long_life = subject.ends_on is not None and subject.ends_on >= add_months(on, 12 * points.long_life_years)
    holds = {
        Factor.CORE: subject.is_core,
        Factor.IN_USE: subject.is_in_use,
        Factor.HIGH_VALUE: subject.is_high_value,
        Factor.ABROAD: subject.is_abroad,
        Factor.LICENSED: subject.is_licensed,
        Factor.PLEDGED: subject.is_pledged,
        Factor.AWARD: subject.is_awarded,
        Factor.INVENTION: subject.kind == "invention",
        Factor.LONG_LIFE: long_life,
    }
    reasons = tuple((factor, points.factors[factor]) for factor in Factor if holds[factor])
    score = sum(count for _factor, count in reasons)
    return Assessment(grade_of(score, points), score, reasons)


def grade_of(score: int, points: Points) -> str:
    """Return the grade of a score."""
    return next((grade for grade in "ABC" if score >= points.floors[grade]), "D")


def advice(grade: str, factors: frozenset[str]) -> Advice:
    """Return what a grade suggests: keep what is used or strong, license what lies idle, give up the rest."""
    if grade == "A" or Factor.CORE in factors:
        return Advice.KEEP
    if grade == "D":
        return Advice.DROP
    if Factor.IN_USE in factors or Factor.LICENSED in factors:
        return Advice.KEEP
    return Advice.LICENCE
