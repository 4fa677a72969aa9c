"""Calls and applications, moved along by the portal's own actions."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from enterprises.kinds import PILOT
from portal import procedures, questionnaires
from portal.clock import now
from portal.models import Answer, Application, Call, Organisation, Questionnaire, StoredFile, User

QUESTIONNAIRES = json.loads(
    (Path(__file__).parents[2] / "enterprises" / "data" / "questionnaires.json").read_text(encoding="utf-8")
)


def make_questionnaire(code: str = "municipal_pilot", **extra: Any) -> Questionnaire:
    """Return the published sample questionnaire."""
    data = next(row for row in QUESTIONNAIRES if row["code"] == code)
    found = Questionnaire.objects.filter(code=code, version=1).first()
    return found or Questionnaire.objects.create(
        code=code,
        title_zh=data["title_zh"],
        title_en=data["title_en"],
        body=data["body"],
        status=Questionnaire.Status.PUBLISHED,
        published_at=now(),
        **extra,
    )


def make_call(kind: str = PILOT, **extra: Any) -> Call:
    """Return a published, open call with the sample criteria."""
    values: dict[str, Any] = {
        "number": f"{kind}-{Call.objects.count() + 1}",
        "kind": kind,
        "year": now().year,
        "title_zh": "专利工作试点单位申报（示例批次）",
        "title_en": "Municipal pilot units (sample call)",
        "questionnaire": make_questionnaire(kind),
        "opens_at": now() - dt.timedelta(days=30),
        "closes_at": now() + dt.timedelta(days=60),
        "stages": ["verify", "recommend", "score", "decide"],
        "criteria": next(row["criteria"] for row in QUESTIONNAIRES if row["code"] == kind),
        "published_at": now(),
        **extra,
    }
    if "published_by" not in values and values["published_at"]:
        values["published_by"] = User.objects.create_user(f"publisher{Call.objects.count()}@example.cn", name="发布人")
    return Call.objects.create(**values)


def sample_answer(question: dict[str, Any]) -> Any:
    """Return a plausible answer to a question."""
    simple = {"integer": 12, "decimal": "860", "money": "1200", "date": "2018-04-19", "yesno": "yes"}
    if question["type"] in simple:
        return simple[question["type"]]
    if question["type"] == "choice":
        return question["options"][0]["value"]
    if question["type"] == "multichoice":
        return [option["value"] for option in question["options"][:2]]
    return "温度自补偿压力传感芯片，用于工业控制。"


def make_file(application: Application, by: User, slot: str) -> StoredFile:
    """Return a clean stored file row of an application (without bytes on disk)."""
    return StoredFile.objects.create(
        key=f"test/{application.number}-{slot}-{StoredFile.objects.count()}",
        name="管理制度汇编.pdf",
        size=1024,
        sha256="0" * 64,
        media_type="application/pdf",
        status=StoredFile.Status.CLEAN,
        organisation=application.organisation,
        application=application,
        slot=slot,
        created_by=by,
    )


def fill(application: Application, by: User) -> Application:
    """Answer every question of a draft."""
    rows = []
    have = set(application.answers.values_list("key", flat=True))
    for _part, question in questionnaires.questions(application.call.questionnaire.body):
        if question["key"] in have:
            continue
        value = sample_answer(question)
        if question["type"] == "file":
            value = [make_file(application, by, question["key"]).number]
        rows.append(Answer(application=application, key=question["key"], value=value, updated_by=by))
    Answer.objects.bulk_create(rows)
    return application


def make_draft(organisation: Organisation, by: User, call: Call | None = None, *, complete: bool = True) -> Application:
    """Return a draft, completely answered unless told otherwise."""
    application = procedures.open_application(call or make_call(), organisation, by=by)
    return fill(application, by) if complete else application


def submitted(organisation: Organisation, by: User, call: Call | None = None) -> Application:
    """Return an application as handed in."""
    return procedures.submit(make_draft(organisation, by, call), by=by)


def in_review(organisation: Organisation, by: User, officer: User, call: Call | None = None) -> Application:
    """Return an application in verification, the officer having declared."""
    application = submitted(organisation, by, call)
    procedures.declare(application, has_conflict=False, by=officer)
    return procedures.take(application, by=officer)


def recommended(
    organisation: Organisation, by: User, officer: User, supervisor: User, call: Call | None = None
) -> Application:
    """Return an application in the scoring stage."""
    application = in_review(organisation, by, officer, call)
    procedures.record_review(application, stage="verify", is_pass=True, reason="材料齐全。", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=True, reason="同意推荐。", by=supervisor)
    application.refresh_from_db()
    return application


def scored(application: Application, experts: list[User], totals: list[int] | None = None) -> Application:
    """Let experts score a recommended application; each total is spread over the criteria."""
    procedures.draw_experts(application, by=None)
    seats = list(application.assignments.filter(seat="expert", ended_at=None).select_related("user"))
    for seat, total in zip(seats, totals or [80] * len(seats), strict=False):
        procedures.declare(application, has_conflict=False, by=seat.user)
        share = total / 100
        sheet = {row["key"]: str(round(row["max"] * share, 2)) for row in application.call.criteria}
        procedures.record_score(application, sheet, "理由充分。", by=seat.user)
    application.refresh_from_db()
    return application


def in_publicity(application: Application, decider: User) -> Application:
    """Let the city decide a scored application."""
    procedures.declare(application, has_conflict=False, by=decider)
    return procedures.decide(application, is_approved=True, reason="符合条件。", by=decider)
