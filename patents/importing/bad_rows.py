"""The rows that stay outside as a file: as they stood in the source, with a column that says why; no formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patents.importing import sandbox, words
from patents.importing.working import local_file
from patents.models import ImportRow, ImportRun, Right, Verdict
from portal import cells
from portal.errors import RuleBroken
from portal.models import Secrecy

OUTSIDE = (Verdict.BAD, Verdict.FOREIGN, Verdict.DUPLICATE)
MAX_XLSX = 20_000
LONGEST_CELL = 32_000


def seen_by(run: ImportRun, user: Any) -> QuerySet[ImportRow]:
    """Return the rows a colleague may see: none that stands on a right kept for named persons."""
    named = Right.objects.filter(organisation=run.organisation_id, secrecy=Secrecy.NAMED)
    return ImportRow.objects.filter(run=run).exclude(right__in=named.exclude(readers__contains=[user.pk]))


def reasons(run: ImportRun, user: Any) -> dict[int, str]:
    """Return row number -> why it stays outside, in the reader's language."""
    rows = seen_by(run, user).filter(verdict__in=OUTSIDE).order_by("position")
    found = {}
    for position, verdict, problems, changes in rows.values_list("position", "verdict", "problems", "changes"):
        if verdict == Verdict.DUPLICATE:
            found[position] = _("与第 %(row)s 行是同一件。") % {"row": changes.get("_first", "")}
        else:
            found[position] = words.problems([one for one in problems if one["level"] != "warning"])
    return found


def table(run: ImportRun, user: Any) -> Iterator[list[str]]:
    """Yield the header and then each row, with row number and reason in front."""
    if not run.key:
        raise RuleBroken(_("文件已过保存期，不能再下载。"), code="no_file")
    found = reasons(run, user)
    with local_file(run.key) as path, sandbox.lines(path, "cells", positions=list(found)) as lines:
        _number, header = json.loads(next(lines))
        yield [_("原行号"), _("原因"), *header]
        for line in lines:
            number, row = json.loads(line)
            yield [str(number), found[number], *row]


def as_csv(run: ImportRun, user: Any) -> Iterator[bytes]:
    """Yield a CSV in UTF-8 with its mark, as Excel opens it."""
    yield b"\xef\xbb\xbf"
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in table(run, user):
        writer.writerow([cells.safe(cell) for cell in row])
        yield buffer.getvalue().encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()


def as_xlsx(run: ImportRun, user: Any, path: Path) -> None:
    """Write a workbook of texts; raises RuleBroken where CSV is the better way."""
    if sum(run.counts.get(verdict.value, 0) for verdict in OUTSIDE) > MAX_XLSX:
        raise RuleBroken(_("行数太多，请下载 CSV。"), code="too_many_rows")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_("未导入的行"))
        for place, row in enumerate(table(run, user)):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell[:LONGEST_CELL])
