"""The evidence checklist of a dispute: which items belong to a forum stands in data; papers are as secret as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import files
from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import is_english
from portal.models import Secrecy, User
from portal.permissions import Permission
from services.protection.models import DisputeEvidence, OverseasDispute

from .access import locked, log, slot_of

DATA = Path(__file__).parents[1] / "data" / "dispute-evidence.json"
ANYWHERE = "any"


@dataclass(frozen=True)
class Item:
    """One thing to gather; `forums` and `sides` say where it is wanted."""

    code: str
    zh: str
    en: str
    forums: frozenset[str]
    sides: frozenset[str]

    @property
    def label(self) -> str:
        """What it is, in the reader's language."""
        return self.en if is_english() else self.zh

    def applies(self, dispute: OverseasDispute) -> bool:
        """Tell whether this dispute wants it."""
        return bool({ANYWHERE, dispute.forum} & self.forums) and bool({ANYWHERE, dispute.side} & self.sides)


@cache
def items() -> tuple[Item, ...]:
    """Return all items in the order they are shown."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))["items"]
    return tuple(
        Item(row["code"], row["zh"], row["en"], frozenset(row["forums"]), frozenset(row["sides"])) for row in rows
    )


def wanted(dispute: OverseasDispute) -> list[Item]:
    """Return the checklist of a dispute."""
    return [item for item in items() if item.applies(dispute)]


def checklist(dispute: OverseasDispute) -> list[tuple[Item, DisputeEvidence]]:
    """Return each item with what there is of it; an empty row where nothing was entered."""
    rows = {row.code: row for row in dispute.evidence.select_related("document", "updated_by")}
    return [(item, rows.get(item.code) or DisputeEvidence(code=item.code)) for item in wanted(dispute)]


@transaction.atomic
def save(
    dispute: OverseasDispute, *, code: str, is_there: bool, note: str = "", uploaded: File | None = None, by: User
) -> DisputeEvidence:
    """Say whether an item is there; a paper is kept beside it, a newer one as its next version.

    An item with a new paper is there. Raises Denied, RuleBroken.
    """
    row = locked(dispute, by)
    if code not in {item.code for item in wanted(row)}:
        raise RuleBroken(_("这件纠纷的清单里没有这一项。请刷新后再试。"), code="unknown_item")
    found, _made = DisputeEvidence.objects.select_for_update().get_or_create(dispute=row, code=code)
    if uploaded is not None:
        found.document = files.attach(
            uploaded, slot=slot_of(row), organisation=row.organisation, by=by, secrecy=Secrecy.NAMED,
            series=found.document.series if found.document else None, readers=row.readers,
            permission=Permission.KEEP_DISPUTE,
        )  # fmt: skip
    found.is_there, found.note = is_there or uploaded is not None, note.strip()[:300]
    found.updated_at, found.updated_by = now(), by
    found.save()
    log(row, "dispute.evidence_saved", by=by, item=code, is_there=found.is_there)
    return found
