"""Entries of a right's money: stages of their own, corrections, rewards, and who sees them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from patents import money, rewards
from patents.models import MoneyEntry, MoneyStage, Product
from portal import audit
from portal.errors import Denied, RuleBroken
from tests.factories.rights import make_right

CANARY = Decimal("31415.92")
DAY = dt.date(2026, 11, 2)


@pytest.fixture
def right(organisation, frozen):
    frozen("2026-11-22 10:00")
    return make_right(organisation, inventors=["林知远", "周若川"], granted_on=dt.date(2026, 10, 30))


def enter(right, by, stage="payment", **extra):
    values = {"code": "annuity", "year": 8, "amount": Decimal(600), "on": DAY, **extra}
    return money.record(right, stage=stage, by=by, **values)


def test_a_payment_implies_no_receipt_and_an_obligation_no_payment(right, applicant):
    enter(right, applicant, MoneyStage.OBLIGATION)
    assert money.ledger(right, user=applicant).costs == 0
    enter(right, applicant)
    ledger = money.ledger(right, user=applicant)
    assert (ledger.costs, ledger.unconfirmed) == (600, 600)
    assert MoneyStage.RECEIPT not in ledger.totals
    enter(right, applicant, MoneyStage.RECEIPT, reference="票0012")
    ledger = money.ledger(right, user=applicant)
    assert (ledger.costs, ledger.unconfirmed) == (600, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stage": "receipt"}, "no_evidence"),
        ({"stage": "paid"}, "stage"),
        ({"code": "licence"}, "code"),
        ({"stage": "income"}, "code"),
        ({"amount": Decimal(0)}, "amount"),
        ({"on": dt.date(2026, 11, 23)}, "future"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(right, applicant, changes, code):
    with pytest.raises(RuleBroken) as broken:
        enter(right, applicant, **changes)
    assert broken.value.code == code
    assert not MoneyEntry.objects.exists()


def test_a_product_of_another_enterprise_is_refused(right, applicant, other_organisation):
    product = Product.objects.create(organisation=other_organisation, name="别家的")
    with pytest.raises(RuleBroken):
        enter(right, applicant, product=product)


def test_a_counter_entry_takes_an_entry_back_once_and_both_stay(right, applicant):
    entry = enter(right, applicant)
    counter = money.reverse(entry, reason="金额填错", by=applicant)
    ledger = money.ledger(right, user=applicant)
    assert {row.pk for row in ledger.entries} == {entry.pk, counter.pk}
    assert (ledger.costs, ledger.unconfirmed) == (0, 0)
    for wrong in (entry, counter):
        with pytest.raises(RuleBroken):
            money.reverse(wrong, reason="再来", by=applicant)
    with pytest.raises(RuleBroken):
        money.reverse(enter(right, applicant), reason=" ", by=applicant)


def test_a_receipt_is_taken_back_with_its_evidence(right, applicant):
    entry = enter(right, applicant, MoneyStage.RECEIPT, reference="票1")
    assert money.reverse(entry, reason="登记错件", by=applicant).reference == "票1"


def test_income_ahead_is_expected_and_in_no_sum(right, applicant):
    enter(right, applicant, "income", code="licence", on=dt.date(2027, 5, 1), amount=Decimal(15000), year=None)
    enter(right, applicant, "income", code="product", on=dt.date(2026, 5, 1), amount=Decimal(800), year=None)
    ledger = money.ledger(right, user=applicant)
    assert (ledger.income, ledger.expected_income) == (800, 15000)


def test_a_viewer_a_stranger_and_an_official_enter_nothing(right, viewer, stranger, officer, city_officer):
    for person in (viewer, stranger, officer, city_officer):
        with pytest.raises(Denied):
            enter(right, person)


def test_the_log_says_who_and_what_but_no_amount(right, applicant):
    entry = enter(right, applicant, amount=CANARY)
    money.reverse(entry, reason="填错", by=applicant)
    rows = list(audit.history_of(right))
    assert [row.action for row in rows] == ["money.recorded", "money.reversed"]
    assert "31415" not in str([row.data for row in rows])


def test_officials_see_a_right_and_none_of_its_money(right, applicant, officer, city_officer, client):
    entry = enter(right, applicant, amount=CANARY)
    for person in (officer, city_officer):
        assert not MoneyEntry.objects.visible_to(person).exists()
        client.force_login(person)
        for url in (
            reverse("right-money", args=[right.number]),
            reverse("right-money-reverse", args=[right.number, entry.number]),
            reverse("rights-forecast"),
        ):
            response = client.get(url)
            assert response.status_code in (403, 404)
            assert "31,415" not in response.content.decode()


def test_the_page_shows_enters_and_takes_back(right, applicant, client):
    client.force_login(applicant)
    url = reverse("right-money", args=[right.number])
    assert client.get(url).status_code == 200
    form = {"stage": "payment", "code": "annuity", "year": "8", "amount": "31415.92", "on": "2026-11-02"}
    assert client.post(url, form).status_code == 302
    entry = MoneyEntry.objects.get()
    assert "31,415.92" in client.get(url).content.decode()
    assert client.post(url, {**form, "stage": "receipt"}).status_code == 409
    back = reverse("right-money-reverse", args=[right.number, entry.number])
    assert client.get(back).status_code == 200
    assert client.post(back, {"reason": "填错"}).status_code == 302
    assert "已冲正" in client.get(url).content.decode()


def test_a_viewer_reads_the_page_and_may_not_enter(right, viewer, client):
    client.force_login(viewer)
    url = reverse("right-money", args=[right.number])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 403


def test_the_page_costs_the_same_queries_for_3_and_60_entries(right, applicant, client, django_assert_max_num_queries):
    client.force_login(applicant)
    url = reverse("right-money", args=[right.number])
    for _n in range(60):
        enter(right, applicant)
    client.get(url)
    with django_assert_max_num_queries(22):
        client.get(url)


# --- rewards --------------------------------------------------------------------------------------------------------
def test_the_least_reward_of_an_invention_is_4000_within_three_months_of_the_grant(right):
    standing = rewards.standing(right, [], dt.date(2026, 11, 22))
    assert (standing.state, standing.required, standing.due_on) == ("due", 4000, dt.date(2027, 1, 30))
    assert rewards.standing(right, [], dt.date(2027, 1, 30)).state == "due"
    assert rewards.standing(right, [], dt.date(2027, 1, 31)).state == "overdue"


@pytest.mark.parametrize("kind", ["utility_model", "design"])
def test_the_least_reward_of_a_utility_model_or_design_is_1500(organisation, kind):
    right = make_right(organisation, kind, granted_on=dt.date(2026, 10, 30))
    assert rewards.standing(right, [], DAY).required == 1500


def test_no_reward_for_a_trademark_or_before_the_grant(organisation):
    assert rewards.standing(make_right(organisation, "trademark"), [], DAY).state == "none"
    assert rewards.standing(make_right(organisation, granted_on=None), [], DAY).state == "none"


def test_a_grant_before_the_first_known_figure_has_no_invented_minimum(organisation):
    right = make_right(organisation, granted_on=dt.date(2015, 6, 1), filed_on=dt.date(2013, 1, 1))
    assert rewards.standing(right, [], DAY).state == "unknown"


def test_payments_add_up_to_short_and_paid(right, applicant):
    rewards.pay(right, inventor="林知远", amount=Decimal(2500), on=DAY, reference="工资单11", by=applicant)
    rows = list(right.rewards.all())
    standing = rewards.standing(right, rows, DAY)
    assert (standing.state, standing.missing) == ("short", 1500)
    rewards.pay(right, inventor="周若川", amount=Decimal(1500), on=DAY, reference="工资单12", by=applicant)
    assert rewards.standing(right, list(right.rewards.all()), DAY).state == "paid"


def test_an_agreement_goes_before_the_minimum(right, applicant):
    rewards.agree(right, inventor="林知远", amount=Decimal(9000), by=applicant)
    rewards.pay(right, inventor="林知远", amount=Decimal(4000), on=DAY, reference="a", by=applicant)
    standing = rewards.standing(right, list(right.rewards.all()), DAY)
    assert (standing.is_agreed, standing.missing) == (True, 5000)


@pytest.mark.parametrize(
    "changes",
    [{"inventor": "外人"}, {"amount": Decimal(0)}, {"on": dt.date(2026, 12, 1)}, {"reference": " "}],
)
def test_a_payment_that_cannot_be_is_refused(right, applicant, changes):
    values = {"inventor": "林知远", "amount": Decimal(1), "on": DAY, "reference": "b", **changes}
    with pytest.raises(RuleBroken):
        rewards.pay(right, by=applicant, **values)


def test_one_voucher_counts_once(right, applicant):
    values = {"inventor": "林知远", "amount": Decimal(1), "on": DAY, "reference": "b", "by": applicant}
    rewards.pay(right, **values)
    with pytest.raises(RuleBroken):
        rewards.pay(right, **values)


def test_rewards_are_entered_on_the_page(right, applicant, viewer, client):
    client.force_login(applicant)
    paid = {"inventor": "林知远", "amount": "4000", "on": "2026-11-02", "reference": "工资单"}
    assert client.post(reverse("right-reward-pay", args=[right.number]), paid).status_code == 302
    agreed = {"inventor": "周若川", "amount": "100"}
    assert client.post(reverse("right-reward-agree", args=[right.number]), agreed).status_code == 302
    assert right.rewards.count() == 2
    client.force_login(viewer)
    assert client.post(reverse("right-reward-pay", args=[right.number]), paid).status_code == 403
