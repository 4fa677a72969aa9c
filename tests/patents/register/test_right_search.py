"""Search of rights: recall of two characters, one character, Latin words, numbers in any spelling, people, goods."""

import itertools

import pytest

from patents.models import Right, RightKind
from patents.search import query, search
from tests.factories.people import make_organisation
from tests.factories.rights import make_right

pytestmark = pytest.mark.django_db


@pytest.fixture
def sensor():
    return make_right(
        make_organisation("申澜微感（上海）有限公司"),
        title="一种谐振式微压力传感器",
        title_en="Resonant micro-pressure sensor for 3D printing",
        abstract="本发明用于航空大气数据测量，含 MEMS 芯片。",
        application_number="ZL 2022 1 9912345.7",
        publication_number="CN116123456B",
        inventors=["林知远", "Ada Müller"],
        agent="上海示例专利代理事务所",
    )


def found(text):
    """What is found; asked row by row it must be the same."""
    rows = list(search(Right.objects.all(), text))
    assert set(search(Right.objects.all(), text, are_few=True)) == set(rows)
    return rows


def test_an_enterprise_s_search_reads_no_index_of_everybody(sensor):
    rows = search(Right.objects.filter(organisation=sensor.organisation), "压力", are_few=True)
    assert "IS TRUE" in str(rows.query)
    assert "right_search_idx" not in rows.explain()


@pytest.mark.parametrize(
    "text",
    [
        "压力", "传感器", "谐振式微压力", "器", "感", "大气 芯片", "Resonant", "press", "mems 压力", "3d",
        "202219912345.7", "2022199123457", "ZL202219912345.7", "２０２２１９９１", "CN116123456B", "116123456",
        "cn-116123456-b", "林知远", "知远", "müller", "ADA", "申澜微感", "示例专利代理",
    ],
)  # fmt: skip
def test_right_is_found_by_anything_it_says(sensor, text):
    make_right(sensor.organisation, title="无关外观", application_number="202130000001.2", owners=[])
    assert found(text) == [sensor]


@pytest.mark.parametrize("text", ["力压", "温度", "sensorx", "2023", "……", "!?'\\", "压力 温度"])
def test_right_is_not_found_by_what_it_does_not_say(sensor, text):
    assert found(text) == []


def test_nothing_typed_leaves_all(sensor):
    assert found("  ") == [sensor]


def test_goods_of_trademark_are_found(sensor):
    mark = make_right(sensor.organisation, RightKind.TRADEMARK, title="澜", goods="压电陶瓷；测量仪器")
    assert found("陶瓷") == [mark]


def test_change_in_one_statement_is_found_at_once(sensor):
    Right.objects.filter(pk=sensor.pk).update(title="温度变送器")
    assert found("变送") == [sensor]
    assert found("谐振") == []


def test_two_characters_have_full_recall(sensor):
    words = ["压力", "传感", "温度", "流量", "阀门", "装置", "方法", "系统", "一种", "及其"]
    for first, second, third in itertools.permutations(words, 3):
        if first < second:
            make_right(sensor.organisation, title=f"{first}{second}，{third}")
    titles = [right.title + right.abstract + right.agent + "".join(right.owners) for right in Right.objects.all()]
    for word in [*words, "力传", "种及", "度流"]:
        assert len(found(word)) == sum(word in title for title in titles)


def test_query_holds_no_syntax_of_its_reader():
    assert query("a' | b:* & !c") == "'a':* & 'b':* & 'c':*"


def test_vector_stays_in_the_database(sensor, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Right.objects.get().get_deferred_fields() == {"search"}
