"""The pages of figures: what each person sees, that figures lead to their lists, and that pages ask a fixed number."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import counting, figure_reports, measures, targets
from portal.clock import today
from portal.models import District, Organisation, Target, User
from tests.factories import people, rights

PAGES = (
    ("figures", []), ("figure-measures", []), ("figure-measure", ["inventions-valid"]),
    ("figure-list", ["inventions-valid"]), ("figure-district", ["minhang"]), ("figure-summary", []),
    ("target-list", []),
)  # fmt: skip


@pytest.fixture
def city(organisation: Organisation, other_organisation: Organisation, administrator: User) -> Organisation:
    rights.make_right(organisation)
    year = today().year
    for district in (None, organisation.district):
        targets.create(
            measure="inventions-valid", district=district, starts_on=dt.date(year, 1, 1),
            ends_on=dt.date(year, 12, 31), value=4, basis="计划（示例）", source="示例", status="sample",
            by=administrator,
        )  # type: ignore[arg-type]  # fmt: skip
    counting.run()
    return organisation


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["administrator", "officer"])
def test_every_page_opens(
    city: Organisation, who: str, language: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    for name, args in PAGES:
        response = client.get(reverse(name, args=args), headers={"accept-language": language})
        assert response.status_code == 200, name
        if language == "en":
            assert "已登记企业" not in response.content.decode()


def test_the_dashboard_says_how_far_the_clauses_are(city: Organisation, administrator: User, client: Client) -> None:
    client.force_login(administrator)
    page = client.get(reverse("figures"))
    assert page.context["finding"] == "条款落实 25%"
    rows = {row["label"]: row for group in page.context["heat"] for row in group["rows"]}
    assert rows["7 高价值培育"]["total"] == "25"
    assert [cell["value"] for cell in rows["7 高价值培育"]["cells"] if cell["value"] != "—"] == ["25"]
    assert "4 经营模式" in rows, "a clause that something counts stands there without a target, too"


def test_the_map_changes_its_measure_and_leads_to_the_list(city: Organisation, officer: User, client: Client) -> None:
    client.force_login(officer)
    page = client.get(reverse("figures"), {"measure": "inventions-valid"})
    shown = page.context["map"]
    assert shown["values"] == {"310112": 1}, "another district's small cell is not an officer's of Minhang"
    url = shown["urls"]["310112"]
    assert url == "/figures/measures/inventions-valid/list/?district=minhang"
    found = client.get(url)
    assert [row.organisation for row in found.context["page"].rows] == [city]
    assert client.get(url.replace("minhang", "xuhui")).status_code == 403
    assert client.get(url.replace("minhang", "nowhere")).status_code == 404
    assert client.get("/figures/districts/xuhui/").status_code == 404
    for month in ("2020-13", "9999-12", "0001-01"):
        asked = {"district": "minhang", "month": month}
        assert client.get(reverse("figure-list", args=["enterprises-registered"]), asked).status_code in (200, 404)
        assert client.get(reverse("figure-summary"), {"month": month}).status_code in (200, 404)


def test_the_public_sees_no_cell_under_five(city: Organisation, client: Client) -> None:
    for place, count in (("pudong", 6), ("minhang", 5), ("jingan", 5)):
        for _one in range(count):
            people.make_organisation(district=place)
    counting.run()
    page = client.get(reverse("public-figures"), {"measure": "enterprises-registered"})
    assert page.status_code == 200
    shown = page.context["map"]
    codes = {row.code: row.slug for row in District.objects.all()}
    # Xuhui has one enterprise: Jing'an, the smallest that may be shown, is hidden with it.
    assert {codes[code]: value for code, value in shown["values"].items()} == {"pudong": 6, "minhang": 6}
    assert shown["total"][0] == "18"
    assert all(measures.get(line[0].code).is_public for line in page.context["lines"])


def test_a_target_is_set_and_withdrawn_in_the_browser(city: Organisation, administrator: User, client: Client) -> None:
    client.force_login(administrator)
    sent: dict[str, Any] = {
        "measure": "recognitions-valid", "district": "minhang", "starts_on": "2027-01-01", "ends_on": "2027-12-31",
        "value": "3", "basis": "计划", "source": "示例", "status": "sample", "client_key": "k1",
    }  # fmt: skip
    assert client.post(reverse("target-new"), {**sent, "value": "0"}).status_code == 422
    assert client.post(reverse("target-new"), {**sent, "ends_on": "2027-12-30", "client_key": "k2"}).status_code == 409
    assert client.post(reverse("target-new"), {**sent, "client_key": "k3"}).status_code == 302
    target = Target.objects.get(measure="recognitions-valid")
    url = reverse("target-withdraw", args=[target.number])
    assert client.post(url, {"reason": "调整", "client_key": "k4"}).status_code == 302
    target.refresh_from_db()
    assert target.withdrawn_by == administrator


def test_the_report_says_what_the_pages_say(city: Organisation, administrator: User, officer: User) -> None:
    whole, own = figure_reports.build(administrator, {}), figure_reports.build(officer, {"month": f"{today():%Y-%m}"})
    rows = {(row[1], row[3]): row[4] for row in whole.rows}
    assert rows["有效发明专利", "闵行区"] == rows["有效发明专利", "全市"] == 1
    assert {row[3] for row in own.rows} == {"全市", "闵行区"}
    assert len(whole.rows) == len(measures.everything()) * 17  # type: ignore[arg-type]
    assert list(figure_reports.build(officer, {"district": "310104"}).rows) == []


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_a_page_asks_as_much_for_few_as_for_many(
    city: Organisation, administrator: User, client: Client, name: str, args: list[str]
) -> None:
    client.force_login(administrator)
    url = reverse(name, args=args)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for district in ("minhang", "pudong", "jingan", "hongkou"):
        rights.make_right(people.make_organisation(district=district))
    counting.run()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)
    assert len(many) <= 16
