"""The audience that the statement finds is the one a plain Python oracle finds, with the same reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.models import User
from services.protection import audience, exposure
from services.protection.criteria import Bit, Rule
from tests.factories.people import make_user

from . import oracle
from .oracle import Asked, Firm, Holding
from .world import criteria_of, store

pytestmark = pytest.mark.django_db
SYMBOLS = ["G01L9/12", "G01L9/00", "G01L90/04", "G01B7/16", "H01M10/05", "G01L 9/12"]
PATTERNS = ["G", "G01", "G01L", "G01L 9/*", "G01L 9/12", "G01L 90/*", "H01M"]
WORDS = ["传感", "传感器", "sens", "电池"]
TITLES = ["微压力传感器", "电池包", "Sensor housing 装置", "阀体"]
COUNTRIES = ["US", "DE"]
DISTRICTS = ["minhang", "pudong"]
KINDS = ["invention", "foreign_patent", "trademark", "software"]


def some(values: list[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


@st.composite
def holdings(draw: Any) -> Holding:
    kind = draw(st.sampled_from(KINDS))
    abroad = kind in {"foreign_patent", "trademark"} and draw(st.booleans())
    symbols = draw(some(["9", "42"] if kind == "trademark" else SYMBOLS)) if kind != "software" else []
    return Holding(
        kind,
        draw(st.sampled_from(COUNTRIES)) if abroad or kind == "foreign_patent" else "CN",
        tuple(symbols),
        draw(st.sampled_from(TITLES)),
        draw(st.sampled_from(["granted", "granted", "pending", "lapsed"])),
        draw(st.sampled_from(["open", "open", "open", "internal", "named"])),
    )


places = st.dictionaries(st.sampled_from(COUNTRIES), st.sampled_from(["", "电池组"]), max_size=2)
watches = st.sets(
    st.sampled_from(
        [("country", "US"), ("ipc", "G01L"), ("ipc", "G01L 9/*"), ("ipc", "H01M 10/05"), ("nice", "9"), ("law", "US")]
    ),
    max_size=2,
)
firms = st.builds(
    Firm,
    district=st.sampled_from(DISTRICTS),
    is_verified=st.booleans(),
    is_enterprise=st.sampled_from([True, True, True, False]),
    industry=st.sampled_from(["", "C3983", "6510", "C", "仪表"]),
    products=st.sampled_from(["", "压力传感器", "sensors"]),
    rights=st.lists(holdings(), max_size=3),
    exports=places,
    supplies=places,
    watches=watches,
)
criteria = st.builds(
    Asked,
    countries=some(COUNTRIES),
    right_kinds=some(KINDS),
    ipc=some(PATTERNS),
    nice=some([9, 42]),
    industries=some(["C", "39", "398", "65"], 1),
    keywords=some(WORDS, 1),
    districts=some(DISTRICTS, 1),
    join=st.sampled_from(["both", "either"]),
    needs_market=st.sampled_from([False, False, False, True]),
    verified_only=st.sampled_from([False, False, True]),
)


def plain(reasons: list[dict[str, Any]]) -> list[oracle.Reason]:
    return sorted((one["code"], tuple(sorted(one["values"].items()))) for one in reasons)


def compare(world: list[Firm], questions: list[Asked], by: User) -> int:
    """Store the firms, ask everything, and return how many enterprises were found in all."""
    found = 0
    rows = {store(firm, by).pk: firm for firm in world}
    exposure.changed()
    for asked in questions:
        expected = {key: why for key, firm in rows.items() if (why := oracle.reasons_of(firm, asked)) is not None}
        wanted = criteria_of(asked)
        matched = {key: plain(why) for key, why in audience.matches(wanted, list(rows)).items()}
        assert matched == expected, asked
        everybody = audience.matches(wanted)
        assert {key for key in everybody if key in rows} == set(expected)
        preview = audience.preview(wanted)
        assert preview.total == len(everybody)
        found += len(matched)
        check_effects(preview, asked, rows)
    return found


def check_effects(preview: audience.Preview, asked: Asked, rows: dict[int, Firm]) -> None:
    blank = Asked(join=asked.join)
    for effect in preview.effects:
        empty: Any = False if isinstance(getattr(asked, effect.name), bool) else []
        without = replace(asked, **{effect.name: empty})
        alone = replace(blank, **{effect.name: getattr(asked, effect.name)})
        for count, other in ((effect.without, without), (effect.alone, alone)):
            assert count == sum(oracle.reasons_of(firm, other) is not None for firm in rows.values()), (effect, other)


@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(world=st.lists(firms, min_size=1, max_size=5), questions=st.lists(criteria, min_size=1, max_size=6))
def test_audience_of_random_criteria_is_the_oracles(world: list[Firm], questions: list[Asked]) -> None:
    with transaction.atomic():
        compare(world, questions, make_user())
        transaction.set_rollback(True)


WORLD = [
    Firm(rights=[Holding(symbols=("G01L9/12", "G01L9/00")), Holding(symbols=("G01L90/04",))], exports={"US": ""}),
    Firm(rights=[Holding("foreign_patent", "US", ("G01L9/12",))]),
    Firm(watches={("ipc", "G01L"), ("country", "US")}),
    Firm(rights=[Holding("trademark", "CN", ("9",))], supplies={"DE": "传感器"}),
    Firm(rights=[Holding(symbols=("G01L9/12",))]),
    Firm(district="pudong", is_verified=False, industry="C3983"),
]


def test_planted_faults_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that forgets the place, or counts a symbol instead of a right, does not pass the comparison."""
    asked = [Asked(ipc=["G01L 9/*"], countries=["US"]), Asked(ipc=["G01L"]), Asked(nice=[9], industries=["C"])]
    by = make_user()
    with transaction.atomic():
        assert compare(WORLD, asked, by) == 9
        transaction.set_rollback(True)
    fine = Rule.sql
    monkeypatch.setattr(Rule, "sql", lambda self, bits: fine(Rule(self.topic, 0, 0, False), bits))
    with pytest.raises(AssertionError), transaction.atomic():
        compare(WORLD, asked, by)
    monkeypatch.setattr(Rule, "sql", fine)
    monkeypatch.setattr(exposure, "REFRESH", exposure.REFRESH.replace("SELECT DISTINCT r.id", "SELECT r.id"))
    with pytest.raises(AssertionError), transaction.atomic():
        compare(WORLD, asked, by)


def test_every_bit_has_its_own_place() -> None:
    assert len({int(bit) for bit in Bit}) == len(Bit) and all(int(bit).bit_count() == 1 for bit in Bit)
