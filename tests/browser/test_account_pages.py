"""Pages of one's own account, behind a fresh sign-in: both languages, every width, as they are and with errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from portal.models import User
from tests.factories import people

from .checkers import faults_of
from .conftest import SHOTS
from .driver import Visitor
from .test_accounts import PASSWORD, add_passkey, confirm_password

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUBMIT = "main form button[type=submit]"
WAYS = list(product(("zh-CN", "en-US"), (320, 768, 1280)))


@pytest.fixture
def person() -> User:
    """Return somebody with an authenticator and recovery codes."""
    user = people.make_user("林知远", email="lin@example.cn")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def pages(user: User) -> Iterator[tuple[str, str]]:
    """Yield (address, field that is an error when it comes back as it is)."""
    key = user.authenticator_set.get(type="webauthn").pk
    yield "/accounts/password/change/", "oldpassword"
    yield "/accounts/email/", "email"
    yield "/accounts/2fa/", ""
    yield "/accounts/2fa/totp/deactivate/", ""
    yield "/accounts/2fa/recovery-codes/", ""
    yield "/accounts/2fa/recovery-codes/generate/", ""
    yield "/accounts/2fa/webauthn/", ""
    yield "/accounts/2fa/webauthn/add/", ""
    yield f"/accounts/2fa/webauthn/keys/{key}/edit/", ""
    yield f"/accounts/2fa/webauthn/keys/{key}/remove/", ""


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_pages_of_the_account_are_right(
    language: str, width: int, server: str, person: User, visit: Callable[..., Visitor]
) -> None:
    seen = visit(person, language=language, width=width, bypass_csp=True)
    seen.open("/accounts/2fa/recovery-codes/generate/")
    faults = faults_of(seen)  # asks for the password first
    add_passkey(seen)
    for address, wrong in pages(person):
        seen.open(address)
        assert seen.path == address, f"{address} led to {seen.path}"
        seen.shoot(SHOTS / "account" / f"{address.strip('/').replace('/', '-')}-{seen.language}-{width}.png")
        faults += [f"{address}: {fault}" for fault in faults_of(seen)]
        if wrong:
            seen.send("[name=action_add]" if wrong == "email" else SUBMIT)
            assert seen.has(f".ip-errsum a[href='#id_{wrong}']")
            faults += [f"{address} with errors: {fault}" for fault in faults_of(seen)]
    assert faults == []


@pytest.mark.parametrize(("language", "width"), WAYS[::2])
def test_activation_of_an_authenticator_is_right(
    language: str, width: int, server: str, visit: Callable[..., Visitor]
) -> None:
    seen = visit(people.make_user("周若川"), language=language, width=width, bypass_csp=True)
    seen.open("/accounts/2fa/totp/activate/")
    confirm_password(seen)
    faults = faults_of(seen)
    seen.shoot(SHOTS / "account" / f"activate-{seen.language}-{width}.png")
    seen.send(SUBMIT)
    assert seen.has(".ip-errsum a[href='#id_code']")
    assert faults + faults_of(seen) == []


def test_second_step_of_signing_in_is_right(server: str, person: User, visit: Callable[..., Visitor]) -> None:
    for language, width in WAYS[::2]:
        seen = visit(language=language, width=width, bypass_csp=True).open("/accounts/login/")
        seen.fill("input[name=login]", person.email)
        seen.fill("input[name=password]", PASSWORD)
        seen.send("main form[action='/accounts/login/'] button[type=submit]")
        assert seen.path == "/accounts/2fa/authenticate/"
        seen.shoot(SHOTS / "account" / f"authenticate-{seen.language}-{width}.png")
        faults = faults_of(seen)
        seen.send(SUBMIT)
        assert seen.has(".ip-errsum")
        assert faults + faults_of(seen) == []


def test_authenticator_and_passkey_are_given_up(server: str, person: User, visit: Callable[..., Visitor]) -> None:
    seen = visit(person)
    add_passkey(seen)
    seen.open("/accounts/2fa/webauthn/")
    seen.send("main a[href$='/remove/']")
    seen.send(SUBMIT)
    assert not person.authenticator_set.filter(type="webauthn").exists()
    seen.open("/accounts/2fa/recovery-codes/")
    with seen.page.expect_download() as download:
        seen.press("a[download]")
    assert len(download.value.path().read_text().split()) == 10
    seen.open("/accounts/2fa/totp/deactivate/")
    seen.send(SUBMIT)
    assert not person.authenticator_set.exists()
