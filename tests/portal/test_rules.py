"""Dated rules: look-up by code and day, the calendar from the table, the loader's idempotence."""

import datetime as dt
import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from portal import rule_files, rules
from portal.models import Holiday, HolidayKind, HolidayYear, Rule, RuleStatus
from portal.rule_files import Verb
from portal.workdays import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(db):
    """No rows but those a test makes, and none kept in memory before or after it."""
    Rule.objects.all().delete()
    HolidayYear.objects.all().delete()
    rules.forget()
    yield
    rules.forget()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def make(code: str = "test.limit", value=10, begins: str = "2026-01-01", **values) -> Rule:
    row = Rule.objects.create(
        code=code,
        name="测试时限",
        name_en="Test limit",
        value=value,
        basis="测试",
        source="测试",
        effective_from=day(begins),
        **{"status": RuleStatus.SAMPLE, **values},
    )
    rules.forget()
    return row


def holiday_file(path: Path, as_of: str, *, official: bool, off: list[tuple[str, str, str]]) -> Path:
    year = {"year": 2027, "is_official": official, "source": "测试通知", "verified_on": None, "makeup": []}
    year["off"] = [{"first": first, "last": last, "name": name} for first, last, name in off]
    path.write_text(json.dumps({"as_of": as_of, "holidays": [year]}), encoding="utf-8")
    return path


def rule_file(path: Path, as_of: str, row: Rule, **changes) -> Path:
    entry = {name: getattr(row, name) for name in rule_files.RULE_FIELDS} | changes
    path.write_text(json.dumps({"as_of": as_of, "rules": [entry]}, default=str), encoding="utf-8")
    return path


def load(*paths: Path) -> list[rule_files.Change]:
    return [change for change in rule_files.load(paths or None) if change.verb != Verb.UNCHANGED]


def test_value_is_the_one_in_force_on_the_day():
    make(value=15, begins="2020-01-01", effective_to=day("2025-12-31"))
    make(value=10, begins="2026-01-01")
    assert rules.value("test.limit", day("2025-12-31")) == 15
    assert rules.value("test.limit", day("2026-01-01")) == 10


def test_value_without_a_day_is_the_one_in_force_today(frozen):
    make(value=15, begins="2020-01-01")
    make(value=10, begins="2026-11-23")
    frozen("2026-11-22 23:59")
    assert rules.value("test.limit") == 15
    frozen("2026-11-23 00:01")  # still the 22nd in UTC
    assert rules.value("test.limit") == 10


def test_value_of_overlapping_rows_is_that_of_the_later_one():
    make(value=15, begins="2020-01-01")
    make(value=10, begins="2026-01-01", effective_to=day("2026-06-30"))
    assert rules.value("test.limit", day("2026-06-30")) == 10
    assert rules.value("test.limit", day("2026-07-01")) == 15


def test_value_outside_every_row_is_missing():
    make(begins="2026-01-01", effective_to=day("2026-12-31"))
    for on in ("2025-12-31", "2027-01-01"):
        with pytest.raises(rules.RuleMissing, match=rf"rule 'test.limit' on {on}: no row covers that day"):
            rules.value("test.limit", day(on))
    with pytest.raises(rules.RuleMissing, match="unknown"):
        rules.row("unknown.code", day("2026-05-01"))


def test_unverified_row_is_passed_over_unless_asked_for():
    make(value=15, begins="2020-01-01")
    make(value=10, begins="2026-01-01", status=RuleStatus.UNVERIFIED)
    assert rules.value("test.limit", day("2026-05-01")) == 15
    assert rules.value("test.limit", day("2026-05-01"), unverified=True) == 10
    make(code="test.only", status=RuleStatus.UNVERIFIED)
    with pytest.raises(rules.RuleMissing, match="only an unverified row") as missing:
        rules.value("test.only", day("2026-05-01"))
    assert missing.value.is_unverified is True


def test_effective_and_trusted_rows():
    old = make(value=15, begins="2020-01-01", effective_to=day("2025-12-31"))
    new = make(value=10, begins="2026-01-01", status=RuleStatus.UNVERIFIED)
    assert list(Rule.objects.effective(day("2025-12-31"))) == [old]
    assert list(Rule.objects.effective(day("2026-01-01"))) == [new]
    assert list(Rule.objects.trusted()) == [old]


def test_values_are_read_once(django_assert_num_queries):
    make()
    with django_assert_num_queries(3):
        rules.value("test.limit", day("2026-05-01"))
        rules.value("test.limit", day("2026-05-02"))
        rules.calendar()


@pytest.mark.parametrize(
    "values",
    [
        {"effective_to": dt.date(2025, 12, 31)},
        {"status": "rumour"},
        {"status": RuleStatus.VERIFIED},  # without the day of verification
        {"begins": "2026-02-02"},  # the same code and day twice
    ],
)
def test_impossible_rule_is_refused_by_the_database(values):
    make(begins="2026-02-02")
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**values)


