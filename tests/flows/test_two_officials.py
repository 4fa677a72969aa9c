"""Two officials decide the same case at the same moment: one wins, the other reads who did what when."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from portal import audit, procedures
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import Application, Assignment, AuditEvent, CaseEvent, Organisation, Review, Submission, User
from tests.factories import cases, people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 200
ROUNDS_OF_PAGES = 10


def waiting_for_a_decision(count: int, deciders: list[User]) -> list[Application]:
    """Return scored cases in which both deciders have declared."""
    template = people.make_organisation()
    applicant = people.join(people.make_user(), template, "owner")
    call = cases.make_call()
    firms = Organisation.objects.bulk_create(
        Organisation(uscc=people.make_uscc(), name=f"某某{n}", district=template.district) for n in range(count)
    )
    rows = Application.objects.bulk_create(
        Application(
            number=f"SQ-2026-{n:04}", call=call, kind=call.kind, organisation=firm, office_district=firm.district,
            status="in_review", stage="decide", created_by=applicant, submitted_at=now(), submitted_by=applicant,
            score=80,
        )
        for n, firm in enumerate(firms)
    )  # fmt: skip
    CaseEvent.objects.bulk_create(
        CaseEvent(application=row, verb="advance", stage="decide", status_from="in_review", status_to="in_review")
        for row in rows
    )
    Submission.objects.bulk_create(Submission(application=row, sequence=1, answers={}, by=applicant) for row in rows)
    Assignment.objects.bulk_create(
        Assignment(application=row, user=user, seat="officer", declared_at=now(), has_conflict=False)
        for row in rows
        for user in deciders
    )
    return rows


def deciders() -> list[User]:
    return [people.post(people.make_user(name), "city", "supervisor") for name in ("秦望舒", "张景行")]


def at_once(*works):
    """Run the works in threads that start together; return their results in order."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            gate.wait(timeout=10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, work) for work in works]]


def decide(application, user, is_approved):
    try:
        procedures.decide(application, is_approved=is_approved, reason=f"由{user.name}决定", by=user)
    except RuleBroken as broken:
        return str(broken.sentence)
    return ""


def test_of_two_decisions_at_once_one_wins_and_the_other_reads_by_whom():
    both = deciders()
    wins = dict.fromkeys(both, 0)
    for number, application in enumerate(waiting_for_a_decision(ROUNDS, both)):
        verdicts = (number % 2 == 0, number % 3 == 0)
        sentences = at_once(
            lambda a=application, v=verdicts[0]: decide(a, both[0], v),
            lambda a=application, v=verdicts[1]: decide(a, both[1], v),
        )
        assert sorted(map(bool, sentences)) == [False, True], (number, sentences)
        winner = both[sentences.index("")]
        refused = next(filter(None, sentences))
        wins[winner] += 1
        application.refresh_from_db()
        assert application.decided_by == winner
        assert application.status == ("publicity" if verdicts[both.index(winner)] else "rejected")
        assert refused.startswith(f"{winner.name} 已于 ")
        assert ("决定拟认定并公示" if application.status == "publicity" else "决定不予通过") in refused
    assert sum(wins.values()) == ROUNDS
    assert Review.objects.filter(stage="decide").count() == ROUNDS
    assert CaseEvent.objects.filter(verb__in=["approve", "refuse"]).count() == ROUNDS
    decided = AuditEvent.objects.filter(action__in=["application.approved", "application.refused"])
    assert decided.count() == decided.values("subject_id").distinct().count() == ROUNDS
    assert list(audit.verify()) == []


def test_of_two_decisions_at_once_in_the_pages_one_is_409():
    both = deciders()
    clients = [Client(), Client()]
    for client, user in zip(clients, both, strict=True):
        client.force_login(user)
    for application in waiting_for_a_decision(ROUNDS_OF_PAGES, both):
        path = f"/cases/{application.number}/decide/"
        answers = at_once(
            *(lambda c=client, p=path: c.post(p, {"ruling": "yes", "reason": "符合条件"}) for client in clients)
        )
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        loser = next(answer for answer in answers if answer.status_code == 409)
        winner = both[[answer.status_code for answer in answers].index(302)]
        assert f"{winner.name} 已于 " in loser.content.decode()
        assert "符合条件" in loser.content.decode()
