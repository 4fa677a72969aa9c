"""The interface for programs: what is public, one's own account, one's own enterprises and applications."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import documents

from ..rules import (
    ANYONE,
    CITY_DESK,
    CITY_HEAD,
    DONE,
    FILLERS,
    INSIDERS,
    LEADERS,
    OFFICIALS,
    OWNER,
    SELF,
    SIGNED_IN,
    STRONG,
    SUPERVISOR,
    Row,
    Rule,
    read,
    write,
)

NAMES = frozenset({"name", "code"})
NOTICE = NAMES | {"number"}


def paper(world, party):
    """A sound file."""
    return {"file": SimpleUploadedFile("a.pdf", documents.pdf(), "application/pdf"), "slot": "rules_file"}


def verb(may, state, **more):
    return write(INSIDERS, may, of=f"case:{state}", **more)


ROWS: dict[str, Row] = {
    "api:me-list": read(SIGNED_IN),
    "api:settings-list": Row(
        read=Rule(SIGNED_IN), write=Rule(SIGNED_IN, ok=DONE), body={"theme": "dark"}, shows=frozenset({"people"})
    ),
    "api:notification-list": read(SIGNED_IN),
    "api:notification-read-all": write(SIGNED_IN),
    "api:notification-read": write(SELF, of="notification"),
    "api:token-list": read(SIGNED_IN),
    "api:token-revoke": write(SELF, of="token"),
    "api:file-detail": read(INSIDERS, of="file:draft"),
    "api:file-content": read(INSIDERS, of="file:draft"),
    "api:district-list": read(ANYONE),
    "api:office-list": read(ANYONE),
    "api:call-list": read(ANYONE),
    "api:call-detail": read(ANYONE, of="call"),
    "api:call-eligibility": read(
        SIGNED_IN,
        of="call",
        query=lambda world, party: f"?organisation={world.parties['A'].organisation.number}",
        ok={200, 404},
    ),
    "api:notice-list": read(ANYONE, shows=NOTICE),
    "api:notice-detail": read(ANYONE, of="case:publicity", shows=NOTICE),
    "api:notice-object-to": write(ANYONE, of="case:publicity", body={"name": "某", "contact": "1", "text": "不实"}),
    "api:recognition-list": read(ANYONE, shows=NAMES),
    "api:recognition-detail": read(ANYONE, of="recognition", shows=NAMES),
    "api:recognition-accept": write(
        SIGNED_IN, CITY_DESK, needs=STRONG, of="recognition", shows=NAMES, body={"is_passed": True, "note": "好"}
    ),
    "api:recognition-midterm": write(
        SIGNED_IN, CITY_DESK, needs=STRONG, of="recognition", shows=NAMES, body={"note": "好"}
    ),
    "api:recognition-revoke": write(
        SIGNED_IN, CITY_HEAD, needs=STRONG, of="recognition", shows=NAMES, body={"reason": "因"}
    ),
    "api:rule-list": read(ANYONE),
    "api:rule-detail": read(ANYONE, of="rule"),
    "api:organisation-list": Row(
        read=Rule(SIGNED_IN),
        write=Rule(SIGNED_IN, ok=DONE | {400, 409}),
        is_vacuous="needs an unknown code",
    ),
    "api:organisation-detail": read(INSIDERS, of="organisation"),
    "api:organisation-change-role": write(INSIDERS, OWNER, of="member:member", body={"role": "viewer"}),
    "api:organisation-district-changes": Row(
        read=Rule(INSIDERS),
        write=Rule(INSIDERS, LEADERS, ok=DONE),
        of="organisation",
        body={"district": "310101", "address": "新址", "reason": "搬"},
    ),
    "api:organisation-end": write(INSIDERS, OWNER | {"viewer"}, of="member:viewer"),  # one may leave oneself
    "api:organisation-hand-over": write(
        INSIDERS,
        OWNER,
        of="organisation",
        body=lambda world, party: {"member": party.addresses["member:manager"]["member"]},
    ),
    "api:organisation-invitations": Row(
        read=Rule(INSIDERS, OWNER),
        write=Rule(INSIDERS, OWNER, ok=DONE),
        of="organisation",
        body={"email": "neu@example.cn", "role": "viewer"},
    ),
    "api:organisation-licence": write(INSIDERS, LEADERS, of="organisation", body=paper, is_multipart=True),
    "api:organisation-members": read(INSIDERS, of="organisation"),
    "api:organisation-request-verification": write(
        INSIDERS, LEADERS, of="organisation", ok=DONE | {409}, is_vacuous="A is verified"
    ),
    "api:supervised-organisation-list": read(SIGNED_IN),
    "api:supervised-organisation-detail": read(OFFICIALS, of="organisation"),
    "api:join-request-list": Row(
        read=Rule(SIGNED_IN),
        write=Rule(SIGNED_IN, ok=DONE | {409}),
        body=lambda world, party: {"uscc": world.parties["B"].organisation.uscc, "message": "请同意"},
        shows=frozenset({"code"}),  # one typed it oneself
    ),
    "api:join-request-answer": write(
        OWNER | SUPERVISOR, of="join:district", body={"is_accepted": True, "role": "viewer"}
    ),
    "api:join-request-withdraw": write(
        OWNER | SUPERVISOR, frozenset(), of="join:district", is_vacuous="the asker is no actor"
    ),
    "api:invitation-list": read(SIGNED_IN),
    "api:invitation-accept": write(OWNER, frozenset(), of="invitation", is_vacuous="the invited person is no actor"),
    "api:invitation-decline": write(OWNER, frozenset(), of="invitation", is_vacuous="the invited person is no actor"),
    "api:invitation-revoke": write(OWNER, of="invitation"),
    "api:application-list": Row(
        read=Rule(SIGNED_IN),
        write=Rule(SIGNED_IN, ok=DONE | {403, 404}),
        body=lambda world, party: {"call": "CALL-review", "organisation": world.parties["A"].organisation.number},
    ),
    "api:application-detail": read(INSIDERS, of="case:approved"),
    "api:application-answers": verb(FILLERS, "draft", body={"answers": {"staff": 91}, "revisions": {"staff": 1}}),
    "api:application-appeal": verb(LEADERS, "rejected", body={"text": "请复核"}),
    "api:application-corrections": read(INSIDERS, of="case:resubmitted"),
    "api:application-files": Row(
        read=Rule(INSIDERS),
        write=Rule(INSIDERS, FILLERS, ok=DONE),
        of="case:draft",
        body=paper,
        is_multipart=True,
    ),
    "api:application-messages": Row(
        read=Rule(INSIDERS),
        write=Rule(INSIDERS, ok=DONE),
        of="case:review",
        body={"text": "您好"},
    ),
    "api:application-receipt": read(INSIDERS, of="case:submitted"),
    "api:application-reply": verb(FILLERS, "returned", extra={"key": "plan"}, body={"reply": "改了"}),
    "api:application-resubmit": verb(LEADERS, "returned"),
    "api:application-submit": verb(LEADERS, "draft", ok=DONE | {409}, is_vacuous="A is recognised by now"),
    "api:application-undo": verb(LEADERS, "submitted"),
    "api:application-withdraw": verb(LEADERS, "review", body={"reason": "不报了"}),
}
