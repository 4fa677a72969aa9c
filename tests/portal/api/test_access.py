"""Tokens, scopes, sessions, second factor, rates, languages, and the one shape of an error."""

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from redis.exceptions import ConnectionError as ValkeyAway
from rest_framework.test import APIClient

from portal import tokens
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import ApiToken, Application, AuditEvent, User

pytestmark = pytest.mark.django_db
SHAPE = {"code", "sentence"}


def bearer(raw: str) -> Any:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {raw}")
    return client


def make(person: User, *scopes: str, days: int = 1) -> tuple[ApiToken, str]:
    return tokens.create(person, label="脚本", scopes=scopes or ("read", "write"), days=days)


def test_token_speaks_for_its_person_and_is_kept_as_a_hash(applicant: User) -> None:
    row, raw = make(applicant)
    found = bearer(raw).get("/api/v1/me/").json()
    assert (found["email"], found["memberships"][0]["role"]) == (applicant.email, "owner")
    row.refresh_from_db()
    assert raw not in str(row.__dict__)
    assert row.last_used_at is not None
    assert AuditEvent.objects.get(action="token.created").data["token"] == row.number


@pytest.mark.parametrize("spoil", ["revoked", "expired", "disabled", "cut", "two words"])
def test_token_that_ended_is_401(applicant: User, spoil: str) -> None:
    row, raw = make(applicant)
    if spoil == "revoked":
        tokens.revoke(row, by=applicant)
    elif spoil == "expired":
        ApiToken.objects.update(expires_at=now() - dt.timedelta(seconds=1))
    elif spoil == "disabled":
        User.objects.filter(pk=applicant.pk).update(is_active=False)
    raw = {"cut": raw[:-1], "two words": f"{raw} x"}.get(spoil, raw)
    answer = bearer(raw).get("/api/v1/me/")
    assert (answer.status_code, set(answer.json()), answer.json()["code"]) == (401, SHAPE, "bad_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_token_scopes_bind_reading_and_writing(applicant: User, draft: Application) -> None:
    _row, read = make(applicant, "read")
    _row, write = make(applicant, "write")
    path = f"/api/v1/applications/{draft.number}/submit/"
    assert (bearer(read).get("/api/v1/me/").status_code, bearer(read).post(path).json()["code"]) == (200, "scope")
    assert bearer(write).get("/api/v1/me/").status_code == 403
    assert bearer(write).post(path).status_code == 200


def test_tokens_are_listed_and_revoked_by_their_owner_only(api: Any, applicant: User, stranger: User) -> None:
    row, raw = make(applicant)
    listed = api(applicant).get("/tokens/")
    assert [found["number"] for found in listed.json()["results"]] == [row.number]
    assert row.token_hash not in listed.content.decode()
    assert api(stranger).post(f"/tokens/{row.number}/revoke/").status_code == 404
    assert bearer(raw).post(f"/api/v1/tokens/{row.number}/revoke/").json()["revoked_at"]
    assert bearer(raw).get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize(("scopes", "days"), [((), 1), (("admin",), 1), (("read",), 0), (("read",), 366)])
def test_token_wishes_out_of_bounds_are_refused(applicant: User, scopes: tuple[str, ...], days: int) -> None:
    with pytest.raises(RuleBroken):
        tokens.create(applicant, label="x", scopes=scopes, days=days)


def test_token_command_prints_a_working_token_once(applicant: User) -> None:
    out = StringIO()
    call_command("api_token", applicant.email.upper(), "--scopes", "read", stdout=out)
    assert bearer(out.getvalue().strip()).get("/api/v1/me/").status_code == 200
    with pytest.raises(CommandError):
        call_command("api_token", "nobody@example.cn")


def test_session_writes_need_the_csrf_token(applicant: User, draft: Application) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(applicant)
    path = f"/api/v1/applications/{draft.number}/submit/"
    assert client.get("/api/v1/me/").status_code == 200
    assert client.post(path).status_code == 403
    client.get("/api/v1/docs/", {"script": ""})  # what the documentation sends with its requests
    token = client.cookies["portal_csrf"].value
    assert client.post(path, headers={"X-CSRFToken": token}).status_code == 200


def test_official_without_second_factor_is_told_what_to_do(api: Any, declared: Application, officer: User) -> None:
    officer.authenticator_set.all().delete()
    answer = api(officer).post(f"/cases/{declared.number}/take/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")


def test_rates_answer_429_with_the_seconds_to_wait(api: Any, applicant: User, settings: Any) -> None:
    settings.API_RATES = {"anonymous": "2/min", "person": "3/min", "public_write": "1/hour"}
    for person, limit, path in ((None, 2, "/districts/"), (applicant, 3, "/me/")):
        answers = [api(person).get(path) for _turn in range(limit + 1)]
        assert [answer.status_code for answer in answers] == [200] * limit + [429]
        assert set(answers[-1].json()) == SHAPE
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61


def test_rates_without_valkey_turn_nobody_away(api: Any) -> None:
    with mock.patch("django.core.cache.backends.redis.RedisCache.get", side_effect=ValkeyAway):
        assert api().get("/districts/").status_code == 200


@pytest.mark.parametrize("error", [OperationalError, ValkeyAway])
def test_database_or_valkey_away_is_503_without_a_trace(api: Any, error: type[Exception]) -> None:
    with mock.patch("portal.api.views.public.Districts.shown", side_effect=error("secret host")):
        answer = api().get("/districts/")
    assert (answer.status_code, answer.json()["code"]) == (503, "temporarily_unavailable")
    assert (answer.headers["Retry-After"], "secret" in answer.content.decode()) == ("10", False)


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("get", "/api/v1/nothing/", {}, 404, "not_found"),
        ("post", "/api/v1/nothing", {}, 404, "not_found"),
        ("delete", "/api/v1/me/", {}, 405, "method_not_allowed"),
        ("options", "/api/v1/join-requests/", {}, 405, "method_not_allowed"),
        ("put", "/api/v1/organisations/", {}, 405, "method_not_allowed"),
        ("get", "/api/v1/me/", {"HTTP_ACCEPT": "text/html"}, 406, "not_acceptable"),
        ("post", "/api/v1/join-requests/", {"data": "x", "content_type": "text/plain"}, 415, "unsupported_media_type"),
        ("post", "/api/v1/join-requests/", {"data": "{", "content_type": "application/json"}, 400, "malformed"),
        ("post", "/api/v1/join-requests/", {"data": "[]", "content_type": "application/json"}, 400, "invalid"),
        ("post", "/api/v1/join-requests/", {"data": "{}", "content_type": "application/json"}, 400, "invalid"),
    ],
)
def test_errors_have_one_shape(
    applicant: User, method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    client = APIClient()
    client.force_authenticate(applicant)
    answer = getattr(client, method)(path, **options)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) - {"fields"} == SHAPE
    assert answer.json()["sentence"]


def test_language_is_the_persons_choice_then_the_header(api: Any, applicant: User) -> None:
    answer = api(applicant, **{"Accept-Language": "en"}).get("/me/")
    assert answer.headers["Content-Language"] == "en"
    User.objects.filter(pk=applicant.pk).update(language="zh-hans")
    assert api(applicant, **{"Accept-Language": "en"}).get("/me/").headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("key", ["x" * 81, "a\tb"])
def test_unfit_idempotency_key_is_422(api: Any, applicant: User, draft: Application, key: str) -> None:
    answer = api(applicant).post(f"/applications/{draft.number}/submit/", key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_key")


def test_idempotency_key_with_another_body_is_422(
    api: Callable[..., Any], viewer: User, submitted: Application
) -> None:
    path = f"/applications/{submitted.number}/messages/"
    assert api(viewer).post(path, {"text": "一"}, key="k").status_code == 201
    answer = api(viewer).post(path, {"text": "二"}, key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert submitted.messages.count() == 1
