"""Evidence beside the answers: what the register counts, what contradicts, and what stays unseen."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enterprises.models import AdverseRecord
from patents import evidence as register
from patents.models import LegalStatus, RightKind
from portal import kinds, procedures
from portal.models import Deadline, Secrecy
from portal.views.office import weighing
from tests.factories import cases
from tests.factories.rights import make_right

pytestmark = pytest.mark.django_db
CANARY = "绝密金丝雀"


@pytest.fixture
def application(organisation, applicant, officer, call):
    return cases.in_review(organisation, applicant, officer, call)


def grant(organisation, count=1, **extra):
    return [
        make_right(organisation, status=LegalStatus.GRANTED, **{"kind": RightKind.INVENTION, **extra})
        for _turn in range(count)
    ]


def facts(organisation, reader):
    return {fact.code: fact for fact in kinds.evidence(organisation, reader)}


def test_every_provider_takes_one_statement_whatever_the_number_of_rights(organisation, officer):
    grant(organisation)
    assert officer.standing
    counts = []
    for more in (0, 12):
        grant(organisation, more)
        with CaptureQueriesContext(connection) as captured:
            found = facts(organisation, officer)
        counts.append(len(captured))
    assert counts == [3, 3]
    assert found["valid_inventions"].value == 13


def test_register_counts_what_it_should(organisation, applicant, officer):
    grant(organisation, 2, responsible=applicant)
    grant(organisation, is_high_value=True)
    grant(organisation, kind=RightKind.TRADEMARK)
    make_right(organisation, status=LegalStatus.LAPSED)
    late = grant(organisation)[0]
    Deadline.objects.create(
        organisation=organisation, subject_type="right", subject_number=late.number, rule_code="annuity",
        owner="applicant", trigger_event="x", trigger_on=dt.date(2020, 1, 1), target_on=dt.date(2020, 2, 1),
        legal_on=dt.date(2020, 2, 1),
    )  # fmt: skip
    AdverseRecord.objects.create(
        organisation=organisation, kind="abnormal_filing", recorded_on=dt.date(2026, 1, 2), reference="1", source="s"
    )
    found = {code: fact.value for code, fact in facts(organisation, officer).items()}
    assert found == {
        "valid_inventions": 4,
        "valid_patents": 4,
        "trademarks": 1,
        "high_value": 1,
        "annuities_late": 1,
        "in_the_air": 3,
        "alerts_unread": 0,
        "adverse_records": 1,
    }


@pytest.mark.parametrize("secrecy", [Secrecy.INTERNAL, Secrecy.NAMED])
def test_what_is_kept_secret_never_counts_or_shows(secrecy, application, officer, city_supervisor, applicant):
    organisation = application.organisation
    grant(organisation, 2)
    plain = {code: fact.value for code, fact in facts(organisation, officer).items()}
    grant(organisation, 3, secrecy=secrecy, title=CANARY, is_high_value=True, readers=[applicant.pk])
    for reader in (officer, city_supervisor, applicant):
        assert {code: fact.value for code, fact in facts(organisation, reader).items()} == plain
    client = Client()
    client.force_login(officer)
    page = client.get(f"/cases/{application.number}/").content.decode()
    assert CANARY not in page


def test_contradiction_is_marked_in_words(application, officer):
    organisation = application.organisation
    answers = {"valid_inventions": 12}
    question = next(
        q["key"]
        for part in application.call.questionnaire.body["sections"]
        for q in part["questions"]
        if q.get("prefill") == "profile.valid_inventions"
    )
    grant(organisation, 9)
    known = weighing.known_of(application, officer)
    answers = {**application.submissions.get().answers, question: 12}
    row = next(row for row in weighing.evidence(application, answers, known) if row.said)
    assert (row.state, row.answered, row.said) == ("differ", "12 件", "填报 12 件，台账 9")
    agreed = weighing.evidence(application, {**answers, question: 9}, known)
    assert next(row for row in agreed if row.label == row.label and row.known == row.known and row.url == row.url)


def test_an_empty_register_contradicts_nothing(application, officer):
    known = weighing.known_of(application, officer)
    assert not [row for row in weighing.evidence(application, application.submissions.get().answers, known) if row.said]


def test_links_are_for_those_who_see_the_enterprise(organisation, officer, other_officer, city_supervisor):
    grant(organisation)
    links = [
        bool(register.facts_of(organisation, reader)[0].url) for reader in (officer, other_officer, city_supervisor)
    ]
    assert links == [True, False, True]


def test_earlier_cases_and_titles_stand_beside(application, officer):
    found = {fact.code: fact.words for fact in weighing.known_of(application, officer)}
    assert found["earlier"] == "0 件，其中认定 0 件、未通过 0 件"
    procedures.conflict_gate(officer, application)
