"""Mail of accounts: a row in the request, sealed; sent once by the worker, then blank; nobody waits for a server."""

import datetime as dt
import smtplib
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from portal import account_mail, nudges
from portal.models import AccountMail, User
from tests.factories import people

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"


def forget(person: User) -> AccountMail:
    """Ask for a new password as a browser does; return the row."""
    assert Client().post(RESET, {"email": person.email}).status_code == 302
    return AccountMail.objects.get(email=person.email)


@pytest.fixture
def person(db: None) -> User:
    return people.make_user("林知远")


def test_reset_is_written_down_sealed_and_sent_once(person: User, mailoutbox: list[Any]) -> None:
    row = forget(person)
    assert mailoutbox == []
    assert "reset" not in row.sealed
    assert "http" not in row.sealed
    assert [account_mail.deliver(), account_mail.deliver()] == [1, 0]
    assert len(mailoutbox) == 1
    assert f"{RESET}key/" in mailoutbox[0].body
    assert (mailoutbox[0].to, mailoutbox[0].extra_headers["Message-ID"][1:11]) == ([person.email], row.number)
    row.refresh_from_db()
    assert (row.sealed, row.sent_at is not None) == ("", True)


def test_link_of_the_mail_works(person: User, mailoutbox: list[Any], client: Client) -> None:
    forget(person)
    account_mail.deliver()
    link = next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    new = {"password1": "a quieter river lamp", "password2": "a quieter river lamp"}
    assert client.post(page.request["PATH_INFO"], new).status_code == 302
    person.refresh_from_db()
    assert person.check_password("a quieter river lamp")


def test_mail_and_broker_away_do_not_hold_up_the_request(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(nudges._pause, "until", 0.0)
    monkeypatch.setattr(nudges.current_app, "send_task", mock.Mock(side_effect=ConnectionRefusedError), raising=False)
    with mock.patch("portal.mailing.get_connection", side_effect=AssertionError("in the request")):
        row = forget(person)
    assert row.sent_at is None


def test_server_away_keeps_the_mail_for_later(
    person: User, frozen: Callable[[Any], None], mailoutbox: list[Any]
) -> None:
    frozen("2026-11-23T09:00")
    forget(person)
    with mock.patch("django.core.mail.backends.locmem.EmailBackend.open", side_effect=OSError):
        assert account_mail.deliver() == 0
    row = AccountMail.objects.get()
    assert (row.attempts, row.error) == (0, "OSError")
    assert account_mail.deliver() == 0  # not before its moment
    frozen("2026-11-23T09:02")
    assert account_mail.deliver() == 1


def test_refused_mail_is_given_up_after_eight_tries_and_blank(person: User, frozen: Callable[[Any], None]) -> None:
    moment = dt.datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    frozen(moment)
    row = forget(person)
    AccountMail.objects.update(attempts=7)
    refused = smtplib.SMTPRecipientsRefused({})
    with mock.patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=refused):
        assert account_mail.deliver() == 0
    row.refresh_from_db()
    assert (row.attempts, row.sealed, row.given_up_at) == (8, "", moment)


def test_mail_of_yesterday_is_not_sent_any_more(person: User, frozen: Callable[[Any], None]) -> None:
    frozen("2026-11-23T09:00")
    row = forget(person)
    frozen("2026-11-24T09:01")
    assert account_mail.deliver() == 0
    row.refresh_from_db()
    assert (row.sealed, row.sent_at) == ("", None)
    frozen("2026-12-01T09:02")
    assert account_mail.forget_old() == 1


def test_mail_sealed_under_another_key_is_given_up(person: User, settings: Any) -> None:
    row = forget(person)
    settings.SECRET_KEY = "another"
    assert account_mail.deliver() == 0
    row.refresh_from_db()
    assert (row.error, row.sealed) == ("InvalidToken", "")
