"""The office's words: templates of reasons, and notes with mentions that never leave the office."""

import pytest
from django.test import Client

from portal import audit, procedures
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Message, Notification, Office, ReasonTemplate
from portal.workbench import reasons
from tests.factories import cases, people

pytestmark = pytest.mark.django_db
SECRET = "内部便笺金丝雀"


@pytest.fixture
def application(organisation, applicant, officer, call):
    return cases.in_review(organisation, applicant, officer, call)


@pytest.fixture
def template(supervisor):
    office = Office.objects.get(slug="minhang")
    words = {"text_zh": "{organisation}的“{question}”请补充。", "text_en": "{number}: add to {question}."}
    return reasons.write_template(office, use="correction", title="补充", **words, by=supervisor)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_template_is_written_changed_and_retired(template, officer, supervisor, city_supervisor):
    office = template.office
    with pytest.raises(Denied):
        reasons.write_template(office, use="pass", title="x", text_zh="x", text_en="x", by=officer)
    for wrong, code in (({"text_en": " "}, "text_missing"), ({"text_zh": "{salary}"}, "unknown_mark")):
        given = {"use": "pass", "title": "x", "text_zh": "x", "text_en": "x", **wrong}
        with pytest.raises(RuleBroken) as refused:
            reasons.write_template(office, **given, by=supervisor)
        assert refused.value.code == code
    with pytest.raises(RuleBroken) as refused:
        reasons.write_template(office, use="correction", title="补充", text_zh="x", text_en="x", by=supervisor)
    assert refused.value.code == "duplicate"
    reasons.write_template(office, use="fail", title="补充", text_zh="y", text_en="y", template=template, by=supervisor)
    reasons.retire_template(template, by=supervisor)
    with pytest.raises(RuleBroken):
        reasons.retire_template(template, by=supervisor)
    actions = AuditEvent.objects.filter(subject_type="office").order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["reason_template.written", "reason_template.changed", "reason_template.retired"]
    assert not ReasonTemplate.objects.visible_to(city_supervisor).exists()


def test_inserting_keeps_what_was_typed_and_changes_nothing(application, template, officer, supervisor):
    path = f"/cases/{application.number}/return/"
    page = signed_in(officer).post(
        path, {"insert": "plan", "template_plan": template.number, "note_plan": "先写的。", "reason_plan": "unclear"}
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert "先写的。" in text
    assert f"{application.organisation.name}的“" in text
    application.refresh_from_db()
    assert application.status == "in_review"
    agree = reasons.write_template(
        template.office, use="pass", title="齐全", text_zh="{number} 材料齐全。", text_en="Complete.", by=supervisor
    )
    page = signed_in(officer).post(
        f"/cases/{application.number}/verify/", {"insert": "reason", "template": agree.number, "ruling": "yes"}
    )
    assert f"{application.number} 材料齐全。" in page.content.decode()
    assert not application.reviews.exists()


def test_templates_pages_are_for_supervisors(template, officer, supervisor):
    assert signed_in(officer).get("/workbench/reasons/").status_code == 200
    assert signed_in(officer).get("/workbench/reasons/new/").status_code == 403
    body = {"use": "pass", "title": "新", "text_zh": "同意。", "text_en": "Agreed."}
    assert signed_in(supervisor).post("/workbench/reasons/new/", body).status_code == 302
    wrong = signed_in(supervisor).post("/workbench/reasons/new/", {**body, "text_zh": "{x}"})
    assert (wrong.status_code, "{x}" in wrong.content.decode()) == (409, True)


def test_note_mentions_colleagues_and_nobody_else(application, officer, supervisor, applicant, other_officer):
    message = procedures.write_message(application, SECRET, is_internal=True, mentions=[supervisor], by=officer)
    assert list(message.mentions.all()) == [supervisor]
    note = Notification.objects.get(template="note_mention")
    assert (note.recipient, note.link) == (supervisor, f"/cases/{application.number}/?part=messages")
    for wrong in ([applicant], [other_officer]):
        with pytest.raises(RuleBroken) as refused:
            procedures.write_message(application, "x", is_internal=True, mentions=wrong, by=officer)
        assert refused.value.code == "not_a_colleague"
    with pytest.raises(RuleBroken) as refused:
        procedures.write_message(application, "x", mentions=[supervisor], by=officer)
    assert refused.value.code == "not_internal"


def test_colleague_with_an_interest_cannot_be_mentioned(application, officer):
    other = people.post(people.make_user("方砚田"), "minhang", "officer")
    procedures.declare(application, has_conflict=True, by=other)
    assert other not in procedures.colleagues(application)


def test_private_thread_never_reaches_applicant_or_expert(application, officer, applicant, expert, supervisor):
    procedures.write_message(application, SECRET, is_internal=True, by=officer)
    client = signed_in(applicant)
    for path in (f"/applications/{application.number}/", f"/api/v1/applications/{application.number}/messages/"):
        assert SECRET not in client.get(path).content.decode()
    assert not Notification.objects.filter(recipient=applicant, values__text__contains=SECRET).exists()
    application.assignments.create(user=expert, seat="expert")
    procedures.declare(application, has_conflict=False, by=expert)
    with pytest.raises(Denied):
        procedures.write_message(application, "x", is_internal=True, by=expert)


def test_nothing_is_written_when_the_audit_fails(application, officer, monkeypatch):
    monkeypatch.setattr(audit, "record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        procedures.write_message(application, "x", is_internal=True, by=officer)
    assert not Message.objects.exists()
