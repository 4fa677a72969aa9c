"""High-value inventions: both sets of conditions, evidence, near misses, and the nightly flag."""

import datetime as dt
import json
import random
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from patents import high_value, industries, valuing
from patents.high_value import Condition, Invention, Member, Parameters, Set, Verdict, judge
from patents.industries import Branch, Match, State
from patents.models import Family, Right
from portal import rules
from portal.errors import Denied, RuleBroken
from portal.models import Rule
from tests.factories.rights import make_right

ON = dt.date(2026, 11, 22)
ALL = frozenset(Condition)
PARAMETERS = Parameters(
    sets=(
        Set("HV-2021", ALL, dt.date(2021, 1, 1), dt.date(2025, 12, 31), True),
        Set("HV-2026", ALL - {Condition.PLEDGE}, dt.date(2026, 1, 1), None, False),
    ),
    years=10, counted_from="filed_on", near_months=12, pledge_minimum=None,
    awards=("国家科学技术", "中国专利优秀奖"), unsure_places=frozenset({"HK", "MO", "TW"}),
)  # fmt: skip
BRANCH = Branch("S1", "传感器", "Sensors", ("G01L*", "G06F16/*"), ("G01L5/*",), ("传感", "MEMS"))


def right(**extra):
    values = {"kind": "invention", "country": "CN", "is_in_force": True, "filed_on": dt.date(2020, 3, 10),
              "granted_on": dt.date(2023, 5, 20), "industry": Match(State.NO), **extra}  # fmt: skip
    return Invention(**values)


def finding(condition, on=ON, parameters=PARAMETERS, **extra):
    return next(one for one in judge(right(**extra), parameters, on).findings if one.condition == condition)


@pytest.mark.parametrize(
    ("filed_on", "on", "verdict"),
    [
        (dt.date(2016, 11, 22), dt.date(2026, 11, 22), Verdict.NEAR),  # ten years to the day are not over ten
        (dt.date(2016, 11, 22), dt.date(2026, 11, 23), Verdict.MET),
        (dt.date(2016, 2, 29), dt.date(2026, 2, 28), Verdict.NEAR),
        (dt.date(2016, 2, 29), dt.date(2026, 3, 1), Verdict.MET),
        (dt.date(2017, 11, 21), dt.date(2026, 11, 22), Verdict.NEAR),
        (dt.date(2017, 11, 22), dt.date(2026, 11, 22), Verdict.NOT),
    ],
)
def test_over_ten_years_is_strict(filed_on, on, verdict):
    assert finding(Condition.MAINTAINED, on, filed_on=filed_on).verdict == verdict


def test_a_near_miss_says_in_how_many_months():
    found = finding(Condition.MAINTAINED, filed_on=dt.date(2017, 6, 20))
    assert (found.evidence["months"], found.evidence["reached_on"]) == (7, dt.date(2027, 6, 21))


def test_the_day_to_count_from_is_a_parameter():
    other = Parameters(**{**PARAMETERS.__dict__, "counted_from": "granted_on"})
    old = {"filed_on": dt.date(2014, 1, 1), "granted_on": dt.date(2017, 5, 1)}
    assert finding(Condition.MAINTAINED, **old).verdict == Verdict.MET
    assert finding(Condition.MAINTAINED, parameters=other, **old).verdict == Verdict.NEAR


@pytest.mark.parametrize(
    ("family", "verdict"),
    [
        ([], Verdict.NOT),
        ([Member("US", True, False)], Verdict.MET),
        ([Member("US", False, True)], Verdict.NEAR),  # a right is asked for, not an application
        ([Member("US", False, False)], Verdict.NOT),
        ([Member("HK", True, False)], Verdict.CONFIRM),
        ([Member("HK", True, False), Member("JP", True, False)], Verdict.MET),
    ],
)
def test_the_family_must_be_a_right_abroad(family, verdict):
    assert finding(Condition.FAMILY, family=family).verdict == verdict


def test_pledge_financing_has_no_public_figure():
    amount = Decimal(3_000_000)
    assert finding(Condition.PLEDGE, pledge_amount=amount).verdict == Verdict.CONFIRM
    stated = Parameters(**{**PARAMETERS.__dict__, "pledge_minimum": Decimal(5_000_000)})
    assert finding(Condition.PLEDGE, parameters=stated, pledge_amount=amount).verdict == Verdict.NEAR
    assert finding(Condition.PLEDGE, parameters=stated, pledge_amount=Decimal(5_000_000)).verdict == Verdict.MET


