"""The worker's side of imports: read, check, take in. Killed at any point, the next sweep goes on where it stopped."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from patents.dates.answers import Figures
from patents.importing import applying, headers, judging, sandbox, staging
from patents.importing.readers import Unreadable
from patents.importing.runs import OPEN, Status, suggestion
from patents.models import ImportRun, Right
from portal import antivirus, audit, notifications
from portal.clock import now

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 4
SILENT = dt.timedelta(minutes=3)  # a worker that says nothing for so long is dead
BATCH = 10


class TakenOver(Exception):
    """Another worker has the run now."""


def sweep(*, limit: int = BATCH) -> int:
    """Do the next step of every import that waits, oldest first; return how many steps were done.

    Safe to run in several workers at once.
    """
    done = 0
    for pk in list(_waiting().order_by("created_at", "pk").values_list("pk", flat=True)[:limit]):
        while (run := _waiting().filter(pk=pk).select_related("organisation", "created_by").first()) and _step(run):
            done += 1
    return done


def _waiting() -> QuerySet[ImportRun]:
    """What nobody works on: a step is due, and no worker has been heard of for a while."""
    is_due = Q(status=Status.UPLOADED, header=[]) | Q(status__in=[Status.CHECKING, Status.QUEUED, Status.RUNNING])
    return ImportRun.objects.filter(is_due, Q(heartbeat_at=None) | Q(heartbeat_at__lt=now() - SILENT))


def _step(run: ImportRun) -> bool:
    """Claim the run, do one step; return whether there may be another one."""
    if run.attempts >= MAX_ATTEMPTS:
        _fail(run, "interrupted")
        return False
    taken = _waiting().filter(pk=run.pk, status=run.status, attempts=run.attempts)
    if _is_busy(run) or not taken.update(heartbeat_at=now(), attempts=F("attempts") + 1):
        return False
    run.attempts += 1
    return _attempt(run)


def _attempt(run: ImportRun) -> bool:
    """Do the step; what goes wrong is put into words, or tried again."""
    try:
        STEPS[run.status](run)
        return True
    except TakenOver:
        log.info("import_taken_over", run=run.number)
    except antivirus.Unreachable:
        _mine(run).update(attempts=F("attempts") - 1)  # waits, and the attempt does not count
    except Unreadable as unreadable:
        _fail(run, unreadable.code)
    except Exception:
        log.exception("import_failed", run=run.number, status=run.status, attempt=run.attempts)
        _mine(run).update(heartbeat_at=None)
        return run.attempts < MAX_ATTEMPTS
    return False


def _is_busy(run: ImportRun) -> bool:
    """Whether another import of the enterprise is being taken in right now."""
    if run.status not in (Status.QUEUED, Status.RUNNING):
        return False
    others = ImportRun.objects.filter(organisation=run.organisation_id, status=Status.RUNNING).exclude(pk=run.pk)
    return others.filter(heartbeat_at__gte=now() - SILENT).exists()


def _mine(run: ImportRun) -> QuerySet[ImportRun]:
    """The run as long as no other worker has taken it over and nobody gave it up."""
    return ImportRun.objects.filter(pk=run.pk, status=run.status, attempts=run.attempts)


def _go(run: ImportRun, **values: Any) -> None:
    """Write the outcome of a step; raises TakenOver."""
    if not _mine(run).update(**values):
        raise TakenOver
    for name, value in values.items():
        setattr(run, name, value)


def _ticker(run: ImportRun, name: str = "done_count") -> Callable[[int], None]:
    return lambda count: _go(run, heartbeat_at=now(), **{name: count})


@contextmanager
def local_file(key: str) -> Iterator[str]:
    """Give a path the reading process can open, wherever the storage keeps its files."""
    try:
        yield default_storage.path(key)
    except NotImplementedError:
        with tempfile.NamedTemporaryFile() as copy, default_storage.open(key, "rb") as stored:
            shutil.copyfileobj(stored, copy)
            copy.flush()
            yield copy.name


# --- the three steps ------------------------------------------------------------------------------------------------
def read_header(run: ImportRun) -> None:
    """Out of quarantine: scan, find format and header. A header known from last time goes on to the check at once."""
    with default_storage.open(run.key, "rb") as stream:
        if antivirus.finds_virus(stream):
            raise Unreadable("virus")
    with local_file(run.key) as path:
        seen = sandbox.peek(path)
    if not seen["row_count"]:
        raise Unreadable("no_rows")
    run.header = seen["header"]
    run.signature = headers.signature(run.header)
    found = suggestion(run)
    is_known = bool(found.pop("is_remembered", False))
    _go(
        run,
        **seen,
        signature=run.signature,
        mapping=found,
        attempts=0,
        heartbeat_at=None,
        status=Status.CHECKING if is_known else Status.UPLOADED,
    )


def check_rows(run: ImportRun) -> None:
    """Stage every row with its problems, then judge all of them against the register."""
    with local_file(run.key) as path:
        count = staging.stage(run, path, names=[run.organisation.name], tick=_ticker(run))
    counts = judging.judge(run)
    _go(
        run, status=Status.READY, counts=counts, row_count=count, done_count=0, attempts=0, heartbeat_at=None,
        checked_at=now(),
    )  # fmt: skip


def take_in(run: ImportRun) -> None:
    """Apply batch by batch; what is done stays done. Then the log, the notice, and the dates that follow."""
    if run.status == Status.QUEUED:
        if not _still_holds(run):
            return
        _go(run, status=Status.RUNNING, heartbeat_at=now())
    done, figures = run.rows.filter(is_done=True).count(), Figures()
    for span in applying.spans(run):
        applying.apply(run, span, source=run.name, figures=figures)
        done += span[2]
        _go(run, heartbeat_at=now(), done_count=done)
    applying.open_dates(run, figures=figures, tick=_ticker(run, "dated_count"))
    _finish(run)


def _still_holds(run: ImportRun) -> bool:
    """Whether the check is still right; where the register changed since, judge anew and ask again if need be."""
    changed = Right.objects.filter(organisation=run.organisation_id, updated_at__gt=run.checked_at)
    if not run.checked_at or not changed.exists():
        return True
    counts = judging.judge(run)
    if counts == run.counts:
        return True
    _go(run, status=Status.READY, counts=counts, checked_at=now(), attempts=0, heartbeat_at=None)
    return False


@transaction.atomic
def _finish(run: ImportRun) -> None:
    counts = judging.tally(run)
    _go(run, status=Status.DONE, finished_at=now(), counts=counts, error="")
    audit.record(run, "import.done", by=run.created_by, data={"sha256": run.sha256, **counts})
    values = {"file": run.name, "new": counts.get("new", 0), "changed": counts.get("changed", 0)}
    notifications.notify(
        "import_done",
        [run.created_by],
        key=f"import:{run.number}",
        values=values,
        link=f"/rights/imports/{run.number}/",
        organisation=run.organisation,
    )


@transaction.atomic
def _fail(run: ImportRun, code: str) -> None:
    changed = ImportRun.objects.filter(pk=run.pk, status__in=OPEN)
    if changed.update(status=Status.FAILED, finished_at=now(), error=code[:300], heartbeat_at=None):
        audit.record(run, "import.failed", data={"why": code})


STEPS: dict[str, Callable[[ImportRun], None]] = {
    Status.UPLOADED: read_header,
    Status.CHECKING: check_rows,
    Status.QUEUED: take_in,
    Status.RUNNING: take_in,
}
