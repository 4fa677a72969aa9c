"""A list of cases as CSV that no spreadsheet can mistake for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal import kinds
from portal.formats import local
from portal.models import Stage, Status

BEGINS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"


class _Line:
    """A file of which one reads each line at once."""

    def write(self, text: str) -> str:
        return text


def safe(value: Any) -> str:
    """Return the words of a cell; what would begin a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(BEGINS_FORMULA) else text


def case_lines(rows: Iterable[Any]) -> Iterator[str]:
    """Yield the lines of the queue's export, with a mark that makes spreadsheets read it as UTF-8."""
    writer = csv.writer(_Line())
    head = (
        _("编号"), _("企业"), _("统一社会信用代码"), _("事项"), _("批次"), _("状态"), _("阶段"), _("受理区"),
        _("经办人"), _("审核时限"), _("企业期限"), _("提交时间"), _("更新时间"),
    )  # fmt: skip
    yield BOM + writer.writerow(head)
    for row in rows:
        yield writer.writerow([safe(cell) for cell in _cells(row)])


def _cells(row: Any) -> list[Any]:
    return [
        row.number,
        row.organisation.name,
        row.organisation.uscc,
        kinds.title_of(row.kind),
        row.call.title,
        Status(row.status).label,
        Stage(row.stage).label if row.stage else "",
        row.office_district,
        row.officer.name if row.officer else "",
        row.due_on,
        row.applicant_due_on,
        f"{local(row.submitted_at):%Y-%m-%d %H:%M}" if row.submitted_at else "",
        f"{local(row.updated_at):%Y-%m-%d %H:%M}",
    ]
