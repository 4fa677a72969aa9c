"""Append-only log in the action's own transaction, hash-chained per subject, sealed by periodic anchors.

A database trigger refuses UPDATE, DELETE and TRUNCATE; `verify()` names the first broken row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.clock import now
from portal.models import AuditAnchor, AuditEvent

GENESIS = "0" * 64


@dataclass(frozen=True)
class Broken:
    """A row that does not fit: its id and what is wrong with it."""

    event_id: int
    why: str


def record(
    subject: models.Model | tuple[str, str],
    action: str,
    *,
    by: Any = None,
    data: dict[str, Any] | None = None,
    organisation_id: int | None = None,
) -> AuditEvent:
    """Append one event about `subject` inside the running transaction and return it.

    `subject` is a model with `number` (or pk), or a (type, id) pair. `by` is a user or None for the portal itself.
    Writers of one subject queue behind each other by an advisory lock; different subjects never do.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("audit.record() must run inside the action's transaction")
    subject_type, subject_id, label = _name(subject)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 19))", [f"{subject_type}/{subject_id}"])
    last = (
        AuditEvent.objects.filter(subject_type=subject_type, subject_id=subject_id)
        .order_by("-sequence")
        .values_list("sequence", "hash")
        .first()
    ) or (0, GENESIS)
    event = AuditEvent(
        subject_type=subject_type,
        subject_id=subject_id,
        subject_label=label,
        organisation_id=organisation_id or getattr(subject, "organisation_id", None) or _own_organisation(subject),
        sequence=last[0] + 1,
        at=now(),
        actor_id=getattr(by, "pk", None),
        actor_name=str(getattr(by, "name", "") or by or "system")[:100],
        action=action,
        data=data or {},
        previous_hash=last[1],
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def _own_organisation(subject: Any) -> int | None:
    return subject.pk if getattr(subject, "_meta", None) and subject._meta.model_name == "organisation" else None


def _name(subject: models.Model | tuple[str, str]) -> tuple[str, str, str]:
    if isinstance(subject, tuple):
        return subject[0], subject[1], ""
    # What is not for everybody who reads the log says so by `log_label`: it stands there by its number alone.
    words = str(getattr(subject, "log_label", subject))[:200]
    return (subject._meta.model_name or "", str(getattr(subject, "number", subject.pk)), words)


def digest(event: AuditEvent) -> str:
    """Return the SHA-256 over every column of the row and the hash before it."""
    content = [
        event.previous_hash,
        event.subject_type,
        event.subject_id,
        event.subject_label,
        event.organisation_id,
        event.sequence,
        event.at.timestamp(),
        event.actor_id,
        event.actor_name,
        event.action,
        event.data,
    ]
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def history_of(subject: models.Model | tuple[str, str]) -> models.QuerySet[AuditEvent]:
    """Return the events of one subject, oldest first."""
    subject_type, subject_id, _label = _name(subject)
    return AuditEvent.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("sequence")


def seal() -> AuditAnchor | None:
    """Seal all rows since the last anchor together; None where there is nothing new."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows get their id before they commit: the table lock waits for writers, so no row slips in below a seal.
        cursor.execute("LOCK TABLE portal_auditevent IN SHARE ROW EXCLUSIVE MODE")
        before = AuditAnchor.objects.order_by("-last_event_id").first()
        first = before.last_event_id + 1 if before else 1
        last = AuditEvent.objects.filter(pk__gte=first).aggregate(last=Max("pk"))["last"]
        if last is None:
            return None
        count, sealed = _seal_digest(first, last, before.digest if before else "")
        return AuditAnchor.objects.create(
            sealed_at=now(),
            first_event_id=first,
            last_event_id=last,
            event_count=count,
            digest=sealed,
            previous_digest=before.digest if before else "",
        )


def _seal_digest(first: int, last: int, before: str) -> tuple[int, str]:
    total, running = 0, hashlib.sha256(before.encode())
    rows = AuditEvent.objects.filter(pk__range=(first, last)).order_by("pk").values_list("pk", "hash")
    for pk, row_hash in rows.iterator(chunk_size=10_000):
        running.update(f"{pk}:{row_hash}".encode())
        total += 1
    return total, running.hexdigest()


def verify() -> Iterator[Broken]:
    """Yield every row whose content, chain or seal does not fit; nothing where the log is whole."""
    chain: dict[tuple[str, str], tuple[int, str]] = {}
    for event in AuditEvent.objects.order_by("subject_type", "subject_id", "sequence").iterator(chunk_size=5_000):
        key = (event.subject_type, event.subject_id)
        sequence, previous = chain.get(key, (0, GENESIS))
        if event.sequence != sequence + 1:
            yield Broken(event.pk, _("序号不连续：前面缺少记录"))
        elif event.previous_hash != previous:
            yield Broken(event.pk, _("与前一条记录的哈希不符"))
        if event.hash != digest(event):
            yield Broken(event.pk, _("内容与哈希不符：记录被改动"))
        chain = {key: (event.sequence, event.hash)}
    yield from _verify_seals()


def _verify_seals() -> Iterator[Broken]:
    before = ""
    for anchor in AuditAnchor.objects.order_by("last_event_id"):
        count, sealed = _seal_digest(anchor.first_event_id, anchor.last_event_id, before)
        if count != anchor.event_count or sealed != anchor.digest:
            yield Broken(anchor.last_event_id, _("封存点不符：其中有记录被删除或改动"))
        before = anchor.digest
