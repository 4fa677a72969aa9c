"""The register: the enterprise's own pages, the open rights of an area for officials, saved views."""

from django.core.files.uploadedfile import SimpleUploadedFile

from patents.models import Right
from tests.factories import documents

from ..rules import DONE, FILLERS, INSIDERS, LEADERS, OFFICIALS, OWNER, SIGNED_IN, Row, Rule, form, read, write

SEERS = INSIDERS | OFFICIALS
OPEN = "right:open"
FACTS = {"title": "某项权利", "owners": "某企业", "country": "CN", "route": "national", "reduction": "0"}


def facts(world, party):
    """The facts of the open right as they are."""
    right = Right.objects.get(number=party.addresses[OPEN]["number"])
    return {**FACTS, "title": right.title, "application_number": right.application_number, "version": right.version}


def paper(world, party):
    """A paper of a right."""
    return {"file": SimpleUploadedFile("a.pdf", documents.pdf(), "application/pdf")}


def grading(world, party):
    """A bulk edit of the open right."""
    return f"?field=grade&scope=picked&pick={party.addresses[OPEN]['number']}"


ROWS: dict[str, Row] = {
    "rights": read(SEERS, door=SEERS),
    "rights-overview": read(SEERS, door=SEERS),
    "rights-export": write(SEERS, door=SEERS, ok=DONE | {403, 409}, body={"format": "csv"}),
    "rights-bulk": form(
        INSIDERS, LEADERS, door=INSIDERS, query=grading, body={"value": "B"}, done=DONE
    ),
    "rights-unseen": Row(
        read=Rule(INSIDERS, OWNER, door=INSIDERS),
        write=Rule(INSIDERS, OWNER, door=INSIDERS, ok=frozenset({422})),  # every right there has somebody who sees it
        body={"number": "NONE", "reader": "1"},
        is_vacuous="everything has a reader; tests/patents/register/test_entrusting.py",
    ),
    "right-create": form(
        INSIDERS, FILLERS, door=INSIDERS, done=DONE | {409},
        body={**FACTS, "kind": "domain", "status": "granted", "secrecy": "open", "title": "example.cn"},
    ),
    "family-list": Row(
        read=Rule(INSIDERS, door=INSIDERS), write=Rule(INSIDERS, FILLERS, door=INSIDERS, ok=DONE), body={"title": "族"}
    ),
    "product-list": Row(
        read=Rule(INSIDERS, door=INSIDERS), write=Rule(INSIDERS, FILLERS, door=INSIDERS, ok=DONE | {409}),
        body={"name": "MS-200"},
    ),
    "right": read(SEERS, of=OPEN),
    "right-edit": form(
        SEERS, FILLERS, of=OPEN, body=facts, done=DONE | {409}  # 409: the number is that of the open right
    ),
    "right-status": write(
        SEERS, FILLERS, of=OPEN, ok=DONE | {409}, body={"status": "published", "on": "2026-03-02", "source": "公告"}
    ),
    "right-flags": write(SEERS, FILLERS, of=OPEN, body={"flags": ["pledged"]}),
    "right-secrecy": write(SEERS, FILLERS, of=OPEN, body={"secrecy": "internal"}),  # opening is for the leaders
    "right-assign": write(SEERS, LEADERS, of=OPEN),
    "right-link": write(SEERS, FILLERS, of=OPEN),
    "right-attach": write(SEERS, FILLERS, of=OPEN, body=paper, is_multipart=True),
    "right-use": write(
        SEERS, FILLERS, of="right:trademark",
        body={"nice_class": 9, "used_on": "2026-03-02", "description": "官网"},
    ),
    "right-delete": write(SEERS, LEADERS, of=OPEN, ok={409}, is_vacuous="it has money", body={"reason": "录错"}),
    "saved-view-create": write(SIGNED_IN, body={"page": "rights", "name": "我的视图", "query": "kind=invention"}),
    "saved-view-rename": write(
        SIGNED_IN, extra={"number": "NONE"}, ok={404}, is_vacuous="a view is somebody's own", body={"name": "x"}
    ),
    "saved-view-delete": write(
        SIGNED_IN, extra={"number": "NONE"}, ok={404}, is_vacuous="a view is somebody's own"
    ),
}  # fmt: skip
