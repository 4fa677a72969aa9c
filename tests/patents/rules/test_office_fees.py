"""The fee table, fee reduction and term compensation: every figure and example of the rules."""

import datetime as dt
from decimal import Decimal

import pytest

from patents import compensation, fees, law, reductions
from patents.compensation import Examination
from patents.fees import Fee, Filing
from patents.numbers import Kind, Route
from patents.reductions import Applicant, Claimant
from portal import rules
from portal.models import Rule

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
OFFICE = [  # fee, invention, utility model, design; yuan
    (Fee.FILING, 900, 500, 500),
    (Fee.PUBLICATION_PRINT, 50, None, None),
    (Fee.CLAIM_SURCHARGE, 150, 150, None),
    (Fee.PAGE_SURCHARGE_31, 50, 50, None),
    (Fee.PAGE_SURCHARGE_301, 100, 100, None),
    (Fee.PRIORITY, 80, 80, 80),
    (Fee.EXAMINATION, 2500, None, None),
    (Fee.REEXAMINATION, 1000, 300, 300),
    (Fee.CHANGE, 200, 200, 200),
    (Fee.INVALIDATION, 3000, 1500, 1500),
    (Fee.EXTENSION_FIRST, 300, 300, 300),
    (Fee.EXTENSION_AGAIN, 2000, 2000, 2000),
    (Fee.EVALUATION_REPORT, None, 2400, 2400),
    (Fee.COPY, 30, 30, 30),
    (Fee.COMPENSATION_REQUEST, 200, None, None),
    (Fee.COMPENSATION_ANNUITY, 8000, None, None),
    (Fee.REGISTRATION, 0, 0, 0),
]
REDUCED = [
    (Fee.FILING, Kind.INVENTION, 135, 270),
    (Fee.FILING, Kind.UTILITY_MODEL, 75, 150),
    (Fee.FILING, Kind.DESIGN, 75, 150),
    (Fee.EXAMINATION, Kind.INVENTION, 375, 750),
    (Fee.REEXAMINATION, Kind.INVENTION, 150, 300),
    (Fee.REEXAMINATION, Kind.UTILITY_MODEL, 45, 90),
    (Fee.PRIORITY, Kind.INVENTION, 80, 80),
    (Fee.PUBLICATION_PRINT, Kind.INVENTION, 50, 50),
]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(("fee", "invention", "utility_model", "design"), OFFICE)
def test_fee_of_the_official_table(fee, invention, utility_model, design):
    table = law.fee_table()
    for kind, wanted in zip(Kind, (invention, utility_model, design), strict=True):
        found = fees.item(fee, kind, TODAY, table)
        assert (found.full if found else None) == wanted


@pytest.mark.parametrize(("fee", "kind", "single", "joint"), REDUCED)
def test_fee_is_reduced_where_the_rules_allow_it(fee, kind, single, joint):
    table = law.fee_table()
    for share, wanted in (("0.85", single), ("0.70", joint)):
        found = fees.item(fee, kind, TODAY, table, reduction=Decimal(share))
        assert found is not None
        assert found.payable == wanted


def test_bill_of_a_filing_counts_claims_and_pages():
    case = Filing(Kind.INVENTION, claims=12, pages=302, priorities=1, with_examination=True)
    bill = fees.filing_bill(case, TODAY, law.fee_table(), Decimal("0.85"))
    assert [(line.fee, line.quantity, line.payable) for line in bill] == [
        (Fee.FILING, 1, 135),
        (Fee.PUBLICATION_PRINT, 1, 50),
        (Fee.CLAIM_SURCHARGE, 2, 300),
        (Fee.PAGE_SURCHARGE_31, 270, 13500),
        (Fee.PAGE_SURCHARGE_301, 2, 200),
        (Fee.PRIORITY, 1, 80),
        (Fee.EXAMINATION, 1, 375),
    ]
    assert fees.total(bill) == Decimal(14640)


@pytest.mark.parametrize(("claims", "pages", "lines"), [(10, 30, 1), (11, 30, 2), (10, 31, 2), (10, 301, 3)])
def test_bill_of_a_utility_model_at_the_edges(claims, pages, lines):
    bill = fees.filing_bill(Filing(Kind.UTILITY_MODEL, claims, pages), TODAY, law.fee_table())
    assert len(bill) == lines


