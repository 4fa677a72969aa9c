"""The city's administration through the API: calls, questionnaires, offices, people, invitations, one's settings."""

from typing import Any

import pytest

from portal import invitations, organisations
from portal.models import AuditEvent, Call, Invitation, Organisation, Posting, Questionnaire, User
from tests.factories import cases, people

pytestmark = pytest.mark.django_db
CALL = {
    "kind": "municipal_pilot",
    "year": 2027,
    "title_zh": "新批次",
    "title_en": "New call",
    "questionnaire": "municipal_pilot.1",
    "opens_on": "2027-03-01",
    "closes_on": "2027-04-01",
    "pattern": "full",
    "criteria": [{"zh": "基础", "en": "Basis", "max": 60}, {"zh": "成效", "en": "Effect", "max": "40"}],
    "limits": {"verify": 7},
}


@pytest.fixture
def questionnaire(db: None) -> Questionnaire:
    return cases.make_questionnaire()


def test_call_is_drafted_changed_and_published(
    api: Any, administrator: User, publisher: User, questionnaire: Questionnaire
) -> None:
    made, twin = (api(administrator).post("/call-editor/", CALL, key="c") for _turn in range(2))
    assert (made.status_code, twin.json(), Call.objects.count()) == (201, made.json(), 1), made.json()
    path = f"/call-editor/{made.json()['number']}/"
    assert made.json()["state"] == "draft"
    assert [row["max"] for row in made.json()["criteria"]] == [60, 40]
    assert made.json()["closes_at"].startswith("2027-04-01T23:59:59")
    changed = api(administrator).client.put(f"/api/v1{path}", {**CALL, "quota": 9}, format="json")
    assert (changed.status_code, changed.json()["quota"], changed.json()["limits"]) == (200, 9, {"verify": 7})
    assert api(publisher).client.put(f"/api/v1{path}", CALL, format="json").status_code == 403
    assert api(publisher).post("/call-editor/", CALL).status_code == 403
    published = api(publisher).post(f"{path}publish/", key="p")
    assert (published.status_code, published.json()["published_at"] is not None) == (200, True), published.json()
    assert api(publisher).post(f"{path}publish/").status_code == 409
    assert api(administrator).client.put(f"/api/v1{path}", CALL, format="json").status_code == 409
    assert api(administrator).post(f"{path}clone/").json()["year"] == 2028


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "nothing"),
        ("questionnaire", "municipal_pilot.99"),
        ("questionnaire", "x"),
        ("closes_on", "2027-02-01"),
        ("pattern", "none"),
        ("district", "999999"),
        ("limits", {"verify": 0}),
        ("criteria", [{"zh": "x", "max": 1}] * 21),
        ("quota", -1),
    ],
)
def test_call_with_a_wrong_field_names_it(
    api: Any, administrator: User, questionnaire: Questionnaire, field: str, value: Any
) -> None:
    answer = api(administrator).post("/call-editor/", {**CALL, field: value})
    assert (answer.status_code, next(iter(answer.json()["fields"])).split(".")[0]) == (400, field)


def test_call_editor_is_shut_for_everybody_outside_the_city(
    api: Any, call: Call, officer: User, applicant: User, expert: User, city_officer: User
) -> None:
    assert [api(person).get("/call-editor/").status_code for person in (officer, applicant, expert)] == [403] * 3
    assert api(city_officer).get(f"/call-editor/{call.number}/").json()["problems"] == []


def test_questionnaire_is_cloned_changed_and_published(
    api: Any, administrator: User, publisher: User, officer: User, questionnaire: Questionnaire
) -> None:
    assert api(officer).get("/questionnaires/").status_code == 403
    assert api(publisher).post("/questionnaires/municipal_pilot.1/clone/").status_code == 403
    made = api(administrator).post("/questionnaires/municipal_pilot.1/clone/", key="q")
    assert (made.status_code, made.json()["name"], made.json()["status"]) == (201, "municipal_pilot.2", "draft")
    assert api(administrator).post("/questionnaires/municipal_pilot.1/clone/").json()["code"] == "draft_exists"
    words = {"label": {"zh": "专职人员", "en": "Staff"}, "required": True}
    path = "/questionnaires/municipal_pilot.2/"
    changed = api(administrator).post(f"{path}questions/ip_staff/change/", words)
    assert changed.status_code == 200, changed.json()
    assert "专职人员" in changed.content.decode()
    assert api(administrator).post(f"{path}questions/nothing/change/", words).status_code == 404
    assert api(administrator).post(f"{path}publish/").json()["status"] == "published"
    assert api(administrator).post(f"{path}questions/ip_staff/change/", words).status_code == 409
    assert [row["version"] for row in api(publisher).get("/questionnaires/").json()["results"]] == [2, 1]
    assert api(publisher).get("/questionnaires/municipal_pilot.7/").status_code == 404


def test_figures_are_for_officials(api: Any, officer: User, publisher: User, applicant: User) -> None:
    found = api(publisher).get("/figures/").json()
    assert set(found) == {"as_of", "districts", "funnel"}
    assert [api(person).get("/figures/").status_code for person in (officer, applicant)] == [200, 403]


