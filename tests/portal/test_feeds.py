"""Private calendar feeds: form of the file, whose dates, secrecy, revocation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from portal import feeds
from portal.models import CalendarFeed, Organisation, User
from tests.factories.dates import make_date

Set = Callable[[str], None]


def unfolded(raw: bytes) -> list[str]:
    assert raw.endswith(b"\r\n") and b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= feeds.WIDTH for line in raw.split(b"\r\n"))
    for line in raw.split(b"\r\n"):
        line.decode()  # no character is cut
    return raw.decode().replace("\r\n ", "").split("\r\n")


@pytest.fixture
def _today(frozen: Set) -> None:
    frozen("2026-01-05 12:00")


@pytest.mark.usefixtures("_today")
def test_events_are_whole_days_with_alarms_and_escaped_words(organisation: Organisation, applicant: User) -> None:
    row = make_date(organisation, responsible=applicant, title="传感器, 甲; 乙\\丙\r\n丁" + "很长的名称" * 30)
    lines = unfolded(feeds.render(applicant))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and lines[-2] == "END:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20260310" in lines and "DTEND;VALUE=DATE:20260311" in lines
    assert next(line for line in lines if line.startswith("UID:")).startswith(f"UID:{row.number}@")
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert "传感器\\, 甲\\; 乙\\\\丙\\n丁" in summary and "缴纳年费" in summary
    assert lines.count("BEGIN:VALARM") == 3 and lines.count("BEGIN:VEVENT") == 1


@pytest.mark.usefixtures("_today")
def test_whose_dates(organisation: Organisation, applicant: User, colleague: User, officer: User, viewer: User) -> None:
    make_date(organisation, responsible=colleague, title="甲件")
    make_date(organisation, responsible=applicant, title="乙件")
    make_date(organisation, secrecy="named", readers=[colleague.pk], title="丙件")
    text = {person.name: feeds.render(person).decode() for person in (applicant, colleague, officer, viewer)}
    seen = {name: {title for title in ("甲件", "乙件", "丙件") if title in words} for name, words in text.items()}
    assert seen == {"林知远": {"甲件", "乙件"}, "周若川": {"甲件"}, "顾明之": set(), "陆书宁": set()}


@pytest.mark.usefixtures("_today")
def test_address_is_shown_once_and_dies_when_revoked(
    client: Client, organisation: Organisation, applicant: User
) -> None:
    make_date(organisation, responsible=applicant)
    client.force_login(applicant)
    made = client.post("/account/calendars/", {"label": "手机日历"})
    assert made.status_code == 201
    secret = made.context["secret"]
    path = secret[secret.index("/calendar/") :]
    assert path not in client.get("/account/calendars/").content.decode()
    feed = CalendarFeed.objects.get()
    assert feed.token_hash not in path
    client.logout()
    answer = client.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and b"BEGIN:VEVENT" in answer.content
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/calendar/wrong.ics").status_code == 404
    client.force_login(applicant)
    assert client.post(f"/account/calendars/{feed.number}/revoke/").status_code == 302
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("_today")
def test_feed_of_a_person_who_left_is_empty_and_of_a_disabled_one_absent(
    client: Client, organisation: Organisation, colleague: User
) -> None:
    make_date(organisation, responsible=colleague, title="甲件")
    _feed, raw = feeds.create(colleague, label="x")
    colleague.memberships.update(ended_at="2026-01-01T00:00Z")
    assert "甲件" not in client.get(f"/calendar/{raw}.ics").content.decode()
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert client.get(f"/calendar/{raw}.ics").status_code == 404
