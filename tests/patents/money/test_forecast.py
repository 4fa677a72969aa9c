"""The forecast: equal to the engine, adds up, saves what it says, invents nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patents import annuities
from patents.annuities import AnnuityLaw, Patent
from patents.forecast import Certainty, Fact, Fees, Gap, Shapes, Sort, Stated, forecast
from patents.numbers import Kind
from patents.timeline import Dated, Timeline, always
from portal.workdays import Calendar

TODAY, CUT, DAY = dt.date(2026, 11, 22), dt.date(2021, 6, 1), dt.timedelta(days=1)
D = Decimal


def table(*runs):
    return tuple(D(yuan) for yuan, count in runs for _n in range(count))


SHORT = table((600, 3), (900, 2), (1200, 3), (2000, 2))
LAW = AnnuityLaw(
    terms={
        Kind.INVENTION: always(20),
        Kind.UTILITY_MODEL: always(10),
        Kind.DESIGN: Timeline([Dated(dt.date(1993, 1, 1), CUT - DAY, 10), Dated(CUT, None, 15)]),
    },
    full={
        Kind.INVENTION: always(table((900, 3), (1200, 3), (2000, 3), (4000, 3), (6000, 3), (8000, 5))),
        Kind.UTILITY_MODEL: always(SHORT),
        Kind.DESIGN: always(SHORT + table((3000, 5))),
    },
    reduced_years=Timeline([Dated(dt.date(2016, 9, 1), dt.date(2018, 7, 31), 6), Dated(dt.date(2018, 8, 1), None, 10)]),
    open_licence=Timeline([Dated(dt.date(2024, 7, 15), None, D("0.15"))]),
    surcharges=always(tuple(map(D, ("0", "0.05", "0.10", "0.15", "0.20", "0.25")))),
    restoration=always(D(1000)),
    calendar=Calendar({}, {}, [2026]),
)  # fmt: skip
FEES = Fees(LAW, renewal=always(D(450)), late_renewal=always(D(225)), compensation=always(D(8000)))


def fact(**extra):
    values = {"kind": "invention", "filed_on": dt.date(2020, 3, 10), "granted_on": dt.date(2023, 5, 20), **extra}
    return Fact("R1", **values)


def run(*facts, stated=(), settled=frozenset(), on=TODAY):
    return forecast(facts, stated, set(settled), FEES, on)


@st.composite
def patents(draw):
    kind = draw(st.sampled_from(list(Kind)))
    filed_on = draw(st.dates(dt.date(2010, 1, 1), dt.date(2026, 10, 1)))
    granted_on = filed_on + dt.timedelta(days=draw(st.integers(0, 2500)))
    opened = draw(st.none() | st.dates(dt.date(2023, 1, 1), dt.date(2030, 1, 1)))
    until = opened and draw(st.none() | st.just(opened + dt.timedelta(days=900)))
    return Patent(kind, filed_on, granted_on, draw(st.sampled_from([D(0), D("0.70"), D("0.85")])), opened, until)


def fact_of(patent, number="R1", **extra):
    return Fact(
        number, patent.kind, "CN", patent.filed_on, patent.granted_on, None, patent.reduction,
        patent.open_licence_from, patent.open_licence_to, **extra,
    )  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(patents(), min_size=1, max_size=12))
def test_shapes_give_what_the_engine_gives_for_each_patent(several):
    shapes = Shapes(LAW)
    for patent in several:
        words = [(due.year, due.full, due.payable, due.reduced_by) for due in shapes.dues(patent)]
        assert words == [(due.year, due.full, due.payable, due.reduced_by) for due in annuities.dues(patent, LAW)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(patents(), min_size=1, max_size=12), st.sampled_from([TODAY, dt.date(2019, 3, 1), dt.date(2024, 7, 15)])
)
def test_rights_cost_together_what_each_costs_alone(several, on):
    facts = [fact_of(patent, f"R{place}", paid_year=1) for place, patent in enumerate(several)]
    together = run(*facts, on=on)
    assert together.costs == {one.number: run(one, on=on).costs[one.number] for one in facts}


@settings(max_examples=200, deadline=None)
@given(patents())
def test_the_years_sum_up_to_the_schedule(patent):
    start = patent.filed_on  # nothing has fallen due, so that all of the schedule lies ahead
    found = run(fact_of(patent), on=start)
    total = annuities.schedule(patent, LAW).total_payable
    assert found.total() == total == sum(found.by_year().values())
    assert found.to_term("R1") == total


@settings(max_examples=200, deadline=None)
@given(st.lists(patents(), min_size=1, max_size=8), st.data())
def test_a_scenario_saves_the_difference_it_shows(several, data):
    facts = [fact_of(patent, f"R{place}") for place, patent in enumerate(several)]
    found = run(*facts)
    numbers = data.draw(st.sets(st.sampled_from([one.number for one in facts])))
    drops = {number: data.draw(st.integers(2026, 2046)) for number in numbers}
    assert found.total() - found.total(drops) == found.saving(drops)
    differences = [a - b for a, b in zip(found.by_year().values(), found.by_year(drops).values(), strict=True)]
    assert sum(differences) == found.saving(drops)
    months = [sum(one.values()) for one in found.months(2027, drops)]
    assert sum(months) == found.by_year(drops).get(2027, 0)


def test_the_example_of_the_rules_costs_300_in_year_7_and_6000_in_year_14():
    found = run(fact(reduction=D("0.85")), on=dt.date(2026, 1, 1))
    by_year = {cost.patent_year: cost for cost in found.costs["R1"]}
    assert (by_year[7].amount, by_year[7].year, by_year[7].month) == (300, 2026, 3)
    assert by_year[14].amount == 6000 and by_year[14].year == 2033
    assert by_year[13].amount == 900
    assert max(by_year) == 20


def test_an_annuity_known_to_be_unpaid_carries_its_surcharge_into_this_month():
    late = fact(reduction=D("0.85"), paid_year=6)
    first = run(late, on=dt.date(2026, 5, 11)).costs["R1"][0]
    assert (first.amount, first.year, first.month) == (400, 2026, 5)
    assert run(late, on=dt.date(2026, 5, 12)).costs["R1"][0].amount == 500
    assert run(late, on=dt.date(2026, 9, 11)).costs["R1"][0].patent_year == 8  # too late: restoration only
    assert run(fact(paid_year=8)).costs["R1"][0].patent_year == 9


def test_no_annuity_beyond_the_term():
    model = fact(kind="utility_model", filed_on=dt.date(2016, 12, 1), granted_on=dt.date(2017, 8, 1))
    assert run(model).costs["R1"] == ()
    design = fact(kind="design", filed_on=dt.date(2021, 6, 1), granted_on=dt.date(2022, 1, 1))
    assert max(cost.year for cost in run(design).costs["R1"]) == 2035


def test_an_open_licence_takes_15_percent_and_the_better_cut_counts():
    opened = fact(open_from=dt.date(2025, 1, 1), filed_on=dt.date(2017, 7, 20), granted_on=dt.date(2020, 3, 6))
    assert run(opened).costs["R1"][0].amount == 3400
    both = fact(open_from=dt.date(2025, 1, 1), reduction=D("0.85"))
    assert run(both).costs["R1"][0].reduced_by == "fee_reduction"


def test_compensated_years_cost_8000_each_once_before_the_twenty_years_end():
    def cost(ends_on):
        found = run(fact(filed_on=dt.date(2018, 3, 1), granted_on=dt.date(2023, 9, 1), ends_on=ends_on))
        return [one for one in found.costs["R1"] if one.sort == Sort.COMPENSATION]

    assert cost(dt.date(2039, 2, 13)) == []  # 350 days: part of a year is free
    assert cost(dt.date(2038, 2, 28)) == []
    two = cost(dt.date(2040, 3, 15))
    assert [(one.amount, one.year, one.month) for one in two] == [(16000, 2038, 2)]


def test_a_trademark_is_renewed_by_class_and_only_estimated():
    mark = fact(kind="trademark", filed_on=None, granted_on=dt.date(2016, 12, 28), classes=3)
    found = run(mark).costs["R1"]
    assert [(one.year, one.month, one.amount, one.certainty) for one in found] == [
        (2026, 12, 1350, Certainty.ESTIMATED),
        (2036, 12, 1350, Certainty.ESTIMATED),
        (2046, 12, 1350, Certainty.ESTIMATED),
    ]
    late = run(mark, on=dt.date(2027, 6, 1)).costs["R1"][0]
    assert (late.year, late.month, late.amount) == (2027, 6, 2025)
    assert run(mark, on=dt.date(2027, 6, 28)).costs["R1"][0].year == 2036


def test_nothing_is_invented_for_rights_abroad_and_for_applications():
    found = run(fact(kind="foreign_patent", country="US"))
    assert (found.gaps, found.to_term("R1")) == ({"R1": Gap.NOT_STATED}, None)
    assert run(fact(granted_on=None)).gaps == {"R1": Gap.NOT_GRANTED}
    assert run(fact(granted_on=dt.date(2019, 1, 1))).gaps == {"R1": Gap.INCOMPLETE}
    assert run(fact(filed_on=None)).gaps == {"R1": Gap.INCOMPLETE}
    assert run(fact(kind="software")).gaps == {}
    stated = Stated("R1", "foreign", None, dt.date(2027, 4, 1), D(9000), False)
    found = run(fact(kind="foreign_patent", country="US"), stated=[stated])
    assert (found.gaps, found.total()) == ({}, 9000)


def test_what_was_entered_goes_before_what_is_computed_and_what_was_paid_falls_away():
    estimate = Stated("R1", "annuity", 8, dt.date(2027, 3, 10), D(111), False)
    obligation = Stated("R1", "annuity", 8, dt.date(2027, 3, 12), D(222), True)
    first = run(fact(), stated=[obligation, estimate]).costs["R1"][0]
    assert (first.amount, first.certainty, first.patent_year) == (222, Certainty.DUE, 8)
    paid = run(fact(), stated=[obligation], settled={("R1", "annuity", 8)}).costs["R1"]
    assert paid[0].patent_year == 9


def test_five_thousand_rights_run_the_engine_a_few_hundred_times():
    shapes = Shapes(LAW)
    for place in range(5000):
        filed_on = dt.date(2012, 1, 1) + dt.timedelta(days=place)
        if (filed_on.month, filed_on.day) != (2, 29):
            shapes.dues(Patent(Kind.INVENTION, filed_on, filed_on + dt.timedelta(days=900), D("0.85")))
    assert shapes.runs < 150


@pytest.mark.parametrize("drops", [{}, {"R1": 2030}, {"unknown": 2027}])
def test_years_have_no_holes(drops):
    years = list(run(fact()).by_year(drops))
    assert years == list(range(2026, 2040))
