"""The reminder sweep by statement: who is told when, once, in quiet, after an outage, and whatever dies half-way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from portal import deadlines, reminding
from portal.models import Deadline, Notification, Organisation, User, Webhook, WebhookCall
from portal.notifications import wording
from tests.factories import people
from tests.factories.dates import LADDER, make_date

Set = Callable[[str], None]


def heard(day: str, frozen: Set) -> set[str]:
    """Sweep on the morning of a day, twice; return who was told by name."""
    frozen(f"{day} 08:31")
    before = set(Notification.objects.values_list("pk", flat=True))
    reminding.sweep()
    assert reminding.sweep() == 0
    rows = Notification.objects.exclude(pk__in=before).select_related("recipient")
    names = [row.recipient.name for row in rows]
    assert len(names) == len(set(names))
    return set(names)


@pytest.fixture
def agent(db: None) -> User:
    agency = people.make_organisation("上海某某知识产权代理有限公司", kind="agency")
    return people.join(people.make_user("代理人"), agency, "owner")


def test_escalation_from_the_responsible_person_to_the_agency(
    organisation: Organisation, applicant: User, colleague: User, manager: User, viewer: User, agent: User, frozen: Set
) -> None:
    frozen("2025-12-01 12:00")
    agency = agent.memberships.get().organisation
    make_date(organisation, responsible=colleague, backup=manager, agency=agency)
    mine, both, owner_too = {"周若川"}, {"周若川", "施怀瑾"}, {"周若川", "施怀瑾", "林知远"}
    expected = [mine, mine, mine, both, owner_too, owner_too, owner_too | {"代理人"}, owner_too | {"代理人"}]
    for day, names in zip(LADDER, expected, strict=True):
        frozen(f"{day} 08:29")
        assert reminding.sweep() == 0, day
        assert heard(str(day), frozen) == names, day
    row = Deadline.objects.get()
    assert (row.remind_at, row.reminded_step) == (None, 8)
    late = Notification.objects.filter(template="date_late", recipient=colleague).order_by("pk").last()
    assert late and late.values["surcharge"] == "100.00" and late.values["until"] == "2026-05-11"
    assert late.is_urgent and late.link == f"/dates/{row.number}/"


def test_the_owner_hears_at_once_where_nobody_is_left(
    organisation: Organisation, applicant: User, colleague: User, frozen: Set
) -> None:
    frozen("2025-12-01 12:00")
    make_date(organisation, responsible=colleague)
    colleague.memberships.update(ended_at=dt.datetime(2025, 12, 2, tzinfo=dt.UTC))
    assert heard("2025-12-10", frozen) == {"林知远"}
    assert not Notification.objects.filter(recipient=colleague).exists()


def test_days_of_outage_give_one_reminder(organisation: Organisation, applicant: User, frozen: Set) -> None:
    frozen("2025-12-01 12:00")
    make_date(organisation, responsible=applicant)
    assert heard("2026-03-05", frozen) == {"林知远"}
    row = Notification.objects.get()
    assert row.template == "date_close" and row.values["left"] == 5
    assert Deadline.objects.get().remind_at == dt.datetime(2026, 3, 9, 0, 30, tzinfo=dt.UTC)


def test_named_rows_are_told_to_their_readers_alone(
    organisation: Organisation, applicant: User, colleague: User, manager: User, frozen: Set
) -> None:
    frozen("2025-12-01 12:00")
    make_date(organisation, secrecy="named", readers=[manager.pk], responsible=colleague)
    Webhook.objects.create(organisation=organisation, url="https://hooks.example.cn/", secret="x", created_by=applicant)
    assert heard("2026-03-09", frozen) == {"施怀瑾"}
    assert not WebhookCall.objects.exists()


def test_webhooks_are_called_once_per_step(organisation: Organisation, applicant: User, frozen: Set) -> None:
    frozen("2025-12-01 12:00")
    row = make_date(organisation)
    hook = Webhook.objects.create(
        organisation=organisation, url="https://hooks.example.cn/", secret="x", created_by=applicant
    )
    for day in LADDER:
        heard(str(day), frozen)
    calls = list(WebhookCall.objects.filter(webhook=hook).order_by("pk"))
    assert [call.body["step"] for call in calls] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert calls[0].body["deadline"] == row.number and calls[0].deadline == row


def test_no_flood_of_mail_and_no_mail_in_quiet_hours(
    organisation: Organisation, applicant: User, colleague: User, frozen: Set
) -> None:
    frozen("2025-12-01 12:00")
    User.objects.filter(pk=applicant.pk).update(quiet_from=dt.time(22), quiet_to=dt.time(9, 30))
    User.objects.filter(pk=colleague.pk).update(mail_choice="digest")
    for _row in range(15):
        make_date(organisation, responsible=applicant)
    make_date(organisation, responsible=colleague)
    frozen("2025-12-10 08:31")
    assert reminding.sweep(limit=4) == 16
    rows = Notification.objects.filter(recipient=applicant)
    assert rows.count() == 15 and rows.filter(mail_status="waiting").count() == reminding.MOST_MAILS
    assert {row.mail_next_at for row in rows} == {dt.datetime(2025, 12, 10, 1, 30, tzinfo=dt.UTC)}
    assert Notification.objects.get(recipient=colleague).mail_status == "digest"


def test_rows_with_a_ladder_are_left_to_this_sweep(organisation: Organisation, applicant: User, frozen: Set) -> None:
    frozen("2026-03-09 09:00")
    make_date(organisation)
    assert deadlines.sweep() == 0
    row = Deadline.objects.get()
    Deadline.objects.filter(pk=row.pk).update(met_at=row.created_at)
    assert reminding.sweep() == 0 and not Notification.objects.exists()


def test_reminders_speak_of_money_only_where_there_is_some(
    organisation: Organisation, applicant: User, frozen: Set
) -> None:
    frozen("2025-12-01 12:00")
    make_date(organisation, responsible=applicant)
    make_date(organisation, responsible=applicant, rule_code="right.first_office_action", trigger_event="x",
              amount=None, grace_on=None, bands=[])  # fmt: skip
    for day in ("2025-12-10", "2026-03-09", "2026-04-11"):
        frozen(f"{day} 08:31")
        reminding.sweep()
    rows = {(row.template, row.values["amount"]): row for row in Notification.objects.all()}
    assert len(rows) == 6
    said = {key: " ".join(wording(row, "zh-hans")) for key, row in rows.items()}
    for template in ("date_soon", "date_close", "date_late"):
        assert "应缴 ¥300.00。" in said[template, "300.00"], template
        silent = said[template, None]
        assert "¥" not in silent and "—" not in silent and "None" not in silent and "压力传感芯片" in silent, template
    assert "2026年5月11日，逾期加收 ¥100.00。最晚 2026年5月11日。" in said["date_late", "300.00"]
    assert "最晚" not in said["date_late", None]
    # what was told before the sentences were parted had a dash for nothing
    old = rows["date_soon", None]
    old.values["amount"] = "—"
    assert "¥" not in wording(old, "zh-hans")[1] and "¥" not in wording(old, "en")[1]


def test_days_left_count_to_the_last_day_once_the_safe_day_has_passed(
    organisation: Organisation, applicant: User, frozen: Set
) -> None:
    frozen("2026-03-01 12:00")
    make_date(organisation, responsible=applicant, legal_on=dt.date(2026, 3, 16))
    frozen("2026-03-12 08:31")
    reminding.sweep()
    row = Notification.objects.get()
    assert row.template == "date_close" and row.values["left"] == 4
