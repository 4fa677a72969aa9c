"""Stored files whose name and content carry canaries."""

from __future__ import annotations

from typing import Any

from portal import files
from portal.models import StoredFile
from tests.factories import documents


def make_file(world: Any, party: Any, sort: str, **where: Any) -> StoredFile:
    """Return a clean stored PDF whose name and title carry canaries."""
    case = where.pop("case", "")
    word = world.canaries.make(party.key, sort, case=case)
    if "application" in where:
        where["organisation"] = party.organisation
    body = documents.pdf(edit=lambda writer: writer.add_metadata({"/Title": word}))
    return files.keep(
        body, name=f"{word}.pdf", media_type="application/pdf", by=where.pop("by", party.people["owner"]), **where
    )
