"""Keyset pages: every row once, forwards and backwards, whatever the order and the empty values."""

import datetime as dt

import pytest
from django.test import RequestFactory

from portal.models import Rule
from portal.pagination import BadCursor, Keyset, capped_count, capped_counts

DAY = dt.date(2026, 1, 1)
ORDERS = [
    ("effective_to", "id"),
    ("-effective_to", "-id"),
    ("-effective_to", "id"),
    ("name", "-id"),
    ("-name", "code", "id"),
    ("id",),
]


@pytest.fixture
def rules(db):
    Rule.objects.all().delete()
    Rule.objects.bulk_create(
        Rule(
            code=f"r{n:02}",
            name=f"名{n % 3}",
            value=n,
            basis="-",
            source="-",
            effective_from=DAY,
            effective_to=None if n % 4 == 0 else DAY + dt.timedelta(days=n % 5),
            status="sample",
        )
        for n in range(23)
    )
    return Rule.objects.all()


def walk(rules, order, size):
    """Return all pages forwards, then backwards from the last one."""
    page = Keyset(rules, order, size=size)
    forwards = [[row.pk for row in page]]
    while page.has_next:
        page = Keyset(rules, order, after=page.next_cursor, size=size)
        forwards.append([row.pk for row in page])
    backwards = [forwards[-1]]
    while page.has_previous:
        page = Keyset(rules, order, before=page.previous_cursor, size=size)
        backwards.insert(0, [row.pk for row in page])
    return forwards, backwards


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 7, 23, 50])
def test_pages_hold_every_row_once_both_ways(rules, order, size):
    forwards, backwards = walk(rules, order, size)
    seen = [pk for page in forwards for pk in page]
    assert len(seen) == len(set(seen)) == 23
    assert [pk for page in backwards for pk in page] == seen


def test_rows_without_a_value_stand_last(rules):
    rows = Keyset(rules, ("effective_to", "id"), size=50).rows
    assert [row.effective_to is None for row in rows] == [False] * 17 + [True] * 6
    rows = Keyset(rules, ("-effective_to", "id"), size=50).rows
    assert [row.effective_to is None for row in rows] == [False] * 17 + [True] * 6


def test_page_of_values_rows(rules):
    page = Keyset(rules.values("id", "code"), ("id",), size=3)
    assert [row["code"] for row in Keyset(rules.values("id", "code"), ("id",), page.next_cursor, size=2)] == [
        "r03",
        "r04",
    ]


@pytest.mark.parametrize(
    "cursor", ["x", "????", "W10", "WyJhIl0", "WzFd", "bnVsbA", "eyJhIjoxfQ", "WyJhIiwgIlx1MDAwMCJd"]
)
def test_spoilt_cursor_is_refused_and_a_request_begins_anew(rules, cursor):
    with pytest.raises(BadCursor):
        Keyset(rules, ("effective_to", "id"), after=cursor).rows  # noqa: B018
    page = Keyset.of_request(RequestFactory().get("/", {"after": cursor}), rules, ("effective_to", "id"), size=5)
    assert page.rows[0].pk == Keyset(rules, ("effective_to", "id"), size=5).rows[0].pk


def test_only_the_first_column_may_be_empty(rules):
    with pytest.raises(ValueError, match="first"):
        Keyset(rules, ("name", "effective_to", "id"))


def test_count_stops_at_the_cap(rules):
    assert capped_count(rules, 10) == 10
    assert Keyset(rules, ("id",), size=5, count_cap=20).count == 20
    assert Keyset(rules, ("id",), size=50).count == 23
    assert Keyset(rules, ("id",), size=5, count_cap=0).count is None


def test_numbers_of_rows_are_known_on_the_first_page_only(rules):
    page = Keyset(rules, ("id",), size=5)
    assert (page.first, page.last) == (1, 5)
    assert Keyset(rules, ("id",), after=page.next_cursor, size=5).first is None


def test_several_counts_in_one_statement(rules, django_assert_num_queries):
    with django_assert_num_queries(1):
        counts = capped_counts({"all": rules, "none": rules.none(), "open": rules.filter(effective_to=None)}, 10)
    assert counts == {"all": 10, "none": 0, "open": 6}
    assert capped_counts({"all": rules, "few": rules.filter(effective_to=None)}, 10, along=("id",)) == {
        "all": 10,
        "few": 6,
    }


def test_first_page_costs_one_query(rules, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = Keyset(rules, ("effective_to", "id"), size=5, count_cap=0)
        assert page.rows
        assert page.has_next
        assert not page.has_previous
        assert page.next_cursor


def test_empty_list_has_no_neighbours(db):
    page = Keyset(Rule.objects.none(), ("id",))
    assert (page.rows, page.has_next, page.has_previous, page.count, page.first) == ([], False, False, 0, None)
