"""Enterprises and their people through the API: who may, what a second comer sees, verification, moving."""

from typing import Any

import pytest

from portal.models import Invitation, JoinRequest, Membership, Organisation, User, Verification
from tests.factories import people

pytestmark = pytest.mark.django_db
MOVE = {"district": "310104", "address": "上海市徐汇区示例路 8 号"}


def register(person: Any, code: str, **extra: Any) -> Any:
    body = {"uscc": code, "name": "上海示例测试有限公司", "district": "310112", **extra}
    return person.post("/organisations/", body, key="reg")


def test_register_makes_one_record_and_its_owner(api: Any) -> None:
    person, code = people.make_user("新来者"), people.make_uscc()
    first, twin = register(api(person), code.lower()), register(api(person), code.lower())
    assert (first.status_code, first.json()["uscc"], first.json()["role"]) == (201, code, "owner")
    assert (twin.json(), Organisation.objects.count()) == (first.json(), 1)


@pytest.mark.parametrize(("field", "value"), [("uscc", "123"), ("district", "999999"), ("district", {}), ("name", "")])
def test_register_with_a_wrong_field_names_it(api: Any, field: str, value: Any) -> None:
    answer = register(api(people.make_user("新来者")), people.make_uscc(), **{field: value})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_second_comer_asks_to_join_and_sees_nothing(
    api: Any, organisation: Organisation, applicant: User, viewer: User
) -> None:
    person = people.make_user("后来者")
    taken = register(api(person), organisation.uscc)
    assert (taken.status_code, taken.json()["code"]) == (409, "already_registered")
    asked = api(person).post("/join-requests/", {"uscc": organisation.uscc, "message": "我是新同事"}, key="j")
    assert (asked.status_code, asked.json()["organisation"]) == (201, None)
    for text in (taken.content.decode(), asked.content.decode(), api(person).get("/join-requests/").content.decode()):
        assert organisation.name not in text
        assert organisation.number not in text
    assert api(person).get(f"/organisations/{organisation.number}/").status_code == 404
    path = f"/join-requests/{asked.json()['number']}/answer/"
    assert api(viewer).post(path, {"is_accepted": True}).status_code == 404
    assert api(person).post(path, {"is_accepted": True}).status_code == 403
    assert api(applicant).get("/join-requests/").json()["results"][0]["organisation"]["name"] == organisation.name
    assert api(applicant).post(path, {"is_accepted": True, "role": "member"}).json()["status"] == "accepted"
    assert api(applicant).post(path, {"is_accepted": True}).status_code == 409
    assert api(person).get(f"/organisations/{organisation.number}/").json()["role"] == "member"


def test_join_request_is_taken_back_by_its_author(api: Any, organisation: Organisation, applicant: User) -> None:
    person = people.make_user("后来者")
    number = api(person).post("/join-requests/", {"uscc": organisation.uscc}).json()["number"]
    assert api(applicant).post(f"/join-requests/{number}/withdraw/").status_code == 403
    assert api(person).post(f"/join-requests/{number}/withdraw/").json()["status"] == "withdrawn"
    assert JoinRequest.objects.open().count() == 0


def test_members_and_their_roles(
    api: Any, organisation: Organisation, applicant: User, colleague: User, viewer: User, stranger: User
) -> None:
    path = f"/organisations/{organisation.number}/members/"
    listed = {row["person"]["name"]: row["number"] for row in api(viewer).get(path).json()["results"]}
    assert set(listed) == {applicant.name, colleague.name, viewer.name}
    change = f"{path}{listed[viewer.name]}/change-role/"
    assert api(stranger).get(path).status_code == 404
    assert api(stranger).post(change, {"role": "member"}).status_code == 404
    assert api(colleague).post(change, {"role": "member"}).status_code == 403
    assert api(applicant).post(change, {"role": "owner"}).status_code == 400
    assert api(applicant).post(change, {"role": "member"}).json()["role"] == "member"
    assert api(applicant).post(change, {"role": "member"}).json()["code"] == "same_role"
    assert api(viewer).post(f"{path}{listed[viewer.name]}/end/").status_code == 200
    assert api(viewer).get(path).status_code == 404
    assert api(applicant).post(f"{path}{listed[applicant.name]}/end/").status_code == 409


