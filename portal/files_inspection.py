"""What is inside a file, by its bytes alone: type, wholeness, and everything that could act on its reader's machine.

Pure: no Django, no database. `Unsafe.code` is a value of `portal.models.Refusal`. All parsers here are bounded, and an
unexpected error of theirs is the caller's sign to keep the file in quarantine.
"""

import os
import re
import struct
import zlib
from typing import IO

from portal import office_files, pdf_files
from portal.unsafe import Unsafe

__all__ = ["TYPES", "Unsafe", "flush", "inspect", "sniff"]

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX, XLSX = office_files.DOCX, office_files.XLSX
# Media type -> the suffixes a name may carry, the usual one first.
TYPES: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
PNG_MARK, ZIP_MARK, ZIP_END = b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"PK\x05\x06"
HEAD = 4096
ZIP_TAIL = 22 + 65_535
MAX_SIDE, MAX_PIXELS = 30_000, 200_000_000
ACTIVE = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg|iframe|body)\b|<\?php", re.IGNORECASE)


def flush(stored: IO[bytes]) -> None:
    """Make a file and the entry in its folder durable: an upload that was acknowledged survives a power cut."""
    os.fsync(stored.fileno())
    folder = os.open(os.path.dirname(stored.name), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sniff(stream: IO[bytes]) -> str:
    """Return the media type by content, cheaply; raises Unsafe (empty, wrong_type, macro, truncated)."""
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        raise Unsafe("empty")
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(PNG_MARK):
        return PNG
    if head.startswith(ZIP_MARK):
        return office_files.sniff(stream)
    raise Unsafe("wrong_type")


def inspect(stream: IO[bytes], media_type: str) -> None:
    """Raise Unsafe unless the whole file is a sound, inert file of this type."""
    if sniff(stream) != media_type:
        raise Unsafe("wrong_type")
    if media_type in (DOCX, XLSX):
        office_files.inspect(stream)
        return
    stream.seek(0)
    data = stream.read()
    if ZIP_END in data[-ZIP_TAIL:] or (media_type != PDF and b"%PDF-" in data[:HEAD]):
        raise Unsafe("polyglot")
    {PDF: _inspect_pdf, JPEG: _inspect_jpeg, PNG: _inspect_png}[media_type](data)


def _inspect_pdf(data: bytes) -> None:
    if ACTIVE.search(data[:HEAD]):
        raise Unsafe("polyglot")
    pdf_files.inspect(data)


def _inspect_png(data: bytes) -> None:
    """Walk all chunks with their checksums; nothing may stand behind the end."""
    place, first = len(PNG_MARK), True
    while True:
        if place + 12 > len(data):
            raise Unsafe("truncated")
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data) or zlib.crc32(data[place + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise Unsafe("truncated")
        if first:
            if name != b"IHDR" or length != 13:
                raise Unsafe("truncated")
            _check_pixels(*struct.unpack_from(">II", data, place + 8))
        if name == b"IEND":
            break
        place, first = end, False
    if data[end:].strip(b"\0"):
        raise Unsafe("polyglot")


def _inspect_jpeg(data: bytes) -> None:
    """Walk the segments to the picture and find its end. Cameras may append further pictures, but no markup."""
    place, seen_size = 2, False
    while True:
        if place + 4 > len(data) or data[place] != 0xFF:
            raise Unsafe("truncated")
        marker = data[place + 1]
        if marker == 0xFF:  # fill byte
            place += 1
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            _check_pixels(*struct.unpack(">HH", data[place + 5 : place + 9].rjust(4, b"\0"))[::-1])
            seen_size = True
        place += 2 + length
        if marker == 0xDA:
            break
    end = data.find(b"\xff\xd9", place)
    if not seen_size or end < 0:
        raise Unsafe("truncated")
    if ACTIVE.search(data[end:]) or b"%PDF-" in data[end:]:
        raise Unsafe("polyglot")


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise Unsafe("truncated")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Unsafe("pixels")
