"""What must be mended before a questionnaire is published: every fault with its place. Touches no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import questionnaire_conditions as conditions
from portal import questionnaires
from portal.questionnaires import Body, Question

CHOICES = ("choice", "multichoice")
NUMBERS = ("integer", "decimal", "money")
FULL_WEIGHT = Decimal(100)
LANGUAGES = {"zh": _("中文"), "en": _("英文")}


@dataclass(frozen=True)
class Fault:
    """One thing to mend: section and question key ("" where none), and the sentence."""

    section: str
    key: str
    sentence: object

    def __str__(self) -> str:
        return str(self.sentence)


def check(body: Body, *, prefills: dict[str, object] | None = None) -> list[Fault]:
    """Return every fault in the order of the form; `prefills` are the names a question may be filled from."""
    if not questionnaires.sections(body):
        return [Fault("", "", _("问卷还没有章节。"))]
    faults = list(_of_sections(body))
    seen: set[str] = set()
    for part, question in questionnaires.questions(body):
        found = [*_of_question(question, seen), *_of_options(question), *_of_numbers(question)]
        if prefills is not None and question.get("prefill") and question["prefill"] not in prefills:
            found.append(_("“%(name)s”的预填来源 %(source)s 不存在。") % _named(question, source=question["prefill"]))
        faults += [Fault(part["key"], question.get("key", ""), sentence) for sentence in found]
        seen.add(question.get("key", ""))
    faults += [Fault(part["key"], question["key"], sentence) for part, question, sentence in conditions.faults(body)]
    return [*faults, *_of_weights(body)]


def _of_sections(body: Body) -> Iterator[Fault]:
    twice = [
        key for key, count in Counter(part.get("key") for part in questionnaires.sections(body)).items() if count > 1
    ]
    for part in questionnaires.sections(body):
        key = part.get("key", "")
        for sentence in _untranslated(part.get("title"), _("章节 %(key)s 的标题") % {"key": key}):
            yield Fault(key, "", sentence)
        for sentence in _half(part.get("help"), _("章节 %(key)s 的说明") % {"key": key}):
            yield Fault(key, "", sentence)
        if not part.get("questions"):
            name = questionnaires.text(part.get("title")) or key
            yield Fault(key, "", _("章节“%(name)s”没有问题。") % {"name": name})
        if key in twice:
            yield Fault(key, "", _("章节代码 %(key)s 重复。") % {"key": key})


def _of_question(question: Question, seen: set[str]) -> list[object]:
    key = question.get("key") or "?"
    found: list[object] = list(_untranslated(question.get("label"), _("问题 %(key)s 的文字") % {"key": key}))
    if key in seen or key == "?":
        found.append(_("问题代码 %(key)s 缺失或重复。") % {"key": key})
    if question.get("type") not in questionnaires.TYPES:
        found.append(_("问题 %(key)s 的类型不存在。") % {"key": key})
    for name, words in (("help", _("说明")), ("unit", _("单位")), ("evidence", _("佐证要求"))):
        found += _half(question.get(name), _("“%(name)s”的%(what)s") % _named(question, what=words))
    return found


def _of_options(question: Question) -> list[object]:
    options = question.get("options", [])
    if question.get("type") not in CHOICES:
        return []
    found: list[object] = []
    if len(options) < 2:
        found.append(_("“%(name)s”至少要有两个选项。") % _named(question))
    for value, count in Counter(option.get("value") for option in options).items():
        if count > 1 or not value:
            found.append(_("“%(name)s”的选项代码 %(value)s 缺失或重复。") % _named(question, value=value or "?"))
    for option in options:
        words = _("“%(name)s”的选项 %(value)s") % _named(question, value=option.get("value"))
        found += _untranslated(option.get("label"), words)
    return found


def _of_numbers(question: Question) -> list[object]:
    found: list[object] = []
    low, high = question.get("min"), question.get("max")
    if low is not None and high is not None and Decimal(str(low)) > Decimal(str(high)):
        found.append(_("“%(name)s”的最小值大于最大值，任何回答都不能通过。") % _named(question))
    starts = [Decimal(str(start)) for start, _points in question.get("bands", [])]
    if starts and question.get("type") not in NUMBERS:
        found.append(_("“%(name)s”不是数字题，分段计分不起作用。") % _named(question))
    if starts != sorted(set(starts)):
        found.append(_("“%(name)s”的分段要从小到大，每个起点只写一次。") % _named(question))
    return found


def _of_weights(body: Body) -> Iterator[Fault]:
    """Where sections carry weights, each section's questions give as many points, and all weights make 100."""
    weighted = [part for part in questionnaires.sections(body) if part.get("weight") is not None]
    for part in weighted:
        wanted = Decimal(str(part["weight"]))
        given = sum((questionnaires.max_score(question) for question in part.get("questions", [])), Decimal(0))
        if wanted != given:
            values = {"name": questionnaires.text(part.get("title")), "wanted": f"{wanted:g}", "given": f"{given:g}"}
            yield Fault(part["key"], "", _("章节“%(name)s”权重 %(wanted)s 分，但问题最高合计 %(given)s 分。") % values)
    total = sum((Decimal(str(part["weight"])) for part in weighted), Decimal(0))
    if weighted and total != FULL_WEIGHT:
        yield Fault("", "", _("各章节权重合计应为 100 分，现在是 %(total)s 分。") % {"total": f"{total:g}"})


def _named(question: Question, **more: Any) -> dict[str, Any]:
    return {"name": questionnaires.text(question.get("label")) or question.get("key", "?"), **more}


def _untranslated(bilingual: Any, where: object) -> Iterator[object]:
    words = bilingual if isinstance(bilingual, dict) else {}
    for name, language in LANGUAGES.items():
        if not str(words.get(name) or "").strip():
            yield _("%(where)s缺少%(language)s。") % {"where": where, "language": language}


def _half(bilingual: Any, where: object) -> Iterator[object]:
    """A text that may be missing, but not in one language only."""
    words = bilingual if isinstance(bilingual, dict) else {}
    if any(str(words.get(name) or "").strip() for name in LANGUAGES):
        yield from _untranslated(words, where)
