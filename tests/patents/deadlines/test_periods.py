"""Every worked example of the rules, the office's weekend rule, and what holds for any day and any period."""

import datetime as dt
import itertools
from random import Random

import pytest

from patents import periods
from patents.periods import Delivery, Ending, Period, Roll, Span, Step
from portal.workdays import Calendar

DAYS_OFF_2026 = (
    *(
        ("2026-01-01", "2026-01-03", "元旦"),
        ("2026-02-15", "2026-02-23", "春节"),
        ("2026-04-04", "2026-04-06", "清明节"),
    ),
    *(
        ("2026-05-01", "2026-05-05", "劳动节"),
        ("2026-06-19", "2026-06-21", "端午节"),
        ("2026-09-25", "2026-09-27", "中秋节"),
    ),
    ("2026-10-01", "2026-10-07", "国庆节"),
)
MAKEUP_2026 = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
FIFTEEN = Span(days=15)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def each(first: str, last: str) -> list[dt.date]:
    return [day(first) + dt.timedelta(days=number) for number in range((day(last) - day(first)).days + 1)]


CALENDAR = Calendar(
    {when: name for first, last, name in DAYS_OFF_2026 for when in each(first, last)},
    dict.fromkeys(map(day, MAKEUP_2026), "调休"),
    range(2004, 2027),
)


def count(start: str, span: Span, *, delivery: Delivery = Delivery.NONE, delay: Span = periods.NOTHING, **how):
    return periods.compute(day(start), Period(span, **how), calendar=CALENDAR, delivery=delivery, delay=delay)


@pytest.mark.parametrize(
    ("start", "span", "nominal", "legal", "target"),
    [
        ("2025-10-01", Span(months=12), "2026-10-01", "2026-10-08", "2026-09-30"),
        ("2025-10-31", Span(months=4), "2026-02-28", "2026-03-02", "2026-02-28"),  # a make-up Saturday
        ("2026-06-10", Span(months=4), "2026-10-10", "2026-10-12", "2026-10-10"),
        ("2026-07-20", Span(months=2), "2026-09-20", "2026-09-21", "2026-09-20"),
        ("2025-08-15", Span(months=6), "2026-02-15", "2026-02-24", "2026-02-14"),
        ("2024-02-29", Span(months=36), "2027-02-28", "2027-03-01", "2027-02-26"),
        ("1998-06-01", Span(years=3), "2001-06-01", "2001-06-01", "2001-06-01"),
        ("2023-01-31", Span(months=1), "2023-02-28", "2023-02-28", "2023-02-28"),
        ("2024-02-29", Span(years=1), "2025-02-28", "2025-02-28", "2025-02-28"),
        ("2020-02-29", Span(years=4), "2024-02-29", "2024-02-29", "2024-02-29"),
        ("2026-09-29", FIFTEEN, "2026-10-14", "2026-10-14", "2026-10-14"),
    ],
)
def test_worked_examples_of_the_office(start, span, nominal, legal, target):
    found = count(start, span)
    assert (found.nominal_on, found.legal_on, found.target_on) == (day(nominal), day(legal), day(target))


@pytest.mark.parametrize(
    ("start", "months", "delivered", "legal"),
    [("2008-06-06", 2, "2008-06-21", "2008-08-21"), ("2024-03-08", 4, "2024-03-23", "2024-07-23")],
)
def test_post_is_presumed_after_fifteen_days_and_that_day_does_not_roll(start, months, delivered, legal):
    found = count(start, Span(months=months), delivery=Delivery.POST, delay=FIFTEEN)
    assert (found.delivered_on, found.legal_on) == (day(delivered), day(legal))
    assert found.delivered_on.weekday() == 5  # both presumed days are Saturdays


def test_official_example_of_a_month_without_a_corresponding_day():
    assert count("2022-12-31", Span(months=2)).legal_on == day("2023-02-28")


def test_first_workday_that_is_a_makeup_weekend_day_rolls_on_to_monday():
    found = count("2025-10-10", Span(months=4, days=4))  # 2026-02-14, a make-up Saturday before the festival
    assert (found.nominal_on, found.legal_on) == (day("2026-02-14"), day("2026-02-24"))
    assert [line.step for line in found.lines if line.step in (Step.MAKEUP, Step.HOLIDAY)] == [
        Step.MAKEUP,
        Step.HOLIDAY,
    ]


def test_ordinary_roll_takes_a_makeup_day():
    found = count("2025-10-31", Span(months=4), roll=Roll.ORDINARY)
    assert found.legal_on == day("2026-02-28")


