"""The editor saves while one types: single fields, and never over another person's newer text."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import User
from services.protection import publishing
from services.protection.models import AlertVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(draft_alert: AlertVersion) -> str:
    return reverse("alert-desk-autosave", args=[draft_alert.alert.number])


def typed(client: Client, url: str, lock: int, **fields: str) -> Any:
    """Send the whole form as the page does, with the names of the fields that were touched."""
    whole = {"title": "页面上的标题", "kind": "warning", "severity": "2", "confirm_days": "0", "lock": str(lock)}
    return client.post(url, {**whole, **fields, "typed": list(fields)})


def test_only_what_was_typed_is_saved(client: Client, url: str, draft_alert: AlertVersion, author: User) -> None:
    client.force_login(author)
    answer = typed(client, url, draft_alert.lock, summary="新的要点", ipc="Z99")
    assert (answer.status_code, answer.json()["unsaved"]) == (200, ["ipc"])
    kept = AlertVersion.objects.get()
    assert (kept.summary, kept.title, kept.ipc) == ("新的要点", draft_alert.title, draft_alert.ipc)
    assert answer.json()["lock"] == kept.lock > draft_alert.lock


def test_two_people_at_different_fields_both_go_on(
    client: Client, url: str, draft_alert: AlertVersion, author: User, approver: User
) -> None:
    seen = draft_alert.lock
    publishing.change(draft_alert, {"title": "另一位写的标题"}, by=author)
    client.force_login(approver)
    answer = typed(client, url, seen, summary="我写的要点")
    assert answer.status_code == 200
    assert "lock" not in answer.json(), "the page has not shown the other's title: saving all of it must still ask"
    kept = AlertVersion.objects.get()
    assert (kept.title, kept.summary) == ("另一位写的标题", "我写的要点")
    again = typed(client, url, seen, summary="我改了要点")
    assert again.status_code == 200, "one's own saving is no conflict"
    whole = client.post(url.replace("autosave", "change"), {"title": "x", "kind": "hint", "severity": "1",
                        "confirm_days": "0", "lock": str(seen)})  # fmt: skip
    assert whole.status_code == 409


def test_the_same_field_is_never_overwritten(
    client: Client, url: str, draft_alert: AlertVersion, author: User, approver: User
) -> None:
    seen = draft_alert.lock
    publishing.change(draft_alert, {"title": "另一位写的标题"}, by=author)
    client.force_login(approver)
    answer = typed(client, url, seen, title="我写的标题", summary="我写的要点")
    assert (answer.status_code, author.name in answer.content.decode()) == (409, True)
    kept = AlertVersion.objects.get()
    assert (kept.title, kept.summary) == ("另一位写的标题", draft_alert.summary)


def test_what_is_in_review_is_not_typed_over(client: Client, in_review: AlertVersion, author: User) -> None:
    client.force_login(author)
    url = reverse("alert-desk-autosave", args=[in_review.alert.number])
    assert typed(client, url, in_review.lock, title="改").status_code == 409
    assert AlertVersion.objects.get().title == in_review.title
