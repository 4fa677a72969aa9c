"""The smallest pieces of a page as HTML: icons, pills, deadline badges, bars. For templates and table columns."""

import datetime as dt
import functools
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from portal import countdown, formats, vocabulary

Words = str | Promise


@functools.cache
def _sprite(_url: str, _backend: str) -> str:
    """Where the icons are: asked a hundred times a page, and the same until the settings change."""
    return static("img/icons.svg")


def icon(name: str, label: Words = "", css: str = "") -> SafeString:
    """{% icon "bell" %}: an icon of the sprite. It is hidden from screen readers unless `label` names it."""
    storage: dict[str, str] = settings.STORAGES["staticfiles"]  # type: ignore[assignment]
    source = f"{_sprite(settings.STATIC_URL, storage['BACKEND'])}#i-{name}"
    classes = f"ip-i {css}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, source)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, source)


def pill(role: str, symbol: str, label: Words, large: bool = False) -> SafeString:
    """{% pill "info" "gavel" _("法律变动") %}: the state of a thing. Roles: neutral info wait good bad public."""
    size = " ip-pill-lg" if large else ""
    return format_html('<span class="ip-pill is-{}{}">{}<span>{}</span></span>', role, size, icon(symbol), label)


def status_pill(kind: str, value: str, large: bool = False, label: Words = "") -> SafeString:
    """{% status_pill "application" application.status %}: the pill of a known state; `label` replaces its word.

    Kinds are the keys of portal.vocabulary.STATES: application, right, flag, verification, check, correction,
    alert, severity, job, section, call, file, recognition, questionnaire.
    """
    state = vocabulary.state(kind, value)
    return pill(state.role, state.icon, label or state.label, large)


def _time(target: dt.date | int | None, text: str) -> SafeString:
    if target is None or isinstance(target, int):
        return format_html("<span>{}</span>", text)
    return format_html('<time datetime="{}">{}</time>', formats.local(target).isoformat(), text)


def due(target: dt.date | int | None, unit: str = "day", state: str = "", label: Words = "") -> SafeString:
    """{% due deadline.legal_on %}: the deadline badge (square corners = time).

    target: a date, or days already counted; unit: day or workday; state: "", met, paused, grace, prov;
    label replaces the words, for example 07-06 已缴.
    """
    shown = countdown.countdown(target, unit, state, label)
    text = _time(target, shown.text)
    return format_html('<span class="ip-due ip-due-{}">{}{}</span>', shown.level, icon(shown.icon), text)


def due_of(deadline: Any) -> SafeString:
    """{% due_of deadline %}: its badge; once the day is over, but not the time to pay late, what is left of that."""
    after = deadline.grace_on
    left = countdown.days_left(after)
    if left is None or left < 0 or (countdown.days_left(deadline.legal_on) or 0) >= 0:
        return due(deadline.legal_on)
    words = ngettext("可补缴，还有 %(count)s 天", "可补缴，还有 %(count)s 天", left) % {"count": left}
    return due(after, state="grace", label=words)


def day_block(target: dt.date | int | None, unit: str = "day", symbol: str = "", state: str = "") -> SafeString:
    """{% day_block 6 "workday" %}: the large figure of "needs you now" and of a case header. Arguments as in `due`."""
    shown = countdown.countdown(target, unit, state)
    role = countdown.ROLES[shown.level]
    if shown.left is None or shown.level in ("met", "paused"):
        return format_html('<div class="ip-day is-{}">{}<span>{}</span></div>', role, icon(shown.icon), shown.text)
    if shown.left == 0:
        return format_html('<div class="ip-day is-{}">{}<b>{}</b></div>', role, icon(shown.icon), gettext("今天"))
    lead = gettext("超期") if shown.left < 0 else gettext("还剩")
    count = abs(shown.left)
    top = icon(symbol) if symbol else ""
    unit_word = countdown.unit_text(count, unit)
    return format_html(
        '<div class="ip-day is-{}">{}<span{}>{}</span><b>{}</b><span>{}</span></div>',
        role,
        top,
        SafeString(' class="ip-vh"') if symbol and shown.left > 0 else "",
        lead,
        count,
        unit_word,
    )


def clock_cell(left: int | None, used: int = 0, total: int = 0, paused: bool = False) -> SafeString:
    """{% clock_cell left=8 used=7 total=15 %}: words and a bar of the working days used, for tables.

    left is negative when overdue, None when no clock runs.
    """
    if left is None and not paused:
        return format_html('<span class="ip-3">{}</span>', formats.NOTHING)
    days = left or 0  # not shown while the clock stands
    if paused:
        level, symbol, text = "paused", "player-pause", gettext("暂停")
    elif days < 0:
        level, symbol, text = (
            "over",
            "alert-triangle",
            ngettext("超期 %(count)s 日", "超期 %(count)s 日", -days) % {"count": -days},
        )
    elif days == 0:
        level, symbol, text = "near", "alert-circle", gettext("今天到期")
    else:
        level, symbol = ("near", "clock-exclamation") if days <= 3 else ("ok", "clock")
        text = ngettext("剩 %(count)s 日", "剩 %(count)s 日", days) % {"count": days}
    share = 100 if level == "over" else min(100, round(100 * used / total)) if total else 0
    return format_html(
        '<div class="ip-clock is-{}"><b>{}{}</b><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="trk" width="100" height="4"/><rect class="use" width="{}" height="4"/></svg></div>',
        level,
        icon(symbol),
        text,
        share,
    )


def meter(value: float | None, total: float = 100, series: int = 1) -> SafeString:
    """{% meter 17 20 %}: a plain bar drawn in SVG, because a width from data cannot be written as style."""
    share = max(0, min(100, round(100 * float(value or 0) / float(total)))) if total else 0
    return format_html(
        '<svg class="ip-meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="trk" width="100" height="4" rx="1"/><rect class="val{}" width="{}" height="4" rx="1"/></svg>',
        series if series != 1 else "",
        share,
    )
