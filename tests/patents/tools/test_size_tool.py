"""The size calculator as an interface: every vector of the rules, the code list, a sentence for every slip."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories.sizes import SIZES

pytestmark = pytest.mark.django_db
URL = "/api/v1/tools/sme-size/"


def ask(industry: Any, staff: Any = 0, revenue: Any = 0, assets: Any = 0, **extra: Any) -> Any:
    body = {"industry": industry, "staff": staff, "revenue_wan": revenue, "assets_wan": assets, **extra}
    return APIClient().post(URL, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    ("industry", "staff", "revenue", "size"),
    [
        *SIZES,
        ("C26", 350, 1500, "small"),
        ("6510", "120", "900", "small"),
        (" ｉ６５ ", "１２０", "9,00", "small"),
        (26, 350, 1500.0, "small"),
    ],
)
def test_size_tool_classifies(industry, staff, revenue, size):
    found = ask(industry, staff, revenue)
    assert found.status_code == 200, found.json()
    body = found.json()
    assert body.keys() == {"size", "why"}
    assert body["size"] == size
    assert len(body["why"]) >= 3
    assert all(isinstance(line, str) and line for line in body["why"])
    assert "2011" in body["why"][-1]


def test_size_tool_lists_its_industries_and_takes_every_code_it_gives():
    rows = APIClient().get(URL).json()
    assert len(rows) == 16
    for row in rows:
        assert row.keys() == {"code", "name", "classes", "measures"}
        assert ask(row["code"], 10**6, 10**6, 10**6).json()["size"] == "large"
        for span in row["classes"]:
            assert ask(span.partition("-")[0], 0, 0, 0).json()["size"] == "micro"


def test_size_tool_asks_only_for_the_figures_that_count():
    assert ask("other", 100, None, None).json()["size"] == "medium"
    assert APIClient().post(URL, {"industry": "other", "staff": 100}, format="json").status_code == 200
    found = ask("C26", None, None, 5)
    assert found.status_code == 400
    assert found.json()["fields"].keys() == {"staff", "revenue_wan"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"industry": "Z99"}, "industry"),
        ({"industry": "A26"}, "industry"),
        ({"industry": ""}, "industry"),
        ({"industry": None}, "industry"),
        ({"industry": "K"}, "industry"),
        ({"industry": "70"}, "industry"),
        ({"industry": "J66"}, "industry"),
        ({"industry": []}, "industry"),
        ({"industry": "\ud800"}, "industry"),
        ({"staff": "\ud800"}, "staff"),
        ({"staff": -1}, "staff"),
        ({"staff": 1.5}, "staff"),
        ({"staff": "many"}, "staff"),
        ({"staff": True}, "staff"),
        ({"staff": 10**30}, "staff"),
        ({"revenue": "NaN"}, "revenue_wan"),
        ({"revenue": "-0.01"}, "revenue_wan"),
        ({"assets": "Infinity"}, "assets_wan"),
        ({"assets": {}}, "assets_wan"),
    ],
)
def test_size_tool_names_the_field_of_a_slip_in_both_languages(changes, field):
    found = ask(**{"industry": "C26", "staff": 5, "revenue": 5, "assets": 5, **changes})
    assert found.status_code == 400, found.json()
    assert list(found.json()["fields"]) == [field]
    assert found.json()["languages"].keys() == {"zh-hans", "en"}


def test_size_tool_says_when_an_industry_is_not_in_the_standard():
    assert "参照" in ask("P83", 50).json()["why"][0]


def test_size_tool_refuses_a_number_beyond_all_numbers():
    body = '{"industry": "C26", "staff": 1e400, "revenue_wan": 1e400}'
    found = APIClient().post(URL, body, content_type="application/json")
    assert found.status_code == 400
    assert found.json()["fields"].keys() == {"staff", "revenue_wan"}