def test_pledge_alone_counts_in_the_older_set_only():
    stated = Parameters(**{**PARAMETERS.__dict__, "pledge_minimum": Decimal(1)})
    found = judge(right(pledge_amount=Decimal(2)), stated, ON)
    assert found.verdicts == {"HV-2021": True, "HV-2026": False}
    assert found.is_pledge_only


@pytest.mark.parametrize(
    ("awards", "verdict"),
    [
        (["第二十四届中国专利优秀奖"], Verdict.MET),
        (["国家科学技术进步奖二等奖"], Verdict.MET),
        (["上海市科学技术奖"], Verdict.NOT),
    ],
)
def test_only_national_awards_count(awards, verdict):
    assert finding(Condition.AWARD, awards=awards).verdict == verdict


@pytest.mark.parametrize(
    "extra", [{"kind": "utility_model"}, {"kind": "design"}, {"is_in_force": False}, {"country": "US"}]
)
def test_only_chinese_inventions_in_force_can_be(extra):
    found = judge(right(awards=["国家科学技术奖"], **extra), PARAMETERS, ON)
    assert (found.is_eligible, found.findings) == (False, ())
    assert not any(found.verdicts.values())


# --- industries -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["G06F 16/90", "G06F16/90", "G06F0016900000", "g06f 16/90 (2019.01)", " G06F  16/90"])
def test_a_symbol_is_one_however_it_is_written(text):
    assert industries.symbol(text) == "G06F16/90"


@pytest.mark.parametrize(
    ("symbols", "text", "state"),
    [
        (["G01L9/00"], "压力传感器", State.YES),
        (["G01L9/00"], "一种外壳", State.CONFIRM),  # IPC alone is only a candidate
        (["G01L5/10"], "压力传感器", State.NO),  # excluded
        (["H01L21/00"], "压力传感器", State.NO),  # keyword alone is nothing
        (["G06F17/00"], "mems", State.NO),
        (["G06F16/90"], "mems", State.YES),
        ([], "传感", State.NO),
    ],
)
def test_ipc_and_keyword_together_are_a_match(symbols, text, state):
    assert industries.match(symbols, text, [BRANCH]).state == state


def test_a_sample_table_never_says_yes():
    found = industries.match(["G01L9/00"], "传感器", [BRANCH], is_sample=True)
    assert (found.state, found.keyword) == (State.CONFIRM, "传感")


def test_a_confirmed_industry_is_met_and_a_confirmed_none_is_not():
    assert finding(Condition.INDUSTRY, industry_code="S1", is_industry_confirmed=True).verdict == Verdict.MET
    none = {"is_industry_confirmed": True, "industry": Match(State.YES, BRANCH)}
    assert finding(Condition.INDUSTRY, **none).verdict == Verdict.NOT


# --- in the database --------------------------------------------------------------------------------------------------
def test_the_rows_hold_two_dated_sets_and_the_unverified_one_does_not_act(db):
    found = valuing.parameters()
    assert [one.code for one in found.sets] == ["HV-2021", "HV-2026"]
    older, newer = found.sets
    assert older.conditions - newer.conditions == {Condition.PLEDGE}
    assert (older.is_trusted, newer.is_trusted, valuing.acting(found)) == (True, False, older)
    assert found.pledge_minimum is None  # the figure is a sample


@pytest.fixture
def many(organisation, applicant):
    chance = random.Random(3)
    families = [Family.objects.create(organisation=organisation, title=f"f{n}") for n in range(6)]
    for n, country in enumerate(["US", "HK", "JP", "EP"]):
        status = chance.choice(["granted", "pending"])
        make_right(organisation, "foreign_patent", country=country, family=families[n], status=status)
    make_right(organisation, "foreign_patent", country="US", family=families[4], status="granted", secrecy="named")
    for _n in range(80):
        make_right(
            organisation, chance.choice(["invention"] * 4 + ["utility_model"]),
            filed_on=ON.replace(year=2016) + dt.timedelta(days=chance.choice([-400, -1, 0, 1, 300, 2000])),
            status=chance.choice(["granted"] * 4 + ["lapsed", "pending"]), family=chance.choice([None, *families]),
            awards=chance.choice([[], [], ["中国专利金奖"], ["市级奖"]]),
            main_ipc=chance.choice(["", "G01L 9/00", "H01L 1/00"]),
            title=chance.choice(["压力传感器", "一种外壳"]), is_industry_confirmed=chance.random() < 0.2,
            industry_code=chance.choice(["", "S1"]), pledge_amount=chance.choice([None, Decimal(9_000_000)]),
        )  # fmt: skip
    return list(Right.objects.filter(kind__in=["invention", "utility_model"]))


