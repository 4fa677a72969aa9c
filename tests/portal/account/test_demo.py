"""Sign-in links of the demo: they work with all four locks open, and with any one shut the address is not there."""

import re

import pytest
from django.core import signing

from portal import demo
from portal.models import Installation
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(settings):
    settings.LOCAL = True
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    Installation.objects.update_or_create(pk=1, defaults={"is_demo": True})
    return people.make_user("演示人", is_demo=True)


def path_of(person):
    return f"/demo/sign-in/{demo.token_of(person)}/"


def absent(client, path, **extra):
    """Whether the answer is the one that any unknown address gets."""
    answer, other = client.get(path, **extra), client.get("/no/such/page/", **extra)
    plain = [
        re.sub(r"[0-9a-zA-Z]{30,}|/demo/[^\"]*|/no/such/page/", "", page.content.decode()) for page in (answer, other)
    ]
    return (
        answer.status_code == other.status_code == 404
        and plain[0] == plain[1]
        and "_auth_user_id" not in client.session
    )


LOCAL = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1"}


def test_link_signs_in_over_loopback(client, person):
    assert [row[0] for row in demo.sign_in_links()] == ["演示人"]
    answer = client.get(path_of(person), **LOCAL)
    assert answer.url == "/home/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_absent_in_production(client, person, settings):
    settings.LOCAL = False
    assert demo.sign_in_links() == []
    assert absent(client, path_of(person), **LOCAL)


def test_absent_without_the_demo_mark(client, person):
    Installation.objects.update(is_demo=False)
    assert demo.sign_in_links() == []
    assert absent(client, path_of(person), **LOCAL)


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "127.0.0.1"},
        {**LOCAL, "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {**LOCAL, "HTTP_FORWARDED": "for=192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "portal.example.org"},
    ],
)
def test_absent_beyond_loopback(client, person, extra, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "portal.example.org"]
    assert absent(client, path_of(person), **extra)


def test_absent_with_a_link_of_another_installation(client, person, settings):
    path = path_of(person)
    settings.SECRET_KEY = "another-installation-" + "x7q" * 20
    assert absent(client, path, **LOCAL)


@pytest.mark.parametrize(
    "token",
    ["x", "a:b:c", signing.dumps("odd", salt=demo.SALT), signing.dumps([1, 0], salt="else")],
    ids=["short", "shape", "content", "salt"],  # a signature holds the second: workers would collect different names
)
def test_absent_with_a_made_up_link(client, person, token):
    assert absent(client, f"/demo/sign-in/{token}/", **LOCAL)


def test_link_ends_after_a_day(client, person, frozen):
    frozen("2026-11-20 09:00")
    path = path_of(person)
    frozen("2026-11-21 09:01")
    assert absent(client, path, **LOCAL)


def test_absent_for_people_who_are_no_demo_or_disabled(client, person):
    real = people.make_user()
    assert absent(client, path_of(real), **LOCAL)
    person.is_active = False
    person.save()
    assert absent(client, path_of(person), **LOCAL)


def test_link_gives_no_second_factor(client, person):
    people.Posting.objects.create(office=people.Office.objects.get(slug="minhang"), user=person, role="officer")
    client.get(path_of(person), **LOCAL)
    organisation = people.make_organisation(verified=False)
    asked = organisation.verifications.create(evidence="licence", created_by=people.make_user())
    assert client.post(f"/verifications/{asked.number}/verify/", **LOCAL).status_code == 403


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("end", ["", "/"])
def test_shut_route_cannot_be_told_from_no_route(client, person, method, end):
    Installation.objects.update(is_demo=False)
    client.handler.enforce_csrf_checks = True
    known = getattr(client, method)(path_of(person).rstrip("/") + end, **LOCAL)
    unknown = getattr(client, method)("/no/such/page" + end, **LOCAL)
    assert (known.status_code, sorted(known.headers)) == (unknown.status_code, sorted(unknown.headers))
    assert known.status_code == 404
