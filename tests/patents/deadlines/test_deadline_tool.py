"""The calculator of statutory periods, as interface and as page: exactly these fields, sentences for what is wrong."""

import json

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/tools/deadlines/"
FIELDS = {"delivered_on", "nominal_on", "legal_on", "target_on", "provisional", "status", "basis", "steps"}


def ask(client, **given):
    return client.post(ADDRESS, json.dumps(given), content_type="application/json")


def test_interface_lists_codes_with_words(client):
    rows = client.get(ADDRESS).json()
    assert {"code": "tm_expiry", "words": "商标有效期届满"}.items() <= {row["code"]: row for row in rows}[
        "tm_expiry"
    ].items()


def test_interface_answers_exactly_these_fields(client):
    answer = ask(client, rule="first_office_action", triggered_on="2024-03-08", delivery="post")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert set(found) == FIELDS
    assert (found["delivered_on"], found["nominal_on"], found["legal_on"], found["target_on"]) == (
        *("2024-03-23", "2024-07-23", "2024-07-23", "2024-07-23"),
    )
    assert found["provisional"] is False
    assert found["status"] == "secondary"
    assert found["basis"]
    assert all(isinstance(step, str) and step for step in found["steps"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"triggered_on": "2026-01-01"}, "rule"),
        ({"rule": "nothing", "triggered_on": "2026-01-01"}, "rule"),
        ({"rule": None, "triggered_on": "2026-01-01"}, "rule"),
        ({"rule": "tm_expiry"}, "triggered_on"),
        ({"rule": "tm_expiry", "triggered_on": "2026-02-30"}, "triggered_on"),
        ({"rule": "tm_expiry", "triggered_on": "2026-02-03T10:00:00"}, "triggered_on"),
        ({"rule": "tm_expiry", "triggered_on": 20260203}, "triggered_on"),
        ({"rule": "tm_expiry", "triggered_on": "1984-12-31"}, "triggered_on"),
        ({"rule": "tm_expiry", "triggered_on": "2101-01-01"}, "triggered_on"),
        ({"rule": "priority_exam_reply_other", "triggered_on": "2010-01-04"}, "triggered_on"),
        ({"rule": "tm_expiry", "triggered_on": "2026-01-01", "delivery": "pigeon"}, "delivery"),
        ({"rule": "tm_expiry", "triggered_on": "2026-01-01", "delivery": ""}, "delivery"),
        ({"rule": "tm_expiry", "triggered_on": "2026-01-01", "delivery": ["post"]}, "delivery"),
        ({"rule": ["tm_expiry"], "triggered_on": "2026-01-01"}, "rule"),
    ],
)
def test_interface_bad_input_has_a_sentence_per_field(client, given, field):
    answer = ask(client, **given)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["fields"]) == [field]
    assert answer.json()["sentence"]
    for language in ("zh-hans", "en"):
        assert answer.json()["languages"][language]["fields"][field]


def test_interface_body_that_is_no_object_is_refused(client):
    assert client.post(ADDRESS, "[1]", content_type="application/json").status_code == 400
    assert client.post(ADDRESS, "{", content_type="application/json").status_code == 400


def test_page_without_a_question_shows_the_form(client):
    page = client.get(reverse("tool-deadlines"))
    assert page.status_code == 200
    assert "答复第一次审查意见通知书" in page.content.decode()


def test_page_shows_safe_and_legal_day_with_the_arithmetic(client):
    page = client.get(
        reverse("tool-deadlines"),
        {"rule": "later_office_action", "triggered_on": "2026-07-20", "delivery": "electronic"},
    )
    text = page.content.decode()
    assert "安全日：2026年9月20日" in text
    assert "2026年9月21日" in text
    assert "调休上班" in text


@pytest.mark.parametrize(
    "given",
    [
        {"rule": "", "triggered_on": ""},
        {"rule": "x", "triggered_on": "2026-01-01"},
        {"rule": "tm_expiry", "triggered_on": "1900-01-01"},
        {"rule": "priority_exam_reply_other", "triggered_on": "2010-01-04"},
        {"rule": "tm_expiry", "triggered_on": "2026-01-01", "delivery": "x"},
    ],
)
def test_page_says_what_is_wrong(client, given):
    page = client.get(reverse("tool-deadlines"), given)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["answer"] is None


def test_steps_name_the_office_whose_days_they_are(client):
    """Sat 2026-10-10 is a make-up day: the trademark office rests for a mark, the patent office for a patent."""
    mark = "".join(ask(client, rule="tm_opposition", triggered_on="2026-07-10").json()["steps"])
    assert "商标局仍按休息日处理" in mark and "顺延至商标局其后第一个工作日" in mark and "专利局" not in mark
    patent = "".join(
        ask(client, rule="first_office_action", triggered_on="2026-06-10", delivery="electronic").json()["steps"]
    )
    assert "顺延至专利局其后第一个工作日" in patent and "商标局" not in patent
