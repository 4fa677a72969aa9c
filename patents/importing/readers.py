"""Cells of a file, row by row with their numbers: CSV, TSV, XLSX, XLS, and the office's JSON and XML. Pure.

The type is told by the content, never by the name. Everything runs in a process of its own with bounded memory and
time (`patents.importing.sandbox`): what a hostile file breaks here breaks nothing else.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException
from python_calamine import CalamineError, CalamineWorkbook

from patents.importing import headers
from portal import office_files
from portal.unsafe import Unsafe

MAX_ROWS = 100_000
MAX_SIZE = 50 * 1024 * 1024
MAX_COLUMNS = 500
MAX_CELL = 40_000  # more than the longest abstract or list of goods; the rest of a longer cell is cut
MAX_SHEETS = 10
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = (",", "\t", ";", "|")
HEAD = 64 * 1024

Cells = list[str]
Numbered = tuple[int, Cells]


class Unreadable(ValueError):
    """No rows can be read at all; `code` is a stable word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Table:
    """What a file holds: its format, the header as written and its row, and the rows below it."""

    format: str
    header: Cells
    header_row: int
    rows: Iterator[Numbered] = field(repr=False)


def read(path: Path) -> Table:
    """Return the table of a file; raises Unreadable. Rows beyond MAX_ROWS raise while they are being read."""
    size = path.stat().st_size
    if not size:
        raise Unreadable("empty")
    if size > MAX_SIZE:
        raise Unreadable("too_large")
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    return _table(*_rows(path, head))


def _rows(path: Path, head: bytes) -> tuple[str, Iterator[Numbered]]:
    if head.startswith(ZIP):
        return "xlsx", _workbook(path, _checked_package(path))
    if head.startswith(OLE):
        return "xls", _workbook(path, "xls")
    if b"\0" not in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _unmarked_utf16(head):
        return _text(path, head)
    raise Unreadable("wrong_type")


def _table(format: str, rows: Iterator[Numbered]) -> Table:
    """Find the header among the first rows; Google Patents has a line above it."""
    top = list(islice(rows, headers.LOOK_AT))
    cells = [row for _number, row in top]
    place = headers.find(cells)
    if place is None:
        place = headers.first_wide(cells)
    if place is None:
        raise Unreadable("no_header")
    header = [" ".join(cell.split())[:100] for cell in cells[place]]
    while header and not header[-1]:
        header.pop()
    below = chain(top[place + 1 :], rows)
    return Table(format, header, top[place][0], _limited(below))


