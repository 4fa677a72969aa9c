"""Rights counted together cost what they cost one by one, to the cent, month by month."""

import datetime as dt
import math
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.exceptions import RedisError

from patents import outlook
from patents.forecast import Certainty, Sums
from patents.forecast import summed as summed_up
from patents.models import MoneyEntry, Right
from patents.pooling import pools_of
from portal import kept, rules
from portal.models import Rule
from tests.factories.rights import right_values

DAYS = st.dates(dt.date(1994, 1, 1), dt.date(2026, 11, 30))
TODAYS = [dt.date(2026, 11, 22), dt.date(2026, 1, 1), dt.date(2028, 2, 29), dt.date(2027, 8, 31), dt.date(2026, 12, 31)]
LEAP = dt.date(2016, 2, 29)
KINDS = ["invention", "utility_model", "design", "trademark", "foreign_patent"]


@st.composite
def facts(draw):
    filed_on = draw(st.none() | st.just(LEAP) | DAYS)
    start = filed_on or dt.date(2020, 1, 1)
    opened = draw(st.none() | st.none() | st.dates(dt.date(2024, 1, 1), dt.date(2028, 1, 1)))
    return {
        "kind": draw(st.sampled_from(KINDS)),
        "country": draw(st.sampled_from(["CN", "CN", "CN", "US"])),
        "filed_on": filed_on,
        "granted_on": draw(st.none() | st.just(LEAP) | st.integers(-20, 4000).map(lambda n: start + dt.timedelta(n))),
        "expires_on": draw(st.none() | st.integers(3000, 9500).map(lambda n: start + dt.timedelta(n))),
        "reduction": draw(st.sampled_from(["0", "0.70", "0.85"])),
        "reduction_from": draw(st.none() | st.none() | st.integers(1, 20)),
        "paid_year": draw(st.none() | st.integers(0, 21)),
        "classes": draw(st.lists(st.sampled_from(["9", "42", "35"]), unique=True)),
        "status": draw(st.sampled_from(["granted", "granted", "granted", "in_grace", "pending"])),
        "open_licence_from": opened,
        "open_licence_to": opened and draw(st.none() | st.just(opened + dt.timedelta(500))),
    }


def summed(found, drops={}):  # noqa: B006 - never changed
    """The costs of a forecast by what may be told apart in sums."""
    sums = {}
    for cost in found.kept(drops):
        key = (cost.year, cost.month, cost.sort, cost.certainty)
        amount, full = sums.get(key, (0, 0))
        sums[key] = (amount + cost.amount, full + cost.full)
    return sums


def of_pools(rights, law, day):
    return outlook.forecast([], [], set(), law, day, summed_up(pools_of(rights, law, day), law, day))


def write(organisation, several):
    Right.objects.all().delete()
    rows = [right_values(organisation, **values) for values in several]
    for place, row in enumerate(rows):
        row.update(identity=f"test:{place}", number=f"T{place:09}")
    return Right.objects.bulk_create([Right(**row) for row in rows])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(facts(), min_size=1, max_size=30), st.sampled_from(TODAYS))
def test_pooled_rights_cost_what_they_cost_alone(organisation, applicant, several, day):
    write(organisation, several)
    rights, law = outlook.rights_of(organisation, applicant), outlook.fees()
    alone = outlook.of_rights(rights, applicant, day)
    pooled = of_pools(rights, law, day)
    assert summed(pooled) == summed(alone)
    assert (pooled.count, pooled.gap_counts) == (alone.count, alone.gap_counts)
    assert (pooled.by_year(), pooled.reductions()) == (alone.by_year(), alone.reductions())


@pytest.mark.parametrize("day", TODAYS)
def test_every_day_of_some_years_is_pooled_rightly(organisation, applicant, day):
    """Around each edge: filings, renewals and ends on every single day."""
    first = dt.date(day.year - 10, 1, 1)
    days = [first + dt.timedelta(days=place) for place in range(740)]
    paid = {"invention": None, "design": 11, "trademark": None}
    several = [
        {"kind": kind, "filed_on": on, "granted_on": on + dt.timedelta(900), "paid_year": year, "reduction": "0.85"}
        for on in days
        for kind, year in paid.items()
    ]
    write(organisation, several)
    rights, law = outlook.rights_of(organisation, applicant), outlook.fees()
    alone = outlook.of_rights(rights, applicant, day)
    pools = pools_of(rights, law, day)
    assert summed(of_pools(rights, law, day)) == summed(alone)
    assert len(pools) < len(several) / 6


