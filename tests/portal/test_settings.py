"""A missing or unsafe value stops the start, and the sentence says what to set."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.environment import Environment

BASE = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "kX3f9aQ0-production-like-secret-of-more-than-fifty-characters",
    "ALLOWED_HOSTS": "ip.example.org",
    "DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal",
    "REDIS_URL": "redis://:secret@127.0.0.1:1/0",
    "EMAIL_URL": "submission://user:secret@mail.example.org:587",
    "PUBLIC_URL": "https://ip.example.org",
}


def start(values: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run a management command with exactly this environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check",))],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], **values},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def read(values: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the settings file with exactly this environment, in this process."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(BASE / "portal" / "settings.py"))


def test_production_values_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(PRODUCTION, monkeypatch)
    assert (settings["LOCAL"], settings["DEBUG"], settings["SESSION_COOKIE_SECURE"]) == (False, False, True)
    assert (settings["EMAIL_HOST"], settings["EMAIL_USE_TLS"]) == ("mail.example.org", True)


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_without_a_value_names_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"\n- Set {name}, for example {name}=[^\n]+\.$"):
        read({key: value for key, value in PRODUCTION.items() if key != name}, monkeypatch)


def test_refusal_is_a_sentence_not_a_traceback() -> None:
    done = start({"SECRET_KEY": PRODUCTION["SECRET_KEY"]})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The portal does not start:\n- Set ALLOWED_HOSTS, ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY to at least 50 random characters"),
        ({"SECRET_KEY": "a" * 60}, "Set SECRET_KEY to at least 50 random characters"),
        ({"SECRET_KEY": "django-insecure-" + "q8w7e6r5t4" * 5}, "Set SECRET_KEY to at least 50 random characters"),
        ({"ALLOWED_HOSTS": "*"}, "Set ALLOWED_HOSTS to the portal's own host names"),
        ({"DEBUG": "1"}, "Unset DEBUG"),
        ({"DEBUG": "perhaps"}, "Set DEBUG to yes or no; it is 'perhaps'."),
        ({"PUBLIC_URL": "http://ip.example.org"}, "Set PUBLIC_URL to an address that begins with https://."),
        ({"DATABASE_URL": "sqlite:///x"}, "Set DATABASE_URL to a PostgreSQL address"),
        ({"REDIS_URL": "amqp://x"}, "Set REDIS_URL to a Valkey or Redis address"),
        ({"EMAIL_URL": "console://"}, "Set EMAIL_URL to submission://USER:PASSWORD@HOST:587"),
        ({"PORT": "eighty"}, "Set PORT to a whole number; it is 'eighty'."),
        ({"PORTAL_MODE": "test"}, "Set PORTAL_MODE to local or production"),
        ({"OIDC_URL": "https://id.example.org"}, "Set OIDC_CLIENT_SECRET"),
    ],
)
def test_production_with_an_unsafe_value_refuses_it(
    change: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"\n- {sentence}")):
        read({**PRODUCTION, **change}, monkeypatch)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ALLOWED_HOSTS": "ip.example.org"}, "ALLOWED_HOSTS names other machines"),
        ({"LISTEN": "0.0.0.0"}, "LISTEN names an address that others can reach"),
    ],
)
def test_local_mode_is_for_loopback_only(
    change: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"\n- {sentence}")):
        read({"PORTAL_MODE": "local", "EMBEDDED": "no", **change}, monkeypatch)


def test_production_passes_the_deployment_check() -> None:
    done = start(PRODUCTION, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout + done.stderr


def test_local_secret_is_made_once_per_installation(tmp_path: Path) -> None:
    ask = ("shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY, settings.ALLOWED_HOSTS)")
    first, second, other = (
        start({"EMBEDDED": "no", "VAR_DIR": str(folder)}, *ask).stdout
        for folder in (tmp_path / "a", tmp_path / "a", tmp_path / "b")
    )
    assert first == second != other
    assert "['127.0.0.1', '[::1]', 'localhost']" in first
    assert (tmp_path / "a" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_environment_names_all_problems_at_once() -> None:
    env = Environment({"COUNT": "-1"})
    assert env.text("NAME") == ""
    assert env.number("COUNT", 3) == 3
    with pytest.raises(ImproperlyConfigured) as caught:
        env.finish()
    assert str(caught.value).splitlines()[1:] == ["- Set NAME.", "- Set COUNT to a whole number; it is '-1'."]
