"""The register through the API: rights, notices, dates, money, forecast, families, products, imports; who may."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patents.importing import working
from patents.models import Right, RightKind
from portal.models import AuditEvent, Deadline, IdempotencyKey, Organisation, Secrecy, User
from tests.factories import people
from tests.factories.rights import make_number, make_right

pytestmark = pytest.mark.django_db
TODAY = "2026-11-23T10:00"


@pytest.fixture(autouse=True)
def _today(frozen: Callable[[str], None]) -> None:
    frozen(TODAY)


@pytest.fixture
def right(api: Any, organisation: Organisation, applicant: User) -> Right:
    """Return a patent in force, entered through the API."""
    body = {
        "organisation": organisation.number,
        "kind": "invention",
        "title": "一种微压力传感器",
        "application_number": make_number(2021),
        "filed_on": "2021-03-10",
        "granted_on": "2023-05-20",
        "status": "granted",
        "owners": [organisation.name],
        "inventors": ["林知远", "顾明之"],
        "reduction": "0.85",
    }
    made, twin = (api(applicant).post("/rights/", body, key="r") for _turn in range(2))
    assert (made.status_code, twin.json()) == (201, made.json()), made.json()
    return Right.objects.get(number=made.json()["number"])


def test_right_is_entered_once_with_its_dates(api: Any, right: Right, applicant: User) -> None:
    assert Right.objects.count() == 1
    found = api(applicant).get(f"/rights/{right.number}/").json()
    assert (found["inventors"], found["reduction"], found["status"]) == (["林知远", "顾明之"], "0.85", "granted")
    dates = api(applicant).get("/deadlines/", right=right.number).json()["results"]
    assert "right.annuity" in {row["rule"] for row in dates}
    assert dates == sorted(dates, key=lambda row: row["target_on"])
    assert api(applicant).get("/rights/", q="微压力").json()["results"][0]["next_on"] is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [("application_number", "202110000001.0"), ("granted_on", "2020-01-01"), ("kind", "idea"), ("title", ""),
     ("country", "C"), ("filed_on", "gestern"), ("paid_year", 99), ("owners", "x"), ("route", "sea")],
)  # fmt: skip
def test_right_with_a_wrong_field_names_it(
    api: Any, organisation: Organisation, applicant: User, field: str, value: Any
) -> None:
    body = {"organisation": organisation.number, "kind": "foreign_patent", "title": "x", "filed_on": "2021-03-10"}
    if field == "application_number":
        body["kind"] = "invention"
    answer = api(applicant).post("/rights/", {**body, field: value})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field]), answer.json()


def test_right_is_changed_in_the_version_one_saw(api: Any, right: Right, applicant: User, viewer: User) -> None:
    path, seen = f"/rights/{right.number}/", right.version
    assert api(viewer).patch(path, {"version": seen, "note": "x"}).status_code == 403
    changed = api(applicant).patch(path, {"version": seen, "note": "改过", "classes": ["G01L"]})
    assert (changed.status_code, changed.json()["note"], changed.json()["classes"]) == (200, "改过", ["G01L"])
    assert api(applicant).patch(path, {"version": seen, "note": "旧"}).json()["code"] == "stale"
    assert (
        api(applicant).patch(path, {"version": changed.json()["version"], "granted_on": "2020-01-01"}).status_code
        == 400
    )
    right.refresh_from_db()
    assert (right.note, right.title) == ("改过", "一种微压力传感器")


def test_strangers_and_officials_do_not_see_an_enterprises_side(
    api: Any, right: Right, stranger: User, officer: User, other_officer: User, city_officer: User
) -> None:
    path = f"/rights/{right.number}/"
    for person in (stranger, officer, city_officer):
        assert api(person).get(path).status_code == 404
        assert api(person).get("/rights/").json()["count"] == 0
        assert api(person).get("/deadlines/").json()["count"] == 0
        assert api(person).get(f"{path}money/").status_code == 404
    assert api().get("/rights/").status_code == 401
    shown = api(officer).get(f"/open-rights/{right.number}/").json()
    assert {"note", "measures", "grade", "reduction", "paid_year"} & shown.keys() == set()
    assert [api(person).get(f"/open-rights/{right.number}/").status_code for person in (other_officer, stranger)] == [
        404,
        404,
    ]
    Right.objects.update(secrecy=Secrecy.INTERNAL)
    assert api(officer).get(f"/open-rights/{right.number}/").status_code == 404
    assert api(city_officer).get("/open-rights/").json()["count"] == 0


def test_secret_is_for_named_persons_only(
    api: Any, organisation: Organisation, applicant: User, colleague: User, viewer: User
) -> None:
    body = {"organisation": organisation.number, "kind": "trade_secret", "title": "配方甲", "measures": "门禁"}
    made = api(colleague).post("/rights/", {**body, "readers": [viewer.number]})
    path = f"/rights/{made.json()['number']}/"
    assert (made.status_code, made.json()["secrecy"]) == (201, "named")
    assert [api(person).get(path).status_code for person in (colleague, viewer, applicant)] == [200, 200, 404]
    assert api(colleague).post(f"{path}secrecy/", {"secrecy": "open"}).status_code in (403, 409)
    assert api(colleague).post(f"{path}secrecy/", {"secrecy": "named", "readers": ["ZZZZ"]}).status_code == 400
    outsider = people.make_user("外人")
    named = api(colleague).post(f"{path}secrecy/", {"secrecy": "named", "readers": [outsider.number]})
    assert named.json()["code"] == "not_a_member"


def test_notice_opens_a_date_that_is_stated_and_met(api: Any, organisation: Organisation, applicant: User) -> None:
    right = make_right(organisation, status="pending", granted_on=None, filed_on=dt.date(2025, 3, 10))
    path = f"/rights/{right.number}/notices/"
    body = {"type": "first_office_action", "issued_on": "2026-10-12"}
    made, twin = (api(applicant).post(path, body, key="n") for _turn in range(2))
    assert (made.status_code, twin.json()) == (201, made.json()), made.json()
    assert api(applicant).post(path, body).json()["code"] == "double"
    row = Deadline.objects.get(subject_number=right.number, rule_code="right.first_office_action")
    date = f"/deadlines/{row.number}/"
    stated = api(applicant).post(f"{date}override/", {"on": "2027-03-01", "reason": "通知书写明"}).json()
    assert (stated["legal_on"], stated["computed_on"]) == ("2027-03-01", str(row.legal_on))
    assert api(applicant).post(f"{date}lift/").json()["legal_on"] == str(row.legal_on)
    assert api(applicant).post(f"{date}lift/").status_code == 409
    met = api(applicant).post(f"{date}meet/", {"on": "2026-11-20"}, key="m")
    assert met.json()["met_at"] is not None
    assert api(applicant).post(f"{date}meet/", {}).status_code == 409
    assert [row["type"] for row in api(applicant).get(path).json()["results"]] == ["first_office_action"]
    assert {row["kind"] for row in api(applicant).get(f"/rights/{right.number}/events/").json()["results"]} >= {
        "notice"
    }


def test_annuity_is_met_with_a_receipt_only(api: Any, right: Right, applicant: User, viewer: User) -> None:
    row = Deadline.objects.open().get(subject_number=right.number, rule_code="right.annuity")
    path = f"/deadlines/{row.number}/meet/"
    assert api(applicant).post(path, {}).json()["code"] == "no_evidence"
    assert api(viewer).post(path, {"reference": "1"}).status_code == 403
    assert api(applicant).post(path, {"reference": "0012345"}, key="a").json()["met_evidence"] == "0012345"
    ledger = api(applicant).get(f"/rights/{right.number}/money/").json()["results"]
    assert [(entry["stage"], entry["reference"]) for entry in ledger] == [("receipt", "0012345")]
    right.refresh_from_db()
    assert right.paid_year == row.year


def test_money_is_entered_and_reversed(api: Any, right: Right, applicant: User, stranger: User) -> None:
    path = f"/rights/{right.number}/money/"
    body = {"stage": "payment", "code": "other", "amount": "12.50", "on": "2026-03-02"}
    made, twin = (api(applicant).post(path, body, key="e") for _turn in range(2))
    assert (made.status_code, twin.json()) == (201, made.json()), made.json()
    assert api(applicant).post(path, {**body, "on": "2030-01-01"}).json()["code"] == "future"
    assert api(applicant).post(path, {**body, "amount": "0"}).json()["code"] == "amount"
    assert api(applicant).post(path, {**body, "product": "ZZZZ"}).status_code == 404
    entry = f"/money/{made.json()['number']}/"
    assert api(stranger).get(entry).status_code == 404
    assert (
        api(applicant).post(f"{entry}reverse/", {"reason": "录错"}, key="v").json()["reverses"] == made.json()["number"]
    )
    assert api(applicant).post(f"{entry}reverse/", {"reason": "录错"}).json()["code"] == "reversed"


def test_forecast_and_what_a_scenario_saves(
    api: Any, right: Right, organisation: Organisation, applicant: User, stranger: User
) -> None:
    asked = {"organisation": organisation.number}
    before = api(applicant).get("/forecast/", **asked).json()
    assert float(before["total"]) > 0
    assert before["saving"] == "0.00"
    made = api(applicant).post("/scenarios/", {**asked, "name": "放弃"}, key="s").json()
    drops = {"rights": [right.number], "year": 2030}
    assert api(applicant).post(f"/scenarios/{made['number']}/change/", drops).json()["drops"] == {right.number: 2030}
    after = api(applicant).get("/forecast/", **asked, scenario=made["number"]).json()
    assert float(after["saving"]) > 0
    assert round(float(after["kept"]) + float(after["saving"]), 2) == float(after["total"])
    assert api(stranger).get("/forecast/", **asked).status_code == 404
    assert api(stranger).get("/scenarios/").json()["count"] == 0
    assert api(applicant).post(f"/scenarios/{made['number']}/remove/").status_code == 204


def test_bulk_edit_by_numbers_and_by_filters(
    api: Any, organisation: Organisation, applicant: User, colleague: User, viewer: User, stranger: User
) -> None:
    rows = [make_right(organisation) for _turn in range(3)]
    make_right(organisation, RightKind.TRADEMARK)
    body = {"organisation": organisation.number, "field": "grade", "value": "B"}
    picked = {**body, "numbers": [rows[0].number]}
    assert api(applicant).post("/rights/bulk-edit/", picked, key="b").json() == {"done": 1, "same": 0, "left_out": 0}
    filtered = {**body, "filters": {"kind": "invention"}}
    assert api(applicant).post("/rights/bulk-edit/", filtered).json() == {"done": 2, "same": 1, "left_out": 0}
    assert api(viewer).post("/rights/bulk-edit/", picked).status_code == 403
    assert api(stranger).post("/rights/bulk-edit/", picked).status_code == 404
    assert api(applicant).post("/rights/bulk-edit/", body).status_code == 400
    who = {**picked, "field": "responsible", "value": colleague.number}
    assert api(applicant).post("/rights/bulk-edit/", who).json()["done"] == 1
    assert api(applicant).get(f"/rights/{rows[0].number}/").json()["responsible"]["name"] == colleague.name


def test_status_burdens_links_and_removal(api: Any, right: Right, organisation: Organisation, applicant: User) -> None:
    path = f"/rights/{right.number}/"
    wrong = {"status": "refused", "on": "2026-01-05", "source": "登记簿"}
    assert api(applicant).post(f"{path}change-status/", wrong).json()["code"] == "wrong_state"
    lapsed = {"status": "lapsed", "on": "2026-01-05", "source": "登记簿"}
    assert api(applicant).post(f"{path}change-status/", lapsed).json()["ended_on"] == "2026-01-05"
    assert api(applicant).post(f"{path}flags/", {"flags": ["pledged", "open"]}).json()["flags"] == ["open", "pledged"]
    family = api(applicant).post("/families/", {"organisation": organisation.number, "title": "传感器"}).json()
    product = api(applicant).post("/products/", {"organisation": organisation.number, "name": "压力表"}).json()
    linked = {"family": family["number"], "products": [product["number"]]}
    found = api(applicant).post(f"{path}links/", linked).json()
    assert (found["family"], found["products"]) == (family["number"], [product["number"]])
    renamed = api(applicant).post(f"/products/{product['number']}/change/", {"name": "压力计", "is_active": False})
    assert renamed.json()["name"] == "压力计"
    assert api(applicant).post(f"{path}remove/", {"reason": "误登"}, key="x").status_code == 204
    assert not Right.objects.exists()
    assert AuditEvent.objects.filter(action="right.deleted").count() == 1
    assert IdempotencyKey.objects.filter(key="x").count() == 1


def test_import_from_upload_to_rights(
    api: Any, organisation: Organisation, applicant: User, viewer: User, stranger: User
) -> None:
    line = ",".join(["一种阀门", make_number(2022), "发明专利", "2022-03-10", organisation.name])
    text = f"专利名称,申请号,专利类型,申请日,申请人\n{line}\n"
    file = SimpleUploadedFile("清单.csv", text.encode("utf-8-sig"), "text/csv")
    body = {"organisation": organisation.number, "file": file}
    made = api(applicant).post("/imports/upload/", body, form=True)
    assert made.status_code == 201, made.json()
    path = f"/imports/{made.json()['number']}/"
    working.sweep()
    header = api(applicant).get(path).json()["header"]
    assert header[:2] == ["专利名称", "申请号"]
    names = ["title", "application_number", "kind", "filed_on", "owners"]
    columns = {"columns": {str(place): name for place, name in enumerate(names)}}
    mapped = api(applicant).post(f"{path}map/", columns)
    assert mapped.status_code == 200, mapped.json()
    working.sweep()
    rows = api(applicant).get(f"{path}rows/").json()["results"]
    assert [row["verdict"] for row in rows] == ["new"], rows
    assert [api(person).post(f"{path}confirm/").status_code for person in (viewer, stranger)] == [403, 404]
    assert api(applicant).post(f"{path}confirm/", key="c").json()["status"] == "queued"
    working.sweep()
    assert api(applicant).get(path).json()["status"] == "done"
    assert Right.objects.get().title == "一种阀门"
    assert api(applicant).post(f"{path}cancel/").status_code == 409


@pytest.mark.parametrize("path", ["/rights/", "/deadlines/", "/open-rights/"])
def test_lists_ask_the_same_number_of_queries_for_3_and_100_rows(
    api: Any, organisation: Organisation, applicant: User, city_officer: User, path: str
) -> None:
    person = city_officer if "open" in path else applicant

    def fill(count: int) -> None:
        for _turn in range(count):
            right = make_right(organisation)
            day = dt.date(2027, 1, 5)
            Deadline.objects.create(
                organisation=organisation, subject_type="right", subject_number=right.number, rule_code="right.annuity",
                owner="applicant", trigger_event="annuity", trigger_on=day, target_on=day, legal_on=day,
            )  # fmt: skip

    def queries() -> int:
        client = api(person)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path, page_size=100).status_code == 200
        return len(captured)

    fill(3)
    few = queries()
    fill(97)
    assert queries() == few
    assert few <= 12
