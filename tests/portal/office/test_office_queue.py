"""The queue: constant query count, saved views, filters, pages, assignment of several cases, export."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal import procedures
from portal.clock import now
from portal.models import Application, AuditEvent, CaseEvent, District, Organisation, Submission
from tests.factories import cases, people

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def fill(call, officer, applicant, count, *, name="某某科技有限公司", **columns):
    """Put many handed-in applications of Minhang in the officer's hands by bulk inserts."""
    minhang = District.objects.get(slug="minhang")
    start = Organisation.objects.count()
    firms = Organisation.objects.bulk_create(
        Organisation(uscc=people.make_uscc(), name=f"{name}{start + n}", district=minhang) for n in range(count)
    )
    values = {"status": "submitted", "stage": "verify", "officer": officer, **columns}
    rows = Application.objects.bulk_create(
        Application(
            number=f"SQ-2026-{start + n:05}",
            call=call,
            kind=call.kind,
            organisation=firm,
            office_district=minhang,
            created_by=applicant,
            submitted_at=now(),
            submitted_by=applicant,
            due_on=dt.date(2026, 12, 1) + dt.timedelta(days=n % 40),
            **values,
        )
        for n, firm in enumerate(firms)
    )
    CaseEvent.objects.bulk_create(
        CaseEvent(application=row, verb="submit", status_from="draft", status_to="submitted") for row in rows
    )
    Submission.objects.bulk_create(Submission(application=row, sequence=1, answers={}, by=applicant) for row in rows)
    return rows


def queries_of(user, path):
    client = signed_in(user)
    client.get(path)  # what a process reads once: rules, holidays, templates
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured), [row["sql"] for row in captured.captured_queries]


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("officer", "/cases/"),
        ("supervisor", "/cases/?view=all"),
        ("city_supervisor", "/cases/?view=all"),
        ("city_officer", "/cases/?view=all&sort=clock"),
        ("officer", "/home/"),
        ("city_supervisor", "/home/"),
        ("expert", "/reviews/"),
        ("administrator", "/call-editor/"),
    ],
)
def test_query_count_is_the_same_with_3_and_300_rows(role, path, request, call, officer, applicant):
    user = request.getfixturevalue(role)
    fill(call, officer, applicant, 3)
    few, _sql = queries_of(user, path)
    fill(call, officer, applicant, 297)
    many, sql = queries_of(user, path)
    assert many == few, sql
    assert many <= MOST_QUERIES, sql


def test_pages_of_a_long_queue_hold_each_case_once(call, officer, applicant):
    fill(call, officer, applicant, 120)
    client, path, seen = signed_in(officer), "/cases/", []
    while path:
        response = client.get(path)
        page = response.context["page"]
        seen += [row.number for row in page.rows]
        path = f"/cases/?after={page.next_cursor}" if page.has_next else ""
    assert len(seen) == len(set(seen)) == 120
    assert signed_in(officer).get("/cases/?after=nonsense").status_code == 200


def test_saved_views_and_filters_choose(call, officer, supervisor, other_officer, applicant, frozen):
    frozen("2026-12-01T09:00")
    rows = fill(call, officer, applicant, 4, name="申澜甲")
    Application.objects.filter(pk=rows[0].pk).update(due_on=dt.date(2026, 11, 30))
    Application.objects.filter(pk=rows[1].pk).update(due_on=dt.date(2026, 12, 3))
    Application.objects.filter(pk=rows[2].pk).update(due_on=dt.date(2027, 1, 5), officer=None)
    Application.objects.filter(pk=rows[3].pk).update(status="returned", due_on=None)
    client = signed_in(supervisor)

    def shown(query):
        return {row.number for row in client.get(f"/cases/?{query}").context["page"].rows}

    numbers = [row.number for row in rows]
    assert shown("view=overdue") == {numbers[0]}
    assert shown("view=soon") == {numbers[1]}
    assert shown("view=unassigned") == {numbers[2]}
    assert shown("view=applicant") == {numbers[3]}
    assert shown("view=all") == set(numbers)
    assert shown(f"view=all&q={numbers[2].lower()}") == {numbers[2]}
    assert shown(f"view=all&q={rows[1].organisation.name}") == {numbers[1]}
    assert shown("view=all&status=returned") == {numbers[3]}
    assert shown(f"view=all&officer={officer.pk}") == {numbers[0], numbers[1], numbers[3]}
    assert shown("view=all&call=nothing") == set(numbers)  # a wrong choice filters nothing and says so
    assert signed_in(other_officer).get("/cases/?view=all").context["page"].rows == []
    body = client.get("/cases/?view=all&status=returned").content.decode()
    assert "状态：待补正" in body


