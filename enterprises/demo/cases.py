"""The demo's calls and cases: each moved along by the real actions, at moments that lie in the past."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from portal import audit, procedures, questionnaires, rules
from portal.clock import SHANGHAI, now, pretend, today
from portal.models import Answer, Application, Call, Organisation, Questionnaire, StoredFile, User
from portal.procedures import Mark

DATA = Path(__file__).parent.parent / "data" / "questionnaires.json"


@dataclass
class Staff:
    """The officials of one case."""

    officer: User
    supervisor: User
    city_officer: User
    city_supervisor: User
    second_supervisor: User


class Timeline:
    """Moments of one case: each step a few working days after the one before, never later than today."""

    def __init__(self, begun_days_ago: int) -> None:
        self.day = today() - dt.timedelta(days=begun_days_ago)
        self.hour = 9

    def step(self, workdays: int = 1) -> Any:
        """Return a block that plays on a later working day."""
        if workdays:
            self.day = min(rules.calendar().add_workdays(self.day, workdays), today())
            self.hour = 8
        self.hour = min(self.hour + 1, 17)
        moment = dt.datetime.combine(self.day, dt.time(self.hour, 12), tzinfo=SHANGHAI)
        return pretend(min(moment, now()))


def make_questionnaires(publisher: User) -> dict[str, dict[str, Any]]:
    """Publish the sample questionnaires; return the data rows by code, each with its row under "row"."""
    found = {}
    for data in json.loads(DATA.read_text(encoding="utf-8")):
        row = Questionnaire.objects.create(
            code=data["code"],
            version=data["version"],
            title_zh=data["title_zh"],
            title_en=data["title_en"],
            body=data["body"],
            status=Questionnaire.Status.PUBLISHED,
            published_at=now(),
            published_by=publisher,
        )
        with transaction.atomic():
            audit.record(("questionnaire", f"{row.code}-v{row.version}"), "questionnaire.published", by=publisher)
        found[data["code"]] = {**data, "row": row}
    return found


def make_call(
    data: dict[str, Any], publisher: User, *, number: str, year: int, opens: int, closes: int, title: tuple[str, str]
) -> Call:
    """Publish a sample call that opened `opens` days ago and closes in `closes` days (negative: has closed)."""
    with transaction.atomic():
        call = Call.objects.create(
            number=number,
            kind=data["code"],
            year=year,
            title_zh=title[0],
            title_en=title[1],
            summary_zh="示例批次：评分标准、名额和时限均为示例，不是官方公布的标准。",
            summary_en="A sample call: criteria, quota and limits are samples, not official ones.",
            questionnaire=data["row"],
            opens_at=now() - dt.timedelta(days=opens),
            closes_at=now() + dt.timedelta(days=closes),
            quota=30,
            stages=["verify", "recommend", "score", "decide"],
            criteria=data["criteria"],
            limits={"verify": 15, "recommend": 5, "score": 20, "decide": 10, "correction": 10},
            pass_mark=75,
            created_by=publisher,
            published_at=now() - dt.timedelta(days=opens),
            published_by=publisher,
        )
        audit.record(call, "call.published", by=publisher)
    return call


def fill(application: Application, by: User) -> None:
    """Answer what the record does not know yet."""
    have = set(application.answers.values_list("key", flat=True))
    rows = []
    for _part, question in questionnaires.questions(application.call.questionnaire.body):
        if question["key"] not in have:
            rows.append(Answer(application=application, key=question["key"], value=_answer(question, application, by)))
    Answer.objects.bulk_create(rows)


def _answer(question: dict[str, Any], application: Application, by: User) -> Any:
    name = application.organisation.name
    texts = {
        "plan": f"{name}将在两年内建立覆盖研发、采购、生产、销售的知识产权制度，"
        "新增发明专利不少于五件，并建立海外风险排查机制。",
        "contact": f"{by.name}，021-00000000（示例）",
        "standard_body": "示例认证机构",
        "disputes": None,
    }
    if question["key"] in texts:
        return texts[question["key"]]
    if question["type"] == "file":
        return [sample_file(application, by, question).number]
    spread = sum(map(ord, name + question["key"]))
    if question["type"] == "choice":
        return question["options"][spread % len(question["options"])]["value"]
    if question["type"] == "multichoice":
        return [option["value"] for option in question["options"][: 1 + spread % 4]]
    if question["type"] == "yesno":
        return "yes" if spread % 3 else "no"
    return spread % 60 + 5


def sample_file(application: Application, by: User, question: dict[str, Any]) -> StoredFile:
    """Return a stored one-page sample; replaced by a real upload in the seed's set-up."""
    return _store(application, by, question["key"], questionnaires.text(question["label"]))


