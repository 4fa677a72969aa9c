"""Versioned forms as data: read, check, clean, show-if, score and compare. Touches no database.

Body: {"sections": [{"key", "title", "help", "clause", "questions": [{"key", "type", "label", "help", "required",
"options": [{"value", "label", "score"}], "max_score", "bands": [[from, score], ...], "show_if", "unit", "prefill",
"evidence", "min", "max", "max_length"}]}]}; a section may have a "weight". Texts are {"zh": ..., "en": ...}.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import formats

TYPES = ("text", "textarea", "integer", "decimal", "money", "date", "yesno", "choice", "multichoice", "file")
OPERATORS = ("equals", "in", "gte", "answered")
MAX_TEXT = {"text": 300, "textarea": 5000}

Body = dict[str, Any]
Question = dict[str, Any]
Answers = dict[str, Any]


class AnswerError(ValueError):
    """An answer that cannot be taken; `sentence` says what to write instead."""

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Problem:
    """What stands in the way of handing in: section and question key, and the sentence."""

    section: str
    key: str
    sentence: object


@dataclass(frozen=True)
class SectionScore:
    """Points reached and reachable in one section."""

    key: str
    title: str
    points: Decimal
    out_of: Decimal


@dataclass(frozen=True)
class Change:
    """One question whose answer differs between two submissions."""

    question: Question
    old: Any
    new: Any


def text(bilingual: Any) -> str:
    """Return the text in the language of the request; Chinese where English is missing."""
    if not isinstance(bilingual, dict):
        return str(bilingual or "")
    english = (get_language() or "").startswith("en")
    return str((bilingual.get("en") if english else None) or bilingual.get("zh") or "")


def sections(body: Body) -> list[dict[str, Any]]:
    """Return the sections in order."""
    return list(body.get("sections", []))


def section(body: Body, key: str) -> dict[str, Any] | None:
    """Return one section by key, or None."""
    return next((part for part in sections(body) if part["key"] == key), None)


def questions(body: Body) -> Iterator[tuple[dict[str, Any], Question]]:
    """Yield (section, question) in order."""
    for part in sections(body):
        for question in part.get("questions", []):
            yield part, question


def numbers(body: Body) -> dict[str, str]:
    """Return {question key: "3.1"} as the pages show it."""
    return {
        question["key"]: f"{chapter}.{place}"
        for chapter, part in enumerate(sections(body), start=1)
        for place, question in enumerate(part.get("questions", []), start=1)
    }


def find(body: Body, key: str) -> Question | None:
    """Return one question by key, or None."""
    return next((question for _part, question in questions(body) if question["key"] == key), None)


def is_shown(question: Question, answers: Answers) -> bool:
    """Return whether the question's show-if condition holds for these answers."""
    condition = question.get("show_if")
    if not condition:
        return True
    value = answers.get(condition["key"])
    if "equals" in condition or "in" in condition:
        wanted = condition["in"] if "in" in condition else [condition["equals"]]
        given = value if isinstance(value, list) else [value]
        return any(one in wanted for one in given)
    if "gte" in condition:
        reached = number(value)
        return reached is not None and reached >= Decimal(str(condition["gte"]))
    return not is_empty(value)


def is_empty(value: Any) -> bool:
    """Return whether an answer counts as not given; 0 and "no" are answers."""
    return value is None or value == "" or value == []


def number(value: Any) -> Decimal | None:
    """Return a number as a Decimal; None where it is none."""
    try:
        return Decimal(str(value))
    except (InvalidOperation, TypeError):
        return None


def clean(question: Question, raw: Any) -> Any:
    """Return the stored form of what was typed: str, int, decimal as str, ISO date, list; None where empty.

    Full-width digits, grouping commas, blanks and several date spellings are accepted. Raises AnswerError.
    """
    kind = question["type"]
    if kind == "file":
        return raw or None
    if kind == "multichoice":
        return _clean_many(question, raw)
    typed = str(raw).strip() if raw is not None else ""
    return _clean_typed(question, typed) if typed else None


def _clean_typed(question: Question, typed: str) -> Any:
    kind = question["type"]
    if kind in ("text", "textarea"):
        return _clean_text(question, typed)
    narrow = unicodedata.normalize("NFKC", typed).strip()
    if kind in ("integer", "decimal", "money"):
        return _clean_number(question, narrow)
    if kind == "date":
        return _clean_date(narrow)
    return _clean_choice(question, narrow)


def _clean_text(question: Question, typed: str) -> str:
    limit = question.get("max_length") or MAX_TEXT[question["type"]]
    if len(typed) > limit:
        raise AnswerError(_("最多 %(limit)s 字，现在是 %(count)s 字。") % {"limit": limit, "count": len(typed)})
    return typed


