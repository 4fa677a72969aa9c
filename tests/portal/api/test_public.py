"""What anybody reads, objections under a rate, and the officials' verbs on recognitions, objections and appeals."""

from typing import Any

import pytest

from portal import procedures
from portal.models import Appeal, Application, Call, Objection, Organisation, Recognition, User
from tests.factories import people

pytestmark = pytest.mark.django_db
OBJECTION = {"name": "某公司", "contact": "13800000000", "text": "数据不实。"}
NOTE = {"note": "进展符合计划。"}
RULING = {"is_upheld": False, "reason": "查无实据。"}


def test_lists_are_public(api: Any, in_publicity: Application) -> None:
    assert len(api().get("/districts/").json()) == 16
    assert len(api().get("/offices/").json()) == 17
    assert api().get("/calls/", open="true").json()["results"][0]["number"] == in_publicity.call.number
    assert api().get("/notices/").json()["results"][0]["number"] == in_publicity.number
    assert api().get("/recognitions/").json()["results"] == []
    rows = api().get("/rules/", on="2026-11-22").json()["results"]
    assert rows
    assert all(row["source"] and row["effective_from"] <= "2026-11-22" for row in rows)
    assert api().get(f"/rules/{rows[0]['code']}/").json()[0]["code"] == rows[0]["code"]
    assert api().get("/rules/no.such/").status_code == 404


def test_call_shows_its_questionnaire_but_not_before_publication(api: Any, call: Call, city_officer: User) -> None:
    assert api().get(f"/calls/{call.number}/").json()["questionnaire"]["sections"]
    Call.objects.filter(pk=call.pk).update(published_at=None, published_by=None)
    for person in (None, city_officer):
        assert api(person).get(f"/calls/{call.number}/").status_code == 404


def test_eligibility_is_shown_rule_by_rule_to_those_who_see_the_enterprise(
    api: Any, call: Call, organisation: Organisation, viewer: User, stranger: User
) -> None:
    path = f"/calls/{call.number}/eligibility/"
    found = api(viewer).get(path, organisation=organisation.number).json()
    assert len(found) >= 5
    assert all(row["label"] and row["source"] for row in found)
    assert api(stranger).get(path, organisation=organisation.number).status_code == 404
    assert api().get(path, organisation=organisation.number).status_code == 401
    assert api(viewer).get(path).status_code == 400


def test_objection_is_taken_from_anybody_but_not_without_end(
    api: Any, in_publicity: Application, settings: Any
) -> None:
    settings.API_RATES = {**settings.API_RATES, "public_write": "2/hour"}
    path = f"/notices/{in_publicity.number}/object/"
    answers = [api().post(path, OBJECTION) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert set(answers[0].json()) == {"number", "created_at"}
    assert Objection.objects.count() == 2


def test_objection_outside_publicity_is_absent(api: Any, submitted: Application) -> None:
    assert api().post(f"/notices/{submitted.number}/object/", OBJECTION).status_code == 404
    assert api().get(f"/notices/{submitted.number}/").status_code == 404


def test_objection_is_read_behind_the_gate_and_decided_once(
    api: Any, in_publicity: Application, city_officer: User, officer: User, applicant: User
) -> None:
    objection = procedures.object_to(in_publicity, **OBJECTION)
    path = f"/objections/{objection.number}/"
    assert api(city_officer).get("/objections/", state="open").json()["count"] == 1
    assert "13800000000" not in api(city_officer).get("/objections/").content.decode()
    assert api(city_officer).get(path).json()["code"] == "conflict_gate"
    for person in (officer, applicant):
        assert (api(person).get("/objections/").json()["count"], api(person).get(path).status_code) == (0, 404)
    procedures.declare(in_publicity, has_conflict=False, by=city_officer)
    assert api(city_officer).get(path).json()["contact"] == "13800000000"
    first, again = (api(city_officer).post(f"{path}decide/", RULING, key="o") for _turn in range(2))
    assert (first.status_code, again.json()) == (200, first.json())
    assert api(city_officer).post(f"{path}decide/", RULING).status_code == 409


def test_appeal_is_decided_by_somebody_who_had_no_part(
    api: Any, rejected: Application, applicant: User, city_supervisor: User, administrator: User
) -> None:
    appeal = procedures.appeal(rejected, "请复核。", by=applicant)
    path = f"/appeals/{appeal.number}/"
    answer = api(city_supervisor).post(f"{path}decide/", RULING)
    assert (answer.status_code, answer.json()["code"]) == (403, "separation")
    assert api(administrator).post(f"{path}decide/", RULING).status_code == 404
    assert api(applicant).get(path).status_code == 404
    assert Appeal.objects.get().decided_at is None


def test_appeal_is_answered(api: Any, rejected: Application, applicant: User) -> None:
    appeal = procedures.appeal(rejected, "请复核。", by=applicant)
    other = second_supervisor()
    procedures.declare(rejected, has_conflict=False, by=other)
    path = f"/appeals/{appeal.number}/"
    assert api(other).get(path).json()["text"] == "请复核。"
    done = api(other).post(f"{path}decide/", {"is_upheld": True, "reason": "重新审核。"})
    assert (done.status_code, done.json()["is_upheld"]) == (200, True)
    found = api(applicant).get(f"/applications/{rejected.number}/").json()
    assert (found["status"], found["appeals"][0]["reason"]) == ("in_review", "重新审核。")


def second_supervisor() -> User:
    """Return a second supervisor of the city."""
    return people.post(people.make_user("另督"), "city", "supervisor")


@pytest.mark.parametrize(
    ("verb", "body", "again"),
    [("midterm", NOTE, 409), ("accept", {**NOTE, "is_passed": True}, 409), ("revoke", {"reason": "违规。"}, 409)],
)
def test_recognition_verbs(
    verb: str, body: dict[str, Any], again: int, api: Any, recognition: Recognition, city_supervisor: User,
    publisher: User, applicant: User,
) -> None:  # fmt: skip
    path = f"/recognitions/{recognition.number}/{verb}/"
    assert api().post(path, body).status_code == 401
    for person in (publisher, applicant):
        assert api(person).post(path, body).status_code == 403
    first, twin = (api(city_supervisor).post(path, body, key="r") for _turn in range(2))
    assert (first.status_code, twin.json()) == (200, first.json())
    assert api(city_supervisor).post(path, body).status_code == again
    assert api(city_supervisor).post(path.replace(recognition.number, "SD-2026-9999"), body).status_code == 404
    listed = api().get("/recognitions/", district="310112", kind=recognition.kind).json()["results"]
    assert [row["number"] for row in listed] == [recognition.number]


def test_notifications_are_read_by_their_own_reader(
    api: Any, submitted: Application, applicant: User, stranger: User
) -> None:
    rows = api(applicant).get("/notifications/", unread="true").json()["results"]
    assert submitted.number in rows[0]["title"] + rows[0]["text"] + rows[0]["link"]
    path = f"/notifications/{rows[0]['number']}/read/"
    assert api(stranger).post(path).status_code == 404
    assert api(applicant).post(path).json()["read_at"]
    assert api(applicant).post("/notifications/read-all/").json() == {"changed": len(rows) - 1}
    assert api(applicant).get("/notifications/", unread="true").json()["count"] == 0
