"""Files of people and of the portal: attach a version, inspect it, open it. Nothing is ever overwritten.

An uploaded file lies in quarantine until `inspect()` has found it harmless; whatever goes wrong keeps it there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import unicodedata
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import PurePosixPath
from typing import IO, Any

import structlog
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from portal import antivirus, audit, files_inspection, nudges
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import (
    Application,
    CasePaper,
    Organisation,
    Refusal,
    Secrecy,
    Status,
    StoredFile,
    User,
    standing_of,
)
from portal.permissions import ROLES, Permission, check, roles_of
from portal.procedures import conflict_gate, may_edit

log = structlog.get_logger(__name__)

MAX_SIZE = 20 * 1024 * 1024
MAX_PER_APPLICATION = 200  # versions of one case; a form with twenty slots replaced ten times each
MAX_PER_SLOT = 200  # versions of one use of an enterprise: its licence, the papers of one right
MAX_NAME = 120
MAX_ATTEMPTS = 5
RETRY_MINUTES = 2
BATCH = 50
# Marks that change the direction or hide characters: "exe.pdf" must not be shown for "fdp.exe".
FORBIDDEN = {ord(mark): "_" for mark in '<>:"|?*%'}
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def attach(
    uploaded: File,
    *,
    slot: str,
    by: User,
    organisation: Organisation | None = None,
    application: Application | None = None,
    series: uuid.UUID | None = None,
    secrecy: str = Secrecy.OPEN,
    readers: Iterable[int] = (),
    permission: Permission = Permission.EDIT_ORGANISATION,
    is_for_city: bool = False,
) -> StoredFile:
    """Store an upload as a new version and return it, in quarantine.

    `slot` says what it is for: the question's key in an application, "licence" and the like for an organisation.
    `secrecy` and `readers` (keys of users) say who may know of an enterprise's file, `permission` who may bring it.
    `is_for_city` lets the city office read a file of nobody's. `series` names the file it replaces; None begins one.
    Raises Denied, or RuleBroken with the sentence for the field: too large, wrong type, empty, too many, locked.
    """
    _require_right(by, organisation, application, slot, permission)
    name, size = display_name(uploaded.name or ""), uploaded.size
    if size > MAX_SIZE:
        raise _refused(Refusal.TOO_LARGE)
    media_type = _sniffed(uploaded)
    key, sha256 = put(uploaded)
    try:
        return _register(
            StoredFile(
                series=series or uuid.uuid4(),
                key=key,
                name=_with_suffix(name, media_type),
                size=size,
                sha256=sha256,
                media_type=media_type,
                organisation=application.organisation if application else organisation,
                application=application,
                slot=slot,
                secrecy=secrecy,
                readers=list(readers),
                is_for_city=is_for_city,
                created_at=now(),
                created_by=by,
                inspect_after=now(),
            ),
            is_replacement=series is not None,
        )
    except BaseException:
        default_storage.delete(key)
        raise


def keep(
    content: bytes,
    *,
    name: str,
    media_type: str,
    slot: str,
    by: User | None,
    organisation: Organisation | None = None,
    application: Application | None = None,
) -> StoredFile:
    """Store what the portal itself made (report, certificate): no quarantine. The caller has checked who."""
    key, sha256 = put(ContentFile(content))
    return StoredFile.objects.create(
        key=key,
        name=display_name(name),
        size=len(content),
        sha256=sha256,
        media_type=media_type,
        status=StoredFile.Status.CLEAN,
        organisation=organisation,
        application=application,
        slot=slot,
        created_at=now(),
        created_by=by,
    )


def _require_right(
    by: User, organisation: Organisation | None, application: Application | None, slot: str, permission: Permission
) -> None:
    if application is not None:
        check(by, Permission.FILL_APPLICATION, application)
        if not may_edit(application, slot):
            raise RuleBroken(_("这里现在没有开放上传：办件已提交，或这一项不需要补正。"), code="locked")
    elif organisation is not None:
        check(by, permission, organisation)


def _refused(reason: Refusal) -> RuleBroken:
    return RuleBroken(reason.label, code=f"file_{reason.value}")


def _sniffed(uploaded: File) -> str:
    """Return the media type by content; raises RuleBroken where it is none of ours."""
    stream = uploaded.open("rb")  # not closed here: an upload held in memory could not be opened again
    try:
        return files_inspection.sniff(stream)
    except files_inspection.Unsafe as unsafe:
        raise _refused(Refusal(unsafe.code)) from None
    finally:
        stream.seek(0)


def put(uploaded: File) -> tuple[str, str]:
    """Write the bytes under a random name and make them durable; return (key, sha256)."""
    token, digest = secrets.token_hex(32), hashlib.sha256()
    uploaded.open("rb")
    for chunk in uploaded.chunks():
        digest.update(chunk)
    uploaded.seek(0)
    key = default_storage.save(f"{token[:2]}/{token[2:4]}/{token}", uploaded)
    with suppress(NotImplementedError), open(default_storage.path(key), "rb") as stored:
        files_inspection.flush(stored)
    return key, digest.hexdigest()


@transaction.atomic
def _register(file: StoredFile, *, is_replacement: bool) -> StoredFile:
    """Number the version, count, save and audit; the inspection is asked for when this commits."""
    owner: Any = file.application or file.organisation
    if owner is not None:
        type(owner).objects.select_for_update().get(pk=owner.pk)
        _require_room(file)
    if is_replacement:
        file.version = _next_version(file)
    file.save(force_insert=True)
    data = {"file": file.number, "size": file.size, "sha256": file.sha256, **_told(file)}
    audit.record(owner or file, "file.attached", by=file.created_by, data={**data, "version": file.version})
    nudges.nudge("portal.tasks.inspect_files")
    return file


def _told(file: StoredFile) -> dict[str, str]:
    """What the log may say of a file: officials read it, so nothing of one they may not know of."""
    return {"name": file.name, "slot": file.slot} if file.secrecy == Secrecy.OPEN else {}


def _require_room(file: StoredFile) -> None:
    same = StoredFile.objects.filter(application=file.application, organisation=file.organisation)
    limit = MAX_PER_APPLICATION if file.application else MAX_PER_SLOT
    if file.application is None:
        same = same.filter(slot=file.slot)
    if same.count() >= limit:
        raise RuleBroken(_("这里最多存放 %(limit)s 个文件版本，已满。") % {"limit": limit}, code="file_too_many")


def _next_version(file: StoredFile) -> int:
    """Return the number of the next version; a series never leaves its case, enterprise or person."""
    versions = StoredFile.objects.filter(series=file.series)
    last = versions.filter(application=file.application, organisation=file.organisation, slot=file.slot).aggregate(
        last=Max("version")
    )["last"]
    if last is None or (file.organisation is None and versions.exclude(created_by=file.created_by).exists()):
        raise RuleBroken(_("要替换的文件不在这里。请刷新后再试。"), code="file_unknown")
    return last + 1


def display_name(raw: str) -> str:
    """Return the user's file name made harmless to show: no folders, no invisible or turning characters, short."""
    flat = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(" " if unicodedata.category(c) in INVISIBLE else c for c in flat)
    name = " ".join(seen.translate(FORBIDDEN).split()).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if dot and 0 < len(suffix) <= 5:
        return f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}"
    return name[:MAX_NAME] or "file"


