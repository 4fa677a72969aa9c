"""Who reads what: sides kept apart, content behind the conflict gate, sheets hidden, lists with a constant cost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import procedures
from portal.models import Application, Call, Notification, Organisation, Rule, User
from tests.factories import cases

pytestmark = pytest.mark.django_db
SECRET = "温度自补偿压力传感芯片"


def test_application_shows_its_enterprise_everything_of_its_side(
    in_review: Application, api: Any, viewer: User
) -> None:
    found = api(viewer).get(f"/applications/{in_review.number}/").json()
    assert (found["status"], found["must_act"], found["stage"]) == ("in_review", "office", "verify")
    assert SECRET in str(found["answers"])
    assert [event["verb"] for event in found["events"]] == ["submit", "take"]
    assert found["clock"]["limit"] >= found["clock"]["left"] >= 0


def test_sides_never_share_an_address(in_review: Application, api: Any, applicant: User, officer: User) -> None:
    number = in_review.number
    assert api(officer).get(f"/applications/{number}/").status_code == 404
    assert api(applicant).get(f"/cases/{number}/").status_code == 404
    assert api(applicant).get("/cases/").json()["results"] == []
    assert api(officer).get("/applications/").json()["results"] == []


def test_case_content_waits_for_the_declaration(submitted: Application, api: Any, officer: User) -> None:
    path = f"/cases/{submitted.number}/"
    before = api(officer).get(path)
    assert (before.json()["gate"]["ok"], before.json()["content"]) == (False, None)
    assert SECRET not in before.content.decode()
    api(officer).post(f"{path}declare/", {"has_conflict": False})
    after = api(officer).get(path).json()
    assert after["gate"] == {"ok": True, "why": ""}
    assert SECRET in str(after["content"]["answers"])


def test_case_shows_what_was_handed_in_not_what_is_being_changed(
    answered: Application, api: Any, officer: User
) -> None:
    found = api(officer).get(f"/cases/{answered.number}/").json()
    assert found["content"]["answers"]["ip_staff"] == 2  # not the 3 that is being typed
    assert found["content"]["corrections"][0]["items"][0]["key"] == "ip_staff"


def test_case_of_another_district_reads_like_an_absent_one(
    submitted: Application, api: Any, other_officer: User
) -> None:
    foreign = api(other_officer).get(f"/cases/{submitted.number}/")
    absent = api(other_officer).get("/cases/SQ-2026-9999/")
    assert (foreign.status_code, foreign.json()) == (404, absent.json())


def test_score_sheets_stay_hidden_until_both_are_in(
    seated: Application, api: Any, expert: User, second_expert: User, city_supervisor: User
) -> None:
    number = seated.number
    sheet = {row["key"]: row["max"] for row in seated.call.criteria}
    assert api(expert).post(f"/reviews/{number}/score/", {"scores": sheet, "reason": "独门理由"}).status_code == 201
    mine = api(expert).get(f"/reviews/{number}/").json()["sheets"]
    assert [row["is_mine"] for row in mine] == [True]
    procedures.declare(seated, has_conflict=False, by=city_supervisor)
    for person, path in ((second_expert, f"/reviews/{number}/"), (city_supervisor, f"/cases/{number}/")):
        assert "独门理由" not in api(person).get(path).content.decode()
    assert api(second_expert).post(f"/reviews/{number}/score/", {"scores": sheet, "reason": "好"}).status_code == 201
    assert "独门理由" in api(city_supervisor).get(f"/cases/{number}/").content.decode()


def test_applicant_never_reads_sheets_or_internal_notes(
    scored: Application, api: Any, officer: User, applicant: User
) -> None:
    api(officer).post(f"/cases/{scored.number}/messages/", {"text": "内部备注", "is_internal": True})
    found = api(applicant).get(f"/applications/{scored.number}/")
    assert "理由充分" not in found.content.decode()
    assert found.json()["score"] is None
    assert "内部备注" not in api(applicant).get(f"/applications/{scored.number}/messages/").content.decode()
    assert "内部备注" in api(officer).get(f"/cases/{scored.number}/messages/").content.decode()


def test_queue_filters_fit_together(submitted: Application, api: Any, officer: User, city_officer: User) -> None:
    def numbers(person: User, **asked: Any) -> list[str]:
        answer = api(person).get("/cases/", **asked)
        assert answer.status_code == 200, answer.json()
        return [row["number"] for row in answer.json()["results"]]

    assert numbers(officer) == numbers(city_officer) == [submitted.number]
    assert numbers(officer, status="submitted", stage="verify", mine="true") == [submitted.number]
    assert numbers(officer, q="申澜微感", district="310112", call=submitted.call.number) == [submitted.number]
    for none in ({"status": "returned"}, {"q": "别家"}, {"overdue": "true"}, {"district": "310104"}):
        assert numbers(officer, **none) == []
    wrong = api(officer).get("/cases/", status="nonsense")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["status"])


def test_receipt_holds_what_was_handed_in(submitted: Application, draft: Application, api: Any, viewer: User) -> None:
    found = api(viewer).get(f"/applications/{submitted.number}/receipt/").json()
    assert (found["number"], found["sequence"]) == (submitted.number, 1)
    assert all(file["sha256"] for file in found["files"].values())


def test_receipt_of_a_draft_is_absent(draft: Application, api: Any, viewer: User) -> None:
    assert api(viewer).get(f"/applications/{draft.number}/receipt/").status_code == 404


# --- lists: pages and cost ----------------------------------------------------------------------------------------
def many_applications(count: int, owner: User, organisation: Organisation, call: Call) -> None:
    """Make handed-in applications under many calls without walking through the actions."""
    have = Application.objects.count()
    calls = [cases.make_call(published_by=owner) for _turn in range(count)]
    rows = [
        Application(
            number=f"SQ-2026-{1000 + have + turn}", call=calls[turn], kind=call.kind,
            organisation=organisation, office_district=organisation.district, status="submitted", stage="verify",
            created_by=owner, submitted_at=call.opens_at, submitted_by=owner,
        )
        for turn in range(count)
    ]  # fmt: skip
    Application.objects.bulk_create(rows)


def many_notifications(count: int, owner: User) -> None:
    have = Notification.objects.count()
    rows = [
        Notification(recipient=owner, template="case_undone", key=f"n{have + n}", values=FACTS) for n in range(count)
    ]
    Notification.objects.bulk_create(rows)


FACTS = {"number": "SQ-2026-0001", "organisation": "x", "call": {"zh": "批次", "en": "call"}}


def many_rules(count: int) -> None:
    have = Rule.objects.count()
    rows = [
        Rule(
            code=f"t.{have + n}", name="x", name_en="x", value=1, basis="b", source="s",
            effective_from="2020-01-01", status="sample",
        )
        for n in range(count)
    ]  # fmt: skip
    Rule.objects.bulk_create(rows)


@pytest.mark.parametrize("path", ["/cases/", "/applications/", "/notifications/", "/rules/", "/calls/"])
def test_list_costs_the_same_with_3_and_300_rows(
    path: str, api: Any, applicant: User, officer: User, organisation: Organisation, call: Call
) -> None:
    def grow(count: int) -> None:
        many_applications(count, applicant, organisation, call)
        many_notifications(count, applicant)
        many_rules(count)

    def cost(size: int) -> tuple[int, int]:
        person = api(officer if path == "/cases/" else applicant)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = person.get(path, page_size=size)
        assert answer.status_code == 200, answer.json()
        return len(queries), len(answer.json()["results"])

    grow(3)
    few, rows = cost(2)
    grow(297)
    many, more_rows = cost(30)  # both have a page to come, so both are counted
    assert few == many <= 12
    assert (rows, more_rows) == (2, 30)


def test_list_cost_gate_goes_red_on_a_planted_fault(
    api: Any, applicant: User, organisation: Organisation, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.api.views.applications.LINE", ("call",))
    with pytest.raises(AssertionError):
        test_list_costs_the_same_with_3_and_300_rows("/applications/", api, applicant, applicant, organisation, call)


def test_list_pages_meet_each_row_once_in_both_directions(
    api: Any, officer: User, applicant: User, organisation: Organisation, call: Call
) -> None:
    many_applications(23, applicant, organisation, call)
    person, path, seen = api(officer), "/cases/", []
    answer = person.get(path, page_size=5).json()
    assert (answer["count"], answer["is_count_capped"], answer["previous"]) == (23, False, None)
    while True:
        seen += [row["number"] for row in answer["results"]]
        if answer["next"] is None:
            break
        answer = person.client.get(answer["next"]).json()
    assert len(seen) == len(set(seen)) == 23
    back = person.client.get(answer["previous"]).json()
    assert [row["number"] for row in back["results"]] == seen[-8:-3]


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"after": "nonsense"}, "bad_cursor"), ({"page_size": "0"}, "invalid"), ({"page_size": "101"}, "invalid")],
)
def test_list_with_a_wrong_page_is_400(asked: dict[str, str], code: str, api: Any, officer: User) -> None:
    answer = api(officer).get("/cases/", **asked)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
