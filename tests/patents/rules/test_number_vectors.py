"""Application numbers as people write them, other numbers by their shapes, industries by their classes."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from enterprises import industries
from enterprises.industries import UnknownIndustry, industry_of
from enterprises.sizes import Industry
from patents import numbers, shapes
from patents.numbers import Kind, Route
from patents.shapes import Stage

DATA = Path(__file__).parents[3].parent / "shared" / "data"
WRITTEN = DATA / "patents" / "application_numbers_as_written.csv"
CLASSES = DATA / "classification" / "gbt4754_2017.csv"
VECTORS = """
ZL202410055975.8 ZL202511400055.6 ZL201710595987.X ZL201610681391.7 ZL201410709710.1 ZL202511071601.6
ZL202110921116.9 ZL202111118032.8 ZL201710736136.2 ZL201910377061.2 ZL202410479400.9 201110047567.0
ZL202220828888.8 ZL201420504448.2 ZL200820009767.0 ZL200820132792.8
ZL201730610076.0 ZL202230522259.8 ZL202230203004.5
ZL201680019204.7 ZL201780021199.8 ZL201780002397.X
ZL95115608.X 97101765.4
""".split()


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.mark.parametrize("text", VECTORS)
def test_real_number_is_valid_and_written_normally(text):
    found = numbers.examine(text, this_year=2026)
    assert found.valid is True
    assert found.normalised == text.removeprefix("ZL")
    assert found.is_year_doubtful is False


def test_every_number_as_people_write_it():
    found = rows(WRITTEN)
    assert len(found) >= 50
    for row in found:
        verdict = numbers.examine(row["raw"], this_year=2026)
        assert verdict.normalised.replace(".", "") == row["normalised"], row
        assert verdict.valid == (row["check_digit_valid"] == "1"), row


def test_number_of_the_worked_example():
    assert numbers.check_digit("201710601862") == "3"
    assert str(numbers.parse("2017106018623")) == "201710601862.3"


@pytest.mark.parametrize(
    "spelling",
    [
        "ZL2024100559758",
        "ZL 2024 1 0055975.8",
        "ＺＬ２０２４１００５５９７５．８",
        "CN202410055975.8",
        "CN 202410055975.8号",
        "申请号：202410055975.8",
        "专利号:ZL202410055975.8",
        "zl 202410055975。8",
        "\u200b202410055975.8\ufeff",
        "2024-1-0055975-8",
    ],
)
def test_spellings_come_to_one_number(spelling):
    assert numbers.examine(spelling, this_year=2026).normalised == "202410055975.8"


@pytest.mark.parametrize(
    ("text", "reason", "kind"),
    [
        ("202410055975.7", "check_digit", Kind.INVENTION),
        ("202440055975.8", "type", None),
        ("4654565.0", "length", None),
        ("", "length", None),
        ("2024100559A5.8", "character", None),
        ("٢٠٢٤١٠٠٥٥٩٧٥.٨", "character", None),
    ],
)
def test_wrong_number_is_named(text, reason, kind):
    found = numbers.examine(text, this_year=2026)
    assert (found.valid, found.fault.reason, found.kind) == (False, reason, kind)


@pytest.mark.parametrize(
    ("digits", "doubtful"),
    [
        ("202610055975", False),
        ("202710055975", True),
        ("200310055975", False),
        ("200210055975", True),
        ("198510055975", True),
        ("85100001", False),
        ("03100001", False),
        ("04100001", True),
        ("84100001", True),
    ],
)
def test_odd_year_is_a_warning_and_no_fault(digits, doubtful):
    found = numbers.examine(digits + numbers.check_digit(digits), this_year=2026)
    assert (found.valid, found.is_year_doubtful) == (True, doubtful)


@pytest.mark.parametrize(
    ("digit", "kind", "route"),
    [
        ("1", Kind.INVENTION, Route.NATIONAL),
        ("2", Kind.UTILITY_MODEL, Route.NATIONAL),
        ("3", Kind.DESIGN, Route.NATIONAL),
        ("8", Kind.INVENTION, Route.PCT),
        ("9", Kind.UTILITY_MODEL, Route.PCT),
    ],
)
def test_type_digit_says_kind_and_route(digit, kind, route):
    for digits in (f"2024{digit}0055975", f"95{digit}15608"):
        found = numbers.parse(digits + numbers.check_digit(digits))
        assert (found.kind, found.route) == (kind, route)


@given(some.text(max_size=40))
def test_no_text_whatever_breaks_the_check(text):
    found = numbers.examine(text, this_year=2026)
    assert found.valid == (found.fault is None)


@given(some.integers(1985, 2026), some.sampled_from("12389"), some.integers(0, 9_999_999))
def test_one_wrong_digit_is_always_found(year, digit, serial):
    digits = f"{year}{digit}{serial:07}"
    check = numbers.check_digit(digits)
    assert numbers.examine(digits + check, this_year=2026).valid
    wrong = str((int(digits[-1]) + 1) % 10)
    assert not numbers.examine(digits[:-1] + wrong + check, this_year=2026).valid


@pytest.mark.parametrize(
    ("text", "written", "kind", "stage"),
    [
        ("CN120551632B", "CN120551632B", Kind.INVENTION, Stage.GRANTED),
        ("CN-114789993-B", "CN114789993B", Kind.INVENTION, Stage.GRANTED),
        ("cn 101234567 a", "CN101234567A", Kind.INVENTION, Stage.PUBLISHED),
        ("CN216979871U", "CN216979871U", Kind.UTILITY_MODEL, Stage.GRANTED),
        ("CN301234567S", "CN301234567S", Kind.DESIGN, Stage.GRANTED),
        ("CN101234567C1", "CN101234567C1", Kind.INVENTION, Stage.PARTLY_INVALID),
        ("CN201234567Y7", "CN201234567Y7", Kind.UTILITY_MODEL, Stage.PARTLY_INVALID),
        ("CN301234567S2", "CN301234567S2", Kind.DESIGN, Stage.PARTLY_INVALID),
        ("CN101234567B8", "CN101234567B8", Kind.INVENTION, Stage.CORRECTED),
        ("CN1234567C", "CN1234567C", Kind.INVENTION, Stage.GRANTED),
        ("CN2345678Y", "CN2345678Y", Kind.UTILITY_MODEL, Stage.GRANTED),
        ("CN3456789D", "CN3456789D", Kind.DESIGN, Stage.GRANTED),
        ("CN1234567A", "CN1234567A", Kind.INVENTION, Stage.PUBLISHED),
    ],
)
def test_publication_number(text, written, kind, stage):
    found = shapes.publication(text)
    assert found is not None
    assert (str(found), found.kind, found.stage) == (written, kind, stage)


@pytest.mark.parametrize("text", ["CN216979871A", "CN12345678B", "US1234567B2", "CN420551632B", "CN120551632B3", ""])
def test_what_is_no_publication_number(text):
    assert shapes.publication(text) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("PCT/CN2024/123456", "PCT/CN2024/123456"),
        ("pct/cn98/00123", "PCT/CN1998/000123"),
        ("PCT/US03/12345", "PCT/US2003/012345"),
        ("PCTCN2024123456", "PCT/CN2024/123456"),
        ("PCT/CN1970/123456", None),
        ("WO2024/123456", None),
    ],
)
def test_international_application_number(text, written):
    assert shapes.international(text) == written


@pytest.mark.parametrize(
    ("read", "text", "written"),
    [
        (shapes.madrid, "1234567", "1234567"),
        (shapes.madrid, "IR 0854321A", "854321A"),
        (shapes.madrid, "12345678", None),
        (shapes.madrid, "0000", None),
        (shapes.hague, "DM/123456", "DM/123456"),
        (shapes.hague, "dm/2345", "DM/002345"),
        (shapes.hague, "123456", None),
        (shapes.trademark, "第12345678号", "12345678"),
        (shapes.trademark, "1234567A", "1234567A"),
        (shapes.trademark, "123456789", None),
    ],
)
def test_other_shapes(read, text, written):
    assert read(text) == written


@pytest.mark.parametrize(
    ("code", "industry"),
    [
        ("C26", Industry.INDUSTRY),
        ("26", Industry.INDUSTRY),
        ("2614", Industry.INDUSTRY),
        ("c", Industry.INDUSTRY),
        ("I6510", Industry.SOFTWARE),
        ("64", Industry.INFORMATION),
        ("51", Industry.WHOLESALE),
        ("F5211", Industry.RETAIL),
        ("591", Industry.TRANSPORT),
        ("5941", Industry.STORAGE),
        ("58", Industry.TRANSPORT),
        ("7010", Industry.REAL_ESTATE),
        ("K702", Industry.PROPERTY),
        ("7030", Industry.OTHER),
        ("L", Industry.LEASING),
        ("M73", Industry.OTHER),
        ("83", Industry.OTHER),
        ("Q", Industry.OTHER),
        ("software", Industry.SOFTWARE),
        (" Ｃ２６ ", Industry.INDUSTRY),
    ],
)
def test_class_leads_to_its_industry(code, industry):
    assert industry_of(code) == industry


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        *[(code, "ambiguous") for code in ("F", "G", "H", "I", "K", "59", "70")],
        *[(code, "not_covered") for code in ("J", "66", "J6712", "S", "T97", "9210")],
        *[(code, "unknown") for code in ("", "Z", "A26", "98", "00", "1", "工业", "5990000", "705", "597")],
    ],
)
def test_class_that_leads_nowhere_is_named(code, reason):
    with pytest.raises(UnknownIndustry) as raised:
        industry_of(code)
    assert raised.value.reason == reason


def test_every_class_of_the_standard_has_one_answer():
    found = [row for row in rows(CLASSES) if row["level"] in ("3", "4")]
    assert len(found) > 1500
    without = set()
    for row in found:
        code = row["class"] or row["group"]
        try:
            assert industry_of(row["section"] + code) == industry_of(code)
        except UnknownIndustry as error:
            assert error.reason == "not_covered", row
            without.add(row["section"])
    assert without == {"J", "S", "T"}


def test_every_group_lists_classes_that_lead_back_to_it():
    for industry in Industry:
        assert industries.classes_of(industry)
        for span in industries.classes_of(industry):
            for code in span.split("-"):
                assert industry_of(code) == industry
