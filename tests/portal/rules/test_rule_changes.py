"""Rules are changed by the city's administrator: seen first, with a reason, never over somebody else's edit."""

import datetime as dt

import pytest
from django.urls import reverse

from portal import audit, rule_changes, rules
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, HolidayYear, Rule
from portal.rule_changes import Move, Proposal, state_of
from portal.rules import YearTable

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(autouse=True)
def _fresh(db):
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def movers(monkeypatch):
    """No movers but those a test registers."""
    found: list = []
    monkeypatch.setattr(rule_changes, "_movers", found)
    return found


@pytest.fixture
def row(db) -> Rule:
    return Rule.objects.get(code="procedure.verify.limit")


def sent(row: Rule, **changes) -> dict[str, str]:
    """Return what the form would send for a row."""
    given = {
        **{"code": row.code, "effective_from": row.effective_from, "effective_to": row.effective_to or ""},
        **{"name": row.name, "name_en": row.name_en, "value": row.value, "unit": row.unit, "basis": row.basis},
        **{"source": row.source, "note": row.note, "status": row.status, "verified_on": row.verified_on or ""},
        **{"reason": "更正", "expects": state_of(row)},
        **changes,
    }
    return {name: str(value) for name, value in given.items()}


def copy(row: Rule, **changes) -> Rule:
    fields = {name: getattr(row, name) for name in (*rule_changes.CHANGEABLE, "code", "effective_from")}
    return Rule(**{**fields, **changes})


def test_proposal_is_an_overlay_and_leaves_the_book_alone(row):
    proposal = Proposal(
        rows=(copy(row, value=99), copy(row, effective_from=day("2027-01-01"), value=77)),
        years=(YearTable(2027, {day("2027-02-09"): "春节"}, {day("2027-02-20"): "春节"}),),
    )
    with proposal.applied():
        assert rules.value(row.code, day("2026-06-01")) == 99
        assert rules.value(row.code, day("2027-06-01")) == 77
        assert rules.calendar().is_office_rest(day("2027-02-09"))
        assert 2027 in rules.calendar().known_years
        assert not rules.calendar().off.get(day("2027-10-01"))
    assert rules.value(row.code, day("2027-06-01")) == row.value
    assert not rules.calendar().is_office_rest(day("2027-02-09"))
    assert day("2027-10-01") in proposal.changed_days()
    assert day("2027-02-20") in proposal.changed_days()


def test_preview_stops_at_the_cap_and_asks_no_further(movers):
    asked = []

    def mover(proposal):
        for number in range(1000):
            asked.append(number)
            yield Move(f"权利 {number}", "企业", "x", day("2027-01-04"), day("2027-01-05"))

    movers.append(mover)
    found = rule_changes.preview(Proposal(), most=10)
    assert len(found.moves) == 10
    assert found.is_capped
    assert len(asked) == 11


def test_new_dated_row_is_saved_with_its_audit_and_counts_at_once(administrator, row):
    new = copy(row, effective_from=day("2027-01-01"), value=12)
    saved = rule_changes.save_rule(new, by=administrator, reason="新办法", expects="")
    assert rules.value(row.code, day("2027-01-01")) == 12
    assert rules.value(row.code, day("2026-12-31")) == row.value
    event = audit.history_of(saved).get()
    assert (event.action, event.data["reason"], event.data["after"]["value"]) == ("rule.added", "新办法", 12)
    assert event.data["before"] is None


def test_edit_over_somebody_elses_edit_is_refused(administrator, row):
    seen = state_of(row)
    rule_changes.save_rule(copy(row, value=12), by=administrator, reason="一", expects=seen)
    with pytest.raises(RuleBroken):
        rule_changes.save_rule(copy(row, value=13), by=administrator, reason="二", expects=seen)
    with pytest.raises(RuleBroken):
        rule_changes.save_rule(copy(row, value=13), by=administrator, reason="二", expects="")
    assert Rule.objects.get(pk=row.pk).value == 12


def test_only_the_citys_administrator_changes_rules(city_officer, applicant, auditor, row):
    for person in (city_officer, applicant, auditor):
        with pytest.raises(Denied):
            rule_changes.save_rule(copy(row), by=person, reason="x", expects=state_of(row))
        with pytest.raises(Denied):
            rule_changes.save_year(YearTable(2027), by=person, reason="x", expects="")


def test_year_is_replaced_as_a_whole_and_becomes_official(administrator):
    year = HolidayYear.objects.get(year=2027)
    table = YearTable(2027, {day("2027-01-01"): "元旦"}, {day("2027-01-09"): "元旦"}, "测试通知")
    rule_changes.save_year(table, by=administrator, reason="通知", expects=state_of(year))
    assert rules.calendar().is_provisional(day("2027-03-01"), day("2027-03-01")) is False
    assert not rules.calendar().is_office_rest(day("2027-10-01"))
    assert AuditEvent.objects.filter(action="holidays.changed", subject_id="2027").exists()
    with pytest.raises(RuleBroken):
        rule_changes.save_year(table, by=administrator, reason="又", expects=state_of(year) + "x")