def test_bill_of_a_national_phase_waives_what_the_office_had():
    case = Filing(Kind.INVENTION, 11, 31, 1, True, route=Route.PCT, was_receiving_office=True, made_report=True)
    bill = fees.filing_bill(case, TODAY, law.fee_table())
    assert [line.fee for line in bill] == [Fee.PUBLICATION_PRINT, Fee.PRIORITY]


@pytest.mark.parametrize("counts", [{"claims": 0}, {"pages": 0}, {"priorities": -1}])
def test_bill_of_an_impossible_filing_is_refused(counts):
    with pytest.raises(ValueError):
        fees.filing_bill(Filing(Kind.INVENTION, **counts), TODAY, law.fee_table())


@pytest.mark.parametrize(
    ("name", "paper", "online"),
    [
        ("application", 300, 270),
        ("extra_item", 30, 27),
        ("renewal", 500, 450),
        ("late_renewal", 250, 225),
        ("assignment", 500, 450),
        ("review", 750, 675),
        ("change", 150, 0),
        ("opposition", 500, 500),  # no verified online price
        ("cancellation", 500, 500),
        ("collective", 1500, 1350),
    ],
)
def test_trademark_fee(name, paper, online):
    table = law.trademark_table()
    assert fees.trademark_fee(name, TODAY, table, is_online=False) == paper
    assert fees.trademark_fee(name, TODAY, table, classes=3) == 3 * online


def test_late_renewal_adds_the_surcharge_of_each_class():
    table = law.trademark_table()
    assert fees.renewal_fee(TODAY, table, classes=2) == 900
    assert fees.renewal_fee(TODAY, table, classes=2, is_late=True) == 1350
    assert fees.renewal_fee(TODAY, table, is_late=True, is_online=False) == 750


@pytest.mark.parametrize(
    ("kind", "income", "on", "wanted"),
    [
        (Applicant.INDIVIDUAL, 4999, "2026-01-01", True),
        (Applicant.INDIVIDUAL, 5000, "2026-01-01", False),
        (Applicant.ENTERPRISE, 999_999, "2026-01-01", True),
        (Applicant.ENTERPRISE, 1_000_000, "2026-01-01", False),
        (Applicant.INDIVIDUAL, 3499, "2019-06-30", True),
        (Applicant.INDIVIDUAL, 3500, "2019-06-30", False),
        (Applicant.ENTERPRISE, 300_000, "2019-06-30", False),
        (Applicant.ENTERPRISE, 300_000, "2019-07-01", True),
        (Applicant.PUBLIC, None, "2026-01-01", True),
        (Applicant.ENTERPRISE, None, "2026-01-01", None),
    ],
)
def test_who_qualifies_for_a_reduction(kind, income, on, wanted):
    claimant = Claimant(kind, None if income is None else Decimal(income))
    assert reductions.qualifies(claimant, day(on), law.reduction_law()) is wanted


def test_share_of_one_of_several_and_of_a_mixed_group():
    figures = law.reduction_law()
    poor, rich = Claimant(Applicant.ENTERPRISE, Decimal(1)), Claimant(Applicant.ENTERPRISE, Decimal(10**7))
    unknown = Claimant(Applicant.ENTERPRISE)
    assert reductions.share([poor], TODAY, figures) == Decimal("0.85")
    assert reductions.share([poor, poor], TODAY, figures) == Decimal("0.7")
    assert reductions.share([poor, rich], TODAY, figures) == 0
    assert reductions.share([poor, unknown], TODAY, figures) is None
    assert reductions.share([rich, unknown], TODAY, figures) == 0
    with pytest.raises(ValueError):
        reductions.share([], TODAY, figures)


@pytest.mark.parametrize(
    ("due", "request_by", "target_on", "remind_on"),
    [
        ("2026-03-10", "2025-12-26", "2025-12-26", "2025-12-19"),
        ("2026-05-01", "2026-02-14", "2026-02-14", "2026-02-07"),  # a Saturday on which people work
        ("2026-04-30", "2026-02-13", "2026-02-13", "2026-02-06"),  # two months back: the end of February
        ("2026-12-19", "2026-10-04", "2026-09-30", "2026-09-27"),  # in the National Day holiday
    ],
)
def test_reduction_must_be_asked_for_two_and_a_half_months_before(due, request_by, target_on, remind_on):
    found = reductions.request_clock(day(due), law.reduction_law())
    assert (found.request_by, found.target_on, found.remind_on) == (day(request_by), day(target_on), day(remind_on))


