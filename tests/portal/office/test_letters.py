"""A call's own letter texts: checked before they are kept, set as data, the same for all; files made once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from portal import calls, files, issuing, letters, procedures
from portal.errors import Denied, RuleBroken
from portal.models import Application, AuditEvent, Call, CasePaper, Recognition, StoredFile, User
from portal.procedures import holding
from tests.factories import decisions, people

OWN = {
    "approve": {
        "opening": {"zh": "致{organisation}（{number}）", "en": "To {organisation} ({number})"},
        "outcome": {
            "zh": "自{publicity_from}至{publicity_until}公示。",
            "en": "Published {publicity_from} to {publicity_until}.",
        },
    }
}


@pytest.fixture
def case(call: Call, city_supervisor: User) -> Application:
    return decisions.ready(call, 1, people.make_user("林知远"), declared=(city_supervisor,))[0]


def outcome(**texts: Any) -> dict[str, Any]:
    return {"needs_countersign": False, "is_embargoed": False, "letters": texts}


@pytest.mark.parametrize(
    ("where", "zh", "en", "sentence"),
    [
        (("approve", "opening"), "致{organisation.pk}", "To", "不能用 {organisation.pk}"),
        (("approve", "opening"), "{appeal_due}", "x", "不能用 {appeal_due}"),
        (("approve", "outcome"), "公示。", "{publicity_from}{publicity_until}", "必须写明 {publicity_from}"),
        (("refuse", "rights"), "可以申诉。", "{appeal_due}", "必须写明 {appeal_due}"),
        (("approve", "opening"), "致{organisation", "x", "花括号要成对"),
        (("refuse", "opening"), "只有中文", "", "要有中英文"),
    ],
)
def test_faulty_texts_are_refused(
    where: tuple[str, str], zh: str, en: str, sentence: str, call: Call, administrator: User
) -> None:
    texts = {where[0]: {where[1]: {"zh": zh, "en": en}}}
    with pytest.raises(RuleBroken) as refused:
        calls.change_outcome(call, **outcome(**texts), by=administrator)
    assert sentence in str(refused.value)
    call.refresh_from_db()
    assert call.letters == {}


def test_own_texts_go_out_in_both_languages(case: Application, administrator: User, city_supervisor: User) -> None:
    calls.change_outcome(case.call, **outcome(**OWN), by=administrator)
    assert AuditEvent.objects.get(action="call.outcome_changed").data["letters"] == OWN
    case.organisation.name = "{number}<b>&\\#text"
    case.organisation.save()
    case.refresh_from_db()
    procedures.decide(case, is_approved=True, reason="好。", by=city_supervisor)
    found = {paper.language: paper.data["paragraphs"] for paper in CasePaper.objects.all()}
    assert found["zh-hans"][0] == f"致{{number}}<b>&\\#text（{case.number}）"
    assert found["en"][1].startswith("Published ") and "{" not in found["en"][1]
    with pytest.raises(RuleBroken, match="已经有决定"):
        calls.change_outcome(case.call, **outcome(), by=administrator)


def test_only_administrators_change_texts(call: Call, publisher: User) -> None:
    with pytest.raises(Denied):
        calls.change_outcome(call, **outcome(**OWN), by=publisher)


def test_page_of_the_texts_keeps_what_was_typed(call: Call, administrator: User) -> None:
    client = Client()
    client.force_login(administrator)
    url = f"/call-editor/{call.number}/letters/"
    body = {"approve_opening_zh": "致{wrong}", "approve_opening_en": "To {wrong}", "is_embargoed": "on"}
    answer = client.post(url, body)
    assert answer.status_code == 422 and "致{wrong}" in answer.content.decode()
    body = {"approve_opening_zh": "致{organisation}", "approve_opening_en": "To {organisation}", "is_embargoed": "on"}
    assert client.post(url, body).status_code == 302
    call.refresh_from_db()
    assert call.is_embargoed and letters.own_text(call, "approve", "opening", "en") == "To {organisation}"
    assert calls.clone(call, by=administrator).letters == call.letters


def test_files_are_made_once_and_read_like_the_letter(
    case: Application, city_supervisor: User, expert: User, frozen: Any
) -> None:
    frozen("2026-03-09 10:00")
    procedures.decide(case, is_approved=True, reason="好。", by=city_supervisor)
    assert (issuing.sweep(), issuing.sweep()) == (2, 0)
    made = StoredFile.objects.filter(application=case)
    assert sorted(made.values_list("name", flat=True)) == sorted([f"决定书-{case.number}.pdf", _english(case)])
    assert not files.newest(case).exists()
    frozen("2026-04-09 10:00")
    procedures.conclude_publicity(case)
    assert issuing.sweep() == 2
    recognition = Recognition.objects.get()
    assert recognition.certificate is not None and recognition.certificate.slot == "certificate"
    case.assignments.create(user=expert, seat="expert", declared_at=decisions.now(), has_conflict=False)
    with pytest.raises(Denied):
        files.check_open(expert, made[0])


def _english(case: Application) -> str:
    with translation.override("en"):
        return f"{CasePaper.Kind.LETTER.label}-{case.number}.pdf"


def test_a_paper_that_breaks_does_not_hold_up_the_others(
    case: Application, city_supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    procedures.decide(case, is_approved=True, reason="好。", by=city_supervisor)
    CasePaper.objects.filter(language="en").update(data={})
    assert issuing.sweep() == 1
    assert CasePaper.objects.get(file=None).attempts == 1
    assert holding.present(case) is None
