"""Read the days off and make-up days out of a year's notice as it is pasted. No Django, no database.

A line begins with the holiday's name and a colon; its sentences say 放假 or 上班. Lines without a date are passed over.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
LONGEST = 15  # days of one holiday; more is a slip
HEAD = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*)?([^：:\d]{2,30})[：:](.+)$")
ASIDE = re.compile(r"[（(][^（）()]*[)）]")
A_DATE = r"(?:(?P<year{0}>\d{{4}})\s*[年/-]\s*)?(?P<month{0}>\d{{1,2}})\s*[月/-]\s*(?P<day{0}>\d{{1,2}})\s*日?"
TO = (
    r"\s*(?:至|到|—|–|~|～)\s*"
    r"(?:(?:(?P<year2>\d{4})\s*[年/-]\s*)?(?P<month2>\d{1,2})\s*[月/-]\s*)?(?P<day2>\d{1,2})\s*日?"
)
SPAN = re.compile(A_DATE.format(1) + f"(?:{TO})?")
OFF, WORK = ("放假", "休息", "off"), ("上班", "work")


@dataclass
class Notice:
    """What was read: days by name, and the lines (from 1) that could not be read with what is wrong (a stable word)."""

    off: dict[date, str] = field(default_factory=dict)
    makeup: dict[date, str] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)


def read(text: str, year: int) -> Notice:
    """Return the days of a notice for `year`. Faults: unreadable, no_such_day, too_long, weekday_makeup, twice."""
    notice = Notice()
    for number, line in enumerate(text.splitlines(), start=1):
        if fault := _line(ASIDE.sub("", line), year, notice):
            notice.faults.append((number, fault))
    return notice


def _line(line: str, year: int, notice: Notice) -> str:
    head = HEAD.match(line)
    if head is None:
        return "unreadable" if SPAN.search(line) else ""
    name, rest = head.group(1).strip(), head.group(2)
    is_read = False
    for sentence in re.split(r"[。；;]", rest):
        if not SPAN.search(sentence):
            continue
        is_work, is_off = any(word in sentence for word in WORK), any(word in sentence for word in OFF)
        if is_work == is_off:
            return "unreadable"
        if fault := _sentence(sentence, year, name, notice.makeup if is_work else notice.off, is_work=is_work):
            return fault
        is_read = True
    return "" if is_read else "unreadable"


def _sentence(sentence: str, year: int, name: str, days: dict[date, str], *, is_work: bool) -> str:
    for found in SPAN.finditer(sentence):
        try:
            first, last = _ends(found, year)
        except ValueError:
            return "no_such_day"
        if not 0 <= (last - first).days < LONGEST:
            return "too_long"
        for offset in range((last - first).days + 1):
            day = first + offset * DAY
            if day in days:
                return "twice"
            if is_work and day.weekday() < 5:
                return "weekday_makeup"
            days[day] = name
    return ""


def _ends(found: re.Match[str], year: int) -> tuple[date, date]:
    first = date(int(found["year1"] or year), int(found["month1"]), int(found["day1"]))
    if not found["day2"]:
        return first, first
    month = int(found["month2"] or first.month)
    # 12月31日至1月2日: the year turns inside the holiday.
    turned = first.year + 1 if found["month2"] and month < first.month else first.year
    return first, date(int(found["year2"] or turned), month, int(found["day2"]))


def write(off: Mapping[date, str], makeup: Mapping[date, str]) -> str:
    """Return the days as lines that `read` understands, one holiday a line."""
    lines: dict[str, list[str]] = {}
    day_list = sorted(off)
    while day_list:
        first = last = day_list.pop(0)
        while day_list and day_list[0] == last + DAY and off[day_list[0]] == off[first]:
            last = day_list.pop(0)
        span = _written(first) if first == last else f"{_written(first)}至{_written(last)}"
        lines.setdefault(off[first], []).append(f"{span}放假。")
    for day in sorted(makeup):
        lines.setdefault(makeup[day], []).append(f"{_written(day)}上班。")
    return "\n".join(f"{name}：{''.join(parts)}" for name, parts in lines.items())


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
