"""Sound files pass, hostile ones are named for what they are. No database."""

import io
import tracemalloc

import pytest

from portal import files_inspection as inspection
from tests.factories import documents as made

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
CLEAN = {
    "a PDF": (made.pdf(), inspection.PDF),
    "a PDF of 300 pages": (made.pdf(pages=300), inspection.PDF),
    "a PNG": (made.png(), inspection.PNG),
    "a JPEG": (made.jpeg(), inspection.JPEG),
    "a JPEG with a second picture": (made.jpeg() + made.jpeg(), inspection.JPEG),
    "a DOCX": (made.docx(), inspection.DOCX),
    "a DOCX with a link": (made.linked_docx(), inspection.DOCX),
    "a DOCX with chart data": (made.nested_docx(made.xlsx()), inspection.DOCX),
    "an XLSX": (made.xlsx(), inspection.XLSX),
    "an XLSX with printer settings": (made.xlsx({"xl/printerSettings/printerSettings1.bin": b"\0"}), inspection.XLSX),
}
HOSTILE = {
    "0 bytes": (b"", "empty"),
    "plain text": ("营业执照".encode(), "wrong_type"),
    "SVG with a script": (SVG, "wrong_type"),
    "HTML": (HTML, "wrong_type"),
    "a program": (b"MZ\x90\0" + b"\0" * 100, "wrong_type"),
    "old binary Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wrong_type"),
    "a ZIP that is no document": (made.package({"a.txt": "x"}), "wrong_type"),
    "PDF cut in half": (made.pdf(pages=20)[:1500], "truncated"),
    "only a PDF header": (b"%PDF-1.7\n%%EOF\n", "truncated"),
    "HTML behind a PDF header": (b"%PDF-1.4\n" + HTML + b"\n%%EOF", "polyglot"),
    "PDF followed by a ZIP": (made.pdf() + made.package({"a": "x"}), "polyglot"),
    "PDF followed by HTML": (made.pdf() + HTML, "polyglot"),
    "PDF with a script": (made.scripted_pdf(), "script"),
    "PDF with a hidden script": (made.hidden_script_pdf(), "script"),
    "PDF that starts a program": (made.launching_pdf(), "script"),
    "PDF with a file inside": (made.carrying_pdf(), "script"),
    "PDF with a password": (made.locked_pdf(), "encrypted"),
    "PNG cut in half": (made.png()[:40], "truncated"),
    "PNG with a wrong checksum": (made.png()[:-5] + b"\0\0\0\0\0", "truncated"),
    "PNG followed by a script": (made.png() + b"<script>", "polyglot"),
    "PNG and ZIP in one": (made.png() + made.package({"a": "x"}), "polyglot"),
    "PNG of a million pixels a side": (made.png(1_000_000, 1_000_000), "pixels"),
    "PNG without size": (made.png(0, 0), "truncated"),
    "JPEG cut in half": (made.jpeg()[:30], "truncated"),
    "JPEG without end": (made.jpeg()[:-2], "truncated"),
    "JPEG and HTML in one": (made.jpeg() + HTML, "polyglot"),
    "JPEG too large": (made.jpeg(60_000, 60_000), "pixels"),
    "DOCX cut in half": (made.docx()[:200], "truncated"),
    "DOCX with a macro": (made.macro_docx(), "macro"),
    "DOCM": (made.docm(), "macro"),
    "DOCX with ActiveX": (made.docx({"word/activeX/activeX1.xml": "<x/>"}), "macro"),
    "DOCX with a program": (made.docx({"word/embeddings/oleObject1.bin": b"MZ"}), "macro"),
    "DOCX with HTML inside": (made.docx({"word/afchunk.html": "<p>"}), "macro"),
    "DOCX reading /etc/passwd": (made.xxe_docx(), "entity"),
    "XLSX with a billion laughs": (made.laughs_xlsx(), "entity"),
    "DOCX with a template from outside": (made.template_docx(), "external"),
    "XLSX with DDE": (made.dde_xlsx(), "external"),
    "XLSX with XLM macros": (made.xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), "macro"),
    "a ZIP bomb": (made.bomb_docx(), "bomb"),
    "a ZIP bomb of many parts": (made.many_parts_docx(), "bomb"),
    "a ZIP bomb of overlapping parts": (made.overlapping_docx(), "bomb"),
    "a ZIP in a ZIP in a ZIP": (made.nested_docx(made.nested_docx(made.xlsx())), "macro"),
    "a macro in the chart data": (made.nested_docx(made.xlsx({"xl/vbaProject.bin": b"x"})), "macro"),
    "a path out of the folder": (made.docx({"../../etc/cron.d/x.xml": "<x/>"}), "path"),
    "an absolute path": (made.docx({"/etc/x.xml": "<x/>"}), "path"),
    "a Windows path": (made.docx({"word\\..\\x.xml": "<x/>"}), "path"),
    "a drive letter": (made.docx({"C:/x.xml": "<x/>"}), "path"),
    "a symbolic link": (made.symlink_docx(), "path"),
    "two parts of one name": (made.docx({"word/A.xml": "<a/>", "word/a.xml": "<a/>"}), "path"),
    "a program before the ZIP": (b"MZ" + made.docx(), "wrong_type"),
    "a shell script before the ZIP": (b"PK\x03\x04#!/bin/sh\n" + made.docx(), "polyglot"),
    "XML that is none": (made.docx({"word/document.xml": "<document>"}), "truncated"),
}


def verdict(data: bytes) -> tuple[str, str]:
    """Return (media type, "") or ("", code)."""
    stream = io.BytesIO(data)
    try:
        media_type = inspection.sniff(stream)
        inspection.inspect(stream, media_type)
    except inspection.Unsafe as unsafe:
        return "", unsafe.code
    return media_type, ""


@pytest.mark.parametrize("name", CLEAN)
def test_inspect_sound_file_passes(name: str) -> None:
    data, media_type = CLEAN[name]
    assert verdict(data) == (media_type, "")


@pytest.mark.parametrize("name", HOSTILE)
def test_inspect_hostile_file_is_named(name: str) -> None:
    data, code = HOSTILE[name]
    assert verdict(data) == ("", code)


def test_inspect_other_type_than_at_upload_is_refused() -> None:
    with pytest.raises(inspection.Unsafe, match="wrong_type"):
        inspection.inspect(io.BytesIO(made.png()), inspection.PDF)


def test_inspect_bomb_takes_little_memory() -> None:
    bomb = made.bomb_docx(140 * 1024 * 1024)
    tracemalloc.start()
    assert verdict(bomb) == ("", "bomb")
    assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    tracemalloc.stop()


@pytest.mark.parametrize("data", [made.pdf(pages=3), made.png(), made.jpeg(), made.docx(), made.xlsx()])
def test_inspect_every_truncation_is_refused_and_never_crashes(data: bytes) -> None:
    for length in range(1, len(data) - 2, max(1, len(data) // 150)):
        assert verdict(data[:length])[0] == ""
