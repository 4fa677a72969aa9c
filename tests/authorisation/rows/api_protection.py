"""The interface for programs: published alerts and knowledge, an enterprise's own alerts, the desk, reach, calls."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import documents

from ..rules import (
    ADMIN,
    ANYONE,
    CITY,
    DONE,
    FILLERS,
    INSIDERS,
    OFFICERS,
    OFFICIALS,
    PUBLISHERS,
    SIGNED_IN,
    STRONG,
    Row,
    Rule,
    read,
    write,
)
from .protection_desk import PROPOSERS, WRITERS

TEXT = {"title": "请核对在美产品", "countries": ["US"]}
WHY = {"reason": "与另一条重复"}
OUTSIDE = DONE | {403, 404}  # the enterprise is named in the body: a stranger's is absent


def react(verb_body=None, **more):
    """A verb of the enterprise; what is done twice is refused by its state."""
    return write(INSIDERS, FILLERS, of="delivery:ours", ok=DONE | {409}, body=verb_body or {}, **more)


def colleague(world, party):
    return {"to": party.people["member"].number}


def watch(world, party):
    return {"organisation": world.parties["A"].organisation.number, "what": "nice", "key": "9"}


def paper(world, party):
    return {"file": SimpleUploadedFile("a.pdf", documents.pdf(), "application/pdf")}


def attached(world, party):
    return {"file": party.addresses["alert:file"]["file"]}


def step(sees, may, of, **more):
    """A verb of the desk."""
    return write(sees, may, of=of, door=OFFICIALS, **more)


def call(of, body):
    return write(OFFICIALS, OFFICERS, of=of, door=OFFICIALS, ok=DONE | {409}, body=body)


ROWS: dict[str, Row] = {
    "api:alert-list": read(ANYONE),
    "api:alert-detail": read(ANYONE, of="alert:published"),
    "api:law-list": read(ANYONE),
    "api:law-detail": read(ANYONE, of="law"),
    "api:legal-case-list": read(ANYONE),
    "api:legal-case-detail": read(ANYONE, of="legal-case"),
    "api:country-list": read(ANYONE),
    "api:country-detail": read(ANYONE, of="country"),
    "api:alert-for-us-list": read(SIGNED_IN),
    "api:alert-for-us-detail": read(INSIDERS, of="delivery:ours"),
    "api:alert-for-us-read": write(INSIDERS, of="delivery:ours"),
    "api:alert-for-us-take": react(),
    "api:alert-for-us-reopen": react(is_vacuous="it is not closed there"),
    "api:alert-for-us-finish": react(),
    "api:alert-for-us-put-aside": react({"why": "不出口"}),
    "api:alert-for-us-tick": react({"done": [0]}),
    "api:alert-for-us-assign": react(colleague),
    "api:alert-for-us-note": react({"note": "x"}),
    "api:alert-for-us-ask-help": react({"text": "x"}),
    "api:watch-list": Row(read=Rule(SIGNED_IN), write=Rule(SIGNED_IN, ok=OUTSIDE), body=watch),
    "api:watch-remove": write(INSIDERS, FILLERS, of="watch"),
    "api:alert-desk-list": Row(
        read=Rule(OFFICIALS, door=OFFICIALS),
        write=Rule(OFFICIALS, PUBLISHERS, needs=STRONG, door=OFFICIALS, ok=DONE),
        body=TEXT,
    ),
    "api:alert-desk-propose": step(OFFICIALS, PROPOSERS, "", body=TEXT),
    "api:alert-desk-detail": Row(
        read=Rule(OFFICIALS, door=OFFICIALS),
        write=Rule(OFFICIALS, WRITERS, door=OFFICIALS, ok=DONE | {409}),
        of="alert:proposal",
        body={**TEXT, "lock": 1},
    ),
    "api:alert-desk-audience": read(OFFICIALS, door=OFFICIALS, of="alert:proposal"),
    "api:alert-desk-adopt": step(OFFICIALS, PUBLISHERS, "alert:proposal", needs=STRONG),
    "api:alert-desk-drop": step(OFFICIALS, PUBLISHERS, "alert:proposal", needs=STRONG, body=WHY),
    "api:alert-desk-attach": step(OFFICIALS, WRITERS, "alert:proposal", body=paper, is_multipart=True),
    "api:alert-desk-detach": step(OFFICIALS, WRITERS, "alert:proposal", body=attached),
    "api:alert-desk-submit": step(CITY, PUBLISHERS, "alert:draft", needs=STRONG),
    "api:alert-desk-send-back": step(CITY, PUBLISHERS, "alert:in_review", needs=STRONG, body=WHY),
    # its author is the publisher, who may not
    "api:alert-desk-approve": step(CITY, ADMIN, "alert:in_review", needs=STRONG, body={"is_seen": True}),
    "api:alert-desk-correct": step(OFFICIALS, PUBLISHERS, "alert:published", needs=STRONG),
    "api:alert-desk-withdraw": step(
        OFFICIALS, PUBLISHERS, "alert:published", needs=STRONG, body={**WHY, "reason_en": "Twice"}
    ),
    "api:alert-reach-list": read(OFFICIALS, door=OFFICIALS),
    "api:alert-reach-detail": read(OFFICIALS, door=OFFICIALS, of="alert:published"),
    "api:alert-call-list": read(OFFICIALS, door=OFFICIALS),
    "api:alert-call-detail": read(OFFICIALS, of="delivery:unread", door=OFFICIALS),
    "api:alert-call-record": call("delivery:unread", {"note": "x"}),
    "api:alert-call-answer": call("delivery:asking", {"answer": "x"}),
}
