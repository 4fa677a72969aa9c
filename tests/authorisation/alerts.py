"""Risk alerts of the world: a proposal of each district, and the city's own at every stage, with canaries in them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from services.protection import publishing
from services.protection.models import AlertVersion
from tests.factories import alerts as factory
from tests.factories import documents


def add_proposal(world: Any, party: Any) -> None:
    """Let the district of a party propose an alert with an attachment."""
    by = party.officials["officer"]

    def mark() -> str:
        return str(world.canaries.make(party.key, "proposal"))

    data = {"title": mark(), "summary": mark(), "body": mark(), "ipc": ["G01L 9/*"]}
    version = publishing.propose(data, by=by)
    upload = SimpleUploadedFile(f"{mark()}.pdf", documents.pdf(), "application/pdf")
    file = publishing.attach(version, upload, by=by)
    number = version.alert.number
    if party.key != "C":  # C is taken back each time, and its running number then belongs to the next proposal
        world.canaries.literal(number, party.key, "proposal")
    party.addresses["alert:proposal"] = {"number": number}
    party.addresses["alert:file"] = {"number": number, "file": file.number}


def add_shared(world: Any) -> None:
    """Let the publisher write what only the city reads yet, and one that everybody may read."""
    author, reviewer = world.people["publisher"], world.people["administrator"]
    for stage in ("draft", "in_review"):
        texts = {name: world.canaries.make("", "unpublished") for name in ("title", "summary", "body")}
        version = factory.make_alert(stage, author=author, **texts)
        world.canaries.literal(version.alert.number, "", "unpublished")
        world.shared[f"alert:{stage}"] = {"number": version.alert.number}
    public = factory.make_alert(AlertVersion.Stage.PUBLISHED, author=author, reviewer=reviewer)
    world.shared["alert:published"] = {"number": public.alert.number}
