"""The interface for programs: the officials' and experts' side."""

from ..rules import (
    CASE_VIEWERS,
    CITY_DESK,
    CITY_HEAD,
    DONE,
    EXPERT,
    GATE,
    INSIDERS,
    OFFICERS,
    OFFICIALS,
    SIGNED_IN,
    STRONG,
    SUPERVISOR,
    Row,
    Rule,
    read,
    write,
)


def act(state, may, needs=STRONG | GATE, **more):
    of = more.pop("of", f"case:{state}")
    return write(CASE_VIEWERS, may, needs=needs, of=of, **more)


def sheet(world, party):
    return {"reason": "有据。", "scores": {row["key"]: str(row["max"]) for row in world.calls["score"].criteria}}


RULING = {"is_upheld": True, "reason": "同意。"}


def bulk(ok, **more):
    """A verb on the supervisor's plan."""
    return write(CITY_HEAD, door=CITY_HEAD, of="bulk", ok=frozenset(ok), **more)


def chosen(world, party):
    cases = [world.parties[key].cases["decide"].number for key in "AB"]
    return {"cases": cases, "is_approved": True, "reason": "同意。"}


FRESH = "asks for a code that the authenticator shows now; carried out in the area's own tests"
NAMED = frozenset({"number"})

ROWS: dict[str, Row] = {
    "api:bulk-decision-list": Row(
        read=Rule(CITY_HEAD, door=CITY_HEAD),
        write=Rule(CITY_HEAD, door=CITY_HEAD, ok=DONE),
        body=chosen,
        shows=NAMED,
    ),
    "api:bulk-decision-detail": read(CITY_HEAD, door=CITY_HEAD, of="bulk", shows=NAMED),
    "api:bulk-decision-confirm": bulk({409}, body={"seen": "x"}, is_vacuous=FRESH),
    "api:bulk-decision-release": bulk({409}, body={"seen": "x"}, is_vacuous=FRESH),
    "api:bulk-decision-undo": bulk({409}, is_vacuous="the plan is not confirmed"),
    "api:bulk-decision-call-off": bulk({409}, is_vacuous="no release is set"),
    "api:bulk-decision-drop": bulk({200}, shows=NAMED),
    "api:verification-list": read(SIGNED_IN),
    "api:verification-detail": read(INSIDERS | OFFICIALS, of="verification"),
    "api:verification-decide": write(
        INSIDERS | OFFICIALS, OFFICERS, needs=STRONG, of="verification", body={"is_verified": False, "reason": "不清"}
    ),
    "api:case-list": read(SIGNED_IN),
    "api:case-detail": read(CASE_VIEWERS, of="case:review"),
    "api:case-assign": act(
        "review", SUPERVISOR, needs=STRONG, body=lambda world, party: {"officer": party.officials["officer"].number}
    ),
    "api:case-decide": act("decide", CITY_HEAD, body={"is_approved": True, "reason": "同意。"}),
    "api:case-declare": act("review", CASE_VIEWERS, needs=frozenset(), body={"has_conflict": False}),
    "api:case-draw-experts": act("score", CITY_DESK, needs=STRONG),
    "api:case-expert-candidates": read(
        CASE_VIEWERS, CITY_DESK, needs=STRONG, of="case:score", shows=frozenset({"expert_file"})
    ),
    "api:case-invite-experts": act(
        "score",
        CITY_DESK,
        needs=STRONG,
        body=lambda world, party: {"experts": [world.people["expert_uninvited"].number]},
    ),
    "api:case-judge": act("resubmitted", OFFICERS, extra={"key": "plan"}, body={"verdict": "solved"}),
    "api:case-messages": Row(
        read=Rule(CASE_VIEWERS, needs=GATE),
        write=Rule(CASE_VIEWERS, needs=GATE, ok=DONE),
        of="case:review",
        body={"text": "您好", "is_internal": True},
    ),
    "api:case-record-review": act("review", OFFICERS, body={"stage": "verify", "is_pass": True, "reason": "同意。"}),
    "api:case-return-for-correction": act(
        "review", OFFICERS, body={"marks": [{"key": "plan", "reason": "unclear", "note": "请补充"}]}
    ),
    "api:case-take": act("submitted", OFFICERS),
    "api:review-list": read(SIGNED_IN),
    "api:review-detail": read(EXPERT, of="case:score"),
    "api:review-declare": write(EXPERT, of="case:score", body={"has_conflict": False}),
    "api:review-score": write(
        EXPERT,
        needs=GATE | STRONG,
        of="case:score",
        body=sheet,
        ok=DONE | {409},
        is_vacuous="who has declared has scored, too",
    ),
    "api:objection-list": read(SIGNED_IN),
    "api:objection-detail": read(CITY_DESK, needs=GATE, of="objection:api"),
    "api:objection-decide": write(CITY_DESK, needs=STRONG | GATE, of="objection:api", body=RULING),
    "api:appeal-list": read(SIGNED_IN),
    "api:appeal-detail": read(CITY_HEAD, needs=GATE, of="appeal:api"),
    "api:appeal-decide": write(CITY_HEAD, needs=STRONG | GATE, of="appeal:api", body=RULING),
}
