"""Working days and the working-day clock: pure date arithmetic, no Django, no database, no "now".

Two different notions of a free day live here and must not be mixed: an administration works on make-up weekend days
(调休上班), the patent office never does (实施细则 art. 5, 审查指南 5-7 §2.3).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
SATURDAY = 5
LONGEST = 20_000  # working days; some eighty years, so a slip of the keyboard does not run to the end of the calendar


def as_date(value: object, what: str) -> date:
    """Return `value` when it is a plain date; a datetime is refused because its day depends on the time zone."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"{what} must be a date, not {type(value).__name__}")
    return value


def as_count(value: object, what: str) -> int:
    """Return `value` when it is a whole number from 1 to LONGEST."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} must be a whole number, not {type(value).__name__}")
    if not 1 <= value <= LONGEST:
        raise ValueError(f"{what} must be between 1 and {LONGEST}, not {value}")
    return value


class Calendar:
    """Days off and make-up days by name, and the years whose official table is known.

    A year without its table is provisional: weekends and whatever days off are given (the statutory ones) still count.
    """

    def __init__(self, off: Mapping[date, str], makeup: Mapping[date, str], known_years: Iterable[int]) -> None:
        self.off = {as_date(day, "day off"): name for day, name in off.items()}
        self.makeup = {as_date(day, "make-up day"): name for day, name in makeup.items()}
        self.known_years = frozenset(known_years)
        if both := self.off.keys() & self.makeup.keys():
            raise ValueError(f"both off and make-up: {min(both)}")
        if wrong := [day for day in self.makeup if day.weekday() < SATURDAY]:
            raise ValueError(f"a make-up day must be a Saturday or Sunday: {min(wrong)}")
        # Only days that break the weekly pattern, sorted, so that a span of any length costs two bisections.
        self._lost = sorted(day for day in self.off if day.weekday() < SATURDAY)
        self._won = sorted(self.makeup)
        self._marked = sorted(self.off.keys() | self.makeup.keys())

    def is_workday(self, day: date) -> bool:
        """Tell whether the administration works on this day; make-up weekend days count."""
        if as_date(day, "day").weekday() >= SATURDAY:
            return day in self.makeup
        return day not in self.off

    def is_office_rest(self, day: date) -> bool:
        """Tell whether the patent office rests; every weekend does, make-up days included (rules A4)."""
        return as_date(day, "day").weekday() >= SATURDAY or day in self.off

    def roll_to_office_day(self, day: date) -> date:
        """Return the day itself or the first following day on which the patent office works (实施细则 art. 5)."""
        while self.is_office_rest(day):
            day += DAY
        return day

    def last_workday(self, day: date) -> date:
        """Return the day itself or the last working day before it: the safe day to act by. Make-up days count."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def is_provisional(self, first: date, last: date) -> bool:
        """Tell whether a day from `first` to `last` lies in a year whose official table is not known."""
        return any(year not in self.known_years for year in range(first.year, last.year + 1))

    def workdays_between(self, after: date, through: date) -> int:
        """Count the working days later than `after` up to and including `through`; 0 when `through` is not later."""
        if as_date(through, "through") <= as_date(after, "after"):
            return 0
        plain = _weekdays_until(through) - _weekdays_until(after)
        return plain - _within(self._lost, after, through) + _within(self._won, after, through)

    def add_workdays(self, start: date, n: int) -> date:
        """Return the n-th working day after `start`: the start day is not counted, the last day is."""
        as_count(n, "n")
        day, missing = as_date(start, "start"), n
        while missing:
            # At most one working day per day, so this never jumps past the answer; the gap shrinks geometrically.
            day += timedelta(days=missing)
            missing = n - self.workdays_between(start, day)
        return day

    def marked(self, after: date, through: date) -> Sequence[date]:
        """Return the days off and make-up days later than `after` up to and including `through`, in order."""
        return self._marked[bisect_right(self._marked, after) : bisect_right(self._marked, through)]


def _weekdays_until(day: date) -> int:
    weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 is a Monday
    return weeks * 5 + min(rest, 5)


def _within(days: Sequence[date], after: date, through: date) -> int:
    return bisect_right(days, through) - bisect_right(days, after)


