"""The forecast's page, scenarios and exports."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from patents import money, outlook, scenarios
from patents.models import Scenario
from portal import reports
from portal.errors import Denied, RuleBroken
from portal.models import Secrecy
from tests.factories.rights import make_right

URL = "/rights/forecast/"


@pytest.fixture
def rights(organisation, frozen):
    frozen("2026-11-22 10:00")
    return [
        make_right(organisation, filed_on=dt.date(2017, 7, 20), granted_on=dt.date(2020, 3, 6), reduction="0.85"),
        make_right(organisation, "utility_model", filed_on=dt.date(2020, 5, 9), granted_on=dt.date(2021, 1, 4)),
        make_right(organisation, "trademark", granted_on=dt.date(2016, 12, 28), filed_on=None, classes=["9", "42"]),
        make_right(organisation, "foreign_patent", country="US", filed_on=dt.date(2018, 7, 20)),
    ]


def test_the_figures_come_from_the_rules(organisation, applicant, rights):
    found = outlook.of_organisation(organisation, applicant)
    assert found.costs[rights[0].number][0].amount == 600  # year 11 of an invention with 85 % off
    assert found.costs[rights[2].number][0].amount == 900  # two classes online
    assert found.gaps == {rights[3].number: "not_stated"}


def test_the_page_says_what_lies_ahead_and_invents_nothing_abroad(applicant, rights, client):
    client.force_login(applicant)
    text = client.get(URL).content.decode()
    assert "未录入" in text
    assert "全部保留到期末共需" in text


def test_the_page_without_rights_says_how_to_begin(applicant, client):
    client.force_login(applicant)
    assert "还没有可以预测的费用" in client.get(URL).content.decode()


def test_rights_are_given_up_and_kept_in_a_scenario(organisation, applicant, rights, client):
    client.force_login(applicant)
    form = {"pick": [rights[0].number, rights[1].number], "year": "2030", "verb": "drop", "scenario": ""}
    response = client.post(reverse("rights-forecast-change"), form)
    scenario = Scenario.objects.get(organisation=organisation)
    assert response.url == f"{URL}?scenario={scenario.number}"
    assert scenario.drops == {rights[0].number: 2030, rights[1].number: 2030}
    keep = {"pick": [rights[1].number], "verb": "keep", "scenario": scenario.number}
    client.post(reverse("rights-forecast-change"), keep)
    scenario.refresh_from_db()
    assert scenario.drops == {rights[0].number: 2030}
    text = client.get(response.url).content.decode()
    found = outlook.of_organisation(organisation, applicant)
    assert f"{found.saving(scenario.drops):,.2f}" in text
    assert "2030 年起放弃" in text


def test_two_scenarios_stand_side_by_side(organisation, applicant, rights, client):
    first = scenarios.create(organisation, name="甲", by=applicant)
    second = scenarios.create(organisation, name="乙", by=applicant)
    scenarios.change(first, rights=rights[:1], year=2028, by=applicant)
    scenarios.change(second, rights=rights[:2], year=2030, by=applicant)
    client.force_login(applicant)
    text = client.get(f"{URL}?scenario={first.number}&with={second.number}").content.decode()
    found = outlook.of_organisation(organisation, applicant)
    first.refresh_from_db()
    second.refresh_from_db()
    difference = found.total(first.drops) - found.total(second.drops)
    assert f"{abs(difference):,.2f}" in text


def test_a_scenario_is_copied_and_deleted(organisation, applicant, rights, client):
    first = scenarios.create(organisation, name="甲", drops={rights[0].number: 2030}, by=applicant)
    client.force_login(applicant)
    client.post(reverse("scenario-create"), {"name": "丙", "scenario": first.number})
    assert Scenario.objects.get(name="丙").drops == first.drops
    assert client.post(reverse("scenario-delete", args=[first.number])).status_code == 302
    assert not Scenario.objects.filter(pk=first.pk).exists()


def test_what_a_scenario_cannot_be_is_refused(organisation, applicant, rights):
    first = scenarios.create(organisation, name="甲", by=applicant)
    with pytest.raises(RuleBroken):
        scenarios.create(organisation, name="甲", by=applicant)
    with pytest.raises(RuleBroken):
        scenarios.change(first, rights=rights, year=2025, by=applicant)
    with pytest.raises(RuleBroken):
        scenarios.change(first, rights=[], year=2027, by=applicant)


def test_viewers_look_and_strangers_and_officials_do_not(
    organisation, applicant, rights, viewer, stranger, officer, client
):
    first = scenarios.create(organisation, name="甲", by=applicant)
    form = {"pick": [rights[0].number], "year": "2030", "verb": "drop", "scenario": first.number}
    for person, page, verb in ((viewer, 200, 403), (stranger, 200, 404), (officer, 403, 403)):
        client.force_login(person)
        response = client.get(f"{URL}?scenario={first.number}")
        assert response.status_code == page
        assert (rights[0].title in response.content.decode()) == (person == viewer)
        assert client.post(reverse("rights-forecast-change"), form).status_code == verb
        deleted = client.post(reverse("scenario-delete", args=[first.number])).status_code
        assert deleted == (403 if person == viewer else 404)
    with pytest.raises(Denied):
        scenarios.create(organisation, name="乙", by=viewer)


def test_a_secret_right_counts_only_for_the_persons_named(organisation, applicant, colleague, frozen):
    frozen("2026-11-22 10:00")
    right = make_right(organisation, secrecy=Secrecy.NAMED, readers=[applicant.pk])
    assert right.number in outlook.of_organisation(organisation, applicant).costs
    assert right.number not in outlook.of_organisation(organisation, colleague).costs


def test_lapsed_rights_cost_nothing_and_paid_years_fall_away(organisation, applicant, frozen):
    frozen("2026-11-22 10:00")
    lapsed = make_right(organisation, status="lapsed")
    kept = make_right(organisation, filed_on=dt.date(2020, 12, 10), granted_on=dt.date(2023, 5, 20))
    year = outlook.of_organisation(organisation, applicant).costs[kept.number][0].patent_year
    money.record(kept, stage="payment", code="annuity", year=year, amount=Decimal(2000), on=dt.date(2026, 11, 20),
                 by=applicant)  # fmt: skip
    found = outlook.of_organisation(organisation, applicant)
    assert lapsed.number not in found.costs
    assert found.costs[kept.number][0].patent_year == year + 1
    assert outlook.paid_by_month(organisation, applicant, 2026)[10] == 2000


def test_one_right_turns_when_its_costs_pass_its_expected_income(organisation, applicant, rights):
    for year in range(2027, 2035):
        money.record(
            rights[0], stage="income", code="licence", amount=Decimal(7000), on=dt.date(year, 6, 1), by=applicant
        )
    found = outlook.of_right(rights[0], user=applicant)
    assert found.turning_year == 2032  # year 16 costs 8000
    assert outlook.of_right(rights[3], user=applicant) is None


def test_the_page_asks_as_much_for_3_and_for_300_rights(
    organisation, applicant, rights, client, django_assert_max_num_queries
):
    client.force_login(applicant)
    for _n in range(300):
        make_right(organisation)
    client.get(URL)
    with django_assert_max_num_queries(12):
        client.get(URL)


@pytest.mark.parametrize("code", ["rights-forecast", "rights-budget"])
@pytest.mark.parametrize("format", ["xlsx", "pdf"])
def test_the_forecast_goes_out_as_a_file(organisation, applicant, rights, client, code, format):
    client.force_login(applicant)
    form = {"report": code, "format": format, "scenario": ""}
    assert client.post(reverse("rights-forecast-export"), form).status_code == 302
    assert reports.sweep() == 1
    run = applicant.report_runs.get() if hasattr(applicant, "report_runs") else None
    run = run or reports.ReportRun.objects.get(created_by=applicant)
    assert run.status == "done", run.error
    with reports.default_storage.open(run.file.key, "rb") as stream:
        if format == "pdf":
            assert stream.read(5) == b"%PDF-"
            return
        sheet = load_workbook(stream).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    if code == "rights-forecast":
        found = outlook.of_organisation(organisation, applicant)
        line = next(row for row in cells if row[0] == rights[0].number)
        assert Decimal(str(line[9])) == found.to_term(rights[0].number)
        assert next(row for row in cells if row[0] == rights[3].number)[8] == "未录入"
    else:
        assert len(cells) == 18
