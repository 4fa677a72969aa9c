"""Keyset pages: a page starts where the last one ended, so page 1 000 costs what page 1 costs. Counts stop at a cap.

A cursor is base64 of the ordering values of one row. It is not signed: it chooses a place in rows that were already
limited to the user, never which rows. NULLS LAST for the first ordering column; the last column must be unique.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Func, Value

from portal import formats

PAGE_SIZE = 50
COUNT_CAP = formats.CAP


class BadCursor(ValueError):
    """The cursor was cut or made for another order. Pages begin anew; the API answers 400."""


@dataclass(frozen=True)
class Column:
    """One ordering column: its path (`due_on`, `organisation__name`), direction, and its model field."""

    name: str
    is_descending: bool
    field: models.Field[Any, Any]

    @property
    def is_nullable(self) -> bool:
        return bool(self.field.null)

    def value_of(self, row: Any) -> Any:
        if isinstance(row, Mapping):
            return row[self.name]
        for part in self.name.split("__"):
            row = getattr(row, part)
        return row


@dataclass
class Keyset:
    """One page of a queryset: `rows`, whether there is more on either side, and the cursors that lead there.

    `order` holds column paths, "-" for descending, the last one unique. `after` and `before` are cursors as they came
    in the address; at most one is used. `count_cap`: 0 leaves the count out; `counted` are the same rows without what
    is only shown of them. Raises BadCursor when first evaluated.
    """

    queryset: QuerySet[Any]
    order: Sequence[str]
    after: str = ""
    before: str = ""
    size: int = PAGE_SIZE
    count_cap: int = COUNT_CAP
    known_count: int | None = None
    counted: QuerySet[Any] | None = None
    columns: list[Column] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = [_column(self.queryset.model, name) for name in self.order]
        if any(column.is_nullable for column in self.columns[1:]):
            raise ValueError("only the first ordering column may hold NULL")

    @classmethod
    def of_request(cls, request: Any, queryset: QuerySet[Any], order: Sequence[str], **options: Any) -> Keyset:
        """Return the page a request's ?after= or ?before= asks for; a spoilt cursor leads to the first page."""
        page = cls(queryset, order, request.GET.get("after", ""), request.GET.get("before", ""), **options)
        try:
            page._start  # noqa: B018 - decodes the cursor
        except BadCursor:
            page = cls(queryset, order, **options)
        return page

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_backwards(self) -> bool:
        return bool(self.before) and not self.after

    @cached_property
    def _start(self) -> list[Any] | None:
        cursor = self.after or self.before
        return decode(cursor, self.columns) if cursor else None

    @cached_property
    def _found(self) -> list[Any]:
        """Return one row more than the page holds, in the order of reading."""
        wanted = self.size + 1
        found: list[Any] = []
        for rows in _spans(self.queryset, self.columns, self._start, self.is_backwards):
            found += rows[: wanted - len(found)]
            if len(found) >= wanted:
                break
        return found

    @cached_property
    def rows(self) -> list[Any]:
        rows = self._found[: self.size]
        return rows[::-1] if self.is_backwards else rows

    @property
    def has_next(self) -> bool:
        return bool(self.rows) if self.is_backwards else len(self._found) > self.size

    @property
    def has_previous(self) -> bool:
        if self.is_backwards:
            return len(self._found) > self.size
        return self._start is not None and bool(self.rows)

    def cursor_of(self, row: Any) -> str:
        """Return the cursor of any row, whether it is on this page or not: its neighbours lie beyond it."""
        return encode(row, self.columns)

    @property
    def next_cursor(self) -> str | None:
        return encode(self.rows[-1], self.columns) if self.has_next else None

    @property
    def previous_cursor(self) -> str | None:
        return encode(self.rows[0], self.columns) if self.has_previous else None

    @cached_property
    def count(self) -> int | None:
        """Return how many rows there are in all, counted no further than the cap; None where no count is wanted."""
        if self.known_count is not None:
            return self.known_count
        if not self.count_cap:
            return None
        if self._start is None and not self.has_next:
            return len(self.rows)
        return capped_count(self.queryset if self.counted is None else self.counted, self.count_cap)

    @property
    def first(self) -> int | None:
        """Return the number of the first row: known only on the first page, because a cursor is no number."""
        return 1 if self._start is None and self.rows else None

    @property
    def last(self) -> int | None:
        return len(self.rows) if self.first else None


def capped_count(queryset: QuerySet[Any], cap: int = COUNT_CAP) -> int:
    """Return the number of rows, counted no further than `cap`."""
    return queryset.order_by()[:cap].count()


