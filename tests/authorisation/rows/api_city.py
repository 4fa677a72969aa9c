"""The interface for programs: calls, questionnaires, offices and people as the city administers them."""

from ..rules import ADMIN, CITY, DONE, MAKERS, OFFICIALS, PUBLISHERS, STRONG, SUPERVISOR, Row, Rule, read, write

CALL = {
    "kind": "municipal_pilot",
    "year": 2027,
    "title_zh": "新批次",
    "title_en": "New call",
    "questionnaire": "municipal_demonstration.1",
    "opens_on": "2027-03-01",
    "closes_on": "2027-04-01",
    "pattern": "short",
}
QUESTION = {"label": {"zh": "计划", "en": "Plan"}}


WRITERS = ADMIN | SUPERVISOR
NEW = {"code": "another", "title_zh": "问卷", "title_en": "Questionnaire"}
PROGRAMME = {
    "code": "another", "title_zh": "项目", "title_en": "Programme", "clause": 5, "prefix": "ZZ",
    "certificate_prefix": "ZZR", "certificate_title_zh": "证书", "certificate_title_en": "Certificate",
    "pattern": "short", "eligibility": [{"rule": "verified"}],
}  # fmt: skip


def act(may, *, sees=CITY, **more):
    """A verb of the makers on programmes, calls and questionnaires."""
    return write(sees, may, needs=STRONG, door=MAKERS, **more)


def kept(row=write, **more):
    """What is the administrators' business only."""
    return row(ADMIN, door=ADMIN, needs=STRONG, **more)


ROWS: dict[str, Row] = {
    "api:call-editor-list": Row(
        read=Rule(MAKERS, door=MAKERS), write=Rule(MAKERS, ADMIN, door=MAKERS, needs=STRONG, ok=DONE), body=CALL
    ),
    "api:call-editor-detail": Row(
        read=Rule(CITY, door=MAKERS),
        write=Rule(CITY, ADMIN, door=MAKERS, needs=STRONG, ok=DONE),
        of="call:hidden",
        body=CALL,
    ),
    "api:call-editor-publish": act(PUBLISHERS, of="call:hidden"),
    "api:call-editor-clone": act(ADMIN, of="call:hidden"),
    "api:questionnaire-list": Row(
        read=Rule(MAKERS, door=MAKERS), write=Rule(MAKERS, WRITERS, door=MAKERS, needs=STRONG, ok=DONE), body=NEW
    ),
    "api:questionnaire-detail": read(MAKERS, door=MAKERS, of="questionnaire"),
    "api:questionnaire-clone": act(ADMIN, sees=MAKERS, of="questionnaire"),
    "api:questionnaire-retire": act(ADMIN, sees=MAKERS, of="questionnaire"),
    "api:questionnaire-publish": act(ADMIN, of="questionnaire:draft"),
    "api:questionnaire-change-question": act(ADMIN, of="questionnaire:draft", extra={"key": "plan"}, body=QUESTION),
    "api:programme-list": Row(
        read=Rule(MAKERS, door=MAKERS), write=Rule(MAKERS, WRITERS, door=MAKERS, needs=STRONG, ok=DONE), body=PROGRAMME
    ),
    "api:programme-detail": Row(
        read=Rule(MAKERS, door=MAKERS),
        write=Rule(MAKERS, SUPERVISOR, door=MAKERS, needs=STRONG, ok=DONE),
        of="programme",
        body={**PROGRAMME, "revision": 0},
    ),
    "api:programme-activate": act(SUPERVISOR, sees=MAKERS, of="programme"),
    "api:programme-retire": act(SUPERVISOR, sees=MAKERS, of="programme:active"),
    "api:figures-list": read(OFFICIALS, door=OFFICIALS),
    "api:office-change": kept(of="office", body={"name_zh": "甲", "name_en": "A"}),
    "api:office-postings": kept(read, of="office"),
    "api:office-invite": kept(of="office", body={"email": "amt@example.cn", "role": "officer"}),
    "api:person-list": kept(read),
    "api:person-detail": kept(read, of="person"),
    "api:person-post-to": kept(of="person", body={"office": "minhang", "role": "officer"}),
    "api:person-end-posting": kept(of="posting"),
    "api:person-expert": kept(of="person", body={"employer": "某大学"}),
    "api:person-availability": kept(of="person:expert", body={"is_available": False}),
    "api:person-deactivate": kept(of="person", body={"reason": "离职"}),
    "api:person-reactivate": kept(of="person:disabled"),
    "api:person-invite-expert": kept(body={"email": "exp@example.cn"}),
}
