"""Everybody is told once, by their own choice of way; mail survives crashes and an absent server."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from portal import notices, notifications, nudges, outbox
from portal.models import Notification, User
from tests.factories import people
from tests.factories.mail import Sink

Mail = Notification.Mail
VALUES = {
    "number": "SD-2026-0001",
    "organisation": "甲公司",
    "call": {"zh": "试点", "en": "Pilot"},
    "due": "2026-12-01",
    "by": "顾明之",
}


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server that runs, and the portal sending to it."""
    server = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    server.start()
    yield server
    server.stop()


def tell(*persons: User, key: str = "k1", template: str = "office_submitted") -> int:
    with transaction.atomic():
        return notifications.notify(template, persons, key=key, values=VALUES, link="/cases/SD-2026-0001/")


def status(key: str = "k1") -> list[str]:
    return list(Notification.objects.filter(key=key).order_by("pk").values_list("mail_status", flat=True))


@pytest.fixture
def person(db: None) -> User:
    return people.make_user("顾明之", email="gu@example.cn")


def test_notify_writes_one_row_per_active_person(person: User) -> None:
    gone = people.make_user("离职", is_active=False)
    assert tell(person, person, gone) == 1
    row = Notification.objects.get()
    assert (row.recipient, row.template, row.is_urgent, row.mail_status) == (
        person, "office_submitted", True, Mail.WAITING,
    )  # fmt: skip


def test_notify_same_key_again_tells_nobody_twice(person: User) -> None:
    other = people.make_user()
    assert [tell(person), tell(person), tell(person, other)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("choice", "template", "expected"),
    [
        ("at_once", "case_taken", Mail.WAITING),
        ("digest", "case_taken", Mail.DIGEST),
        ("digest", "case_returned", Mail.WAITING),
        ("none", "case_returned", Mail.NOT_WANTED),
        ("none", "invited", Mail.WAITING),
    ],
)
def test_notify_follows_the_persons_choice(choice: str, template: str, expected: str, db: None) -> None:
    tell(people.make_user(mail_choice=choice), template=template)
    assert status() == [expected]