@pytest.mark.parametrize(
    ("registered", "expires"),
    [
        ("2016-12-28", "2026-12-27"),
        ("2016-02-29", "2026-02-28"),  # no corresponding day: the last of the month, not the day before it
        ("2016-03-01", "2026-02-28"),
        ("2020-01-01", "2029-12-31"),
        ("2010-02-28", "2020-02-27"),
    ],
)
def test_term_of_a_trademark_ends_the_day_before_and_never_rolls(registered, expires):
    found = count(registered, Span(years=10), ending=Ending.DAY_BEFORE, roll=Roll.NONE)
    assert found.nominal_on == found.legal_on == day(expires)


def test_counting_back_takes_the_last_day_of_a_short_month():
    found = count("2026-12-27", Span(months=12), is_backwards=True, roll=Roll.NONE)
    assert found.legal_on == day("2025-12-27")
    assert periods.add(day("2026-05-15"), Span(months=2, days=15), is_backwards=True) == day("2026-02-28")
    assert periods.add(day("2024-05-31"), Span(months=3), is_backwards=True) == day("2024-02-29")


@pytest.mark.parametrize(
    ("value", "unit", "span"),
    [
        (15, "day", FIFTEEN),
        (4, "month", Span(months=4)),
        (2.5, "month", Span(months=2, days=15)),
        (10, "year", Span(years=10)),
        ("3", "year", Span(years=3)),
        (0, "day", Span()),
    ],
)
def test_span_of_a_rule_row(value, unit, span):
    assert periods.span_of(value, unit) == span


@pytest.mark.parametrize(("value", "unit"), [(-1, "day"), (1.5, "year"), (2.3, "month"), (1, "cny"), ("x", "day")])
def test_span_that_is_no_length_of_time_is_refused(value, unit):
    with pytest.raises(ValueError):
        periods.span_of(value, unit)


def test_provisional_only_where_a_day_lies_in_a_year_without_its_table():
    assert count("2026-11-30", Span(months=1)).is_provisional is False
    assert count("2026-12-30", Span(months=1)).is_provisional is True
    assert count("2001-06-01", Span(months=1)).is_provisional is True
    assert count("2003-11-28", Span(months=3)).is_provisional is False


def _cases():
    random = Random(20261122)
    for number in range(4000):
        start = dt.date(1985, 1, 1) + dt.timedelta(days=random.randrange(42_000))
        span = Span(random.choice((0, 0, 0, 3, 10)), random.randrange(0, 33), random.choice((0, 0, 15, 30)))
        yield number, start, span, random.choice(list(Roll)), random.choice(list(Ending))


def test_any_period_keeps_the_order_of_its_days():
    for _number, start, span, roll, ending in _cases():
        found = periods.compute(start, Period(span, ending=ending, roll=roll), calendar=CALENDAR)
        assert found.target_on <= found.nominal_on <= found.legal_on
        assert CALENDAR.is_workday(found.target_on)
        if roll == Roll.OFFICE:
            assert not CALENDAR.is_office_rest(found.legal_on)
        elif roll == Roll.ORDINARY:
            assert CALENDAR.is_workday(found.legal_on)
            assert found.legal_on <= CALENDAR.roll_to_office_day(found.nominal_on)
        else:
            assert found.legal_on == found.nominal_on
        between = [found.nominal_on + dt.timedelta(days=n) for n in range((found.legal_on - found.nominal_on).days)]
        assert all(CALENDAR.is_office_rest(when) for when in between)
        steps = [line.step for line in found.lines]
        assert (Step.ROLLED in steps) == (found.legal_on != found.nominal_on)
        assert (Step.PROVISIONAL in steps) == found.is_provisional


def test_later_events_never_end_earlier():
    for span in (Span(months=4), Span(months=2), Span(years=3), FIFTEEN, Span(months=2, days=15)):
        starts = each("2023-12-01", "2026-11-30")
        ends = [periods.compute(start, Period(span), calendar=CALENDAR).legal_on for start in starts]
        assert all(first <= second for first, second in itertools.pairwise(ends))


def test_month_arithmetic_of_every_day_of_a_leap_cycle():
    for start in each("2023-01-01", "2026-12-31"):
        for months in (1, 2, 3, 4, 6, 12, 18, 30, 32, 36):
            end = periods.add_months(start, months)
            assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
            assert end.day == start.day or (end.day < start.day and (end + dt.timedelta(days=1)).day == 1)


def test_engine_refuses_a_moment_for_a_day():
    with pytest.raises(TypeError):
        periods.compute(dt.datetime(2026, 1, 1), Period(FIFTEEN), calendar=CALENDAR)
