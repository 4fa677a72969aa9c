"""How mail leaves, after commit, by sweeps over rows: claim under a lock, re-check, send, stamp, in that order.

A crash between send and stamp sends the row once more, under the same Message-ID. Nothing is lost while the mail server
is away, and a row that cannot be sent never holds up the others.
"""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from portal.clock import now

log = structlog.get_logger(__name__)
BATCH = 200
MAX_ATTEMPTS = 8
RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 1440)
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class Away(Exception):
    """The mail server cannot be reached: this run ends, the next one tries again."""


class Postpone(Protocol):
    """Puts a row off; `counts` says whether the failure was its own."""

    def __call__(self, pk: int, error: BaseException | None, *, counts: bool) -> None: ...


class Line:
    """A mail connection that opens at the first message and closes quietly."""

    def __enter__(self) -> Any:
        self.backend = get_connection(fail_silently=False)
        return self.backend

    def __exit__(self, *_exc: object) -> None:
        with suppress(OSError):
            self.backend.close()


def sweep(pks: Iterable[int], deliver_one: Callable[[int, Any], int]) -> int:
    """Deliver one after another over one connection until the server is away; return how many messages went out."""
    waiting, sent = list(pks), 0
    with suppress(Away), Line() as line:
        for pk in waiting:
            sent += deliver_one(pk, line)
    return sent


def attempt(deliver: Callable[[int, Any], int], postpone: Postpone, pk: int, line: Any) -> int:
    """Deliver one row in a transaction of its own, or put it off; raises Away."""
    try:
        with transaction.atomic():
            return deliver(pk, line)
    except Away as away:
        postpone(pk, away.__cause__, counts=False)
        raise
    except Exception as error:
        log.warning("mail_not_sent", row=pk, by=deliver.__module__, error=type(error).__name__)
        postpone(pk, error, counts=True)
        return 0


def send(mail: EmailMultiAlternatives, line: Any) -> None:
    """Send over the open connection; one message refused by the server is its own matter, all else means away."""
    try:
        line.open()
        line.send_messages([mail])
    except REFUSED:
        with suppress(OSError):
            line.close()
        raise
    except OSError as error:
        raise Away from error


def next_try(attempts: int, *, counts: bool) -> dt.datetime:
    """Return the moment of the next try after so many failures: each time with more patience."""
    wait = RETRY_MINUTES[min(attempts, len(RETRY_MINUTES) - 1)] if counts else RETRY_MINUTES[0]
    return now() + dt.timedelta(minutes=wait)
