"""Reports and exports as rows of work: asked for in a page, made by the worker, downloaded until they expire.

A workstream registers a `Report`; its `build` returns a table from rows already limited to the person.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal import audit, files, notifications, nudges, report_files
from portal.clock import SHANGHAI, now
from portal.errors import PortalError, RuleBroken
from portal.models import ReportRun, StoredFile, User
from portal.permissions import Verdict

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3
MAX_OPEN = 5
SILENT = dt.timedelta(minutes=3)  # a worker that says nothing for so long is dead
KEPT = dt.timedelta(days=7)
BATCH = 10
State = ReportRun.Status


@dataclass(frozen=True)
class Report:
    """`may(user)` raises Denied; `build(user, parameters)` returns the table."""

    code: str
    title: object
    help: object
    may: Callable[[User], None]
    build: Callable[[User, dict[str, Any]], report_files.Table]


_reports: dict[str, Report] = {}


def register(report: Report) -> None:
    """Make a report known; the last one of a code counts."""
    _reports[report.code] = report


def get(code: str) -> Report:
    """Return a report by code; raises RuleBroken where there is none."""
    if code not in _reports:
        raise RuleBroken(_("没有这种报表。"), code="unknown_report")
    return _reports[code]


def everything() -> list[tuple[str, Report]]:
    """Return all reports with their codes."""
    return list(_reports.items())


def offered_to(user: User) -> list[tuple[Report, Verdict]]:
    """Return the reports that concern this person, each with whether it may be made now and why not."""
    return [(report, verdict) for report in _reports.values() if (verdict := _verdict(report, user)) is not None]


def _verdict(report: Report, user: User) -> Verdict | None:
    try:
        report.may(user)
    except PortalError as refused:
        return Verdict(False, refused.sentence) if refused.code == "second_factor_needed" else None
    return Verdict(True)


@transaction.atomic
def request(
    code: str, *, format: str, by: User, parameters: dict[str, Any] | None = None, language: str = ""
) -> ReportRun:
    """Ask for a report; the worker makes it. Raises Denied, or RuleBroken when it is unknown or too many are open."""
    report = get(code)
    report.may(by)
    if format not in ReportRun.Format.values:
        raise RuleBroken(_("请选择 XLSX、CSV 或 PDF。"), code="unknown_format")
    User.objects.select_for_update().get(pk=by.pk)
    if ReportRun.objects.filter(created_by=by, status__in=[State.QUEUED, State.RUNNING]).count() >= MAX_OPEN:
        raise RuleBroken(
            _("您已有 %(count)s 份报表在生成，请等其中一份完成。") % {"count": MAX_OPEN}, code="too_many_open"
        )
    run = ReportRun.objects.create(
        report=code,
        parameters=parameters or {},
        format=format,
        language=language or translation.get_language() or notifications.LANGUAGE,
        created_by=by,
        created_at=now(),
        as_of=now(),
    )
    audit.record(run, "report.requested", by=by, data={"report": code, "format": format, "parameters": run.parameters})
    nudges.nudge("portal.tasks.run_reports")
    return run


# --- the worker's side --------------------------------------------------------------------------------------------
def _waiting() -> models.QuerySet[ReportRun]:
    """What nobody works on: queued, or running under a worker that has fallen silent."""
    silent = Q(status=State.RUNNING, heartbeat_at__lt=now() - SILENT)
    return ReportRun.objects.filter(Q(status=State.QUEUED) | silent)


def sweep(*, limit: int = BATCH) -> int:
    """Make what waits, oldest first; return how many were finished. Safe to run in several workers at once."""
    done = 0
    for run in list(_waiting().order_by("created_at", "pk")[:limit]):
        if run.attempts >= MAX_ATTEMPTS:
            _fail(run, str(_("生成报表的进程多次中断。")))
        else:
            done += make(run)
    return done


def make(run: ReportRun) -> bool:
    """Claim one run and make its file; return whether it is done."""
    moment = now()
    claimed = _waiting().filter(pk=run.pk, attempts=run.attempts).update(
        status=State.RUNNING, started_at=moment, heartbeat_at=moment, progress=0, attempts=F("attempts") + 1
    )  # fmt: skip
    if not claimed:
        return False
    run.refresh_from_db()
    try:
        with translation.override(run.language), tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"report.{run.format}"
            table = _table(run)
            rows = report_files.write(table, run.format, path, _ticker(run, table.total))
            return _finish(run, table.title, path.read_bytes(), rows)
    except PortalError as refused:
        _fail(run, str(refused))
    except Exception as error:
        log.exception("report_failed", run=run.number, attempt=run.attempts)
        if run.attempts >= MAX_ATTEMPTS:
            _fail(run, type(error).__name__)
        else:
            _mine(run).update(status=State.QUEUED)
    return False


def _table(run: ReportRun) -> report_files.Table:
    """Build as the person may see it now: who lost a role meanwhile gets nothing."""
    report, person = get(run.report), User.objects.get(pk=run.created_by_id)
    report.may(person)
    return report.build(person, run.parameters)


def _mine(run: ReportRun) -> models.QuerySet[ReportRun]:
    """The run as long as no other worker has taken it over."""
    return ReportRun.objects.filter(pk=run.pk, status=State.RUNNING, attempts=run.attempts)


def _ticker(run: ReportRun, total: int) -> report_files.Tick:
    def tick(rows: int) -> None:
        progress = min(99, 100 * rows // max(total, 1))
        if not _mine(run).update(heartbeat_at=now(), progress=progress):
            raise RuleBroken(_("这份报表已由另一个进程接手。"), code="taken_over")

    return tick


def _finish(run: ReportRun, title: str, content: bytes, rows: int) -> bool:
    """Keep the file and stamp the row together; whoever was overtaken leaves nothing behind."""
    expires_at = now() + KEPT
    name = f"{title}-{run.as_of.astimezone(SHANGHAI):%Y%m%d-%H%M}.{run.format}"
    with transaction.atomic():
        if not _mine(run).select_for_update().exists():
            return False
        media_type = report_files.MEDIA_TYPES[run.format]
        file = files.keep(content, name=name, media_type=media_type, slot="report", by=run.created_by)
        stamp = {"status": State.DONE, "progress": 100, "row_count": rows, "file": file, "error": ""}
        _mine(run).update(**stamp, finished_at=now(), expires_at=expires_at)
        audit.record(run, "report.made", by=run.created_by, data={"rows": rows, "sha256": file.sha256})
        values = {"report": title, "rows": rows, "until": expires_at.astimezone(SHANGHAI).date().isoformat()}
        key = f"report:{run.number}"
        notifications.notify("report_ready", [run.created_by], key=key, values=values, link="/reports/")
    return True


@transaction.atomic
def _fail(run: ReportRun, why: str) -> None:
    changed = ReportRun.objects.filter(pk=run.pk).exclude(status__in=[State.DONE, State.FAILED])
    if not changed.update(status=State.FAILED, finished_at=now(), error=why[:300]):
        return
    audit.record(run, "report.failed", data={"why": why[:300]})
    title = _reports[run.report].title if run.report in _reports else run.report
    values = {"report": notifications.bilingual(title), "number": run.number}
    key = f"report:{run.number}:failed"
    notifications.notify("report_failed", [run.created_by], key=key, values=values, link="/reports/")


def forget_old(*, limit: int = 500) -> int:
    """Delete the files of expired reports; their rows stay as a record. Returns how many."""
    over = ReportRun.objects.filter(expires_at__lt=now(), file__isnull=False).select_related("file")
    done = 0
    for run in over[:limit]:
        file = run.file
        if file is None:
            continue
        with transaction.atomic():
            ReportRun.objects.filter(pk=run.pk).update(file=None)
            StoredFile.objects.filter(pk=file.pk).delete()
            audit.record(run, "report.expired", data={"file": file.number})
        default_storage.delete(file.key)
        done += 1
    return done
