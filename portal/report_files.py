"""Tables as files: XLSX, CSV and PDF, written row by row. `tick(rows)` is called now and then with the rows done."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from portal import cells, documents
from portal.clock import SHANGHAI
from portal.errors import RuleBroken
from portal.formats import moment

EVERY = 500
MAX_PDF_ROWS = 2_000
MAX_XLSX_ROWS = 1_000_000
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}
Tick = Callable[[int], None]


@dataclass(frozen=True)
class Column:
    """A heading and the width in characters."""

    label: object
    width: int = 16


@dataclass(frozen=True)
class Table:
    """What a report returns: rows are sequences of text, numbers, dates or moments; `total` is how many will come."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: int
    as_of: dt.datetime
    note: str = ""


def write(table: Table, kind: str, path: Path, tick: Tick) -> int:
    """Write the table to `path`; return the number of rows. Raises RuleBroken where it does not fit the format."""
    return {"xlsx": _xlsx, "csv": _csv, "pdf": _pdf}[kind](table, path, tick)


def _counted(rows: Iterable[Sequence[Any]], tick: Tick, limit: int) -> Iterator[list[Any]]:
    for number, row in enumerate(rows, start=1):
        if number > limit:
            raise RuleBroken(
                _("这种格式最多 %(limit)s 行。请改用 XLSX 或 CSV，或缩小范围。") % {"limit": limit},
                code="too_many_rows",
            )
        if number % EVERY == 0:
            tick(number)
        yield [cell.astimezone(SHANGHAI) if isinstance(cell, dt.datetime) else cell for cell in row]


def _csv(table: Table, path: Path, tick: Tick) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([cells.safe(str(column.label)) for column in table.columns])
        for row in _counted(table.rows, tick, 10**9):
            writer.writerow([cells.safe(cell) for cell in row])
            count += 1
    return count


def _xlsx(table: Table, path: Path, tick: Tick) -> int:
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": table.title, "created": table.as_of.astimezone(SHANGHAI).replace(tzinfo=None)})
    head = book.add_format({"bold": True, "bg_color": "#EAF1FA", "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    at = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(_sheet_name(table.title))
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.label), head)
    count = 0
    for count, row in enumerate(_counted(table.rows, tick, MAX_XLSX_ROWS), start=1):
        for place, cell in enumerate(row):
            _write_cell(sheet, count, place, cell, day, at, text)
    sheet.autofilter(0, 0, max(count, 1), len(table.columns) - 1)
    book.close()
    return count


def _write_cell(sheet: Any, row: int, place: int, cell: Any, day: Any, at: Any, text: Any) -> None:
    """Write by type: text is always text, whatever it begins with."""
    if cell is None or cell == "":
        return
    if isinstance(cell, dt.datetime):
        sheet.write_datetime(row, place, cell.replace(tzinfo=None), at)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, place, dt.datetime.combine(cell, dt.time()), day)
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, place, cell)
    else:
        sheet.write_string(row, place, str(cell)[:32_767], text)


def _sheet_name(title: str) -> str:
    return "".join("_" if mark in "[]:*?/\\'" else mark for mark in title)[:31] or "1"


def _pdf(table: Table, path: Path, tick: Tick) -> int:
    rows = [[_shown(cell) for cell in row] for row in _counted(table.rows, tick, MAX_PDF_ROWS)]
    data = {
        "title": table.title,
        "as_of": moment(table.as_of),
        "note": table.note,
        "columns": [{"label": str(column.label), "width": column.width} for column in table.columns],
        "rows": rows,
    }
    path.write_bytes(documents.render("table", data, made_at=table.as_of))
    return len(rows)


def _shown(cell: Any) -> str:
    return cells.safe(cell) if isinstance(cell, dt.date) else "" if cell is None else str(cell)
