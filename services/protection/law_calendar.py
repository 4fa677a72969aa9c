"""The days on which law changes as one public iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from portal.clock import today
from portal.feeds import escaped, folded
from portal.formats import labelled
from services.protection.models import LawChange

BACK, MOST = dt.timedelta(days=730), 1000


def render() -> bytes:
    """Return the changes of the last two years and all that are to come, in the reader's language."""
    rows = LawChange.objects.select_related("country").filter(in_force_on__gte=today() - BACK)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ip-portal//laws//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:" + escaped(_("法律变化")),
    ]
    for row in rows.order_by("in_force_on", "pk")[:MOST]:
        lines += _event(row)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(row: LawChange) -> list[str]:
    assert row.in_force_on is not None  # noqa: S101 - the query asked for it
    return [
        "BEGIN:VEVENT",
        f"UID:law-{row.number}@{settings.MAIL_DOMAIN}",
        f"DTSTAMP:{row.updated_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{row.in_force_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{row.in_force_on + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(labelled(row.country, row.said('title')))}",
        f"DESCRIPTION:{escaped(row.said('change'))}",
        f"URL:{settings.PUBLIC_URL}/laws/{row.number}/",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
