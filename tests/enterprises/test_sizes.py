"""Size classes: every vector of the rules, every limit of the sixteen industries, and what must always hold."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from enterprises import size_law
from enterprises.sizes import Industry, Measure, Size, classify
from tests.factories.sizes import SIZES

pytestmark = pytest.mark.django_db
TABLE = {  # staff X, revenue Y, assets Z; upper, medium, small
    "agriculture": ("Y20000", "Y500", "Y50"),
    "industry": ("X1000 Y40000", "X300 Y2000", "X20 Y300"),
    "construction": ("Y80000 Z80000", "Y6000 Z5000", "Y300 Z300"),
    "wholesale": ("X200 Y40000", "X20 Y5000", "X5 Y1000"),
    "retail": ("X300 Y20000", "X50 Y500", "X10 Y100"),
    "transport": ("X1000 Y30000", "X300 Y3000", "X20 Y200"),
    "storage": ("X200 Y30000", "X100 Y1000", "X20 Y100"),
    "post": ("X1000 Y30000", "X300 Y2000", "X20 Y100"),
    "lodging": ("X300 Y10000", "X100 Y2000", "X10 Y100"),
    "catering": ("X300 Y10000", "X100 Y2000", "X10 Y100"),
    "information": ("X2000 Y100000", "X100 Y1000", "X10 Y100"),
    "software": ("X300 Y10000", "X100 Y1000", "X10 Y50"),
    "real_estate": ("Y200000 Z10000", "Y1000 Z5000", "Y100 Z2000"),
    "property": ("X1000 Y5000", "X300 Y1000", "X100 Y500"),
    "leasing": ("X300 Z120000", "X100 Z8000", "X10 Z100"),
    "other": ("X300", "X100", "X10"),
}
NAMES = {"X": Measure.STAFF, "Y": Measure.REVENUE, "Z": Measure.ASSETS}


def limits(text: str) -> dict[Measure, Decimal]:
    return {NAMES[part[0]]: Decimal(part[1:]) for part in text.split()}


def size(industry: str, staff: int = 0, revenue: int = 0, assets: int = 0) -> str:
    values = {Measure.STAFF: Decimal(staff), Measure.REVENUE: Decimal(revenue), Measure.ASSETS: Decimal(assets)}
    return size_law.size_of(Industry(industry), values).size


@pytest.mark.parametrize("industry", list(Industry))
def test_limits_are_those_of_the_standard(industry):
    found = size_law.bounds(industry)
    assert [dict(found.upper), dict(found.medium), dict(found.small)] == [limits(text) for text in TABLE[industry]]
    assert size_law.rule(industry).status == "secondary"
    assert "2011" in size_law.rule(industry).note


@pytest.mark.parametrize(("industry", "staff", "revenue", "wanted"), SIZES)
def test_vector_of_the_rules(industry, staff, revenue, wanted):
    assert size(industry, staff, revenue) == wanted


@pytest.mark.parametrize("industry", list(Industry))
def test_every_limit_counts_from_the_figure_itself(industry):
    found = size_law.bounds(industry)
    classes = ((found.upper, Size.LARGE), (found.medium, Size.MEDIUM), (found.small, Size.SMALL))
    for bounds, reached in classes:
        values = {measure: bounds.get(measure, Decimal(0)) for measure in Measure}
        at_limit = classify(found, values).size
        assert at_limit == reached
        for measure in bounds:
            under = classify(found, {**values, measure: values[measure] - 1})
            assert under.size != reached
            assert not all(check.is_reached for check in under.checks if check.size == reached)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    industry=some.sampled_from(list(Industry)),
    figures=some.tuples(*[some.integers(0, 300_000)] * 3),
    more=some.tuples(*[some.integers(0, 50_000)] * 3),
)
def test_growing_never_makes_an_enterprise_smaller(industry, figures, more):
    order = list(Size)
    before = size(industry, *figures)
    after = size(industry, *[have + add for have, add in zip(figures, more, strict=True)])
    assert order.index(Size(after)) >= order.index(Size(before))


def test_reasons_name_every_comparison_and_the_basis():
    values = {Measure.STAFF: Decimal(350), Measure.REVENUE: Decimal("1500.50")}
    result = size_law.size_of(Industry.INDUSTRY, values)
    words = size_law.reasons(Industry.INDUSTRY, result)
    assert len(words) == 1 + 6 + 1 + 1
    assert "1500.5" in words[4]
    assert "2011" in words[-1]