def test_rights_with_entries_of_their_own_stand_alone(organisation, applicant, frozen):
    frozen("2026-11-22 10:00")
    rights = write(organisation, [{"kind": "invention", "filed_on": dt.date(2020, 3, day)} for day in range(1, 9)])
    on, values = dt.date(2027, 3, 1), {"code": "annuity", "year": 8, "amount": Decimal("55.50")}
    MoneyEntry.objects.create(right=rights[0], stage="obligation", on=on, **values)
    MoneyEntry.objects.create(right=rights[1], stage="payment", on=dt.date(2026, 11, 1), **values)
    drops = {rights[2].number: 2029}
    alone = outlook.of_organisation(organisation, applicant)
    found = outlook.in_sum(organisation, applicant, numbers=drops)
    assert set(found.costs) == {row.number for row in rights[:3]}
    assert found.count == len(rights)
    assert found.by_year(drops) == alone.by_year(drops)
    assert found.saving(drops) == alone.saving(drops)
    assert found.months(2027) == alone.months(2027)
    assert found.months(2027)[2][Certainty.DUE] > 0


def test_rights_on_the_page_are_counted_once(organisation, applicant, frozen):
    frozen("2026-11-22 10:00")
    several = [
        {"kind": kind, "filed_on": dt.date(2020, 3, day), "granted_on": granted}
        for day in range(1, 6)
        for kind, granted in (("invention", dt.date(2022, 5, 1)), ("design", None), ("trademark", dt.date(2021, 1, 1)))
    ]
    rights = write(organisation, several)
    drops = {rights[0].number: 2029, rights[2].number: 2027, rights[4].number: 2028}
    alone = outlook.of_organisation(organisation, applicant)
    found = outlook.in_sum(organisation, applicant, rows=rights[:4], numbers=drops)
    assert set(found.costs) == found.inside == {row.number for row in rights[:5]}
    assert (found.count, found.gap_counts) == (alone.count, alone.gap_counts)
    assert {number: found.costs[number] for number in drops} == {number: alone.costs[number] for number in drops}
    for lost in ({}, drops):
        assert summed(found, lost) == summed(alone, lost)
        assert (found.total(lost), found.by_year(lost)) == (alone.total(lost), alone.by_year(lost))
    assert (found.saving(drops), found.reductions()) == (alone.saving(drops), alone.reductions())


def test_sums_are_computed_anew_only_after_a_change(
    organisation, applicant, frozen, monkeypatch, django_assert_num_queries
):
    frozen("2026-11-22 10:00")
    monkeypatch.setattr(rules, "KEPT_SECONDS", math.inf)  # a slow machine does not read the book again
    outlook.in_sum(organisation, applicant)  # the rules are read
    for count in (3, 60):
        rows = write(
            organisation, [{"kind": "invention", "filed_on": dt.date(2019, 1, 1 + n % 28)} for n in range(count)]
        )
        with django_assert_num_queries(3):
            before = outlook.in_sum(organisation, applicant)
        with django_assert_num_queries(2):
            assert outlook.in_sum(organisation, applicant).pooled == before.pooled != Sums()
        assert before.count == count
        Right.objects.filter(pk=rows[0].pk).update(reduction="0.85")
        with django_assert_num_queries(3):
            after = outlook.in_sum(organisation, applicant)
        assert after.total() < before.total() and after.count == count
        Right.objects.filter(pk=rows[1].pk).delete()
        assert outlook.in_sum(organisation, applicant).count == count - 1
    frozen("2027-11-22 10:00")
    assert outlook.in_sum(organisation, applicant).total() < after.total()


@pytest.fixture
def _book_is_read_anew():
    yield
    rules.forget()


@pytest.mark.usefixtures("_book_is_read_anew")
def test_a_changed_rule_changes_the_sums(organisation, applicant, frozen):
    frozen("2026-11-22 10:00")
    write(organisation, [{"kind": "invention", "filed_on": dt.date(2019, 1, 1)}])
    before = outlook.in_sum(organisation, applicant).total()
    row = rules.row("patent.annuity.invention")
    Rule.objects.filter(pk=row.pk).update(value={years: yuan * 2 for years, yuan in row.value.items()})
    rules.forget()
    assert outlook.in_sum(organisation, applicant).total() > before


def test_a_cache_that_is_away_costs_the_page_nothing(organisation, applicant, frozen, monkeypatch):
    frozen("2026-11-22 10:00")
    write(organisation, [{"kind": "invention", "filed_on": dt.date(2019, 1, 1)}])

    def away(*_args, **_more):
        raise RedisError

    for name in ("get", "set"):
        monkeypatch.setattr(kept.cache, name, away)
    assert outlook.in_sum(organisation, applicant).total() == outlook.of_organisation(organisation, applicant).total()
