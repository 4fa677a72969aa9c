"""Dates of a dispute: computed from dated rules, reminded of only where somebody answers for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal import reminding, rules
from portal.errors import Denied, RuleBroken
from portal.models import Deadline, Notification, Organisation, Rule, RuleStatus, User
from services.protection.disputes import dates, keeping, periods
from services.protection.models import OverseasDispute

from .making import SERVED, log_of, open_file

pytestmark = pytest.mark.django_db
D = dt.date


def open_dates(dispute: OverseasDispute) -> list[tuple[str, dt.date, bool]]:
    """Return (code, last day, whether it is reminded of) of every open date."""
    rows = dates.of_dispute(dispute).open().order_by("legal_on", "rule_code")
    return [(dates.code_of(row.rule_code), row.legal_on, not dates.is_unconfirmed(row)) for row in rows]


# Worked by hand: the day of the event is not counted; a month ends on its corresponding day.
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [("us_answer", D(2026, 11, 30), True)]),
        ({"forum": "itc"}, [("itc_response", D(2026, 11, 29), True)]),
        (
            {"forum": "upc", "country": "EP"},
            [("upc_preliminary", D(2026, 12, 9), True), ("upc_defence", D(2027, 2, 9), True)],
        ),
        ({"forum": "eu_court", "country": "DE"}, [("de_notice_of_defence", D(2026, 11, 23), False)]),
        ({"forum": "eu_court", "country": "FR"}, []),
        ({"forum": "platform"}, [("platform_evaluation", D(2026, 11, 30), False)]),
        ({"forum": "platform", "right_kind": "design"}, []),
        ({"forum": "office", "side": "owner", "right_kind": "trademark"}, [("us_tm_opposition", D(2026, 12, 9), True)]),
        ({"forum": "office", "right_kind": "trademark"}, [("us_tm_answer", D(2026, 12, 9), True)]),
        (
            {"forum": "office", "side": "owner", "right_kind": "trademark", "country": "EM"},
            [("eu_tm_opposition", D(2027, 2, 9), True)],
        ),
        (
            {"forum": "office", "right_kind": "trademark", "country": "EM"},
            [("eu_tm_cooling_off", D(2027, 1, 9), False)],
        ),
        ({"forum": "office", "side": "owner", "country": "EP"}, [("ep_opposition", D(2027, 8, 9), True)]),
        ({"forum": "office", "country": "EP"}, [("ep_observations", D(2027, 3, 9), False)]),
        ({"forum": "customs", "country": "DE"}, []),
        ({"side": "owner"}, []),
    ],
)  # fmt: skip
def test_periods_run_from_the_day_of_service(
    organisation: Organisation, applicant: User, values: dict[str, Any], expected: list[tuple[str, dt.date, bool]]
) -> None:
    assert open_dates(open_file(organisation, applicant, **values)) == expected


def test_every_period_has_a_dated_sourced_row_and_every_row_a_period() -> None:
    rows = Rule.objects.filter(code__startswith=periods.PREFIX)
    assert set(rows.values_list("code", flat=True)) == {entry.rule_code for entry in periods.ENTRIES.values()}
    assert all(row.basis and row.source and row.status in RuleStatus.values for row in rows)
    for row in rows:
        periods.check_rule(row)
    with pytest.raises(RuleBroken):
        periods.check_rule(Rule(code="dispute.nothing", value=21, unit="day"))
    with pytest.raises(RuleBroken):
        periods.check_rule(Rule(code="dispute.us_answer", value=-1, unit="day"))


def test_date_is_for_the_readers_and_its_arithmetic_in_words(dispute: OverseasDispute, applicant: User) -> None:
    row = dates.of_dispute(dispute).get()
    found = (row.secrecy, row.readers, row.responsible, row.address, row.target_on)
    assert found == ("named", dispute.readers, applicant, f"/disputes/{dispute.number}/", D(2026, 11, 30))
    said = dates.explained(row)
    assert any("21日" in sentence and "2026年11月30日" in sentence for sentence in said["sentences"])
    assert (said["status"], said["is_trusted"], "12" in said["law"]) == ("secondary", True, True)


def test_readers_are_reminded_and_the_link_leads_to_the_dispute(
    dispute: OverseasDispute, applicant: User, colleague: User, frozen: Callable[[str], None]
) -> None:
    frozen("2026-11-23T09:00")  # seven days before
    assert reminding.sweep() == 1
    row = Notification.objects.get(template="date_close")
    assert (row.recipient, row.link) == (applicant, f"/disputes/{dispute.number}/")
    assert row.values["rule"] == {"zh": "提交答辩状", "en": "File the answer"}


def test_unverified_figure_acts_on_nothing_until_a_person_confirms(
    organisation: Organisation, applicant: User, frozen: Callable[[str], None]
) -> None:
    dispute = open_file(organisation, applicant, forum="platform")
    row = dates.of_dispute(dispute).get()
    assert (row.is_provisional, row.remind_days, row.remind_at) == (True, None, None)
    frozen("2026-11-29T09:00")
    assert reminding.sweep() == 0
    dates.confirm(row, on=D(2026, 12, 4), reason="平台通知写明", by=applicant)
    row.refresh_from_db()
    held = (row.legal_on, row.target_on, row.computed_on, row.overridden_on, row.overridden_by, row.is_provisional)
    assert held == (D(2026, 12, 4), D(2026, 12, 4), D(2026, 11, 30), D(2026, 12, 4), applicant, False)
    assert row.remind_at is not None
    assert "推算的是 2026年11月30日" in dates.explained(row)["sentences"][-1]
    assert log_of(dispute)[-1] == ("dispute.date_confirmed", "林知远")


@pytest.fixture
def _forgotten() -> Iterator[None]:
    """The rules are kept in memory: what a test makes of them must not reach the next."""
    yield
    rules.forget()


@pytest.mark.usefixtures("_forgotten")
def test_confirmed_day_stays_when_the_rule_becomes_verified_or_changes(
    organisation: Organisation, applicant: User
) -> None:
    dispute = open_file(organisation, applicant, forum="platform")
    other = open_file(organisation, applicant, forum="platform")
    row = dates.of_dispute(dispute).get()
    dates.confirm(row, on=D(2026, 12, 4), reason="平台通知写明", by=applicant)
    Rule.objects.filter(code="dispute.platform_evaluation").update(value=28, status="verified", verified_on=SERVED)
    rules.forget()
    assert dates.recompute_all() == 2
    row.refresh_from_db()
    assert (row.legal_on, row.computed_on) == (D(2026, 12, 4), D(2026, 12, 7))
    assert open_dates(other) == [("platform_evaluation", D(2026, 12, 7), True)]


def test_confirming_needs_a_reason_and_a_possible_day(dispute: OverseasDispute, applicant: User) -> None:
    row = dates.of_dispute(dispute).get()
    for on, reason in ((D(2026, 12, 4), "  "), (D(2026, 11, 8), "x"), (D(2050, 1, 1), "x")):
        with pytest.raises(RuleBroken):
            dates.confirm(row, on=on, reason=reason, by=applicant)
    row.refresh_from_db()
    assert row.overridden_on is None


def test_stated_day_is_reminded_of_and_two_of_one_day_can_stand(dispute: OverseasDispute, applicant: User) -> None:
    for what in ("提交担保", "开庭"):
        row = dates.state(dispute, what=what, on=D(2027, 1, 12), reason="法院命令第 3 点", by=applicant)
    assert (row.title, row.remind_at is not None) == ("开庭（美国传感器案）", True)
    assert [code for code, *_rest in open_dates(dispute)] == ["us_answer", "stated", "stated"]
    assert str(dates.words(row.rule_code)) == "文书写明的期限"


def test_met_and_set_aside_do_not_come_back(dispute: OverseasDispute, applicant: User) -> None:
    row = dates.of_dispute(dispute).get()
    with pytest.raises(RuleBroken):
        dates.meet(row, on=D(2026, 11, 23), by=applicant)
    dates.meet(row, on=D(2026, 11, 22), note="已由律师提交", by=applicant)
    row.refresh_from_db()
    assert (row.met_by, row.remind_at, row.met_evidence) == (applicant, None, "2026年11月22日已由律师提交")
    dates.follow(dispute)
    assert open_dates(dispute) == []
    keeping.add_event(dispute, kind="waiver", on=SERVED, by=applicant)
    waived = dates.of_dispute(dispute).open().get()
    dates.set_aside(waived, reason="没有放弃送达", by=applicant)
    dates.follow(dispute)
    assert open_dates(dispute) == []
    with pytest.raises(RuleBroken):
        dates.confirm(waived, on=D(2027, 1, 1), reason="x", by=applicant)


def test_date_of_a_dispute_is_denied_to_everybody_else(
    dispute: OverseasDispute, colleague: User, stranger: User, city_officer: User, applicant: User
) -> None:
    row = dates.of_dispute(dispute).get()
    for person in (colleague, stranger, city_officer):
        assert not Deadline.objects.visible_to(person).filter(pk=row.pk).exists()
        for act in (
            lambda by: dates.confirm(row, on=D(2026, 12, 4), reason="x", by=by),
            lambda by: dates.meet(row, on=D(2026, 11, 20), by=by),
            lambda by: dates.set_aside(row, reason="x", by=by),
            lambda by: dates.state(dispute, what="x", on=D(2026, 12, 4), reason="x", by=by),
        ):
            with pytest.raises(Denied):
                act(person)
    assert Deadline.objects.visible_to(applicant).filter(pk=row.pk).exists()
