"""Private iCalendar addresses of people: shown once, kept as a hash, revoked at once (RFC 5545).

A feed holds the dates its person is to keep, and for owners and managers those of their enterprises; never more than
they may see on the day it is read.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit, formats, reminding
from portal.clock import now, today
from portal.errors import Denied, RuleBroken
from portal.models import CalendarFeed, Deadline, User
from portal.tokens import digest

MOST_LIVE, MOST_EVENTS = 10, 2000
BACK = dt.timedelta(days=180)
USED_EVERY = dt.timedelta(minutes=10)
WIDTH = 75  # octets of one line
LEADERS = ("owner", "manager")
LANGUAGE = "zh-hans"


@transaction.atomic
def create(user: User, *, label: str) -> tuple[CalendarFeed, str]:
    """Make a feed and return (row, its secret, which is never shown again). Raises RuleBroken."""
    User.objects.select_for_update().get(pk=user.pk)
    if CalendarFeed.objects.filter(user=user, revoked_at=None).count() >= MOST_LIVE:
        raise RuleBroken(gettext_lazy("有效的日历地址太多。请先撤销不用的。"), code="too_many")
    raw = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=user, label=label.strip()[:80], token_hash=digest(raw))
    audit.record(user, "calendar.created", by=user, data={"feed": feed.number})
    return feed, raw


@transaction.atomic
def revoke(feed: CalendarFeed, *, by: User) -> None:
    """End a feed at once. Only its owner may. Revoking it again changes nothing."""
    feed = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    if feed.user_id != by.pk:
        raise Denied(gettext_lazy("只能撤销自己的日历地址。"))
    if feed.revoked_at is None:
        feed.revoked_at = now()
        feed.save(update_fields=["revoked_at"])
        audit.record(by, "calendar.revoked", by=by, data={"feed": feed.number})


def find(raw: str) -> CalendarFeed | None:
    """Return the live feed of an active person, or None. Notes its use now and then."""
    rows = CalendarFeed.objects.select_related("user").filter(revoked_at=None, user__is_active=True)
    feed = rows.filter(token_hash=digest(raw)).first()
    if feed is not None and (feed.last_used_at is None or now() - feed.last_used_at > USED_EVERY):
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now())
    return feed


def dates_for(user: User) -> list[Deadline]:
    """Return what belongs into a person's calendar, the next dates first."""
    roles = user.standing.roles
    led = [pk for pk, role in roles.items() if role in LEADERS]
    mine = Q(responsible=user) | Q(backup=user) | Q(organisation__in=led) | Q(agency__in=led)
    inside = Q(organisation__in=list(roles)) | Q(agency__in=list(roles))
    rows = Deadline.objects.visible_to(user).open().filter(mine & inside, remind_days__isnull=False)
    rows = rows.filter(target_on__gte=today() - BACK).select_related("organisation")
    return list(rows.order_by("target_on", "pk")[:MOST_EVENTS])


def render(user: User) -> bytes:
    """Return the calendar of a person in their language."""
    with translation.override(user.language or LANGUAGE):
        name = _("知识产权期限")
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//ip-portal//dates//ZH",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            f"X-WR-CALNAME:{escaped(name)}",
            "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        ]
        for row in dates_for(user):
            lines += _event(row)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(row: Deadline) -> list[str]:
    words = str(reminding.words_of(row.rule_code))
    text = [
        formats.labelled(_("单位"), row.organisation.name),
        formats.labelled(_("法定日"), formats.day(row.legal_on)),
        _("推算的日期不能代替官方通知。"),
    ]
    if row.amount is not None:
        text.insert(2, formats.labelled(_("应缴金额"), formats.money(row.amount)))
    summary = escaped(formats.labelled(words, row.title))
    return [
        "BEGIN:VEVENT",
        f"UID:{row.number}@{settings.MAIL_DOMAIN}",
        f"DTSTAMP:{row.computed_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{row.target_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{row.target_on + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{summary}",
        f"DESCRIPTION:{escaped(chr(10).join(text))}",
        f"URL:{settings.PUBLIC_URL}{row.address}",
        "TRANSP:TRANSPARENT",
        *_alarms(summary, (30, 7, 1)),
        "END:VEVENT",
    ]


def _alarms(summary: str, days: Iterable[int]) -> list[str]:
    found = []
    for count in days:
        found += ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{count}D", f"DESCRIPTION:{summary}", "END:VALARM"]
    return found


def escaped(text: object) -> str:
    """Return a TEXT value: backslash, semicolon, comma and line ends escaped, other control characters dropped."""
    value = str(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    value = value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    return "".join(char for char in value if char >= " " and char != "\x7f")


def folded(line: str) -> bytes:
    """Return a content line in pieces of at most 75 octets, none of which cuts a character."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > WIDTH - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
