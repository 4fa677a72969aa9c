"""The workbench for programs, and its pages: same actions, same sentences; constant query counts."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.clock import today
from portal.models import Absence, AssignmentRule, Office
from portal.workbench import reasons, sharing
from tests.factories import cases, people

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_rules_absences_and_templates_by_program(officer, supervisor):
    client, other = signed_in(supervisor), people.post(people.make_user("方砚田"), "minhang", "officer")
    rule = {"district": "310112", "officer": officer.number, "industry": "C39", "cap": 4}
    made = client.post("/api/v1/assignment-rules/", rule, **JSON)
    assert made.status_code == 201
    assert client.post("/api/v1/assignment-rules/", rule, **JSON).status_code == 409
    number = made.json()["number"]
    assert client.post(f"/api/v1/assignment-rules/{number}/set-cap/", {"cap": None}, **JSON).json()["cap"] is None
    assert signed_in(officer).post(f"/api/v1/assignment-rules/{number}/end/", {}, **JSON).status_code == 403
    assert client.post(f"/api/v1/assignment-rules/{number}/end/", {}, **JSON).status_code == 200
    days = {"from_on": str(today()), "until_on": str(today() + dt.timedelta(days=2))}
    entered = signed_in(officer).post("/api/v1/absences/", {"deputy": other.number, **days}, **JSON)
    assert (entered.status_code, Absence.objects.get().person) == (201, officer)
    words = {"office": "minhang", "use": "pass", "title": "甲", "text_zh": "同意", "text_en": "Agreed"}
    assert client.post("/api/v1/reason-templates/", words, **JSON).status_code == 201
    assert len(signed_in(officer).get("/api/v1/reason-templates/").json()["results"]) == 1


def test_case_is_moved_and_noted_by_program(organisation, applicant, officer, supervisor, call):
    application = cases.in_review(organisation, applicant, officer, call)
    path = f"/api/v1/cases/{application.number}"
    note = {"text": "请看", "is_internal": True, "mentions": [supervisor.number]}
    made = signed_in(officer).post(f"{path}/messages/", note, **JSON)
    assert made.json()["mentions"] == [{"number": supervisor.number, "name": supervisor.name}]
    assert {fact["code"] for fact in signed_in(officer).get(f"{path}/").json()["content"]["facts"]} >= {"earlier"}
    body = {"district": "310104", "reason": "实际经营地在徐汇。"}
    assert signed_in(officer).post(f"{path}/move/", body, **JSON).status_code == 403
    assert signed_in(supervisor).post(f"{path}/move/", body, **JSON).status_code == 200
    assert signed_in(supervisor).get(f"{path}/").status_code == 404


def test_pages_of_the_workbench_take_the_same_queries_for_few_and_many(supervisor):
    office, client, counts = Office.objects.select_related("district").get(slug="minhang"), signed_in(supervisor), []
    for start, more in ((0, 2), (2, 20)):
        for n in range(start, start + more):
            person = people.post(people.make_user(f"经办{n}"), "minhang", "officer")
            sharing.add_rule(office.district, officer=person, by=supervisor)
            words = {"title": f"模板{n}", "text_zh": "甲", "text_en": "A"}
            reasons.write_template(office, use="pass", **words, by=supervisor)
            first = today() + dt.timedelta(days=n + 1)
            Absence.objects.create(
                person=person, deputy=supervisor, from_on=first, until_on=first, created_by=supervisor
            )
        found = []
        for path in ("/workbench/", "/workbench/absences/", "/workbench/reasons/"):
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            found.append(len(captured))
        counts.append(found)
    assert counts[0] == counts[1]


def test_supervisor_keeps_rules_in_the_browser(officer, supervisor, city_supervisor):
    client = signed_in(supervisor)
    wrong = client.post("/workbench/", {"officer": officer.pk, "industry": "三九"})
    assert (wrong.status_code, "三九" in wrong.content.decode()) == (422, True)
    assert client.post("/workbench/", {"officer": officer.pk, "industry": "c39", "cap": "5"}).status_code == 302
    rule = AssignmentRule.objects.get()
    assert (rule.industry, rule.cap) == ("C39", 5)
    assert client.post(f"/workbench/rules/{rule.number}/cap/", {"cap": "9"}).status_code == 302
    assert signed_in(officer).post(f"/workbench/rules/{rule.number}/end/").status_code == 403
    assert signed_in(officer).post("/workbench/", {"officer": officer.pk}).status_code == 403
    assert client.post(f"/workbench/rules/{rule.number}/end/").status_code == 302
    assert signed_in(city_supervisor).get("/workbench/").status_code == 302
