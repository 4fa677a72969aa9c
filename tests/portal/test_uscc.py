"""Credit codes: spellings, reasons of refusal, the check digit's zero branch, the suggested district."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as standard

from portal import uscc

REAL = ["91110000600037341L", "91110108551385082Q"]  # published in rules A2
INVENTED = {  # organisation parts are invented, check digits are right (rules A2)
    "91310101MA1KEHK00W": "310101",
    "91310104MA1KEHK008": "310104",
    "91310106MA1KEHK005": "310106",
    "91310112MA1KEHK00T": "310112",
    "91310115MA1KEHK006": "310115",
    "91310117MA1KEHK003": "310117",
    "91310151MA1KEHK00A": "310151",
}
PUDONG = "91310115MA1KEHK006"


def coded(division: str, body: str = "MA1KEHK00") -> str:
    return (start := f"91{division}{body}") + standard.calc_check_digit(start)


@pytest.mark.parametrize("code", [*REAL, *INVENTED])
def test_validate_accepts_valid_codes(code):
    assert uscc.validate(code) == code


@pytest.mark.parametrize(
    "written",
    [
        "91310115ma1kehk006",
        " 9131 0115 MA1K EHK0 06 ",
        "９１３１０１１５ＭＡ１ＫＥＨＫ００６",
        "913101-15MA1KEHK00-6",
        "91310115　MA1KEHK006",
        "91310115–MA1KEHK006",
        "\u200b91310115MA1KEHK006\n",
    ],
)
def test_validate_accepts_usual_spellings(written):
    assert uscc.validate(written) == PUDONG


@pytest.mark.parametrize(("written", "length"), [("", 0), ("9131", 4), (PUDONG + "1", 19), ("MA1KEHK00", 9)])
def test_validate_with_wrong_length_is_refused(written, length):
    with pytest.raises(uscc.WrongLength) as refused:
        uscc.validate(written)
    assert (refused.value.reason, refused.value.length) == ("length", length)


@pytest.mark.parametrize(
    ("written", "position", "character"),
    [
        ("91310115MA1KEHKO06", 16, "O"),
        ("91310115IA1KEHK006", 9, "I"),
        ("9131O115MA1KEHK006", 5, "O"),
        ("A1310115MA1KEHK006", 1, "A"),
        ("91310115MA1KEHK00Z", 18, "Z"),
        ("91310115MA1KEH上006", 15, "上"),
        ("91310115\ufffdA1KEHK006", 9, "\ufffd"),
    ],
)
def test_validate_with_a_wrong_character_names_its_position(written, position, character):
    with pytest.raises(uscc.WrongCharacter) as refused:
        uscc.validate(written)
    assert (refused.value.reason, refused.value.position) == ("character", position)
    assert refused.value.character == character


def test_validate_with_a_wrong_check_digit_is_refused():
    with pytest.raises(uscc.WrongCheckDigit) as refused:
        uscc.validate("91310115MA1KEHK007")
    assert (refused.value.reason, refused.value.position) == ("check_digit", 18)


def test_validate_with_sum_zero_mod_31_expects_the_check_digit_zero():
    # Public copies that write alphabet[31 - mod] run past the alphabet exactly here.
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    found = 0
    for number in range(1, 400):
        start = f"91310115MA1K{number:05d}"
        if sum(alphabet.index(char) * weight for char, weight in zip(start, weights, strict=True)) % 31 == 0:
            found += 1
            assert uscc.validate(start + "0") == start + "0"
    assert found >= 10


def test_refusal_does_not_repeat_the_code():
    with pytest.raises(uscc.InvalidCode) as refused:
        uscc.validate("91310115MA1KEHK007")
    assert "MA1KEHK" not in str(refused.value)


@pytest.mark.parametrize(("code", "district"), INVENTED.items())
def test_suggest_district_from_the_division(code, district):
    assert uscc.suggest_district(code) == district


@pytest.mark.parametrize(
    ("division", "district"),
    [
        ("310108", "310106"),
        ("310230", "310151"),
        ("310119", "310115"),
        ("310103", "310101"),
        ("310141", None),
        ("310000", None),
        ("310199", None),
        ("110108", None),
    ],
)
def test_suggest_district_for_abolished_and_undecided_divisions(division, district):
    assert uscc.suggest_district(uscc.validate(coded(division))) == district


def test_is_local_only_for_shanghai():
    assert uscc.is_local(PUDONG) is True
    assert uscc.is_local(coded("310000")) is True
    assert uscc.is_local(REAL[1]) is False


@given(st.text(alphabet=sorted(uscc.ALPHABET), min_size=9, max_size=9), st.sampled_from(sorted(uscc.DISTRICTS)))
def test_validate_finds_every_single_wrong_character(body, division):
    code = coded(division, body)
    assert uscc.validate(code) == code
    for position in range(18):
        other = "0" if code[position] != "0" else "1"
        assert not uscc.is_valid(code[:position] + other + code[position + 1 :])


@given(st.text(max_size=30))
def test_validate_answers_any_text_with_a_code_or_a_reason(text):
    try:
        assert uscc.is_valid(uscc.validate(text))
    except uscc.InvalidCode as refused:
        assert refused.reason in {"length", "character", "check_digit"}
