"""One right, one key, however its numbers are written."""

import pytest

from patents.identities import identity


@pytest.mark.parametrize(
    "written",
    ["201710601862.3", "ZL201710601862.3", "ZL 2017 1 0601862.3", "CN201710601862.3", "２０１７１０６０１８６２．３",
     "201710601862", "201710601862.3号"],
)  # fmt: skip
def test_application_number_in_any_spelling_is_one_key(written):
    assert identity(kind="invention", application_number=written) == "patent:a:CN2017106018623"


def test_old_number_keeps_its_x():
    assert identity(kind="invention", application_number="ZL95115608.X") == "patent:a:CN95115608X"


@pytest.mark.parametrize("written", ["CN120551632A", "CN120551632B", "CN-120551632-B"])
def test_publication_number_stands_in_without_its_kind_code(written):
    assert identity(kind="invention", publication_number=written) == "patent:p:CN120551632"


def test_application_number_counts_before_publication_number():
    key = identity(kind="invention", application_number="201710601862.3", publication_number="CN107000000A")
    assert key == "patent:a:CN2017106018623"


def test_foreign_numbers_lose_their_country_and_marks():
    assert identity(kind="foreign_patent", country="US", application_number="16/123,456") == "patent:a:US16123456"
    assert identity(kind="foreign_patent", country="US", publication_number="US 10,123,456 B2") == "patent:p:US10123456"


@pytest.mark.parametrize("written", ["PCT/CN98/00123", "PCT/CN1998/000123"])
def test_pct_number_short_and_long_are_one(written):
    assert identity(kind="invention", international_number=written) == "patent:i:CNPCTCN1998000123"


def test_kinds_do_not_meet():
    assert identity(kind="trademark", registration_number="95115608") == "trademark:r:CN95115608"
    assert identity(kind="software", registration_number="软著登字第1234567号") == "software:r:CN软著登字1234567"
    assert identity(kind="domain", title="Example.COM.") == "domain:example.com"


def test_nothing_to_tell_by_is_no_key():
    assert identity(kind="invention", title="未申请的发明") == ""
    assert identity(kind="trade_secret", registration_number="1", title="配方") == ""
