"""The interface for programs: measures, targets, tasks between city and districts."""

from ..rules import ADMIN, CITY_DESK, DONE, OFFICERS, OFFICIALS, STRONG, Row, Rule, read, write
from .figures import TARGET, TASK

COORDINATORS = CITY_DESK | ADMIN
CODED = {"district": "310112"}

ROWS: dict[str, Row] = {
    "api:measure-list": read(OFFICIALS, door=OFFICIALS),
    "api:measure-detail": read(OFFICIALS, door=OFFICIALS, of="measure"),
    "api:target-list": Row(
        read=Rule(OFFICIALS, door=OFFICIALS),
        write=Rule(OFFICIALS, ADMIN, needs=STRONG, door=OFFICIALS, ok=DONE),
        body={**TARGET, **CODED},
    ),
    "api:target-withdraw": write(OFFICIALS, ADMIN, needs=STRONG, door=OFFICIALS, of="target", body={"reason": "调整"}),
    "api:city-task-list": write(
        OFFICIALS, COORDINATORS, needs=STRONG, door=OFFICIALS, body={**TASK, "districts": ["310112"]}
    ),
    "api:city-task-detail": read(OFFICIALS, door=OFFICIALS, of="task"),
    "api:task-share-list": read(OFFICIALS, door=OFFICIALS),
    "api:task-share-detail": read(OFFICIALS, door=OFFICIALS, of="task-share"),
    "api:task-share-progress": write(OFFICIALS, OFFICERS, door=OFFICIALS, of="task-share", body={"text": "进展"}),
    "api:task-share-send-back": write(
        OFFICIALS, COORDINATORS, needs=STRONG, door=OFFICIALS, of="task-share:done", body={"reason": "请补充"}
    ),
}
