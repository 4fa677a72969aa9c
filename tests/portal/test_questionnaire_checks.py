"""What stands in the way of publishing a questionnaire is found, with its place; edits keep a body sound."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import questionnaire_checks, questionnaire_differences, questionnaires
from portal import questionnaire_shapes as shapes
from portal.errors import RuleBroken
from tests.factories.cases import QUESTIONNAIRES

BOTH = {"zh": "字", "en": "words"}


def choice(key, *values, **more):
    return {
        "key": key,
        "type": "choice",
        "label": BOTH,
        "options": [{"value": v, "label": BOTH} for v in values],
        **more,
    }


def body(*questions, **section):
    return {"sections": [{"key": "a", "title": BOTH, "questions": list(questions), **section}]}


TEXT = {"key": "t", "type": "text", "label": BOTH}
YES = {"key": "y", "type": "yesno", "label": BOTH}


def only_if(key, source, **condition):
    return {"key": key, "type": "text", "label": BOTH, "show_if": {"key": source, **condition}}


FAULTS = [
    ({"sections": []}, ("", ""), "还没有章节"),
    (body(), ("a", ""), "没有问题"),
    (body(TEXT, title={"zh": "字"}), ("a", ""), "缺少英文"),
    (body({**TEXT, "label": {"zh": "字"}}), ("a", "t"), "缺少英文"),
    (body({**TEXT, "help": {"en": "w"}}), ("a", "t"), "缺少中文"),
    (body(TEXT, TEXT), ("a", "t"), "重复"),
    (body({**TEXT, "type": "picture"}), ("a", "t"), "类型不存在"),
    (body(choice("c", "x")), ("a", "c"), "至少要有两个选项"),
    (body(choice("c", "x", "x")), ("a", "c"), "缺失或重复"),
    (body(choice("c", "x", "z", options=[{"value": "x", "label": {"zh": "甲"}}, {"value": "z", "label": BOTH}])),
     ("a", "c"), "缺少英文"),
    (body({"key": "n", "type": "integer", "label": BOTH, "min": 5, "max": 1}), ("a", "n"), "最小值大于最大值"),
    (body({"key": "n", "type": "integer", "label": BOTH, "bands": [[5, 1], [1, 2]]}), ("a", "n"), "从小到大"),
    (body({**TEXT, "bands": [[5, 1]]}), ("a", "t"), "不是数字题"),
    (body({**TEXT, "prefill": "nowhere"}), ("a", "t"), "预填来源"),
    (body(only_if("s", "y", equals="yes"), YES), ("a", "s"), "永远不会出现"),
    (body(YES, only_if("s", "y")), ("a", "s"), "不完整"),
    (body(YES, only_if("s", "y", equals="perhaps")), ("a", "s"), "不可能出现"),
    (body(TEXT, only_if("s", "t", gte=3)), ("a", "s"), "不可能出现"),
    (body({**TEXT, "key": "n", "type": "integer", "max": 2}, only_if("s", "n", gte=3)), ("a", "s"), "不可能出现"),
    (body(YES, {**YES, "key": "z", "show_if": {"key": "y", "equals": "no"}},
          {**only_if("w", "z", equals="yes")}, {**only_if("s", "q", answered=True)}), ("a", "s"), "永远不会出现"),
    (body(YES, {**only_if("s", "x", answered=True), "required": True}), ("a", "s"), "必填，却永远不会出现"),
    (body(only_if("s", "x", answered=True), only_if("u", "s", answered=True)), ("a", "u"), "自己也不会出现"),
    (body({**YES, "max_score": 4}, weight=5), ("a", ""), "权重 5 分，但问题最高合计 4 分"),
    (body({**YES, "max_score": 5}, weight=5), ("", ""), "现在是 5 分"),
]  # fmt: skip


@pytest.mark.parametrize(("faulty", "place", "words"), FAULTS, ids=[row[2] for row in FAULTS])
def test_fault_is_named_with_its_place(faulty, place, words):
    found = questionnaire_checks.check(faulty, prefills={})
    assert [(row.section, row.key) for row in found if words in str(row)][:1] == [place], [str(row) for row in found]


def test_contradiction_along_the_chain_is_found():
    chain = body(
        choice("c", "x", "z"),
        {**YES, "show_if": {"key": "c", "equals": "x"}},
        only_if("s", "c", equals="z"),  # sound: it asks for itself
    )
    assert questionnaire_checks.check(chain) == []
    second = {"key": "k", "type": "yesno", "label": BOTH, "show_if": {"key": "y", "equals": "no"}}
    loop = body(YES, second, {**YES, "key": "m", "show_if": {"key": "k", "equals": "yes"}})
    assert questionnaire_checks.check(loop) == []
    never = {**TEXT, "key": "never", "show_if": {"key": "c", "equals": "z"}}
    never_after = {"key": "after", "type": "text", "label": BOTH, "show_if": {"key": "d", "equals": "z"}}
    twice = body(choice("c", "x", "z"), choice("d", "x", "z", show_if={"key": "c", "in": ["x"]}), never, never_after)
    assert questionnaire_checks.check(twice) == []


@pytest.mark.parametrize("sample", QUESTIONNAIRES, ids=[row["code"] for row in QUESTIONNAIRES])
def test_the_samples_are_sound(sample):
    assert [str(row) for row in questionnaire_checks.check(sample["body"])] == []


def test_condition_on_several_answers_holds_for_one_of_them():
    asked = {"key": "s", "type": "text", "show_if": {"key": "m", "equals": "x"}}
    assert questionnaires.is_shown(asked, {"m": ["x", "z"]})
    assert not questionnaires.is_shown(asked, {"m": ["z"]})
    assert not questionnaires.is_shown(asked, {})


VERBS = st.lists(
    st.tuples(
        st.sampled_from(["up", "down", "copy", "delete", "add", "section_up", "section_delete"]), st.integers(0, 40)
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(VERBS)
def test_any_row_of_edits_leaves_keys_single_and_conditions_answered(steps):
    form = copy.deepcopy(QUESTIONNAIRES[0]["body"])
    for verb, number in steps:
        keys = [question["key"] for _part, question in questionnaires.questions(form)]
        parts = [part["key"] for part in form["sections"]]
        try:
            _edit(form, verb, keys[number % len(keys)] if keys else "", parts[number % len(parts)] if parts else "")
        except RuleBroken:
            continue
        now = [question["key"] for _part, question in questionnaires.questions(form)]
        assert len(now) == len(set(now))
        asked = {(q.get("show_if") or {}).get("key", now[0] if now else "") for _p, q in questionnaires.questions(form)}
        assert asked <= set(now), "nothing that is asked about is ever taken out"
        assert verb not in ("up", "down", "section_up") or sorted(now) == sorted(keys), "a move loses nothing"


def _edit(form, verb, key, part):
    step = shapes.UP if verb.endswith("up") else shapes.DOWN
    if verb in ("up", "down"):
        shapes.move_question(form, key=key, step=step)
    elif verb == "section_up":
        shapes.move_section(form, key=part, step=step)
    elif verb == "section_delete":
        shapes.delete_section(form, key=part)
    elif verb == "add":
        shapes.add_question(form, section=part, values={"type": "text", "label": BOTH})
    else:
        {"copy": shapes.copy_question, "delete": shapes.delete_question}[verb](form, key=key)


def test_versions_are_compared_question_by_question():
    old = body(TEXT, YES, {**TEXT, "key": "gone"})
    new = body({**TEXT, "label": {"zh": "新", "en": "new"}, "required": True}, YES, {**TEXT, "key": "added"})
    found = questionnaire_differences.compare(old, new)
    assert [(row.sort, row.key) for row in found] == [("changed", "t"), ("added", "added"), ("removed", "gone")]
    assert [(str(line.label), line.old, line.new) for line in found[0].lines] == [
        ("问题（中文）", "字", "新"),
        ("问题（英文）", "words", "new"),
        ("必填", "否", "是"),
    ]
