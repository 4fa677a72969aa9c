"""PDF files that can do something: scripts, programs, forms that send, files inside. Read object by object."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from portal.unsafe import Unsafe

MAX_OBJECTS = 300_000
MAX_DEPTH = 60
TAIL = 2048
# Keys and action types that run, fetch, send or carry something.
KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/AF", "/XFA", "/RichMediaContent", "/AA"}
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
TYPES = {"/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D", "/EmbeddedFile"}
# Long enough never to occur in compressed data by chance; catches objects that no table mentions.
LOUD = re.compile(rb"/(?:JavaScript|EmbeddedFile|RichMedia|SubmitForm|ImportData|Launch)\b")
END = re.compile(rb"%%EOF[\s\0]*\Z")


def inspect(data: bytes) -> None:
    """Raise Unsafe unless the document is whole, open and inert."""
    tail = END.search(data, max(0, len(data) - TAIL))
    if tail is None:
        raise Unsafe("polyglot" if b"%%EOF" in data[-70_000:] else "truncated")
    if LOUD.search(data):
        raise Unsafe("script", "named in the open")
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Unsafe("encrypted")
        for found in _objects(reader):
            _check(found, 0)
        if not len(reader.pages):
            raise Unsafe("truncated")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Unsafe("truncated", type(error).__name__) from error


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Yield the trailer and every object that a cross-reference table or an object stream knows."""
    yield reader.trailer
    known = {(number, generation) for generation, table in reader.xref.items() for number in table}
    known |= {(number, 0) for number in reader.xref_objStm}
    if len(known) > MAX_OBJECTS:
        raise Unsafe("bomb")
    for number, generation in sorted(known):
        if number:
            yield reader.get_object(IndirectObject(number, generation, reader))


def _check(found: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Unsafe("bomb")
    if isinstance(found, DictionaryObject):
        if KEYS & found.keys() or found.get("/S") in ACTIONS or TYPES & {found.get("/Type"), found.get("/Subtype")}:
            raise Unsafe("script", " ".join(map(str, found.keys()))[:200])
        parts: Any = dict.values(found)
    elif isinstance(found, ArrayObject):
        parts = list.__iter__(found)
    else:
        return
    for part in parts:
        if not isinstance(part, IndirectObject):
            _check(part, depth + 1)
