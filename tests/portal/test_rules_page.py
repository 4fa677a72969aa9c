"""The public page of rules and sources."""

import datetime as dt

import pytest
from django.template.response import TemplateResponse
from django.test import RequestFactory

from portal import rule_files, rules
from portal.models import Rule
from portal.views.rules import PAGE, RuleList


@pytest.fixture(autouse=True)
def _loaded(db):
    Rule.objects.all().delete()
    rule_files.load()
    yield
    rules.forget()


@pytest.fixture
def page(rf: RequestFactory, django_user_model):
    """Return `page(q)`: the answer to a reader who is not signed in."""

    def get(**query: str) -> TemplateResponse:
        request = rf.get("/rules/", query)
        request.user = None
        return RuleList.as_view()(request)

    return get


def test_rules_page_shows_value_unit_status_and_source(page):
    text = page(q="registered_years").render().content.decode()
    for words in (
        "在本市注册满三年",
        "municipal_unit.registered_years",
        "3 年",
        "二手来源",
        "沪知局〔2017〕62号",
        "2017-01-01 起",
    ):
        assert words in text, words
    assert "procedure.verify.limit" not in text


def test_rules_page_marks_samples_and_unverified_rows(page):
    assert "待核实" in page(q="municipal_unit.term").render().content.decode()
    assert "示例" in page(q="procedure.verify.limit").render().content.decode()


def test_rules_page_finds_by_chinese_and_english_name(page):
    assert [row.code for row in page(q="公示期").context_data["object_list"]] == ["procedure.publicity.limit"]
    assert [row.code for row in page(q="publicity period").context_data["object_list"]] == ["procedure.publicity.limit"]
    assert "没有找到这样的规则" in page(q="无此规则").render().content.decode()


def test_rules_page_lists_the_years_and_what_is_provisional(page):
    text = page().render().content.decode()
    assert "国办发明电〔2025〕7号" in text and "暂定" in text and "33 天" in text


def test_rules_page_is_open_to_everybody(client):
    answer = client.get("/rules/")
    assert answer.status_code == 200
    assert "规则与来源" in answer.content.decode()


def test_rules_page_costs_the_same_queries_for_many_rows(page, django_assert_num_queries):
    with django_assert_num_queries(3):
        page().render()
    Rule.objects.bulk_create(
        Rule(
            code=f"test.{number}",
            name="测试",
            name_en="Test",
            value=number,
            basis="测试",
            source="测试",
            effective_from=dt.date(2026, 1, 1),
            status="sample",
        )
        for number in range(300)
    )
    with django_assert_num_queries(3):
        answer = page().render()
    assert len(answer.context_data["object_list"]) == PAGE
