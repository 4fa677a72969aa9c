"""Imports as rows of work: upload, mapping, check, confirm, give up; and the worker's sweep that does what is due.

The row is the truth: a worker claims a step by a conditional UPDATE, tells that it lives, and whoever finds a silent
one goes on where it stopped.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from patents.importing import fields, headers, judging, readers, words
from patents.models import ImportMapping, ImportRow, ImportRun, RightKind
from portal import audit, nudges
from portal.clock import now
from portal.errors import RuleBroken
from portal.files import display_name, put
from portal.models import Organisation, User
from portal.permissions import Permission, check

log = structlog.get_logger(__name__)

MAX_OPEN = 5
KEPT = dt.timedelta(days=30)
TASK = "patents.tasks.run_imports"
Status = ImportRun.Status
OPEN = (Status.UPLOADED, Status.CHECKING, Status.READY, Status.QUEUED, Status.RUNNING)
IDENTIFYING = frozenset(headers.IDENTIFYING)


def upload(uploaded: File, *, organisation: Organisation, by: User) -> ImportRun:
    """Store a file and return its import; the worker inspects and reads it. Raises Denied, RuleBroken."""
    check(by, Permission.EDIT_RIGHT, organisation)
    size = uploaded.size or 0
    if not size:
        raise RuleBroken(words.FILE["empty"], code="empty")
    if size > readers.MAX_SIZE:
        raise RuleBroken(words.FILE["too_large"], code="too_large")
    key, sha256 = put(uploaded)
    try:
        return _register(organisation, by, key, sha256, uploaded)
    except BaseException:
        default_storage.delete(key)
        raise


@transaction.atomic
def _register(organisation: Organisation, by: User, key: str, sha256: str, uploaded: File) -> ImportRun:
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if ImportRun.objects.filter(organisation=organisation, status__in=OPEN).count() >= MAX_OPEN:
        raise RuleBroken(
            _("已有 %(count)s 份导入没有办完。请先确认或放弃其中一份。") % {"count": MAX_OPEN}, code="too_many_open"
        )
    run = ImportRun.objects.create(
        organisation=organisation,
        name=display_name(uploaded.name or ""),
        key=key,
        size=uploaded.size or 0,
        sha256=sha256,
        created_at=now(),
        created_by=by,
    )
    audit.record(run, "import.uploaded", by=by, data={"size": run.size, "sha256": sha256})
    nudges.nudge(TASK)
    return run


def suggestion(run: ImportRun) -> dict[str, Any]:
    """Return the mapping to begin with: what was said last time of such a header, else what the titles say."""
    remembered = ImportMapping.objects.filter(organisation=run.organisation, signature=run.signature).first()
    if remembered:
        return {**remembered.mapping, "is_remembered": True}
    guess = headers.guess(run.header)
    return {"columns": {str(place): name for place, name in guess.columns.items()}, "kind": guess.kind}


@transaction.atomic
def set_mapping(run: ImportRun, *, columns: dict[int, str], kind: str = "", by: User) -> ImportRun:
    """Say what the columns mean, remember it, and have the file checked. Raises Denied, RuleBroken."""
    run = _locked(run, by)
    if run.status not in (Status.UPLOADED, Status.READY, Status.FAILED) or not run.header:
        raise RuleBroken(_("这份导入正在处理或已经结束，不能再改对应关系。"), code="not_now")
    _check_mapping(run, columns, kind)
    mapping = {"columns": {str(place): name for place, name in sorted(columns.items())}, "kind": kind}
    ImportMapping.objects.update_or_create(
        organisation=run.organisation,
        signature=run.signature,
        defaults={"mapping": mapping, "updated_at": now(), "updated_by": by},
    )
    run.mapping, run.status = mapping, Status.CHECKING
    run.attempts, run.done_count, run.counts, run.error, run.heartbeat_at = 0, 0, {}, "", None
    run.save(update_fields=["mapping", "status", "attempts", "done_count", "counts", "error", "heartbeat_at"])
    audit.record(run, "import.mapped", by=by, data=mapping)
    nudges.nudge(TASK)
    return run


def _check_mapping(run: ImportRun, columns: dict[int, str], kind: str) -> None:
    names = list(columns.values())
    if any(place >= len(run.header) or name not in fields.LABELS for place, name in columns.items()):
        raise RuleBroken(_("有一列的对应关系不认识。请重新选择。"), code="unknown_field")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise RuleBroken(
            _("“%(field)s”选了两列。每一项只能对应一列。") % {"field": fields.label(min(twice))}, code="field_twice"
        )
    if "title" not in names:
        raise RuleBroken(_("请指出哪一列是名称。"), code="title_missing")
    if not IDENTIFYING & set(names) and kind != RightKind.DOMAIN:
        raise RuleBroken(
            _("请指出哪一列是申请号、公开（公告）号或注册号：没有号码无法认定是哪一件。"), code="number_missing"
        )
    if kind not in ("", *RightKind.values) or kind == RightKind.TRADE_SECRET:
        raise RuleBroken(_("商业秘密不能批量导入，请逐件登记。"), code="unknown_kind")


@transaction.atomic
def include_foreign(run: ImportRun, *, positions: list[int] | None, is_included: bool, by: User) -> ImportRun:
    """Take rows of other owners along after all, or leave them out again (None: all of them). Raises RuleBroken."""
    run = _locked(run, by)
    if run.status != Status.READY:
        raise RuleBroken(_("核对完成后才能选择。"), code="not_now")
    changed = judging.include_foreign(run, positions, is_included=is_included)
    if changed:
        run.counts = judging.judge(run)
        run.checked_at = now()
        run.save(update_fields=["counts", "checked_at"])
        data = {"rows": changed, "included": is_included}
        audit.record(run, "import.foreign_included" if is_included else "import.foreign_left_out", by=by, data=data)
    return run


@transaction.atomic
def confirm(run: ImportRun, *, takes_good_rows: bool = False, by: User) -> ImportRun:
    """Have the checked rows taken in by the worker: all of them, or expressly only the good ones. Raises RuleBroken."""
    run = _locked(run, by)
    if run.status != Status.READY:
        raise RuleBroken(_("这份导入还没有核对完，或已经确认过。"), code="not_now")
    if run.counts.get("bad") and not takes_good_rows:
        raise RuleBroken(
            _("有 %(count)s 行有错误。请改好后重新上传，或勾选“只导入合格的行”。") % {"count": run.counts["bad"]},
            code="bad_rows",
        )
    if not run.counts.get("new") and not run.counts.get("changed"):
        raise RuleBroken(_("没有要新增或更改的内容，不需要导入。"), code="nothing_to_do")
    run.takes_good_rows, run.status, run.heartbeat_at = takes_good_rows, Status.QUEUED, None
    run.attempts, run.done_count, run.dated_count = 0, 0, 0
    run.save(update_fields=["takes_good_rows", "status", "attempts", "done_count", "dated_count", "heartbeat_at"])
    audit.record(run, "import.confirmed", by=by, data={"counts": run.counts, "good_rows_only": takes_good_rows})
    nudges.nudge(TASK)
    return run


@transaction.atomic
def resume(run: ImportRun, *, by: User) -> ImportRun:
    """Try a failed import again where it stopped. Raises Denied, RuleBroken."""
    run = _locked(run, by)
    if run.status != Status.FAILED or not run.mapping:
        raise RuleBroken(_("只有失败的导入可以重试。"), code="not_now")
    run.status = Status.QUEUED if run.checked_at else Status.CHECKING
    run.attempts, run.error, run.heartbeat_at, run.finished_at = 0, "", None, None
    run.save(update_fields=["status", "attempts", "error", "heartbeat_at", "finished_at"])
    audit.record(run, "import.resumed", by=by)
    nudges.nudge(TASK)
    return run


@transaction.atomic
def cancel(run: ImportRun, *, by: User) -> ImportRun:
    """Give an import up before anything was taken in; its file goes at once. Raises Denied, RuleBroken."""
    run = _locked(run, by)
    is_untouched = run.status == Status.FAILED and not run.rows.filter(is_done=True).exists()
    if run.status not in (Status.UPLOADED, Status.CHECKING, Status.READY) and not is_untouched:
        raise RuleBroken(_("导入已经开始或结束，不能放弃。"), code="not_now")
    key, run.key = run.key, ""
    run.status, run.finished_at = Status.CANCELLED, now()
    run.save(update_fields=["status", "finished_at", "key"])
    audit.record(run, "import.cancelled", by=by)
    transaction.on_commit(lambda: default_storage.delete(key) if key else None)
    return run


def _locked(run: ImportRun, by: User) -> ImportRun:
    run = ImportRun.objects.select_related("organisation").select_for_update(of=("self",)).get(pk=run.pk)
    check(by, Permission.EDIT_RIGHT, run.organisation)
    return run


def forget_old(*, limit: int = 200) -> int:
    """Delete the files and staged rows of imports that ended a month ago; return how many."""
    over = Q(finished_at__lt=now() - KEPT) | Q(status__in=[Status.UPLOADED, Status.READY], created_at__lt=now() - KEPT)
    old: QuerySet[ImportRun] = ImportRun.objects.filter(over).exclude(key="").order_by("pk")
    done = 0
    for run in old[:limit]:
        with transaction.atomic():
            ImportRow.objects.filter(run=run).delete()
            ended = Status.CANCELLED if run.status in (Status.UPLOADED, Status.READY) else run.status
            ImportRun.objects.filter(pk=run.pk).update(key="", samples=[], status=ended, attempts=F("attempts"))
            audit.record(run, "import.forgotten", data={"sha256": run.sha256})
        default_storage.delete(run.key)
        done += 1
    return done
