"""Annuities: every worked example and edge of the rules, the official windows, and what must always hold."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from patents import annuities, law
from patents.annuities import AnnuityLaw, Due, Impossible, Patent, ReducedBy, Year
from patents.numbers import Kind
from patents.periods import add_months

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parents[3].parent / "shared" / "data" / "fees" / "annuity_by_source.csv"
KINDS = {"发明": Kind.INVENTION, "实用新型": Kind.UTILITY_MODEL, "外观设计": Kind.DESIGN}
SINGLE = Decimal("0.85")
JOINT = Decimal("0.70")


@pytest.fixture
def figures(db) -> AnnuityLaw:
    return law.annuity_law()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def year_of(figures: AnnuityLaw, due: str, full: int, payable: int | None = None) -> Year:
    line = Due(7, day(due), Decimal(full), Decimal(full if payable is None else payable), ReducedBy.NONE)
    return annuities.with_windows(line, figures)


def spans(figures: AnnuityLaw, due: str, full: int) -> list[tuple[str, str, int]]:
    found = annuities.windows(day(due), Decimal(full), figures)
    return [(f"{band.first}", f"{band.last}", int(band.surcharge)) for band in found.bands]


def test_windows_of_the_official_sample(figures):
    assert spans(figures, "2025-12-03", 1200) == [
        ("2025-12-04", "2026-01-05", 0),
        ("2026-01-06", "2026-02-03", 60),
        ("2026-02-04", "2026-03-03", 120),
        ("2026-03-04", "2026-04-03", 180),
        ("2026-04-04", "2026-05-06", 240),
        ("2026-05-07", "2026-06-03", 300),
    ]
    assert annuities.windows(day("2025-12-03"), Decimal(1200), figures).lapses_on == day("2026-06-04")


def test_windows_of_the_second_official_sample(figures):
    assert spans(figures, "2017-08-21", 6000)[1] == ("2017-09-22", "2017-10-23", 300)


def test_windows_of_the_worked_example(figures):
    assert [(last, surcharge) for _first, last, surcharge in spans(figures, "2026-03-10", 2000)] == [
        ("2026-04-10", 0),
        ("2026-05-11", 100),
        ("2026-06-10", 200),
        ("2026-07-10", 300),
        ("2026-08-10", 400),
        ("2026-09-10", 500),
    ]
    assert annuities.windows(day("2026-03-10"), Decimal(2000), figures).lapses_on == day("2026-09-11")


def test_windows_of_a_due_date_on_a_holiday(figures):
    found = annuities.windows(day("2026-05-01"), Decimal(2000), figures)
    assert (found.legal_on, found.target_on) == (day("2026-05-06"), day("2026-04-30"))
    assert spans(figures, "2026-05-01", 2000) == [
        ("2026-05-07", "2026-06-01", 0),
        ("2026-06-02", "2026-07-01", 100),
        ("2026-07-02", "2026-08-03", 200),
        ("2026-08-04", "2026-09-01", 300),
        ("2026-09-02", "2026-10-08", 400),
        ("2026-10-09", "2026-11-02", 500),
    ]


def test_target_counts_make_up_days_and_the_office_does_not(figures):
    found = annuities.windows(day("2026-10-10"), Decimal(900), figures)  # a Saturday on which others work
    assert (found.target_on, found.legal_on) == (day("2026-10-10"), day("2026-10-12"))
    plain = annuities.windows(day("2026-11-22"), Decimal(900), figures)  # a plain Sunday
    assert (plain.target_on, plain.legal_on) == (day("2026-11-20"), day("2026-11-23"))


def test_schedule_of_the_worked_example(figures):
    patent = Patent(Kind.INVENTION, day("2020-03-10"), day("2023-05-20"), SINGLE)
    found = annuities.schedule(patent, figures, as_of=day("2026-05-12"))
    assert (found.last_day, found.grant_year) == (day("2040-03-09"), 4)
    by_year = {row.year: row for row in found.years}
    assert [number for number, row in by_year.items() if row.reduced_by == ReducedBy.FEE_REDUCTION] == list(
        range(5, 14)
    )
    assert (by_year[14].due_on, by_year[14].payable) == (day("2033-03-10"), Decimal(6000))
    assert (by_year[7].due_on, by_year[7].payable, by_year[7].payable_as_of) == (
        day("2026-03-10"),
        Decimal(300),
        Decimal(500),
    )
    assert by_year[7].owed_on(day("2026-05-11")) == Decimal(400)
    assert by_year[6].payable_as_of is None


def test_grant_year_of_the_official_example(figures):
    patent = Patent(Kind.INVENTION, day("1997-06-03"), day("2001-08-01"))
    found = annuities.dues(patent, figures)
    assert annuities.grant_year(patent.filed_on, patent.granted_on) == 5
    assert (found[0].year, found[0].due_on) == (6, day("2002-06-03"))


@pytest.mark.parametrize(
    ("granted", "year"),
    [("2023-03-09", 3), ("2023-03-10", 4), ("2024-03-09", 4), ("2020-03-10", 1), ("2040-03-09", 20)],
)
def test_grant_year_changes_on_the_anniversary(granted, year):
    assert annuities.grant_year(day("2020-03-10"), day(granted)) == year


@pytest.mark.parametrize(
    ("kind", "filed", "last"),
    [
        (Kind.UTILITY_MODEL, "1999-09-06", "2009-09-05"),
        (Kind.DESIGN, "2021-05-31", "2031-05-30"),
        (Kind.DESIGN, "2021-06-01", "2036-05-31"),
        (Kind.INVENTION, "2018-03-01", "2038-02-28"),
        (Kind.INVENTION, "2024-02-29", "2044-02-28"),
        (Kind.UTILITY_MODEL, "2024-02-29", "2034-02-27"),
        (Kind.INVENTION, "2016-10-02", "2036-10-01"),  # a holiday: the term does not roll
    ],
)
def test_last_day_of_the_term(figures, kind, filed, last):
    assert annuities.last_day(kind, day(filed), figures) == day(last)


@pytest.mark.parametrize(
    ("kind", "filed", "last_year"),
    [
        (Kind.INVENTION, "2020-01-06", 20),
        (Kind.UTILITY_MODEL, "2020-01-06", 10),
        (Kind.DESIGN, "2020-01-06", 10),
        (Kind.DESIGN, "2022-01-06", 15),
    ],
)
def test_no_annuity_beyond_the_term(figures, kind, filed, last_year):
    rows = annuities.dues(Patent(kind, day(filed), add_months(day(filed), 8)), figures)
    assert [row.year for row in rows] == list(range(2, last_year + 1))


@pytest.mark.parametrize(
    ("kind", "filed", "share", "expected"),
    [
        (Kind.INVENTION, "2020-01-06", "0", [900, 1200, 2000, 4000, 6000, 8000]),
        (Kind.INVENTION, "2020-01-06", "0.70", [270, 360, 600, 1200, 1800, 2400]),
        (Kind.INVENTION, "2020-01-06", "0.85", [135, 180, 300, 600, 900, 1200]),
        (Kind.DESIGN, "2022-01-06", "0", [600, 900, 1200, 2000, 3000]),
        (Kind.DESIGN, "2022-01-06", "0.85", [90, 135, 180, 300, 450]),
        (Kind.UTILITY_MODEL, "2022-01-06", "0.85", [90, 135, 180, 300]),
    ],
)
def test_amounts_of_the_official_tables(figures, kind, filed, share, expected):
    amounts = figures.full[kind].known(day(filed))
    steps = list(dict.fromkeys(amounts))
    assert [annuities.reduced(full, Decimal(share)) for full in steps] == [Decimal(yuan) for yuan in expected]


def test_every_annuity_of_the_collected_tables(figures):
    if not TABLE.exists():
        pytest.skip("the collected fee tables are not beside the project")
    rows = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    assert len(rows) >= 120
    for row in rows:
        amounts = figures.full[KINDS[row["kind"]]].known(day("2015-06-11"))
        assert amounts[int(row["year"]) - 1] == Decimal(row["yuan"]), row


def test_reduction_lasted_six_years_for_fees_due_before_august_2018(figures):
    patent = Patent(Kind.INVENTION, day("2005-05-10"), day("2008-09-01"), SINGLE)  # granted in year 4
    reasons = {row.year: row.reduced_by for row in annuities.dues(patent, figures)}
    assert [year for year, why in reasons.items() if why == ReducedBy.FEE_REDUCTION] == [5, 6, 7, 8, 9]


def test_better_of_two_reductions_is_taken_and_never_both(figures):
    patent = Patent(Kind.INVENTION, day("2020-03-10"), day("2023-05-20"), JOINT, day("2026-01-01"), None)
    by_year = {row.year: row for row in annuities.dues(patent, figures)}
    assert (by_year[10].payable, by_year[10].reduced_by) == (Decimal(1200), ReducedBy.FEE_REDUCTION)
    assert (by_year[16].payable, by_year[16].reduced_by) == (Decimal(6800), ReducedBy.OPEN_LICENCE)


def test_open_licence_cuts_nothing_before_its_law(figures):
    patent = Patent(Kind.INVENTION, day("2018-07-14"), day("2021-05-20"), open_licence_from=day("2021-06-01"))
    by_year = {row.year: row.reduced_by for row in annuities.dues(patent, figures)}
    assert (by_year[7], by_year[8]) == (ReducedBy.NONE, ReducedBy.OPEN_LICENCE)  # due 2024-07-14 and 2025-07-14


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"granted_on": "2020-03-09"}, "granted_on", "before_filing"),
        ({"granted_on": "2040-03-10"}, "granted_on", "after_term"),
        ({"filed_on": "1992-12-31"}, "filed_on", "before_known_law"),
        ({"filed_on": "2201-01-01"}, "filed_on", "too_late"),
        ({"open_licence_to": "2026-01-01"}, "open_licence_to", "without_start"),
        (
            {"open_licence_from": "2026-01-02", "open_licence_to": "2026-01-01"},
            "open_licence_to",
            "before_start",
        ),
    ],
)
def test_impossible_facts_are_named(figures, facts, field, reason):
    days = {"filed_on": "2020-03-10", "granted_on": "2023-05-20", **facts}
    patent = Patent(Kind.INVENTION, **{name: day(text) for name, text in days.items()})
    with pytest.raises(Impossible) as raised:
        annuities.schedule(patent, figures)
    assert (raised.value.field, raised.value.reason) == (field, reason)


@pytest.mark.parametrize("share", ["1", "-0.1", "1.5"])
def test_reduction_that_is_no_share_is_impossible(figures, share):
    with pytest.raises(Impossible, match="no_share"):
        annuities.check(Patent(Kind.INVENTION, day("2020-03-10"), day("2023-05-20"), Decimal(share)), figures)


def test_shortfall_is_that_of_the_later_payment_day(figures):
    # 审查指南 5-9 §4.2.1.3: 45 owed, 25 paid, 90 owed a month later: 65 to add.
    year = year_of(figures, "2026-03-10", 900)
    paid = [(day("2026-05-08"), Decimal(925))]
    assert annuities.shortfall(year, paid, day("2026-05-08")) == Decimal(20)
    assert annuities.shortfall(year, paid, day("2026-05-20")) == Decimal(65)
    assert annuities.shortfall(year, paid, day("2026-09-11")) is None


def test_shortfall_of_what_was_complete_on_its_day_is_nothing(figures):
    year = year_of(figures, "2026-03-10", 900)
    assert annuities.shortfall(year, [(day("2026-04-10"), Decimal(900))], day("2027-01-01")) == 0
    assert annuities.shortfall(year, [(day("2026-04-11"), Decimal(900))], day("2026-04-11")) == Decimal(45)
    assert annuities.shortfall(year, [], day("2026-03-10")) == Decimal(900)


def test_restoration_costs_arrears_highest_surcharge_and_the_fee(figures):
    year = year_of(figures, "2026-03-10", 2000, 300)
    assert annuities.restoration_cost(year, figures, day("2026-10-20")) == Decimal(300 + 500 + 1000)


def test_windows_are_provisional_where_no_official_table_is_known(figures):
    assert annuities.windows(day("2025-12-03"), Decimal(900), figures).is_provisional is False
    assert annuities.windows(day("2045-12-03"), Decimal(900), figures).is_provisional is True


facts_of_patents = some.builds(
    lambda kind, filed, months, days, share, opened, lasts: (kind, filed, months, days, share, opened, lasts),
    some.sampled_from(list(Kind)),
    some.dates(dt.date(1993, 1, 1), dt.date(2060, 12, 31)),
    some.integers(0, 119),
    some.integers(0, 27),
    some.sampled_from([Decimal(0), JOINT, SINGLE]),
    some.none() | some.integers(0, 7000),
    some.none() | some.integers(0, 4000),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=facts_of_patents)
def test_schedule_always_holds_together(figures, facts):
    kind, filed, months, days, share, opened, lasts = facts
    granted = add_months(filed, months) + dt.timedelta(days=days)
    start = None if opened is None else filed + dt.timedelta(days=opened)
    end = None if start is None or lasts is None else start + dt.timedelta(days=lasts)
    patent = Patent(kind, filed, granted, share, start, end)
    if granted > annuities.last_day(kind, filed, figures):
        with pytest.raises(Impossible):
            annuities.schedule(patent, figures)
        return
    found = annuities.schedule(patent, figures)
    assert found.total_payable == sum(row.payable for row in found.years)
    assert all(row.due_on > granted for row in found.years)
    assert all(before.due_on < after.due_on for before, after in zip(found.years, found.years[1:], strict=False))
    for row in found.years:
        assert 0 < row.payable <= row.full
        assert (row.payable == row.full) == (row.reduced_by == ReducedBy.NONE)
        windows = row.windows
        assert windows.target_on <= row.due_on <= windows.legal_on < windows.bands[0].last
        assert len(windows.bands) == 6
        assert windows.bands[0].first == windows.legal_on + dt.timedelta(days=1)
        for number, band in enumerate(windows.bands, start=1):
            assert band.first <= band.last
            assert band.surcharge == row.full * (number - 1) * 5 / 100
            assert not figures.calendar.is_office_rest(band.last)
            assert add_months(row.due_on, number) <= band.last
        assert windows.lapses_on == windows.bands[-1].last + dt.timedelta(days=1)
        assert row.owed_on(windows.lapses_on) is None
        assert row.owed_on(windows.bands[-1].last) == row.payable + windows.bands[-1].surcharge
    assert row_ends_in_term(found)


def row_ends_in_term(found: annuities.Schedule) -> bool:
    return not found.years or found.years[-1].due_on <= found.last_day
