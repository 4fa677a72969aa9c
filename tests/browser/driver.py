"""Somebody at a browser: with mouse or keyboard, with or without script, in a language, at a width."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

# What the portal answers on purpose to a form that is not right; Chromium notes it on the console.
ON_PURPOSE = re.compile(r"Failed to load resource: .* status of (409|422)")
MOST_TABS = 400
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAMES = {"zh-CN": "zh", "en-US": "en"}


class Visitor:
    """One person with a profile of their own. `faults` gathers what no page may do."""

    def __init__(
        self,
        chrome: Browser,
        server: str,
        *,
        language: str = "zh-CN",
        width: int = 1280,
        script: bool = True,
        keyboard: bool = False,
        bypass_csp: bool = False,
    ) -> None:
        self.server, self.language, self.script, self.keyboard = server, NAMES[language], script, keyboard
        self.faults: list[str] = []
        self.status = 0
        self.context = chrome.new_context(
            locale=language,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(20_000)  # the first page of a busy machine takes long
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._watch)
        self.page.on("response", self._answered)
        # Keeps dialogues for files with the test: caught only from the moment one waits, a key may come before.
        self.page.on("filechooser", lambda _dialogue: None)

    def leave(self) -> None:
        self.context.close()

    # --- what must not happen ---------------------------------------------------------------------------------
    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not ON_PURPOSE.match(said.text):
            self.faults.append(f"console at {self.page.url}: {said.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self.faults.append(f"foreign request: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        if response.status >= 500:
            self.faults.append(f"{response.status} at {response.url}")

    def shoot(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)

    # --- coming and going -------------------------------------------------------------------------------------
    def sign_in_as(self, user: Any) -> None:
        """Take a session that the server made for `user`: the way in has tests of its own."""
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.server}])

    def open(self, path: str) -> Visitor:
        """Go to an address of the portal and look at it."""
        self.page.goto(path if path.startswith("http") else self.server + path)
        return self.look()

    def look(self) -> Visitor:
        """Assert what holds for every page."""
        page = self.page
        assert self.status < 500, f"{self.status} at {page.url}"
        lang = page.locator("html").get_attribute("lang") or ""
        assert lang.lower().startswith(self.language), f"lang={lang} at {page.url}"
        assert page.title().strip(), f"no title at {page.url}"
        assert page.locator("h1").count() == 1, f"{page.locator('h1').count()} h1 at {page.url}"
        over = page.evaluate(SIDEWAYS)
        assert over <= 0, f"{over} px too wide at {page.url}"
        return self

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def text(self, selector: str) -> str:
        """Return the visible words of the first match."""
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def has(self, selector: str) -> bool:
        return self.page.locator(selector).count() > 0

    # --- acting -----------------------------------------------------------------------------------------------
    def send(self, selector: str) -> Visitor:
        """Press a button or link and wait for the page that answers."""
        self._mark()
        self.press(selector)
        self._wait()
        return self.look()

    def _mark(self) -> None:
        self.page.evaluate("document.getElementById('main').dataset.old = '1'")

    def _wait(self) -> None:
        self.page.locator("#main:not([data-old])").wait_for(state="attached")
        self.page.wait_for_load_state("load")

    def press(self, selector: str) -> None:
        """Press a button, link or disclosure."""
        target = self.page.locator(selector).first
        if self.keyboard:
            self.reach(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()

    def fill(self, selector: str, words: str) -> None:
        """Type into a field, over what stands there."""
        target = self.page.locator(selector).first
        if not self.keyboard:
            target.fill(words)
            return
        self.reach(target)
        if target.get_attribute("type") == "date":
            year, month, day = words.split("-")
            self.page.keyboard.type(month + day + year)  # in the order of the browser's own language, see conftest.py
            assert target.input_value() == words, f"{target.input_value()} instead of {words}"
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a select."""
        target = self.page.locator(selector).first
        if not self.keyboard:
            target.select_option(value)
            return
        self.reach(target)
        self.page.keyboard.press("Home")
        for _step in range(60):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen in {selector}")

    def tick(self, selector: str) -> None:
        """Tick a box or pick a radio button."""
        target = self.page.locator(selector).first
        if target.is_checked():
            return
        if not self.keyboard:
            target.check()
            return
        if target.get_attribute("type") == "radio":
            self._walk_to(target)
        else:
            self.reach(target)
            self.page.keyboard.press("Space")
        assert target.is_checked()

    def _walk_to(self, radio: Locator) -> None:
        """Tab into the group, then arrows, as in any browser."""
        name = radio.get_attribute("name")
        self.reach(self.page.locator(f"input[type=radio][name='{name}']:visible"), any_of=True)
        for _step in range(20):
            if radio.evaluate("field => field === document.activeElement"):
                if not radio.is_checked():
                    self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {name}")

    def attach(self, selector: str, path: Path) -> None:
        """Choose a file; the dialogue belongs to the system. With script some fields send it at once."""
        target = self.page.locator(selector).first
        is_sent = self.script and target.get_attribute("data-send")
        if is_sent:
            self._mark()
        if not self.keyboard:
            target.set_input_files(path)
        else:
            self.reach(target)
            with self.page.expect_file_chooser() as dialogue:
                self.page.keyboard.press("Space")
            dialogue.value.set_files(path)
        if is_sent:
            self._wait()

    def reach(self, target: Locator, *, any_of: bool = False) -> None:
        """Press Tab until the target has the focus, and see that it shows."""
        target = target if any_of else target.first
        target.first.wait_for(state="visible")
        found = "fields => fields.includes(document.activeElement)"
        for _step in range(MOST_TABS):
            if target.evaluate_all(found):
                assert self.page.evaluate(FOCUS_SHOWS), f"no focus mark on {self.page.evaluate(ACTIVE)}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {target} at {self.page.url}")


ACTIVE = "document.activeElement.outerHTML.slice(0, 200)"
FOCUS_SHOWS = """(() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
})()"""
