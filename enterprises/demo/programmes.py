"""The demo's district programme: questionnaire, programme and open call, made by the actions behind the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from portal import calls, programmes, questionnaire_editing
from portal.call_patterns import PATTERNS, shape
from portal.clock import now, today
from portal.models import District, Questionnaire, User

CODE = "minhang-pilot"
# Chinese, English, weight
SECTIONS: tuple[tuple[str, str, int | None], ...] = (
    ("企业基本情况", "The enterprise", None),
    ("知识产权基础", "IP basis", 40),
    ("成效", "Results", 60),
)
RULES = [
    {"value": "none", "label": {"zh": "没有", "en": "None"}, "score": 0},
    {"value": "some", "label": {"zh": "部分环节有", "en": "For some steps"}, "score": 10},
    {"value": "all", "label": {"zh": "覆盖研发、生产、销售", "en": "R&D, production and sales"}, "score": 20},
]
MUST: dict[str, Any] = {"required": True}
STAFF = {**MUST, "type": "integer", "prefill": "profile.staff", "unit": {"zh": "人", "en": "people"}}
YES_NO = {**MUST, "type": "yesno", "max_score": 20}
CHOICE = {**MUST, "type": "choice", "options": RULES, "evidence": {"zh": "制度文件目录", "en": "List of the rules"}}
INVENTIONS = {
    **MUST, "type": "integer", "prefill": "profile.valid_inventions", "unit": {"zh": "件", "en": "rights"},
    "bands": [[1, 20], [3, 40], [10, 60]],
}  # fmt: skip
# section, key, Chinese, English, further details
QUESTIONS: tuple[tuple[int, str, str, str, dict[str, Any]], ...] = (
    (0, "name", "企业名称", "Name of the enterprise", {**MUST, "type": "text", "prefill": "organisation.name"}),
    (0, "staff", "从业人数", "Staff", STAFF),
    (1, "ip_office", "是否有专人负责知识产权", "Is somebody in charge of IP", YES_NO),
    (
        1, "ip_person", "负责人姓名和职务", "Name and post of that person",
        {**MUST, "type": "text", "show_if": {"key": "ip_office", "equals": "yes"}},
    ),
    (1, "rules", "知识产权制度", "IP rules", CHOICE),
    (2, "inventions", "有效发明专利", "Inventions in force", INVENTIONS),
    (2, "plan", "今后两年的计划", "Plan for two years", {**MUST, "type": "textarea", "max_length": 800}),
)  # fmt: skip


def seed(say: Callable[[str], Any]) -> dict[str, int]:
    """Make the sample programme of Minhang with an open call; return how many programmes there are."""
    place = District.objects.get(slug="minhang")
    maker = User.objects.filter(postings__office__district=place, postings__role="supervisor").order_by("pk").first()
    if maker is None:
        return {}
    paper = _questionnaire(place, maker)
    programme = programmes.create(
        {
            "code": CODE,
            "title_zh": "闵行区知识产权试点企业（示例）", "title_en": "Minhang IP pilot enterprise (sample)",
            "clause": 5, "prefix": "MHP", "certificate_prefix": "MHPR",
            "certificate_title_zh": "闵行区知识产权试点企业证书（示例）",
            "certificate_title_en": "Certificate of a Minhang IP pilot enterprise (sample)",
            "stages": PATTERNS["district"],
            "eligibility": [
                {"rule": "verified", "values": {}}, {"rule": "registered_years", "values": {"years": 1}},
                {"rule": "no_abnormal_filing", "values": {}}, {"rule": "not_recognised", "values": {"kind": CODE}},
            ],
        },
        host=place, by=maker,
    )  # fmt: skip
    programmes.activate(programme, by=maker)
    calls.publish(calls.create(_call(paper), by=maker), by=maker)
    say("区级项目 / district programme")
    return {"programmes": 1}


def _questionnaire(place: District, maker: User) -> Questionnaire:
    title = {
        "zh": "闵行区知识产权试点企业申报表（示例）",
        "en": "Application of a Minhang IP pilot enterprise (sample)",
    }
    paper = questionnaire_editing.create(code=CODE, title=title, host=place, by=maker)
    revision, keys = 0, []
    for zh, en, weight in SECTIONS:
        values: dict[str, Any] = {"title": {"zh": zh, "en": en}, "clause": 5, "weight": weight}
        keys.append(questionnaire_editing.edit(paper, "add_section", values=values, revision=revision, by=maker))
        revision += 1
    for place_in, key, zh, en, details in QUESTIONS:
        values = {"label": {"zh": zh, "en": en}, **details}
        questionnaire_editing.edit(
            paper, "add_question", section=keys[place_in], key=key, values=values, revision=revision, by=maker
        )
        revision += 1
    return questionnaire_editing.publish(paper, by=maker)


def _call(paper: Questionnaire) -> dict[str, Any]:
    window = shape(today() - dt.timedelta(days=10), today() + dt.timedelta(days=50), "district")
    return {
        **window, "kind": CODE, "year": now().year,
        "title_zh": f"{now().year} 年度闵行区知识产权试点企业申报（示例）",
        "title_en": f"Minhang IP pilot enterprises {now().year} (sample)",
        "summary_zh": "示例项目：由闵行区自行设立、推荐和认定，条件和时限均为示例，不是官方公布的标准。",
        "summary_en": "A sample: set up, recommended and decided by Minhang itself; conditions and limits are samples.",
        "questionnaire": paper, "district": None, "quota": 20, "criteria": [], "limits": {"verify": 10, "settle": 5},
        "pass_mark": None, "tolerance": 10, "experts_needed": 0, "publicity_days": 5,
        "corrections_allowed": 2, "validity_months": 24, "is_sample": True,
    }  # fmt: skip
