"""Size of an enterprise by staff, revenue and assets (工信部联企业〔2011〕300号). Pure: no Django, no database.

"以下" leaves the figure itself out, "以上" takes it in. An enterprise is large only where it reaches every upper bound
of its industry; it is medium or small where it reaches every lower bound of that class, else one class down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Size(StrEnum):
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Measure(StrEnum):
    """What is measured: persons, and 10 000 yuan of the year."""

    STAFF = "staff"
    REVENUE = "revenue"
    ASSETS = "assets"


class Industry(StrEnum):
    """The sixteen groups of the standard."""

    AGRICULTURE = "agriculture"
    INDUSTRY = "industry"
    CONSTRUCTION = "construction"
    WHOLESALE = "wholesale"
    RETAIL = "retail"
    TRANSPORT = "transport"
    STORAGE = "storage"
    POST = "post"
    LODGING = "lodging"
    CATERING = "catering"
    INFORMATION = "information"
    SOFTWARE = "software"
    REAL_ESTATE = "real_estate"
    PROPERTY = "property"
    LEASING = "leasing"
    OTHER = "other"


@dataclass(frozen=True)
class Bounds:
    """Limits of one industry: reaching every `upper` one makes it large; `medium` and `small` must all be reached."""

    upper: Mapping[Measure, Decimal]
    medium: Mapping[Measure, Decimal]
    small: Mapping[Measure, Decimal]

    @property
    def measures(self) -> list[Measure]:
        """The measures that count in this industry."""
        return [measure for measure in Measure if measure in self.upper or measure in self.small]


@dataclass(frozen=True)
class Check:
    """One comparison that was made: `value` against the `limit` that `size` asks for."""

    measure: Measure
    value: Decimal
    limit: Decimal
    size: Size

    @property
    def is_reached(self) -> bool:
        return self.value >= self.limit


@dataclass(frozen=True)
class Result:
    """The size and the comparisons that lead to it, the largest class first."""

    size: Size
    checks: tuple[Check, ...]


def classify(bounds: Bounds, values: Mapping[Measure, Decimal]) -> Result:
    """Return the size of an enterprise with these figures. Raises KeyError for a measure that counts and is missing."""
    done: list[Check] = []
    for size, limits in ((Size.LARGE, bounds.upper), (Size.MEDIUM, bounds.medium), (Size.SMALL, bounds.small)):
        checks = [Check(measure, values[measure], limit, size) for measure, limit in limits.items()]
        done += checks
        if all(check.is_reached for check in checks):
            return Result(size, tuple(done))
    return Result(Size.MICRO, tuple(done))
