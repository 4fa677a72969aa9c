"""Pages and interface of disputes: what readers, helpers and everybody else get."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import Organisation, User
from services.protection.disputes import aid, dates, keeping
from services.protection.models import OverseasDispute

from .making import SERVED, open_file

pytestmark = pytest.mark.django_db
SECRET = "绝密案情"


def text_of(client: Client, url: str, user: User, **more: Any) -> str:
    client.force_login(user)
    response = client.get(url, **more)
    assert response.status_code == 200, (url, response.status_code)
    return str(response.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_list_file_home_and_search_show_it_to_readers_alone(
    language: str, organisation: Organisation, applicant: User, manager: User, client: Client
) -> None:
    dispute = open_file(organisation, manager, title=SECRET)
    head = {"Accept-Language": language}
    pages = {"/disputes/", "/home/", f"/search/?q={SECRET}"}
    for url in pages:
        assert SECRET in text_of(client, url, manager, headers=head), url
        if not url.startswith("/search"):  # the search says again what was asked
            assert SECRET not in text_of(client, url, applicant, headers=head), url
    assert "Northwind" in text_of(client, f"/disputes/{dispute.number}/", manager, headers=head)
    assert dispute.number not in text_of(client, f"/search/?q={SECRET}", applicant, headers=head)


def test_absent_for_everybody_who_is_not_named(
    dispute: OverseasDispute, colleague: User, stranger: User, officer: User, city_officer: User, client: Client
) -> None:
    row = dates.of_dispute(dispute).get()
    base = f"/disputes/{dispute.number}/"
    addresses = ["", "change/", "events/", "dates/", "readers/", "help/", "end/", "evidence/counsel/"]
    addresses += [f"dates/{row.number}/{verb}/" for verb in ("confirm", "meet", "set-aside")]
    for person in (colleague, stranger, officer, city_officer):
        client.force_login(person)
        for address in addresses:
            assert client.get(base + address).status_code == 404, (person, address)
        for address in ("reopen/", "help/withdraw/"):
            assert client.post(base + address).status_code == 404, (person, address)
        assert client.get(f"/api/v1/disputes/{dispute.number}/").status_code == 404


def test_story_by_post(
    organisation: Organisation, applicant: User, manager: User, city_officer: User, expert: User, client: Client
) -> None:
    client.force_login(applicant)
    sent = {
        "title": "美国案", "country": "US", "forum": "platform", "side": "accused", "right_kind": "invention",
        "served_on": "2026-11-09", "readers": [str(manager.pk)], "facts": SECRET,
    }  # fmt: skip
    from_facts = open_file(organisation, applicant)  # loads the countries
    keeping.end(from_facts, status="closed", on=SERVED, by=applicant)
    assert "US" in text_of(client, "/disputes/new/?country=us", applicant)
    wrong = client.post("/disputes/new/", {**sent, "served_on": "2026-12-30"})
    assert wrong.status_code == 409 and SECRET in wrong.content.decode()
    assert client.post("/disputes/new/", sent).status_code == 302
    dispute = OverseasDispute.objects.latest("pk")
    base, row = f"/disputes/{dispute.number}/", dates.of_dispute(dispute).get()
    confirmed = {"on": "2026-12-02", "reason": "平台通知"}
    assert client.post(f"{base}dates/{row.number}/confirm/", {"on": "2026-12-02", "reason": ""}).status_code == 422
    again = client.post(f"{base}events/", {"kind": "talks", "on": "", "text": "来函"})
    assert again.status_code == 422 and "来函" in again.content.decode()
    steps = [
        (f"{base}dates/{row.number}/confirm/", confirmed),
        (f"{base}events/", {"kind": "talks", "on": "2026-11-20", "text": ""}),
        (f"{base}dates/", {"what": "提交担保", "on": "2027-01-12", "reason": "法院命令"}),
        (f"{base}evidence/listing/", {"is_there": "on", "note": "截图"}),
        (f"{base}help/", {"text": "需要律师"}),
    ]
    for address, values in steps:
        assert client.post(address, values).status_code == 302, address
    shown = text_of(client, base, applicant)
    for words in ("推算的是 2026年11月30日", "截图", "援助申请办理中"):
        assert words in shown, words
    _help(client, dispute, city_officer, expert)
    assert "建议先比对" in text_of(client, base, applicant)
    assert client.post(f"{base}end/", {"status": "settled", "on": "2026-11-21", "note": ""}).status_code == 302


def _help(client: Client, dispute: OverseasDispute, city_officer: User, expert: User) -> None:
    desk = f"/dispute-aid/{dispute.aids.get().number}/"
    queue = text_of(client, "/dispute-aid/", city_officer)
    assert dispute.organisation.name in queue and SECRET not in queue
    before = text_of(client, desk, city_officer)
    assert "需要律师" in before and SECRET not in before
    assert client.post(f"{desk}take/", {}).status_code == 422
    assert client.post(f"{desk}take/", {"has_no_interest": "on"}).status_code == 302
    after = text_of(client, desk, city_officer)
    assert SECRET in after and "截图" not in after
    assert client.post(f"{desk}match/", {"expert": expert.number}).status_code == 302
    assert SECRET not in text_of(client, desk, expert)
    assert client.post(f"{desk}declare/", {"has_interest": "no"}).status_code == 302
    assert SECRET in text_of(client, desk, expert)
    assert client.post(f"{desk}opinion/", {"text": "可以提无效"}).status_code == 302
    assert dispute.organisation.name in text_of(client, "/dispute-aid/", expert)
    client.force_login(city_officer)
    assert client.post(f"{desk}answer/", {"text": "建议先比对"}).status_code == 302
    assert client.post(f"{desk}close/").status_code == 302
    assert dispute.organisation.name in text_of(client, "/dispute-aid/?tab=closed", city_officer)


def test_lists_cost_the_same_for_one_and_for_many(
    organisation: Organisation, applicant: User, city_officer: User, client: Client
) -> None:
    def counted(url: str, user: User) -> int:
        text_of(client, url, user)
        with CaptureQueriesContext(connection) as queries:
            text_of(client, url, user)
        return len(queries)

    def grow(count: int) -> None:
        for _n in range(count):
            aid.ask(open_file(organisation, applicant), text="x", by=applicant)

    grow(3)
    few = [counted("/disputes/", applicant), counted("/dispute-aid/", city_officer)]
    grow(9)
    assert [counted("/disputes/", applicant), counted("/dispute-aid/", city_officer)] == few
    assert max(few) <= 24, few


def test_interface_does_what_the_pages_do(
    dispute: OverseasDispute,
    organisation: Organisation,
    applicant: User,
    manager: User,
    colleague: User,
    client: Client,
) -> None:
    client.force_login(applicant)
    body = {
        "organisation": organisation.number, "title": "接口案", "country": "US", "forum": "itc", "side": "accused",
        "right_kind": "invention", "served_on": "2026-11-09", "readers": [manager.number],
    }  # fmt: skip

    def post(address: str, values: dict[str, Any], status: int) -> dict[str, Any]:
        response = client.post(f"/api/v1/disputes/{address}", values, content_type="application/json")
        assert response.status_code == status, response.content
        return dict(response.json())

    made = post("", body, 201)
    assert [(row["legal_on"], row["rule_status"], row["is_reminded"]) for row in made["dates"]] == [
        ("2026-11-29", "secondary", True)
    ]
    base = f"{made['number']}/"
    post(f"{base}events/", {"kind": "talks", "on": "2026-11-20"}, 201)
    changed = post(f"{base}evidence/", {"code": "counsel", "is_there": True}, 200)
    assert {row["code"] for row in changed["evidence"] if row["is_there"]} == {"counsel"}
    assert post(f"{base}ask-help/", {"text": "x"}, 201)["aids"][0]["state"] == "asked"
    assert post(f"{base}withdraw-help/", {}, 200)["aids"][0]["state"] == "withdrawn"
    assert client.get("/api/v1/disputes/").json()["count"] == 2
    client.force_login(colleague)
    assert client.get("/api/v1/disputes/").json()["count"] == 0
