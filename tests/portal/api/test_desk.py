"""Saved views, calendar addresses and webhooks through the API: one's own, secrets shown once."""

from typing import Any

import pytest

from portal.models import CalendarFeed, Organisation, SavedView, User, Webhook

pytestmark = pytest.mark.django_db


def test_view_is_saved_and_removed_by_its_owner(api: Any, applicant: User, colleague: User) -> None:
    made = api(applicant).post("/saved-views/", {"page": "rights", "name": "有效", "query": "status=in_force"}, key="v")
    assert (made.status_code, made.json()["query"]) == (201, "status=in_force")
    assert api(applicant).post("/saved-views/", {"page": "nowhere", "name": "x"}).status_code == 400
    path = f"/saved-views/{made.json()['number']}/remove/"
    assert api(colleague).post(path).status_code == 404
    assert api(colleague).get("/saved-views/").json()["count"] == 0
    assert api(applicant).post(path).status_code == 204
    assert not SavedView.objects.exists()


def test_calendar_address_is_shown_once_and_revoked(api: Any, applicant: User, colleague: User) -> None:
    made = api(applicant).post("/calendar-feeds/", {"label": "手机"}).json()
    secret = made["url"].rstrip("/").rpartition("/")[2].removesuffix(".ics")
    assert secret not in api(applicant).get("/calendar-feeds/").content.decode()
    path = f"/calendar-feeds/{made['number']}/revoke/"
    assert api(colleague).post(path).status_code == 404
    assert api(applicant).post(path).json()["revoked_at"] is not None
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 0


def test_webhook_is_for_those_who_lead(
    api: Any, organisation: Organisation, applicant: User, viewer: User, stranger: User
) -> None:
    body = {"organisation": organisation.number, "url": "https://erp.example.com/hook"}
    made = api(applicant).post("/webhooks/", body)
    assert (made.status_code, len(made.json()["secret"])) == (201, 64)
    assert made.json()["secret"] not in api(applicant).get("/webhooks/").content.decode()
    assert api(applicant).post("/webhooks/", {**body, "url": "http://erp.example.com/"}).status_code == 409
    assert [api(person).post("/webhooks/", body).status_code for person in (viewer, stranger)] == [403, 404]
    path = f"/webhooks/{made.json()['number']}/revoke/"
    assert [api(person).post(path).status_code for person in (viewer, stranger)] == [404, 404]
    assert api(applicant).post(path).json()["revoked_at"] is not None
    assert Webhook.objects.live().count() == 0