class Step(StrEnum):
    """What a line of the arithmetic says; templates put it in words."""

    STARTED = "started"  # the day of the event, not counted
    LIMIT = "limit"  # the working days given, from the first day that can count
    COUNTED = "counted"  # working days used
    PAUSED = "paused"  # from the return through the resubmission, not counted
    WEEKEND = "weekend"  # weekend days not counted, up to the due date
    HOLIDAY = "holiday"  # a run of days off, named
    MAKEUP = "makeup"  # a weekend day on which officials work, named
    DUE = "due"  # the due date and the working days left


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the arithmetic; `first` and `last` are None where the line is only a number of days."""

    step: Step
    first: date | None
    last: date | None
    days: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """The applicant must act: the clock stands still from the day of the return through that of the resubmission."""

    returned_on: date
    resubmitted_on: date | None = None

    def __post_init__(self) -> None:
        as_date(self.returned_on, "returned_on")
        if self.resubmitted_on is not None and as_date(self.resubmitted_on, "resubmitted_on") < self.returned_on:
            raise ValueError(f"resubmitted {self.resubmitted_on} before the return of {self.returned_on}")


@dataclass(frozen=True, slots=True)
class Clock:
    """A working-day limit as it stands at the end of `as_of`; `left` leaves out that day and includes the due date."""

    limit: int
    used: int
    left: int
    overdue_by: int
    due_on: date | None
    as_of: date
    is_paused: bool
    is_overdue: bool
    is_provisional: bool
    lines: tuple[Line, ...]


def clock(
    started_on: date,
    limit: int,
    *,
    calendar: Calendar,
    today: date,
    pauses: Sequence[Pause] = (),
    finished_on: date | None = None,
) -> Clock:
    """Recompute a limit of working days from its events, as known on `today` or on the day the work was finished.

    The day of an event never counts. What happened later than that day is left out, so history can be replayed.
    `due_on` is None while the clock is paused, unless the limit had passed before. Raises ValueError for a limit
    under 1, for a pause that began before the start, and for a pause after one that is still open.
    """
    as_count(limit, "limit")
    as_of = as_date(today, "today")
    if finished_on is not None:
        as_of = min(as_of, as_date(finished_on, "finished_on"))
    stops = _stops(as_date(started_on, "started_on"), pauses, as_of)
    due_on = _due_on(started_on, limit, stops, calendar)
    spans = [(after, min(through or as_of, as_of)) for after, through in _running(started_on, stops)]
    used = sum(calendar.workdays_between(after, through) for after, through in spans)
    reach = max(due_on or as_of, started_on)
    state = Clock(
        limit=limit,
        used=used,
        left=max(0, limit - used),
        overdue_by=max(0, used - limit),
        due_on=due_on,
        as_of=as_of,
        is_paused=bool(stops) and stops[-1].resubmitted_on is None,
        is_overdue=due_on is not None and as_of > due_on,
        is_provisional=calendar.is_provisional(started_on, reach),
        lines=(),
    )
    return _with_lines(state, started_on, stops, spans, reach, calendar)


def _stops(started_on: date, pauses: Sequence[Pause], as_of: date) -> list[Pause]:
    """Return the pauses as known on `as_of`, in order, with those that touch put together."""
    stops: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: (pause.returned_on, pause.resubmitted_on or date.max)):
        if pause.returned_on < started_on:
            raise ValueError(f"returned {pause.returned_on} before the start of {started_on}")
        if pause.returned_on > as_of:
            break
        end = pause.resubmitted_on
        known = Pause(pause.returned_on, end if end is not None and end <= as_of else None)
        before = stops[-1] if stops else None
        if before is None or (before.resubmitted_on is not None and before.resubmitted_on < known.returned_on):
            stops.append(known)
        elif before.resubmitted_on == known.returned_on:
            stops[-1] = Pause(before.returned_on, known.resubmitted_on)
        else:
            raise ValueError(f"returned {known.returned_on} while the return of {before.returned_on} is open")
    return stops


def _running(started_on: date, stops: Sequence[Pause]) -> Iterator[tuple[date, date | None]]:
    """Yield the spans that count as (after, through); the last one is open unless the clock is paused."""
    after = started_on
    for stop in stops:
        yield after, stop.returned_on - DAY
        if stop.resubmitted_on is None:
            return
        after = stop.resubmitted_on
    yield after, None


def _due_on(started_on: date, limit: int, stops: Sequence[Pause], calendar: Calendar) -> date | None:
    rest = limit
    for after, through in _running(started_on, stops):
        if through is None or calendar.workdays_between(after, through) >= rest:
            return calendar.add_workdays(after, rest)
        rest -= calendar.workdays_between(after, through)
    return None


def _with_lines(
    state: Clock,
    started_on: date,
    stops: Sequence[Pause],
    spans: Sequence[tuple[date, date]],
    reach: date,
    calendar: Calendar,
) -> Clock:
    first = calendar.add_workdays(started_on, 1)
    lines = [Line(Step.STARTED, started_on, started_on, 0), Line(Step.LIMIT, first, None, state.limit)]
    for number, (after, through) in enumerate(spans):
        if days := calendar.workdays_between(after, through):
            last = calendar.add_workdays(after, days)
            lines.append(Line(Step.COUNTED, calendar.add_workdays(after, 1), last, days))
        if number < len(stops):
            stop = stops[number]
            end = stop.resubmitted_on or max(state.as_of, stop.returned_on)
            days = (end - stop.returned_on).days + 1
            lines.append(Line(Step.PAUSED, stop.returned_on, stop.resubmitted_on, days))
    lines += _exceptions(started_on, stops, reach, calendar)
    lines.append(Line(Step.DUE, None, state.due_on, state.left))
    return replace(state, lines=tuple(lines))


def _exceptions(started_on: date, stops: Sequence[Pause], reach: date, calendar: Calendar) -> list[Line]:
    """List the weekends, days off and make-up days that fell into the time that runs, up to `reach`."""
    weekend = 0
    runs: list[Line] = []
    makeups: list[Line] = []
    for after, through in _running(started_on, stops):
        last = min(through or reach, reach)
        if last <= after:
            continue
        for day in calendar.marked(after, last):
            if day in calendar.makeup:
                makeups.append(Line(Step.MAKEUP, day, day, 1, calendar.makeup[day]))
            elif runs and runs[-1].last == day - DAY and runs[-1].name == calendar.off[day]:
                runs[-1] = Line(Step.HOLIDAY, runs[-1].first, day, runs[-1].days + 1, runs[-1].name)
            else:
                runs.append(Line(Step.HOLIDAY, day, day, 1, calendar.off[day]))
        span = (last - after).days
        named = sum(1 for day in calendar.marked(after, last) if day.weekday() >= SATURDAY)
        weekend += span - (_weekdays_until(last) - _weekdays_until(after)) - named
    weekends = [Line(Step.WEEKEND, None, None, weekend)] if weekend else []
    return weekends + runs + makeups