_store: Callable[[Application, User, str, str], StoredFile]


def use_store(store: Callable[[Application, User, str, str], StoredFile]) -> None:
    """Set how sample files are stored."""
    global _store  # noqa: PLW0603 - set once by the seed
    _store = store


def play(
    call: Call, organisation: Organisation, owner: User, staff: Staff, until: str, begun_days_ago: int
) -> Application:
    """Play one case up to a named point and return it."""
    line = Timeline(begun_days_ago)
    with line.step(0):
        application = procedures.open_application(call, organisation, by=owner)
    if until == "begun":
        return application
    with line.step(1):
        fill(application, owner)
    for point, workdays, act in _acts(staff, owner):
        if until == "filled":
            break
        with line.step(workdays):
            application.refresh_from_db()
            act(application)
        if point == until:
            break
    application.refresh_from_db()
    return application


def _acts(staff: Staff, owner: User) -> Iterator[tuple[str, int, Callable[[Application], Any]]]:
    """Yield (point reached, working days after the step before, act) in the order of a case."""
    supervisor, decider = staff.supervisor, staff.city_supervisor
    marks = [
        Mark("ip_staff", "mismatch", "社保登记人数与填写不一致，请核对专职人数，或说明兼职人员情况。"),
        Mark("rules_file", "unclear", "第 12 至 15 页扫描模糊，请重新扫描后替换整份文件。"),
    ]
    yield "submitted", 1, lambda a: procedures.submit(a, by=owner)
    yield "", 1, lambda a: procedures.declare(a, has_conflict=False, by=_officer(a))
    yield "taken", 0, lambda a: procedures.take(a, by=_officer(a))
    yield "returned", 4, lambda a: procedures.return_for_correction(a, marks, by=_officer(a))
    yield "resubmitted", 3, lambda a: _answer_correction(a, owner)
    yield "", 1, lambda a: _judge(a, _officer(a))
    yield (
        "verified",
        0,
        lambda a: procedures.record_review(
            a, stage="verify", is_pass=True, reason="制度健全，主营产品有专利支撑，补正材料齐全。", by=_officer(a)
        ),
    )
    yield "", 1, lambda a: procedures.declare(a, has_conflict=False, by=supervisor)
    yield (
        "recommended",
        0,
        lambda a: procedures.record_review(
            a, stage="recommend", is_pass=True, reason="同意核验意见，推荐到市级。", by=supervisor
        ),
    )
    yield "drawn", 1, lambda a: procedures.draw_experts(a, by=staff.city_officer)
    yield "scored", 3, _score
    yield "", 1, lambda a: procedures.declare(a, has_conflict=False, by=decider)
    yield "publicity", 0, lambda a: procedures.decide(a, is_approved=True, reason="综合评分达到入围线。", by=decider)


def _answer_correction(application: Application, owner: User) -> None:
    request = application.corrections.get(answered_at=None)
    revisions = procedures.revisions_of(application)
    answers = procedures.answers_of(application)
    procedures.save_answers(
        application, {"ip_staff": (answers.get("ip_staff") or 0) + 1}, revisions=revisions, by=owner
    )
    procedures.reply_to_correction(request.items.get(key="rules_file"), "已整份重新扫描。", by=owner)
    procedures.resubmit(application, by=owner)


def _officer(application: Application) -> User:
    assert application.officer is not None  # noqa: S101 - a submitted demo case always has one
    return application.officer


def _judge(application: Application, officer: User) -> None:
    for item in application.corrections.get(sequence=1).items.all():
        procedures.judge_correction(item, "solved", by=officer)


def _score(application: Application) -> None:
    base = 72 + sum(map(ord, application.organisation.name)) % 20
    seats = application.assignments.filter(seat="expert", ended_at=None).select_related("user")
    for turn, seat in enumerate(seats):
        procedures.declare(application, has_conflict=False, by=seat.user)
        share = min(100, base + turn * 4) / 100
        sheet = {row["key"]: str(round(row["max"] * share, 1)) for row in application.call.criteria}
        procedures.record_score(application, sheet, "材料翔实，专利与主营产品关联清楚，海外布局可加强。", by=seat.user)
