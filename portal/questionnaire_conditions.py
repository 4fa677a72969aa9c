"""Show-if conditions: which can never hold. Touches no database.

A condition asks about one earlier question. Together with the conditions of the questions it builds on it narrows what
those answers may be; where nothing is left, the question never appears.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import questionnaires
from portal.questionnaires import Body, Question

SINGLE = ("yesno", "choice")
LISTED = ("yesno", "choice", "multichoice")
NUMBERS = ("integer", "decimal", "money")
OPERATORS_OF = {
    **dict.fromkeys(LISTED, ("in", "answered")),
    **dict.fromkeys(NUMBERS, ("gte", "answered")),
    **dict.fromkeys(("text", "textarea", "date", "file"), ("answered",)),
}


def wanted_of(condition: dict[str, Any]) -> list[Any]:
    """Return the answers a condition asks for; empty where it asks for none in particular."""
    if "in" in condition:
        return list(condition["in"])
    return [condition["equals"]] if "equals" in condition else []


def values_of(question: Question) -> list[str]:
    """Return the answers a question offers."""
    if question["type"] == "yesno":
        return ["yes", "no"]
    return [option.get("value", "") for option in question.get("options", [])]


def faults(body: Body) -> Iterator[tuple[dict[str, Any], Question, object]]:
    """Yield (section, question, sentence) for every condition that is incomplete or can never hold."""
    known: dict[str, Question] = {}
    hidden: set[str] = set()
    for part, question in questionnaires.questions(body):
        sentence = _fault(question, known, hidden)
        if sentence is not None:
            hidden.add(question.get("key", ""))
            yield part, question, sentence
            if question.get("required"):
                yield part, question, _("“%(name)s”必填，却永远不会出现。") % {"name": _name(question)}
        known[question.get("key", "")] = question


def _fault(question: Question, known: dict[str, Question], hidden: set[str]) -> object | None:
    condition = question.get("show_if")
    if not condition:
        return None
    name = {"name": _name(question)}
    source, sentence = known.get(condition.get("key", "")), None
    if source is None:
        sentence = _("“%(name)s”的显示条件指向后面或不存在的问题，永远不会出现。") % name
    elif not any(operator in condition for operator in questionnaires.OPERATORS):
        sentence = _("“%(name)s”的显示条件不完整。") % name
    elif source["key"] in hidden:
        sentence = _("“%(name)s”取决于一个永远不会出现的问题，自己也不会出现。") % name
    elif not _is_possible(condition, source):
        sentence = _("“%(name)s”的显示条件要的回答在“%(source)s”里不可能出现。") % {**name, "source": _name(source)}
    elif _is_contradictory(question, known):
        sentence = _("“%(name)s”的显示条件和前面问题的条件互相矛盾，永远不会出现。") % name
    return sentence


def _is_possible(condition: dict[str, Any], source: Question) -> bool:
    """Return whether some answer to the source question satisfies the condition."""
    if "gte" in condition:
        high = source.get("max")
        number = questionnaires.number(condition["gte"])
        if source["type"] not in NUMBERS or number is None:
            return False
        return high is None or number <= Decimal(str(high))
    if source["type"] in LISTED and wanted_of(condition):
        return bool(set(wanted_of(condition)) & set(values_of(source)))
    return "answered" in condition or bool(wanted_of(condition))


def _is_contradictory(question: Question, known: dict[str, Question]) -> bool:
    """Return whether the conditions up the chain leave an answer nothing to be."""
    left: dict[str, set[Any]] = {}
    seen: set[str] = set()
    present: Question | None = question
    while present is not None and present.get("show_if") and present["key"] not in seen:
        seen.add(present["key"])
        condition = present["show_if"]
        source = known.get(condition.get("key", ""))
        if source is not None and source["type"] in SINGLE and wanted_of(condition):
            allowed = set(wanted_of(condition))
            left[source["key"]] = left.get(source["key"], allowed) & allowed
        present = source
    return any(not values for values in left.values())


def words(condition: dict[str, Any] | None, body: Body) -> str:
    """Return a condition in words, for the makers of a form."""
    if not condition:
        return ""
    source = questionnaires.find(body, condition.get("key", ""))
    if source is None:
        return str(_("条件指向不存在的问题"))
    values = {"question": _name(source)}
    if wanted_of(condition):
        answers = "、".join(_answer(source, value) for value in wanted_of(condition))
        return str(_("当“%(question)s”选“%(answers)s”时") % {**values, "answers": answers})
    if "gte" in condition:
        return str(_("当“%(question)s”不小于 %(least)s 时") % {**values, "least": condition["gte"]})
    return str(_("当填写了“%(question)s”时") % values)


def _answer(source: Question, value: Any) -> str:
    return questionnaires.display(source, value) if source["type"] in LISTED else str(value)


def _name(question: Question) -> str:
    return questionnaires.text(question.get("label")) or str(question.get("key", "?"))
