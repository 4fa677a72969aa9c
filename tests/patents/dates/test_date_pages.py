"""The pages of dates: list, calendar, one date and its verbs, notices, handing over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from patents.dates import recompute
from patents.models import OfficialNotice, Right
from portal.models import Deadline, Organisation, User

from .world import make_right

Set = Callable[[str], None]


@pytest.fixture
def right(organisation: Organisation, applicant: User, frozen: Set) -> Right:
    frozen("2026-01-05 12:00")
    right = make_right(organisation, reduction="0.85", responsible=applicant)
    recompute.of_rights([right])
    return right


@pytest.fixture
def annuity(right: Right) -> Deadline:
    return Deadline.objects.open().get(subject_number=right.number, rule_code="right.annuity")


def test_list_filters_and_calendar(client: Client, applicant: User, annuity: Deadline) -> None:
    client.force_login(applicant)
    url = reverse("date", args=[annuity.number])
    assert url in client.get("/dates/").content.decode()
    for query in ("due=90", "whose=mine", "code=annuity", "money=yes", "due=90&money=yes&whose=mine"):
        assert url in client.get(f"/dates/?{query}").content.decode(), query
    for query in ("due=overdue", "whose=nobody", "code=tm_expiry", "due=30"):
        assert url not in client.get(f"/dates/?{query}").content.decode(), query
    assert url in client.get("/dates/calendar/?month=2026-03").content.decode()
    assert url not in client.get("/dates/calendar/?month=2026-04").content.decode()
    for odd in ("", "x", "9999-99", "0001-01"):
        assert client.get("/dates/calendar/", {"month": odd}).status_code == 200


def test_page_shows_both_days_the_arithmetic_and_the_bands(client: Client, applicant: User, annuity: Deadline) -> None:
    client.force_login(applicant)
    text = client.get(f"/dates/{annuity.number}/").content.decode()
    for words in ("2026年3月10日", "2026年5月11日", "¥300.00", "第 7 年", "¥500.00", "审查指南"):
        assert words in text, words


def test_override_keeps_both_and_can_be_lifted(client: Client, applicant: User, annuity: Deadline) -> None:
    client.force_login(applicant)
    url = f"/dates/{annuity.number}/override/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"on": "2026-03-20", "reason": ""}).status_code == 422
    assert client.post(url, {"on": "2026-03-20", "reason": "缴费通知书 2026-01-04"}).status_code == 302
    annuity.refresh_from_db()
    assert (str(annuity.legal_on), str(annuity.computed_on)) == ("2026-03-20", "2026-03-10")
    text = client.get(f"/dates/{annuity.number}/").content.decode()
    assert "2026年3月20日" in text and "2026年3月10日" in text and "缴费通知书" in text
    assert not recompute.everything()
    assert client.post(f"/dates/{annuity.number}/lift/").status_code == 302
    annuity.refresh_from_db()
    assert (str(annuity.legal_on), annuity.computed_on) == ("2026-03-10", None)
    assert annuity.remind_days and annuity.remind_at


def test_done_needs_a_receipt(client: Client, applicant: User, annuity: Deadline, right: Right) -> None:
    client.force_login(applicant)
    url = f"/dates/{annuity.number}/meet/"
    assert client.post(url, {"on": "2026-01-05"}).status_code == 409
    assert client.post(url, {"on": "2026-01-05", "reference": "8600123"}).status_code == 302
    annuity.refresh_from_db()
    assert annuity.met_at and annuity.met_evidence == "8600123"
    right.refresh_from_db()
    assert right.paid_year == 7 and right.money.get().amount == 300


def test_notice_opens_its_date_and_its_own_day_holds(
    client: Client, colleague: User, organisation: Organisation, frozen: Set
) -> None:
    frozen("2026-11-22 12:00")
    right = make_right(organisation, granted_on=None, paid_year=None, status="published")
    client.force_login(colleague)
    url = f"/rights/{right.number}/notices/new/"
    assert client.get(url).status_code == 200
    body = {"type": "first_office_action", "issued_on": "2026-06-10", "delivery": "electronic"}
    assert client.post(url, {**body, "stated_on": "2026-10-09"}).status_code == 302
    row = Deadline.objects.open().get(rule_code="right.first_office_action")
    assert (str(row.nominal_on), str(row.computed_on), str(row.legal_on)) == ("2026-10-10", "2026-10-12", "2026-10-09")
    assert client.post(url, body).status_code == 409
    text = client.get(f"/rights/{right.number}/dates/").content.decode()
    assert "第一次审查意见通知书" in text and f"/dates/{row.number}/" in text
    hurried = {**body, "issued_on": "2026-11-02", "type": "later_office_action", "is_priority_examination": "on"}
    assert client.post(url, hurried).status_code == 302
    assert Deadline.objects.open().filter(rule_code="right.priority_exam_reply_invention").count() == 1
    assert OfficialNotice.objects.count() == 2


def test_set_aside_stays_aside(client: Client, applicant: User, right: Right) -> None:
    client.force_login(applicant)
    row = Deadline.objects.open().get(subject_number=right.number, rule_code="right.term_end")
    assert client.post(f"/dates/{row.number}/set-aside/", {"reason": "不再关注"}).status_code == 302
    recompute.of_rights([right])
    assert not Deadline.objects.open().filter(rule_code="right.term_end").exists()


def test_hand_over_page(client: Client, applicant: User, colleague: User, viewer: User, right: Right) -> None:
    client.force_login(applicant)
    assert client.get("/dates/handover/").status_code == 200
    assert client.post("/dates/handover/", {"former": applicant.number, "to": viewer.number}).status_code == 422
    assert client.post("/dates/handover/", {"former": applicant.number, "to": colleague.number}).status_code == 302
    right.refresh_from_db()
    assert right.responsible == colleague
    assert not Deadline.objects.open().exclude(responsible=colleague).exists()


def test_strangers_and_viewers(
    client: Client, stranger: User, viewer: User, officer: User, annuity: Deadline, right: Right
) -> None:
    client.force_login(stranger)
    assert annuity.title not in client.get("/dates/").content.decode()
    for url in (f"/dates/{annuity.number}/", f"/dates/{annuity.number}/meet/", f"/rights/{right.number}/dates/"):
        assert client.get(url).status_code == 404, url
    client.force_login(viewer)
    assert client.get(f"/dates/{annuity.number}/").status_code == 200
    assert client.post(f"/dates/{annuity.number}/meet/", {"on": "2026-01-05"}).status_code == 403
    client.force_login(officer)
    assert annuity.title in client.get("/dates/").content.decode()
    assert client.post(f"/dates/{annuity.number}/lift/").status_code == 403


def test_a_mark_in_grace_speaks_of_its_own_grace_and_is_in_force_once_renewed(
    client: Client, organisation: Organisation, applicant: User, frozen: Set
) -> None:
    frozen("2027-02-01 12:00")
    mark = make_right(
        organisation, kind="trademark", filed_on="2016-01-08", granted_on="2016-12-28", status="in_grace",
        paid_year=None, classes=["09"], responsible=applicant,
    )  # fmt: skip
    recompute.of_rights([mark])
    row = Deadline.objects.open().get(subject_number=mark.number, rule_code="right.tm_expiry")
    client.force_login(applicant)
    text = client.get(f"/dates/{row.number}/").content.decode()
    assert "延迟费" in text and "滞纳金" not in text
    for url in (f"/rights/{mark.number}/", "/rights/"):
        text = client.get(url).content.decode()
        assert "宽展期" in text and "滞纳期</span>" not in text, url
    answer = client.post(f"/dates/{row.number}/meet/", {"on": "2027-02-01", "amount": "750", "reference": "2027-1"})
    assert answer.status_code == 302, answer.content.decode()
    mark.refresh_from_db()
    assert (mark.status, str(mark.expires_on)) == ("granted", "2036-12-27")
