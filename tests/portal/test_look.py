"""The look: generated files are fresh, icons exist, templates obey the CSP, words are right."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from portal import countdown, formats, pieces, tiles
from portal.management.commands.build_static import icon_names, style_sheet
from portal.vocabulary import STATES

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "email" not in path.parts]


def test_style_sheet_is_what_its_parts_make() -> None:
    assert (STATIC / "css" / "portal.css").read_text() == style_sheet(STATIC / "css")


def test_sprite_holds_every_icon_that_is_named() -> None:
    inside = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))
    assert inside == set(icon_names(STATIC / "img" / "icons.txt"))
    named = {state.icon for states in STATES.values() for state in states.values()} | set(countdown.ICONS.values())
    for path in PAGES:
        named |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))
    assert len(named) > 50
    assert named - inside == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_template_writes_nothing_the_csp_would_drop(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", text)
    assert not re.search(r"(src|href)=\"https?://", text)


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_page_of_an_outage_needs_no_context_and_speaks_both_languages(name: str) -> None:
    text = render_to_string(name)
    assert 'lang="zh-Hans"' in text
    assert '<section lang="en">' in text


@pytest.mark.parametrize(
    ("left", "unit", "level", "text"),
    [
        (46, "day", "far", "还有 46 天"),
        (30, "day", "soon", "还有 30 天"),
        (7, "workday", "near", "还有 7 个工作日"),
        (0, "day", "today", "今天截止"),
        (-3, "day", "over", "已超期 3 天"),
    ],
)
def test_countdown_at_each_threshold(left: int, unit: str, level: str, text: str) -> None:
    with translation.override("zh-hans"):
        shown = countdown.countdown(left, unit)
    assert (shown.level, shown.text) == (level, text)


def test_dates_and_amounts_in_both_languages() -> None:
    day = dt.date(2026, 11, 22)
    with translation.override("zh-hans"):
        assert (formats.day(day), formats.weekday(day)) == ("2026年11月22日", "星期日")
    with translation.override("en"):
        assert (formats.day(day), formats.weekday(day)) == ("22 Nov 2026", "Sunday")
    assert [formats.money(1200), formats.money("-1700"), formats.money(None)] == ["¥1,200.00", "−¥1,700.00", "—"]
    assert [formats.capped(999), formats.capped(1000)] == ["999", "1,000+"]


def test_moment_is_shown_in_shanghai_time() -> None:
    late = dt.datetime(2026, 11, 21, 16, 30, tzinfo=dt.UTC)
    with translation.override("zh-hans"):
        assert formats.moment(late) == "2026年11月22日 00:30"


def test_public_tiles_hide_counts_below_five() -> None:
    shown = tiles.tiles({"310112": 4, "310115": 52}, is_public=True, here="310112")
    assert len(shown) == 16
    by_code = {tile.district.code: tile for tile in shown}
    assert (by_code["310112"].figure, by_code["310112"].shade, by_code["310112"].is_here) == ("<5", "l-na", True)
    assert by_code["310115"].figure == "52"


def test_pill_escapes_what_it_is_given() -> None:
    assert "<script>" not in pieces.status_pill("application", "<script>")


def test_query_keeps_filters_and_drops_the_cursor() -> None:
    template = Template('{% load portal %}{% query sort="name" %}|{% query_without "status" "a" %}')
    request = RequestFactory().get("/?status=a&status=b&after=x")
    shown = template.render(Context({"request": request}, autoescape=False)).split("|")
    assert shown == ["?status=a&status=b&sort=name", "?status=b"]


def test_title_of_the_page_is_its_heading() -> None:
    template = Template('{% extends "base.html" %}{% block title %}有 4 件<b>事</b>{% endblock %}')
    text = template.render(Context({"request": RequestFactory().get("/")}))
    assert "<title>有 4 件事 · 上海市中小企业知识产权服务平台</title>" in text


def test_preferences_of_a_visitor_stay_in_cookies_and_lead_back(client) -> None:
    answer = client.post("/preferences/", {"theme": "dark", "text_size": "huge", "next": "/rules/"})
    assert (answer.status_code, answer["Location"]) == (302, "/rules/")
    assert (answer.cookies["theme"].value, "text_size" in answer.cookies) == ("dark", False)


def test_preferences_never_lead_away(client) -> None:
    assert client.post("/preferences/", {"next": "https://evil.example/"})["Location"] == "/"
    assert client.get("/preferences/").status_code == 405