def test_impossible_holiday_is_refused_by_the_database():
    year = HolidayYear.objects.create(year=2026, is_official=True, source="测试")
    Holiday.objects.create(day=day("2026-10-10"), kind=HolidayKind.MAKEUP, name="国庆节", year=year)
    for wrong in ({"day": day("2026-10-09"), "kind": "makeup"}, {"day": day("2026-10-10"), "kind": "off"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Holiday.objects.create(name="国庆节", year=year, **wrong)


def test_repository_files_load_and_a_second_load_changes_nothing():
    first = load()
    assert {change.verb for change in first} == {Verb.CREATED}
    before = list(Rule.objects.values_list()), list(Holiday.objects.values_list())
    assert load() == []
    assert (list(Rule.objects.values_list()), list(Holiday.objects.values_list())) == before


def test_repository_rules_carry_their_source_and_never_pose_as_law():
    load()
    statuses = Counter(Rule.objects.values_list("status", flat=True))
    assert set(statuses) == {"sample", "secondary", "unverified", "verified"}
    for row in Rule.objects.all():
        assert row.basis and row.source and row.name_en, row.code
        assert (row.status == RuleStatus.SAMPLE) == ("示例" in row.name and "示例" in row.basis), row.code
    assert rules.value("procedure.verify.limit", day("2026-11-22")) == 15
    assert rules.value("municipal_unit.registered_years", day("2026-11-22")) == 3
    with pytest.raises(rules.RuleMissing):
        rules.value("municipal_unit.term", day("2026-11-22"))


def test_repository_calendar_gives_the_clock_of_the_design_and_the_long_holidays():
    load()
    calendar = rules.calendar()
    assert calendar.known_years == set(range(2004, 2027))
    assert len([d for d in calendar.off if d.year == 2026]) == 33
    assert sorted(d.isoformat() for d in calendar.makeup if d.year == 2026) == [
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    ]
    correction = clock(day("2026-11-16"), 10, calendar=calendar, today=day("2026-11-22"))
    assert (correction.due_on, correction.left, correction.is_provisional) == (day("2026-11-30"), 6, False)
    assert calendar.add_workdays(day("2026-09-30"), 3) == day("2026-10-10")
    assert calendar.add_workdays(day("2026-02-13"), 2) == day("2026-02-24")
    assert clock(day("2026-12-21"), 10, calendar=calendar, today=day("2026-12-21")).is_provisional is True
    assert {d.isoformat() for d in calendar.off if d.year == 2027} == {
        *("2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05", "2027-05-01"),
        *("2027-05-02", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03"),
    }
    # The thirteen days of the law stand whatever the yearly notice adds (2031 and 2049: one falls on another).
    for year in range(2027, 2051):
        assert len([d for d in calendar.off if d.year == year]) in {12, 13}
    assert all(row.is_provisional for row in Holiday.objects.filter(year=2027).select_related("year"))


def test_official_notice_replaces_the_provisional_year(tmp_path):
    provisional = holiday_file(
        tmp_path / "a.json", "2026-11-22", official=False, off=[("2027-01-01", "2027-01-01", "元旦")]
    )
    load(provisional)
    assert rules.calendar().is_provisional(day("2027-01-01"), day("2027-01-31")) is True
    official = holiday_file(
        tmp_path / "b.json", "2026-12-01", official=True, off=[("2027-01-02", "2027-01-03", "元旦")]
    )
    assert [change.verb for change in load(official)] == [Verb.UPDATED, Verb.REMOVED, Verb.CREATED, Verb.CREATED]
    assert sorted(rules.calendar().off) == [day("2027-01-02"), day("2027-01-03")]
    assert rules.calendar().is_provisional(day("2027-01-01"), day("2027-01-31")) is False
    assert [change.verb for change in load(provisional)] == [
        Verb.KEPT
    ]  # an older file cannot make it provisional again


def test_load_keeps_an_administrators_edit_unless_the_file_is_newer(tmp_path):
    row = make(value=12, edited_at=dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC))
    older = rule_file(tmp_path / "older.json", "2026-11-23", row, value=10)
    assert load(older) == [rule_files.Change(Verb.KEPT, "test.limit 2026-01-01", ("value",))]
    assert rules.value("test.limit", day("2026-05-01")) == 12
    newer = rule_file(tmp_path / "newer.json", "2026-11-24", row, value=11)
    assert load(newer) == [rule_files.Change(Verb.UPDATED, "test.limit 2026-01-01", ("value",))]
    row.refresh_from_db()
    assert (row.value, row.edited_at) == (11, None)
    assert rules.value("test.limit", day("2026-05-01")) == 11


def test_load_keeps_a_year_with_an_edited_day(tmp_path):
    file = holiday_file(tmp_path / "a.json", "2026-11-22", official=True, off=[("2027-01-01", "2027-01-01", "元旦")])
    load(file)
    Holiday.objects.update(day=day("2027-01-02"), edited_at=dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
    assert [change.verb for change in load(file)] == [Verb.KEPT]
    assert [row.day for row in Holiday.objects.all()] == [day("2027-01-02")]


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "{}",
        '{"as_of": "yesterday"}',
        '{"as_of": "2026-11-22", "rules": [{"code": "x", "valeu": 1}]}',
        '{"as_of": "2026-11-22", "holidays": [{"year": 2027}]}',
    ],
)
def test_load_of_a_bad_file_keeps_nothing_and_names_it(tmp_path, content):
    good = rule_file(tmp_path / "a.json", "2026-11-22", make(), value=99)
    (bad := tmp_path / "b.json").write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=r"^b\.json: "):
        call_command("load_rules", good, bad, stdout=StringIO())
    assert Rule.objects.get().value == 10


def test_command_says_what_changed(tmp_path):
    file = rule_file(tmp_path / "a.json", "2026-11-22", make(), value=12)
    call_command("load_rules", file, stdout=(said := StringIO()))
    assert "更新: test.limit 2026-01-01 (value)" in said.getvalue()
    call_command("load_rules", file, stdout=(said := StringIO()))
    assert said.getvalue() == "新增 0; 更新 0; 删除 0; 保留管理员的修改 0; 未变 1\n"
    call_command("load_rules", file, verbosity=0, stdout=(said := StringIO()))
    assert said.getvalue() == ""