def load_table(tmp_path, rows=None):
    rows = rows or [{"code": "S1", "name": "传感器", "ipc": ["G01L*"], "excluded": [], "keywords": ["传感"]}]
    path = tmp_path / "table.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    call_command("load_industries", str(path), source="测试用表", verbosity=0)
    rules.forget()


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("has_minimum", [False, True])
def test_the_nightly_flag_agrees_with_the_judgement(many, frozen, tmp_path, applicant, is_full, has_minimum):
    frozen("2026-11-22 03:00")
    try:
        if is_full:
            load_table(tmp_path)
        if has_minimum:
            Rule.objects.filter(code="hv.pledge_minimum").update(status="secondary")
            rules.forget()
        valuing.reflag(ON)
        rights = list(Right.objects.filter(pk__in=[one.pk for one in many]))
        # A named family member counts for nobody: the applicant is not named on it either.
        judged = valuing.judge_all(rights, user=applicant, on=ON)
        wanted = {one.pk: judged[one.pk].verdicts["HV-2021"] for one in rights}
        assert {one.pk: one.is_high_value for one in rights} == wanted
        assert set(wanted.values()) == {True, False}
        assert valuing.reflag(ON) == {"candidates": 0, "flags": 0}
    finally:
        rules.forget()


def test_a_terminated_patent_drops_out(organisation, frozen):
    one = make_right(organisation, awards=["中国专利金奖"])
    valuing.reflag(ON)
    one.refresh_from_db()
    assert one.is_high_value
    Right.objects.filter(pk=one.pk).update(status="lapsed")
    valuing.reflag(ON)
    one.refresh_from_db()
    assert not one.is_high_value


@pytest.mark.parametrize("on", [dt.date(2026, 3, 1), dt.date(2026, 2, 28), dt.date(2028, 2, 29), dt.date(2026, 11, 22)])
def test_the_first_day_not_over_is_exact(on):
    before = valuing._before(on, 10)
    for shift in range(-3, 4):
        day = before + dt.timedelta(days=shift)
        assert (day < before) == (on >= high_value.over_years_on(day, 10))


def test_a_table_is_loaded_with_its_source_or_refused(db, tmp_path):
    try:
        load_table(tmp_path)
        assert valuing.table()[1] is False
        with pytest.raises(CommandError):
            load_table(tmp_path, [{"code": "X", "name": "x", "ipc": ["不是分类号"], "keywords": []}])
    finally:
        rules.forget()


def test_an_industry_is_confirmed_by_who_may_steer(organisation, applicant, colleague):
    one = make_right(organisation)
    assert valuing.confirm_industry(one, code="S1", by=applicant).is_industry_confirmed
    with pytest.raises(RuleBroken):
        valuing.confirm_industry(one, code="没有", by=applicant)
    with pytest.raises(Denied):
        valuing.confirm_industry(one, code="", by=colleague)


def test_the_page_shows_evidence_near_misses_and_both_sets(organisation, applicant, client, frozen):
    frozen("2026-11-22 10:00")
    make_right(organisation, title="获奖专利", awards=["中国专利金奖"])
    make_right(organisation, title="将满十年", filed_on=dt.date(2017, 6, 20))
    make_right(organisation, title="候选产业", main_ipc="G01L 9/00")
    valuing.reflag(ON)
    client.force_login(applicant)
    met = client.get("/rights/high-value/").content.decode()
    assert "获奖专利" in met and "将满十年" not in met and "HV-2026" in met and "待核实" in met
    near = client.get("/rights/high-value/?show=near").content.decode()
    assert "还差 7 个月" in near and "候选产业" in near and "确认属于" in near


def test_officials_see_counts_and_no_right(organisation, officer, other_officer, client):
    make_right(organisation, title="金丝雀专利", awards=["中国专利金奖"], pledge_amount=Decimal("31415.92"))
    make_right(organisation, title="内部专利", awards=["中国专利金奖"], secrecy="internal")
    valuing.reflag(ON)
    client.force_login(officer)
    text = client.get("/rights/high-value/").content.decode()
    assert "有效发明 1 件，其中高价值 1 件" in text
    assert "金丝雀" not in text and "31,415" not in text
    client.force_login(other_officer)
    assert "其中高价值 0 件" in client.get("/rights/high-value/").content.decode()


def test_an_industry_is_confirmed_on_the_page(organisation, applicant, officer, client):
    one = make_right(organisation)
    url = reverse("right-industry", args=[one.number])
    client.force_login(officer)
    assert client.post(url, {"code": "S1"}).status_code == 403
    client.force_login(applicant)
    assert client.post(url, {"code": "S1"}).status_code == 302
    one.refresh_from_db()
    assert (one.industry_code, one.is_industry_confirmed) == ("S1", True)
