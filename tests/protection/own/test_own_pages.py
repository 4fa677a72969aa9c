"""Pages of an enterprise's own alerts and of the district's call list."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import Organisation, User
from services.protection.models import AlertDelivery

from .making import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(organisation: Organisation) -> AlertDelivery:
    return deliver(organisation)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_list_and_page_say_why_and_opening_is_noted(
    language: str, delivery: AlertDelivery, viewer: User, client: Client
) -> None:
    client.force_login(viewer)
    listed = client.get("/alerts-for-us/", headers={"Accept-Language": language})
    assert delivery.alert.number in listed.content.decode()
    page = client.get(f"/alerts-for-us/{delivery.number}/", headers={"Accept-Language": language})
    assert page.status_code == 200
    delivery.refresh_from_db()
    assert (delivery.state, delivery.read_by) == ("read", viewer)


def test_foreign_and_absent_deliveries_look_alike(
    delivery: AlertDelivery, stranger: User, officer: User, publisher: User, client: Client
) -> None:
    for person in (stranger, officer, publisher):
        client.force_login(person)
        assert client.get(f"/alerts-for-us/{delivery.number}/").status_code == 404
        assert client.post(f"/alerts-for-us/{delivery.number}/take/").status_code == 404
    delivery.refresh_from_db()
    assert delivery.state == "new"


def test_what_was_typed_comes_back_with_the_error(delivery: AlertDelivery, applicant: User, client: Client) -> None:
    client.force_login(applicant)
    page = client.post(f"/alerts-for-us/{delivery.number}/put-aside/", {"why": ""})
    assert page.status_code == 422
    too_long = client.post(f"/alerts-for-us/{delivery.number}/help/", {"text": "求助" * 600})
    assert too_long.status_code == 422
    assert "求助求助" in too_long.content.decode()


def test_verbs_by_post(delivery: AlertDelivery, applicant: User, colleague: User, client: Client) -> None:
    client.force_login(applicant)
    base = f"/alerts-for-us/{delivery.number}/"
    steps = [
        ("take/", {}),
        ("tick/", {"done": ["0"]}),
        ("assign/", {"to": colleague.number}),
        ("note/", {"note": "已联系律师"}),
        ("help/", {"text": "需要律师"}),
        ("finish/", {"note": ""}),
        ("reopen/", {}),
    ]
    for address, sent in steps:
        assert client.post(base + address, sent).status_code == 302, address
    delivery.refresh_from_db()
    assert (delivery.state, delivery.assignee, delivery.ticked) == ("in_hand", colleague, [0])
    assert delivery.note == "已联系律师"


def test_district_calls_and_answers_and_never_reads_the_inside_note(
    delivery: AlertDelivery, applicant: User, officer: User, other_officer: User, client: Client
) -> None:
    AlertDelivery.objects.filter(pk=delivery.pk).update(rung=3, note="内部机密备注")
    client.force_login(officer)
    assert delivery.organisation.name in client.get("/alert-calls/").content.decode()
    page = client.get(f"/alert-calls/{delivery.number}/").content.decode()
    assert applicant.email in page
    assert "内部机密备注" not in page
    assert client.post(f"/alert-calls/{delivery.number}/record/", {"note": "已接通"}).status_code == 302
    assert client.post(f"/alert-calls/{delivery.number}/record/", {"note": "再来"}).status_code == 409
    client.force_login(applicant)
    client.post(f"/alerts-for-us/{delivery.number}/help/", {"text": "需要律师"})
    client.force_login(officer)
    assert client.post(f"/alert-calls/{delivery.number}/answer/", {"answer": "可以申请援助"}).status_code == 302
    for person in (other_officer, applicant):
        client.force_login(person)
        assert client.get(f"/alert-calls/{delivery.number}/").status_code == 404
    client.force_login(other_officer)
    assert delivery.organisation.name not in client.get("/alert-calls/").content.decode()


def test_lists_ask_the_same_number_of_queries(organisation: Organisation, applicant: User, client: Client) -> None:

    client.force_login(applicant)
    counts = []
    for more in (3, 27):
        for _n in range(more):
            deliver(organisation)
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/alerts-for-us/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14


def test_first_page_of_the_workstream_for_every_hat(
    applicant: User, officer: User, publisher: User, auditor: User, client: Client
) -> None:
    for person in (applicant, officer, publisher, auditor):
        client.force_login(person)
        assert client.get("/protection/").status_code == 200
