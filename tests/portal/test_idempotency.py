"""A keyed write is done once, whatever comes twice, at the same moment, or breaks in between."""

import threading
from typing import Any

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import Http404
from django.test import RequestFactory

from portal import idempotency
from portal.errors import RuleBroken
from portal.idempotency import InProgress, KeyReused, Outcome, fingerprint, once, once_for_page
from portal.models import IdempotencyKey, Sequence, User
from portal.views.base import ActionView

PATH = "/applications/SQ-2026-0001/submit/"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("a@example.org", None, name="张三")


def bump(location: str = "/done/") -> Outcome:
    """Do something that shows in the database each time it is done."""
    row, _made = Sequence.objects.select_for_update().get_or_create(prefix="T", year=2026)
    row.last += 1
    row.save()
    return Outcome(302, location, {"last": row.last})


def done() -> int:
    return sum(Sequence.objects.filter(prefix="T").values_list("last", flat=True))


def send(person: User, key: str = "k1", digest: str = "d", perform: Any = bump, path: str = PATH) -> Outcome:
    return once(person, key, path=path, digest=digest, perform=perform)


def test_once_first_time_performs_and_stores(person: User) -> None:
    assert send(person) == Outcome(302, "/done/", {"last": 1})
    row = IdempotencyKey.objects.get()
    assert (row.response_status, row.response_location, row.response_body) == (302, "/done/", {"last": 1})
    assert (row.user, row.path, row.fingerprint) == (person, PATH, "d")


def test_once_repeat_returns_the_first_outcome_and_does_nothing(person: User) -> None:
    send(person)
    assert send(person) == Outcome(302, "/done/", {"last": 1}, is_replay=True)
    assert done() == 1


@pytest.mark.parametrize("changed", [{"digest": "other"}, {"path": "/elsewhere/"}])
def test_once_other_body_or_address_is_refused(person: User, changed: dict[str, str]) -> None:
    send(person)
    with pytest.raises(KeyReused) as caught:
        send(person, **changed)
    assert caught.value.code == "key_reused"
    assert done() == 1


@pytest.mark.parametrize("key", ["", "x" * 81, "a\nb"])
def test_once_unfit_key_is_refused(person: User, key: str) -> None:
    with pytest.raises(KeyReused) as caught:
        send(person, key=key)
    assert caught.value.code == "bad_key"
    assert done() == 0


def test_once_same_key_of_another_person_is_another_write(person: User) -> None:
    send(person)
    other = User.objects.create_user("b@example.org", None, name="李四")
    assert not send(other).is_replay
    assert done() == 2


def test_once_refusal_leaves_neither_row_nor_work_and_may_be_sent_again(person: User) -> None:
    def refused() -> Outcome:
        bump()
        raise RuleBroken("不行")

    with pytest.raises(RuleBroken):
        send(person, perform=refused)
    assert (done(), IdempotencyKey.objects.count()) == (0, 0)
    assert not send(person).is_replay


def test_fingerprint_ignores_order_token_and_key_but_not_values_or_files() -> None:
    base = fingerprint(PATH, [("a", ["1"]), ("b", ["2"]), ("csrfmiddlewaretoken", ["x"]), ("client_key", ["k"])])
    assert base == fingerprint(PATH, [("b", ["2"]), ("a", ["1"]), ("csrfmiddlewaretoken", ["y"])])
    assert base != fingerprint(PATH, [("a", ["1"]), ("b", ["3"])])
    assert base != fingerprint("/x/", [("a", ["1"]), ("b", ["2"])])
    one, two = SimpleUploadedFile("f.pdf", b"one"), SimpleUploadedFile("f.pdf", b"two")
    assert fingerprint(PATH, [("f", one)]) != fingerprint(PATH, [("f", two)])
    assert one.read() == b"one"  # the view still finds the whole file


