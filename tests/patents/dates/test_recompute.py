"""The dates of rights by statements: the same as by the plain engines, the same twice, and never against a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from patents.dates import recompute
from patents.models import Right
from portal.models import Deadline, Organisation, User

from .mirror import Mirror
from .world import make_right, random_rights

Set = Callable[[str], None]
NOW = "2026-11-22 12:00"


def rows_of(right: Right) -> dict[tuple[str, dt.date], tuple[Any, ...]]:
    """Return the open dates of a right in the mirror's shape."""
    return {
        (row.rule_code, row.trigger_on): (
            row.legal_on,
            row.target_on,
            row.grace_on,
            row.amount,
            row.year,
            [(band["from"], band["to"], band["surcharge"]) for band in row.bands],
        )
        for row in Deadline.objects.open().filter(subject_type="right", subject_number=right.number)
    }


def one(right: Right, code: str) -> Deadline:
    return Deadline.objects.open().get(subject_number=right.number, rule_code=f"right.{code}")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_statement_and_engine_agree_on_random_rights(organisation: Organisation, frozen: Set, seed: int) -> None:
    frozen(NOW)
    rights = random_rights(organisation, 250, seed=seed)
    assert recompute.of_organisation(organisation)
    mirror = Mirror(dt.date(2026, 11, 22))
    for right in rights:
        assert rows_of(right) == mirror.dates(right), (seed, right.__dict__)
    assert not recompute.of_organisation(organisation, chunk=40)


def test_annuity_as_in_the_worked_example(organisation: Organisation, frozen: Set) -> None:
    frozen("2026-01-05 12:00")
    right = make_right(organisation, reduction="0.85")
    recompute.of_rights([right])
    row = one(right, "annuity")
    assert (row.year, row.nominal_on, row.legal_on, row.amount) == (
        7, dt.date(2026, 3, 10), dt.date(2026, 3, 10), Decimal("300.00"),
    )  # fmt: skip
    assert [(band["to"], band["surcharge"]) for band in row.bands] == [
        ("2026-04-10", "0.00"), ("2026-05-11", "100.00"), ("2026-06-10", "200.00"),
        ("2026-07-10", "300.00"), ("2026-08-10", "400.00"), ("2026-09-10", "500.00"),
    ]  # fmt: skip
    assert row.needs_evidence and row.grace_on == dt.date(2026, 9, 10)
    assert [str(day) for day in row.remind_days or []] == [
        "2025-12-10", "2026-01-09", "2026-02-08", "2026-02-23", "2026-03-03", "2026-03-09",
        "2026-03-11", "2026-04-11", "2026-05-12", "2026-06-11", "2026-07-11", "2026-08-11",
    ]  # fmt: skip
    assert str(row.remind_at) == "2026-01-09 00:30:00+00:00"


def test_a_paid_year_opens_the_next_and_a_lapse_closes_it(organisation: Organisation, frozen: Set) -> None:
    frozen(NOW)
    right = make_right(organisation, paid_year=7)
    recompute.of_rights([right])
    assert one(right, "annuity").year == 8
    right.paid_year = 8
    right.save()
    moved = recompute.of_rights([right])
    assert one(right, "annuity").year == 9 and moved.cancelled >= 1
    right.status = "lapsed"
    right.save()
    recompute.of_rights([right])
    assert not Deadline.objects.open().filter(subject_number=right.number).exists()


def test_what_a_person_stated_met_or_set_aside_stays(organisation: Organisation, applicant: User, frozen: Set) -> None:
    frozen(NOW)
    right = make_right(organisation)
    recompute.of_rights([right])
    stated = one(right, "annuity")
    Deadline.objects.filter(pk=stated.pk).update(
        overridden_on=dt.date(2026, 12, 31), overridden_by=applicant, overridden_reason="通知书", legal_on="2026-12-31"
    )
    bonus = one(right, "term_end")
    Deadline.objects.filter(pk=bonus.pk).update(cancelled_at="2026-11-22T00:00Z", cancelled_reason="不需要")
    assert not recompute.of_rights([right])
    right.title, right.responsible = "新名称", applicant
    right.save()
    recompute.of_rights([right])
    row = one(right, "annuity")
    assert (row.legal_on, row.title, row.responsible) == (dt.date(2026, 12, 31), "新名称", applicant)
    assert not Deadline.objects.open().filter(subject_number=right.number, rule_code="right.term_end").exists()


@pytest.mark.parametrize(
    ("facts", "code", "evidence"),
    [
        ({"kind": "domain"}, "stated_renewal", True),
        ({"kind": "trademark", "country": "US"}, "stated_renewal", True),
        ({"kind": "foreign_patent", "country": "US"}, "stated_end", False),
        ({"kind": "layout"}, "stated_end", False),
        ({"kind": "plant_variety"}, "stated_end", False),
    ],
)
def test_end_that_was_entered_is_told_of_where_no_rule_computes_one(
    organisation: Organisation, frozen: Set, facts: dict[str, Any], code: str, evidence: bool
) -> None:
    frozen(NOW)
    right = make_right(organisation, **facts, filed_on=None, granted_on=None, expires_on=dt.date(2027, 1, 10))
    recompute.of_rights([right])
    row = one(right, code)
    assert (row.legal_on, row.target_on, row.needs_evidence) == (dt.date(2027, 1, 10), dt.date(2027, 1, 8), evidence)
    assert row.remind_days and row.remind_at
    Right.objects.filter(pk=right.pk).update(status="lapsed")
    recompute.of_rights([right])
    assert not Deadline.objects.open().filter(subject_number=right.number).exists()
