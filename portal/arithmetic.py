"""The working-day clock in words: each line of its arithmetic as (words, figure, is_total) for the basis disclosure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.formats import day, short_day, weekday
from portal.workdays import Clock, Line, Step


def clock_basis(clock: Clock, *, start: object, title: object = "", law: object = "") -> dict[str, Any]:
    """Return what components/basis.html shows of a clock. `start` names the event from which it counts."""
    rows = [_row(line, clock, start) for line in clock.lines]
    source = _("工作日按国务院办公厅公布的放假和调休安排计算")
    if clock.is_provisional:
        source = _("所涉年度的放假安排尚未公布，日期为推算，公布后重算")
    return {"title": title, "rows": rows, "law": law, "source": source}


def _row(line: Line, clock: Clock, start: object) -> tuple[str, str, bool]:
    words = {
        Step.STARTED: _("%(event)s（当日不计）") % {"event": start},
        Step.LIMIT: _("从第二天起 %(count)s 个工作日") % {"count": line.days},
        Step.COUNTED: _("已经过去"),
        Step.PAUSED: _("等待企业补正，计时暂停"),
        Step.WEEKEND: _("其中周末"),
        Step.HOLIDAY: line.name,
        Step.MAKEUP: _("%(name)s，调休上班") % {"name": line.name or _("周末")},
        Step.DUE: _("截止（当日 24:00 前）"),
    }[line.step]
    return str(words), _figure(line, clock), line.step == Step.DUE


def _figure(line: Line, clock: Clock) -> str:
    if line.step == Step.STARTED:
        return f"{short_day(line.first)} {weekday(line.first)}"
    if line.step == Step.LIMIT:
        return _("%(day)s 起") % {"day": short_day(line.first)}
    if line.step == Step.COUNTED:
        return workdays(line.days)
    if line.step == Step.DUE:
        return f"{day(line.last)} {weekday(line.last)}" if line.last else _("暂停中，恢复后重算")
    if line.step == Step.PAUSED:
        return _("%(first)s 至 %(last)s") % {"first": short_day(line.first), "last": _until(line.last)}
    count = ngettext("%(count)s 天", "%(count)s 天", line.days) % {"count": line.days}
    return _("计入 %(days)s") % {"days": count} if line.step == Step.MAKEUP else _("不计 %(days)s") % {"days": count}


def _until(last: dt.date | None) -> str:
    return short_day(last) if last else _("现在")


def workdays(count: int) -> str:
    """Return 4 个工作日 / 4 working days."""
    return ngettext("%(count)s 个工作日", "%(count)s 个工作日", count) % {"count": count}