@pytest.mark.parametrize(
    ("kind", "on", "year"),
    [
        (Applicant.ENTERPRISE, "2026-05-31", 2024),
        (Applicant.ENTERPRISE, "2026-06-01", 2025),
        (Applicant.INDIVIDUAL, "2026-01-02", 2025),
    ],
)
def test_year_whose_income_counts(kind, on, year):
    assert reductions.income_year(kind, day(on)) == year


def test_registration_for_reductions_holds_to_the_end_of_its_year():
    assert reductions.registered_until(day("2026-01-05")) == day("2026-12-31")


def test_compensation_of_the_official_example():
    case = Examination(
        filed_on=day("2018-03-01"),
        published_on=day("2019-09-01"),
        requested_on=day("2019-03-01"),
        granted_on=day("2023-09-01"),
        applicant_days=15,
    )
    found = compensation.compensate(case, law.compensation_law())
    assert (found.starts_on, found.days, found.last_day) == (day("2022-09-01"), 350, day("2039-02-13"))
    assert (found.whole_years, found.annuity) == (0, 0)
    assert (found.ordinary_last_day, found.pay_by, found.pay_target_on) == (
        day("2038-02-28"),
        day("2038-02-28"),
        day("2038-02-26"),
    )


@pytest.mark.parametrize(
    ("granted", "years", "annuity"), [("2023-08-31", 0, 0), ("2023-09-01", 1, 8000), ("2026-10-01", 4, 32000)]
)
def test_compensation_annuity_counts_whole_years_only(granted, years, annuity):
    case = Examination(day("2018-03-01"), day("2019-09-01"), day("2019-03-01"), day(granted))
    found = compensation.compensate(case, law.compensation_law())
    assert (found.whole_years, found.annuity) == (years, annuity)


def test_compensation_is_none_for_a_quick_grant_and_for_a_twin():
    quick = Examination(day("2018-03-01"), day("2019-09-01"), day("2019-03-01"), day("2020-09-01"))
    twin = Examination(
        day("2018-03-01"), day("2019-09-01"), day("2019-03-01"), day("2024-09-01"), has_utility_twin=True
    )
    for case in (quick, twin):
        found = compensation.compensate(case, law.compensation_law())
        assert (found.days, found.last_day, found.annuity) == (0, day("2038-02-28"), 0)


@pytest.mark.parametrize(
    "case",
    [
        Examination(day("2018-03-01"), day("2018-02-01"), day("2019-03-01"), day("2020-09-01")),
        Examination(day("2018-03-01"), day("2019-09-01"), day("2021-03-01"), day("2020-09-01")),
        Examination(day("2018-03-01"), day("2019-09-01"), day("2019-03-01"), day("2020-09-01"), -1),
    ],
)
def test_compensation_of_impossible_days_is_refused(case):
    with pytest.raises(ValueError):
        compensation.compensate(case, law.compensation_law())


def test_compensation_must_be_asked_for_within_three_months():
    found = compensation.request(day("2026-07-10"), law.compensation_law())
    assert (found.nominal_on, found.legal_on, found.target_on) == (
        day("2026-10-10"),
        day("2026-10-12"),
        day("2026-10-10"),
    )
    assert found.fee == 200


@pytest.mark.parametrize(
    ("approved", "last"), [("2030-06-01", "2043-02-28"), ("2026-06-01", "2040-05-31"), ("2020-01-01", "2038-02-28")]
)
def test_drug_patent_is_prolonged_within_both_limits(approved, last):
    found = compensation.drug_last_day(day("2018-03-01"), day(approved), law.compensation_law())
    assert found == day(last)


def test_every_fee_row_says_where_it_comes_from():
    rows = Rule.objects.filter(code__regex=r"^(patent|trademark|enterprise)\.")
    assert rows.count() > 80
    for row in rows:
        assert row.basis and row.source and row.name_en, row.code
        assert row.verified_on or row.status in ("unverified", "sample"), row.code


def test_unverified_online_prices_never_act():
    with pytest.raises(rules.RuleMissing):
        rules.row("trademark.fee.opposition_online", TODAY)
