"""A district makes its own programme in a browser: questionnaire with a condition, moves, preview, programme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.models import Programme, Questionnaire
from tests.factories import people

from .driver import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAPER = "/questionnaires/qu-pilot/1/"
SAVE = "main form .ip-submit button[type=submit]"


def ask(seen: Visitor, key: str, sort: str, label: str) -> None:
    seen.open(f"{PAPER}sections/section1/new/")
    seen.fill("#id_key", key)
    seen.choose("#id_type", sort)
    seen.fill("#id_label_zh", label)
    seen.fill("#id_label_en", label)


def test_district_programme_is_made_in_a_browser(  # noqa: PLR0915 - one story, told in order
    server: str, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    supervisor = people.post(people.make_user("沈予安"), "minhang", "supervisor")
    seen = visit(supervisor)
    seen.open("/questionnaires/new/")
    for name, words in (("title_zh", "区试点申报表"), ("title_en", "District form"), ("code", "qu-pilot")):
        seen.fill(f"#id_{name}", words)
    seen.send(SAVE)
    seen.open(f"{PAPER}sections/new/")
    seen.fill("#id_title_zh", "管理")
    seen.fill("#id_title_en", "Management")
    seen.send(SAVE)

    ask(seen, "office", "yesno", "有专人管理吗")
    assert not seen.page.locator("#f-options").is_visible(), "options belong to choices"
    seen.send(SAVE)
    ask(seen, "person", "text", "负责人")
    seen.choose("#id_show_key", "office")
    seen.page.locator("#id_show_values").wait_for()
    seen.tick("#id_show_values input[value=yes]")
    seen.send(SAVE)
    assert "当“有专人管理吗”选“是”时" in seen.text("#q-person")

    with seen.page.expect_response("**/move/"):
        seen.press("#up-person")
    seen.page.locator("#faults").wait_for()
    assert "永远不会出现" in seen.text("#faults")
    seen.shoot(tmp_path / "faults.png")
    seen.page.locator("#undo").click()
    seen.page.locator("#faults").wait_for(state="detached")

    seen.open(f"{PAPER}preview/")
    assert not seen.page.locator("#id_a-person").is_visible()
    seen.tick("input[name=a-office][value=yes]")
    assert seen.page.locator("#id_a-person").is_visible()
    seen.open(PAPER)
    seen.send("main .ip-head-actions form button.btn-primary")
    assert Questionnaire.objects.get(code="qu-pilot").status == "published"

    seen.open("/programmes/new/")
    for name, words in (
        ("title_zh", "闵行区试点"), ("title_en", "Minhang pilot"), ("code", "qu-pilot"), ("prefix", "QP"),
        ("certificate_prefix", "QPR"), ("certificate_title_zh", "证书"), ("certificate_title_en", "Certificate"),
    ):  # fmt: skip
        seen.fill(f"#id_{name}", words)
    assert not seen.page.locator("#id_rule_registered_years_years").is_visible()
    seen.tick("#id_rule_registered_years")
    seen.fill("#id_rule_registered_years_years", "2")
    seen.send(SAVE)
    seen.send("main .ip-head-actions form button.btn-primary")
    seen.shoot(tmp_path / "programme.png")
    assert Programme.objects.get().status == "active"
    assert seen.faults == []
