"""A period that the engine could not count is refused before it is saved."""

import datetime as dt

import pytest

from patents.rule_checks import check_period
from portal import rule_changes
from portal.errors import RuleBroken
from portal.models import Rule


def row(code: str, value: object, unit: str) -> Rule:
    return Rule(code=code, value=value, unit=unit, effective_from=dt.date(2027, 1, 1))


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("period.tm_opposition", 2, "month"),
        ("period.fee_reduction_request", 2.5, "month"),
        ("delivery.patent.electronic", 0, "day"),
        ("patent.annuity.invention", {"1-3": 900}, "cny"),
    ],
)
def test_figure_that_can_be_counted_passes(code, value, unit):
    check_period(row(code, value, unit))


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("period.tm_opposition", "two", "month"),
        ("period.tm_opposition", 0, "month"),
        ("period.tm_opposition", -1, "month"),
        ("period.tm_opposition", 2.3, "month"),
        ("period.tm_opposition", [2], "month"),
        ("period.tm_opposition", True, "month"),
        ("period.tm_opposition", 2, "cny"),
        ("period.tm_opposition", 2, ""),
        ("period.tm_opposition", 101, "year"),
        ("period.tm_opposition", 1e308, "day"),
        ("period.unheard_of", 2, "month"),
        ("delivery.patent.post", None, "day"),
    ],
)
def test_figure_that_cannot_be_counted_is_refused(code, value, unit):
    with pytest.raises(RuleBroken):
        check_period(row(code, value, unit))


def test_portal_asks_before_a_preview():
    with pytest.raises(RuleBroken):
        rule_changes.preview(rule_changes.Proposal(rows=(row("period.tm_opposition", "two", "month"),)))
