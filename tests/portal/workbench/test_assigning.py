"""Who gets a case: rules, caps, load, absence and interest; and a supervisor's word with its reason."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from portal import audit, offices, procedures
from portal.clock import today
from portal.errors import Denied, RuleBroken
from portal.models import Application, AuditEvent, District, Notification
from portal.procedures import assigning
from portal.workbench import absences, sharing
from tests.factories import cases, people

pytestmark = pytest.mark.django_db


def minhang():
    return District.objects.select_related("office").get(slug="minhang")


@pytest.fixture
def second(db):
    return people.post(people.make_user("方砚田"), "minhang", "officer")


def told(person):
    return set(Notification.objects.filter(recipient=person).values_list("template", flat=True))


def another_case(call, district="minhang"):
    firm = people.make_organisation(f"某某{Application.objects.count()}有限公司", district=district)
    return cases.submitted(firm, people.join(people.make_user(), firm, "owner"), call)


def test_without_rules_officers_share_alike(call, officer, second, supervisor):
    found = [another_case(call).officer for _turn in range(4)]
    assert found == [officer, second, officer, second]


def test_the_closest_rule_goes_first_and_a_cap_is_kept(call, draft, applicant, officer, second, supervisor):
    draft.organisation.profile.industry = "C3969"
    draft.organisation.profile.save()
    sharing.add_rule(minhang(), officer=officer, by=supervisor)
    sharing.add_rule(minhang(), officer=second, industry="C39", cap=1, by=supervisor)
    application = procedures.submit(draft, by=applicant)
    assert application.officer == second
    assert application.assignments.get(seat="officer").is_automatic
    event = AuditEvent.objects.get(subject_id=application.number, action="application.submitted")
    assert event.data["officer"] == second.name
    application.stage = "verify"
    assert assigning.least_loaded(application, application.office_district_id) == officer  # the cap is used up
    assert another_case(call).officer == officer


def test_nobody_fits_and_the_supervisors_are_told(call, organisation, applicant, officer, supervisor):
    application = cases.submitted(organisation, applicant, call)
    procedures.declare(application, has_conflict=True, note="近亲属任职", by=officer)
    application.refresh_from_db()
    assert application.officer is None
    assert "case_unassigned" in told(supervisor)


def test_who_has_an_interest_or_is_away_is_never_assigned(call, organisation, applicant, officer, second, supervisor):
    application = cases.submitted(organisation, applicant, call)
    assert application.officer == officer
    procedures.declare(application, has_conflict=True, by=officer)
    application.refresh_from_db()
    assert application.officer == second
    assert "case_assigned" in told(second)
    with pytest.raises(RuleBroken) as refused:
        procedures.assign(application, officer, reason="人手不足", by=supervisor)
    assert refused.value.code == "conflict"
    absences.enter(officer, deputy=second, from_on=today(), until_on=today(), by=officer)
    assert {another_case(call).officer for _turn in range(2)} == {second}


def test_supervisor_overrides_with_a_reason_both_officers_read(
    call, organisation, applicant, officer, second, supervisor
):
    application = cases.submitted(organisation, applicant, call)
    with pytest.raises(RuleBroken) as refused:
        procedures.assign(application, second, by=supervisor)
    assert refused.value.code == "no_reason"
    procedures.assign(application, second, reason=" 熟悉该行业 ", by=supervisor)
    application.refresh_from_db()
    seat = application.assignments.get(user=second)
    assert (application.officer, seat.reason, seat.is_automatic) == (second, "熟悉该行业", False)
    event = AuditEvent.objects.filter(subject_id=application.number).latest("sequence")
    assert (event.action, event.data) == (
        "application.assigned",
        {"officer": second.name, "from": officer.name, "reason": "熟悉该行业"},
    )
    assert "case_assigned" in told(second)
    note = Notification.objects.get(recipient=officer, template="case_reassigned")
    assert note.values["reason"] == "熟悉该行业"


def test_wrong_role_wrong_state_and_rollback(call, organisation, applicant, officer, second, supervisor, monkeypatch):
    application = cases.submitted(organisation, applicant, call)
    with pytest.raises(Denied):
        procedures.assign(application, second, reason="x", by=officer)
    with pytest.raises(Denied):
        sharing.add_rule(minhang(), officer=officer, by=officer)
    monkeypatch.setattr(audit, "record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        procedures.assign(application, second, reason="x", by=supervisor)
    application.refresh_from_db()
    assert application.officer == officer
    monkeypatch.undo()
    procedures.withdraw(application, by=applicant)
    with pytest.raises(RuleBroken) as refused:
        procedures.assign(application, second, reason="x", by=supervisor)
    assert refused.value.code == "wrong_state"


def test_rules_are_changed_and_ended_once(officer, supervisor, other_officer):
    rule = sharing.add_rule(minhang(), officer=officer, kind="municipal_pilot", cap=3, by=supervisor)
    with pytest.raises(RuleBroken) as refused:
        sharing.add_rule(minhang(), officer=officer, kind="municipal_pilot", by=supervisor)
    assert refused.value.code == "duplicate"
    with pytest.raises(RuleBroken) as refused:
        sharing.add_rule(minhang(), officer=other_officer, by=supervisor)
    assert refused.value.code == "not_posted"
    sharing.set_cap(rule, cap=None, by=supervisor)
    sharing.end_rule(rule, by=supervisor)
    with pytest.raises(RuleBroken):
        sharing.end_rule(rule, by=supervisor)
    actions = AuditEvent.objects.filter(subject_type="office").order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["assignment_rule.added", "assignment_rule.changed", "assignment_rule.ended"]


def test_a_leaver_hands_the_cases_on(call, organisation, applicant, officer, second, administrator):
    application = cases.submitted(organisation, applicant, call)
    offices.end_posting(officer.postings.get(), by=administrator)
    application.refresh_from_db()
    assert application.officer == second


def test_another_district_gets_the_case_as_new_with_everything_in_it(
    call, organisation, applicant, officer, supervisor, other_officer
):
    application = cases.in_review(organisation, applicant, officer, call)
    procedures.write_message(application, "请问何时核验？", by=applicant)
    procedures.write_message(application, "先看附件。", is_internal=True, by=officer)
    xuhui = District.objects.get(slug="xuhui")
    with pytest.raises(Denied):
        procedures.hand_to_district(application, district=xuhui, reason="x", by=officer)
    with pytest.raises(RuleBroken):
        procedures.hand_to_district(application, district=xuhui, reason=" ", by=supervisor)
    procedures.hand_to_district(application, district=xuhui, reason="实际经营地在徐汇。", by=supervisor)
    application.refresh_from_db()
    assert (application.office_district, application.officer, application.is_new_here) == (xuhui, other_officer, True)
    assert application.messages.count() == 2
    assert "case_left" in told(officer)
    assert "case_moved" in told(applicant)
    entered = Notification.objects.get(recipient=other_officer, template="case_entered")
    assert (entered.values["waiting"], entered.values["reason"]) == (1, "实际经营地在徐汇。")
    assert not Application.objects.visible_to(officer).exists()
    procedures.declare(application, has_conflict=False, by=other_officer)
    application.refresh_from_db()
    assert not application.is_new_here


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_never_share_the_last_place(call, officer, supervisor):
    sharing.add_rule(minhang(), officer=officer, cap=1, by=supervisor)
    drafts = []
    for name in ("甲科技有限公司", "乙科技有限公司", "丙科技有限公司"):
        firm = people.make_organisation(name)
        owner = people.join(people.make_user(), firm, "owner")
        drafts.append((cases.make_draft(firm, owner, call), owner))
    gate = threading.Barrier(len(drafts))

    def submit(draft, owner):
        try:
            gate.wait(timeout=10)
            return procedures.submit(draft, by=owner).officer
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(drafts)) as pool:
        found = [future.result(timeout=60) for future in [pool.submit(submit, *one) for one in drafts]]
    assert sorted(person is None for person in found) == [False, True, True]
