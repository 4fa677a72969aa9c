"""The rows of a table as HTML, as components/table.html shows them.

django-tables2 asks anew for every cell what its column is like; here each column is asked once, and a page of fifty
rows takes a quarter of the time. Attributes of cells may not depend on the row.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape, format_html, strip_tags
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

PICK = "is-check"


def body(table: Any) -> SafeString:
    """Return the rows of the present page."""
    cells = [_Cell(table, bound) for bound in table.columns]
    lines = []
    for row in table.paginated_rows:
        lines.append(f'<tr role="row" {row.attrs.as_html()}>')
        lines += [cell.html(row) for cell in cells]
        lines.append("</tr>")
    return mark_safe("".join(lines))  # noqa: S308 - every part is escaped


class _Cell:
    """One column of a table, for all of its rows."""

    def __init__(self, table: Any, bound: Any) -> None:
        self.table, self.bound, self.column = table, bound, bound.column
        self.default, self.empty_values = bound.default, bound.column.empty_values
        css = bound.attrs["td"].get("class")
        named = format_html(' class="{}"', css) if css else ""
        if bound.name == getattr(table, "row_header", None):
            self.head, self.tail = f'<th scope="row" role="rowheader"{named}>', "</th>"
        else:
            label = "" if css == PICK else f' data-l="{_label(bound.header)}"'
            self.head, self.tail = f'<td role="cell"{named}{label}>', "</td>"
        self.wanted, self.takes_all = _arguments(bound.render)
        self.needs_value = self.takes_all or "value" in self.wanted
        self.attribute = str(bound.accessor)
        # A link, a path through other objects: as django-tables2 does it.
        self.is_plain = bound.link is None and "." not in self.attribute and "__" not in self.attribute
        self.displays: dict[type, str] = {}

    def html(self, row: Any) -> str:
        is_plain = self.is_plain and isinstance(row.record, Model)
        shown = self.shown(row) if is_plain else row.get_cell(self.bound.name)
        return f"{self.head}{_escaped(shown)}{self.tail}"

    def shown(self, row: Any) -> Any:
        record = row.record
        value = getattr(record, self.attribute, None)
        if self.needs_value or value in self.empty_values:  # the words of a choice are dear
            display = self.display_of(type(record))
            value = getattr(record, display)() if display else value
        if callable(value):
            return row.get_cell(self.bound.name)
        if value in self.empty_values:
            return self.default
        known = {
            "value": value, "record": record, "column": self.column, "bound_column": self.bound, "bound_row": row,
            "table": self.table,
        }  # fmt: skip
        return self.bound.render(**(known if self.takes_all else {name: known[name] for name in self.wanted}))

    def display_of(self, model: type) -> str:
        """Return the method that gives the words of a choice, "" where the column is no choice."""
        if model not in self.displays:
            name = f"get_{self.attribute}_display"
            self.displays[model] = name if _has_choices(model, self.attribute) and hasattr(model, name) else ""
        return self.displays[model]


def _has_choices(model: Any, name: str) -> bool:
    try:
        return bool(getattr(model._meta.get_field(name), "choices", None))
    except FieldDoesNotExist:
        return False


def _arguments(render: Callable[..., Any]) -> tuple[list[str], bool]:
    found = inspect.signature(render).parameters.values()
    takes_all = any(one.kind == one.VAR_KEYWORD for one in found)
    return [one.name for one in found if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)], takes_all


def _label(header: Any) -> str:
    words = strip_tags(str(header))
    return words if isinstance(header, SafeData) else escape(words)


def _escaped(shown: Any) -> str:
    if isinstance(shown, str):
        return conditional_escape(shown)
    return conditional_escape(localize(template_localtime(shown)))
