"""Read a business-registry file row by row: encoding, columns by name, one clean record or the reasons against it.

No Django and no database. Reasons never repeat a cell: a row that slipped by a column may hold a person's name.
"""

import codecs
import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from portal import uscc
from portal.registry_values import fold, is_province, name_key, parse_capital, parse_date, suggest_district

REPLACED = "\ufffd"  # stands where a decoder gave up
EMPTY = frozenset(["", "n/a", "na", "null", "none", "-", "--", "—", "无", "不详"])
COLUMNS = {
    "name": ("企业名称", "名称", "单位名称", "公司名称"),
    "uscc": ("统一社会信用代码", "工商统一社会信用代码", "社会信用代码", "信用代码"),
    "registered_on": ("注册日期", "成立日期", "注册时间"),
    "company_type": ("企业类型", "公司类型", "类型"),
    "capital": ("注册资金", "注册资本"),
    "scope": ("经营范围",),
    "province": ("所在省份", "省份"),
    "district": ("地区", "所在区", "区县"),
    "address": ("注册地址", "地址", "住所"),
}
REQUIRED = ("name", "uscc")
LONGEST = {"name": 200, "company_type": 100, "capital": 60, "district": 30, "address": 300}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason: a stable word, and the header of the column it was found in ("" when it concerns the row)."""

    reason: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One enterprise in clean values; the order of the fields is part of the row hash."""

    uscc: str
    name: str
    name_key: str
    registered_on: date | None
    company_type: str
    capital_text: str
    capital_wan: Decimal | None
    currency: str
    scope: str
    district_text: str
    division_code: str
    district_code: str | None
    address: str

    def row_hash(self) -> str:
        """Return a digest that changes when any stored value does."""
        text = "\x1f".join("\x00" if value is None else str(value) for value in astuple(self))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(slots=True)
class Row:
    """One row of the file: its number counting the header as 1, and a record or the problems against it."""

    number: int
    code_title: str = ""
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


class UnreadableFile(ValueError):
    """No rows can be read at all; `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def detect_encoding(path: Path) -> str:
    """Return utf-8-sig, gb18030, or utf-16 as the file is written.

    A file with damaged bytes under a header that is good UTF-8 stays UTF-8: its damaged rows are refused one by one,
    where GB18030 would read almost any bytes as some characters. Raises UnreadableFile for an empty file.
    """
    with path.open("rb") as file:
        head = file.readline()
    if not head.strip():
        raise UnreadableFile("empty")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _decodes(path, "utf-8") or map_columns(next(csv.reader([head.decode("utf-8-sig", "replace")]))):
        return "utf-8-sig"
    return "gb18030"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def map_columns(header: Sequence[str]) -> dict[str, int]:
    """Return field -> position for the columns that are known by name, in whatever order they stand."""
    places = {fold(title): number for number, title in reversed(list(enumerate(header)))}
    found = {}
    for name, titles in COLUMNS.items():
        for title in titles:
            if title in places:
                found[name] = places[title]
                break
    return found


def read(path: Path, today: date) -> Iterator[Row]:
    """Yield every row of the file with its record or its problems. Raises UnreadableFile."""
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        columns = map_columns(header)
        titles = [fold(title) or f"#{number}" for number, title in enumerate(header, start=1)]
        line = rows.line_num
        try:
            for number, cells in enumerate(rows, start=2):
                lines, line = rows.line_num - line, rows.line_num
                if any(cell.strip() for cell in cells):
                    yield _Reader(number, cells, columns, titles, today).row(lines)
        except csv.Error as error:
            raise UnreadableFile("broken_csv") from error


class _Reader:
    """Turns the cells of one row into a Row; collects every problem, not only the first."""

    def __init__(self, number: int, cells: list[str], columns: dict[str, int], titles: list[str], today: date) -> None:
        self.cells = cells
        self.columns = columns
        self.titles = titles
        self.today = today
        self.found = Row(number, code_title=self._title(columns["uscc"]) if "uscc" in columns else "")

    def row(self, lines: int) -> Row:
        """Return the row; `lines` is how many lines of the file it took."""
        for number, cell in enumerate(self.cells):
            if REPLACED in cell or "\x00" in cell:
                self._problem("destroyed_text", number)
        if len(self.cells) != len(self.titles):
            self._problem("open_quote" if lines > 1 else "cell_count")
        if missing := [name for name in REQUIRED if name not in self.columns]:
            for name in missing:
                self.found.problems.append(Problem("column_missing", COLUMNS[name][0]))
            self._look_for_code()
            return self.found
        if self.found.problems:
            if not uscc.is_valid(self._cell("uscc")):
                self._look_for_code()
            return self.found
        record = self._record()
        self.found.record = None if self.found.problems else record
        return self.found

    def _record(self) -> Record | None:
        name = " ".join(self._cell("name").split())
        if not name:
            self._problem("name_missing", self.columns["name"])
        capital_text, (wan, currency) = self._text("capital"), self._capital()
        self._check_place()
        for key, most in LONGEST.items():
            if len(self._text(key)) > most:
                self._problem("too_long", self.columns[key])
        code = self._code()
        registered_on = self._date()
        if code is None or self.found.problems:
            return None
        return Record(
            uscc=code,
            name=name,
            name_key=name_key(name),
            registered_on=registered_on,
            company_type=self._text("company_type"),
            capital_text=capital_text,
            capital_wan=wan,
            currency=currency,
            scope=self._text("scope"),
            district_text=self._text("district"),
            division_code=uscc.division(code),
            district_code=suggest_district(self._text("district"), code),
            address=self._text("address"),
        )

    def _problem(self, reason: str, number: int | None = None) -> None:
        self.found.problems.append(Problem(reason, "" if number is None else self._title(number)))

    def _title(self, number: int) -> str:
        return self.titles[number] if number < len(self.titles) else f"#{number + 1}"

    def _cell(self, key: str) -> str:
        number = self.columns.get(key)
        return "" if number is None or number >= len(self.cells) else self.cells[number].strip()

    def _text(self, key: str) -> str:
        cell = self._cell(key)
        return "" if cell.lower() in EMPTY else cell

    def _code(self) -> str | None:
        number = self.columns["uscc"]
        if not self._text("uscc"):
            self._problem("uscc_missing", number)
        else:
            try:
                return uscc.validate(self._cell("uscc"))
            except uscc.InvalidCode as error:
                self._problem(f"uscc_{error.reason}", number)
        self._look_for_code()
        return None

    def _look_for_code(self) -> None:
        """A valid code in another column: the columns stand in another order or slipped."""
        for number, cell in enumerate(self.cells):
            if number != self.columns.get("uscc") and uscc.is_valid(cell):
                self._problem("code_elsewhere", number)

    def _date(self) -> date | None:
        if not (text := self._text("registered_on")):
            return None
        number = self.columns["registered_on"]
        try:
            day = parse_date(text)
        except ValueError:
            self._problem("date_unreadable", number)
            return None
        if day > self.today:
            self._problem("date_in_future", number)
        return day

    def _capital(self) -> tuple[Decimal | None, str]:
        if not (text := self._text("capital")):
            return None, ""
        if (parsed := parse_capital(text)) is None:
            self.found.remarks.append(Problem("capital_unread", self._title(self.columns["capital"])))
            return None, ""
        return parsed

    def _check_place(self) -> None:
        """A province or district that cannot be one means the row slipped; what follows it is not to be trusted."""
        province = self._text("province")
        if province and not is_province(province):
            self._problem("not_a_province", self.columns["province"])
        if any(char.isdigit() for char in self._text("district")):
            self._problem("not_a_district", self.columns["district"])
