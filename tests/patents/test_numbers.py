"""Application numbers: real ones pass in every spelling, wrong ones are named."""

import pytest
from django.urls import reverse

from patents import numbers

REAL = """202410055975.8 202511400055.6 201710595987.X 201610681391.7 201410709710.1 202511071601.6 202110921116.9
202111118032.8 201710736136.2 201910377061.2 202410479400.9 201110047567.0 202220828888.8 201420504448.2
200820009767.0 200820132792.8 201730610076.0 202230522259.8 202230203004.5 201680019204.7 201780021199.8
201780002397.X 201710601862.3 95115608.X 97101765.4""".split()


@pytest.mark.parametrize("number", REAL)
def test_real_number_passes(number):
    assert str(numbers.parse(number)) == number


@pytest.mark.parametrize(
    "spelling",
    ["ZL 2017 1 0595987.Ｘ", "201710595987x", "２０１７１０５９５９８７．Ｘ", "CN201710595987.X", "201710595987.X号"],
)
def test_spellings_are_normalised(spelling):
    found = numbers.parse(spelling)
    assert (str(found), found.year, found.type) == ("201710595987.X", 2017, numbers.RightType.INVENTION)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("202410055975.7", "check_digit"),
        ("202440055975.8", "type"),
        ("20241005597", "length"),
        ("2024100559758Y", "length"),
        ("20241005597A8", "character"),
        ("", "length"),
    ],
)
def test_wrong_number_is_named(number, reason):
    with pytest.raises(numbers.InvalidNumber) as raised:
        numbers.parse(number)
    assert raised.value.reason == reason


@pytest.mark.parametrize(("number", "year"), [("95115608.X", 1995), ("97101765.4", 1997)])
def test_short_year_is_read(number, year):
    assert numbers.parse(number).year == year


@pytest.mark.django_db
def test_tool_answers(client):
    url = reverse("tool-application-number")
    assert "号码正确" in client.get(url, {"number": "ZL 2017 1 0595987.X"}).content.decode()
    assert "校验位应为 8" in client.get(url, {"number": "202410055975.7"}).content.decode()
    assert "请填写号码" in client.get(url, {"number": ""}).content.decode()
