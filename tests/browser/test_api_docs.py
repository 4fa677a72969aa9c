"""The interactive documentation renders in Chromium under our CSP, without a word on the console."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from .checkers import faults_of
from .conftest import SHOTS
from .driver import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser.new_page(locale="zh-CN")
        browser.close()


def test_docs_render_without_console_errors_or_foreign_requests(live_server: Any, page: Page) -> None:
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    response = page.goto(f"{live_server.url}/api/v1/docs/")
    assert response is not None
    assert "unsafe" not in response.headers["content-security-policy"]
    page.wait_for_selector("#operations-tag-webhooks")  # the tags come folded: all operations at once take a minute
    assert page.locator(".opblock-tag").count() > 15
    page.locator("#operations-tag-cases").click()
    page.locator("#operations-cases-case_decide .opblock-summary-control").first.click()
    page.wait_for_selector("#operations-cases-case_decide .opblock-body")
    page.wait_for_timeout(500)
    assert said == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1280), ("en-US", 320), ("zh-CN", 768)])
def test_frame_of_the_docs_is_accessible(language: str, width: int, server: str, visit: Callable[..., Visitor]) -> None:
    """What Swagger UI draws is left out: it is vendored as published. `/api/v1/schema/` says the same as plain text."""
    seen = visit(language=language, width=width, bypass_csp=True)
    seen.page.goto(f"{server}/api/v1/docs/")
    seen.page.wait_for_selector(".opblock-tag")
    seen.shoot(SHOTS / f"docs-{seen.language}-{width}.png")
    ours = faults_of(seen, left_out="#swagger-ui")
    assert [fault for fault in ours if "duplicate-main" not in fault] == []  # Swagger UI brings a <main> of its own
    inside = [fault for fault in faults_of(seen) if "swagger" in fault or "opblock" in fault]
    print(f"inside Swagger UI: {len(inside)} finds, {len({one.split(':')[0] for one in inside})} rules")
    assert seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
