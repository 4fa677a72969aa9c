"""What notices state besides dates: fee and late windows of a payment notice, the share of an approved reduction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from patents import outlook, rights
from patents.dates import keeping, notices, recompute, stating
from patents.dates.stating import Band
from patents.models import OfficialNotice, Right
from portal import reminding
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Deadline, Notification, Organisation, User

from .world import make_right

Set = Callable[[str], None]
D = dt.date
ISSUED = D(2026, 4, 15)
PRINTED = [
    Band(D(2026, 4, 14), D(2026, 5, 12), Decimal("101.00")),
    Band(D(2026, 5, 13), D(2026, 6, 10), Decimal("202.00")),
]


@pytest.fixture
def right(organisation: Organisation, applicant: User, frozen: Set) -> Right:
    frozen("2026-04-20 12:00")
    right = make_right(organisation, responsible=applicant)
    recompute.of_rights([right])
    return right


def annuity(right: Right) -> Deadline:
    return Deadline.objects.open().get(subject_number=right.number, rule_code="right.annuity")


def record(right: Right, by: User, type: str = "annuity_notice", on: D = ISSUED, **more: Any) -> OfficialNotice:
    return notices.record_notice(right, type=type, issued_on=on, by=by, **more)


# --- payment notice ----------------------------------------------------------------------------------------------
def test_printed_windows_hold_and_the_computed_ones_stay(right: Right, applicant: User, frozen: Set) -> None:
    computed = annuity(right)
    row = stating.state_bands(record(right, applicant), bands=PRINTED, amount=Decimal("2001.00"), by=applicant)
    assert [band["from"] for band in row.bands] == ["2026-03-11", "2026-04-11", "2026-04-14", "2026-05-13"]
    assert row.bands[1]["to"] == "2026-04-13" and row.bands[2]["surcharge"] == "101.00"
    assert row.computed_bands == computed.bands and row.computed_amount == computed.amount
    assert (row.legal_on, row.grace_on, row.amount) == (D(2026, 3, 10), D(2026, 6, 10), Decimal("2001.00"))
    assert keeping.owed_on(row, D(2026, 5, 12)) == Decimal("2102.00")
    assert row.remind_days[-2:] == [D(2026, 4, 14), D(2026, 5, 13)]
    assert not recompute.everything()
    frozen("2026-05-13 08:31")
    reminding.sweep()
    told = Notification.objects.get(recipient=applicant)
    assert (told.values["surcharge"], told.values["until"], told.values["amount"]) == (
        "202.00", "2026-06-10", "2001.00",
    )  # fmt: skip
    keeping.lift(row, by=applicant)
    again = annuity(right)
    assert (again.bands, again.amount, again.grace_on) == (computed.bands, computed.amount, computed.grace_on)
    assert again.computed_bands is None and again.computed_amount is None and again.overridden_on is None


@pytest.mark.parametrize(
    ("bands", "code"),
    [
        ([], "no_bands"),
        ([Band(D(2026, 3, 10), D(2026, 4, 13), Decimal(0))], "too_early"),
        ([Band(D(2026, 4, 14), D(2026, 4, 13), Decimal(0))], "upside_down"),
        ([PRINTED[0], Band(D(2026, 5, 14), D(2026, 6, 10), Decimal(300))], "gap"),
        ([PRINTED[0], Band(D(2026, 5, 13), D(2026, 6, 10), Decimal(99))], "falling"),
        ([Band(D(2026, 4, 14), D(2062, 5, 12), Decimal(100))], "too_late"),
    ],
)
def test_windows_that_cannot_be_are_refused(right: Right, applicant: User, bands: list[Band], code: str) -> None:
    notice = record(right, applicant)
    with pytest.raises(RuleBroken) as broken:
        stating.state_bands(notice, bands=bands, by=applicant)
    assert broken.value.code == code
    assert annuity(right).computed_bands is None and OfficialNotice.objects.get(pk=notice.pk).stated_bands == []


def test_windows_need_a_payment_notice_and_an_open_annuity(right: Right, applicant: User, viewer: User) -> None:
    notice = record(right, applicant)
    with pytest.raises(RuleBroken):
        stating.state_bands(record(right, applicant, "other"), bands=PRINTED, by=applicant)
    with pytest.raises(Denied):
        stating.state_bands(notice, bands=PRINTED, by=viewer)
    keeping.meet(annuity(right), by=applicant, reference="1", amount=Decimal(2000))
    rights.update(right, values={"paid_year": 20}, version=Right.objects.get(pk=right.pk).version, by=applicant)
    with pytest.raises(RuleBroken):
        stating.state_bands(notice, bands=PRINTED, by=applicant)


def test_page_leads_from_the_notice_to_its_windows(client: Client, applicant: User, viewer: User, right: Right) -> None:
    client.force_login(applicant)
    body = {"type": "annuity_notice", "issued_on": "2026-04-15", "delivery": "electronic"}
    answer = client.post(f"/rights/{right.number}/notices/new/", body)
    notice = OfficialNotice.objects.get()
    url = f"/rights/{right.number}/notices/{notice.number}/fee/"
    assert answer["Location"] == url
    text = client.get(url).content.decode()
    assert 'value="2026-04-11"' in text and 'value="100.00"' in text and "第 7 年" in text
    assert "登记写明的各档和金额" in client.get(f"/rights/{right.number}/dates/").content.decode()
    printed = {"amount": "2001", "first_0": "2026-04-14", "last_0": "2026-05-12", "surcharge_0": "101"}
    assert client.post(url, {**printed, "last_0": ""}).status_code == 422
    assert client.post(url, {**printed, "last_0": "2026-04-01"}).status_code == 409
    assert client.post(url, printed).status_code == 302
    text = client.get(f"/dates/{annuity(right).number}/").content.decode()
    for words in ("¥101.00", "2026年4月13日", "推算的各档", "2026年9月10日", "¥2,001.00", "¥2,000.00", "缴费通知书"):
        assert words in text, words
    assert "写明了 1 档滞纳金" in client.get(f"/rights/{right.number}/dates/").content.decode()
    assert client.get(f"/rights/{right.number}/notices/{notice.number}/reduction/").status_code == 404
    client.force_login(viewer)
    assert client.get(url).status_code == 403 and client.post(url, printed).status_code == 403


# --- approval of a reduction -------------------------------------------------------------------------------------
def amounts(right: Right, user: User) -> dict[int | None, Decimal]:
    found = outlook.of_right(Right.objects.get(pk=right.pk), user=user)
    assert found is not None
    return {cost.patent_year: cost.amount for cost in found.costs}


@pytest.fixture
def granted(organisation: Organisation, applicant: User, frozen: Set) -> Right:
    """Year 7 is due 2026-03-10; a request by 2025-12-26 is in time."""
    frozen("2026-01-20 12:00")
    right = make_right(organisation, responsible=applicant)
    recompute.of_rights([right])
    return right


def test_approval_in_time_reduces_the_next_annuity(granted: Right, applicant: User) -> None:
    assert annuity(granted).amount == Decimal("2000.00")
    notice = record(granted, applicant, "fee_reduction", D(2026, 1, 15))
    stating.approve_reduction(notice, share="0.85", requested_on=D(2025, 12, 26), by=applicant)
    right = Right.objects.get(pk=granted.pk)
    assert (right.reduction, right.reduction_from, annuity(right).amount) == ("0.85", 7, Decimal("300.00"))
    found = amounts(right, applicant)
    assert (found[7], found[13], found[14]) == (Decimal("300.00"), Decimal("900.00"), Decimal("6000.00"))
    assert not Deadline.objects.open().filter(rule_code="right.fee_reduction_request").exists()
    assert AuditEvent.objects.filter(action="right.reduction_approved").exists()
    assert right.events.filter(kind="changed", data__has_key="reduction_from").exists()


@pytest.mark.parametrize("requested_on", [D(2025, 12, 27), None])  # a day late; not known, so that of the notice
def test_approval_of_a_late_request_begins_a_year_later(
    granted: Right, applicant: User, requested_on: dt.date | None
) -> None:
    notice = record(granted, applicant, "fee_reduction", D(2026, 1, 15))
    right = stating.approve_reduction(notice, share="0.70", requested_on=requested_on, by=applicant)
    assert right.reduction_from == 8 and annuity(right).amount == Decimal("2000.00")
    found = amounts(right, applicant)
    assert (found[7], found[8]) == (Decimal("2000.00"), Decimal("600.00"))
    keeping.meet(annuity(right), by=applicant, reference="1", on=D(2026, 1, 20))
    assert annuity(right).amount == Decimal("600.00")


def test_the_year_on_the_notice_holds_unless_its_fee_was_due(granted: Right, applicant: User) -> None:
    notice = record(granted, applicant, "fee_reduction", D(2026, 1, 15))
    with pytest.raises(RuleBroken):
        stating.approve_reduction(notice, share="0.85", year=6, by=applicant)
    assert stating.approve_reduction(notice, share="0.85", year=7, by=applicant).reduction_from == 7
    later = record(granted, applicant, "fee_reduction", D(2026, 1, 16))
    assert stating.approve_reduction(later, share="0.85", year=9, by=applicant).reduction_from == 7
    assert stating.approve_reduction(later, share="0.70", year=9, by=applicant).reduction_from == 9


def test_approval_needs_its_notice_a_share_and_a_keeper(granted: Right, applicant: User, viewer: User) -> None:
    notice = record(granted, applicant, "fee_reduction", D(2026, 1, 15))
    for given, wrong in (
        ({"notice": record(granted, applicant, "other", D(2026, 1, 15)), "share": "0.85"}, RuleBroken),
        ({"notice": notice, "share": "0"}, RuleBroken),
        ({"notice": notice, "share": "0.85", "requested_on": D(2026, 1, 16)}, RuleBroken),
        ({"notice": notice, "share": "0.85", "by": viewer}, Denied),
    ):
        with pytest.raises(wrong):
            stating.approve_reduction(**{"by": applicant, **given})
    assert Right.objects.get(pk=granted.pk).reduction == "0"


def test_before_the_grant_an_approval_holds_for_all_years(
    organisation: Organisation, applicant: User, frozen: Set
) -> None:
    frozen("2026-01-20 12:00")
    right = make_right(organisation, granted_on=None, paid_year=None, status="published")
    notice = record(right, applicant, "fee_reduction", D(2026, 1, 15))
    assert stating.approve_reduction(notice, share="0.85", by=applicant).reduction_from is None


def test_another_share_entered_by_hand_forgets_the_year(granted: Right, applicant: User) -> None:
    notice = record(granted, applicant, "fee_reduction", D(2026, 1, 15))
    right = stating.approve_reduction(notice, share="0.70", year=9, by=applicant)
    right = rights.update(right, values={"reduction": "0.85"}, version=right.version, by=applicant)
    assert right.reduction_from is None and annuity(right).amount == Decimal("300.00")


def test_page_of_an_approval(client: Client, applicant: User, viewer: User, stranger: User, granted: Right) -> None:
    client.force_login(applicant)
    body = {"type": "fee_reduction", "issued_on": "2026-01-15", "delivery": "electronic"}
    answer = client.post(f"/rights/{granted.number}/notices/new/", body)
    notice = OfficialNotice.objects.get()
    url = f"/rights/{granted.number}/notices/{notice.number}/reduction/"
    assert answer["Location"] == url and client.get(url).status_code == 200
    assert client.post(url, {"share": "0"}).status_code == 422
    assert client.post(url, {"share": "0.85", "year": "5"}).status_code == 409
    assert client.post(url, {"share": "0.85", "requested_on": "2025-12-20"}).status_code == 302
    assert annuity(granted).amount == Decimal("300.00")
    text = client.get(f"/rights/{granted.number}/dates/").content.decode()
    assert "减缴 85%" in text and "自第 7 年的年费起" in text
    client.force_login(viewer)
    assert client.get(url).status_code == 403
    client.force_login(stranger)
    assert client.get(url).status_code == 404


def test_timeline_names_a_notice_once_and_in_words(client: Client, applicant: User, granted: Right) -> None:
    record(granted, applicant, "fee_reduction", D(2026, 1, 15))
    client.force_login(applicant)
    text = client.get(f"/rights/{granted.number}/").content.decode()
    assert text.count("收费减缴审批通知书") == 1 and "fee_reduction" not in text
