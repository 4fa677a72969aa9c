"""Full-text search of rights: pairs of Chinese characters, beginnings of Latin words, and numbers in any spelling.

The other half, what a row is found by, is the generated column `Right.search` (see its migration).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup

from patents import numbers
from patents.models.rights import RightQuerySet

LONGEST = 200
FIRST_SIGN = "ぁ"  # below are marks: as in the migration
RUN = re.compile(r"[a-z0-9\u00df-\u052f]+|[\u3041-\U0010ffff]+")
NUMBER = re.compile(r"^(?:pct[a-z]{2}|[a-z]{2})?\d{4,}[a-z]?\d?$")
ODD = re.compile(r"[^a-z0-9]")


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`search__matches=<a tsquery in its own spelling>`, as `query()` writes it."""

    lookup_name = "matches"

    def get_prep_lookup(self) -> str:
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*params, self.rhs]


@SearchVectorField.register_lookup
class MatchesEach(Matches):
    """`matches`, asked row by row: no index of everybody's rights is read where few rows are in question."""

    lookup_name = "matches_each"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().as_sql(compiler, connection)
        return f"({sql}) IS TRUE", params


def query(text: str) -> str:
    """Return the tsquery of what somebody typed, "" where nothing can be looked for.

    All words must occur. Chinese of two and more characters is looked for by its pairs, one character by whatever
    begins with it; Latin words and numbers by their beginning.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    words = " & ".join(dict.fromkeys(part for run in RUN.findall(plain) for part in _parts(run)))
    number = ODD.sub("", numbers.normalise(plain).lower())
    is_number = NUMBER.match(number) and not any(sign >= FIRST_SIGN and sign != "号" for sign in plain)
    return f"'{number}':* | {words}" if is_number and words != f"'{number}':*" else words


def _parts(run: str) -> list[str]:
    if run[0] < FIRST_SIGN or len(run) == 1:
        return [f"'{run}':*"]
    return [f"'{run[at : at + 2]}'" for at in range(len(run) - 1)]


def search(rights: RightQuerySet, text: str, *, are_few: bool = False) -> RightQuerySet:
    """Limit rights to those found by `text`; nothing typed leaves them all, nothing but marks finds none.

    `are_few`: they are one enterprise's. PostgreSQL takes several pairs for much rarer than they are, and would fetch
    what the whole city has of them.
    """
    if not text.strip():
        return rights
    wanted = query(text)
    if not wanted:
        return rights.none()
    return rights.filter(search__matches_each=wanted) if are_few else rights.filter(search__matches=wanted)
