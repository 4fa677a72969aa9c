"""A year's notice as people paste it: days off, make-up days, and which lines cannot be read."""

import datetime as dt

import pytest

from portal import holiday_notices


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


SAMPLE = """关于2026年部分节假日安排的通知（示例，文字自拟）
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日至5月5日放假调休，共5天。5月9日上班。
五、端午节：6月19日至21日放假。
六、中秋节：9月25日（周五）至27日放假。
七、国庆节：2026-10-01 至 2026-10-07 放假。9月20日、10月10日上班。
"""


def test_notice_of_2026_gives_the_table_that_is_loaded():
    found = holiday_notices.read(SAMPLE, 2026)
    assert found.faults == []
    assert len(found.off) == 33
    assert found.off[day("2026-02-23")] == "春节"
    assert sorted(map(str, found.makeup)) == [
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    ]


def test_written_days_are_read_back_the_same():
    found = holiday_notices.read(SAMPLE, 2026)
    again = holiday_notices.read(holiday_notices.write(found.off, found.makeup), 2026)
    assert (again.off, again.makeup, again.faults) == (found.off, found.makeup, [])


def test_holiday_over_the_turn_of_the_year_belongs_to_the_new_years_notice():
    found = holiday_notices.read("元旦：2022年12月31日至2023年1月2日放假。", 2023)
    assert sorted(map(str, found.off)) == ["2022-12-31", "2023-01-01", "2023-01-02"]
    turned = holiday_notices.read("元旦：2022年12月31日至1月2日放假。", 2023)
    assert turned.off == found.off


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("1月1日至3日放假。", "unreadable"),
        ("元旦：1月1日至3日。", "unreadable"),
        ("元旦：1月1日至3日放假上班。", "unreadable"),
        ("元旦：2月30日放假。", "no_such_day"),
        ("元旦：1月3日至1月1日放假。", "too_long"),
        ("春节：2月1日至3月1日放假。", "too_long"),
        ("元旦：1月1日放假。1月5日上班。", "weekday_makeup"),
        ("元旦：1月1日放假。1月1日至2日放假。", "twice"),
    ],
)
def test_line_that_cannot_be_right_is_named(line, fault):
    assert holiday_notices.read(f"前言\n{line}", 2026).faults == [(2, fault)]


def test_text_without_dates_is_passed_over():
    assert holiday_notices.read("各省、自治区：\n现将安排通知如下。", 2026).faults == []