def _limited(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    count = 0
    for number, cells in rows:
        if not any(map(str.strip, cells)):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unreadable("too_many_rows")
        yield number, cells


# --- text: CSV, TSV, JSON, XML ------------------------------------------------------------------------------------
def _unmarked_utf16(head: bytes) -> str:
    """Return utf-16-le or -be where the head is that without a mark: it then names columns; else an empty text."""
    if b"\0" not in head:
        return ""
    whole = head[: len(head) // 2 * 2]
    return next((name for name in ("utf-16-le", "utf-16-be") if _names_columns(whole.decode(name, "ignore"))), "")


def encoding_of(path: Path, head: bytes) -> str:
    """Return how a text file is written. Where only some bytes are damaged it stays UTF-8: GB18030 reads anything."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if unmarked := _unmarked_utf16(head):
        return unmarked
    if head.startswith(codecs.BOM_UTF8) or _decodes(path, "utf-8"):
        return "utf-8-sig"
    if _decodes(path, "gb18030"):
        return "utf-8-sig" if _names_columns(head.decode("utf-8", "ignore"), is_ascii_enough=False) else "gb18030"
    return "utf-8-sig" if _names_columns(head.decode("utf-8", "replace"), is_ascii_enough=False) else "gb18030"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _names_columns(text: str, *, is_ascii_enough: bool = True) -> bool:
    """Whether the head names columns when it is read like this; ASCII titles say nothing of UTF-8 or GB18030."""
    lines = [line for line in text.splitlines()[:10] if is_ascii_enough or not line.isascii()]
    return any(headers.score(re.split(r"[,\t;|]", line)) >= 2 for line in lines)


def _text(path: Path, head: bytes) -> tuple[str, Iterator[Numbered]]:
    encoding = encoding_of(path, head)
    start = head.decode(encoding, "replace").lstrip("\ufeff \r\n\t")
    lowered = start[:2000].lower()
    if start.startswith("<") and ("<html" in lowered or "<table" in lowered or "<!doctype html" in lowered):
        raise Unreadable("html")
    if start.startswith("<"):
        return "xml", _records(_xml(path))
    if start.startswith(("{", "[")) and not start.startswith("[标"):
        return "json", _records(_json(path, encoding))
    delimiter = _delimiter(start)
    return ("tsv" if delimiter == "\t" else "csv"), _csv(path, encoding, delimiter)


def _delimiter(start: str) -> str:
    lines = start.splitlines()[:10]
    scored = [(max((headers.score(line.split(mark)) for line in lines), default=0), mark) for mark in DELIMITERS]
    best = max(score for score, _mark in scored)
    if best >= 2:
        return next(mark for score, mark in scored if score == best)
    return max(DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))


def _csv(path: Path, encoding: str, delimiter: str) -> Iterator[Numbered]:
    csv.field_size_limit(MAX_CELL * 4)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        try:
            for number, cells in enumerate(csv.reader(stream, delimiter=delimiter), start=1):
                yield number, [cell[:MAX_CELL] for cell in cells[:MAX_COLUMNS]]
        except csv.Error as error:
            raise Unreadable("broken_csv") from error


def _json(path: Path, encoding: str) -> list[dict[str, Any]]:
    """Return the longest list of records anywhere in the answer; a single record is a list of one."""
    text = path.read_text(encoding=encoding, errors="replace").lstrip("\ufeff")
    try:
        data = json.loads(text)
    except RecursionError:
        raise Unreadable("broken_json") from None
    except ValueError:
        try:  # one record a line
            data = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            raise Unreadable("broken_json") from None
    found = max(_lists(data, 6), key=lambda rows: (_known(rows), len(rows)), default=[])
    if not found:
        raise Unreadable("no_records")
    return found


def _lists(data: Any, depth: int) -> Iterator[list[dict[str, Any]]]:
    if isinstance(data, list):
        records = [item for item in data if isinstance(item, dict)]
        if records:
            yield records
        children: Iterable[Any] = records[:50]
    elif isinstance(data, dict):
        yield [data]
        children = data.values()
    else:
        return
    if depth:
        for child in children:
            yield from _lists(child, depth - 1)


def _known(records: Sequence[dict[str, Any]]) -> int:
    return headers.score(list(records[0]))


def _xml(path: Path) -> list[dict[str, Any]]:
    """Return every element whose children are plain fields; no entity and no document type is accepted."""
    found: list[dict[str, Any]] = []
    try:
        for _event, element in defusedxml.ElementTree.iterparse(str(path), events=("end",), forbid_dtd=True):
            if record := _record(element):
                found.append(record)
                element.clear()
            if len(found) > MAX_ROWS:
                raise Unreadable("too_many_rows")
    except DefusedXmlException as error:
        raise Unreadable("entity") from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("broken_xml") from error
    known = [record for record in found if headers.score(list(record)) >= 2]
    if not (known or found):
        raise Unreadable("no_records")
    return known or found


def _record(element: Element) -> dict[str, Any] | None:
    fields: dict[str, Any] = {_local(name): value for name, value in element.attrib.items()}
    for child in element:
        name, text = _local(child.tag), (child.text or "").strip()
        parts = [(part.text or "").strip() for part in child if not len(part)]
        value = "；".join(part for part in (text, *parts) if part)
        fields[name] = f"{fields[name]}；{value}" if fields.get(name) and value else value or fields.get(name, "")
    return fields if len(element) >= 2 and any(fields.values()) else None


def _local(tag: str) -> str:
    return str(tag).rpartition("}")[2]


def _records(records: list[dict[str, Any]]) -> Iterator[Numbered]:
    """Yield records as rows under the union of their keys; row 1 is the header."""
    titles = list(islice(dict.fromkeys(str(key) for record in records for key in record), MAX_COLUMNS))
    yield 1, titles
    for number, record in enumerate(records, start=2):
        yield number, [_flat(record.get(title)) for title in titles]


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(_flat(item) for item in value if not isinstance(item, dict | list))
    return "" if value is None or isinstance(value, dict) else str(value)[:MAX_CELL]


# --- workbooks ----------------------------------------------------------------------------------------------------
def _checked_package(path: Path) -> str:
    """Refuse bombs, encrypted and other packages before anything is unpacked."""
    try:
        with path.open("rb") as stream:
            if office_files.sniff(stream) != office_files.XLSX:
                raise Unreadable("wrong_type")
            office_files.check_envelope(stream)
    except Unsafe as unsafe:
        raise Unreadable(unsafe.code) from unsafe
    except (OSError, zipfile.BadZipFile) as error:
        raise Unreadable("truncated") from error
    return "xlsx"


def _workbook(path: Path, _format: str) -> Iterator[Numbered]:
    """Yield the rows of the sheet whose header names most fields; of equal ones the first."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names[:MAX_SHEETS]
        best = max(names, key=lambda name: _sheet_score(book, name)) if len(names) > 1 else names[0]
        sheet = book.get_sheet_by_name(best)
        first_row, first_column = sheet.start or (0, 0)
        if sheet.total_width > MAX_COLUMNS:
            raise Unreadable("too_wide")
        indent = [""] * first_column
        for number, cells in enumerate(sheet.iter_rows(), start=first_row + 1):
            shown = [cell if cell.__class__ is str and len(cell) <= MAX_CELL else _shown(cell) for cell in cells]
            yield number, [*indent, *shown] if indent else shown
    except CalamineError as error:
        raise Unreadable("encrypted" if "password" in str(error).lower() else "truncated") from error
    except (IndexError, OverflowError) as error:
        raise Unreadable("truncated") from error


def _sheet_score(book: CalamineWorkbook, name: str) -> int:
    top = [[_shown(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(nrows=headers.LOOK_AT)]
    place = headers.find(top)
    return headers.score(top[place]) if place is not None else 0


def _shown(cell: Any) -> str:
    """Return a cell as people see it: whole numbers without .0, days as YYYY-MM-DD."""
    if isinstance(cell, str):
        return cell if len(cell) <= MAX_CELL else cell[:MAX_CELL]
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)
