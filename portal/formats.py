"""Dates, money and numbers as people read them, in the language of the reader."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, gettext

from portal.clock import SHANGHAI

NOTHING = "—"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Further counting costs more than the page it stands on, and nobody pages that far.
CAP = 1_000


def is_english() -> bool:
    """Say whether the present language is English."""
    return (get_language() or "").startswith("en")


def listed(words: Iterable[object]) -> str:
    """Return A、B or A, B."""
    return gettext("、").join(map(str, words))


def strung(parts: Iterable[object]) -> str:
    """Return A；B or A; B, for parts that are long or have commas of their own."""
    return gettext("；").join(map(str, parts))


def said(sentences: Iterable[object]) -> str:
    """Return whole sentences one after the other, with a space between them in English."""
    return (" " if is_english() else "").join(map(str, sentences))


def labelled(label: object, words: object) -> str:
    """Return 标签：内容 or Label: words."""
    return gettext("%(label)s：%(words)s") % {"label": label, "words": words}


def noted(words: object, note: object) -> str:
    """Return 内容（说明） or words (note)."""
    return gettext("%(words)s（%(note)s）") % {"words": words, "note": note}


def local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """Return an aware moment in Shanghai time; dates and naive moments as they are."""
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(SHANGHAI)
    return value


def day(value: dt.date | None) -> str:
    """Return 2026年11月22日 or 22 Nov 2026."""
    if not value:
        return NOTHING
    value = local(value)
    if is_english():
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: dt.date | None) -> str:
    """Return 11月22日 or 22 Nov, for lists in which the year is plain from the context."""
    if not value:
        return NOTHING
    value = local(value)
    return f"{value.day} {MONTHS[value.month - 1]}" if is_english() else f"{value.month}月{value.day}日"


def month(number: int) -> str:
    """Return 3月 or Mar."""
    return MONTHS[number - 1] if is_english() else f"{number}月"


def year_month(value: dt.date) -> str:
    """Return 2026年3月 or Mar 2026."""
    return f"{MONTHS[value.month - 1]} {value.year}" if is_english() else f"{value.year}年{value.month}月"


def weekday(value: dt.date | None) -> str:
    """Return 星期日 or Sunday."""
    if not value:
        return ""
    index = local(value).weekday()
    return WEEKDAYS_EN[index] if is_english() else f"星期{WEEKDAYS_ZH[index]}"


def clock_time(value: dt.datetime | None) -> str:
    """Return 14:03 in Shanghai time."""
    return f"{local(value):%H:%M}" if value else NOTHING


def moment(value: dt.datetime | None) -> str:
    """Return 2026年11月22日 14:03 or 22 Nov 2026, 14:03."""
    if not value:
        return NOTHING
    return f"{day(value)}{', ' if is_english() else ' '}{clock_time(value)}"


def short_moment(value: dt.datetime | None) -> str:
    """Return 11-22 14:03, for dense tables of officials in both languages."""
    return f"{local(value):%m-%d %H:%M}" if value else NOTHING


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def number(value: object, places: int | None = None) -> str:
    """Return a number with grouped thousands: 8,412; a true minus sign; — for nothing."""
    amount = _decimal(value)
    if amount is None or not amount.is_finite():
        return NOTHING
    text = f"{abs(amount):,.{places}f}" if places is not None else f"{abs(amount):,f}"
    return f"−{text}" if amount < 0 else text


def money(value: object, places: int = 2) -> str:
    """Return ¥1,200.00; −¥1,700.00 for a deduction; — for nothing."""
    text = number(value, places)
    if text == NOTHING:
        return text
    return f"−¥{text[1:]}" if text.startswith("−") else f"¥{text}"


def capped(value: object, cap: int = CAP) -> str:
    """Return an honest count: 1,000+ once the count stopped at the cap."""
    amount = _decimal(value)
    if amount is None:
        return NOTHING
    return f"{cap:,}+" if amount >= cap else number(amount)


def percent(value: object, places: int = 0) -> str:
    """Return 73% from a share of one, such as 0.73."""
    amount = _decimal(value)
    return NOTHING if amount is None else f"{number(amount * 100, places)}%"


def file_size(value: int | None) -> str:
    """Return 1.1 MB or 320 KB, in steps of 1024 bytes."""
    if value is None:
        return NOTHING
    size = float(value)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}".replace(".0 ", " ")
        size /= 1024
    return f"{size:.1f} GB"
