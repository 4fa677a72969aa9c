"""Single cells of an import in clean values: dates, numbers, names, classes, shares. Pure.

`Unclear.code` says why a cell cannot be read; the sentences stand in `patents.importing.words`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from patents import identities, numbers

EMPTY = frozenset(["", "-", "--", "---", "—", "——", "/", "n/a", "na", "null", "none", "无", "暂无", "空", "nan"])
LONGEST_EMPTY = max(map(len, EMPTY))
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
DESTROYED = "\ufffd"
DATE = re.compile(
    r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?"
    r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$"
)
COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0+)?$")
SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
SERIAL_FROM, SERIAL_TO = 20_000, 73_050  # 1954 to 2099: any other five digits are no date
EPOCH = dt.date(1899, 12, 30)
PERIOD = re.compile(r"\s*(?:至|到|~|—|–|－|\bto\b)\s*")
TIME_ZERO = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?$")
FIRST_YEAR, LAST_YEAR = 1900, 2200
# Ends of names that stand behind a comma: "Idemitsu Kosan Co., Ltd." is one name.
SUFFIX = re.compile(
    r"^(?:ltd|inc|llc|l\.l\.c|corp|co|gmbh|limited|incorporated|corporation|s\.?a|s\.?p\.?a|s\.?r\.?l|b\.?v|n\.?v|plc|ag|kg"
    r"|k\.?k|pte|pty|lp|l\.p|ltda|a\.?s|ab|oy|oyj|jr|sr|ii|iii|the)\b\.?",
    re.IGNORECASE,
)
STRONG = re.compile(r"\s*(?:;;|[;；|｜、\n]|\|\|)\s*")
COMMA = re.compile(r"\s*[,，]\s*")
HAN = re.compile(r"[\u3400-\u9fff]")
PARENTHESES = str.maketrans({"（": "(", "）": ")", "［": "(", "］": ")", "【": "(", "】": ")", "〔": "(", "〕": ")"})
IPC = re.compile(r"^([A-H])\s*(\d{2})\s*([A-Z])\s*(?:(\d{1,4})\s*[/∕]\s*(\d{2,6}))?")
LOCARNO = re.compile(r"^(\d{1,2})-(\d{1,2})")
NICE = re.compile(r"\d{1,2}")
PLAIN_IPC = re.compile(r"[\s(（]*(?:20\d{2}\.\d{2}|I|N)?[)）\s]*$")
PUBLICATION = re.compile(r"^([A-Z]{2})((?:WO)?[A-Z]{0,2}\d{4,13})([A-Z]\d?)$")


class Unclear(ValueError):
    """A cell that cannot be read; `code` is a stable word, `wanted` what would be right where that is known."""

    def __init__(self, code: str, *, wanted: str = "") -> None:
        super().__init__(code)
        self.code, self.wanted = code, wanted


def text(cell: object) -> str:
    """Return a cell as text: no control characters, one blank for many, nothing for the words that mean nothing."""
    clean = str(cell or "").strip()
    if not clean.isprintable() or "  " in clean:
        clean = " ".join(CONTROL.sub(" ", clean).split())
    return "" if len(clean) <= LONGEST_EMPTY and clean.lower() in EMPTY else clean


@lru_cache(maxsize=65_536)
def date(cell: str) -> str:
    """Return the day as YYYY-MM-DD, or "" for nothing; raises Unclear("date")."""
    plain = unicodedata.normalize("NFKC", cell).strip().lstrip("'")
    if not plain or plain.lower() in EMPTY:
        return ""
    found = DATE.match(plain) or COMPACT_DATE.match(plain)
    try:
        if found:
            day = dt.date(int(found[1]), int(found[2]), int(found[3]))
        elif (serial := SERIAL.match(plain)) and SERIAL_FROM <= int(serial[1]) <= SERIAL_TO:
            day = EPOCH + dt.timedelta(days=int(serial[1]))
        else:
            raise Unclear("date")
    except ValueError:
        raise Unclear("date") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unclear("date")
    return day.isoformat()


def last_date(cell: str) -> str:
    """Return the day, or the end of a period written as 2016-12-28至2026-12-27; raises Unclear("date")."""
    return date(PERIOD.split(cell.strip())[-1])


@lru_cache(maxsize=65_536)
def application(cell: str) -> tuple[str, str, str]:
    """Return (number as written with its point, kind, route) of a Chinese application or patent number.

    Without check digit (Lens, old lists) it is completed. Raises Unclear(length, character, type, check_digit).
    """
    bare = numbers.normalise(cell.removesuffix(".0") if cell.endswith(".0") and len(cell) > 13 else cell)
    if len(bare) in (8, 12) and bare.isascii() and bare.isdecimal():
        bare += numbers.check_digit(bare)
    if re.fullmatch(r"\d{12}[\dX][A-Z]", bare):  # Lens appends the kind code of the document
        bare = bare[:-1]
    elif re.fullmatch(r"\d{12}[A-Z]", bare) and not bare.endswith("X"):
        bare = bare[:-1] + numbers.check_digit(bare[:-1])
    try:
        found = numbers.parse(bare)
    except numbers.InvalidNumber as invalid:
        raise Unclear(invalid.reason, wanted=invalid.wanted) from None
    kinds = {"1": "invention", "8": "invention", "2": "utility_model", "9": "utility_model", "3": "design"}
    return str(found), kinds[str(found.type.value)], "pct" if found.type.value in "89" else "national"


@lru_cache(maxsize=65_536)
def publication(cell: str) -> tuple[str, str, str]:
    """Return (number without separators, country, kind code) of CN-114789993-B; raises Unclear("publication")."""
    bare = identities.compact(cell)
    if found := PUBLICATION.match(bare):
        return bare, found[1], found[3]
    if found := re.match(r"^([A-Z]{2})\d{4,13}$", bare):
        return bare, found[1], ""
    raise Unclear("publication")


def kind_of_publication(number: str, code: str) -> str:
    """Return the kind that a Chinese publication number betrays by its letter or first digit."""
    letter = code[:1]
    if letter in "UY" and letter:
        return "utility_model"
    if letter in "SD" and letter:
        return "design"
    return {"1": "invention", "2": "utility_model", "3": "design"}.get(number[2:3], "invention")


def is_grant(country: str, code: str) -> bool:
    """Tell whether a document with this kind code is a grant: CN B, C, U, Y, S, D; elsewhere B and C."""
    return bool(code) and code[0] in ("BCUYSD" if country == "CN" else "BC")


@lru_cache(maxsize=65_536)
def names(cell: str) -> tuple[str, ...]:
    """Return the names of a cell in order, each once; "Co., Ltd." stays with its company."""
    plain = unicodedata.normalize("NFC", cell).strip()
    if not plain or plain.lower() in EMPTY:
        return ()
    parts = STRONG.split(plain) if STRONG.search(plain) else _by_commas(plain)
    found = [" ".join(part.split()) for part in parts]
    return tuple(dict.fromkeys(part for part in found if part and part.lower() not in EMPTY))


def _by_commas(plain: str) -> list[str]:
    parts: list[str] = []
    for part in COMMA.split(plain):
        if parts and SUFFIX.match(part):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return by which one enterprise is the same in several spellings: width, brackets, blanks, case, dots.

    Nothing is guessed: 有限公司 and 股份有限公司 are two enterprises.
    """
    folded = unicodedata.normalize("NFKC", name.translate(PARENTHESES)).translate(PARENTHESES)
    return "".join(re.sub(r"[·•・‧.,，。]", "", folded).split()).upper()


