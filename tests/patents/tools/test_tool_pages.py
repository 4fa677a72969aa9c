"""The calculators as pages: open to everybody, without a script, with the basis beside the result."""

import pytest
from django.test import Client
from django.urls import reverse

from patents import numbers

pytestmark = pytest.mark.django_db
FACTS = {"kind": "invention", "filed_on": "2020-03-10", "granted_on": "2023-05-20", "reduction": "0.85"}


def page(client: Client, route: str, **query: str) -> str:
    answer = client.get(reverse(route), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_list_leads_to_every_calculator(client):
    text = page(client, "tools")
    routes = ("annuities", "deadlines", "application-number", "credit-code", "sme-size", "workdays")
    for route in routes:
        assert f'href="{reverse(f"tool-{route}")}"' in text
    assert reverse("tools") in page(client, "home")
    assert reverse("tool-credit-code") == "/tools/uscc/"
    assert client.get("/tools/credit-code/").status_code == 200


def test_annuity_page_shows_years_late_months_and_sources(client):
    text = page(client, "tool-annuities", **FACTS, as_of="2026-05-12")
    for words in ("第 7 年", "2026年3月10日", "¥300.00", "¥500.00", "2026年9月11日", "最后有效日", "2040年3月9日"):
        assert words in text
    assert "专利法实施细则（2023）第一百一十五条" in text
    assert "已终止" in text  # years 5 and 6 on that day


def test_annuity_page_without_a_day_leaves_the_column_away(client):
    assert "假定缴费日应缴" not in page(client, "tool-annuities", **FACTS)


def test_annuity_page_names_the_last_day_to_ask_for_a_reduction(client):
    assert "2025年12月26日" in page(client, "tool-annuities", **FACTS)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"filed_on": ""}, "filed_on"),
        ({"filed_on": "2023-02-30"}, "filed_on"),
        ({"filed_on": "9999-12-31"}, "filed_on"),
        ({"granted_on": "2019-01-01"}, "granted_on"),
        ({"granted_on": "2045-01-01"}, "granted_on"),
        ({"reduction": "0.5"}, "reduction"),
        ({"open_licence_to": "2027-01-01"}, "open_licence_to"),
        ({"as_of": "x"}, "as_of"),
    ],
)
def test_annuity_page_says_what_is_wrong(client, changes, field):
    answer = client.get(reverse("tool-annuities"), {**FACTS, **changes})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["answer"] is None


def test_annuity_page_of_a_patent_granted_in_its_last_year(client):
    text = page(client, "tool-annuities", kind="utility_model", filed_on="2015-01-05", granted_on="2024-12-31")
    assert "授权后不再有应缴年费" in text


def test_size_page_gives_the_size_and_why(client):
    text = page(client, "tool-sme-size", industry="industry", staff="350", revenue="１,500")
    assert "小型企业" in text
    assert "工信部联企业〔2011〕300号" in text


def test_size_page_takes_a_class_before_a_name(client):
    answer = client.get(reverse("tool-sme-size"), {"industry": "industry", "code": "M73", "staff": "100"})
    assert str(answer.context["size"]) == "中型企业"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"industry": ""}, ["industry"]),
        ({"industry": "x"}, ["industry"]),
        ({"industry": "industry"}, ["staff", "revenue"]),
        ({"industry": "industry", "staff": "-1", "revenue": "x"}, ["staff", "revenue"]),
        ({"code": "70"}, ["code"]),
        ({"code": "J66"}, ["code"]),
    ],
)
def test_size_page_says_what_is_wrong(client, query, fields):
    answer = client.get(reverse("tool-sme-size"), query)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == fields
    assert answer.context["size"] == ""


def test_number_page_warns_of_an_odd_year(client, frozen):
    frozen("2026-11-22T10:00")
    text = page(client, "tool-application-number", number="209910055975" + numbers.check_digit("209910055975"))
    assert "不合常理" in text
    assert "号码正确" in text


@pytest.mark.parametrize("route", ["tools", "tool-annuities", "tool-sme-size", "tool-application-number"])
def test_page_is_served_in_english(client, route):
    answer = client.get(reverse(route), headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "en"
