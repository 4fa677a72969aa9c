"""Notifications leave as mail, one by one or as a daily digest (`portal.mailing` says how)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from portal.clock import SHANGHAI, now, today
from portal.mailing import BATCH, MAX_ATTEMPTS, Away, attempt, next_try, send, sweep
from portal.models import Notification
from portal.notifications import LANGUAGE, wording

log = structlog.get_logger(__name__)

DIGEST_AT = dt.time(8, 0)
Mail = Notification.Mail


def deliver(*, limit: int = BATCH) -> int:
    """Send what waits, oldest first, over one connection; return how many messages went out."""
    due = Notification.objects.outbox().filter(mail_next_at__lte=now()).order_by("mail_next_at", "pk")
    return sweep(due.values_list("pk", flat=True)[:limit], partial(attempt, _deliver_one, _postpone))


def _deliver_one(pk: int, line: Any) -> int:
    locked = Notification.objects.select_for_update(skip_locked=True, of=("self",)).select_related("recipient")
    row = locked.filter(pk=pk, mail_status=Mail.WAITING).first()
    if row is None:
        return 0
    if not row.recipient.is_active:
        _stamp([row.pk], Mail.NOT_WANTED)
        return 0
    send(message([row]), line)
    _stamp([row.pk], Mail.SENT)
    return 1


def _stamp(pks: list[int], status: str) -> None:
    sent_at = now() if status == Mail.SENT else None
    Notification.objects.filter(pk__in=pks).update(mail_status=status, mail_sent_at=sent_at, mail_error="")


@transaction.atomic
def _postpone(pk: int, error: BaseException | None, *, counts: bool) -> None:
    """Try later; give a row up only when the failures were its own."""
    row = Notification.objects.select_for_update().filter(pk=pk, mail_status=Mail.WAITING).first()
    if row is None:
        return
    row.mail_next_at = next_try(row.mail_attempts, counts=counts)
    row.mail_attempts += counts
    row.mail_error = type(error).__name__[:200]
    if counts and row.mail_attempts >= MAX_ATTEMPTS:
        row.mail_status = Mail.FAILED
    row.save(update_fields=["mail_attempts", "mail_error", "mail_next_at", "mail_status"])


def message(rows: list[Notification], *, is_digest: bool = False) -> EmailMultiAlternatives:
    """Return the message of one row, or of a digest, in the recipient's language. All rows have one recipient."""
    person = rows[0].recipient
    language = person.language or LANGUAGE
    items = [
        {"title": title, "text": text, "link": settings.PUBLIC_URL + row.link if row.link else "", "row": row}
        for row in rows
        for title, text in [wording(row, language)]
    ]
    with translation.override(language):
        context = {"items": items, "person": person, "is_digest": is_digest, "public_url": settings.PUBLIC_URL}
        body = render_to_string("email/notice.txt", context)
        html = render_to_string("email/notice.html", context)
        subject = render_to_string("email/digest_subject.txt", context) if is_digest else items[0]["title"]
    headers = {
        "Message-ID": f"<{rows[0].number}{'.digest' if is_digest else ''}@{settings.MAIL_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMultiAlternatives(" ".join(str(subject).split())[:200], body, to=[person.email], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


# --- the daily digest -------------------------------------------------------------------------------------------
def deliver_digests() -> int:
    """Send each person what gathered before this morning as one message; return the number of messages.

    A sweep: it may run at any time of the day and as often as it likes.
    """
    waiting = Notification.objects.filter(mail_status=Mail.DIGEST, created_at__lt=_cut())
    return sweep(waiting.values_list("recipient", flat=True).distinct(), _deliver_digest)


def _cut() -> dt.datetime:
    """The newest 08:00 that has passed: what a digest holds does not change between two tries."""
    cut = dt.datetime.combine(today(), DIGEST_AT, tzinfo=SHANGHAI)
    return cut if cut <= now() else cut - dt.timedelta(days=1)


def _can_be_worded(row: Notification) -> bool:
    try:
        return bool(wording(row, row.recipient.language or LANGUAGE))
    except (KeyError, ValueError, TypeError):
        return False


def _deliver_digest(recipient_pk: int, line: Any) -> int:
    waiting = Notification.objects.filter(recipient=recipient_pk, mail_status=Mail.DIGEST, created_at__lt=_cut())
    try:
        with transaction.atomic():
            locked = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("recipient")
            rows = list(locked.order_by("created_at", "pk")[:BATCH])
            if not rows:
                return 0
            if not rows[0].recipient.is_active:
                _stamp([row.pk for row in rows], Mail.NOT_WANTED)
                return 0
            good = [row for row in rows if _can_be_worded(row)]
            _stamp([row.pk for row in rows if row not in good], Mail.FAILED)
            if good:
                send(message(good, is_digest=True), line)
                _stamp([row.pk for row in good], Mail.SENT)
            return bool(good)
    except Away:
        raise
    except Exception as error:
        log.warning("digest_not_sent", recipient=recipient_pk, error=type(error).__name__)
        failed = {"mail_attempts": F("mail_attempts") + 1, "mail_error": type(error).__name__[:200]}
        waiting.update(**failed)
        waiting.filter(mail_attempts__gte=MAX_ATTEMPTS).update(mail_status=Mail.FAILED)
        return 0
