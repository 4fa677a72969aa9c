"""What the scripts add: autosave and its conflict, uploads, keys, rows by keyboard, saving of charts, settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portal import procedures
from portal.models import Application, Membership
from tests.factories import documents, people

from .checkers import faults_of
from .driver import Visitor
from .world import Demo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STORED = "li:has(button[name=remove]) .nm"
ACTIVE_ROW = "[...document.querySelectorAll('tbody tr')].indexOf(document.activeElement)"


@pytest.fixture
def draft(city: Demo) -> Application:
    return Application.objects.filter(status="draft").order_by("pk").first()


def section(draft: Application, key: str) -> str:
    return f"/applications/{draft.number}/sections/{key}/"


def test_slash_leads_to_the_search(city: Demo, visit: Callable[..., Visitor]) -> None:
    seen = visit(city.people["owner"]).open("/home/")
    seen.page.keyboard.press("/")
    assert seen.page.evaluate("document.activeElement.id") == "q"
    seen.page.keyboard.type("SQ-")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/search/**")


def test_what_one_types_is_saved_by_itself(city: Demo, draft: Application, visit: Callable[..., Visitor]) -> None:
    seen = visit(draft.created_by).open(section(draft, "statement"))
    seen.fill("[name='a-plan']", "自动保存的目标。")
    seen.page.locator("[data-saved]:not([hidden]):not(.is-wait)").wait_for()
    with seen.page.expect_response(lambda answer: "/autosave/" in answer.url and answer.ok):
        seen.fill("[name='a-plan']", "自动保存的目标，第二稿。")
    assert procedures.answers_of(draft)["plan"] == "自动保存的目标，第二稿。"
    assert seen.open(section(draft, "statement")).page.locator("[name='a-plan']").input_value().endswith("第二稿。")


def test_two_people_on_one_answer_are_told_and_choose(
    city: Demo, draft: Application, visit: Callable[..., Visitor]
) -> None:
    other = people.make_user("周若川")
    Membership.objects.create(user=other, organisation=draft.organisation, role="member")
    first, second = visit(draft.created_by), visit(other)
    first.open(section(draft, "statement"))
    second.open(section(draft, "statement"))
    with first.page.expect_response(lambda answer: "/autosave/" in answer.url and answer.ok):
        first.fill("[name='a-plan']", "甲的目标。")
    with second.page.expect_response(lambda answer: "/autosave/" in answer.url and answer.status == 409):
        second.fill("[name='a-plan']", "乙的目标。")
    told = second.page.locator(".ip-errsum")
    told.wait_for()
    assert "甲的目标。" in told.inner_text() and "乙的目标。" in told.inner_text()
    second.tick("[name='keep-plan'][value='theirs']")
    second.send(".ip-errsum button[type=submit]")
    assert procedures.answers_of(draft)["plan"] == "甲的目标。"


def test_chosen_file_is_sent_at_once_and_listed(
    city: Demo, draft: Application, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    paper = tmp_path / "管理制度汇编.pdf"
    paper.write_bytes(documents.pdf(pages=3))
    seen = visit(draft.created_by).open(section(draft, "system"))
    seen.attach("[name='a-rules_file']", paper)
    assert "管理制度汇编.pdf" in seen.text(".ip-files")
    assert draft.files.filter(name="管理制度汇编.pdf").exists()


def slow_line(seen: Visitor, *, offline: bool = False) -> None:
    """Let uploads crawl, or break."""
    line = seen.context.new_cdp_session(seen.page)
    line.send("Network.enable")
    speed = {"offline": offline, "latency": 50, "downloadThroughput": -1, "uploadThroughput": 60_000}
    line.send("Network.emulateNetworkConditions", speed)


def test_upload_says_type_size_and_how_far_it_is(
    city: Demo, draft: Application, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    paper = tmp_path / "大文件.pdf"
    paper.write_bytes(documents.pdf(pages=3) + b"\n%" + b"0" * 200_000)
    seen = visit(draft.created_by, bypass_csp=True).open(section(draft, "system"))
    slow_line(seen)
    seen.page.locator("[name='a-rules_file']").set_input_files(paper)
    bar = seen.page.locator("progress#upload-progress")
    bar.wait_for()
    words = seen.text("label[for=upload-progress]")
    assert "大文件.pdf" in words and "KB" in words and "%" in words
    assert "大文件.pdf" in seen.text("#say")
    assert "PDF · 196 KB" in seen.text("[data-file] .ip-files")
    assert faults_of(seen) == []
    seen.page.locator(STORED, has_text="大文件.pdf").wait_for()
    assert bar.count() == 0
    assert "PDF · 196" in seen.text(".ip-files li:has-text('大文件.pdf') .sub")
    assert seen.page.evaluate("document.activeElement.name") == "a-rules_file", "the focus stays where one was"


def test_broken_upload_is_told_and_can_be_repeated(
    city: Demo, draft: Application, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    paper = tmp_path / "断线.pdf"
    paper.write_bytes(documents.pdf(pages=3))
    seen = visit(draft.created_by, bypass_csp=True).open(section(draft, "system"))
    seen.page.route("**/sections/system/", lambda route: route.abort() if route.request.method == "POST" else None)
    seen.page.locator("[name='a-rules_file']").set_input_files(paper)
    told = seen.page.locator("[data-upload-failed] [role=alert]")
    told.wait_for()
    assert told.inner_text() and not draft.files.filter(name="断线.pdf").exists()
    assert faults_of(seen) == []
    seen.page.unroute("**/sections/system/")
    seen.press("[data-upload-failed] button")
    seen.page.locator(STORED, has_text="断线.pdf").wait_for()
    assert draft.files.filter(name="断线.pdf").exists()
    seen.faults.clear()  # Chromium itself notes the broken line


def test_refused_upload_is_an_error_at_its_question(
    city: Demo, draft: Application, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    paper = tmp_path / "程序.pdf"
    paper.write_bytes(b"MZ" + b"0" * 500)
    seen = visit(draft.created_by, bypass_csp=True).open(section(draft, "system"))
    seen.page.locator("[name='a-rules_file']").set_input_files(paper)
    seen.page.locator(".ip-errsum").wait_for()
    assert seen.page.evaluate("document.activeElement.className").startswith("ip-errsum")
    seen.press(".ip-errsum a")
    assert seen.page.evaluate("document.activeElement.name") == "a-rules_file"
    assert faults_of(seen) == []


def test_new_version_of_a_file_is_sent_with_a_bar_too(
    city: Demo, draft: Application, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    paper = tmp_path / "第二版.pdf"
    paper.write_bytes(documents.pdf(pages=2) + b"\n%" + b"0" * 100_000)
    seen = visit(draft.created_by).open(section(draft, "system"))
    seen.press(".ip-replace summary")
    slow_line(seen)
    seen.page.locator("input[name^='replace-']").first.set_input_files(paper)
    seen.page.locator(".ip-replace progress").wait_for()
    seen.page.locator(STORED, has_text="第二版.pdf").wait_for()


def test_rows_of_the_queue_go_by_keyboard(city: Demo, visit: Callable[..., Visitor]) -> None:
    seen = visit(city.people["supervisor"]).open("/cases/?view=all")
    keyboard, page = seen.page.keyboard, seen.page
    page.locator("tbody tr[data-href]").first.focus()
    keyboard.press("j")
    assert page.evaluate(ACTIVE_ROW) == 1
    keyboard.press("Space")
    assert page.locator("tbody tr").nth(1).locator("input[type=checkbox]").is_checked()
    keyboard.press("k")
    assert page.evaluate(ACTIVE_ROW) == 0
    keyboard.press("End")
    assert page.evaluate(ACTIVE_ROW) == page.locator("tbody tr").count() - 1
    keyboard.press("Enter")
    page.wait_for_url("**/cases/*-*-*/**")


def test_charts_are_saved_as_picture_and_table(city: Demo, visit: Callable[..., Visitor]) -> None:
    seen = visit(city.people["city_officer"]).open("/figures/")
    for button, start in (("png", b"\x89PNG"), ("csv", b"\xef\xbb\xbf")):
        with seen.page.expect_download() as download:
            seen.press(f"[data-save={button}]")
        assert download.value.path().read_bytes().startswith(start), button


def test_display_settings_hold(city: Demo, visit: Callable[..., Visitor]) -> None:
    seen = visit().open("/calls/")
    seen.language = "en"
    seen.send("button[name=language]")
    seen.send("button[name=theme]")
    assert seen.page.locator("html").get_attribute("data-bs-theme") == "dark"
    seen.send("button[name=text_size]")
    seen.open("/")
    assert seen.page.locator("html").get_attribute("data-bs-theme") == "dark"
