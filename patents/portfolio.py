"""A portfolio in figures: rights by year, kind, status, class, grade and year of expiry, in one statement."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.functions import Coalesce, ExtractYear, Left

from patents.models import RightKind
from patents.models.rights import IN_FORCE, RightQuerySet
from portal import kept
from portal.clock import now

# Colours are fixed per meaning: invention 1, utility model 2, design 3 (design/DESIGN.md 5); the rest is the fourth.
SERIES = (RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN)
SETS = {"year": "kind, year", "status": "kind, status", "grade": "grade", "ipc": "ipc", "expiry": "kind, expiry"}
BITS = ("kind", "status", "grade", "year", "expiry", "ipc")


@dataclass
class Figures:
    """Counts: by (series, year), (kind, status), grade, class, (series, year of expiry of what is in force)."""

    as_of: dt.datetime
    year: Counter[tuple[int, int]] = field(default_factory=Counter)
    status: Counter[tuple[str, str]] = field(default_factory=Counter)
    grade: Counter[str] = field(default_factory=Counter)
    ipc: Counter[str] = field(default_factory=Counter)
    expiry: Counter[tuple[int, int]] = field(default_factory=Counter)
    high_value: int = 0  # of what is in force

    @property
    def total(self) -> int:
        return sum(self.status.values())

    @property
    def in_force(self) -> int:
        return sum(count for (_kind, status), count in self.status.items() if status in IN_FORCE)

    def counted(self, kinds: Collection[str], statuses: Collection[str]) -> int:
        """Return how many rights of these kinds have one of these statuses."""
        return sum(count for (kind, status), count in self.status.items() if kind in kinds and status in statuses)

    def by_kind(self) -> Counter[str]:
        """Return all rights by kind."""
        found: Counter[str] = Counter()
        for (kind, _status), count in self.status.items():
            found[kind] += count
        return found

    def by_status(self) -> Counter[str]:
        """Return all rights by status."""
        found: Counter[str] = Counter()
        for (_kind, status), count in self.status.items():
            found[status] += count
        return found


def series_of(kind: str) -> int:
    """Return the place of a kind among the four series of a chart."""
    return SERIES.index(RightKind(kind)) if kind in SERIES else len(SERIES)


def kept_figures_of(rights: RightQuerySet) -> Figures:
    """Return the figures of these rights as they are now; counted anew only after one of them has changed."""
    return replace(kept.while_unchanged("portfolio", rights, lambda: figures_of(rights)), as_of=now())


def figures_of(rights: RightQuerySet) -> Figures:
    """Count these rights in one statement; their ends are those entered, else those of the law."""
    found = Figures(now())
    plain = rights.order_by().annotate(
        year=ExtractYear("filed_on"), expiry=ExtractYear(Coalesce("expires_on", "ends_on")), ipc=Left("main_ipc", 4)
    )
    try:
        sql, params = plain.values_list(*BITS, "is_high_value").query.sql_with_params()
    except EmptyResultSet:
        return found
    sets = ", ".join(f"({columns})" for columns in SETS.values())
    statement = f"""
        SELECT kind, status, grade, year, expiry, ipc, COUNT(*),
            COUNT(*) FILTER (WHERE status = ANY(%s)), COUNT(*) FILTER (WHERE status = ANY(%s) AND is_high_value),
            GROUPING({", ".join(BITS)})
        FROM ({sql}) AS part ({", ".join(BITS)}, is_high_value) GROUP BY GROUPING SETS ({sets})
    """  # noqa: S608 - Django's own parametrised SQL and names of ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(IN_FORCE), list(IN_FORCE), *params])
        for *values, count, alive, high, grouping in cursor.fetchall():
            found.high_value += high if MASKS[grouping] == "grade" else 0
            _count(found, dict(zip(BITS, values, strict=True)), count, alive, grouping)
    return found


def _mask(columns: str) -> int:
    """Return what GROUPING says of a set: a bit is set for every column that is not in it."""
    wanted = columns.split(", ")
    return int("".join("0" if bit in wanted else "1" for bit in BITS), 2)


MASKS = {_mask(columns): name for name, columns in SETS.items()}


def _count(found: Figures, row: dict[str, str], count: int, alive: int, grouping: int) -> None:
    name = MASKS[grouping]
    if name == "status":
        found.status[row["kind"], row["status"]] += count
    elif name == "year" and row["year"]:
        found.year[series_of(row["kind"]), int(row["year"])] += count
    elif name == "expiry" and row["expiry"] and alive:
        found.expiry[series_of(row["kind"]), int(row["expiry"])] += alive
    elif name == "grade":
        found.grade[row["grade"]] += alive
    elif name == "ipc" and row["ipc"]:
        found.ipc[row["ipc"]] += count
