"""Wake a sweep as soon as the transaction commits. The row is the truth: a nudge that gets lost costs seconds.

A page never waits for a broker that is away: after one failure no process tries again for half a minute.
"""

import time

import structlog
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

AWAY = (OSError, OperationalError, RedisError)
MAIL, WEBHOOKS = "portal.tasks.deliver_mail", "portal.tasks.deliver_webhooks"
PAUSE = 30.0  # seconds without a further try; the sweeps run on anyhow
_pause = {"until": 0.0}


def nudge(task: str) -> None:
    """Ask for one run of the named sweep after the running transaction commits; once per transaction."""
    if connection.in_atomic_block:
        waiting = {getattr(entry[1], "nudges", None) for entry in connection.run_on_commit}
        if task in waiting:
            return

    def send() -> None:
        _send(task)

    send.nudges = task  # type: ignore[attr-defined]
    transaction.on_commit(send, robust=True)


def wake(mails: int, calls: int) -> None:
    """Wake the sweeps that send what a statement wrote: so many mails, so many calls to webhooks."""
    if mails:
        nudge(MAIL)
    if calls:
        nudge(WEBHOOKS)


def _send(task: str) -> None:
    if time.monotonic() < _pause["until"]:
        return
    try:
        current_app.send_task(task, retry=False, expires=60, ignore_result=True)
    except AWAY as error:
        _pause["until"] = time.monotonic() + PAUSE
        log.warning("nudge_lost", task=task, error=type(error).__name__)
