"""The whole story at the level of actions: from a draft to a certificate, with every turn on the way."""

import datetime as dt

import pytest

from portal import audit, procedures
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Deadline, Notification, Recognition, Status
from portal.procedures import Mark
from tests.factories import cases, people

pytestmark = pytest.mark.django_db


def told(user) -> set[str]:
    return set(Notification.objects.filter(recipient=user).values_list("template", flat=True))


def test_story_from_submission_to_certificate(
    draft, applicant, officer, supervisor, city_officer, city_supervisor, expert, second_expert, frozen
):
    application = hand_in(draft, applicant, officer, frozen)
    request = correct(application, applicant, officer, frozen)
    recommend(application, request, officer, supervisor, city_officer)
    application = cases.scored(application, [expert, second_expert], [80, 84])
    assert (application.stage, application.score) == ("decide", 82)
    recognise(application, city_officer, city_supervisor, frozen)
    recognition = Recognition.objects.get(application=application)
    assert recognition.valid_until == dt.date(2028, 12, 2)
    assert "case_approved" in told(applicant)
    assert list(audit.verify()) == []
    audit.seal()
    assert list(audit.verify()) == []
    assert AuditEvent.objects.filter(subject_id=application.number).count() >= 15
    assert not Deadline.objects.open().filter(subject_number=application.number).exists()


def hand_in(draft, applicant, officer, frozen):
    frozen("2026-11-05T10:00")
    application = procedures.submit(draft, by=applicant)
    assert (application.status, application.stage, application.officer) == ("submitted", "verify", officer)
    assert application.due_on == dt.date(2026, 11, 26)
    assert "case_submitted" in told(applicant)
    assert "office_submitted" in told(officer)

    return application


def correct(application, applicant, officer, frozen):
    frozen("2026-11-06T09:00")
    procedures.declare(application, has_conflict=False, by=officer)
    application = procedures.take(application, by=officer)
    frozen("2026-11-16T15:08")
    marks = [Mark("ip_staff", "mismatch", "社保登记为 2 人，请核对。"), Mark("rules_file", "unclear", "第 12 页模糊。")]
    request = procedures.return_for_correction(application, marks, by=officer)
    application.refresh_from_db()
    assert request.due_on == dt.date(2026, 11, 30)
    assert (application.status, application.due_on, application.applicant_due_on) == (
        "returned", None, dt.date(2026, 11, 30),
    )  # fmt: skip
    assert procedures.stage_clock(application).is_paused

    with pytest.raises(RuleBroken):
        procedures.resubmit(application, by=applicant)
    procedures.save_answers(application, {"ip_staff": 3}, revisions=procedures.revisions_of(application), by=applicant)
    with pytest.raises(RuleBroken):
        procedures.save_answers(application, {"staff": 99}, revisions={}, by=applicant)
    item = request.items.get(key="rules_file")
    procedures.reply_to_correction(item, "已重新扫描。", by=applicant)
    frozen("2026-11-24T16:55")
    application = procedures.resubmit(application, by=applicant)
    frozen("2026-11-25T09:00")
    clock = procedures.stage_clock(application)
    assert (application.status, clock.due_on, clock.left, clock.used) == ("in_review", dt.date(2026, 12, 7), 8, 7)

    return request


def recommend(application, request, officer, supervisor, city_officer):
    with pytest.raises(RuleBroken, match="没有判断"):
        procedures.record_review(application, stage="verify", is_pass=True, reason="齐全", by=officer)
    for item in request.items.all():
        procedures.judge_correction(item, "solved", by=officer)
    procedures.record_review(application, stage="verify", is_pass=True, reason="材料齐全。", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=True, reason="同意推荐。", by=supervisor)
    application.refresh_from_db()
    assert application.stage == "score"
    assert "office_score" in told(city_officer)


def recognise(application, city_officer, city_supervisor, frozen):
    procedures.declare(application, has_conflict=False, by=city_supervisor)
    application = procedures.decide(application, is_approved=True, reason="符合条件。", by=city_supervisor)
    assert (application.status, application.publicity_until) == ("publicity", dt.date(2026, 12, 2))

    with pytest.raises(RuleBroken):
        procedures.conclude_publicity(application)
    objection = procedures.object_to(application, name="某公司", contact="13800000000", text="数据不实。")
    frozen("2026-12-03T08:00")
    assert procedures.sweep()["concluded"] == 0
    procedures.declare(application, has_conflict=False, by=city_officer)
    from_city = city_officer
    procedures.decide_objection(objection, is_upheld=False, reason="查无实据。", by=from_city)
    assert procedures.sweep()["concluded"] == 1
    assert procedures.sweep()["concluded"] == 0

    application.refresh_from_db()
    assert application.status == Status.APPROVED


