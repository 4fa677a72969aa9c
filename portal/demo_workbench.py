"""The demo's workbench (示例): rules, one absence with its deputy, templates of reasons, notes with mentions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from portal import demo, procedures
from portal.clock import today
from portal.models import Application, Office, Posting, Status, User
from portal.workbench import absences, reasons, sharing

TEMPLATES = (
    (
        "correction",
        "数字与登记不一致",
        "“{question}”与登记信息不一致。请核对后更正，或说明原因并附佐证。",
        "“{question}” differs from what is registered. Please check and correct it, or explain why with evidence.",
    ),
    (
        "correction",
        "扫描件不清晰",
        "“{question}”的附件有几页看不清。请整份重新扫描后替换。",
        "Some pages of the file for “{question}” cannot be read. Please scan the whole file again and replace it.",
    ),
    (
        "pass",
        "材料齐全，建议推荐",
        "{organisation}（{number}）材料齐全，制度健全，主营产品有有效专利支撑，建议推荐。",
        "The papers of {organisation} ({number}) are complete, its rules are sound and valid patents stand behind its "
        "main products. Recommended.",
    ),
    (
        "fail",
        "专利与主营产品关联不足",
        "按《{call}》的要求，有效专利须支撑主营产品。本件材料尚不能说明这一点，可补充后申报下一批次。",
        "“{call}” asks for valid patents behind the main products. These papers do not show it yet; you may apply "
        "again in the next call.",
    ),
)


def seed(say: Callable[[str], Any]) -> dict[str, int]:
    """Set up the workbench of one district and of the city; return how many of what."""
    office = Office.objects.select_related("district").get(slug="minhang")
    first, second = _posted(office, "officer")[:2]
    supervisor, city = _posted(office, "supervisor")[0], Office.objects.get(slug="city")
    assert office.district is not None  # noqa: S101 - Minhang is a district
    sharing.add_rule(office.district, officer=first, cap=12, by=supervisor)
    sharing.add_rule(office.district, officer=second, cap=20, by=supervisor)
    sharing.add_rule(office.district, officer=first, industry="C39", cap=12, by=supervisor)
    absences.enter(
        first, deputy=second, from_on=today(), until_on=today() + dt.timedelta(days=4), note="培训（示例）", by=first
    )
    for use, title, text_zh, text_en in TEMPLATES:
        for place, author in ((office, supervisor), (city, _posted(city, "supervisor")[0])):
            if place is office or use != "correction":
                reasons.write_template(place, use=use, title=title, text_zh=text_zh, text_en=text_en, by=author)
    notes = _notes(office, second)
    say("分派、代理、模板 / workbench")
    return {"workbench notes": notes}


def _posted(office: Office, role: str) -> list[User]:
    rows = Posting.objects.open().filter(office=office, role=role).select_related("user").order_by("pk")
    return [row.user for row in rows]


def _notes(office: Office, other: User) -> int:
    """Let the case officer ask a colleague in the private thread of two cases."""
    rows = Application.objects.filter(office_district=office.district_id, status=Status.IN_REVIEW, stage="verify")
    written = 0
    for application in rows.exclude(officer=None).select_related("officer").order_by("pk")[:2]:
        officer = application.officer
        colleague = procedures.colleagues(application, besides=officer).filter(postings__role="supervisor").first()
        if officer is not None and colleague is not None and procedures.conflict_gate(officer, application):
            text = "专职人数与社保登记差两人，企业口头说明为兼职。请看是否接受（示例）。"
            procedures.write_message(application, text, is_internal=True, mentions=[colleague], by=officer)
            written += 1
    return written


def register() -> None:
    """Add the workbench to the demo."""
    demo.register_step(seed)
