"""DOCX and XLSX: sound packages without macros, embedded programs, outside sources, entities, bombs or odd paths."""

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import IO, Any
from xml.sax import SAXException, handler
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from portal.unsafe import Unsafe

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = "[Content_Types].xml"
MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
MAX_ENTRIES = 5_000
MAX_UNPACKED = 150 * 1024 * 1024
MAX_RATIO, RATIO_FROM = 200, 5 * 1024 * 1024
MAX_CONTENT_TYPES = 2 * 1024 * 1024
CHUNK = 256 * 1024
DAMAGED = (BadZipFile, LargeZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError)
MAX_NESTING = 1
INERT = frozenset("xml rels vml png jpg jpeg gif bmp emf wmf tif tiff svg wdp odttf fntdata thmx".split())
PACKAGES = frozenset({"docx", "xlsx"})
ODD_PATH = re.compile(r"(^|/)\.\.(/|$)|^/|\\|^[A-Za-z]:|[\x00-\x1f]")
ACTIVE_PART = re.compile(r"vbaProject|vbaData|activeX|macrosheets|oleObject|attachedToolbars|/ctrlProps/", re.I)
ACTIVE_TYPE = re.compile(r"macroEnabled|vbaProject|activeX|oleObject|vnd\.ms-office\.vba|controlproperties", re.I)
PRINTER = re.compile(r"^(word|xl)/printerSettings/[\w.-]+\.bin$")


def sniff(stream: IO[bytes]) -> str:
    """Return DOCX or XLSX by the package's own table of contents; raises Unsafe for every other ZIP file."""
    try:
        with ZipFile(stream) as package:
            if CONTENT_TYPES not in package.namelist():
                raise Unsafe("wrong_type")
            return _main_type(package)
    except DAMAGED as error:
        raise Unsafe("truncated", str(error)) from error


def _main_type(package: ZipFile) -> str:
    entry = package.getinfo(CONTENT_TYPES)
    if entry.file_size > MAX_CONTENT_TYPES:
        raise Unsafe("bomb")
    if entry.flag_bits & 1:
        raise Unsafe("encrypted")
    reader = _ContentTypes()
    with package.open(entry) as part:
        _parse(part, reader)
    if any(ACTIVE_TYPE.search(name) for name in reader.types):
        raise Unsafe("macro")
    found = {MAIN[name] for name in reader.types if name in MAIN}
    if len(found) != 1:
        raise Unsafe("wrong_type")
    return found.pop()


def inspect(stream: IO[bytes], *, nesting: int = 0) -> None:
    """Raise Unsafe unless the package is sound and inert. Packages inside (chart data) are inspected once more."""
    stream.seek(0)
    size = stream.seek(0, 2)
    try:
        with ZipFile(stream) as package:
            _main_type(package)
            entries = package.infolist()
            _check_envelope(package, entries, size)
            for entry in entries:
                _check_entry(package, entry, nesting)
    except DAMAGED as error:
        raise Unsafe("truncated", str(error)) from error


def check_envelope(stream: IO[bytes]) -> None:
    """Raise Unsafe for bombs, encrypted parts and odd paths, without unpacking anything."""
    stream.seek(0)
    size = stream.seek(0, 2)
    try:
        with ZipFile(stream) as package:
            _check_envelope(package, package.infolist(), size)
    except DAMAGED as error:
        raise Unsafe("truncated", str(error)) from error


def _check_envelope(package: ZipFile, entries: list[ZipInfo], size: int) -> None:
    """Numbers, names and sizes as the central directory claims them; zipfile holds the parts to these claims."""
    if package.comment or min((e.header_offset for e in entries), default=1) != 0:
        raise Unsafe("polyglot")
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise Unsafe("bomb")
    if sum(e.compress_size for e in entries) > size:  # parts that overlap: the densest bombs
        raise Unsafe("bomb")
    if any(e.file_size > RATIO_FROM and e.file_size > MAX_RATIO * max(1, e.compress_size) for e in entries):
        raise Unsafe("bomb")
    names = [e.filename.casefold() for e in entries]
    is_link = any(stat.S_ISLNK(e.external_attr >> 16) for e in entries)
    if len(set(names)) != len(names) or is_link or any(ODD_PATH.search(e.orig_filename) for e in entries):
        raise Unsafe("path")
    if any(e.flag_bits & 1 for e in entries):
        raise Unsafe("encrypted")


def _check_entry(package: ZipFile, entry: ZipInfo, nesting: int) -> None:
    name = entry.filename
    if entry.is_dir():
        return
    if ACTIVE_PART.search(name):
        raise Unsafe("macro", name)
    suffix = name.rpartition(".")[2].lower()
    with package.open(entry) as part:
        if suffix in ("xml", "rels", "vml", "svg"):
            _parse(part, _Markup(is_relations=suffix == "rels"))
        elif suffix in PACKAGES and nesting < MAX_NESTING and "/embeddings/" in name:
            if entry.file_size > MAX_UNPACKED // 5:
                raise Unsafe("bomb", name)
            inspect(part, nesting=nesting + 1)
        elif suffix in INERT or PRINTER.match(name):
            for _chunk in _chunks(part):  # reading to the end lets zipfile compare size and checksum
                pass
        else:
            raise Unsafe("macro", name)


def _chunks(part: IO[bytes]) -> Iterator[bytes]:
    while chunk := part.read(CHUNK):
        yield chunk


class _Handler(handler.ContentHandler):
    """Base: no outside entity is ever resolved."""


class _ContentTypes(_Handler):
    """Collects the content types of all parts."""

    def __init__(self) -> None:
        super().__init__()
        self.types: set[str] = set()

    def startElement(self, name: str, attrs: Any) -> None:
        if "ContentType" in attrs:
            self.types.add(attrs["ContentType"])


class _Markup(_Handler):
    """Refuses scripts, live data links and relationships that point outside (links to follow by hand excepted)."""

    def __init__(self, *, is_relations: bool) -> None:
        super().__init__()
        self.is_relations = is_relations

    def startElement(self, name: str, attrs: Any) -> None:
        local = name.rpartition(":")[2].lower()
        if local in ("ddelink", "olelink", "script", "oleobject"):
            raise Unsafe("macro" if local != "ddelink" else "external", name)
        if self.is_relations and local == "relationship" and attrs.get("TargetMode") == "External":
            self._check_outside(attrs.get("Type", ""), attrs.get("Target", ""))

    @staticmethod
    def _check_outside(kind: str, target: str) -> None:
        is_link = kind.endswith("/hyperlink") and target.lower().startswith(("http://", "https://", "mailto:", "#"))
        is_sheet_name = kind.endswith("/externalLinkPath")  # the name beside values that are kept in the file itself
        if not (is_link or is_sheet_name) or target.startswith("//") or "\\\\" in target:
            raise Unsafe("external", f"{kind} {target}"[:200])


def _parse(part: IO[bytes], reader: _Handler) -> None:
    try:
        defusedxml.sax.parse(part, reader, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unsafe("entity", type(error).__name__) from error
    except SAXException as error:
        raise Unsafe("truncated", str(error)) from error
