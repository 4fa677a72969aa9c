"""Tell people: one row is inbox entry, outbox entry (`portal.outbox` sends it) and dedupe key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation

from portal import formats, nudges
from portal.clock import SHANGHAI, now
from portal.models import Notification, Organisation, User
from portal.notices import NOTICES, Notice

LANGUAGE = "zh-hans"
_words: dict[str, Callable[[Any], Any]] = {}
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def register_words(name: str, words: Callable[[Any], Any]) -> None:
    """Let a workstream word the values called `name` when they are read, in the reader's language."""
    _words[name] = words


def notify(
    template: str,
    recipients: Iterable[User],
    *,
    key: str,
    values: dict[str, Any] | None = None,
    link: str = "",
    organisation: Organisation | None = None,
) -> int:
    """Write one notification per recipient inside the running transaction; return how many are new.

    `template` names an entry of `portal.notices.NOTICES`. `key` dedupes per recipient: the same key never tells twice.
    `values` fill the texts; a {"zh", "en"} value is chosen by the reader's language.
    """
    notice = NOTICES[template]
    moment = now()
    rows = [
        Notification(
            recipient=person,
            organisation=organisation,
            template=template,
            values=values or {},
            link=link,
            key=key[:200],
            is_urgent=notice.is_urgent,
            created_at=moment,
            mail_status=_channel(person, notice),
            mail_next_at=moment if notice.is_always_mailed else after_quiet(person, moment),
        )
        for person in {person.pk: person for person in recipients}.values()
        if person.is_active
    ]
    before = Notification.objects.filter(key=key[:200]).count()
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.mail_status == Notification.Mail.WAITING for row in rows):
        nudges.nudge(nudges.MAIL)
    return Notification.objects.filter(key=key[:200]).count() - before


def _channel(person: User, notice: Notice) -> str:
    if notice.is_always_mailed:
        return Notification.Mail.WAITING
    if person.mail_choice == User.MailChoice.NONE:
        return Notification.Mail.NOT_WANTED
    if person.mail_choice == User.MailChoice.DIGEST and not notice.is_urgent:
        return Notification.Mail.DIGEST
    return Notification.Mail.WAITING


def after_quiet(person: User, moment: dt.datetime) -> dt.datetime:
    """Return the moment itself, or the end of the person's quiet hours where it falls into them."""
    start, end = person.quiet_from, person.quiet_to
    if start is None or end is None or start == end:
        return moment
    local = moment.astimezone(SHANGHAI)
    is_over_midnight = start > end
    is_late, is_early = local.time() >= start, local.time() < end
    if not ((is_late or is_early) if is_over_midnight else (is_late and is_early)):
        return moment
    day = local.date() + dt.timedelta(days=int(is_over_midnight and is_late))
    return dt.datetime.combine(day, end, tzinfo=SHANGHAI)


def wording(notification: Notification, language: str | None = None) -> tuple[str, str]:
    """Return (title, text) of a notification in `language`, or the request's where None."""
    notice = NOTICES[notification.template]
    with translation.override(language or translation.get_language() or LANGUAGE):
        values = {name: _words.get(name, _chosen)(value) for name, value in notification.values.items()}
        known = [text for name, text in notice.known if values.get(name) not in (None, formats.NOTHING)]
        return str(notice.title) % values, formats.said(str(text) % values for text in (notice.text, *known))


def bilingual(label: object) -> dict[str, str]:
    """Return a translatable word in both languages, for the values of a notification."""
    words = {}
    for key, language in (("zh", LANGUAGE), ("en", "en")):
        with translation.override(language):
            words[key] = str(label)
    return words


def _chosen(value: Any) -> Any:
    if isinstance(value, dict):
        english = (translation.get_language() or "").startswith("en")
        return (value.get("en") if english else None) or value.get("zh", "")
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return formats.day(dt.date.fromisoformat(value))  # stored as written by the action, read as people write it
    return value


def mark_read(user: User, *, number: str | None = None) -> int:
    """Mark one of the user's notifications, or all of them, as read; return how many changed."""
    rows = Notification.objects.visible_to(user).unread()
    return (rows.filter(number=number) if number else rows).update(read_at=now())
