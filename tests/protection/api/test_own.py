"""An enterprise's alerts, its watches and its district's answers through the interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.models import AuditEvent, Organisation, User
from services.protection import calling
from services.protection.models import AlertDelivery, Watch
from tests.protection.own.making import deliver

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


@pytest.fixture
def told(organisation: Organisation) -> AlertDelivery:
    return deliver(organisation)


def test_reading_is_noted_only_when_it_is_said(api: Call, told: AlertDelivery, applicant: User) -> None:
    at = f"/alerts-for-us/{told.number}/"
    seen = api(applicant).get(at).data
    assert (seen["state"], seen["reasons"][0]["words"]) == ("new", "向美国出口")
    assert api(applicant).post(f"{at}read/").data["state"] == "read"
    assert api(applicant).post(f"{at}read/").data["read_by"]["name"] == applicant.name
    assert AuditEvent.objects.filter(action="alert.read").count() == 1


def test_every_reaction_has_its_verb(api: Call, told: AlertDelivery, applicant: User, colleague: User) -> None:
    at, us = f"/alerts-for-us/{told.number}/", api(applicant)
    assert us.post(f"{at}take/").data["assignee"]["name"] == applicant.name
    assert us.post(f"{at}tick/", {"done": [1]}).data["ticked"] == [1]
    assert us.post(f"{at}tick/", {"done": [7]}).status_code == 409
    assert us.post(f"{at}assign/", {"to": colleague.number}).data["assignee"]["number"] == colleague.number
    assert us.post(f"{at}assign/", {"to": "nobody"}).status_code == 400
    assert us.post(f"{at}note/", {"note": "已问律师"}).data["note"] == "已问律师"
    assert us.post(f"{at}put-aside/", {"why": "不出口"}).data["state"] == "not_relevant"
    assert us.post(f"{at}finish/").status_code == 409
    assert us.post(f"{at}reopen/").data["state"] == "in_hand"
    assert us.post(f"{at}ask-help/", {"text": "怎样找律师？"}).data["help_text"] == "怎样找律师？"
    assert us.post(f"{at}finish/", {"note": "已核对"}).data["state"] == "done"


def test_strangers_and_officials_find_nothing_here(
    api: Call, told: AlertDelivery, stranger: User, officer: User, viewer: User
) -> None:
    at = f"/alerts-for-us/{told.number}/"
    for person in (stranger, officer):
        assert api(person).get(at).status_code == 404
        assert api(person).post(f"{at}take/").status_code == 404
        assert api(person).get("/alerts-for-us/").data["results"] == []
    assert api(viewer).get(at).status_code == 200
    assert api(viewer).post(f"{at}take/").status_code == 403
    assert api().get(at).status_code == 401


def test_a_watch_is_kept_as_matching_reads_it(api: Call, organisation: Organisation, applicant: User) -> None:
    wanted = {"organisation": organisation.number, "what": "ipc", "key": "g01l9"}
    made = api(applicant).post("/watches/", wanted)
    assert (made.status_code, made.data["key"]) == (201, "G01L 9/*")
    assert api(applicant).post("/watches/", {**wanted, "key": "压力"}).status_code == 400
    assert [row["words"] for row in api(applicant).get("/watches/").data["results"]] == ["G01L 9/*"]
    assert api(applicant).post(f"/watches/{made.data['number']}/remove/").status_code == 204
    assert not Watch.objects.exists()


def test_the_district_calls_and_answers(
    api: Call, organisation: Organisation, officer: User, other_officer: User, publisher: User
) -> None:
    unread = deliver(organisation, rung=calling.ON_THE_LIST, note="只给自己看")
    at = f"/alert-calls/{unread.number}/"
    assert [row["number"] for row in api(officer).get("/alert-calls/").data["results"]] == [unread.number]
    assert "只给自己看" not in str(api(officer).get(at).data)
    assert api(other_officer).get(at).status_code == 404
    assert api(publisher).post(f"{at}record/", {"note": "x"}).status_code == 403
    assert api(officer).post(f"{at}record/", {"note": "已接通"}).data["call_note"] == "已接通"
    assert api(officer).post(f"{at}record/", {"note": "再打"}).status_code == 409


def test_lists_ask_a_constant_number_of_queries(
    api: Call, organisation: Organisation, applicant: User, officer: User, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        deliver(organisation, rung=calling.ON_THE_LIST)
    for person, path in ((applicant, "/alerts-for-us/"), (officer, "/alert-calls/")):
        with django_assert_max_num_queries(9):
            assert len(api(person).get(path).data["results"]) == 6
