"""Translations without gettext's programs, which a bare machine has not: texts to .po, .po to .mo, by babel."""

import datetime as dt
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import templatize

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
NO_DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # a date of the day would change the file without any change in it


def compile_all(folders: list[Path]) -> int:
    """Write each .mo that is missing or older than its .po; return how many were written."""
    written = 0
    for source in sorted(po for folder in folders for po in folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        draft = target.with_suffix(".new")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)  # a process that starts at this moment reads the old file or the new one, never half
        written += 1
    return written


def update(target: Path, base: Path, roots: Iterable[str]) -> tuple[int, int]:
    """Bring a .po up to date: new texts come empty, texts gone are dropped. Return (untranslated, all)."""
    template = Catalog(project="portal", creation_date=NO_DATE)
    for file in sources(base, roots):
        for _line, message, comments, context in texts(file):
            template.add(message, locations=[(str(file.relative_to(base)), 0)], auto_comments=comments, context=context)
    catalogue = Catalog(locale="en", project="portal", fuzzy=False, creation_date=NO_DATE, revision_date=NO_DATE)
    if target.exists():
        with target.open("rb") as old:
            catalogue = read_po(old, locale="en")
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as new:
        write_po(new, catalogue, width=110, sort_output=True, include_lineno=False)
    messages = [message for message in catalogue if message.id]
    return len([m for m in messages if not _is_translated(m.string)]), len(messages)


def _is_translated(text: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


def sources(base: Path, roots: Iterable[str]) -> Iterator[Path]:
    """Yield every file with texts, in a fixed order."""
    for root in roots:
        for file in sorted((base / root).rglob("*")):
            if file.suffix in {".py", ".html", ".txt"} and "migrations" not in file.parts:
                yield file


def texts(file: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    """Yield (line, text or (singular, plural), comments for translators, context) of one file."""
    content = file.read_text()
    if file.suffix != ".py":
        # What is left of a template is not indented as Python would have it; only the calls in it matter.
        content = "\n".join(line.strip() for line in templatize(content, origin=str(file)).splitlines())
    yield from extract("python", BytesIO(content.encode()), KEYWORDS, comment_tags=["Translators"])
