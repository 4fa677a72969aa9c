"""The arithmetic of a statutory period in words: one sentence a line, in the language of the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from patents.catalogue import Answer, Domain, Entry
from patents.periods import Delivery, Line, Roll, Span, Step
from portal import formats, rules
from portal.models import RuleStatus

DELIVERIES = {
    Delivery.ELECTRONIC: gettext_lazy("电子送达"),
    Delivery.POST: gettext_lazy("邮寄"),
    Delivery.HAND: gettext_lazy("直接交付"),
    Delivery.NOTICE: gettext_lazy("公告送达"),
    Delivery.NONE: gettext_lazy("不经送达（所填日期即起算日）"),
}


def sentences(answer: Answer) -> list[str]:
    """Return how the dates came about, step by step, and what to beware of."""
    found = [SENTENCES[line.step](line, answer.entry) for line in answer.reckoning.lines]
    entry = answer.entry
    if entry.caution:
        found.append(str(entry.caution))
    if answer.status == RuleStatus.UNVERIFIED:
        found.append(_("待核实：所依据的数字尚未核对原文，只供参考，门户不据以自动办理。"))
        if entry.doubt:
            found.append(str(entry.doubt))
    return found


def span_words(span: Span) -> str:
    """Return 2个月15日 or 2 months 15 days."""
    parts = []
    if span.years:
        parts.append(ngettext("%(count)s年", "%(count)s年", span.years) % {"count": span.years})
    if span.months:
        parts.append(ngettext("%(count)s个月", "%(count)s个月", span.months) % {"count": span.months})
    if span.days or not parts:
        parts.append(ngettext("%(count)s日", "%(count)s日", span.days) % {"count": span.days})
    return formats.listed(parts)


def _full(value: dt.date) -> str:
    return formats.noted(formats.day(value), formats.weekday(value))


def _days(line: Line) -> str:
    """Return one day, or the first to the last."""
    if line.first == line.last:
        return _full(line.first)
    return _("%(first)s至%(last)s") % {"first": formats.day(line.first), "last": formats.day(line.last)}


def _triggered(line: Line, entry: Entry) -> str:
    return formats.labelled(entry.event, _full(line.first)) + _("。")


def _ignored(_line: Line, _entry: Entry) -> str:
    return _("这一期限自上述日期起算，与送达方式无关。")


def _delivered(line: Line, _entry: Entry) -> str:
    given = {"day": _full(line.first), "span": span_words(line.span)}
    if line.name == Delivery.NOTICE:
        return _("公告送达：自公告之日起满%(span)s视为送达，送达日为%(day)s。") % given
    if line.name == Delivery.HAND:
        return _("直接交付：交付日为送达日，%(day)s。") % given
    if line.name == Delivery.POST:
        return _("邮寄：自发文日起满%(span)s推定送达，送达日为%(day)s；推定日本身不顺延。") % given
    if line.span:
        return _("电子送达：自发文日起满%(span)s推定送达，送达日为%(day)s；能证明实际进入系统之日的除外。") % given
    return _("电子送达：以文件进入系统之日为送达日，推定为发文日%(day)s；不一致的可以举证。") % given


def _added(line: Line, _entry: Entry) -> str:
    given = {"start": formats.day(line.first), "span": span_words(line.span), "end": _full(line.last)}
    return _("%(start)s当日不计，期限%(span)s，届满于%(end)s。") % given


def _taken(line: Line, _entry: Entry) -> str:
    given = {"start": formats.day(line.first), "span": span_words(line.span), "end": _full(line.last)}
    return _("自%(start)s向前推%(span)s，为%(end)s。") % given


def _clamped(line: Line, _entry: Entry) -> str:
    return _("该月没有相应日，以该月最后一日%(day)s为准。") % {"day": _full(line.last)}


def _day_before(line: Line, _entry: Entry) -> str:
    return _("有效期届满于相应日的前一日：%(day)s。") % {"day": _full(line.first)}


def _weekend(line: Line, _entry: Entry) -> str:
    return _("%(days)s是周末。") % {"days": _days(line)}


def _makeup(line: Line, entry: Entry) -> str:
    given = {"days": _days(line), "name": line.name}
    if entry.domain == Domain.TRADEMARK:
        return _("%(days)s虽为调休上班日（%(name)s），商标局仍按休息日处理。") % given
    return _("%(days)s虽为调休上班日（%(name)s），专利局仍按休息日处理。") % given


def _holiday(line: Line, _entry: Entry) -> str:
    return _("%(days)s放假（%(name)s）。") % {"days": _days(line), "name": line.name}


def _rolled(line: Line, entry: Entry) -> str:
    if entry.roll == Roll.ORDINARY:
        return _("届满日顺延至其后第一个工作日：%(day)s。") % {"day": _full(line.last)}
    if entry.domain == Domain.TRADEMARK:
        return _("届满日顺延至商标局其后第一个工作日：%(day)s。") % {"day": _full(line.last)}
    return _("届满日顺延至专利局其后第一个工作日：%(day)s。") % {"day": _full(line.last)}


def _kept(_line: Line, _entry: Entry) -> str:
    return _("这一日期不因节假日顺延。")


def _target(line: Line, entry: Entry) -> str:
    if entry.is_opening:
        return _("这是窗口开始之日，此前办理过早；其前最后一个工作日为%(day)s。") % {"day": _full(line.first)}
    return _("安全日：%(day)s，即不晚于顺延前届满日的最后一个普通工作日（调休上班日算工作日）。") % {
        "day": _full(line.first)
    }


def _provisional(line: Line, _entry: Entry) -> str:
    if line.first.year < min(rules.calendar().known_years, default=0):
        return _("没有%(year)s年的放假表，只按周末推算。") % {"year": line.first.year}
    return _("%(year)s年的放假安排尚未公布，日期为推算，公布后可能变动。") % {"year": line.first.year}


SENTENCES: dict[Step, Callable[[Line, Entry], str]] = {
    Step.TRIGGERED: _triggered,
    Step.IGNORED: _ignored,
    Step.DELIVERED: _delivered,
    Step.ADDED: _added,
    Step.TAKEN: _taken,
    Step.CLAMPED: _clamped,
    Step.DAY_BEFORE: _day_before,
    Step.WEEKEND: _weekend,
    Step.MAKEUP: _makeup,
    Step.HOLIDAY: _holiday,
    Step.ROLLED: _rolled,
    Step.KEPT: _kept,
    Step.TARGET: _target,
    Step.PROVISIONAL: _provisional,
}