def _with_suffix(name: str, media_type: str) -> str:
    """A name that claims another type gets the true suffix, so that no program opens it as something else."""
    suffixes = files_inspection.TYPES[media_type]
    if PurePosixPath(name.lower()).suffix in suffixes:
        return name
    return f"{name}{suffixes[0]}"


# --- inspection ---------------------------------------------------------------------------------------------------
def inspect(file: StoredFile) -> StoredFile:
    """Inspect one quarantined file and return it as it is now. Safe to call twice or from several workers."""
    if not _claim(file):
        file.refresh_from_db()
        return file
    file.refresh_from_db()
    try:
        with default_storage.open(file.key, "rb") as stream:
            files_inspection.inspect(stream, file.media_type)
            stream.seek(0)
            verdict = Refusal.VIRUS if antivirus.finds_virus(stream) else ""
    except files_inspection.Unsafe as unsafe:
        verdict = Refusal(unsafe.code)
    except antivirus.Unreachable:
        # Not the file's fault: it waits, and the attempt does not count.
        StoredFile.objects.filter(pk=file.pk).update(inspection_attempts=F("inspection_attempts") - 1)
        log.warning("antivirus_unreachable", file=file.number)
        return file
    except Exception:
        log.exception("inspection_failed", file=file.number, attempt=file.inspection_attempts)
        if file.inspection_attempts < MAX_ATTEMPTS:
            return file
        verdict = Refusal.UNREADABLE
    return _settle(file, verdict)


def _claim(file: StoredFile) -> bool:
    """Take the file by one conditional UPDATE, committed before the work: a file that kills its worker is counted."""
    wait = dt.timedelta(minutes=RETRY_MINUTES)
    due = StoredFile.objects.due_for_inspection().filter(pk=file.pk).order_by()
    return bool(due.update(inspection_attempts=F("inspection_attempts") + 1, inspect_after=now() + wait))


@transaction.atomic
def _settle(file: StoredFile, verdict: str) -> StoredFile:
    file = StoredFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if file.status != StoredFile.Status.QUARANTINED:
        return file
    file.status = StoredFile.Status.REFUSED if verdict else StoredFile.Status.CLEAN
    file.refusal = str(verdict)
    file.save(update_fields=["status", "refusal"])
    owner: Any = file.application or file.organisation or file
    action = "file.refused" if verdict else "file.found_clean"
    audit.record(owner, action, data={"file": file.number, "sha256": file.sha256, "why": str(verdict)})
    return file


def sweep_inspections(*, limit: int = BATCH) -> int:
    """Inspect what lies in quarantine, oldest first; return how many were settled. Safe to run twice at once."""
    _give_up()
    due = list(StoredFile.objects.due_for_inspection()[:limit])
    return sum(inspect(file).status != StoredFile.Status.QUARANTINED for file in due)


