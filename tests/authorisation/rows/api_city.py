"""The interface for programs: calls, questionnaires, offices and people as the city administers them."""

from ..rules import ADMIN, CITY, DONE, OFFICIALS, PUBLISHERS, STRONG, Row, Rule, read, write

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


def act(may, **more):
    """A verb of the city's people on calls and questionnaires."""
    return write(CITY, may, needs=STRONG, door=CITY, **more)


def kept(row=write, **more):
    """What is the administrators' business only."""
    return row(ADMIN, door=ADMIN, needs=STRONG, **more)


ROWS: dict[str, Row] = {
    "api:call-editor-list": Row(
        read=Rule(CITY, door=CITY), write=Rule(CITY, ADMIN, door=CITY, needs=STRONG, ok=DONE), body=CALL
    ),
    "api:call-editor-detail": Row(
        read=Rule(CITY, door=CITY),
        write=Rule(CITY, ADMIN, door=CITY, needs=STRONG, ok=DONE),
        of="call:hidden",
        body=CALL,
    ),
    "api:call-editor-publish": act(PUBLISHERS, of="call:hidden"),
    "api:call-editor-clone": act(ADMIN, of="call:hidden"),
    "api:questionnaire-list": read(CITY, door=CITY),
    "api:questionnaire-detail": read(CITY, door=CITY, of="questionnaire"),
    "api:questionnaire-clone": act(ADMIN, of="questionnaire"),
    "api:questionnaire-publish": act(ADMIN, of="questionnaire:draft"),
    "api:questionnaire-change-question": act(ADMIN, of="questionnaire:draft", extra={"key": "plan"}, body=QUESTION),
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
