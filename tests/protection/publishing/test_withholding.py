"""Figures of under five enterprises: hidden, and not to be computed from what is shown beside them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.models import User
from services.protection import audience, exposure, reach, withholding
from services.protection.models import AlertDelivery
from services.protection.reach import Count3, Reach
from tests.factories import people
from tests.factories.alerts import make_alert
from tests.protection.own.making import deliver, make_version


def possible(shown: dict[str, Any], total: int) -> list[tuple[int, ...]]:
    """Return every way of filling the hidden figures that a reader of the table must think possible."""
    hidden = sum(figure is None for figure in shown.values())
    rest = total - sum(figure or 0 for figure in shown.values())
    return [ways for ways in itertools.product(range(1, rest + 1), repeat=hidden) if sum(ways) == rest]


@settings(max_examples=200, deadline=None)
@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_no_hidden_figure_follows_from_the_others(counts: list[int]) -> None:
    table = {str(place): count for place, count in enumerate(counts)}
    shown, is_safe = withholding.parts(table)
    assert all(shown[key] is None for key, count in table.items() if 0 < count < 5)
    assert all(shown[key] in (None, count) for key, count in table.items())
    assert shown == table or is_safe is False or None in shown.values()
    if is_safe and None in shown.values():
        for place, values in enumerate(zip(*possible(shown, sum(counts)), strict=True)):
            assert len(set(values)) >= 4, (shown, place)


def preview(**values: Any) -> audience.Preview:
    found = {
        "total": 60, "enterprises": 900, "people": 70, "without_mail": 8, "by_district": {"310112": 30, "310115": 30},
        "by_reason": {"exports": 40, "industry": 30}, "effects": [audience.Effect("ipc", 200, 120)],
        "warnings": ("no_mail",), **values,
    }  # fmt: skip
    return audience.Preview(**found)


def test_large_figures_stay_as_they_are() -> None:
    assert audience.withheld(preview()) == preview()


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ({"by_district": {"a": 2, "b": 20, "c": 38}}, {"by_district": {"a": None, "b": None, "c": 38}}),
        ({"by_reason": {"a": 57, "b": 9, "c": 9}}, {"by_reason": {"a": None, "b": 9, "c": 9}}),
        ({"by_reason": {"exports": 40, "industry": 22}}, {"by_reason": {"exports": None, "industry": None}}),
        ({"effects": [audience.Effect("ipc", 63, 120)]}, {"effects": [audience.Effect("ipc", None, 120)]}),
        ({"without_mail": 3}, {"without_mail": None, "warnings": ()}),
        ({"without_mail": 57}, {"without_mail": None, "warnings": ()}),
    ],
)  # fmt: skip
def test_what_would_point_at_a_few_is_hidden(values: dict[str, Any], hidden: dict[str, Any]) -> None:
    shown = audience.withheld(preview(**values))
    assert {name: getattr(shown, name) for name in hidden} == hidden


@pytest.mark.parametrize("values", [{"total": 3, "by_district": {"a": 3}}, {"enterprises": 62}])
def test_nothing_is_left_where_the_whole_is_small(values: dict[str, Any]) -> None:
    shown = audience.withheld(preview(**values))
    assert (shown.total, shown.people, shown.without_mail) == (None, None, None)
    assert {*shown.by_district.values(), *shown.by_reason.values()} == {None}
    assert shown.effects == [audience.Effect("ipc", None, None)]


def test_reach_hides_rows_with_company_and_the_curve() -> None:
    rows = {"a": Count3(2, 1, 1), "b": Count3(20, 9, 8), "c": Count3(38, 30, 21)}
    found = Reach(Count3(60, 40, 30), districts=rows, states={"new": 20, "done": 40}, days=[("d", 60, 40)])
    shown = reach.withheld(found)
    assert {key: count.delivered for key, count in shown.districts.items()} == {"a": None, "b": None, "c": 38}
    assert (shown.total, shown.days, shown.states) == (found.total, [], found.states)


@pytest.mark.django_db
def test_districts_read_no_small_figure_and_the_city_the_list(
    client: Any, author: User, officer: User, api: Callable[..., Any]
) -> None:
    firm = people.make_organisation()
    exposure.everything()
    version = make_alert("proposed", author=officer, district=firm.district, countries=[], ipc=[])
    client.force_login(officer)
    page = client.get(f"/alert-desk/{version.alert.number}/").content.decode()
    assert "将发给少数企业" in page and firm.name not in page
    at = f"/alert-desk/{version.alert.number}/audience/"
    assert (api(officer).get(at).data["total"], api(officer).get(at).data["sample"]) == (None, [])
    whole = api(author).get(at).data
    assert (whole["total"], whole["sample"][0]["organisation"]["name"]) == (1, firm.name)


@pytest.mark.django_db
def test_officials_without_a_second_factor_read_no_small_reach(client: Any, api: Callable[..., Any]) -> None:
    told = deliver(people.make_organisation(), make_version())
    official = people.post(people.make_user(), "minhang", "officer")
    at = f"/alert-reach/{told.alert.number}/"
    assert api(official).get(at).data["total"]["delivered"] == 1
    official.authenticator_set.all().delete()
    official.forget_standing()
    weak = User.objects.get(pk=official.pk)
    assert api(weak).get(at).data["total"]["delivered"] is None
    assert api(weak).get("/alert-reach/").data["results"][0]["delivered"] is None
    client.force_login(weak)
    page = client.get(f"/reach/{told.alert.number}/").content.decode()
    assert "送达的企业很少，不显示数字" in page and "两步验证" in page
    assert AlertDelivery.objects.count() == 1