def test_roles_of_one_case_are_different_people(draft, applicant, officer, supervisor):
    application = procedures.submit(draft, by=applicant)
    with pytest.raises(Denied):
        procedures.take(application, by=officer)
    people.post(officer, "minhang", "supervisor")
    procedures.declare(application, has_conflict=False, by=officer)
    procedures.take(application, by=officer)
    procedures.record_review(application, stage="verify", is_pass=True, reason="齐全", by=officer)
    with pytest.raises(Denied, match="不同的人"):
        procedures.record_review(application, stage="recommend", is_pass=True, reason="同意", by=officer)


def test_conflict_closes_the_case_to_the_officer(draft, applicant, officer):
    application = procedures.submit(draft, by=applicant)
    procedures.declare(application, has_conflict=True, note="亲属", by=officer)
    application.refresh_from_db()
    assert application.officer is None
    with pytest.raises(Denied, match="利益关系"):
        procedures.take(application, by=officer)


def test_third_expert_is_drawn_when_two_disagree(draft, applicant, officer, supervisor, expert, second_expert):
    third = people.make_expert("第三专家")
    application = procedures.submit(draft, by=applicant)
    procedures.declare(application, has_conflict=False, by=officer)
    procedures.take(application, by=officer)
    procedures.record_review(application, stage="verify", is_pass=True, reason="齐全", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=True, reason="同意", by=supervisor)
    application.refresh_from_db()
    application = cases.scored(application, [expert, second_expert, third], [90, 60])
    assert application.stage == "score"
    seats = application.assignments.filter(seat="expert", ended_at=None)
    assert seats.count() == 3
    last = seats.filter(declared_at=None).get().user
    procedures.declare(application, has_conflict=False, by=last)
    sheet = {row["key"]: row["max"] * 0.86 for row in application.call.criteria}
    procedures.record_score(application, sheet, "有据。", by=last)
    application.refresh_from_db()
    assert (application.stage, str(application.score)) == ("decide", "88.00")


def test_refusal_is_appealed_and_reopened(draft, applicant, officer, supervisor, city_supervisor):
    application = procedures.submit(draft, by=applicant)
    procedures.declare(application, has_conflict=False, by=officer)
    procedures.take(application, by=officer)
    procedures.record_review(application, stage="verify", is_pass=False, reason="不足", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=False, reason="不予推荐", by=supervisor)
    application.refresh_from_db()
    assert application.status == "rejected"
    appeal = procedures.appeal(application, "遗漏了两件发明专利。", by=applicant)
    assert "office_appeal" in told(city_supervisor)
    procedures.declare(application, has_conflict=False, by=city_supervisor)
    procedures.decide_appeal(appeal, is_upheld=True, reason="申诉成立。", by=city_supervisor)
    application.refresh_from_db()
    assert (application.status, application.stage, application.stage_round) == ("in_review", "recommend", 2)
    second = people.post(people.make_user("新负责人"), "minhang", "supervisor")
    procedures.declare(application, has_conflict=False, by=second)
    procedures.record_review(application, stage="recommend", is_pass=True, reason="同意", by=second)


def test_late_correction_lapses(draft, applicant, officer, frozen):
    frozen("2026-11-05T10:00")
    application = procedures.submit(draft, by=applicant)
    procedures.declare(application, has_conflict=False, by=officer)
    procedures.take(application, by=officer)
    procedures.return_for_correction(application, [Mark("staff", "wrong", "请核对")], by=officer)
    frozen("2026-11-19T23:00")
    assert procedures.sweep()["lapsed"] == 0
    frozen("2026-11-20T00:30")
    assert procedures.sweep()["lapsed"] == 1
    application.refresh_from_db()
    assert application.status == "withdrawn"


def test_undo_within_ten_minutes_only(draft, applicant, frozen):
    frozen("2026-11-05T10:00")
    application = procedures.submit(draft, by=applicant)
    frozen("2026-11-05T10:09")
    application = procedures.undo_submission(application, by=applicant)
    assert (application.status, application.submitted_at) == ("draft", None)
    application = procedures.submit(application, by=applicant)
    frozen("2026-11-05T10:20")
    with pytest.raises(RuleBroken):
        procedures.undo_submission(application, by=applicant)


def test_two_people_on_one_draft_notice_each_other(draft, applicant, colleague):
    seen = procedures.revisions_of(draft)
    procedures.save_answers(draft, {"plan": "甲的目标"}, revisions=seen, by=applicant)
    with pytest.raises(procedures.Conflict) as caught:
        procedures.save_answers(draft, {"plan": "乙的目标"}, revisions=seen, by=colleague)
    assert caught.value.keys == ["plan"]
    assert "林知远" in str(caught.value)
