"""Pages of the register that come from a form or from what has happened: both languages, every width, no fault."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from decimal import Decimal
from itertools import product

import pytest

from patents import money, rights
from patents.dates import notices
from patents.models import Right
from portal.clock import today
from portal.models import Deadline, User
from tests.factories import people

from .checkers import faults_of
from .driver import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Every width and both languages in three turns; A11Y_FULL=1 takes all six.
WAYS = list(product(("zh-CN", "en-US"), (320, 768, 1280)))[:: 1 if os.environ.get("A11Y_FULL") == "1" else 2]
TITLE = "一种谐振式微压力传感器"


@pytest.fixture
def owner() -> User:
    """Return the owner of an enterprise with a colleague."""
    organisation = people.make_organisation("上海澜序传感科技有限公司")
    people.join(people.make_user("周若川"), organisation, "member")
    return people.join(people.make_user("林知远"), organisation, "owner")


@pytest.fixture
def right(owner: User) -> Right:
    """Return a patent whose annuity is late, with a payment, and with notices that say more than dates."""
    organisation = owner.memberships.get().organisation
    filed = today().replace(day=1) - dt.timedelta(days=365 * 6 + 62)
    values = {
        "title": TITLE, "owners": [organisation.name], "inventors": ["林知远"], "filed_on": filed,
        "granted_on": filed + dt.timedelta(days=900), "paid_year": 6, "main_ipc": "G01L 9/00",
    }  # fmt: skip
    found = rights.create(
        organisation, kind="invention", values=values, by=owner, status="granted", status_on=values["granted_on"],
        status_source="登记簿副本（示例）",
    )  # fmt: skip
    money.record(found, stage="payment", code="annuity", amount=Decimal(1200), on=today(), by=owner)
    for type_ in ("annuity_notice", "fee_reduction"):
        notices.record_notice(found, type=type_, issued_on=today() - dt.timedelta(days=5), by=owner)
    return found


def pages(right: Right) -> dict[str, str]:
    """Return the addresses by what they show."""
    entry, date = right.money.get(), Deadline.objects.open().filter(subject_number=right.number).first()
    assert date is not None
    of_notice = {row.type: row.number for row in right.notices.all()}
    here = f"/rights/{right.number}"
    return {
        "right": f"{here}/",
        "reversal": f"{here}/money/{entry.number}/reverse/",
        "money": f"{here}/money/",
        "hand over": "/dates/handover/",
        "date": f"/dates/{date.number}/",
        "bulk": f"/rights/bulk/?scope=all&field=grade&pick={right.number}&query=",
        "fee": f"{here}/notices/{of_notice['annuity_notice']}/fee/",
        "reduction": f"{here}/notices/{of_notice['fee_reduction']}/reduction/",
        "secret": "/rights/create/?kind=trade_secret",
    }


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_pages_behind_forms_are_right(
    language: str, width: int, server: str, owner: User, right: Right, visit: Callable[..., Visitor]
) -> None:
    seen, faults = visit(owner, language=language, width=width, bypass_csp=True), []
    for name, address in pages(right).items():
        seen.open(address)
        assert seen.status == 200, f"{seen.status} at {address}"
        faults += [f"{name}: {fault}" for fault in faults_of(seen)]
    assert faults == []
