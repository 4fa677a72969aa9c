"""The number and code calculators as interfaces: a wrong number is an answer, a missing one a slip."""

from typing import Any

import pytest
from rest_framework.test import APIClient
from stdnum.cn import uscc

from patents import numbers

pytestmark = pytest.mark.django_db


def get(tool: str, language: str = "zh-hans", **query: str) -> Any:
    return APIClient().get(f"/api/v1/tools/{tool}/", query, headers={"Accept-Language": language})


def number(text: str) -> dict[str, Any]:
    found = get("application-number", number=text)
    assert found.status_code == 200, found.json()
    return found.json()


def code(text: str) -> dict[str, Any]:
    found = get("uscc", code=text)
    assert found.status_code == 200, found.json()
    return found.json()


def test_number_tool_gives_exactly_the_promised_fields():
    assert number("ZL 2017 1 0601862.3") == {
        "valid": True,
        "normalised": "201710601862.3",
        "kind": "invention",
        "route": "national",
        "year": 2017,
        "problems": [],
    }


@pytest.mark.parametrize(
    ("text", "kind", "route", "year"),
    [
        ("ZL202220828888.8", "utility_model", "national", 2022),
        ("ZL201730610076.0", "design", "national", 2017),
        ("201680019204.7", "invention", "pct", 2016),
        ("95115608.X", "invention", "national", 1995),
    ],
)
def test_number_tool_reads_kind_route_and_year(text, kind, route, year):
    found = number(text)
    assert (found["valid"], found["kind"], found["route"], found["year"]) == (True, kind, route, year)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("202410055975.7", "check_digit"),
        ("202440055975.8", "type"),
        ("20241005597", "length"),
        ("abc", "length"),
        ("20241005597A8", "character"),
        ("专利", "length"),
    ],
)
def test_number_tool_answers_for_a_wrong_number(text, problem):
    found = number(text)
    assert found["valid"] is False
    assert [row["code"] for row in found["problems"]] == [problem]
    assert found["problems"][0]["message"]


def test_number_tool_reads_what_a_wrong_check_digit_leaves():
    found = number("202410055975.7")
    assert (found["normalised"], found["kind"], found["year"]) == ("202410055975.7", "invention", 2024)
    assert "8" in found["problems"][0]["message"]


def test_number_tool_only_warns_of_an_odd_year(frozen):
    frozen("2026-11-22T10:00")
    found = number("209910055975" + numbers.check_digit("209910055975"))
    assert found["valid"] is True
    assert [row["code"] for row in found["problems"]] == ["year"]
    assert "2099" in found["problems"][0]["message"]


@pytest.mark.parametrize("tool", ["application-number", "uscc"])
@pytest.mark.parametrize("query", [{}, {"number": "", "code": ""}, {"number": "  ", "code": " "}])
def test_number_tools_want_something_in_both_languages(tool, query):
    found = get(tool, **query)
    field = "code" if tool == "uscc" else "number"
    assert found.status_code == 400
    assert list(found.json()["fields"]) == [field]
    assert found.json()["languages"].keys() == {"zh-hans", "en"}


def test_code_tool_gives_exactly_the_promised_fields():
    assert code("91310115MA1KEHK006") == {
        "valid": True,
        "normalised": "91310115MA1KEHK006",
        "district": {"code": "310115", "name": "浦东新区"},
        "district_certain": True,
        "problems": [],
    }


def test_code_tool_names_the_district_in_the_readers_language():
    found = get("uscc", language="en", code=" ９１３１０１０６ma1kehk005 ").json()
    assert found["district"]["code"] == "310106"
    assert found["district"]["name"].isascii()


@pytest.mark.parametrize(
    ("text", "district", "problem"),
    [
        ("91110000600037341L", None, "not_shanghai"),
        ("310000", None, "no_district"),
        ("310108", "310106", "abolished_division"),
        ("310230", "310151", "abolished_division"),
        ("310141", "310115", "unverified_division"),
    ],
)
def test_code_tool_is_not_certain_of_every_district(text, district, problem):
    found = code(text if len(text) == 18 else made(text))
    assert found["valid"] is True
    assert (found["district"] or {}).get("code") == district
    assert found["district_certain"] is False
    assert [row["code"] for row in found["problems"]] == [problem]


def made(division: str) -> str:
    body = f"91{division}MA1KEHK00"
    return body + uscc.calc_check_digit(body)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("91310115MA1KEHK007", "check_digit"), ("9131", "length"), ("91310115MA1KEHKI06", "character")],
)
def test_code_tool_answers_for_a_wrong_code(text, problem):
    found = code(text)
    assert (found["valid"], found["district"], found["district_certain"]) == (False, None, False)
    assert [row["code"] for row in found["problems"]] == [problem]


def test_calculators_are_throttled_by_address_and_by_a_rate_of_their_own(settings):
    settings.API_RATES = {**settings.API_RATES, "anonymous": "1/min", "calculator": "3/min"}
    statuses = [get("uscc", code="9131").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
