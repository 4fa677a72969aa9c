"""The end of a term: as entered, else as the law says, kept by the recomputation and marked as computed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patents import portfolio, rights
from patents.dates import recompute
from patents.models import Right
from portal.models import Organisation, User
from tests.factories.rights import make_right

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture(autouse=True)
def _now(frozen: Any) -> None:
    frozen("2026-11-22 12:00")


@pytest.mark.parametrize(
    ("kind", "facts", "ends_on"),
    [
        ("invention", {"filed_on": D(2020, 3, 10)}, D(2040, 3, 9)),
        ("invention", {"filed_on": D(2024, 2, 29)}, D(2044, 2, 28)),
        ("invention", {"filed_on": D(2024, 3, 1), "granted_on": None, "status": "published"}, D(2044, 2, 29)),
        ("utility_model", {"filed_on": D(2020, 3, 10)}, D(2030, 3, 9)),
        ("design", {"filed_on": D(2021, 5, 31)}, D(2031, 5, 30)),
        ("design", {"filed_on": D(2021, 6, 1)}, D(2036, 5, 31)),
        ("trademark", {"filed_on": D(2016, 1, 8), "granted_on": D(2016, 12, 28)}, D(2026, 12, 27)),
        ("trademark", {"filed_on": D(2004, 1, 8), "granted_on": D(2005, 3, 7)}, D(2035, 3, 6)),
        ("trademark", {"granted_on": D(2016, 12, 28), "expires_on": D(2036, 12, 27)}, D(2036, 12, 27)),
        ("invention", {"filed_on": D(2020, 3, 10), "expires_on": D(2041, 12, 1)}, D(2041, 12, 1)),
        ("invention", {"filed_on": D(2005, 3, 10), "status": "expired"}, D(2025, 3, 9)),
        ("invention", {"filed_on": D(2020, 3, 10), "status": "lapsed"}, None),
        ("invention", {"filed_on": D(2020, 3, 10), "country": "US"}, None),
        ("domain", {"filed_on": None, "expires_on": D(2027, 5, 1)}, D(2027, 5, 1)),
        ("software", {"filed_on": D(2020, 3, 10)}, None),
    ],
)
def test_end_of_term_by_kind(
    organisation: Organisation, kind: str, facts: dict[str, Any], ends_on: dt.date | None
) -> None:
    right = make_right(organisation, kind, **facts)
    recompute.of_rights([right])
    assert Right.objects.get(pk=right.pk).ends_on == ends_on
    assert not recompute.everything()


def test_end_follows_what_is_entered(organisation: Organisation, applicant: User) -> None:
    right = make_right(organisation, filed_on=D(2020, 3, 10))
    right = rights.update(right, values={"expires_on": D(2040, 6, 1)}, version=0, by=applicant)
    assert Right.objects.get(pk=right.pk).ends_on == D(2040, 6, 1)
    rights.update(right, values={"expires_on": None}, version=right.version, by=applicant)
    assert Right.objects.get(pk=right.pk).ends_on == D(2040, 3, 9)
    rights.change_status(right, status="lapsed", on=D(2026, 11, 1), source="登记簿", by=applicant)
    assert Right.objects.get(pk=right.pk).ends_on is None


def test_lists_and_overviews_show_computed_ends_with_a_mark(
    client: Client, organisation: Organisation, applicant: User, officer: User
) -> None:
    plain = make_right(organisation, filed_on=D(2020, 3, 10))
    entered = make_right(organisation, filed_on=D(2019, 3, 10), expires_on=D(2039, 3, 9))
    recompute.everything()
    query = "?columns=expires_on&sort=expires_on"
    client.force_login(applicant)
    text = client.get(f"/rights/{query}").content.decode()
    assert text.index("2039年3月9日") < text.index("2040年3月9日")
    assert text.count(">推算</span>") == 1
    assert "2040年3月9日（推算）" in client.get(f"/rights/{plain.number}/").content.decode()
    assert "（推算）" not in client.get(f"/rights/{entered.number}/").content.decode()
    found = portfolio.figures_of(Right.objects.visible_to(officer))
    assert found.expiry == {(0, 2039): 1, (0, 2040): 1}
    client.force_login(officer)
    for url in ("/rights/", f"/rights/{plain.number}/"):
        assert "2040年3月9日" in client.get(url).content.decode(), url


def test_list_takes_as_many_statements_for_many_rights(
    client: Client, organisation: Organisation, applicant: User
) -> None:
    client.force_login(applicant)
    make_right(organisation)
    recompute.everything()
    url = "/rights/?columns=expires_on&sort=-expires_on"
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    for _n in range(12):
        make_right(organisation)
    recompute.everything()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