def _give_up() -> None:
    """Refuse files whose last attempt ended with the death of the worker."""
    spent = StoredFile.objects.due_for_inspection().filter(inspection_attempts__gte=MAX_ATTEMPTS)
    for file in spent[:BATCH]:
        _settle(file, Refusal.UNREADABLE)


# --- opening ------------------------------------------------------------------------------------------------------
def check_open(user: Any, file: StoredFile) -> None:
    """Raise Denied unless the user may read this file, RuleBroken unless it passed the inspection."""
    if file.public_at is None:
        _require_reader(user, file)
    if file.status == StoredFile.Status.QUARANTINED:
        raise RuleBroken(_("文件正在做安全检查，通常不到一分钟。请稍后再打开。"), code="file_quarantined")
    if file.status == StoredFile.Status.REFUSED:
        raise RuleBroken(file.refusal_text, code="file_refused")


def _require_reader(user: Any, file: StoredFile) -> None:
    if _is_mandated(user, file):
        return
    application, organisation = file.application, file.organisation
    is_member = organisation is not None and organisation.pk in standing_of(user).roles
    if application is not None and not is_member:
        check(user, Permission.VIEW_CASE, application)
        _require_paper_reader(user, file)
        gate = conflict_gate(user, application)
        if not gate:
            raise Denied(gate.why, code="undeclared")
    elif organisation is not None and not is_member:
        check(user, Permission.VIEW_CASE, organisation)
    elif organisation is None and file.created_by_id != user.pk and not _is_the_citys(user, file):
        raise Denied(_("这个文件不是您的。"))
    if not _is_told(user, file, is_member):
        raise Denied(_("这个文件只给指定的人员看。"))


def _require_paper_reader(user: Any, file: StoredFile) -> None:
    """A letter or certificate is not for experts who scored the case."""
    officials = roles_of(user, file.application) - {"expert"}
    if file.slot in CasePaper.Kind.values and not any(Permission.VIEW_CASE in ROLES[role] for role in officials):
        raise Denied(Permission.VIEW_CASE.value)


def _is_mandated(user: Any, file: StoredFile) -> bool:
    """Whether the person's agency keeps what the file is about; what is for named persons is never an agency's."""
    return file.agency_id in standing_of(user).agencies and file.secrecy != Secrecy.NAMED


def _is_the_citys(user: Any, file: StoredFile) -> bool:
    return file.is_for_city and standing_of(user).is_city


def _is_told(user: Any, file: StoredFile, is_member: bool) -> bool:
    """Whether the file's secrecy lets this person know of it: see `portal.models.may_know`."""
    if file.secrecy == Secrecy.OPEN or file.organisation is None:
        return True
    return is_member and (file.secrecy == Secrecy.INTERNAL or user.pk in file.readers)


@transaction.atomic
def open_for(user: Any, file: StoredFile) -> IO[bytes]:
    """Check, write the reading into the audit and return the bytes as a stream. Raises Denied, RuleBroken."""
    check_open(user, file)
    stream = default_storage.open(file.key, "rb")
    data = {**_told(file), "sha256": file.sha256, "application": getattr(file.application, "number", "")}
    by = user if user.is_authenticated else "anonymous"
    audit.record(("file", file.number), "file.read", by=by, data=data, organisation_id=file.organisation_id)
    return stream


def make_public(rows: QuerySet[StoredFile], *, by: User | None) -> None:
    """Let everybody read files that belong to nobody, from now on; the caller has checked who and that they are clean.

    Runs inside the action that publishes what they are attached to.
    """
    for file in rows.filter(public_at=None).order_by("pk"):
        file.public_at = now()
        file.save(update_fields=["public_at"])
        audit.record(("file", file.number), "file.made_public", by=by, data={"name": file.name, "sha256": file.sha256})


def make_private(rows: QuerySet[StoredFile], *, by: User | None) -> None:
    """Take files back from the public."""
    for file in rows.exclude(public_at=None).order_by("pk"):
        file.public_at = None
        file.save(update_fields=["public_at"])
        audit.record(("file", file.number), "file.made_private", by=by, data={"name": file.name})


def newest(application: Application, *, slot: str | None = None) -> QuerySet[StoredFile]:
    """Return the newest version of each file of a case, or of one of its questions, oldest series first."""
    rows = StoredFile.objects.filter(application=application, paper=None)  # letters and certificates are not answers
    rows = rows.filter(slot=slot) if slot is not None else rows
    last = rows.order_by("series", "-version").distinct("series").values("pk")
    return StoredFile.objects.filter(pk__in=last).order_by("created_at", "pk")


def is_locked(application: Application) -> bool:
    """Return whether no file of the case can change now."""
    return application.status not in (Status.DRAFT, Status.RETURNED)


def virus_scanner() -> str:
    """Return the address of the configured scanner, or an empty text."""
    return settings.CLAMAV_URL