def test_ownership_is_handed_over_once(
    api: Any, organisation: Organisation, applicant: User, colleague: User, stranger: User
) -> None:
    path, heir = f"/organisations/{organisation.number}/hand-over/", Membership.objects.get(user=colleague).number
    foreign = Membership.objects.get(user=stranger).number
    assert api(colleague).post(path, {"member": heir}).status_code == 403
    assert api(applicant).post(path, {"member": foreign}).status_code == 404
    assert api(applicant).post(path, {"member": heir}).json()["role"] == "owner"
    assert api(applicant).post(path, {"member": heir}).status_code == 403


def test_invitations_are_the_owners_business(
    api: Any, organisation: Organisation, applicant: User, colleague: User, stranger: User
) -> None:
    path, body = f"/organisations/{organisation.number}/invitations/", {"email": "new@example.cn", "role": "member"}
    made, twin = (api(applicant).post(path, body, key="i") for _turn in range(2))
    assert (made.status_code, twin.json(), Invitation.objects.count()) == (201, made.json(), 1)
    assert "token" not in made.content.decode()
    assert [api(person).post(path, body).status_code for person in (colleague, stranger)] == [403, 404]
    assert [api(person).get(path).status_code for person in (applicant, colleague, stranger)] == [200, 403, 404]


def test_verification_is_asked_for_and_decided_by_the_district(
    api: Any, unverified: Organisation, applicant: User, officer: User, other_officer: User, stranger: User
) -> None:
    path = f"/organisations/{unverified.number}/request-verification/"
    assert api(applicant).post(path).json()["code"] == "licence_missing"
    assert api(applicant).post(path, {"licence": "AAAAAAAAAA"}).status_code == 404
    assert api(stranger).post(path).status_code == 404
    row = Verification.objects.create(organisation=unverified, evidence="registry", created_by=applicant)
    decide, body = f"/verifications/{row.number}/decide/", {"is_verified": True}
    assert [api(person).post(decide, body).status_code for person in (applicant, other_officer)] == [403, 404]
    assert api(officer).get("/verifications/", status="open").json()["count"] == 1
    first, twin = (api(officer).post(decide, body, key="v") for _turn in range(2))
    assert (first.json()["status"], twin.json()) == ("verified", first.json())
    assert api(officer).post(decide, body).status_code == 409


def test_move_to_another_district_leaves_history(
    api: Any, organisation: Organisation, applicant: User, viewer: User, stranger: User, officer: User
) -> None:
    path = f"/organisations/{organisation.number}/district-changes/"
    assert [api(person).post(path, MOVE).status_code for person in (viewer, stranger)] == [403, 404]
    made = api(applicant).post(path, MOVE, key="m")
    assert (made.status_code, made.json()["new"]["code"]) == (201, "310104")
    assert api(applicant).post(path, MOVE).json()["code"] == "same_district"
    assert api(viewer).get(path).json()["count"] == 1
    assert api(officer).get("/supervised-organisations/", q=organisation.uscc).json()["count"] == 0


def test_supervised_enterprises_are_those_of_the_jurisdiction(
    api: Any, organisation: Organisation, other_organisation: Organisation, officer: User, city_officer: User,
    applicant: User,
) -> None:  # fmt: skip
    def names(person: User, **asked: Any) -> set[str]:
        rows = api(person).get("/supervised-organisations/", **asked).json()["results"]
        return {row["name"] for row in rows}

    assert names(officer) == {organisation.name}
    assert names(city_officer, verified="true") == {organisation.name, other_organisation.name}
    assert names(city_officer, district="310104") == {other_organisation.name}
    assert names(city_officer, q="申澜") == {organisation.name}
    assert names(applicant) == set()
    assert api(officer).get(f"/supervised-organisations/{other_organisation.number}/").status_code == 404
