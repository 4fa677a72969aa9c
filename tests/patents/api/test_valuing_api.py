"""How rights are judged, rewards, papers and proofs of use through the API; what a date and a timeline say besides."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patents import families, grades, rights, valuing
from patents.models import InventorReward, Right, RightEvent, RightKind, UseEvidence
from portal.models import AuditEvent, Deadline, IdempotencyKey, Organisation, Secrecy, StoredFile, User
from tests.factories import documents, people
from tests.factories.rights import make_right

pytestmark = pytest.mark.django_db
CANARY, SECRET = "zq0001z", "zq0002z"


@pytest.fixture(autouse=True)
def _today(frozen: Callable[[str], None]) -> None:
    frozen("2026-11-23T10:00")


@pytest.fixture
def invention(organisation: Organisation, applicant: User) -> Right:
    """Return an invention in force, with a family that is pending abroad and a sum of pledge financing."""
    right = make_right(
        organisation, title="一种微压力传感器", inventors=["林知远", "顾明之"], pledge_amount=800_000,
        granted_on=dt.date(2026, 9, 1),
    )  # fmt: skip
    abroad = make_right(organisation, RightKind.FOREIGN_PATENT, country="US", status="pending")
    family = families.create_family(organisation, title="传感器", by=applicant)
    Right.objects.filter(pk__in=[right.pk, abroad.pk]).update(family=family)
    return right


def nobody_elses(api: Any, path: str, *others: User | None) -> list[int]:
    return [api(person).get(path).status_code for person in others]


def test_valuation_lists_every_condition_with_its_evidence(
    api: Any, invention: Right, applicant: User, viewer: User, stranger: User, officer: User
) -> None:
    path = f"/rights/{invention.number}/valuation/"
    found = api(viewer).get(path).json()
    judged = {one["condition"]: one for one in found["high_value"]["findings"]}
    assert {name: one["verdict"] for name, one in judged.items()} == {
        "industry": "not", "family": "near", "maintained": "not", "pledge": "confirm", "award": "not",
    }  # fmt: skip
    assert judged["family"]["facts"] == {"countries": ["US"]}
    assert judged["pledge"]["facts"] == {"amount": "800000.00", "minimum": None}
    assert judged["maintained"]["facts"]["reached_on"] == "2032-03-11"
    assert all(one["evidence"] and one["title"] for one in judged.values())
    older, newer = found["high_value"]["sets"]
    assert ("pledge" in older["conditions"], "pledge" in newer["conditions"]) == (True, False)
    assert (older["is_met"], newer["is_trusted"]) == (False, False)
    assert nobody_elses(api, path, stranger, officer, None) == [404, 404, 401]


def test_grade_core_and_industry_are_decided_by_those_who_lead(
    api: Any, invention: Right, applicant: User, colleague: User
) -> None:
    grades.regrade()
    path = f"/rights/{invention.number}/valuation/"
    computed = api(applicant).get(path).json()["grade"]
    assert computed["reasons"]
    assert computed["score"] == sum(row["points"] for row in computed["reasons"])
    body = {"grade": "A", "reason": CANARY}
    made, twin = (api(applicant).post(f"{path}grade/", body, key="g") for _turn in range(2))
    assert (made.status_code, made.json()["grade"]["manual"]) == (
        200,
        {"grade": "A", "reason": CANARY, "by": applicant.name, "on": "2026-11-23"},
    )
    assert (twin.json(), made.json()["grade"]["computed"]) == (made.json(), computed["computed"])
    assert AuditEvent.objects.filter(action="right.graded").count() == 1
    assert api(applicant).post(f"{path}grade/", {"grade": "B"}).json()["code"] == "no_reason"
    assert api(applicant).post(f"{path}grade/", {"grade": "E"}).status_code == 400
    assert api(applicant).post(f"{path}grade/", {"grade": ""}).json()["grade"]["grade"] == computed["computed"]
    assert api(applicant).post(f"{path}core/", {"is_core": True}).json()["is_core"] is True
    code = valuing.table()[0][0].code
    confirmed = api(applicant).post(f"{path}industry/", {"code": code}).json()
    assert (confirmed["industry"], confirmed["is_industry_confirmed"]) == (code, True)
    assert confirmed["high_value"]["findings"][0]["verdict"] == "met"
    assert api(applicant).post(f"{path}industry/", {"code": "nothing"}).json()["code"] == "unknown_industry"
    for verb, given in (("grade", body), ("core", {"is_core": False}), ("industry", {"code": ""})):
        assert api(colleague).post(f"{path}{verb}/", given).status_code == 403


def test_high_value_lists_what_is_met_and_what_nearly_is(
    api: Any, invention: Right, organisation: Organisation, applicant: User, stranger: User
) -> None:
    old = make_right(organisation, filed_on=dt.date(2015, 1, 5))
    make_right(organisation, RightKind.UTILITY_MODEL)
    valuing.reflag()

    def numbers(show: str, person: User = applicant) -> set[str]:
        return {row["right"] for row in api(person).get("/high-value/", show=show).json()["results"]}

    assert (numbers("met"), numbers("near")) == ({old.number}, {invention.number})
    assert numbers("all") == {old.number, invention.number}
    assert numbers("all", stranger) == set()
    assert api(applicant).get("/high-value/", organisation="ZZZZ").status_code == 404
    assert api(applicant).get("/high-value/", show="some").status_code == 400


def test_high_value_of_a_family_member_one_may_not_know_of_is_no_evidence(
    api: Any, invention: Right, applicant: User
) -> None:
    hidden = {"secrecy": Secrecy.NAMED, "readers": [], "title": SECRET, "status": "granted"}
    Right.objects.filter(country="US").update(**hidden)
    answer = api(applicant).get(f"/rights/{invention.number}/valuation/")
    family = answer.json()["high_value"]["findings"][1]
    assert (family["verdict"], family["facts"]) == ("not", {"countries": []})
    assert SECRET not in answer.content.decode()


def test_high_value_counts_are_for_officials_and_of_open_rights(
    api: Any, invention: Right, applicant: User, officer: User, city_officer: User, other_officer: User
) -> None:
    make_right(invention.organisation, filed_on=dt.date(2015, 1, 5))
    make_right(invention.organisation, filed_on=dt.date(2015, 1, 5), secrecy=Secrecy.INTERNAL)
    valuing.reflag()
    for person in (officer, city_officer):
        found = api(person).get("/high-value/counts/").json()
        assert (found["valid"], found["high_value"]) == (2, 1)
        assert [(row["valid"], row["high_value"]) for row in found["districts"]] == [(2, 1)]
    assert api(other_officer).get("/high-value/counts/").json()["districts"] == []
    assert api(applicant).get("/high-value/counts/").status_code == 403


def test_high_value_list_asks_the_same_number_of_queries(api: Any, organisation: Organisation, applicant: User) -> None:
    def queries() -> int:
        client = api(applicant)
        client.get("/high-value/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/high-value/", show="all", page_size=100).status_code == 200
        return len(captured)

    make_right(organisation)
    few = queries()
    for _turn in range(30):
        make_right(organisation)
    assert queries() == few


def test_rewards_are_agreed_and_paid_once_per_voucher(
    api: Any, invention: Right, applicant: User, viewer: User, stranger: User, officer: User
) -> None:
    path = f"/rights/{invention.number}/rewards/"
    before = api(viewer).get(path).json()
    assert (before["state"], before["required"], before["due_on"]) == ("due", "4000.00", "2026-12-01")
    assert before["basis"]
    agreed = {"inventor": "林知远", "amount": "6000"}
    assert api(applicant).post(f"{path}agree/", agreed, key="a").json()["required"] == "6000.00"
    paid = {**agreed, "amount": "2500.50", "on": "2026-11-20", "reference": CANARY}
    made, twin = (api(applicant).post(f"{path}pay/", paid, key="p") for _turn in range(2))
    assert (made.status_code, twin.json()) == (200, made.json()), made.json()
    assert (made.json()["state"], made.json()["missing"]) == ("short", "3499.50")
    assert [(row["inventor"], row["paid"], row["reference"]) for row in made.json()["rewards"]] == [
        ("林知远", "2500.50", CANARY)
    ]
    assert InventorReward.objects.count() == 1
    assert IdempotencyKey.objects.filter(key="p").count() == 1
    for wrong, code in (({"reference": CANARY}, "same_reference"), ({"on": "2027-01-01"}, "future"),
                        ({"inventor": "外人"}, "inventor"), ({"amount": "9999999999.99"}, "amount")):  # fmt: skip
        answer = api(applicant).post(f"{path}pay/", {**paid, "reference": "P-2", **wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert api(applicant).post(f"{path}pay/", {**paid, "amount": "0"}).status_code == 400
    assert api(viewer).post(f"{path}pay/", paid).status_code == 403
    assert api(stranger).post(f"{path}pay/", paid).status_code == 404
    assert nobody_elses(api, path, stranger, officer, None) == [404, 404, 401]


def test_rewards_of_a_patent_older_than_the_law_have_no_day(api: Any, organisation: Organisation, viewer: User) -> None:
    right = make_right(organisation, granted_on=dt.date(1980, 1, 2), filed_on=dt.date(1979, 1, 2))
    found = api(viewer).get(f"/rights/{right.number}/rewards/").json()
    assert (found["state"], found["due_on"], found["required"]) == ("unknown", None, "0.00")


def test_use_of_a_trademark_is_recorded_with_its_paper(
    api: Any, organisation: Organisation, applicant: User, viewer: User, stranger: User, invention: Right
) -> None:
    mark = make_right(organisation, RightKind.TRADEMARK, classes=["9"], granted_on=dt.date(2022, 5, 7))
    path = f"/rights/{mark.number}/use-evidence/"
    body = {"nice_class": 9, "used_on": "2026-11-01", "description": CANARY}
    made, twin = (api(applicant).post(path, body, key="u") for _turn in range(2))
    assert (made.status_code, twin.json()) == (201, made.json()), made.json()
    assert made.json()["document"] is None
    picture = SimpleUploadedFile("展会.pdf", documents.pdf(), "application/pdf")
    shown = api(applicant).post(path, {**body, "used_on": "2026-11-02", "file": picture}, form=True)
    assert shown.status_code == 201, shown.json()
    assert shown.json()["document"] == StoredFile.objects.get().number
    rows = api(viewer).get(path).json()["results"]
    assert [(row["used_on"], row["description"]) for row in rows] == [("2026-11-02", CANARY), ("2026-11-01", CANARY)]
    clocks = Deadline.objects.open().filter(subject_number=mark.number, rule_code__contains="non_use")
    assert set(clocks.values_list("trigger_on", flat=True)) == {dt.date(2026, 11, 2)}
    for wrong, status in (({"nice_class": 46}, 400), ({"used_on": "2027-01-01"}, 409), ({"description": ""}, 400)):
        assert api(applicant).post(path, {**body, **wrong}).status_code == status
    assert api(viewer).post(path, body).status_code == 403
    assert nobody_elses(api, path, stranger, None) == [404, 401]
    assert api(applicant).post(f"/rights/{invention.number}/use-evidence/", body).json()["code"] == "wrong_kind"
    assert UseEvidence.objects.count() == 2


def test_papers_are_as_visible_as_their_right(
    api: Any, organisation: Organisation, applicant: User, colleague: User, viewer: User, stranger: User
) -> None:
    right = rights.create(
        organisation, kind="trade_secret", values={"title": SECRET, "measures": SECRET}, status="draft", by=colleague
    )
    path = f"/rights/{right.number}/documents/"
    paper = SimpleUploadedFile(f"{SECRET}.pdf", documents.pdf(), "application/pdf")
    made = api(colleague).post(path, {"file": paper}, form=True)
    assert (made.status_code, made.json()["slot"]) == (201, f"right:{right.number}"), made.json()
    assert [row["number"] for row in api(colleague).get(path).json()] == [made.json()["number"]]
    for person in (applicant, viewer, stranger):
        for address in (path, f"/files/{made.json()['number']}/", f"/rights/{right.number}/valuation/"):
            answer = api(person).get(address)
            assert (answer.status_code, SECRET in answer.content.decode()) == (404, False)
    wrong = SimpleUploadedFile("x.exe", b"MZ\x90", "application/pdf")
    assert api(colleague).post(path, {"file": wrong}, form=True).status_code == 409
    assert api(colleague).post(path, {"file": "x"}).status_code == 415


def test_timeline_says_in_words_what_changed_and_names_no_keys_of_people(
    api: Any, organisation: Organisation, applicant: User, viewer: User
) -> None:
    right = make_right(organisation)
    rights.update(right, values={"title": "改名"}, version=right.version, by=applicant)
    right.refresh_from_db()
    rights.set_secrecy(right, secrecy=Secrecy.NAMED, readers=[viewer.pk], by=applicant)
    newest, change = api(viewer).get(f"/rights/{right.number}/events/").json()["results"]
    assert (change["kind"], change["by"]["number"]) == ("changed", applicant.number)
    assert change["data"]["title"]["to"] == "改名"
    assert "改名" in change["words"]
    assert newest["data"].keys() == {"secrecy"}
    assert RightEvent.objects.filter(data__has_key="readers").count() == 1


def test_date_says_its_arithmetic_and_its_reminders(api: Any, organisation: Organisation, applicant: User) -> None:
    right = make_right(organisation, status="pending", granted_on=None, filed_on=dt.date(2025, 3, 10))
    body = {"type": "first_office_action", "issued_on": "2026-11-12"}
    assert api(applicant).post(f"/rights/{right.number}/notices/", body).status_code == 201
    row = Deadline.objects.get(subject_number=right.number, rule_code="right.first_office_action")
    found = api(applicant).get(f"/deadlines/{row.number}/").json()
    assert found["steps"]
    assert found["remind_days"] == [str(day) for day in row.remind_days or []]
    assert found["remind_days"]
    assert dt.datetime.fromisoformat(found["remind_at"]) == row.remind_at
    assert (found["nominal_on"], found["delivered_on"]) == (str(row.nominal_on), str(row.delivered_on))


def test_quiet_hours_are_set_together(api: Any) -> None:
    person = people.make_user("夜猫")
    half = api(person).post("/settings/", {"quiet_from": "22:00"})
    assert (half.status_code, list(half.json()["fields"])) == (400, ["quiet_to"])
    both = api(person).post("/settings/", {"quiet_from": "22:00", "quiet_to": "00:00"}, key="q")
    assert (both.json()["quiet_from"], both.json()["quiet_to"]) == ("22:00", "00:00")
    assert api(person).post("/settings/", {"quiet_from": "25:00", "quiet_to": "7"}).status_code == 400
    none = api(person).post("/settings/", {"quiet_from": None, "quiet_to": None}).json()
    assert (none["quiet_from"], none["quiet_to"]) == (None, None)
