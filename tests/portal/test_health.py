"""The two health addresses and the page shown while the database is away."""

import time
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import path

from portal import health


def test_healthz_needs_nothing(client: Client) -> None:
    response = client.get("/healthz/")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_is_ready_after_a_heartbeat(client: Client) -> None:
    health.beat()
    response = client.get("/readyz/")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "valkey": "ok", "worker": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "word"), [(None, "not seen"), (health.HEARTBEAT_MAX_AGE + 5, "silent")])
def test_readyz_names_a_worker_that_is_gone(client: Client, age: int | None, word: str) -> None:
    if age is not None:
        cache.set(health.HEARTBEAT_KEY, time.time() - age)
    response = client.get("/readyz/")
    assert (response.status_code, response.json()["worker"]) == (503, word)


@pytest.mark.django_db
@pytest.mark.parametrize("check", ["database", "valkey"])
def test_readyz_names_what_is_away(client: Client, monkeypatch: pytest.MonkeyPatch, check: str) -> None:
    monkeypatch.setattr(health, check, lambda: "away")
    response = client.get("/readyz/")
    assert (response.status_code, response.json()[check]) == (503, "away")


def away(_request: object = None) -> None:
    raise OperationalError("server closed the connection: password=canary")


def broken(_request: object = None) -> None:
    raise ZeroDivisionError("canary")


urlpatterns = [
    path("away/", away),
    path("broken/", broken),
    path("api/away/", away),
]
handler500 = "portal.views.health.server_error"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/away/", 503), ("/broken/", 500)])
def test_error_page_is_bilingual_and_shows_no_trace(client: Client, address: str, status: int) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert response.get("Retry-After") == ("10" if status == 503 else None)
    assert 'lang="zh-Hans"' in page
    assert 'lang="en"' in page
    assert "canary" not in page
    assert "Traceback" not in page


@pytest.mark.urls(__name__)
def test_error_of_the_interface_is_json(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/api/away/")
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response.json()["code"] == "temporarily_unavailable"


@pytest.mark.django_db(transaction=True)
def test_session_of_a_visitor_while_the_database_is_away_gives_503(client: Client, monkeypatch: Any) -> None:
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32  # must be looked up before any view runs
    monkeypatch.setattr(connection, "connect", away)
    connection.close()
    response = client.get("/accounts/login/")
    monkeypatch.undo()
    assert response.status_code == 503
