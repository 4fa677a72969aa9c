"""The workbench of an office: assignment rules, absences, templates of reasons, and moving a case."""

from ..rules import CASE_VIEWERS, DONE, OFFICERS, STRONG, SUPERVISOR, Row, Rule, read, write

DESK = OFFICERS | {"district_auditor"}
LEADING = SUPERVISOR | {"city_supervisor"}
TEMPLATE = {"use": "pass", "title": "新模板", "text_zh": "同意。", "text_en": "Agreed."}
DAYS = {"from_on": "2099-01-01", "until_on": "2099-01-02"}


def verb(of, may=SUPERVISOR, needs=STRONG, **more):
    return write(DESK, may, door=CASE_VIEWERS, needs=needs, of=of, **more)


def rule(world, party):
    return {"officer": world.people["officer_1"].pk, "industry": "C39"}


def api_rule(world, party):
    return {"district": "310112", "officer": world.people["officer_1"].number, "industry": "C39"}


def moved(world, party):
    return {"district": "310115", "why_move": "实际经营地在浦东。"}


ROWS: dict[str, Row] = {
    "case-move": write(CASE_VIEWERS, SUPERVISOR, door=CASE_VIEWERS, needs=STRONG, of="case:review", body=moved),
    "assignment-desk": Row(
        read=Rule(CASE_VIEWERS, door=CASE_VIEWERS, ok=frozenset({200, 302})),
        write=Rule(CASE_VIEWERS, door=CASE_VIEWERS, ok=DONE | {403, 422}),
        is_vacuous="the city's people are led on, other districts name a stranger; carried out in the area's own tests",
        body=rule,
    ),
    "assignment-rule-cap": verb("assignment_rule", body={"cap": "7"}),
    "assignment-rule-end": verb("assignment_rule"),
    "absence-list": Row(
        read=Rule(CASE_VIEWERS, door=CASE_VIEWERS),
        write=Rule(CASE_VIEWERS, door=CASE_VIEWERS, ok=DONE | {422}),
        is_vacuous="an empty form is 422; carried out in the area's own tests",
    ),
    "absence-end": verb("absence"),
    "reason-template-list": read(CASE_VIEWERS, door=CASE_VIEWERS),
    "reason-template-new": Row(
        read=Rule(CASE_VIEWERS, LEADING, door=CASE_VIEWERS, needs=STRONG),
        write=Rule(CASE_VIEWERS, LEADING, door=CASE_VIEWERS, needs=STRONG, ok=DONE),
        body=TEMPLATE,
    ),
    "reason-template-change": Row(
        read=Rule(DESK, SUPERVISOR, door=CASE_VIEWERS, needs=STRONG),
        write=Rule(DESK, SUPERVISOR, door=CASE_VIEWERS, needs=STRONG, ok=DONE),
        of="template",
        body=TEMPLATE,
    ),
    "reason-template-retire": verb("template"),
    "api:case-move": write(
        CASE_VIEWERS, SUPERVISOR, needs=STRONG, of="case:review", body={"district": "310115", "reason": "实际经营地。"}
    ),
    "api:assignment-rule-list": Row(
        read=Rule(CASE_VIEWERS, door=CASE_VIEWERS),
        write=Rule(CASE_VIEWERS, door=CASE_VIEWERS, ok=DONE | {400, 403, 404}),
        is_vacuous="each district names its own; carried out in the area's own tests",
        body=api_rule,
    ),
    "api:assignment-rule-set-cap": verb("assignment_rule", body={"cap": 7}),
    "api:assignment-rule-end": verb("assignment_rule"),
    "api:absence-list": Row(
        read=Rule(CASE_VIEWERS, door=CASE_VIEWERS),
        write=Rule(CASE_VIEWERS, door=CASE_VIEWERS, ok=DONE | {400}),
        is_vacuous="without a deputy nobody can; carried out in the area's own tests",
        body={"deputy": "nobody", **DAYS},
    ),
    "api:absence-end": verb("absence"),
    "api:reason-template-list": Row(
        read=Rule(CASE_VIEWERS, door=CASE_VIEWERS),
        write=Rule(CASE_VIEWERS, door=CASE_VIEWERS, ok=DONE | {400, 403, 404}),
        is_vacuous="each office names its own; carried out in the area's own tests",
        body={**TEMPLATE, "office": "minhang"},
    ),
    "api:reason-template-change": verb("template", body=TEMPLATE),
    "api:reason-template-retire": verb("template"),
}