def test_several_cases_are_assigned_each_with_its_result(call, officer, supervisor, applicant, other_organisation):
    rows = fill(call, None, applicant, 3)
    Application.objects.filter(pk=rows[2].pk).update(status="withdrawn", stage="")
    elsewhere = cases.submitted(
        other_organisation, people.join(people.make_user(), other_organisation, "manager"), call
    )
    picked = [row.number for row in rows] + [elsewhere.number, "SQ-9999"]
    data = {"pick": picked, "officer": officer.pk}
    assert signed_in(officer).post("/cases/assign/", data).status_code == 403
    response = signed_in(supervisor).post("/cases/assign/", data)
    body = response.content.decode()
    assert response.status_code == 200
    assert [row["ok"] for row in response.context["results"]] == [True, True, False, False, False]
    assert elsewhere.organisation.name not in body
    assert body.count("没有这件办件") == 2
    assert list(Application.objects.filter(officer=officer).values_list("number", flat=True)) == picked[:2]
    assert signed_in(supervisor).post("/cases/assign/", {"pick": picked}).status_code == 302


def test_several_cases_assigned_twice_by_one_form_are_assigned_once(call, officer, supervisor, applicant):
    rows = fill(call, None, applicant, 3)
    client = signed_in(supervisor)
    shown = client.get("/cases/?view=all").content.decode()
    key = re.search(r'name="client_key" value="([^"]+)"', shown[shown.index("/cases/assign/") :])[1]
    data = {"pick": [row.number for row in rows], "officer": officer.pk, "client_key": key}
    first, second = (client.post("/cases/assign/", data) for _turn in range(2))
    assert first.context["results"] == second.context["results"]
    assert [row["ok"] for row in first.context["results"]] == [True, True, True]
    assert AuditEvent.objects.filter(action="application.assigned").count() == 3


def test_export_begins_no_formula(call, officer, applicant):
    fill(call, officer, applicant, 1, name="=HYPERLINK(1)")
    fill(call, officer, applicant, 1, name="＋乙")
    text = b"".join(signed_in(officer).get("/cases/export/")).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert len(table) == 3
    assert {row[1][:2] for row in table[1:]} == {"'=", "'＋"}
    assert all(len(row[2]) == 18 for row in table[1:])


def test_export_needs_the_second_factor(officer):
    officer.authenticator_set.all().delete()
    response = signed_in(officer).get("/cases/export/")
    assert response.status_code == 403
    assert "两步验证" in response.content.decode()
    assert "两步验证" in signed_in(officer).get("/cases/").content.decode()


def test_next_case_is_the_most_urgent(call, officer, applicant):
    rows = fill(call, officer, applicant, 5)
    Application.objects.filter(pk=rows[3].pk).update(due_on=dt.date(2026, 11, 1))
    client = signed_in(officer)
    assert client.get("/cases/next/").headers["Location"] == f"/cases/{rows[3].number}/"
    procedures.declare(rows[3], has_conflict=False, by=officer)
    page = client.get(f"/cases/{rows[3].number}/")
    assert page.context["neighbours"] == {"previous": "", "next": f"/cases/{rows[0].number}/"}
    Application.objects.update(officer=None)
    assert client.get("/cases/next/").headers["Location"] == "/cases/"
