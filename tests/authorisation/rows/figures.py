"""Figures, targets and coordination: for officials; districts see their own lists and shares."""

from ..rules import (
    ADMIN,
    ANYONE,
    CASE_VIEWERS,
    CITY_DESK,
    DONE,
    OFFICERS,
    OFFICIALS,
    STRONG,
    Row,
    Rule,
    read,
    write,
)

COORDINATORS = CITY_DESK | ADMIN
TARGET = {
    **{"measure": "inventions-valid", "district": "minhang", "starts_on": "2031-01-01", "ends_on": "2031-12-31"},
    **{"value": "10", "basis": "示例", "source": "示例", "status": "sample"},
}
TASK = {"title": "任务", "clause": "5", "description": "要求", "due_on": "2099-01-04", "districts": ["minhang"]}
MEETING = {"title": "会议", "held_on": "2026-11-02", "agenda": "议程", "minutes": ""}


def form(may, body, **more):
    """A page with a form: shown to those who may, sent with a second factor."""
    door = more.pop("door", may)
    return Row(
        read=Rule(may, door=door),
        write=Rule(may, needs=STRONG, door=door, ok=DONE | {409, 422}),
        body=body,
        **more,
    )


ROWS: dict[str, Row] = {
    "public-figures": read(ANYONE),
    "figures": read(OFFICIALS, door=OFFICIALS),
    "figure-measures": read(OFFICIALS, door=OFFICIALS),
    "figure-measure": read(OFFICIALS, door=OFFICIALS, extra={"code": "inventions-valid"}),
    # A list of one's own area: who sees no cases is refused the lists of cases.
    "figure-list": read(CASE_VIEWERS, door=CASE_VIEWERS, extra={"code": "applications-working"}),
    "figure-district": read(OFFICIALS, door=OFFICIALS, of="figure-district"),
    "figure-summary": read(OFFICIALS, door=OFFICIALS),
    "figure-months": form(ADMIN, {"month": "2020-01-01", "reason": "补录"}, is_vacuous="no month is closed here"),
    "target-list": read(OFFICIALS, door=OFFICIALS),
    "target-new": form(ADMIN, TARGET),
    "target-withdraw": form(ADMIN, {"reason": "调整"}, of="target"),
    "task-list": read(OFFICIALS, door=OFFICIALS),
    "task-new": form(COORDINATORS, TASK),
    "task": read(OFFICIALS, door=OFFICIALS, of="task"),
    "task-share": Row(
        read=Rule(OFFICIALS, door=OFFICIALS),
        write=Rule(OFFICIALS, OFFICERS, door=OFFICIALS, ok=DONE | {409, 422}),
        of="task-share",
        body={"text": "进展"},
    ),
    "task-send-back": write(
        OFFICIALS, COORDINATORS, needs=STRONG, door=OFFICIALS, of="task-share:done", body={"reason": "请补充"}
    ),
    "meeting-list": read(OFFICIALS, door=OFFICIALS),
    "meeting-new": form(COORDINATORS, MEETING),
    "meeting": read(OFFICIALS, door=OFFICIALS, of="meeting"),
    "meeting-change": form(COORDINATORS, MEETING, of="meeting"),
}
