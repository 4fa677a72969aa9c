"""What a named person does with a dispute: state, log, dates, notices; who may not; when not; nothing half."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from patents.models import Right
from portal import audit, files
from portal.errors import Denied, RuleBroken
from portal.models import Membership, Organisation, StoredFile, User
from services.protection.disputes import aid, dates, evidence, keeping, people
from services.protection.models import OverseasDispute
from tests.factories import documents
from tests.factories.rights import make_right

from .making import SERVED, facts, log_of, open_file, told

pytestmark = pytest.mark.django_db
D = dt.date


def test_opening_names_readers_tells_them_and_begins_with_the_service(
    organisation: Organisation, applicant: User, manager: User, colleague: User
) -> None:
    dispute = open_file(organisation, applicant, [manager])
    assert set(dispute.readers) == {applicant.pk, manager.pk}
    assert (dispute.responsible, dispute.status) == (applicant, "open")
    assert [(event.kind, event.on) for event in dispute.events.all()] == [("served", SERVED)]
    assert log_of(dispute) == [("dispute.opened", "林知远")]
    assert told("dispute_named") == [("施怀瑾", f"/disputes/{dispute.number}/")]
    visible = {
        person: OverseasDispute.objects.visible_to(person).exists() for person in (applicant, manager, colleague)
    }
    assert visible == {applicant: True, manager: True, colleague: False}


@pytest.mark.parametrize(
    "wrong", [{"served_on": D(2026, 11, 23)}, {"served_on": D(1999, 1, 1)}, {"forum": "moon"}, {"title": "x" * 161}]
)
def test_impossible_facts_are_refused(organisation: Organisation, applicant: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        open_file(organisation, applicant, **wrong)
    assert not OverseasDispute.objects.exists()


def test_only_members_can_be_named_and_only_own_rights_chosen(
    organisation: Organisation, applicant: User, stranger: User, other_organisation: Organisation
) -> None:
    with pytest.raises(RuleBroken, match="现任成员"):
        open_file(organisation, applicant, [stranger])
    foreign: Right = make_right(other_organisation)
    with pytest.raises(RuleBroken, match="看得到的权利"):
        keeping.open_file(organisation, values=facts(), rights=[foreign], by=applicant)


def test_changing_the_day_moves_the_dates_and_stale_versions_are_refused(
    dispute: OverseasDispute, applicant: User, manager: User
) -> None:
    values = facts(served_on=D(2026, 11, 10), forum="itc")
    keeping.change(dispute, values=values, version=1, by=manager)
    found = [(row.rule_code, row.legal_on) for row in dates.of_dispute(dispute).open()]
    assert found == [("dispute.itc_response", D(2026, 11, 30))]
    assert [(event.kind, event.on) for event in dispute.events.all()] == [("served", D(2026, 11, 10))]
    with pytest.raises(RuleBroken, match="刚刚修改"):
        keeping.change(dispute, values=values, version=1, by=applicant)


def test_event_opens_a_period_and_removing_it_cancels(dispute: OverseasDispute, applicant: User) -> None:
    event = keeping.add_event(dispute, kind="waiver", on=D(2026, 11, 12), text="律师转来", by=applicant)
    assert dates.of_dispute(dispute).open().filter(rule_code="dispute.us_answer_waived").count() == 1
    with pytest.raises(RuleBroken, match="已经登记"):
        keeping.add_event(dispute, kind="waiver", on=D(2026, 11, 12), by=applicant)
    keeping.remove_event(event, by=applicant)
    assert [row.rule_code for row in dates.of_dispute(dispute).open()] == ["dispute.us_answer"]
    with pytest.raises(RuleBroken, match="起点"):
        keeping.remove_event(dispute.events.get(), by=applicant)
    assert [action for action, _who in log_of(dispute)][-2:] == ["dispute.event_added", "dispute.event_removed"]


def test_end_stops_the_dates_and_reopening_brings_them_back(dispute: OverseasDispute, applicant: User) -> None:
    with pytest.raises(RuleBroken, match="结束日"):
        keeping.end(dispute, status="won", on=D(2026, 11, 1), by=applicant)
    keeping.end(dispute, status="settled", on=D(2026, 11, 20), note="许可", by=applicant)
    dispute.refresh_from_db()
    assert (dispute.status, dispute.ended_on, dispute.end_note) == ("settled", D(2026, 11, 20), "许可")
    assert not dates.of_dispute(dispute).open().exists()
    with pytest.raises(RuleBroken, match="已经结束"):
        keeping.add_event(dispute, kind="other", on=SERVED, by=applicant)
    keeping.reopen(dispute, by=applicant)
    assert [row.legal_on for row in dates.of_dispute(dispute).open()] == [D(2026, 11, 30)]


def test_dispute_with_an_open_request_does_not_end(dispute: OverseasDispute, applicant: User) -> None:
    aid.ask(dispute, text="x", by=applicant)
    with pytest.raises(RuleBroken, match="援助申请"):
        keeping.end(dispute, status="won", on=D(2026, 11, 20), by=applicant)


VERBS: dict[str, Callable[[OverseasDispute, User], Any]] = {
    "change": lambda row, by: keeping.change(row, values=facts(), version=row.version, by=by),
    "add_event": lambda row, by: keeping.add_event(row, kind="other", on=SERVED, by=by),
    "end": lambda row, by: keeping.end(row, status="won", on=D(2026, 11, 20), by=by),
    "set_readers": lambda row, by: people.set_readers(row, readers=[by.pk], by=by),
    "evidence": lambda row, by: evidence.save(row, code="counsel", is_there=True, by=by),
    "ask": lambda row, by: aid.ask(row, text="x", by=by),
}


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_are_for_readers_alone_and_leave_nothing_half(
    verb: str, dispute: OverseasDispute, applicant: User, colleague: User, viewer: User, stranger: User,
    city_officer: User, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = log_of(dispute)
    for person in (colleague, stranger, city_officer):
        with pytest.raises(Denied):
            VERBS[verb](dispute, person)
    OverseasDispute.objects.filter(pk=dispute.pk).update(readers=[applicant.pk, viewer.pk])
    with pytest.raises(Denied):  # named, and yet only a viewer
        VERBS[verb](dispute, viewer)
    assert log_of(dispute) == before
    monkeypatch.setattr(audit, "record", _fail)
    state = OverseasDispute.objects.filter(pk=dispute.pk).values()[0]
    with pytest.raises(RuntimeError):
        VERBS[verb](dispute, applicant)
    assert OverseasDispute.objects.filter(pk=dispute.pk).values()[0] == state
    assert (dispute.events.count(), dispute.evidence.count(), dispute.aids.count()) == (1, 0, 0)


def _fail(*_args: Any, **_kwargs: Any) -> None:
    raise RuntimeError("the log is full")


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("比对.pdf", documents.pdf(), "application/pdf")


# --- evidence -----------------------------------------------------------------------------------------------------
def test_paper_is_as_secret_as_the_dispute_and_follows_its_readers(
    dispute: OverseasDispute, applicant: User, manager: User, colleague: User, officer: User
) -> None:
    saved = evidence.save(dispute, code="claim_chart", is_there=False, uploaded=paper(), by=applicant)
    file = saved.document
    assert saved.is_there and file is not None
    StoredFile.objects.filter(pk=file.pk).update(status="clean")
    readers = {person: _reads(person, file) for person in (manager, colleague, officer)}
    assert readers == {manager: True, colleague: False, officer: False}
    people.set_readers(dispute, readers=[colleague.pk], by=applicant)
    readers = {person: _reads(person, file) for person in (applicant, manager, colleague)}
    assert readers == {applicant: True, manager: False, colleague: True}
    assert dates.of_dispute(dispute).get().readers == sorted([applicant.pk, colleague.pk])
    again = evidence.save(dispute, code="claim_chart", is_there=True, uploaded=paper(), by=applicant)
    assert again.document is not None and (again.document.series, again.document.version) == (file.series, 2)


def _reads(person: User, file: StoredFile) -> bool:
    person.forget_standing()
    file.refresh_from_db()
    try:
        files.check_open(person, file)
    except Denied:
        return False
    return StoredFile.objects.visible_to(person).filter(pk=file.pk).exists()


def test_checklist_follows_the_forum_and_unknown_items_are_refused(dispute: OverseasDispute, applicant: User) -> None:
    codes = {item.code for item in evidence.wanted(dispute)}
    assert {"served_papers", "preservation", "prior_art"} <= codes and not {"listing", "own_title"} & codes
    assert all(item.zh and item.en for item in evidence.items())
    with pytest.raises(RuleBroken, match="没有这一项"):
        evidence.save(dispute, code="listing", is_there=True, by=applicant)


# --- those who leave ----------------------------------------------------------------------------------------------
def test_owner_hears_of_a_dispute_nobody_sees_by_its_number_alone(
    organisation: Organisation, applicant: User, manager: User, colleague: User
) -> None:
    dispute = open_file(organisation, manager, title="绝密")
    with pytest.raises(Denied):  # while somebody sees it, it does not exist for the owner
        people.entrust(organisation, number=dispute.number, reader=colleague, by=applicant)
    Membership.objects.filter(user=manager).update(ended_at="2026-11-22T00:00Z")
    assert people.tell_owner(organisation, manager) == 1
    notice = applicant.notifications.get(template="disputes_unseen")
    assert notice.link == "/disputes/unseen/" and "绝密" not in str(notice.values)
    people.entrust(organisation, number=dispute.number, reader=colleague, by=applicant)
    colleague.forget_standing()
    assert list(OverseasDispute.objects.own(colleague)) == [dispute]
    assert not OverseasDispute.objects.own(applicant).exists()
    assert dates.of_dispute(dispute).get().responsible == colleague
    assert log_of(dispute)[-1] == ("dispute.entrusted", "林知远")
