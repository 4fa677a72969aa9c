"""Pages of markets, watches and reach: what is shown, to whom, with how many statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from enterprises.models import Market
from portal import reports
from portal.models import Organisation, User
from services.protection import delivering, reach
from services.protection.models import Alert, AlertDelivery, Watch
from tests.factories.people import join, make_user, post

from .oracle import Asked
from .world import make_version

pytestmark = pytest.mark.django_db
Make = Callable[..., Organisation]
MARKET = {
    "role": "export",
    "country": "DE",
    "products": "传感器",
    "year": "",
    "share_percent": "12.5",
    "amount_wan": "",
}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_market_is_added_changed_and_removed(firm: Make, owner_of: Callable[..., User]) -> None:
    organisation = firm(exports={})
    client, base = signed_in(owner_of(organisation)), f"/organisations/{organisation.number}/markets/"
    assert "还没有登记市场" in client.get(base).content.decode()
    assert client.post(base + "add/", MARKET).status_code == 302
    market = Market.objects.get()
    assert (market.country, str(market.share_percent), market.organisation) == ("DE", "12.50", organisation)
    page = client.get(base).content.decode()
    assert "德国" in page and "传感器" in page and "已登记 1 个出口市场" in page
    assert "德国" in client.get(f"/organisations/{organisation.number}/profile/").content.decode()
    again = client.post(base + "add/", MARKET)
    assert again.status_code == 409 and "已经登记过" in again.content.decode()
    changed = client.post(f"{base}{market.number}/change/", {**MARKET, "country": "US"})
    assert changed.status_code == 302 and Market.objects.get().country == "US"
    assert client.post(f"{base}{market.number}/remove/").status_code == 302
    assert not Market.objects.exists()


def test_viewer_reads_markets_and_strangers_do_not_know_them(firm: Make) -> None:
    organisation = firm()
    base = f"/organisations/{organisation.number}/markets/"
    market = Market.objects.get()
    viewer = join(make_user(), organisation, "viewer")
    assert signed_in(viewer).get(base).status_code == 200
    assert signed_in(viewer).post(base + "add/", MARKET).status_code == 403
    assert signed_in(viewer).post(f"{base}{market.number}/remove/").status_code == 403
    stranger = make_user()
    for url in (base, base + "add/", f"{base}{market.number}/change/"):
        assert signed_in(stranger).get(url).status_code == 404
    assert signed_in(stranger).post(f"{base}{market.number}/remove/").status_code == 404
    assert Market.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "typed", "kept", "shown"),
    [
        ("country", "美国", "US", "美国"),
        ("ipc", "g01l9", "G01L 9/*", "G01L 9/*"),
        ("nice", "第9类", "9", "第 9 类"),
        ("law", "DE", "DE", "德国"),
    ],
)
def test_watch_is_kept_as_matching_reads_it(
    what: str, typed: str, kept: str, shown: str, firm: Make, owner_of: Callable[..., User]
) -> None:
    organisation = firm(exports={}, rights=[])
    client = signed_in(owner_of(organisation))
    assert client.post("/watches/", {"what": what, "key": typed}).status_code == 302
    watch = Watch.objects.get()
    assert (watch.key, watch.organisation) == (kept, organisation)
    assert shown in client.get("/watches/").content.decode()
    asked = Asked(ipc=["G01L 9/12"], nice=[9], countries=["US"], join="either")
    make_version(asked)
    assert delivering.sweep().new == (0 if what == "law" else 1)
    assert client.post(f"/watches/{watch.number}/remove/").status_code == 302
    assert not Watch.objects.exists()


def test_watch_that_is_no_code_is_refused_with_a_sentence(firm: Make, owner_of: Callable[..., User]) -> None:
    page = signed_in(owner_of(firm())).post("/watches/", {"what": "ipc", "key": "压力"})
    assert page.status_code == 422 and "这不是 IPC 分类" in page.content.decode()


def test_others_see_no_watch(firm: Make, owner_of: Callable[..., User]) -> None:
    mine, other = firm(), firm()
    watch = Watch.objects.create(organisation=mine, what="country", key="VN", created_by=owner_of(mine))
    assert "越南" not in signed_in(owner_of(other)).get("/watches/").content.decode()
    assert signed_in(owner_of(other)).post(f"/watches/{watch.number}/remove/").status_code == 404
    officer = post(make_user(), "minhang", "officer")
    assert signed_in(officer).get("/watches/").status_code == 404


@pytest.fixture
def alert(firm: Make) -> Alert:
    firm(industry="C3983"), firm(industry="C3983"), firm(district="pudong", industry="6510"), firm(industry="")
    version = make_version(Asked(ipc=["G01L"]), severity=3)
    delivering.sweep()
    first = AlertDelivery.objects.filter(organisation__district__slug="minhang").earliest("pk")
    AlertDelivery.objects.filter(pk=first.pk).update(
        state="done", read_at=first.delivered_at, reacted_at=first.delivered_at
    )
    return version.alert


def test_reach_counts_by_district_industry_state_and_day(alert: Alert) -> None:
    found = reach.of(alert, post(make_user(), "city", "publisher"))
    assert found.total == reach.Count3(4, 1, 1)
    assert {code: count.delivered for code, count in found.districts.items()} == {"310112": 3, "310115": 1}
    assert {key: count.delivered for key, count in found.industries.items()} == {"39": 2, "65": 1, "": 1}
    assert found.states == {"new": 3, "done": 1}
    assert [(delivered, read) for _day, delivered, read in found.days] == [(4, 1)]


def test_districts_see_their_own_enterprises_only(alert: Alert) -> None:
    officer = post(make_user(), "pudong", "officer")
    found = reach.of(alert, officer)
    assert found.total == reach.Count3(1, 0, 0) and set(found.districts) == {"310115"}
    page = signed_in(officer).get(f"/reach/{alert.number}/").content.decode()
    assert "0 / 1 家企业已阅读" in page and "310112" not in page
    rows = list(reach.build(officer, {"alert": alert.number}).rows)
    assert len(rows) == 1 and rows[0][2] == "浦东新区"
    assert "/reach/" + alert.number in signed_in(officer).get("/reach/").content.decode()


def test_reach_is_for_officials(alert: Alert, firm: Make, owner_of: Callable[..., User]) -> None:
    owner = owner_of(AlertDelivery.objects.earliest("pk").organisation)
    for url in ("/reach/", f"/reach/{alert.number}/"):
        assert signed_in(owner).get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_export_is_made_with_general_words_for_watches(alert: Alert) -> None:
    publisher = post(make_user(), "city", "publisher")
    assert signed_in(publisher).post(f"/reach/{alert.number}/export/").status_code == 302
    assert reports.sweep() == 1
    AlertDelivery.objects.update(reasons=[{"code": "watch", "values": {"what": "ipc", "key": "G01L"}}])
    rows = list(reach.build(publisher, {"alert": alert.number}).rows)
    assert len(rows) == 4 and {row[3] for row in rows} == {"企业自选关注"}
    assert "G01L" not in str(rows)


@pytest.mark.parametrize("url", ["/reach/", "/reach/{number}/"])
def test_queries_do_not_grow(url: str, alert: Alert, firm: Make, django_assert_max_num_queries: Any) -> None:
    publisher = post(make_user(), "city", "publisher")
    client = signed_in(publisher)
    client.get(url.format(number=alert.number))
    for _number in range(3):
        firm(industry="C35")
        make_version(Asked(ipc=["G01L"]))
    delivering.sweep()
    with django_assert_max_num_queries(13):
        client.get(url.format(number=alert.number))