@lru_cache(maxsize=65_536)
def ipc(cell: str) -> str:
    """Return an IPC symbol as H01M10/052, a Locarno class as 14-02, or the text as it is."""
    plain = unicodedata.normalize("NFKC", cell).strip().upper()
    if found := IPC.match(plain):
        section, number, letter, group, sub = found.groups()
        head = f"{section}{number}{letter}"
        return f"{head}{int(group)}/{sub}" if group else head
    if found := LOCARNO.match(plain):
        return f"{int(found[1]):02d}-{int(found[2]):02d}"
    return plain[:20]


@lru_cache(maxsize=65_536)
def classes(cell: str) -> tuple[str, ...]:
    """Return the IPC or Locarno classes of a cell, each once."""
    parts = re.split(r";;|[;；|,，、\n]", cell)
    return tuple(dict.fromkeys(found for part in parts if (found := ipc(part))))


@lru_cache(maxsize=4_096)
def nice_classes(cell: str) -> tuple[str, ...]:
    """Return the Nice classes of a trademark: 9 and 35 for 第09类、第35类. Raises Unclear("nice_class")."""
    found = [int(number) for number in NICE.findall(unicodedata.normalize("NFKC", cell))]
    if not found or any(not 1 <= number <= 45 for number in found):
        raise Unclear("nice_class")
    return tuple(str(number) for number in dict.fromkeys(found))


@lru_cache(maxsize=4_096)
def reduction(cell: str) -> str:
    """Return the reduced share "0", "0.70" or "0.85" of 85%、0.85、减缴85%; raises Unclear("reduction")."""
    plain = unicodedata.normalize("NFKC", cell)
    found = re.search(r"\d+(?:\.\d+)?", plain)
    if found is None:
        if plain in {"否", "不减缴", "未备案"}:
            return "0"
        raise Unclear("reduction")
    share = float(found[0]) / (100 if float(found[0]) > 1 else 1)
    for known in ("0.85", "0.70"):
        if abs(share - float(known)) < 1e-9:
            return known
    if share == 0:
        return "0"
    raise Unclear("reduction")


@lru_cache(maxsize=4_096)
def year(cell: str) -> int:
    """Return a patent year 1 to 20 of 6, 第6年; raises Unclear("paid_year")."""
    found = re.search(r"\d{1,2}", unicodedata.normalize("NFKC", cell))
    if found is None or not 1 <= int(found[0]) <= 20:
        raise Unclear("paid_year")
    return int(found[0])


def is_chinese(words: str) -> bool:
    """Tell whether a text has Chinese characters: a Chinese title beats a translated one."""
    return bool(HAN.search(words))
