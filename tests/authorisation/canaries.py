"""Unique words put into every text of the world; whoever reads one that is not theirs has found a leak."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

import pypdf

WORD = re.compile(rb"zq\d{4}z")


@dataclass(frozen=True)
class Canary:
    """One word: whose it is, what sort of thing it stands in, in which case or of which person ("a|b": or persons)."""

    word: str
    party: str
    sort: str
    case: str = ""
    person: str = ""


class Canaries:
    """All canaries of a world. `literals` are texts that are unique by themselves: codes and public numbers."""

    def __init__(self) -> None:
        self.by_word: dict[bytes, Canary] = {}
        self.literals: dict[bytes, Canary] = {}

    def make(self, party: str, sort: str, *, case: str = "", person: str = "") -> str:
        """Return a new word."""
        word = f"zq{len(self.by_word):04d}z"
        self.by_word[word.encode()] = Canary(word, party, sort, case, person)
        return word

    def literal(self, text: str, party: str, sort: str, *, case: str = "", person: str = "") -> None:
        """Watch a text that the portal made itself."""
        self.literals[text.encode()] = Canary(text, party, sort, case, person)

    def found_in(self, content: bytes) -> set[Canary]:
        """Return every canary in some bytes."""
        found = {self.by_word[word] for word in set(WORD.findall(content)) if word in self.by_word}
        found |= {canary for text, canary in self.literals.items() if text in content}
        return found


def readable(response: Any, body: bytes) -> bytes:
    """Return everything a response says as bytes: status line, headers, body, and the texts inside PDF and XLSX."""
    head = f"{response.status_code} {response.reason_phrase}\n"
    head += "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = response.cookies.output() if response.cookies else ""
    return (head + cookies).encode("utf-8", "replace") + b"\n" + body + _inside(body)


def _inside(body: bytes) -> bytes:
    if body.startswith(b"%PDF"):
        if b"xref" not in body:  # an upload of the world that only looks like a PDF: its bytes are searched as they are
            return b""
        reader = pypdf.PdfReader(io.BytesIO(body))
        words = [page.extract_text() for page in reader.pages] + [str(reader.metadata or "")]
        return "\n".join(words).encode("utf-8", "replace")
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return b"\n".join(parts.read(name) for name in parts.namelist())
    return b""
