"""The demo's targets, meeting and tasks (示例), by the portal's own actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from portal import coordination, targets
from portal.clock import now, pretend, today
from portal.models import District, OfficeRole, Posting, RuleStatus, TaskShare, User

BASIS = "年度工作计划（示例）"
SOURCE = "示例，不是官方公布的目标"
# measure -> what the city and what each district is to reach this year
TARGETS: dict[str, tuple[int, int]] = {
    "enterprises-registered": (50, 4),
    "enterprises-verified": (45, 3),
    "applications-handed-in": (40, 3),
    "recognitions-valid": (12, 2),
    "handling-median": (25, 25),
    "inventions-valid": (30, 2),
    "inventions-high-value": (12, 1),
    "trademarks-valid": (30, 2),
    "dates-kept": (90, 90),
    "office-dates-kept": (95, 95),
    "alerts-read": (80, 80),
}
MEETING = "三季度市区知识产权工作联席会（示例）"
AGENDA = "一、各区申报工作进展；\n二、逾期办件和逾期年费；\n三、年底前的培训安排。"
MINUTES = "各区通报了申报和核实情况。议定：十二月中旬前各区完成未缴年费企业的逐户提醒，并上报培训计划。"
# (title, clause, what, due in so many days, from the meeting?)
TASKS = (
    ("逐户提醒逾期未缴年费的企业（示例）", "4", "对清单内企业逐户联系，填报联系结果。", 12, True),
    ("上报明年知识产权培训计划（示例）", "S2", "按研发、专职、兼职、高管分类列出场次和人数。", 25, True),
    ("核对辖区公共服务网点信息（示例）", "17", "核对地址、电话和开放时间，有变动的附证明材料。", -4, False),
)


def play(say: Callable[[str], Any]) -> dict[str, int]:
    """Set the year's targets, hold a meeting and give tasks of which some are done; return how many."""
    administrator = _person("city", OfficeRole.ADMINISTRATOR)
    coordinator = _person("city", OfficeRole.OFFICER)
    districts = [row.office.district for row in _postings("district", OfficeRole.OFFICER)]
    places = list({place.pk: place for place in districts if place}.values())
    if not (administrator and coordinator and places):
        return {}
    _targets(administrator, places)
    with pretend(now() - dt.timedelta(days=30)):
        meeting = coordination.create_meeting(
            title=MEETING, held_on=today(), agenda=AGENDA, minutes=MINUTES, by=coordinator
        )
    day = today()
    for title, clause, text, days, is_promised in TASKS:
        with pretend(now() - dt.timedelta(days=20)):
            coordination.create_task(
                title=title, clause=clause, description=text, due_on=day + dt.timedelta(days=days), districts=places,
                meeting=meeting if is_promised else None, by=coordinator,
            )  # fmt: skip
    _progress()
    say("目标与任务 / targets and tasks")
    return {"targets": len(TARGETS) * (len(places) + 1), "tasks": len(TASKS)}


def _targets(by: User, places: list[District]) -> None:
    year = today().year
    period = {"starts_on": dt.date(year, 1, 1), "ends_on": dt.date(year, 12, 31)}
    shared = {**period, "basis": BASIS, "source": SOURCE, "status": RuleStatus.SAMPLE.value}
    for code, (whole, each) in TARGETS.items():
        targets.create(measure=code, district=None, value=whole, by=by, **shared)  # type: ignore[arg-type]
        for place in places:
            targets.create(measure=code, district=place, value=each, by=by, **shared)  # type: ignore[arg-type]


def _progress() -> None:
    """Two of three districts have answered, one of them finished."""
    for place, share in enumerate(TaskShare.objects.select_related("task", "district").order_by("pk")):
        officer = _person("district", OfficeRole.OFFICER, share.district)
        if officer and place % 3:
            with pretend(now() - dt.timedelta(days=8)):
                text = "已联系辖区企业，正在汇总（示例）。" if place % 3 == 1 else "已全部完成并上报（示例）。"
                coordination.progress(share, text=text, is_done=place % 3 == 2, by=officer)


def _postings(kind: str, role: str, district: District | None = None) -> Any:
    rows = Posting.objects.open().filter(office__kind=kind, role=role, user__is_demo=True)
    rows = rows.filter(office__district=district) if district else rows
    return rows.select_related("office__district", "user").order_by("pk")


def _person(kind: str, role: str, district: District | None = None) -> User | None:
    row = _postings(kind, role, district).first()
    return row.user if row else None
