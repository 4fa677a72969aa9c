"""The officials' and experts' desks."""

from ..rules import (
    CASE_VIEWERS,
    CITY_DESK,
    CITY_HEAD,
    DONE,
    EXPERT,
    GATE,
    OFFICERS,
    OVERSIGHT,
    STRONG,
    SUPERVISOR,
    Row,
    Rule,
    read,
    write,
)

RULING = {"ruling": "yes", "reason": "同意。", "explanation": "已核对。"}
SCORED = {"c_any": "1"}


def case(state, **more):
    return read(CASE_VIEWERS, door=CASE_VIEWERS, of=f"case:{state}", **more)


def act(state, may, needs=STRONG | GATE, **more):
    of = more.pop("of", f"case:{state}")
    return write(CASE_VIEWERS, may, door=CASE_VIEWERS, needs=needs, of=of, **more)


def sheet(world, party):
    """Full marks for every criterion."""
    criteria = world.calls["score"].criteria
    return {"reason": "有据。", **{f"c_{row['key']}": str(row["max"]) for row in criteria}}


def officer_of(world, party):
    return {"officer": party.officials["officer"].pk}


def marks(world, party):
    return {"mark_plan": "on", "reason_plan": "unclear", "note_plan": "请补充"}


def experts(world, party):
    return {"experts": world.people["expert_uninvited"].expert.pk}


def picked(world, party):
    return {"pick": [world.parties[key].cases["decide"].number for key in "AB"]}


def in_bulk(ok, **more):
    """A verb on the supervisor's plan."""
    return write(CITY_HEAD, door=CITY_HEAD, of="bulk", ok=frozenset(ok), **more)


FRESH = "asks for a code that the authenticator shows now; carried out in the area's own tests"
NAMED = frozenset({"name", "number"})

ROWS: dict[str, Row] = {
    "bulk-list": read(CITY_HEAD, door=CITY_HEAD),
    "bulk-new": write(CITY_HEAD, door=CITY_HEAD, body=picked),
    "bulk-gather": write(
        CITY_HEAD, door=CITY_HEAD, of="call", ok=frozenset({409}), is_vacuous="nothing single is under embargo"
    ),
    "bulk-detail": read(CITY_HEAD, door=CITY_HEAD, of="bulk", shows=NAMED),
    "bulk-progress": read(CITY_HEAD, door=CITY_HEAD, of="bulk", ok={302}),
    "bulk-change": in_bulk({302}, body={"ruling": "yes", "reason": "同意。"}),
    "bulk-drop": in_bulk({302}),
    "bulk-confirm": in_bulk({409}, body={"seen": "x"}, is_vacuous=FRESH),
    "bulk-release": in_bulk({409}, body={"seen": "x"}, is_vacuous=FRESH),
    "bulk-undo": in_bulk({409}, is_vacuous="the plan is not confirmed"),
    "bulk-call-off": in_bulk({409}, is_vacuous="no release is set"),
    "case-preview": act("decide", CITY_HEAD, body=RULING, ok=frozenset({200})),
    "case-held": read(CITY_HEAD, door=CASE_VIEWERS, needs=GATE, of="case:held"),
    "case-countersign": write(
        CITY_HEAD,
        door=CASE_VIEWERS,
        needs=STRONG | GATE,
        of="case:held",
        body={"seal": "x"},
        ok=frozenset({409}),
        is_vacuous="the call asks for no countersignature",
    ),
    "case-revise": write(CITY_HEAD, door=CASE_VIEWERS, needs=STRONG | GATE, of="case:held", body=RULING),
    "case-undo-decision": write(CITY_HEAD, door=CASE_VIEWERS, needs=STRONG | GATE, of="case:held", body={"seal": "x"}),
    "case-list": read(CASE_VIEWERS, door=CASE_VIEWERS),
    "case-export": read(CASE_VIEWERS, needs=STRONG, door=CASE_VIEWERS),
    "case-next": read(CASE_VIEWERS, door=CASE_VIEWERS, ok={302}),
    "case-bulk-assign": write(
        SUPERVISOR,
        door=SUPERVISOR,
        body=lambda world, party: {
            "officer": world.people["officer_1"].pk,
            "pick": [world.parties[key].cases["review"].number for key in "AB"],
        },
        shows=frozenset({"number"}),
    ),  # one sent them oneself
    "case-detail": case("review"),
    "case-declare": act("review", CASE_VIEWERS, needs=frozenset(), body={"has_conflict": "no"}),
    "case-take": act("submitted", OFFICERS),
    "case-assign": act("review", SUPERVISOR, needs=STRONG, body=officer_of),
    "case-return": Row(
        read=Rule(CASE_VIEWERS, OFFICERS, needs=STRONG | GATE, door=CASE_VIEWERS),
        write=Rule(CASE_VIEWERS, OFFICERS, needs=STRONG | GATE, door=CASE_VIEWERS, ok=DONE),
        of="case:review",
        body=marks,
    ),
    "case-seen": act("resubmitted", CASE_VIEWERS, needs=GATE),
    "case-judge": act("resubmitted", OFFICERS, extra={"sequence": 1, "key": "plan"}, body={"verdict": "solved"}),
    "case-verify": act("review", OFFICERS, body=RULING),
    "case-recommend": act("recommend", SUPERVISOR, body=RULING),
    "case-message": act("review", CASE_VIEWERS, needs=GATE, body={"text": "您好", "audience": "internal"}),
    "case-invite-experts": act("score", CITY_DESK, body=experts),
    "case-draw-experts": act("score", CITY_DESK),
    "case-decide": act("decide", CITY_HEAD, body=RULING),
    "objection-decide": act("", CITY_DESK, of="objection", body=RULING),
    "appeal-decide": act("", CITY_HEAD, of="appeal", body=RULING),
    "review-list": read(EXPERT, door=EXPERT, shut=404),
    "review-detail": read(EXPERT, door=EXPERT, shut=404, of="case:score"),
    "review-declare": write(EXPERT, door=EXPERT, shut=404, of="case:score", body={"has_conflict": "no"}),
    "review-score": write(
        EXPERT,
        needs=GATE | STRONG,
        door=EXPERT,
        shut=404,
        of="case:score",
        body=sheet,
        ok=DONE | {409},
        is_vacuous="who has declared has scored, too",
    ),
    "recognition-register": read(CASE_VIEWERS, door=CASE_VIEWERS, shows=frozenset({"name", "code"})),
    "recognition-midterm": Row(
        read=Rule(CITY_DESK, door=CITY_DESK, needs=STRONG),
        write=Rule(CITY_DESK, door=CITY_DESK, needs=STRONG, ok=DONE),
        of="recognition",
        body={"note": "合格", "reason": "合格"},
    ),
    "recognition-accept": Row(
        read=Rule(CITY_DESK, door=CITY_DESK, needs=STRONG),
        write=Rule(CITY_DESK, door=CITY_DESK, needs=STRONG, ok=DONE),
        of="recognition",
        body=RULING,
    ),
    "recognition-revoke": Row(
        read=Rule(CITY_HEAD, door=CITY_HEAD, needs=STRONG),
        write=Rule(CITY_HEAD, door=CITY_HEAD, needs=STRONG, ok=DONE),
        of="recognition",
        body={"reason": "撤销"},
    ),
    "call-ranking": read(CITY_DESK | OVERSIGHT, door=CITY_DESK | OVERSIGHT, of="call"),
    "expert-list": read(CITY_DESK | OVERSIGHT, door=CITY_DESK | OVERSIGHT, shows=frozenset({"expert_file"})),
}
