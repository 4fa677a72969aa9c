"""What can be done to the body of a draft: add, change, move, copy and take out sections and questions.

Each function changes the body it is given and returns the key it worked on. Raises RuleBroken. Touches no database.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import questionnaires
from portal.errors import RuleBroken
from portal.formats import listed
from portal.questionnaires import Body, Question

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
MOST_SECTIONS, MOST_QUESTIONS = 30, 300
UP, DOWN = -1, 1


def add_section(body: Body, *, values: dict[str, Any]) -> str:
    """Add a section at the end; `values` are title, help, clause and weight."""
    parts = body.setdefault("sections", [])
    if len(parts) >= MOST_SECTIONS:
        raise RuleBroken(_("最多 %(most)s 个章节。") % {"most": MOST_SECTIONS}, code="too_many")
    key = _free("section", {part["key"] for part in parts})
    parts.append({"key": key, **_given(values), "questions": []})
    return key


def change_section(body: Body, *, key: str, values: dict[str, Any]) -> str:
    """Change the words, clause and weight of a section."""
    part = _section(body, key)
    for name in values:
        part.pop(name, None)
    part |= _given(values)
    return key


def move_section(body: Body, *, key: str, step: int) -> str:
    """Move a section one place up or down; at the end of the row it stays."""
    parts = body["sections"]
    _shift(parts, parts.index(_section(body, key)), step)
    return key


def delete_section(body: Body, *, key: str) -> str:
    """Take a section out with its questions; refused while questions elsewhere depend on one of them."""
    part = _section(body, key)
    own = {question["key"] for question in part["questions"]}
    users = [q for _part, q in questionnaires.questions(body) if q["key"] not in own and _source(q) in own]
    if users:
        raise RuleBroken(_depends(users), code="in_use")
    body["sections"].remove(part)
    return key


def add_question(body: Body, *, section: str, key: str = "", values: dict[str, Any]) -> str:
    """Add a question at the end of a section; without a key it gets the next free one."""
    taken = _keys(body)
    if len(taken) >= MOST_QUESTIONS:
        raise RuleBroken(_("最多 %(most)s 个问题。") % {"most": MOST_QUESTIONS}, code="too_many")
    if key and (key in taken or not KEY.match(key)):
        raise RuleBroken(
            _("问题代码 %(key)s 已被使用，或不是小写字母开头的字母、数字和下划线。") % {"key": key}, code="bad_key"
        )
    key = key or _free("q", taken)
    _section(body, section)["questions"].append({"key": key, **_given(values)})
    return key


def change_question(body: Body, *, key: str, section: str = "", values: dict[str, Any]) -> str:
    """Change a question; what `values` leaves empty is taken out. `section` moves it to another's end."""
    part, question = _question(body, key)
    for name in values:
        question.pop(name, None)
    question |= _given(values)
    if section and section != part["key"]:
        target = _section(body, section)
        part["questions"].remove(question)
        target["questions"].append(question)
    return key


def move_question(body: Body, *, key: str, step: int) -> str:
    """Move a question one place; over the edge of its section it goes into the neighbouring one."""
    part, question = _question(body, key)
    rows = part["questions"]
    at = rows.index(question) + step
    if 0 <= at < len(rows):
        _shift(rows, at - step, step)
        return key
    beside = body["sections"].index(part) + step
    if 0 <= beside < len(body["sections"]):
        rows.remove(question)
        target = body["sections"][beside]["questions"]
        target.insert(0 if step == DOWN else len(target), question)
    return key


def copy_question(body: Body, *, key: str) -> str:
    """Put a copy behind a question, under the next free key."""
    part, question = _question(body, key)
    made = copy.deepcopy(question)
    made["key"] = _free(f"{key[:30]}_", _keys(body))
    part["questions"].insert(part["questions"].index(question) + 1, made)
    return str(made["key"])


def delete_question(body: Body, *, key: str) -> str:
    """Take a question out; refused while another depends on its answer."""
    part, question = _question(body, key)
    users = users_of(body, key)
    if users:
        raise RuleBroken(_depends(users), code="in_use")
    part["questions"].remove(question)
    return key


def users_of(body: Body, key: str) -> list[Question]:
    """Return the questions whose condition asks for the answer to this one."""
    return [question for _part, question in questionnaires.questions(body) if _source(question) == key]


def earlier(body: Body, key: str) -> list[Question]:
    """Return the questions before this one, which its condition may ask about; all of them for a new one."""
    found: list[Question] = []
    for _part, question in questionnaires.questions(body):
        if question["key"] == key:
            break
        found.append(question)
    return found


def _source(question: Question) -> str:
    return str((question.get("show_if") or {}).get("key", ""))


def _depends(users: list[Question]) -> object:
    names = listed(f"“{questionnaires.text(question.get('label'))}”" for question in users[:5])
    return _("不能删除：%(names)s 的显示条件还要用到它。请先改那里的条件。") % {"names": names}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that say something; 0 and False do."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, False)}


def _shift(rows: list[Any], at: int, step: int) -> None:
    if 0 <= at + step < len(rows):
        rows[at], rows[at + step] = rows[at + step], rows[at]


def _keys(body: Body) -> set[str]:
    return {question["key"] for _part, question in questionnaires.questions(body)}


def _free(stem: str, taken: set[str]) -> str:
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _section(body: Body, key: str) -> dict[str, Any]:
    found = questionnaires.section(body, key)
    if found is None:
        raise RuleBroken(_("问卷里没有章节 %(key)s。") % {"key": key}, code="unknown_section")
    return found


def _question(body: Body, key: str) -> tuple[dict[str, Any], Question]:
    for part, question in questionnaires.questions(body):
        if question["key"] == key:
            return part, question
    raise RuleBroken(_("问卷里没有问题 %(key)s。") % {"key": key}, code="unknown_question")
