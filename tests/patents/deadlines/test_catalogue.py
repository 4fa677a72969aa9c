"""Every statutory period has its dated rows, words and a sensible answer; the figures change on the right days."""

import datetime as dt

import pytest

from patents import catalogue
from patents.arithmetic import sentences
from patents.catalogue import ENTRIES, Start
from patents.periods import Delivery
from portal import rules
from portal.models import Rule, RuleStatus

pytestmark = pytest.mark.django_db

NAMED = (
    "paris_priority_patent paris_priority_design trademark_priority examination_request first_office_action "
    "later_office_action priority_exam_reply_invention priority_exam_reply_other grant_registration "
    "reexamination_request reexam_notice_reply restoration pct_national_cn pct_national_cn_late "
    "term_compensation_request inventor_bonus tm_opposition tm_refusal_review tm_expiry tm_renewal_opens tm_grace_end"
).split()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_catalogue_names_of_the_interface_all_present():
    assert set(NAMED) <= set(ENTRIES)


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_catalogue_every_code_answers_today(code):
    answer = catalogue.deadline(code, day("2026-11-23"))
    assert answer.basis
    assert answer.source
    assert str(answer.entry.title)
    assert answer.reckoning.delivered_on == day("2026-11-23")
    assert catalogue.deadline(code, day("2027-01-04")).reckoning.nominal_on


def legal(code: str, on: str, delivery: str = "none") -> str:
    return catalogue.deadline(code, day(on), delivery).reckoning.legal_on.isoformat()


@pytest.mark.parametrize(
    ("code", "on", "delivery", "expected"),
    [
        # the switch of electronic delivery, by the issue date
        ("later_office_action", "2024-01-19", "electronic", "2024-04-03"),
        ("later_office_action", "2024-01-20", "electronic", "2024-03-20"),
        ("later_office_action", "2024-01-20", "post", "2024-04-08"),  # over a make-up Sunday
        ("later_office_action", "2024-01-20", "hand", "2024-03-20"),
        ("later_office_action", "2024-01-20", "notice", "2024-04-22"),
        ("later_office_action", "2008-06-06", "post", "2008-08-21"),
        ("first_office_action", "2024-03-08", "post", "2024-07-23"),
        # trademarks: electronic as post; public notice thirty days
        ("tm_refusal_review", "2026-03-02", "electronic", "2026-04-01"),
        ("tm_refusal_review", "2026-03-02", "hand", "2026-03-17"),
        ("tm_refusal_review", "2026-03-02", "notice", "2026-04-16"),
        ("tm_refusal_review", "2026-03-02", "none", "2026-03-17"),
        # priority examination: from the issue date whatever the delivery, shorter since 2026-09-01
        ("priority_exam_reply_invention", "2026-08-31", "post", "2026-11-02"),
        ("priority_exam_reply_invention", "2026-09-01", "post", "2026-10-08"),
        ("priority_exam_reply_invention", "2026-09-01", "electronic", "2026-10-08"),
        ("priority_exam_reply_other", "2026-09-02", "notice", "2026-09-17"),
        # opposition by the law on the day of publication
        ("tm_opposition", "2026-12-31", "none", "2027-03-31"),
        ("tm_opposition", "2027-01-01", "none", "2027-03-01"),
        # the others, as the table has them
        ("paris_priority_patent", "2025-10-01", "none", "2026-10-08"),
        ("paris_priority_design", "2025-08-15", "none", "2026-02-24"),
        ("trademark_priority", "2025-08-15", "none", "2026-02-24"),
        ("examination_request", "1998-06-01", "none", "2001-06-01"),
        ("grant_registration", "2026-07-20", "electronic", "2026-09-21"),
        ("reexamination_request", "2026-07-10", "electronic", "2026-10-12"),
        ("reexam_notice_reply", "2026-09-10", "electronic", "2026-10-12"),
        ("restoration", "2026-07-20", "electronic", "2026-09-21"),
        ("pct_national_cn", "2024-02-10", "none", "2026-08-10"),
        ("pct_national_cn_late", "2024-02-10", "none", "2026-10-12"),
        ("term_compensation_request", "2026-06-20", "none", "2026-09-21"),
        ("term_compensation_request", "2023-09-01", "none", "2023-12-01"),
        ("inventor_bonus", "2026-06-20", "none", "2026-09-21"),
        ("tm_expiry", "2016-12-28", "none", "2026-12-27"),
        ("tm_renewal_opens", "2026-12-27", "none", "2025-12-27"),
        ("tm_grace_end", "2026-12-27", "none", "2027-06-28"),
        ("madrid_expiry", "2016-12-28", "none", "2026-12-28"),
        ("pct_national_ep", "2024-05-10", "none", "2026-12-10"),
        ("pct_national_sa", "2024-05-10", "none", "2026-11-10"),
        ("fee_reduction_request", "2027-03-10", "none", "2026-12-26"),
    ],
)
def test_figures_change_on_the_days_of_the_law(code, on, delivery, expected):
    assert legal(code, on, delivery) == expected