def test_office_is_public_and_its_people_are_not(
    api: Any, administrator: User, officer: User, city_supervisor: User
) -> None:
    new = {"name_zh": "闵行区知识产权局", "name_en": "Minhang", "phone": "021-00000000"}
    assert api().get("/offices/").status_code == 200
    for path, body in (("postings/", None), ("change/", new), ("invite/", {"email": "a@b.cn", "role": "officer"})):
        ask = (lambda api_: api_.post) if body else (lambda api_: api_.get)
        args = [f"/offices/minhang/{path}", *([body] if body else [])]
        answers = [ask(api(person))(*args).status_code for person in (None, officer, city_supervisor)]
        assert answers == [401, 403, 403], path
    assert api(administrator).post("/offices/minhang/change/", new).json()["phone"] == new["phone"]
    assert [row["person"]["name"] for row in api(administrator).get("/offices/minhang/postings/").json()] == [
        officer.name
    ]
    assert api(administrator).get("/offices/nowhere/postings/").status_code == 404


def test_official_is_invited_accepts_and_is_released(api: Any, administrator: User) -> None:
    person = people.make_user("新经办", email="new@gov.example.cn")
    made, twin = (
        api(administrator).post("/offices/minhang/invite/", {"email": person.email, "role": "officer"}, key="i")
        for _turn in range(2)
    )
    assert (made.status_code, twin.json(), Invitation.objects.count()) == (201, made.json(), 1)
    path = f"/invitations/{made.json()['number']}/"
    assert api(person).get("/invitations/").json()["results"][0]["office"]["slug"] == "minhang"
    assert api(administrator).post(f"{path}accept/").status_code == 403
    assert api(person).post(f"{path}accept/").json()["state"] == "accepted"
    assert api(person).post(f"{path}accept/").status_code == 409
    posting = Posting.objects.get(user=person)
    shown = api(administrator).get(f"/people/{person.number}/").json()
    assert [row["number"] for row in shown["postings"]] == [posting.number]
    end = f"/people/{person.number}/postings/{posting.number}/end/"
    assert api(administrator).post(end).json()["ended_at"]
    assert api(administrator).post(end).status_code == 409


def test_invitation_is_declined_by_whom_it_was_sent_to(
    api: Any, organisation: Organisation, applicant: User, stranger: User, colleague: User
) -> None:
    made = organisations.invite_member(organisation, email=stranger.email, role="member", name="", by=applicant)
    path = f"/invitations/{made.number}/"
    assert api(colleague).post(f"{path}decline/").status_code == 404
    assert api(applicant).post(f"{path}decline/").status_code == 403
    assert api(stranger).post(f"{path}revoke/").status_code == 403
    assert api(stranger).post(f"{path}decline/", key="d").json()["state"] == "revoked"
    assert AuditEvent.objects.filter(action="invitation.declined").count() == 1
    assert applicant.notifications.filter(template="invitation_declined").count() == 1
    assert api(stranger).post(f"{path}accept/").status_code == 409
    again = organisations.invite_member(organisation, email=stranger.email, role="member", name="", by=applicant)
    assert api(applicant).post(f"/invitations/{again.number}/revoke/").json()["state"] == "revoked"
    made.refresh_from_db()
    assert invitations.state_of(made) == "revoked"


def test_people_are_the_administrators_business(api: Any, administrator: User, officer: User, applicant: User) -> None:
    assert [api(person).get("/people/").status_code for person in (officer, applicant)] == [403, 403]
    names = {row["name"] for row in api(administrator).get("/people/", view="officials").json()["results"]}
    assert {officer.name, administrator.name} <= names
    assert applicant.name not in names
    found = api(administrator).get("/people/", view="all", q=applicant.email).json()["results"]
    assert [row["memberships"][0]["role"] for row in found] == ["owner"]


def test_person_is_posted_made_an_expert_and_shut_out(api: Any, administrator: User) -> None:
    person = people.make_user("顾新")
    path = f"/people/{person.number}/"
    assert api(administrator).post(f"{path}postings/", {"office": "minhang", "role": "publisher"}).status_code == 409
    assert api(administrator).post(f"{path}postings/", {"office": "minhang", "role": "officer"}).status_code == 201
    assert api(administrator).post(f"{path}availability/", {"is_available": False}).status_code == 404
    expert = api(administrator).post(f"{path}expert/", {"employer": "某大学", "fields_of_work": "材料"}).json()
    assert (expert["expert"]["employer"], expert["expert"]["fields_of_work"]) == ("某大学", "材料")
    assert api(administrator).post(f"{path}availability/", {"is_available": False}).status_code == 200
    assert api(administrator).post(f"{path}availability/", {"is_available": False}).status_code == 409
    assert api(administrator).post(f"{path}deactivate/", {"reason": "离职"}, key="x").json()["is_active"] is False
    assert api(administrator).get("/people/", view="inactive").json()["count"] == 1
    assert api(administrator).post(f"{path}reactivate/").json()["is_active"] is True


def test_settings_change_only_what_is_sent(api: Any, applicant: User) -> None:
    before = api(applicant).get("/settings/").json()
    changed = api(applicant).post("/settings/", {"theme": "dark"}, key="s").json()
    assert changed == {**before, "theme": "dark"}
    assert api(applicant).post("/settings/", {"theme": "pink", "name": ""}).json()["fields"].keys() == {
        "theme",
        "name",
    }
    assert api().get("/settings/").status_code == 401
