"""Single cells: every spelling of a date, of a name list, of a number; the words of the office for a status."""

import pytest

from patents import identities
from patents.importing import headers, statuses, values
from patents.importing.rows import Owner, Reader


@pytest.mark.parametrize(
    "written",
    ["2024.01.20", "2024/1/20", "2024年1月20日", "20240120", "45311", "45311.0", "2024-01-20", "2024-01-20 00:00:00",
     "２０２４－０１－２０", "2024-01-20T08:00:00+08:00", " 2024 年 1 月 20 日 ", "2024.1.20"],
)  # fmt: skip
def test_date_in_every_spelling(written):
    assert values.date(written) == "2024-01-20"


@pytest.mark.parametrize(
    "written", ["2024-13-01", "2024-02-30", "去年", "2024", "12345", "0024-01-20", "99999", "9999-12-31"]
)
def test_date_that_is_none_is_unclear(written):
    with pytest.raises(values.Unclear):
        values.date(written)


@pytest.mark.parametrize("written", ["", "--", "-", "无", "N/A"])
def test_empty_words_are_no_date(written):
    assert values.date(written) == ""


def test_period_gives_its_end():
    assert values.last_date("2016-12-28至2026-12-27") == "2026-12-27"
    assert values.last_date("2016年12月28日 至 2026年12月27日") == "2026-12-27"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("甲公司；乙公司;丙公司", ("甲公司", "乙公司", "丙公司")),
        ("甲公司、乙公司", ("甲公司", "乙公司")),
        ("甲公司 | 乙公司", ("甲公司", "乙公司")),
        ("甲公司,乙公司,甲公司", ("甲公司", "乙公司")),
        ("Example Co., Ltd., Other Corp., Inc.", ("Example Co., Ltd.", "Other Corp., Inc.")),
        ("A One;;B Two", ("A One", "B Two")),
        ("--", ()),
    ],
)
def test_names_are_split_as_the_sources_join_them(cell, names):
    assert values.names(cell) == names


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2023117765870", ("202311776587.0", "invention", "national")),
        ("CN202311776587.0", ("202311776587.0", "invention", "national")),
        ("CN 202311776587 A", ("202311776587.0", "invention", "national")),
        ("ZL 2023 1 1776587.0", ("202311776587.0", "invention", "national")),
        ("202310148883X", ("202310148883.X", "invention", "national")),
        ("ZL201680019204.7", ("201680019204.7", "invention", "pct")),
        ("202230522259.8", ("202230522259.8", "design", "national")),
    ],
)
def test_application_number_with_kind_and_route(cell, found):
    assert values.application(cell) == found


SEEN = {
    "等待实审提案": "pending", "一通回案实审": "pending", "中通回案实审": "pending", "驳回等复审请求": "refused",
    "复审程序中": "pending", "等年登印费": "pending", "公告封卷": "granted", "专利权维持": "granted",
    "授权公告": "granted",
    "等年费滞纳金": "in_grace", "未缴年费专利权终止，等恢复": "lapsed", "未缴年费终止失效": "lapsed",
    "权利终止，等恢复": "lapsed",
    "授权 | 质押": "granted", "撤回-视为撤回": "withdrawn", "期限届满": "expired", "部分无效": "part_invalid",
    "Active": "granted",
}  # fmt: skip


@pytest.mark.parametrize("word", SEEN)
def test_status_words_really_seen(word):
    assert statuses.status(word, had_right=True) == (SEEN[word], True)


def test_word_of_two_meanings_is_decided_by_the_grant_and_not_certain():
    assert statuses.status("等待恢复", had_right=True) == ("lapsed", False)
    assert statuses.status("等待恢复", had_right=False) == ("withdrawn", False)
    assert statuses.status("权利转移", had_right=True) == ("", True)
    with pytest.raises(values.Unclear):
        statuses.status("有点意思", had_right=True)


def read(header: str, cells: str):
    titles = header.split(",")
    guess = headers.guess(titles)
    owner = Owner.of("91310112MA1KEHK00T", ["甲公司"])
    return Reader(titles, guess.columns, kind=guess.kind, owner=owner, today="2026-11-22").row(2, cells.split(","))


def test_every_problem_of_a_row_is_told_with_its_column():
    row = read("申请号,标题,申请日,授权日,专利类型", "202311776587.1,,2024-99-01,2030-01-01,小发明")
    found = {(one["code"], one.get("column")) for one in row.problems}
    assert found == {
        ("kind", "专利类型"), ("check_digit", "申请号"), ("title_missing", "标题"), ("date", "申请日"),
        ("date_in_future", "授权日"),
    }  # fmt: skip
    assert row.is_bad


def test_expiry_in_a_column_of_ends_is_an_expiry():
    assert read("申请号,标题,失效日", "202311776587.0,甲,2043-12-21").values["expires_on"] == "2043-12-21"
    assert read("申请号,标题,失效日", "202311776587.0,甲,2025-12-21").values["ended_on"] == "2025-12-21"


def test_priority_that_only_repeats_the_filing_is_none():
    row = read("id,title,priority date,filing/creation date", "CN-199990001-B,x,2022-03-10,2022-03-10")
    assert "priority_on" not in row.values


def test_destroyed_name_is_left_out_and_destroyed_title_refused():
    assert [one["level"] for one in read("申请号,标题,发明人", "202311776587.0,甲,王\ufffd").problems] == ["warning"]
    assert read("申请号,标题", "202311776587.0,甲\ufffd").is_bad


def test_keys_are_those_of_the_register():
    row = read("申请号,公开号,标题", "CN202311776587.0,CN-120311336-A,甲")
    known = {"kind": "invention", "application_number": "202311776587.0", "publication_number": "CN120311336A"}
    assert row.values["_keys"] == identities.keys(**known)
    assert row.identity == identities.identity(**known)
