"""A proposed figure or year is seen on the dates of rights before it is saved, and moves them afterwards."""

import datetime as dt

import pytest

from patents.dates import recompute
from portal import rule_changes, rules
from portal.models import Deadline, HolidayYear, Organisation, Rule, User
from portal.rule_changes import Proposal, state_of
from portal.rules import YearTable
from tests.patents.dates.world import make_right

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    rules.forget()
    yield
    rules.forget()


def test_days_off_of_a_year_move_an_annuity_in_the_preview_and_then_in_fact(
    organisation: Organisation, administrator: User, frozen
):
    frozen(dt.datetime(2026, 11, 22, 10, 0))
    right = make_right(organisation, filed_on=dt.date(2020, 3, 10), paid_year=7)
    recompute.of_rights([right.pk])
    row = Deadline.objects.open().get(subject_number=right.number, nominal_on=dt.date(2027, 3, 10))
    table = YearTable(2027, {dt.date(2027, 3, 10): "示例"}, {}, "示例通知")
    found = rule_changes.preview(Proposal(years=(table,)))
    assert [(move.old_on, move.new_on) for move in found.moves] == [(dt.date(2027, 3, 10), dt.date(2027, 3, 11))]
    row.refresh_from_db()
    assert row.legal_on == dt.date(2027, 3, 10)
    year = HolidayYear.objects.get(year=2027)
    rule_changes.save_year(table, by=administrator, reason="示例", expects=state_of(year))
    recompute.of_rights([right.pk])
    row.refresh_from_db()
    assert row.legal_on == dt.date(2027, 3, 11)


def test_length_of_a_period_moves_only_its_own_dates(organisation: Organisation, frozen):
    frozen(dt.datetime(2026, 11, 22, 10, 0))
    right = make_right(organisation)
    recompute.of_rights([right.pk])
    old = Rule.objects.get(code="period.reexamination_request", status="verified")
    fields = {name: getattr(old, name) for name in (*rule_changes.CHANGEABLE, "code", "effective_from")}
    assert rule_changes.preview(Proposal(rows=(Rule(**{**fields, "value": 5}),))).moves == []
