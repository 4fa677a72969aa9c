"""What is different between two versions of a questionnaire, question by question. Touches no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import questionnaire_conditions as conditions
from portal import questionnaires
from portal.questionnaires import Body, Question
from portal.vocabulary_questions import TYPES

NAMES = {
    "type": _("类型"), "label.zh": _("问题（中文）"), "label.en": _("问题（英文）"), "help.zh": _("说明（中文）"),
    "help.en": _("说明（英文）"), "evidence.zh": _("佐证要求（中文）"), "evidence.en": _("佐证要求（英文）"),
    "unit.zh": _("单位（中文）"), "unit.en": _("单位（英文）"), "required": _("必填"), "show_if": _("显示条件"),
    "prefill": _("预填来源"), "min": _("最小值"), "max": _("最大值"), "max_length": _("最多字数"),
    "max_score": _("最高分"), "bands": _("分段计分"), "options": _("选项"), "section": _("章节"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One detail that differs, in words."""

    label: object
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """One question that was added, taken out or changed."""

    sort: str
    section: str
    key: str
    label: str
    lines: list[Line] = field(default_factory=list)


def compare(old: Body, new: Body) -> list[Difference]:
    """Return the differences in the order of the new version, what was taken out at the end."""
    before, after = _by_key(old), _by_key(new)
    found = []
    for key, (part, question) in after.items():
        if key not in before:
            found.append(Difference("added", part, key, questionnaires.text(question.get("label"))))
            continue
        lines = list(_lines(old, new, before[key], (part, question)))
        if lines:
            found.append(Difference("changed", part, key, questionnaires.text(question.get("label")), lines))
    for key, (part, question) in before.items():
        if key not in after:
            found.append(Difference("removed", part, key, questionnaires.text(question.get("label"))))
    return found


def _by_key(body: Body) -> dict[str, tuple[str, Question]]:
    return {
        question["key"]: (questionnaires.text(part.get("title")), question)
        for part, question in questionnaires.questions(body)
    }


def _lines(old: Body, new: Body, before: tuple[str, Question], after: tuple[str, Question]) -> Iterator[Line]:
    was, now = _flat(before[1], old), _flat(after[1], new)
    was["section"], now["section"] = before[0], after[0]
    for name, label in NAMES.items():
        if was.get(name, "") != now.get(name, ""):
            yield Line(label, was.get(name, ""), now.get(name, ""))


def _flat(question: Question, body: Body) -> dict[str, str]:
    """Return a question as words by detail."""
    flat: dict[str, str] = {"type": str(TYPES.get(question.get("type", ""), "?"))}
    for name in ("label", "help", "evidence", "unit"):
        for language, words in (question.get(name) or {}).items():
            flat[f"{name}.{language}"] = str(words or "")
    for name in ("prefill", "min", "max", "max_length", "max_score"):
        flat[name] = str(question.get(name, ""))
    flat["required"] = str(_("是") if question.get("required") else _("否"))
    flat["show_if"] = conditions.words(question.get("show_if"), body)
    flat["bands"] = "；".join(f"≥ {start}：{points}" for start, points in question.get("bands", []))
    flat["options"] = "；".join(_option(option) for option in question.get("options", []))
    return flat


def _option(option: dict[str, Any]) -> str:
    label = option.get("label") or {}
    points = f" ({option['score']})" if option.get("score") is not None else ""
    return f"{label.get('zh', '')} / {label.get('en', '')}{points}"
