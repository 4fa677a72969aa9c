"""Mail of accounts (confirm an address, forgotten password): a row in the request, sent by the worker, then blanked.

The text holds a secret link, so it is kept encrypted under a key of the installation: the database alone opens nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from functools import partial
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.utils.crypto import salted_hmac

from portal import nudges
from portal.clock import now
from portal.mailing import BATCH, MAX_ATTEMPTS, attempt, next_try, send, sweep
from portal.models import AccountMail

TASK = "portal.tasks.deliver_account_mail"
# A link that comes a day late helps nobody: one has asked again by then.
WORTH = dt.timedelta(hours=24)
KEPT = dt.timedelta(days=7)


def put(message: EmailMessage, *, template: str) -> AccountMail:
    """Write a rendered message down inside the caller's transaction; it leaves after the commit."""
    html = [text for text, kind in getattr(message, "alternatives", []) if kind == "text/html"]
    content = {"subject": message.subject, "body": message.body, "html": html[0] if html else ""}
    row = AccountMail.objects.create(email=message.to[0], template=template[:100], sealed=_seal(content))
    nudges.nudge(TASK)
    return row


def deliver(*, limit: int = BATCH) -> int:
    """Send what waits, oldest first; return how many went out. Safe to run twice at once."""
    due = AccountMail.objects.waiting().filter(next_at__lte=now()).order_by("next_at", "pk")
    return sweep(due.values_list("pk", flat=True)[:limit], partial(attempt, _deliver_one, _postpone))


def _deliver_one(pk: int, line: Any) -> int:
    row = AccountMail.objects.waiting().select_for_update(skip_locked=True).filter(pk=pk).first()
    if row is None:
        return 0
    if row.created_at < now() - WORTH:
        return _give_up(row)
    send(_message(row), line)
    row.sent_at, row.sealed, row.error = now(), "", ""
    row.save(update_fields=["sent_at", "sealed", "error"])
    return 1


def _give_up(row: AccountMail) -> int:
    row.given_up_at, row.sealed = now(), ""
    row.save(update_fields=["given_up_at", "sealed"])
    return 0


@transaction.atomic
def _postpone(pk: int, error: BaseException | None, *, counts: bool) -> None:
    """Try later; give up after failures of the mail's own, or when its key is gone."""
    row = AccountMail.objects.waiting().select_for_update().filter(pk=pk).first()
    if row is None:
        return
    row.next_at = next_try(row.attempts, counts=counts)
    row.attempts += counts
    row.error = type(error).__name__[:200]
    row.save(update_fields=["attempts", "error", "next_at"])
    if isinstance(error, InvalidToken) or row.attempts >= MAX_ATTEMPTS:
        _give_up(row)


def forget_old() -> int:
    """Delete rows that are over; return how many."""
    return AccountMail.objects.filter(created_at__lt=now() - KEPT).delete()[0]


def _message(row: AccountMail) -> EmailMultiAlternatives:
    content = json.loads(_key().decrypt(row.sealed.encode()))
    headers = {"Message-ID": f"<{row.number}.account@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(content["subject"], content["body"], to=[row.email], headers=headers)
    if content["html"]:
        mail.attach_alternative(content["html"], "text/html")
    return mail


def _seal(content: dict[str, Any]) -> str:
    return _key().encrypt(json.dumps(content, ensure_ascii=False).encode()).decode()


def _key() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac("portal.account_mail", "", algorithm="sha256").digest()))
