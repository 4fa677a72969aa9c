"""Every verb of a case: done, done once, refused to the wrong role, refused in the wrong state, foreign as absent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from portal.models import Application, AuditEvent, IdempotencyKey

pytestmark = pytest.mark.django_db
REASON = {"reason": "符合规定，理由充分。"}
MARKS = {"marks": [{"key": "ip_staff", "reason": "mismatch", "note": "请核对。"}]}


@dataclass(frozen=True)
class Verb:
    """A verb: state it needs, who does it, who sees the case but may not, who does not even see it.

    `again` is the answer to a second time without a key: 409 where the state has changed.
    """

    path: str
    state: str
    who: str
    wrong: str
    foreign: str
    body: Any = None
    status: int = 200
    again: int = 409


VERBS = [
    Verb("/applications/{}/submit/", "draft", "applicant", "colleague", "stranger"),
    Verb("/applications/{}/undo/", "submitted", "applicant", "colleague", "stranger"),
    Verb("/applications/{}/withdraw/", "submitted", "applicant", "viewer", "stranger", REASON),
    Verb("/applications/{}/resubmit/", "answered", "applicant", "colleague", "stranger"),
    Verb("/applications/{}/appeal/", "rejected", "applicant", "viewer", "stranger", {"text": "请复核。"}, 201),
    Verb("/applications/{}/messages/", "submitted", "viewer", "", "stranger", {"text": "请问？"}, 201, 201),
    Verb(
        "/applications/{}/corrections/ip_staff/reply/", "returned", "colleague", "viewer", "stranger",
        {"reply": "已改。"}, again=200,
    ),
    Verb(
        "/cases/{}/declare/", "submitted", "officer", "", "other_officer", {"has_conflict": False}, again=200
    ),
    Verb("/cases/{}/take/", "declared", "officer", "auditor", "other_officer"),
    Verb("/cases/{}/assign/", "submitted", "supervisor", "officer", "other_officer", "@officer", again=200),
    Verb("/cases/{}/return-for-correction/", "in_review", "officer", "auditor", "other_officer", MARKS, 201),
    Verb(
        "/cases/{}/corrections/ip_staff/judge/", "resubmitted", "officer", "auditor", "other_officer",
        {"verdict": "solved"}, again=200,
    ),
    Verb(
        "/cases/{}/record-review/", "in_review", "officer", "auditor", "other_officer",
        {"stage": "verify", "is_pass": True, **REASON},
    ),
    Verb("/cases/{}/draw-experts/", "drawable", "city_officer", "officer", "other_officer", None, 201, 201),
    Verb("/cases/{}/invite-experts/", "drawable", "city_officer", "officer", "other_officer", "@experts", 201),
    Verb("/cases/{}/messages/", "in_review", "officer", "supervisor", "other_officer", {"text": "请补充。"}, 201, 201),
    Verb(
        "/cases/{}/decide/", "decidable", "city_supervisor", "city_officer", "other_officer",
        {"is_approved": True, **REASON},
    ),
    Verb("/reviews/{}/declare/", "drawn", "expert", "", "stranger", {"has_conflict": False}, again=200),
    Verb("/reviews/{}/score/", "seated", "expert", "", "officer", "@scores", 201),
]  # fmt: skip


@pytest.fixture
def get(request: pytest.FixtureRequest) -> Callable[[str], Any]:
    return request.getfixturevalue


def body_of(verb: Verb, application: Application, get: Callable[[str], Any]) -> Any:
    """Return the body; names in it stand for people and criteria that exist only now."""
    if verb.body == "@officer":
        return {"officer": get("officer").number}
    if verb.body == "@experts":
        return {"experts": [get("expert").number, get("second_expert").number]}
    if verb.body == "@scores":
        return {"scores": {row["key"]: row["max"] for row in application.call.criteria}, **REASON}
    return verb.body


@pytest.fixture(params=VERBS, ids=lambda verb: verb.path.strip("/").replace("/{}", ""))
def verb(request: pytest.FixtureRequest) -> Verb:
    return request.param


def done() -> int:
    """Return how much was done, as the log counts it; refusals are not deeds."""
    return AuditEvent.objects.exclude(action="refused").count()


def test_verb_with_a_key_is_done_once_and_answered_twice(verb: Verb, api: Any, get: Callable[[str], Any]) -> None:
    application = get(verb.state)
    body, path = body_of(verb, application, get), verb.path.format(application.number)
    before = done()
    first = api(get(verb.who)).post(path, body, key="k-1")
    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (verb.status, None), first.json()
    after = done()
    assert after > before
    second = api(get(verb.who)).post(path, body, key="k-1")
    assert (second.status_code, second.json()) == (verb.status, first.json())
    assert second.headers["Idempotency-Replayed"] == "true"
    assert done() == after
    assert IdempotencyKey.objects.filter(key="k-1").count() == 1


def test_verb_a_second_time_without_key_meets_the_new_state(verb: Verb, api: Any, get: Callable[[str], Any]) -> None:
    application = get(verb.state)
    body, path = body_of(verb, application, get), verb.path.format(application.number)
    assert api(get(verb.who)).post(path, body).status_code == verb.status
    again = api(get(verb.who)).post(path, body)
    assert again.status_code == verb.again, again.json()
    if verb.again == 409:
        assert set(again.json()) == {"code", "sentence"}


def test_verb_by_somebody_who_may_not_is_denied_and_logged(verb: Verb, api: Any, get: Callable[[str], Any]) -> None:
    application = get(verb.state)
    if not verb.wrong:
        pytest.skip("whoever sees it may do it")
    body, before = body_of(verb, application, get), done()
    answer = api(get(verb.wrong)).post(verb.path.format(application.number), body, key="k-2")
    assert answer.status_code == 403, answer.json()
    assert set(answer.json()) == {"code", "sentence"}
    assert (done(), IdempotencyKey.objects.count()) == (before, 0)
    assert AuditEvent.objects.filter(action="refused").count() == 1


def test_verb_on_a_foreign_case_reads_like_an_absent_one(verb: Verb, api: Any, get: Callable[[str], Any]) -> None:
    application = get(verb.state)
    body, person = body_of(verb, application, get), get(verb.foreign)
    foreign = api(person).post(verb.path.format(application.number), body)
    absent = api(person).post(verb.path.format("SQ-2026-9999"), body)
    assert (foreign.status_code, foreign.json()) == (404, absent.json())
    assert absent.status_code == 404


def test_verb_without_signing_in_is_401(verb: Verb, api: Any, get: Callable[[str], Any]) -> None:
    application = get(verb.state)
    answer = api().post(verb.path.format(application.number), body_of(verb, application, get))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