def _clean_number(question: Question, narrow: str) -> Any:
    typed = number(narrow.replace(",", "").replace(" ", "").lstrip("¥"))
    if typed is None or not typed.is_finite():
        raise AnswerError(_("请填写数字，例如 12。"))
    if question["type"] == "integer" and typed != typed.to_integral_value():
        raise AnswerError(_("请填写整数。"))
    low, high = question.get("min", 0), question.get("max", 10**13)
    if not Decimal(str(low)) <= typed <= Decimal(str(high)):
        raise AnswerError(_("请填写 %(low)s 到 %(high)s 之间的数。") % {"low": low, "high": high})
    if question["type"] == "integer":
        return int(typed)
    places = 2 if question["type"] == "money" else 4
    return str(typed.quantize(Decimal(1).scaleb(-places)).normalize() + 0)


def _clean_date(narrow: str) -> str:
    plain = narrow.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise AnswerError(_("请按年-月-日填写日期，例如 2023-04-07。")) from None


def _clean_choice(question: Question, value: str) -> str:
    allowed = ["yes", "no"] if question["type"] == "yesno" else [option["value"] for option in question["options"]]
    if value not in allowed:
        raise AnswerError(_("请从列出的选项中选择。"))
    return value


def _clean_many(question: Question, raw: Any) -> list[str] | None:
    chosen = [raw] if isinstance(raw, str) else list(raw or [])
    return [_clean_choice(question, str(value)) for value in dict.fromkeys(chosen) if value] or None


def missing(body: Body, answers: Answers, *, only: str | None = None) -> list[Problem]:
    """Return a Problem for every required, shown question without an answer; `only` limits to one section."""
    return [
        Problem(part["key"], question["key"], _("请填写“%(label)s”。") % {"label": text(question["label"])})
        for part, question in questions(body)
        if (only is None or part["key"] == only)
        and question.get("required")
        and is_shown(question, answers)
        and is_empty(answers.get(question["key"]))
    ]


def max_score(question: Question) -> Decimal:
    """Return the most points one question can give."""
    if "max_score" in question:
        return Decimal(str(question["max_score"]))
    scores = [Decimal(str(option.get("score", 0))) for option in question.get("options", [])]
    if question["type"] == "multichoice":
        return sum((score for score in scores if score > 0), Decimal(0))
    bands = [Decimal(str(points)) for _from, points in question.get("bands", [])]
    return max(scores + bands, default=Decimal(0))


def points(question: Question, answers: Answers) -> Decimal:
    """Return the points an answer gives: by option, by number band, or for being there at all."""
    value = answers.get(question["key"])
    if is_empty(value) or not is_shown(question, answers):
        return Decimal(0)
    if question.get("bands"):
        given = number(value) or Decimal(0)
        reached = [points for start, points in question["bands"] if given >= Decimal(str(start))]
        return Decimal(str(reached[-1])) if reached else Decimal(0)
    if question.get("options"):
        chosen = value if isinstance(value, list) else [value]
        gained = (Decimal(str(o.get("score", 0))) for o in question["options"] if o["value"] in chosen)
        return min(sum(gained, Decimal(0)), max_score(question))
    if question["type"] == "yesno":
        return max_score(question) if value == "yes" else Decimal(0)
    return max_score(question)


def score(body: Body, answers: Answers) -> list[SectionScore]:
    """Return the self-score per section that carries points."""
    table = []
    for part in sections(body):
        out_of = sum((max_score(question) for question in part["questions"]), Decimal(0))
        if out_of:
            reached = sum((points(question, answers) for question in part["questions"]), Decimal(0))
            table.append(SectionScore(part["key"], text(part["title"]), reached, out_of))
    return table


def diff(body: Body, old: Answers, new: Answers) -> list[Change]:
    """Return the questions whose answers differ, in the order of the form."""
    return [
        Change(question, old.get(question["key"]), new.get(question["key"]))
        for _part, question in questions(body)
        if old.get(question["key"]) != new.get(question["key"])
    ]


def display(question: Question, value: Any) -> str:
    """Return an answer in words: option labels, unit, dash where empty. Files are shown by name elsewhere."""
    if is_empty(value):
        return "—"
    if question["type"] == "yesno":
        return str(_("是") if value == "yes" else _("否"))
    if question["type"] in ("choice", "multichoice"):
        labels = {option["value"]: text(option["label"]) for option in question["options"]}
        return formats.listed(labels.get(v, str(v)) for v in (value if isinstance(value, list) else [value]))
    if question["type"] == "money":
        return f"¥{Decimal(value):,.2f}"
    if question["type"] == "date":
        return formats.day(dt.date.fromisoformat(value))
    shown = formats.number(value) if question["type"] in ("integer", "decimal") else value
    return f"{shown} {text(question.get('unit'))}".strip()