def capped_counts(
    querysets: Mapping[str, QuerySet[Any]], cap: int = COUNT_CAP, *, along: Sequence[str] = ()
) -> dict[str, int]:
    """Return several capped counts in one statement: what the tabs of a list show.

    `along` is an order whose index holds just these rows: without it PostgreSQL may look for them in the whole table.
    """
    if not querysets:
        return {}
    parts: list[str] = []
    values: list[Any] = []
    for queryset in querysets.values():
        limited = queryset.order_by(*along).values("pk")[:cap]
        try:
            sql, params = limited.query.sql_with_params()
        except EmptyResultSet:  # a filter that can match nothing
            sql, params = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS part)")  # noqa: S608 - Django's own parametrised SQL
        values += params
    using = next(iter(querysets.values())).db
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return dict(zip(querysets, cursor.fetchone(), strict=True))


def encode(row: Any, columns: Sequence[Column]) -> str:
    """Return the cursor of a row."""
    text = json.dumps([column.value_of(row) for column in columns], cls=ExactJSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class ExactJSONEncoder(DjangoJSONEncoder):
    """Keeps the microseconds: a cursor cut to milliseconds would repeat or skip rows."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def decode(cursor: str, columns: Sequence[Column]) -> list[Any]:
    """Return the ordering values of a cursor; raises BadCursor."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(text)
        if not isinstance(values, list) or len(values) != len(columns):
            raise BadCursor(cursor)
        return [_clean(column, value) for column, value in zip(columns, values, strict=True)]
    except (binascii.Error, UnicodeError, ValueError, TypeError, ValidationError, OverflowError) as error:
        raise BadCursor(cursor) from error


def _clean(column: Column, value: Any) -> Any:
    if isinstance(value, list | dict) or (value is None and not column.is_nullable):
        raise BadCursor(column.name)
    if isinstance(value, str) and "\x00" in value:
        raise BadCursor(column.name)
    cleaned = column.field.to_python(value)
    if isinstance(cleaned, int) and not isinstance(cleaned, bool) and abs(cleaned) >= 2**63:
        raise BadCursor(column.name)
    return cleaned


def _column(model: type[models.Model], path: str) -> Column:
    name = path.lstrip("-")
    found: Any = None
    at: Any = model
    for part in name.split("__"):
        try:
            found = at._meta.pk if part == "pk" else at._meta.get_field(part)
        except FieldDoesNotExist as error:
            raise ValueError(f"{model.__name__} has no column {name}") from error
        at = found.related_model
    return Column(name, path.startswith("-"), found)


def _spans(
    queryset: QuerySet[Any], columns: Sequence[Column], start: list[Any] | None, backwards: bool
) -> Iterator[QuerySet[Any]]:
    """Yield querysets that, one after the other, hold the rows beyond the cursor in the order of reading.

    Rows without a value stand last. Both halves are ranges of the index: an OR over them would read it from the start.
    """
    ordered = queryset.order_by(*(_order(column, backwards) for column in columns))
    if start is None:
        yield ordered
        return
    head = columns[0]
    if not head.is_nullable:
        yield ordered.filter(_beyond(columns, start, backwards))
        return
    is_null = Q(**{f"{head.name}__isnull": True})
    if start[0] is None:
        yield ordered.filter(is_null, _beyond(columns[1:], start[1:], backwards))
        if backwards:
            yield ordered.filter(~is_null)
        return
    yield ordered.filter(~is_null, _beyond(columns, start, backwards))
    if not backwards:
        yield ordered.filter(is_null)


def _order(column: Column, backwards: bool) -> Any:
    is_descending = column.is_descending != backwards
    nulls = {"nulls_first": True} if backwards and column.is_nullable else {}
    if column.is_nullable and not backwards:
        nulls = {"nulls_last": True}
    return F(column.name).desc(**nulls) if is_descending else F(column.name).asc(**nulls)


class _Row(Func):
    """A row of values: PostgreSQL compares rows column by column, straight from an index."""

    template = "(%(expressions)s)"
    output_field = models.BooleanField()  # never read; Django asks for one


class _Compare(Func):
    template = "%(expressions)s"
    output_field = models.BooleanField()


def _beyond(columns: Sequence[Column], values: Sequence[Any], backwards: bool) -> Any:
    """Return the condition for rows beyond these values in the order of reading."""
    directions = {column.is_descending for column in columns}
    if len(directions) == 1:
        sign = "<" if directions.pop() != backwards else ">"
        left = _Row(*(F(column.name) for column in columns))
        right = _Row(*(Value(value, output_field=column.field) for column, value in zip(columns, values, strict=True)))
        return _Compare(left, right, arg_joiner=f" {sign} ")
    condition, equal = Q(pk__in=[]), Q()
    for column, value in zip(columns, values, strict=True):
        operator = "lt" if column.is_descending != backwards else "gt"
        condition |= equal & Q(**{f"{column.name}__{operator}": value})
        equal &= Q(**{column.name: value})
    bound = "lte" if columns[0].is_descending != backwards else "gte"
    return Q(**{f"{columns[0].name}__{bound}": values[0]}) & condition
