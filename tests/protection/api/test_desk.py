"""The desk through the interface: the same actions, the same two persons, nothing overwritten, nothing done twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from portal import audit
from portal.clock import now
from portal.models import User
from services.protection import publishing
from services.protection.models import Alert, AlertVersion
from tests.factories.alerts import WHOLE, make_alert, published_alert

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
Stage = AlertVersion.Stage
TEXT = {
    "title": "请核对在美产品", "countries": ["美国", "de"], "ipc": ["g01l9"], "nice": ["第9类"],
    "sources": [{"name": "公告（示例）", "on": "2026-11-17"}], "checklist": [{"zh": "核对", "en": "Check"}],
}  # fmt: skip


def actions(alert: Alert) -> list[str]:
    return list(audit.history_of(alert).order_by("sequence").values_list("action", flat=True))


def test_from_a_proposal_to_a_withdrawal(api: Call, officer: User, author: User, approver: User) -> None:
    made = api(officer).post("/alert-desk/propose/", TEXT)
    number = made.data["number"]
    assert (made.status_code, made.data["stage"], made.data["district"]) == (201, "proposed", "310112")
    assert (made.data["countries"], made.data["ipc"], made.data["nice"]) == (["US", "DE"], ["G01L 9/*"], [9])
    at, writes = f"/alert-desk/{number}/", api(author)
    assert writes.post(f"{at}adopt/").data["stage"] == "draft"
    assert "title_en" not in writes.post(f"{at}submit/").data, "not whole yet"
    lock = writes.get(at).data["lock"]
    whole = {name: WHOLE[name] for name in ("title_en", "summary", "summary_en")}
    assert writes.patch(at, {**whole, "lock": lock}).status_code == 200
    assert writes.post(f"{at}submit/").data["stage"] == "in_review"
    own = writes.post(f"{at}approve/", {"is_seen": True})
    assert (own.status_code, own.data["code"]) == (403, "own_draft")
    unseen = api(approver).post(f"{at}approve/", {"is_seen": False})
    assert unseen.status_code == 400
    moment = (now() + dt.timedelta(days=2)).isoformat()
    planned = api(approver).post(f"{at}approve/", {"is_seen": True, "publish_at": moment})
    assert planned.data["stage"] == "scheduled"
    assert api(approver).post(f"{at}send-back/", {"reason": "再等等"}).data["return_reason"] == "再等等"
    assert writes.post(f"{at}submit/").status_code == 200
    assert api(approver).post(f"{at}approve/", {"is_seen": True}).data["stage"] == "published"
    corrected = writes.post(f"{at}correct/")
    assert (corrected.status_code, corrected.data["edition"], corrected.data["stage"]) == (201, 2, "draft")
    gone = api(approver).post(f"{at}withdraw/", {"reason": "来源有误", "reason_en": "Wrong source"})
    assert gone.data["status"] == "withdrawn"
    assert api().get(f"/alerts/{number}/").data["withdrawn_reason_en"] == "Wrong source"
    assert actions(Alert.objects.get()) == [
        "alert.proposed", "alert.adopted", "alert.changed", "alert.submitted", "alert.scheduled", "alert.returned",
        "alert.submitted", "alert.published", "alert.correction_begun", "alert.dropped", "alert.withdrawn",
    ]  # fmt: skip


def test_wrong_codes_are_named_field_by_field(api: Call, author: User) -> None:
    wrong = {**TEXT, "countries": ["卢里坦尼亚"], "ipc": ["Z99"], "nice": [46], "laws": ["none"]}
    answer = api(author).post("/alert-desk/", wrong)
    assert answer.status_code == 400
    assert {name.split(".")[0] for name in answer.data["fields"]} == {"countries", "ipc", "nice", "laws"}
    assert not Alert.objects.exists()


def test_a_newer_text_is_never_overwritten(api: Call, draft_alert: AlertVersion, author: User, approver: User) -> None:
    at, lock = f"/alert-desk/{draft_alert.alert.number}/", draft_alert.lock
    publishing.change(draft_alert, {"title": "另一位先保存的"}, by=author)
    answer = api(approver).patch(at, {"title": "我写的", "lock": lock})
    assert (answer.status_code, answer.data["code"]) == (409, "edited_meanwhile")
    assert AlertVersion.objects.get().title == "另一位先保存的"


def test_the_same_key_publishes_once(api: Call, in_review: AlertVersion, approver: User) -> None:
    at = f"/alert-desk/{in_review.alert.number}/approve/"
    answers = [api(approver).post(at, {"is_seen": True}, key="k1") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert actions(in_review.alert) == ["alert.published"]
    assert api(approver).post(at, {"is_seen": True}, key="k2").status_code == 409


def test_others_are_kept_out(api: Call, draft_alert: AlertVersion, officer: User, applicant: User) -> None:
    at = f"/alert-desk/{draft_alert.alert.number}/"
    assert api(applicant).get("/alert-desk/").status_code == 403
    assert api(applicant).post("/alert-desk/propose/", TEXT).status_code == 403
    assert api(officer).get(at).status_code == 404, "a draft of the city's own"
    assert api(officer).post("/alert-desk/", TEXT).status_code == 403
    assert api().get(f"/alerts/{draft_alert.alert.number}/").status_code == 404
    assert [row["number"] for row in api().get("/alerts/").data["results"]] == []


def test_the_archive_is_searched_and_shows_no_audience(api: Call) -> None:
    alert, _other = published_alert(), published_alert(title="培训（示例）", countries=["DE"], kind="training")
    found = api().get("/alerts/", country="US", q="压力").data["results"]
    assert [row["number"] for row in found] == [alert.number]
    one = api().get(f"/alerts/{alert.number}/").data
    assert (one["edition"], one["checklist"][0]["en"]) == (1, "Check your products in the US")
    assert not {"ipc", "industries", "deliveries", "audience"} & set(one)


@pytest.mark.parametrize(
    "path", ["/alerts/", "/laws/", "/legal-cases/", "/countries/", "/alert-desk/", "/alert-reach/"]
)
def test_lists_ask_a_constant_number_of_queries(
    path: str, api: Call, author: User, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        make_alert("draft", author=author)
        published_alert(author=author)
    with django_assert_max_num_queries(9):
        assert api(author).get(path).status_code == 200
