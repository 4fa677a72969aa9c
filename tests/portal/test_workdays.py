"""The working-day clock: the figures of the design, both long holidays of 2026, properties of the arithmetic."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workdays import LONGEST, Calendar, Clock, Line, Pause, Step, clock

DAY = timedelta(days=1)


def days(first: str, last: str, name: str) -> dict[date, str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=number): name for number in range((end - start).days + 1)}


def d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


OFF_2026 = (
    days("2026-01-01", "2026-01-03", "元旦")
    | days("2026-02-15", "2026-02-23", "春节")
    | days("2026-04-04", "2026-04-06", "清明节")
    | days("2026-05-01", "2026-05-05", "劳动节")
    | days("2026-06-19", "2026-06-21", "端午节")
    | days("2026-09-25", "2026-09-27", "中秋节")
    | days("2026-10-01", "2026-10-07", "国庆节")
)
OFF_2027 = {d("2027-01-01"): "元旦"}
MAKEUP_2026 = {
    d("01-04"): "元旦",
    d("02-14"): "春节",
    d("02-28"): "春节",
    d("05-09"): "劳动节",
    d("09-20"): "国庆节",
    d("10-10"): "国庆节",
}
CALENDAR = Calendar(OFF_2026 | OFF_2027, MAKEUP_2026, {2026})


def at(today: str, started: str, limit: int, *pauses: tuple[str, str | None], finished: str | None = None) -> Clock:
    return clock(
        d(started),
        limit,
        calendar=CALENDAR,
        today=d(today),
        pauses=[Pause(d(out), None if back is None else d(back)) for out, back in pauses],
        finished_on=None if finished is None else d(finished),
    )


def test_clock_shows_the_figures_of_the_officers_case_page():
    result = at("11-25", "11-05", 15, ("11-16", "11-24"))
    assert (result.used, result.left, result.due_on) == (7, 8, d("12-07"))
    assert (result.is_paused, result.is_overdue, result.is_provisional) == (False, False, False)
    assert result.lines == (
        Line(Step.STARTED, d("11-05"), d("11-05"), 0),
        Line(Step.LIMIT, d("11-06"), None, 15),
        Line(Step.COUNTED, d("11-06"), d("11-13"), 6),
        Line(Step.PAUSED, d("11-16"), d("11-24"), 9),
        Line(Step.COUNTED, d("11-25"), d("11-25"), 1),
        Line(Step.WEEKEND, None, None, 8),
        Line(Step.DUE, None, d("12-07"), 8),
    )


def test_clock_shows_the_figures_of_the_correction_on_a_sunday():
    result = at("11-22", "11-16", 10)
    assert (result.used, result.left, result.due_on) == (4, 6, d("11-30"))
    assert result.lines == (
        Line(Step.STARTED, d("11-16"), d("11-16"), 0),
        Line(Step.LIMIT, d("11-17"), None, 10),
        Line(Step.COUNTED, d("11-17"), d("11-20"), 4),
        Line(Step.WEEKEND, None, None, 4),
        Line(Step.DUE, None, d("11-30"), 6),
    )


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("09-18", 1, "09-20"),  # the make-up Sunday is a working day
        ("09-18", 5, "09-24"),
        ("09-24", 1, "09-28"),  # over Mid-Autumn
        ("09-30", 1, "10-08"),  # over National Day
        ("09-30", 3, "10-10"),  # ends on the make-up Saturday
        ("09-30", 4, "10-12"),
        ("02-13", 1, "02-14"),  # the make-up Saturday before Spring Festival
        ("02-13", 2, "02-24"),
        ("02-14", 4, "02-27"),
        ("02-14", 5, "02-28"),
        ("02-14", 6, "03-02"),
        ("10-03", 1, "10-08"),  # started inside the holiday
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_add_workdays_over_the_long_holidays(start, n, due):
    assert CALENDAR.add_workdays(d(start), n) == d(due)


def test_clock_over_national_day_lists_holiday_and_makeup_days():
    result = at("10-10", "09-18", 15)
    # 09-20, 21, 22, 23, 24, 28, 29, 30, 10-08, 09, 10 are working days
    assert (result.used, result.left, result.due_on) == (11, 4, d("10-15"))
    assert [line for line in result.lines if line.step in (Step.WEEKEND, Step.HOLIDAY, Step.MAKEUP)] == [
        Line(Step.WEEKEND, None, None, 2),  # 09-19 and 10-11; the others are holidays or made up
        Line(Step.HOLIDAY, d("09-25"), d("09-27"), 3, "中秋节"),
        Line(Step.HOLIDAY, d("10-01"), d("10-07"), 7, "国庆节"),
        Line(Step.MAKEUP, d("09-20"), d("09-20"), 1, "国庆节"),
        Line(Step.MAKEUP, d("10-10"), d("10-10"), 1, "国庆节"),
    ]


def test_clock_over_spring_festival_with_a_pause_that_covers_it():
    result = at("03-02", "02-10", 10, ("02-14", "02-24"))
    # 02-11, 12, 13 | paused | 02-25, 26, 27, 28 (make-up), 03-02
    assert (result.used, result.left, result.due_on) == (8, 2, d("03-04"))
    assert Line(Step.MAKEUP, d("02-28"), d("02-28"), 1, "春节") in result.lines
    assert not [line for line in result.lines if line.step == Step.HOLIDAY]


def test_clock_into_an_unknown_year_is_provisional():
    result = at("2026-12-28", "2026-12-25", 5)
    assert (result.due_on, result.is_provisional) == (d("2027-01-04"), True)
    assert Line(Step.HOLIDAY, d("2027-01-01"), d("2027-01-01"), 1, "元旦") in result.lines
    assert at("2026-12-28", "2026-12-25", 4).is_provisional is False
    known = Calendar(CALENDAR.off, CALENDAR.makeup, {2026, 2027})
    assert clock(d("12-25"), 5, calendar=known, today=d("12-28")).is_provisional is False


def test_clock_while_paused_has_no_due_date():
    result = at("11-22", "11-05", 15, ("11-16", None))
    assert (result.used, result.left, result.due_on) == (6, 9, None)
    assert (result.is_paused, result.is_overdue) == (True, False)
    assert Line(Step.PAUSED, d("11-16"), None, 7) in result.lines
    assert result.lines[-1] == Line(Step.DUE, None, None, 9)


def test_clock_with_return_and_resubmission_on_one_day_loses_that_day():
    assert at("11-16", "11-05", 15, ("11-16", "11-16")).used == 6
    result = at("11-17", "11-05", 15, ("11-16", "11-16"))
    assert (result.used, result.due_on, result.is_paused) == (7, d("11-27"), False)


def test_clock_with_return_on_the_start_day():
    result = at("11-10", "11-05", 5, ("11-05", "11-09"))
    assert (result.used, result.due_on) == (1, d("11-16"))


def test_clock_with_several_pauses_counts_each():
    pauses = (("11-10", "11-12"), ("11-16", "11-17"), ("11-17", "11-19"))
    result = at("11-20", "11-05", 5, *pauses)
    # 11-06, 09 | 10-12 | 13 | 16-19 | 20
    assert (result.used, result.left, result.due_on) == (4, 1, d("11-23"))
    assert [line for line in result.lines if line.step == Step.PAUSED] == [
        Line(Step.PAUSED, d("11-10"), d("11-12"), 3),
        Line(Step.PAUSED, d("11-16"), d("11-19"), 4),
    ]
    assert at("11-20", "11-05", 5, *reversed(pauses)) == result


def test_clock_returned_on_the_last_day_keeps_that_day():
    result = at("11-13", "11-05", 6, ("11-13", None))
    assert (result.used, result.left, result.due_on, result.is_overdue) == (5, 1, None, False)
    assert at("11-30", "11-05", 6, ("11-13", "11-27")).due_on == d("11-30")


def test_clock_returned_after_the_limit_stays_overdue():
    result = at("11-20", "11-05", 3, ("11-16", None))
    assert (result.due_on, result.is_paused, result.is_overdue, result.overdue_by) == (d("11-10"), True, True, 3)


def test_clock_returned_right_after_its_last_day_keeps_the_due_date():
    result = at("11-20", "11-05", 6, ("11-16", None))
    assert (result.used, result.left, result.due_on, result.is_overdue) == (6, 0, d("11-13"), True)


def test_clock_returned_twice_on_one_day_in_any_order():
    twice = (("11-16", "11-18"), ("11-16", "11-16"))
    assert at("11-20", "11-05", 15, *twice) == at("11-20", "11-05", 15, ("11-16", "11-18"))
    assert at("11-17", "11-05", 15, ("11-16", None), ("11-16", "11-16")).is_paused is True


def test_clock_on_and_after_the_due_date():
    due = at("11-30", "11-16", 10)
    assert (due.used, due.left, due.overdue_by, due.is_overdue) == (10, 0, 0, False)
    late = at("12-01", "11-16", 10)
    assert (late.used, late.left, late.overdue_by, late.is_overdue, late.due_on) == (11, 0, 1, True, d("11-30"))
    weekend = at("11-28", "11-16", 9)  # due on Friday, looked at on Saturday
    assert (weekend.overdue_by, weekend.is_overdue) == (0, True)


def test_clock_stands_still_once_the_work_is_finished():
    result = at("12-20", "11-16", 10, finished="11-18")
    assert (result.used, result.left, result.is_overdue, result.as_of) == (2, 8, False, d("11-18"))
    assert at("12-20", "11-16", 10, finished="12-01").is_overdue is True


def test_clock_leaves_out_what_came_later_than_the_day_asked_for():
    assert at("11-13", "11-05", 15, ("11-16", "11-24")) == at("11-13", "11-05", 15)
    assert at("11-20", "11-05", 15, ("11-16", "11-24")) == at("11-20", "11-05", 15, ("11-16", None))


def test_clock_before_its_start_has_used_nothing():
    result = at("11-01", "11-16", 10)
    assert (result.used, result.left, result.due_on) == (0, 10, d("11-30"))


@pytest.mark.parametrize("limit", [0, -1, LONGEST + 1])
def test_clock_with_an_impossible_limit_is_refused(limit):
    with pytest.raises(ValueError, match="limit must be between"):
        at("11-22", "11-16", limit)


@pytest.mark.parametrize("limit", [True, 1.5, "10", None])
def test_clock_with_a_limit_that_is_no_whole_number_is_refused(limit):
    with pytest.raises(TypeError, match="limit must be a whole number"):
        at("11-22", "11-16", limit)


def test_clock_with_contradictory_pauses_is_refused():
    with pytest.raises(ValueError, match="before the start"):
        at("11-22", "11-16", 10, ("11-15", None))
    with pytest.raises(ValueError, match="is open"):
        at("11-22", "11-16", 10, ("11-17", None), ("11-19", None))
    with pytest.raises(ValueError, match="is open"):
        at("11-27", "11-16", 10, ("11-17", "11-24"), ("11-19", "11-20"))
    with pytest.raises(ValueError, match="before the return"):
        Pause(d("11-17"), d("11-16"))


def test_a_datetime_is_refused_as_a_day():
    moment = datetime(2026, 11, 16, 23, 30)
    for call in (
        lambda: CALENDAR.is_workday(moment),
        lambda: CALENDAR.add_workdays(moment, 1),
        lambda: CALENDAR.workdays_between(d("11-16"), moment),
        lambda: clock(moment, 3, calendar=CALENDAR, today=d("11-16")),
        lambda: Pause(moment),
    ):
        with pytest.raises(TypeError, match="must be a date, not datetime"):
            call()


@pytest.mark.parametrize("day", sorted(MAKEUP_2026))
def test_makeup_day_counts_for_the_administration_and_not_for_the_patent_office(day):
    assert CALENDAR.is_workday(day) is True
    assert CALENDAR.is_office_rest(day) is True


@pytest.mark.parametrize(
    ("nominal", "rolled"),
    [  # rules A4, computed examples
        ("10-01", "10-08"),
        ("02-28", "03-02"),
        ("10-10", "10-12"),
        ("09-20", "09-21"),
        ("02-15", "02-24"),
        ("01-03", "01-05"),  # seen in the office's own windows: not the make-up Sunday 01-04
        ("05-03", "05-06"),
        ("11-18", "11-18"),
    ],
)
def test_roll_to_office_day(nominal, rolled):
    assert CALENDAR.roll_to_office_day(d(nominal)) == d(rolled)


def test_calendar_refuses_a_contradictory_table():
    with pytest.raises(ValueError, match="both off and make-up"):
        Calendar({d("10-10"): "国庆节"}, {d("10-10"): "国庆节"}, {2026})
    with pytest.raises(ValueError, match="Saturday or Sunday"):
        Calendar({}, {d("10-09"): "国庆节"}, {2026})


some_day = st.dates(date(2025, 6, 1), date(2027, 12, 31))
some_limit = st.integers(1, 400)


@given(some_day, some_limit)
def test_add_workdays_is_the_inverse_of_counting(start, n):
    due = CALENDAR.add_workdays(start, n)
    assert CALENDAR.is_workday(due)
    assert CALENDAR.workdays_between(start, due) == n
    assert CALENDAR.workdays_between(start, due - DAY) == n - 1


@given(some_day, st.integers(0, 500))
def test_workdays_between_equals_counting_day_by_day(after, length):
    through = after + timedelta(days=length)
    slow = sum(CALENDAR.is_workday(after + timedelta(days=number)) for number in range(1, length + 1))
    assert CALENDAR.workdays_between(after, through) == slow
    assert CALENDAR.workdays_between(through, after) == 0


@given(some_day, st.integers(1, 60), st.lists(st.integers(0, 12), max_size=8), st.integers(0, 150))
def test_clock_equals_a_walk_day_by_day(started, limit, gaps, later):
    marks, moment = [], started
    for gap in gaps:
        moment += timedelta(days=gap)
        marks.append(moment)
    pauses = [Pause(*marks[number : number + 2]) for number in range(0, len(marks), 2)]
    today = started + timedelta(days=later)
    result = clock(started, limit, calendar=CALENDAR, today=today, pauses=pauses)
    used, due = 0, None
    for number in range(1, later + 1):
        day = started + timedelta(days=number)
        stopped = any(p.returned_on <= day and (p.resubmitted_on or date.max) >= day for p in pauses)
        used += CALENDAR.is_workday(day) and not stopped
        due = due or (day if used == limit else None)
    assert (result.used, result.left) == (used, max(0, limit - used))
    assert result.is_overdue is (due is not None and today > due)
    assert result.due_on == due if due else (result.due_on is None) == result.is_paused
    assert sum(line.days for line in result.lines if line.step == Step.COUNTED) == used


def test_long_spans_cost_no_walk():
    calendar = Calendar({}, {}, {2026})
    assert calendar.add_workdays(date(2026, 1, 2), LONGEST) == date(2102, 9, 1)
