"""Papers of a right, and proofs that a trademark is used. They are as visible as the right they belong to."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patents import rights
from patents.models import Right, RightKind, UseEvidence
from portal import files
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import StoredFile, User
from portal.permissions import Permission

LAST_CLASS = 45  # Nice: 1-34 goods, 35-45 services


def slot_of(right: Right) -> str:
    """Return the slot in which the papers of a right lie."""
    return f"right:{right.number}"


def of_right(right: Right, user: Any) -> list[StoredFile]:
    """Return the newest version of each paper this person may know of, newest first."""
    rows = StoredFile.objects.visible_to(user).filter(organisation=right.organisation_id, slot=slot_of(right))
    newest = rows.order_by("series", "-version").distinct("series").values("pk")
    return list(StoredFile.objects.filter(pk__in=newest).order_by("-created_at", "-pk")[:100])


@transaction.atomic
def attach(right: Right, uploaded: File, *, by: User, series: uuid.UUID | None = None) -> StoredFile:
    """Keep a paper of a right, as secret as the right is. Raises Denied, RuleBroken."""
    right = rights.locked(right, by)
    file = files.attach(
        uploaded,
        slot=slot_of(right),
        organisation=right.organisation,
        by=by,
        series=series,
        secrecy=right.secrecy,
        readers=right.readers,
        permission=Permission.EDIT_RIGHT,
    )
    if right.agency_id:
        rights.follow_right([right.pk])
    rights.note_event(right, "document", by=by, text=file.name[:500], document=file)
    return file


@transaction.atomic
def add_use(
    right: Right, *, nice_class: int, used_on: dt.date, description: str, by: User, document: File | None = None
) -> UseEvidence:
    """Record that a trademark was used in a class: its non-use clock begins anew (商标法 2019 art. 49)."""
    right = rights.locked(right, by)
    if right.kind != RightKind.TRADEMARK:
        raise RuleBroken(_("只有商标需要使用证据。"), code="wrong_kind")
    if not 1 <= nice_class <= LAST_CLASS:
        raise RuleBroken(_("商品和服务类别是 1 到 45。"), code="wrong_class")
    if used_on > today():
        raise RuleBroken(_("使用日期不能晚于今天。"), code="future")
    paper = attach(right, document, by=by) if document else None
    evidence = UseEvidence.objects.create(
        right=right, nice_class=nice_class, used_on=used_on, description=description, document=paper, created_by=by
    )
    rights.note_event(right, "use", by=by, data={"class": nice_class}, on=used_on, text=description[:500])
    rights.log(right, "right.use_recorded", by=by)
    rights.changed([right.pk])
    return evidence
