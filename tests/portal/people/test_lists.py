"""Every list of the people pages costs the same with three rows and with many."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import organisations
from portal.models import Office, User, Verification
from tests.factories import people

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 12, 1)


def more(count, organisation):
    """Add enterprises with open verifications and join requests, people with postings, experts, invitations."""
    office = Office.objects.get(slug="minhang")
    for _ in range(count):
        other = people.make_organisation(verified=False)
        person = people.join(people.make_user(), other)
        Verification.objects.create(organisation=other, evidence="licence", created_by=person, due_on=DUE)
        organisations.request_join(code=organisation.uscc, asks_district=True, by=person)
        people.post(person, "minhang", "officer")
        people.Expert.objects.create(user=person)
        people.join(people.make_user(), organisation, "viewer")
    assert office.postings.count() >= count


LISTS = [
    ("officer", "/verifications/"),
    ("officer", "/organisations/"),
    ("supervisor", "/join/district/"),
    ("administrator", "/offices/"),
    ("administrator", "/offices/minhang/"),
    ("administrator", "/people/?view=all"),
    ("administrator", "/people/?view=experts"),
    ("applicant", "members"),
    ("applicant", "history"),
]


@pytest.mark.parametrize(("who", "url"), LISTS)
def test_list_costs_the_same_with_many_rows(client, request, organisation, applicant, who, url):
    user = request.getfixturevalue(who)
    client.force_login(User.objects.get(pk=user.pk))
    url = url if url.startswith("/") else f"/organisations/{organisation.number}/{url}/"
    more(3, organisation)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        assert client.get(url).status_code == 200
    more(12, organisation)
    with CaptureQueriesContext(connection) as many:
        assert client.get(url).status_code == 200
    assert len(many) == len(few)
    assert len(few) < 25