def test_page_repeat_with_client_key_is_done_once(person: User) -> None:
    for turn in range(2):
        request = RequestFactory().post(PATH, {"client_key": "k", "reason": "好", "csrfmiddlewaretoken": str(turn)})
        request.user = person
        outcome = once_for_page(request, bump)
        assert outcome.is_replay is bool(turn)
    assert done() == 1


def test_page_without_key_is_simply_done(person: User) -> None:
    request = RequestFactory().post(PATH, {"reason": "好"})
    request.user = person
    assert [once_for_page(request, bump).body for _turn in range(2)] == [{"last": 1}, {"last": 2}]


def test_forget_old_keeps_what_may_still_be_repeated(person: User, frozen: Any) -> None:
    frozen("2026-09-01T09:00")
    send(person)
    frozen("2026-09-03T08:59")
    assert idempotency.forget_old() == 0
    frozen("2026-09-03T09:01")
    assert idempotency.forget_old() == 1


def in_threads(count: int, work: Any) -> list[Any]:
    """Run `work` in real threads, each with its own connection; return results and exceptions."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _turn in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_once_twins_in_threads_do_it_once() -> None:
    person = User.objects.create_user("a@example.org", None, name="张三")
    for turn in range(10):
        start = threading.Barrier(6)

        def twin(turn: int = turn, start: threading.Barrier = start) -> Outcome:
            start.wait(10)
            return send(person, key=f"k{turn}")

        outcomes = in_threads(6, twin)
        assert sorted(outcome.is_replay for outcome in outcomes) == [False] + [True] * 5
        assert {outcome.body["last"] for outcome in outcomes} == {turn + 1}
    assert done() == 10


@pytest.mark.django_db(transaction=True)
def test_once_twin_waits_and_takes_over_when_the_first_fails() -> None:
    person = User.objects.create_user("a@example.org", None, name="张三")
    inside, go_on = threading.Event(), threading.Event()

    def failing() -> Outcome:
        bump("/never/")
        inside.set()
        go_on.wait(10)
        raise RuleBroken("坏了")

    found: list[Any] = []
    first = threading.Thread(target=lambda: found.extend(in_threads(1, lambda: send(person, perform=failing))))
    first.start()
    assert inside.wait(10)
    second = threading.Thread(target=lambda: found.extend(in_threads(1, lambda: send(person))))
    second.start()
    go_on.set()
    first.join(30)
    second.join(30)
    assert [type(item) for item in found] == [RuleBroken, Outcome]
    assert (found[1].location, found[1].is_replay, done()) == ("/done/", False, 1)


@pytest.mark.django_db(transaction=True)
def test_once_twin_is_told_when_the_first_takes_too_long() -> None:
    person = User.objects.create_user("a@example.org", None, name="张三")
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> Outcome:
        inside.set()
        go_on.wait(10)
        return bump()

    def impatient() -> Outcome:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            return send(person)

    first = threading.Thread(target=lambda: in_threads(1, lambda: send(person, perform=slow)))
    first.start()
    assert inside.wait(10)
    told = in_threads(1, impatient)
    go_on.set()
    first.join(30)
    assert [type(item) for item in told] == [InProgress]
    assert done() == 1


def test_action_view_repeat_is_done_once_and_says_the_same(person: User) -> None:
    class Bump(ActionView):
        success_message = "已提交"
        success_url = "/done/"

        def get_object(self) -> Any:
            if done():
                raise Http404  # what was done may have closed the door behind it
            return person

        def action(self, obj: Any, form: Any) -> Any:
            return bump()

    said = []
    for _turn in range(2):
        request = RequestFactory().post(PATH, {"client_key": "k"})
        request.user = person
        request.session = SessionBase()
        request._messages = FallbackStorage(request)
        response = Bump.as_view()(request)
        said.append((response.status_code, response.headers["Location"], [str(m) for m in request._messages]))
    assert said == [(302, "/done/", ["已提交"])] * 2
    assert done() == 1