def test_year_may_not_take_a_day_of_another_years_notice(administrator):
    table = YearTable(2027, {day("2026-10-01"): "国庆节"})
    with pytest.raises(RuleBroken):
        rule_changes.save_year(
            table, by=administrator, reason="x", expects=state_of(HolidayYear.objects.get(year=2027))
        )


def test_pages_edit_preview_and_save(client, administrator, row, movers):
    movers.append(lambda proposal: [Move("权利甲", "示例企业", row.code, day("2027-01-04"), day("2027-01-05"))])
    client.force_login(administrator)
    entry = client.get(reverse("rule-change", args=[row.code, row.effective_from.isoformat()]))
    assert entry.status_code == 200
    given = sent(row, value=21)
    page = client.get(reverse("rule-preview"), given)
    text = page.content.decode()
    assert page.status_code == 200, page.context["form"].errors
    assert "权利甲" in text
    assert "2027年1月5日" in text
    assert Rule.objects.get(pk=row.pk).value == row.value
    done = client.post(reverse("rule-preview"), {**dict(page.context["hidden"]), "client_key": "k1"})
    assert done.status_code == 302, done.content.decode()[:500]
    assert Rule.objects.get(pk=row.pk).value == 21
    again = client.post(reverse("rule-preview"), {**dict(page.context["hidden"]), "client_key": "k2"})
    assert again.status_code == 409
    assert "别人已经修改" in again.content.decode()


def test_page_for_a_new_row_from_an_old_one_keeps_the_old(client, administrator, row):
    client.force_login(administrator)
    address = reverse("rule-change", args=[row.code, row.effective_from.isoformat()])
    assert client.get(address, {"again": "1"}).status_code == 200
    given = sent(row, value=22, effective_from="2027-01-01", expects="")
    client.post(reverse("rule-preview"), {**given, "client_key": "k3"})
    assert sorted(Rule.objects.filter(code=row.code).values_list("value", flat=True)) == [row.value, 22]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "abc"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "null"}, "value"),
        ({"reason": ""}, "reason"),
        ({"effective_to": "2020-01-01"}, "effective_to"),
        ({"status": "verified", "verified_on": ""}, "verified_on"),
        ({"effective_from": "x"}, "effective_from"),
        ({"status": "rumour"}, "status"),
    ],
)
def test_page_says_what_is_wrong_before_any_preview(client, administrator, row, changes, field):
    client.force_login(administrator)
    page = client.get(reverse("rule-preview"), sent(row, **changes))
    assert page.status_code == 422
    assert field in page.context["form"].errors


def test_pages_of_a_year_preview_and_save(client, administrator):
    client.force_login(administrator)
    assert client.get(reverse("holidays-new")).status_code == 200
    entry = client.get(reverse("holidays-change", args=[2027]))
    assert "2027年10月1日至2027年10月3日放假" in entry.content.decode()
    given = {
        **{
            "year": "2027",
            "notice": "元旦：1月1日至3日放假。\n春节：2月5日至11日放假。2月20日上班。",
            "source": "测试通知",
        },
        **{"is_official": "on", "reason": "录入", "expects": entry.context["form"]["expects"].value()},
    }
    page = client.get(reverse("holidays-preview"), given)
    assert page.status_code == 200, page.content.decode()[:300]
    assert "2027年2月20日" in page.content.decode()
    done = client.post(reverse("holidays-preview"), {**dict(page.context["hidden"]), "client_key": "k4"})
    assert done.status_code == 302
    assert HolidayYear.objects.get(year=2027).is_official
    wrong = client.get(reverse("holidays-preview"), {**given, "notice": "元旦：1月4日上班。"})
    assert wrong.status_code == 422


def test_pages_are_closed_to_everybody_else(client, city_officer, applicant, row):
    addresses = [reverse("rule-new"), reverse("holidays-new"), reverse("rule-preview"), reverse("holidays-preview")]
    for person in (city_officer, applicant):
        client.force_login(person)
        assert [client.get(address).status_code for address in addresses] == [403] * 4
    client.logout()
    assert [client.get(address).status_code for address in addresses] == [302] * 4


def test_rules_page_offers_the_change_to_administrators_only(client, administrator, city_officer):
    client.force_login(administrator)
    assert reverse("rule-new") in client.get(reverse("rules")).content.decode()
    client.force_login(city_officer)
    assert reverse("rule-new") not in client.get(reverse("rules")).content.decode()
