"""Ways into an account in the browser: forgotten password, authenticator, recovery code, passkey."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail

from portal import account_mail
from portal.models import User
from tests.factories import people

from .driver import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
SUBMIT = "main form button.btn-primary[type=submit]"


@pytest.fixture
def person() -> User:
    return people.make_user("林知远", email="lin@example.cn")


def sign_in(seen: Visitor, user: User, password: str = PASSWORD) -> None:
    seen.open("/accounts/login/")
    seen.fill("input[name=login]", user.email)
    seen.fill("input[name=password]", password)
    seen.send("main form[action='/accounts/login/'] button[type=submit]")


def confirm_password(seen: Visitor) -> None:
    """What guards the account asks for the password again when the session is not fresh."""
    assert "/reauthenticate/" in seen.path, seen.path
    seen.fill("input[name=password]", PASSWORD)
    seen.send(SUBMIT)


def activate_totp(seen: Visitor) -> str:
    """Return the secret of a new authenticator; ends at the recovery codes."""
    seen.open("/accounts/2fa/totp/activate/")
    confirm_password(seen)
    box = seen.page.locator("main input[readonly], main textarea[readonly]").first
    secret = re.sub(r"\s", "", box.input_value())
    assert seen.page.locator("main img.ip-qr").evaluate("img => img.complete && img.naturalWidth > 0")
    seen.fill("input[name=code]", "000000")
    seen.send(SUBMIT)
    assert seen.has(".ip-errsum")
    seen.fill("input[name=code]", code_of(secret))
    seen.send(SUBMIT)
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def add_passkey(seen: Visitor) -> None:
    """Register a key that the browser itself pretends to have."""
    machine = seen.context.new_cdp_session(seen.page)
    machine.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    machine.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    seen.open("/accounts/2fa/webauthn/add/")
    confirm_password(seen)
    seen.fill("input[name=name]", "办公电脑")
    seen.tick("input[name=passwordless]")
    seen.send("#mfa_webauthn_add")


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_forgotten_password_is_set_anew_by_mail(
    language: str, server: str, person: User, visit: Callable[..., Visitor]
) -> None:
    seen = visit(language=language).open("/accounts/login/")
    seen.send("a[href='/accounts/password/reset/']")
    seen.fill("input[name=email]", person.email)
    seen.send(SUBMIT)
    assert account_mail.deliver() > 0
    link = re.search(r"http\S+/password/reset/key/\S+", mail.outbox[-1].body)
    assert link
    seen.open(link.group())
    for name in ("password1", "password2"):
        seen.fill(f"input[name={name}]", "a quieter river lamp")
    seen.send(SUBMIT)
    sign_in(seen, person, "a quieter river lamp")
    assert seen.path == "/home/"


def test_authenticator_guards_the_next_sign_in_and_recovery_codes_replace_it(
    server: str, person: User, visit: Callable[..., Visitor]
) -> None:
    seen = visit(person)
    activate_totp(seen)
    assert person.authenticator_set.filter(type="totp").exists()
    seen.open("/accounts/2fa/recovery-codes/")
    codes = re.findall(r"\b[0-9a-z]{8}\b", seen.page.locator("main textarea, main pre").first.input_value())
    assert len(codes) == 10
    other = visit()
    sign_in(other, person)
    assert other.path == "/accounts/2fa/authenticate/"
    other.fill("input[name=code]", codes[0])
    other.send(SUBMIT)
    assert other.path == "/home/"
    third = visit()
    sign_in(third, person)
    third.fill("input[name=code]", codes[0])
    third.send(SUBMIT)
    assert third.path == "/accounts/2fa/authenticate/", "a recovery code opens once"


def test_passkey_is_added_and_signs_in_without_password(
    server: str, person: User, visit: Callable[..., Visitor]
) -> None:
    seen = visit(person)
    add_passkey(seen)
    assert person.authenticator_set.filter(type="webauthn").exists(), seen.text("#main")
    seen.open("/accounts/logout/")
    seen.send("main form button[type=submit]")
    seen.open("/accounts/login/")
    seen.send("#passkey_login")
    assert seen.path == "/home/", seen.text("#main")
