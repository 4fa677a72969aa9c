"""Every page of every role: no dead link, one heading, right language; axe and HTML_CodeSniffer find nothing.

`A11Y_FULL=1` looks at every page in both languages at all three widths (long); otherwise each kind of page is looked
at once per role in turn, and each route at every width and in both languages at least once. While working on pages,
`A11Y_ROLES="owner officer"` and `A11Y_ROUTES="right date import"` (beginnings of names) limit what is looked at.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.urls import get_resolver

from .checkers import faults_of
from .driver import Visitor
from .pages import Found, Kind, crawl
from .world import Demo, routes_with_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FULL = os.environ.get("A11Y_FULL") == "1"
LANGUAGES, WIDTHS = ("zh-CN", "en-US"), (1280, 320, 768)
WAYS = list(product(LANGUAGES, WIDTHS))
TURNS = [("zh-CN", 1280), ("en-US", 320), ("zh-CN", 768)]  # every width and both languages in three looks
ROLES = (
    "nobody owner member viewer newcomer officer supervisor city_officer city_supervisor publisher administrator "
    "auditor expert drafter refused recognised"
).split()
ASKED_ROLES, ASKED_ROUTES = (os.environ.get(name, "").split() for name in ("A11Y_ROLES", "A11Y_ROUTES"))
ROLES = [role for role in ROLES if not ASKED_ROLES or role in ASKED_ROLES]
IS_PART = bool(ASKED_ROLES or ASKED_ROUTES)
# Pages that no link leads to: people come from a mail, from a form, or from another service.
UNLINKED = {
    "account_confirm_email", "account_email_verification_sent", "account_inactive", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_reauthenticate",
    "account_confirm_login_code", "account_request_login_code", "account_set_password", "account_signup_by_passkey",
    "mfa_authenticate", "mfa_trust", "mfa_reauthenticate", "mfa_login_webauthn", "mfa_reauthenticate_webauthn",
    "socialaccount_connections", "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup",
    "application-submitted", "questionnaire-question", "call-editor-change", "report", "report-download",
    "bulk-progress",
    "account_signup", "account_logout", "register-contact", "notice-object", "search",
    "invitation-list", "notification",
    # Behind forms: the preview of a rule, what was ticked in a list, the calendar's file, a download, a hand-over,
    # what a notice states (test_register_pages.py looks at those of the register).
    "rule-preview", "holidays-preview", "rights-bulk", "calendar-feed", "import-bad-rows", "date-handover",
    "import-progress", "right-money-reverse", "notice-fee", "notice-reduction", "rights-unseen",
    # Verbs whose form stands on the page of the alert: shown again there with what was wrong.
    "alert-tick", "alert-assign", "alert-put-aside", "alert-finish", "alert-note", "alert-help", "alert-call-record",
    "alert-call-answer", "alert-desk-audience",
    # The same of a dispute abroad and of its request for help; "unseen" comes from a mail.
    "dispute-event", "dispute-state-date", "dispute-evidence", "dispute-readers", "dispute-help", "dispute-end",
    "dispute-aid-take", "dispute-aid-match", "dispute-aid-answer", "dispute-aid-declare", "dispute-aid-opinion",
    "disputes-unseen",
    # Behind a fresh sign-in: test_account_pages.py looks at them.
    "account_change_password", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "openid_connect_login", "openid_connect_callback", "demo-sign-in", "healthz", "readyz", "invitation", "gallery",
}  # fmt: skip


def _is_asked(kind: Kind) -> bool:
    """Whether this run follows links to such pages: all of them, or the front doors and what is asked for."""
    return not ASKED_ROUTES or kind.route.startswith(("home", "dashboard", *ASKED_ROUTES))


@pytest.fixture(scope="module")
def found(city: Demo) -> dict[str, Found]:
    """Return what each role finds by following links."""
    return {role: crawl(city.people.get(role), city.starts(role), only=_is_asked) for role in ROLES}


@pytest.fixture(scope="module")
def looks(found: dict[str, Found]) -> dict[str, list[tuple[str, str, int]]]:
    """Return per role the (address, language, width) to look at."""
    plan: dict[str, list[tuple[str, str, int]]] = {role: [] for role in ROLES}
    turn: defaultdict[str, int] = defaultdict(int)
    for role, kind, path in _every_kind(found):
        ways = WAYS if FULL else [TURNS[turn[kind.route] % len(TURNS)]]
        turn[kind.route] += 1
        plan[role] += [(path, language, width) for language, width in ways]
    if not FULL:
        for role, kind, path in _every_kind(found):
            while turn[kind.route] < len(TURNS):
                plan[role].append((path, *TURNS[turn[kind.route]]))
                turn[kind.route] += 1
    return plan


def _every_kind(found: dict[str, Found]) -> Iterator[tuple[str, Kind, str]]:
    """Yield (role, kind, address); a page that another role has seen alike is left to that role unless FULL."""
    taken: set[Kind] = set()
    for role in ROLES:
        for kind, path in found[role].one_of_each.items():
            if ASKED_ROUTES and not kind.route.startswith(tuple(ASKED_ROUTES)):
                continue
            if FULL or kind not in taken:
                taken.add(kind)
                yield role, kind, path


@pytest.mark.parametrize("role", ROLES)
def test_links_lead_to_pages_with_one_heading_and_a_title(role: str, found: dict[str, Found]) -> None:
    assert found[role].links > 20
    assert found[role].faults == []


@pytest.mark.parametrize("role", ROLES)
def test_titles_tell_pages_apart(role: str, found: dict[str, Found]) -> None:
    by_title: defaultdict[str, set[str]] = defaultdict(set)
    for path, title in found[role].titles.items():
        by_title[title].add(found[role].pages[path].route)
    assert {title: routes for title, routes in by_title.items() if len(routes) > 1} == {}


@pytest.mark.skipif(IS_PART, reason="only a part is looked at")
def test_every_route_with_a_page_is_found_by_somebody(found: dict[str, Found]) -> None:
    reached = set().union(*(one.reached for one in found.values()))
    missing = routes_with_pages(get_resolver()) - reached - UNLINKED
    assert missing == set(), "no role finds these pages; link to them, or name them in UNLINKED"


@pytest.mark.parametrize("role", ROLES)
def test_pages_have_no_accessibility_fault(
    role: str, city: Demo, looks: dict[str, list[tuple[str, str, int]]], visit: Callable[..., Visitor]
) -> None:
    faults, seen = [], 0
    here: dict[str, Visitor] = {}
    for path, language, width in looks[role]:
        if language not in here:
            here[language] = visit(city.people.get(role), language=language, bypass_csp=True)
        visitor = here[language]
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.open(path)
        faults += [f"{path} {language} {width}: {fault}" for fault in faults_of(visitor)]
        seen += 1
    print(f"{role}: {seen} looks")
    assert faults == []
    assert seen == len(looks[role])


def test_every_route_is_seen_at_every_width_and_in_both_languages(
    found: dict[str, Found], looks: dict[str, list[tuple[str, str, int]]]
) -> None:
    ways: defaultdict[str, set[Any]] = defaultdict(set)
    for role, rows in looks.items():
        for path, language, width in rows:
            ways[found[role].pages[path].route] |= {language, width}
    assert {route: seen for route, seen in ways.items() if not seen >= {*LANGUAGES, *WIDTHS}} == {}
    if IS_PART:
        return
    total = sum(map(len, looks.values()))
    print(f"{total} looks at {len(ways)} routes")
    assert total > 250


PLANTED = {
    "missing label": "<input type='text' name='planted'>",
    "low contrast": "<p class='planted'>难以看清</p>",
    "missing alternative": "<img src='/static/img/emblem.svg'>",
    "empty link": "<a href='/'></a>",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_gate_is_red_on_planted_fault(fault: str, city: Demo, visit: Callable[..., Visitor]) -> None:
    seen = visit(bypass_csp=True).open("/contact/")
    assert faults_of(seen) == []
    seen.page.locator("main").evaluate("(main, text) => main.insertAdjacentHTML('beforeend', text)", PLANTED[fault])
    seen.page.add_style_tag(content=".planted { color: #bbb; background: #fff }")
    assert faults_of(seen) != []
    seen.faults.clear()  # the sniffer itself complains on the console when it finds something
