"""Cells of exports that no spreadsheet takes for a formula, and that lose nothing. Pure.

In XLSX text is written as text. CSV knows no types: a text that would begin a formula gets an apostrophe before it,
and so does one that already has it, so that `plain()` gives back exactly what was there.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
MARK = "'"


def is_risky(text: str) -> bool:
    """Return whether a spreadsheet could run this text, also behind blanks or apostrophes."""
    return text.lstrip(" \u00a0\u3000\u200b\ufeff" + MARK).startswith(FORMULA)


def safe(value: Any) -> str:
    """Return the text of a CSV cell. Numbers stay numbers, negative ones too; text is defused where it is risky."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    return f"{MARK}{text}" if is_risky(text) else text


def plain(cell: str) -> str:
    """Undo `safe()` for text."""
    return cell[1:] if cell.startswith(MARK) and is_risky(cell[1:]) else cell
