"""Every form of every role, sent empty and with nonsense: errors are told, tied to their fields, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .driver import Visitor
from .pages import Found, Kind, crawl
from .world import Demo
from .wrong_forms import Sent, judge, try_forms

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROLES = "nobody owner newcomer drafter recognised officer supervisor city_supervisor administrator expert".split()
TURNS = [("zh-CN", 1280), ("en-US", 320)]
ASKED: set[Kind] = set()
SENT = Sent()
LEAST = 20


@pytest.mark.parametrize("role", ROLES)
def test_forms_tell_what_is_wrong(role: str, city: Demo, visit: Callable[..., Visitor]) -> None:
    found: Found = crawl(city.people.get(role), city.starts(role))
    todo = {kind: path for kind, path in found.forms.items() if kind not in ASKED}
    ASKED.update(todo)
    sent = Sent()
    here = [visit(city.people.get(role), language=language, width=width, bypass_csp=True) for language, width in TURNS]
    for at, (kind, path) in enumerate(sorted(todo.items(), key=lambda item: item[1])):
        try_forms(here[at % len(here)], path, kind.route, sent)
    for seen in here:
        seen.faults.clear()  # refusals are told on the console, too; what they are is judged here
    SENT.told |= sent.told
    SENT.taken |= sent.taken
    print(f"{role}: told {sorted(sent.told)}; taken {sorted(sent.taken - sent.told)}; held {sorted(sent.held)}")
    assert sent.faults == []


def test_enough_forms_were_wrong() -> None:
    if len(ASKED) < LEAST:
        pytest.skip("only a part of the roles was asked")
    assert len(SENT.told) >= LEAST, sorted(SENT.told)


def test_gate_is_red_on_a_form_that_tells_nothing(city: Demo, visit: Callable[..., Visitor]) -> None:
    seen = visit(bypass_csp=True).open("/contact/")
    seen.page.locator("main").evaluate(
        'main => main.insertAdjacentHTML(\'beforeend\', \'<div class="ip-errsum"><a href="#nowhere">x</a></div>'
        '<div class="ip-field is-err" id="planted"><label for="p">p</label><input id="p"></div>\')'
    )
    sent = Sent()
    judge(seen, "planted", "planted", "", sent)
    assert len([fault for fault in sent.faults if "nowhere" in fault or "planted" in fault]) >= 3
    seen.faults.clear()