def test_notify_rolls_back_with_its_action(person: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notifications.notify("case_taken", [person], key="k1", values=VALUES)
        raise ZeroDivisionError
    assert status() == []


@pytest.mark.django_db(transaction=True)
def test_notify_by_eight_writers_at_once_tells_once() -> None:
    person, told = people.make_user(), []
    barrier = threading.Barrier(8)

    def write() -> None:
        barrier.wait()
        told.append(tell(person))
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert status() == [Mail.WAITING]
    assert sorted(told)[-1] == 1


def test_deliver_sends_in_the_readers_language_and_stamps(person: User, sink: Sink, settings: Any) -> None:
    settings.PUBLIC_URL, settings.MAIL_DOMAIN = "https://ip.example.cn", "ip.example.cn"
    person.language = "en"
    person.save()
    tell(person)
    row = Notification.objects.get()
    assert outbox.deliver() == 1
    row.refresh_from_db()
    assert (row.mail_status, row.mail_sent_at is not None) == (Mail.SENT, True)
    sent = sink.messages[0]
    assert (sent["To"], sent["Auto-Submitted"]) == ("gu@example.cn", "auto-generated")
    assert sent["Message-ID"] == f"<{row.number}@ip.example.cn>"
    assert "SD-2026-0001" in sent["Subject"]
    plain, html = (sent.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    for body in (plain, html):
        assert "https://ip.example.cn/cases/SD-2026-0001/" in body
        assert "Pilot" in body
    assert outbox.deliver() == 0


def test_deliver_escapes_values_in_html_only(person: User, sink: Sink) -> None:
    values = {**VALUES, "organisation": "甲<b>&\r\nBcc: x@y.cn"}
    notifications.notify("office_submitted", [person], key="k1", values=values)
    assert outbox.deliver() == 1
    sent = sink.messages[0]
    assert sent["Bcc"] is None
    assert "甲<b>&" in sent["Subject"]
    assert "甲&lt;b&gt;&amp;" in sent.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "甲<b>&" in sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_deliver_while_the_server_is_away_loses_nothing(
    person: User, sink: Sink, frozen: Callable[[Any], None]
) -> None:
    sink.stop()
    start = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
    frozen(start)
    for n in range(3):
        tell(people.make_user(), key=f"k{n}")
    assert outbox.deliver() == 0  # ends at the first failure: nobody waits for a dead server 200 times
    rows = list(Notification.objects.order_by("pk").values_list("mail_status", "mail_attempts", "mail_error"))
    assert rows == [(Mail.WAITING, 0, "ConnectionRefusedError"), (Mail.WAITING, 0, ""), (Mail.WAITING, 0, "")]
    for hour in range(1, 60):  # two days without a server give nobody up
        frozen(start + dt.timedelta(hours=hour))
        assert outbox.deliver() == 0
    sink.start()
    frozen(start + dt.timedelta(hours=61))
    assert outbox.deliver() == 3
    assert set(Notification.objects.values_list("mail_status", flat=True)) == {Mail.SENT}
    assert len(sink.messages) == 3


def test_deliver_refused_person_backs_off_and_holds_nobody_up(
    person: User, sink: Sink, frozen: Callable[[Any], None]
) -> None:
    start = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
    frozen(start)
    sink.refused = {person.email}
    tell(person, key="k1")
    tell(people.make_user(), key="k2")
    assert outbox.deliver() == 1
    row = Notification.objects.get(key="k1")
    assert (row.mail_status, row.mail_attempts, row.mail_error) == (Mail.WAITING, 1, "SMTPRecipientsRefused")
    assert row.mail_next_at == start + dt.timedelta(minutes=1)
    for _attempt in range(2, outbox.MAX_ATTEMPTS + 1):
        row.refresh_from_db()
        frozen(row.mail_next_at + dt.timedelta(seconds=1))
        outbox.deliver()
    row.refresh_from_db()
    assert (row.mail_status, row.mail_attempts) == (Mail.FAILED, outbox.MAX_ATTEMPTS)
    assert row.mail_next_at - start > dt.timedelta(days=1)


def test_deliver_row_that_cannot_be_written_holds_nobody_up(person: User, sink: Sink) -> None:
    notifications.notify("office_submitted", [person], key="k1", values={})  # no values: the text cannot be filled
    tell(person, key="k2")
    assert outbox.deliver() == 1
    assert Notification.objects.get(key="k1").mail_error == "KeyError"


def test_deliver_to_somebody_disabled_meanwhile_is_dropped(person: User, sink: Sink) -> None:
    tell(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert outbox.deliver() == 0
    assert (status(), sink.messages) == ([Mail.NOT_WANTED], [])


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs, the database rolls back."""


def test_deliver_killed_between_send_and_stamp_repeats_under_the_same_id(
    person: User, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(person)

    def die(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as crashing, pytest.raises(Killed):
        crashing.setattr(outbox, "_stamp", die)
        outbox.deliver()
    assert (status(), len(sink.messages)) == ([Mail.WAITING], 1)
    assert outbox.deliver() == 1
    assert (status(), len(sink.messages), len(set(sink.ids))) == ([Mail.SENT], 2, 1)
    assert outbox.deliver() == 0


@pytest.mark.django_db(transaction=True)
def test_deliver_by_four_workers_at_once_sends_each_once(sink: Sink) -> None:
    receivers = [people.make_user() for _ in range(20)]
    tell(*receivers)
    sent: list[int] = []

    def work() -> None:
        sent.append(outbox.deliver())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (sum(sent), len(sink.messages), len(set(sink.ids))) == (20, 20, 20)


def test_digest_gathers_what_came_before_eight(db: None, sink: Sink, frozen: Callable[[Any], None]) -> None:
    person = people.make_user(mail_choice="digest")
    frozen("2026-11-22 20:00")
    tell(person, key="k1", template="case_taken")
    frozen("2026-11-23 07:59")
    tell(person, key="k2", template="case_taken")
    assert outbox.deliver_digests() == 0
    frozen("2026-11-23 08:10")
    tell(person, key="k3", template="case_taken")
    assert outbox.deliver_digests() == 1
    assert outbox.deliver_digests() == 0
    assert (status("k1"), status("k2"), status("k3")) == ([Mail.SENT], [Mail.SENT], [Mail.DIGEST])
    assert sink.messages[0]["Subject"].strip().startswith("今日汇总 2 条")
    assert sink.messages[0].get_body(("plain",)).get_content().count("SD-2026-0001") >= 2  # type: ignore[union-attr]


def test_digest_waits_for_a_server_that_is_away(db: None, sink: Sink, frozen: Callable[[Any], None]) -> None:
    person = people.make_user(mail_choice="digest")
    frozen("2026-11-22 20:00")
    tell(person, template="case_taken")
    sink.stop()
    frozen("2026-11-23 08:10")
    assert (outbox.deliver_digests(), status()) == (0, [Mail.DIGEST])
    sink.start()
    frozen("2026-11-23 08:20")
    assert (outbox.deliver_digests(), status()) == (1, [Mail.SENT])


def test_digest_of_a_disabled_person_is_dropped(db: None, sink: Sink, frozen: Callable[[Any], None]) -> None:
    person = people.make_user(mail_choice="digest")
    frozen("2026-11-22 20:00")
    tell(person, template="case_taken")
    User.objects.filter(pk=person.pk).update(is_active=False)
    frozen("2026-11-23 08:10")
    assert (outbox.deliver_digests(), status()) == (0, [Mail.NOT_WANTED])


@pytest.mark.parametrize("name", notices.NOTICES)
def test_every_notice_can_be_written_in_both_languages(name: str, person: User) -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"<{key}>"

    row = Notification(recipient=person, template=name, link="/x/", values=Anything())
    for language in ("zh-hans", "en"):
        notice = notices.NOTICES[name]
        assert str(notice.title) % Anything()
        assert all(str(text) % Anything() for text in (notice.text, *(text for _name, text in notice.known)))
        person.language = language
    assert row.template == name


@pytest.mark.django_db(transaction=True)
def test_nudge_is_sent_once_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(nudges, "_send", sent.append)
    person = people.make_user()
    sent.clear()
    with transaction.atomic():
        tell(person, key="a")
        tell(person, key="b")
        assert sent == []
    assert sent == ["portal.tasks.deliver_mail"]


def test_nudge_without_a_broker_waits_once_then_never(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def refuse(task: str, **_options: object) -> None:
        tries.append(task)
        raise ConnectionRefusedError

    monkeypatch.setattr(nudges.current_app, "send_task", refuse, raising=False)
    monkeypatch.setitem(nudges._pause, "until", 0.0)
    for _ in range(5):
        nudges._send("portal.tasks.deliver_mail")
    assert len(tries) == 1


def test_read_marks_own_notices_only(person: User) -> None:
    other = people.make_user()
    tell(person, other)
    mine = Notification.objects.get(recipient=person)
    assert notifications.mark_read(other, number=mine.number) == 0
    assert notifications.mark_read(person, number=mine.number) == 1
    assert notifications.mark_read(person) == 0
    assert Notification.objects.get(recipient=other).read_at is None


def test_mail_of_one_notice_needs_no_template_error(person: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tell(person)
    assert outbox.deliver() == 1
    assert mail.outbox[0].subject == "新办件 SD-2026-0001：甲公司"