def test_grace_of_a_trademark_is_nominally_the_sunday_and_rolls():
    found = catalogue.deadline("tm_grace_end", day("2026-12-27")).reckoning
    assert (found.nominal_on, found.legal_on) == (day("2027-06-27"), day("2027-06-28"))
    assert found.is_provisional


@pytest.mark.parametrize("code", [code for code, entry in ENTRIES.items() if entry.start != Start.DELIVERY])
def test_delivery_does_not_move_what_runs_from_another_day(code):
    plain = catalogue.deadline(code, day("2026-11-23")).reckoning
    for delivery in Delivery:
        found = catalogue.deadline(code, day("2026-11-23"), delivery).reckoning
        assert (found.delivered_on, found.legal_on) == (plain.delivered_on, plain.legal_on)


@pytest.mark.parametrize(
    ("code", "on", "status"),
    [
        ("tm_opposition", "2026-09-30", RuleStatus.VERIFIED),
        ("tm_opposition", "2026-11-22", RuleStatus.UNVERIFIED),
        ("tm_opposition", "2027-01-01", RuleStatus.VERIFIED),
        ("priority_exam_reply_invention", "2026-08-31", RuleStatus.UNVERIFIED),
        ("priority_exam_reply_invention", "2026-09-01", RuleStatus.VERIFIED),
        ("term_compensation_request", "2024-01-19", RuleStatus.UNVERIFIED),
        ("term_compensation_request", "2024-01-20", RuleStatus.VERIFIED),
        ("pct_national_sa", "2026-01-05", RuleStatus.UNVERIFIED),
        ("pct_national_other", "2026-01-05", RuleStatus.UNVERIFIED),
        ("hague_grace_end", "2026-01-05", RuleStatus.UNVERIFIED),
        ("first_office_action", "2026-01-05", RuleStatus.SECONDARY),
        ("tm_non_use_24", "2026-01-05", RuleStatus.SAMPLE),
        ("tm_expiry", "2016-12-28", RuleStatus.VERIFIED),
    ],
)
def test_status_is_that_of_the_least_sure_row(code, on, status):
    assert catalogue.deadline(code, day(on)).status == status


def test_unverified_delivery_makes_the_answer_no_surer_than_itself():
    found = catalogue.deadline("grant_registration", day("2024-01-05"), "electronic")
    assert found.status == RuleStatus.SECONDARY
    assert len(found.rows) == 2


def test_trusted_only_refuses_what_awaits_verification():
    with pytest.raises(rules.RuleMissing):
        catalogue.deadline("pct_national_sa", day("2026-01-05"), is_trusted_only=True)


def test_every_sentence_of_every_rule_can_be_said():
    for code in ENTRIES:
        for on in ("1985-01-01", "2024-01-05", "2026-02-28", "2100-12-31"):
            try:
                answer = catalogue.deadline(code, day(on), Delivery.NOTICE)
            except rules.RuleMissing:
                continue
            assert all(sentences(answer))


def test_every_period_row_belongs_to_a_code_and_every_code_has_a_row():
    codes = set(Rule.objects.filter(code__startswith="period.").values_list("code", flat=True))
    assert codes == {entry.rule_code for entry in ENTRIES.values()}
