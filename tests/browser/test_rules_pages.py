"""The calculator of periods and the rules' administration: every width, both languages, no fault."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from portal import rule_changes, rule_files
from portal.clock import today
from portal.models import HolidayYear, User
from portal.rule_changes import Move
from tests.factories import people

from .checkers import faults_of
from .conftest import SHOTS
from .driver import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = list(product(("zh-CN", "en-US"), (320, 768, 1280)))
CHANGE = (
    "code=matrix.sample&effective_from=2026-01-01&name=示例时限&name_en=Sample+limit&value=12&unit=day"
    "&basis=示例&source=示例&status=sample&reason=示例"
)
YEAR = "year=2027&notice=元旦：1月1日至3日放假。%0A春节：2月5日至11日放假。2月20日上班。&source=示例通知&reason=示例"
PUBLIC = {
    "deadline": "/tools/deadlines/?rule=later_office_action&triggered_on=2026-07-20&delivery=electronic",
    "deadline-opening": "/tools/deadlines/?rule=tm_renewal_opens&triggered_on=2027-12-27",
    "deadline-doubtful": "/tools/deadlines/?rule=tm_opposition&triggered_on=2026-12-01",
    "deadline-slips": "/tools/deadlines/?rule=x&triggered_on=x&delivery=x",
}
OWN = {
    "rules": "/rules/",
    "rule-new": "/rules/new/",
    "rule-change": "/rules/procedure.undo.limit/2026-01-01/change/",
    "rule-preview": f"/rules/preview/?{CHANGE}",
    "rule-slips": "/rules/preview/?code=x",
    "year": "/rules/holidays/2027/",
    "year-preview": f"/rules/holidays/preview/?{YEAR}",
}


@pytest.fixture
def administrator() -> User:
    """Return the city's administrator with an authenticator."""
    return people.post(people.make_user("曹管理"), "city", "administrator")


def look(visitor: Visitor, pages: dict[str, str], width: int) -> list[str]:
    faults = []
    for name, path in pages.items():
        visitor.open(path)
        faults += [f"{name}: {fault}" for fault in faults_of(visitor)]
        if os.environ.get("SHOOT"):
            visitor.shoot(SHOTS / f"rules-{name}-{visitor.language}-{width}.png")
    return faults


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_calculator_of_periods_has_no_fault(visit: Callable[..., Visitor], language: str, width: int) -> None:
    assert look(visit(language=language, width=width, bypass_csp=True), PUBLIC, width) == []


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_administration_of_rules_has_no_fault(
    visit: Callable[..., Visitor], administrator: User, language: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves = [Move("示例：一种密封结构", "示例企业有限公司", "right.x", today(), today())] * 60
    monkeypatch.setattr(rule_changes, "_movers", [lambda _proposal: moves])
    seen = visit(administrator, language=language, width=width, bypass_csp=True)
    assert look(seen, OWN, width) == []


@pytest.fixture
def _table_restored(server: str) -> Iterator[None]:
    """The rules outlive a test that commits: put the year back as the repository has it."""
    yield
    HolidayYear.objects.filter(year=2027).delete()
    rule_files.load()


@pytest.mark.usefixtures("_table_restored")
def test_year_is_entered_without_script(visit: Callable[..., Visitor], administrator: User) -> None:
    seen = visit(administrator, script=False)
    seen.page.goto(seen.server + "/rules/holidays/2027/")
    seen.page.fill(
        "#id_notice", "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日至11日放假。2月20日上班。"
    )
    seen.page.fill("#id_source", "示例通知")
    seen.page.fill("#id_reason", "录入示例")
    seen.page.click("main form button[type=submit] >> nth=-1")
    assert "2027年2月20日" in seen.page.inner_text("#main")
    seen.page.click("main form button[type=submit] >> nth=-1")
    assert seen.page.url.endswith("/rules/")
    assert "示例通知" in seen.page.inner_text("#main")
