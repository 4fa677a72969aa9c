"""The alert desk: districts propose and see their own, the city writes, a second person of the city publishes."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import documents

from ..rules import ADMIN, CITY, DONE, OFFICERS, OFFICIALS, PUBLISHERS, STRONG, Row, form, read, write

PROPOSERS = OFFICERS | {"district_publisher", "city_officer"}
WRITERS = PROPOSERS | PUBLISHERS
TEXT = {"title": "请核对在美产品", "kind": "hint", "severity": "1", "confirm_days": "0", "join": "both", "lock": "1"}
WHY = {"reason": "与另一条重复", "reason_en": "Twice"}


def paper(world, party):
    return {"file": SimpleUploadedFile("a.pdf", documents.pdf(), "application/pdf")}


ROWS: dict[str, Row] = {
    "alert-desk": read(OFFICIALS, door=OFFICIALS),
    "alert-desk-new": form(PUBLISHERS, door=PUBLISHERS, needs=STRONG, body=TEXT),
    "alert-desk-propose": form(PROPOSERS, door=PROPOSERS, body=TEXT),
    "alert-desk-audience": read(WRITERS, door=WRITERS),
    "alert-desk-detail": read(OFFICIALS, door=OFFICIALS, of="alert:proposal"),
    "alert-desk-preview": read(OFFICIALS, door=OFFICIALS, of="alert:proposal"),
    "alert-desk-change": form(OFFICIALS, WRITERS, door=OFFICIALS, of="alert:proposal", body=TEXT),
    "alert-desk-autosave": write(
        OFFICIALS, WRITERS, door=OFFICIALS, of="alert:proposal", body={**TEXT, "typed": "title"}, ok=DONE | {409}
    ),
    "alert-desk-adopt": write(OFFICIALS, PUBLISHERS, needs=STRONG, door=OFFICIALS, of="alert:proposal"),
    "alert-desk-drop": write(OFFICIALS, PUBLISHERS, needs=STRONG, door=OFFICIALS, of="alert:proposal", body=WHY),
    "alert-desk-attach": write(OFFICIALS, WRITERS, door=OFFICIALS, of="alert:proposal", body=paper),
    "alert-desk-detach": write(OFFICIALS, WRITERS, door=OFFICIALS, of="alert:file"),
    "alert-desk-submit": write(CITY, PUBLISHERS, needs=STRONG, door=OFFICIALS, of="alert:draft"),
    "alert-desk-send-back": write(
        CITY, PUBLISHERS, needs=STRONG, door=OFFICIALS, of="alert:in_review", body={"reason": "来源不清"}
    ),
    # its author is the publisher, who may not
    "alert-desk-approve": write(CITY, ADMIN, needs=STRONG, door=OFFICIALS, of="alert:in_review", body={"seen": "on"}),
    "alert-desk-correct": write(OFFICIALS, PUBLISHERS, needs=STRONG, door=OFFICIALS, of="alert:published"),
    "alert-desk-withdraw": write(OFFICIALS, PUBLISHERS, needs=STRONG, door=OFFICIALS, of="alert:published", body=WHY),
}
