"""The annuity calculator as an interface: exactly the fields promised, and a sentence for every slip."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
URL = "/api/v1/tools/annuities/"
FACTS = {
    "kind": "invention",
    "filed_on": "2020-03-10",
    "granted_on": "2023-05-20",
    "reduction": "0.85",
    "open_licence_from": None,
    "open_licence_to": None,
    "as_of": None,
}


def ask(language: str = "zh-hans", **changes: Any) -> Any:
    body = {name: value for name, value in {**FACTS, **changes}.items() if value != "absent"}
    sent = json.dumps(body)  # escaped, so that half a surrogate pair can be sent
    return APIClient().post(URL, sent, content_type="application/json", headers={"Accept-Language": language})


def answer(**changes: Any) -> dict[str, Any]:
    found = ask(**changes)
    assert found.status_code == 200, found.json()
    return found.json()


def faults(**changes: Any) -> dict[str, list[str]]:
    found = ask(**changes)
    assert found.status_code == 400, found.json()
    body = found.json()
    assert body["code"] == "invalid"
    assert body["languages"].keys() == {"zh-hans", "en"}
    for said in body["languages"].values():
        assert said.keys() == {"sentence", "fields"}
        assert said["fields"].keys() == body["fields"].keys()
        assert all(sentences and all(sentences) for sentences in said["fields"].values())
    assert body["languages"]["zh-hans"]["fields"] == body["fields"]
    return body["fields"]


def year(found: dict[str, Any], number: int) -> dict[str, Any]:
    return next(row for row in found["years"] if row["year"] == number)


def test_annuity_tool_gives_exactly_the_promised_fields():
    found = answer()
    assert found.keys() == {"last_day", "grant_year", "years", "total_payable"}
    assert (found["last_day"], found["grant_year"], found["total_payable"]) == ("2040-03-09", 4, "55960.00")
    assert [row["year"] for row in found["years"]] == list(range(5, 21))
    assert year(found, 7) == {
        "year": 7,
        "due_on": "2026-03-10",
        "legal_on": "2026-03-10",
        "target_on": "2026-03-10",
        "full": "2000.00",
        "payable": "300.00",
        "reduced_by": "fee_reduction",
        "bands": [
            {"from": "2026-03-11", "to": "2026-04-10", "surcharge": "0.00"},
            {"from": "2026-04-11", "to": "2026-05-11", "surcharge": "100.00"},
            {"from": "2026-05-12", "to": "2026-06-10", "surcharge": "200.00"},
            {"from": "2026-06-11", "to": "2026-07-10", "surcharge": "300.00"},
            {"from": "2026-07-11", "to": "2026-08-10", "surcharge": "400.00"},
            {"from": "2026-08-11", "to": "2026-09-10", "surcharge": "500.00"},
        ],
        "lapses_on": "2026-09-11",
        "payable_as_of": None,
    }


@pytest.mark.parametrize(
    ("as_of", "owed"),
    [
        ("2024-01-01", "300.00"),
        ("2026-03-10", "300.00"),
        ("2026-04-10", "300.00"),
        ("2026-05-11", "400.00"),
        ("2026-05-12", "500.00"),
        ("2026-09-10", "800.00"),
        ("2026-09-11", None),
        ("2099-01-01", None),
    ],
)
def test_annuity_tool_says_what_a_day_costs(as_of, owed):
    assert year(answer(as_of=as_of), 7)["payable_as_of"] == owed


def test_annuity_tool_without_a_sign_in_and_reduction_left_out():
    assert year(answer(reduction="absent", open_licence_from="absent", as_of="absent"), 7)["payable"] == "2000.00"


@pytest.mark.parametrize("reduction", ["0.85", 0.85, " ０．８５ ", "0.850"])
def test_annuity_tool_takes_a_share_in_every_spelling(reduction):
    assert year(answer(reduction=reduction), 7)["payable"] == "300.00"


@pytest.mark.parametrize("day", [" 2020-03-10 ", "２０２０-０３-１０", "2020/3/10", "2020.03.10", "2020年3月10日"])
def test_annuity_tool_takes_dates_in_every_spelling(day):
    assert answer(filed_on=day) == answer()


def test_annuity_tool_takes_the_better_of_two_reductions():
    found = answer(reduction="0.70", open_licence_from="2026-01-01")
    assert (year(found, 7)["payable"], year(found, 7)["reduced_by"]) == ("600.00", "fee_reduction")
    assert (year(found, 13)["payable"], year(found, 13)["reduced_by"]) == ("1800.00", "fee_reduction")
    assert (year(found, 14)["payable"], year(found, 14)["reduced_by"]) == ("5100.00", "open_licence")


def test_annuity_tool_open_licence_counts_for_years_due_within_its_dates():
    found = answer(reduction="0", open_licence_from="2026-03-10", open_licence_to="2028-03-09")
    reasons = {row["year"]: row["reduced_by"] for row in found["years"]}
    assert [number for number, why in reasons.items() if why == "open_licence"] == [7, 8]
    assert year(found, 8)["payable"] == "1700.00"


def test_annuity_tool_design_by_its_filing_date():
    old = answer(kind="design", filed_on="2021-05-31", granted_on="2021-12-01", reduction="0")
    new = answer(kind="design", filed_on="2021-06-01", granted_on="2021-12-01", reduction="0")
    assert (old["last_day"], old["years"][-1]["year"]) == ("2031-05-30", 10)
    assert (new["last_day"], new["years"][-1]["year"], new["years"][-1]["full"]) == ("2036-05-31", 15, "3000.00")


def test_annuity_tool_leap_day():
    found = answer(filed_on="2024-02-29", granted_on="2026-02-28")
    assert (found["grant_year"], found["last_day"]) == (3, "2044-02-28")
    assert year(found, 4)["due_on"] == "2027-02-28"
    assert year(found, 5)["due_on"] == "2028-02-29"


def test_annuity_tool_granted_in_the_last_year_owes_nothing_more():
    found = answer(kind="utility_model", filed_on="2015-01-05", granted_on="2024-12-31")
    assert (found["years"], found["total_payable"], found["grant_year"]) == ([], "0.00", 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "trademark"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": "absent"}, "kind"),
        ({"kind": ["invention"]}, "kind"),
        ({"kind": "x\ud800"}, "kind"),
        ({"reduction": "\ud800"}, "reduction"),
        ({"as_of": "2026-01-01\ud800"}, "as_of"),
        ({"filed_on": "absent"}, "filed_on"),
        ({"filed_on": None}, "filed_on"),
        ({"filed_on": ""}, "filed_on"),
        ({"filed_on": "2023-02-29"}, "filed_on"),
        ({"filed_on": 20200310}, "filed_on"),
        ({"filed_on": "9999-12-31", "granted_on": "9999-12-31"}, "filed_on"),
        ({"filed_on": "0001-01-01"}, "filed_on"),
        ({"filed_on": "1985-04-01"}, "filed_on"),
        ({"filed_on": "2020-03-10\x00"}, "filed_on"),
        ({"granted_on": "2020-03-09"}, "granted_on"),
        ({"granted_on": "2040-03-10"}, "granted_on"),
        ({"granted_on": None}, "granted_on"),
        ({"reduction": "0.15"}, "reduction"),
        ({"reduction": "NaN"}, "reduction"),
        ({"reduction": "1"}, "reduction"),
        ({"reduction": None}, "reduction"),
        ({"reduction": True}, "reduction"),
        ({"open_licence_to": "2028-01-01"}, "open_licence_to"),
        ({"open_licence_from": "2028-01-02", "open_licence_to": "2028-01-01"}, "open_licence_to"),
        ({"open_licence_from": "soon"}, "open_licence_from"),
        ({"as_of": "tomorrow"}, "as_of"),
        ({"as_of": {}}, "as_of"),
    ],
)
def test_annuity_tool_names_the_field_of_a_slip_in_both_languages(changes, field):
    assert list(faults(**changes)) == [field]


def test_annuity_tool_names_every_field_at_once():
    assert faults(kind="x", filed_on="x", granted_on="x").keys() == {"kind", "filed_on", "granted_on"}


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "5"])
def test_annuity_tool_refuses_what_is_no_object(body):
    found = APIClient().post(URL, body, content_type="application/json")
    assert found.status_code == 400


def test_annuity_tool_refuses_broken_json_and_other_methods():
    assert APIClient().post(URL, "{", content_type="application/json").status_code == 400
    assert APIClient().post(URL, "[" * 100_000, content_type="application/json").status_code == 400
    assert APIClient().get(URL).status_code == 405
