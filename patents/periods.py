"""Periods of intellectual property law: delivery, month arithmetic, roll-over. No Django, no database, no "now".

Figures come from outside as spans; what is here is 专利法实施细则 4-5, 审查指南 5-7 §2 and 商标法实施条例 10, 12.
"""

import calendar as months
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from portal.workdays import DAY, SATURDAY, Calendar, as_date

HALF_A_MONTH = 15  # days; the only broken number of months the rules know is 2.5


class Delivery(StrEnum):
    """How a notice reached the person; NONE where the date given is already the day to count from."""

    ELECTRONIC = "electronic"
    POST = "post"
    HAND = "hand"
    NOTICE = "notice"  # 公告送达
    NONE = "none"


class Unit(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Ending(StrEnum):
    """On which day a period of months or years ends."""

    CORRESPONDING = "corresponding"  # the corresponding day, else the last day of that month
    DAY_BEFORE = "day_before"  # validity of a trademark: the day before it, else the last day of that month


class Roll(StrEnum):
    """Which rest days move the last day of a period."""

    OFFICE = "office"  # the patent office rests on every weekend, make-up days included
    ORDINARY = "ordinary"  # courts and everybody else work on make-up days
    NONE = "none"


class Step(StrEnum):
    """What a line of the arithmetic says; another module puts it in words."""

    TRIGGERED = "triggered"  # the day of the event
    IGNORED = "ignored"  # the period runs from the issue date whatever the delivery
    DELIVERED = "delivered"  # `first` is the day delivery is presumed or took place, after `span`
    ADDED = "added"  # the span was counted from the day after `first` and ends on `last`
    TAKEN = "taken"  # the span was counted back from `first` and begins on `last`
    CLAMPED = "clamped"  # the month has no corresponding day; `last` is its last day
    DAY_BEFORE = "day_before"  # the term ends the day before the corresponding day
    WEEKEND = "weekend"  # `first` to `last` are weekend days
    MAKEUP = "makeup"  # a weekend day on which others work, and the office does not
    HOLIDAY = "holiday"  # `first` to `last` is a run of days off, named
    ROLLED = "rolled"  # the last day moved to `last`
    KEPT = "kept"  # a rest day, and yet the last day does not move
    TARGET = "target"  # the last ordinary working day not after the nominal day
    PROVISIONAL = "provisional"  # no official table of days off for the year of `first`


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as the law writes it; months are calendar months, never thirty days."""

    years: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        for part in (self.years, self.months, self.days):
            if isinstance(part, bool) or not isinstance(part, int) or not 0 <= part <= 1200:
                raise ValueError(f"not a length of time: {self.years} y {self.months} m {self.days} d")

    def __bool__(self) -> bool:
        return bool(self.years or self.months or self.days)


NOTHING = Span()


def span_of(value: object, unit: str) -> Span:
    """Return the span of a rule row's value and unit; half months are taken as fifteen days. Raises ValueError."""
    number = float(str(value))
    whole, rest = int(number), number % 1
    if number < 0 or (rest and (unit != Unit.MONTH or rest != 0.5)):
        raise ValueError(f"not a length of time: {value} {unit}")
    if unit == Unit.YEAR:
        return Span(years=whole)
    if unit == Unit.MONTH:
        return Span(months=whole, days=HALF_A_MONTH if rest else 0)
    if unit == Unit.DAY:
        return Span(days=whole)
    raise ValueError(f"not a unit of time: {unit!r}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the arithmetic; `name` is the holiday's, or the way of delivery."""

    step: Step
    first: date
    last: date
    span: Span = NOTHING
    name: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the law without its start: how long, which way, which day is the last and what moves it."""

    span: Span
    ending: Ending = Ending.CORRESPONDING
    roll: Roll = Roll.OFFICE
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The dates of one period: `nominal_on` before any roll-over, `legal_on` after it, `target_on` the safe day."""

    triggered_on: date
    delivered_on: date
    nominal_on: date
    legal_on: date
    target_on: date
    is_provisional: bool
    lines: tuple[Line, ...] = field(default=(), repr=False)


def add_months(day: date, count: int) -> date:
    """Return the corresponding day `count` months later (or earlier), else the last day of that month."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def add(day: date, span: Span, *, is_backwards: bool = False) -> date:
    """Return the day a span after (or before) `day`: whole months first, then days; the start day is not counted."""
    sign = -1 if is_backwards else 1
    moved = add_months(as_date(day, "day"), sign * (span.years * 12 + span.months))
    return moved + timedelta(days=sign * span.days)


def compute(
    triggered_on: date,
    period: Period,
    *,
    calendar: Calendar,
    delivery: Delivery = Delivery.NONE,
    delay: Span = NOTHING,
    is_delivery_ignored: bool = False,
) -> Reckoning:
    """Count a period from an event, or from the delivery of what was issued on that day.

    `delay` is how long after the issue date this delivery is presumed; the presumed date itself never rolls.
    Raises OverflowError or ValueError where the calendar of the machine ends.
    """
    lines = [Line(Step.TRIGGERED, as_date(triggered_on, "triggered_on"), triggered_on)]
    delivered_on = triggered_on
    if delivery != Delivery.NONE and is_delivery_ignored:
        lines.append(Line(Step.IGNORED, triggered_on, triggered_on, name=delivery))
    elif delivery != Delivery.NONE:
        delivered_on = add(triggered_on, delay)
        lines.append(Line(Step.DELIVERED, delivered_on, delivered_on, delay, delivery))
    nominal_on, counted = _count(delivered_on, period)
    legal_on, rolled = _roll(nominal_on, period.roll, calendar)
    target_on = calendar.last_workday(nominal_on)
    lines += [*counted, *rolled, Line(Step.TARGET, target_on, target_on)]
    # A table of one year may also name the last days of the year before it; those are taken as they are known today.
    unknown = sorted({day.year for day in (target_on, legal_on)} - calendar.known_years)
    lines += [Line(Step.PROVISIONAL, date(year, 1, 1), date(year, 12, 31)) for year in unknown]
    return Reckoning(triggered_on, delivered_on, nominal_on, legal_on, target_on, bool(unknown), tuple(lines))


def _count(start: date, period: Period) -> tuple[date, list[Line]]:
    """Return the last day before any roll-over, and the lines that lead to it."""
    step = Step.TAKEN if period.is_backwards else Step.ADDED
    end = add(start, period.span, is_backwards=period.is_backwards)
    lines = [Line(step, start, end, period.span)]
    is_short = not period.span.days and end.day != start.day
    if is_short:
        lines.append(Line(Step.CLAMPED, start, end))
    elif period.ending == Ending.DAY_BEFORE:
        end -= DAY
        lines.append(Line(Step.DAY_BEFORE, end, end))
    return end, lines


def _is_rest(day: date, roll: Roll, calendar: Calendar) -> bool:
    return not calendar.is_workday(day) if roll == Roll.ORDINARY else calendar.is_office_rest(day)


def _roll(nominal_on: date, roll: Roll, calendar: Calendar) -> tuple[date, list[Line]]:
    """Return the last day after roll-over and a line for each run of rest days on the way."""
    day, runs = nominal_on, list[Line]()
    while _is_rest(day, roll, calendar):
        line = _rest(day, calendar)
        if runs and (runs[-1].step, runs[-1].name) == (line.step, line.name):
            line = Line(line.step, runs.pop().first, day, name=line.name)
        runs.append(line)
        if roll == Roll.NONE:
            return nominal_on, [*runs, Line(Step.KEPT, nominal_on, nominal_on)]
        day += DAY
    return day, [*runs, Line(Step.ROLLED, nominal_on, day)] if runs else []


def _rest(day: date, calendar: Calendar) -> Line:
    """Return the line that says why nobody works, or why the office does not."""
    if day in calendar.off:
        return Line(Step.HOLIDAY, day, day, name=calendar.off[day])
    if day in calendar.makeup:
        return Line(Step.MAKEUP, day, day, name=calendar.makeup[day])
    if day.weekday() >= SATURDAY:
        return Line(Step.WEEKEND, day, day)
    raise ValueError(f"{day} is no rest day")
