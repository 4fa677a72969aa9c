"""One right through its life: a notice, a reduction asked for in time, a colleague who leaves, late money, a lapse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from patents import rights
from patents.dates import keeping, notices, recompute
from patents.models import MoneyEntry, Right
from portal import handing_over, organisations, reminding
from portal.errors import RuleBroken
from portal.models import Deadline, Notification, Organisation, User

Set = Callable[[str], None]


def date_of(right: Right, code: str) -> Deadline:
    return Deadline.objects.open().get(subject_number=right.number, rule_code=f"right.{code}")


def told(template: str) -> set[str]:
    return set(Notification.objects.filter(template=template).values_list("recipient__name", flat=True))


def fresh(right: Right) -> Right:
    return Right.objects.get(pk=right.pk)


def test_from_the_notice_to_the_restoration(  # noqa: PLR0915 - one story, told in order
    organisation: Organisation, applicant: User, colleague: User, manager: User, frozen: Set
) -> None:
    # An application enters the register; its examination is due three years after filing.
    frozen("2022-05-10 10:00")
    values = {"title": "一种温度自补偿压力传感芯片", "filed_on": dt.date(2020, 3, 10)}
    right = rights.create(organisation, kind="invention", values=values, by=colleague)
    assert date_of(right, "examination_request").nominal_on == dt.date(2023, 3, 10)

    # The first office action, by post: four months from the presumed delivery. Answered, it is closed.
    frozen("2022-06-01 10:00")
    notice = notices.record_notice(
        right, type="first_office_action", issued_on=dt.date(2022, 5, 30), delivery="post", by=colleague
    )
    reply = date_of(right, "first_office_action")
    assert (reply.delivered_on, reply.nominal_on) == (dt.date(2022, 6, 14), dt.date(2022, 10, 14))
    assert not Deadline.objects.open().filter(rule_code="right.examination_request").exists()
    frozen("2022-09-20 10:00")
    keeping.meet(reply, by=colleague)
    notice.refresh_from_db()
    assert notice.answered_on == dt.date(2022, 9, 20)

    # Granted in patent year 4, paid at registration: year 5 is next; the clock of the reduction runs before it.
    frozen("2023-05-22 10:00")
    rights.change_status(fresh(right), status="granted", on=dt.date(2023, 5, 20), source="授权公告", by=colleague)
    annuity, clock = date_of(right, "annuity"), date_of(right, "fee_reduction_request")
    assert (annuity.year, annuity.amount) == (5, Decimal("1200.00"))
    assert clock.legal_on == dt.date(2023, 12, 26)

    # The clock rings; it is asked for in time, granted, and the annuity is 15 %.
    frozen("2023-12-19 08:31")
    reminding.sweep()
    assert told("date_close") == {"周若川", "林知远"}
    keeping.meet(clock, by=colleague)
    row = fresh(right)
    rights.update(row, values={"reduction": "0.85"}, version=row.version, by=colleague)
    assert date_of(right, "annuity").amount == Decimal("180.00")

    # The colleague leaves: the owner learns how many dates hang in the air, and hands them over.
    frozen("2024-01-05 10:00")
    organisations.end_membership(colleague.memberships.get(), by=colleague)
    assert told("dates_in_the_air") == {"林知远"}
    assert handing_over.in_the_air(organisation).exists()
    assert handing_over.hand_over(organisation, former=colleague, to=manager, by=applicant) >= 2
    assert not handing_over.in_the_air(organisation).exists() and fresh(right).responsible == manager
    assert not recompute.of_rights([right])

    # Nobody pays. The reminder climbs from the manager to the owner, then speaks of the surcharge.
    Notification.objects.all().delete()
    for day, template, names in (
        ("2024-02-09", "date_soon", {"施怀瑾"}),
        ("2024-03-07", "date_close", {"施怀瑾", "林知远"}),
        ("2024-04-12", "date_late", {"施怀瑾", "林知远"}),
    ):
        frozen(f"{day} 08:31")
        reminding.sweep()
        assert told(template) == names, day

    # Paid in band 2 with the receipt: reduced fee and five per cent of the full one. Year 6 is next.
    annuity = date_of(right, "annuity")
    frozen("2024-04-20 10:00")
    with pytest.raises(RuleBroken, match="票据"):
        keeping.meet(annuity, by=manager)
    keeping.meet(annuity, by=manager, reference="8600123456")
    entry = MoneyEntry.objects.get(right=right)
    assert (entry.stage, entry.amount, entry.year) == ("receipt", Decimal("240.00"), 5)
    assert fresh(right).paid_year == 5 and date_of(right, "annuity").year == 6

    # The next year is missed altogether: terminated, and restored within two months of the notice.
    frozen("2025-11-03 10:00")
    notices.record_notice(fresh(right), type="termination", issued_on=dt.date(2025, 11, 1), by=manager)
    assert fresh(right).status == "lapsed"
    assert not Deadline.objects.open().filter(rule_code="right.annuity").exists()
    restoration = date_of(right, "restoration")
    assert restoration.nominal_on == dt.date(2026, 1, 1) and restoration.legal_on == dt.date(2026, 1, 5)
    frozen("2025-12-01 10:00")
    keeping.meet(restoration, by=manager, reference="8600999", amount=Decimal("1480"))
    row = fresh(right)
    rights.update(row, values={"paid_year": 6}, version=row.version, by=manager)
    rights.change_status(fresh(right), status="restored", on=dt.date(2025, 12, 1), source="恢复权利通知书", by=manager)
    following = date_of(right, "annuity")
    assert (following.year, following.nominal_on) == (7, dt.date(2026, 3, 10))
    assert following.amount == Decimal("300.00")
