"""How the time that is left is said: words, icon and urgency. Today is not counted, the last day is."""

import datetime as dt
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from portal import clock


class Countdown(NamedTuple):
    """One deadline as shown: `level` names its look (far, soon, near, today, over, grace, paused, met, prov)."""

    level: str
    icon: str
    text: str
    left: int | None


ICONS = {
    "far": "calendar",
    "soon": "clock",
    "near": "clock-exclamation",
    "today": "alert-circle",
    "over": "alert-triangle",
    "grace": "hourglass",
    "paused": "player-pause",
    "met": "check",
    "prov": "help-circle",
}
ROLES = {
    "far": "neutral",
    "soon": "info",
    "near": "wait",
    "today": "bad",
    "over": "bad",
    "grace": "wait",
    "paused": "neutral",
    "met": "good",
    "prov": "neutral",
}


def days_left(target: dt.date | int | None, today: dt.date | None = None) -> int | None:
    """Return the calendar days up to a date, or the given count unchanged."""
    if target is None or isinstance(target, int):
        return target
    return (target - (today or clock.today())).days


def level_of(left: int) -> str:
    """Return the urgency of a number of days: the same thresholds for calendar and working days."""
    if left < 0:
        return "over"
    if left == 0:
        return "today"
    if left <= 7:
        return "near"
    return "soon" if left <= 30 else "far"


def left_text(left: int, unit: str = "day") -> str:
    """Return 还有 46 天, 还有 5 个工作日, 今天截止 or 已超期 3 天."""
    if left == 0:
        return gettext("今天截止")
    count = abs(left)
    if unit == "workday":
        if left < 0:
            return ngettext("已超期 %(count)s 个工作日", "已超期 %(count)s 个工作日", count) % {"count": count}
        return ngettext("还有 %(count)s 个工作日", "还有 %(count)s 个工作日", count) % {"count": count}
    if left < 0:
        return ngettext("已超期 %(count)s 天", "已超期 %(count)s 天", count) % {"count": count}
    return ngettext("还有 %(count)s 天", "还有 %(count)s 天", count) % {"count": count}


def unit_text(count: int, unit: str = "day") -> str:
    """Return the measure word alone: 天 or 个工作日."""
    if unit == "workday":
        return ngettext("个工作日", "个工作日", count)
    return ngettext("天", "天", count)


def countdown(target: dt.date | int | None, unit: str = "day", state: str = "", label: str | Promise = "") -> Countdown:
    """Return how a deadline is shown.

    target: a date, or a count of days or working days already worked out (negative: overdue).
    state: "" to derive it, else met, paused, grace or prov; label replaces the words.
    """
    left = days_left(target)
    level = state or ("prov" if left is None else level_of(left))
    fixed = {
        "met": gettext("已完成"),
        "paused": gettext("计时暂停"),
        "grace": gettext("滞纳期"),
        "prov": gettext("推算"),
    }
    text = label or fixed.get(level) or left_text(left or 0, unit)
    return Countdown(level, ICONS[level], str(text), left)
