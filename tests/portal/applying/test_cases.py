"""The case page: who must act and by when, what an applicant may read, and the verbs of an applicant."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import procedures
from portal.models import Appeal, Application, Message
from portal.procedures import Mark
from tests.factories import cases, people
from tests.portal.applying.pages import hidden, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(draft, applicant, officer, supervisor, frozen):
    """Return a case that waits for experts."""
    frozen("2026-11-05T10:00")
    application = procedures.submit(draft, by=applicant)
    procedures.declare(application, has_conflict=False, by=officer)
    procedures.take(application, by=officer)
    procedures.record_review(application, stage="verify", is_pass=True, reason="材料齐全。", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=True, reason="同意推荐。", by=supervisor)
    application.refresh_from_db()
    return application


@pytest.fixture
def refused(draft, applicant, officer, supervisor, frozen):
    """Return a case the district would not recommend."""
    frozen("2026-11-05T10:00")
    application = procedures.submit(draft, by=applicant)
    procedures.declare(application, has_conflict=False, by=officer)
    procedures.take(application, by=officer)
    procedures.record_review(application, stage="verify", is_pass=False, reason="不足。", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=False, reason="制度没有施行。", by=supervisor)
    application.refresh_from_db()
    return application


def tab(application: Application, name: str) -> str:
    return reverse(f"application-{name}", args=[application.number])


def test_case_says_who_must_act_and_how_the_date_is_counted(client, draft, applicant, officer, frozen):
    frozen("2026-11-05T17:42")
    procedures.submit(draft, by=applicant)
    frozen("2026-11-09T09:00")
    client.force_login(applicant)
    said = text_of(client.get(tab(draft, "answers")))
    assert "现在由" in said
    assert "区级核验" in said
    assert "提交申报（当日不计） 11月5日 星期四" in said
    assert "截止（当日 24:00 前） 2026年11月26日 星期四" in said
    assert "13 个工作日" in said


def test_correction_pauses_the_office(client, draft, applicant, officer, frozen):
    frozen("2026-11-05T10:00")
    procedures.submit(draft, by=applicant)
    procedures.declare(draft, has_conflict=False, by=officer)
    application = procedures.take(draft, by=officer)
    frozen("2026-11-16T15:08")
    procedures.return_for_correction(application, [Mark("ip_staff", "mismatch", "请核对。")], by=officer)
    frozen("2026-11-20T09:00")
    client.force_login(applicant)
    said = text_of(client.get(tab(draft, "correction")))
    assert "现在由贵企业办理：改好 1 项后重新提交" in said
    assert "审核时限暂停" in said
    assert "还剩 6 个工作日" in said
    assert "上次填写 12 人" in said or "上次填写 2 人" in said
    locked = client.post(tab(draft, "correction"), {"a-staff": "999"})
    assert locked.status_code == 302
    assert procedures.answers_of(draft)["staff"] != 999


def test_scores_stay_hidden_until_the_decision_and_experts_always(
    client, reviewed, applicant, expert, second_expert, city_supervisor
):
    application = cases.scored(reviewed, [expert, second_expert], [80, 84])
    client.force_login(applicant)
    before = text_of(client.get(tab(application, "opinions")))
    assert "同意推荐。" in before
    assert "理由充分" not in before
    for name in ("opinions", "record", "answers"):
        html = client.get(tab(application, name)).content.decode()
        assert expert.name not in html
        assert second_expert.name not in html
    cases.in_publicity(application, city_supervisor)
    after = text_of(client.get(tab(application, "opinions")))
    assert "理由充分" in after
    assert "专家 1" in after
    assert "80.00" in after
    assert expert.name not in client.get(tab(application, "opinions")).content.decode()


def test_internal_messages_stay_internal(client, reviewed, applicant, officer):
    procedures.write_message(reviewed, "内部备注甲", is_internal=True, by=officer)
    procedures.write_message(reviewed, "请留意邮箱", by=officer)
    client.force_login(applicant)
    html = client.get(tab(reviewed, "record")).content.decode()
    assert "请留意邮箱" in html
    assert "内部备注甲" not in html


def test_message_reaches_the_office(client, reviewed, applicant):
    client.force_login(applicant)
    answer = client.post(reverse("application-message", args=[reviewed.number]), {"text": "请问进度？"})
    assert answer["Location"].endswith("#talk")
    assert Message.objects.get().by_side == "applicant"
    empty = client.post(reverse("application-message", args=[reviewed.number]), {"text": " "})
    assert empty.status_code == 409


def test_undo_lasts_ten_minutes(client, draft, applicant, frozen):
    frozen("2026-11-05T10:00")
    procedures.submit(draft, by=applicant)
    client.force_login(applicant)
    frozen("2026-11-05T10:09")
    assert "10:10 前" in text_of(client.get(tab(draft, "submitted")))
    frozen("2026-11-05T10:11")
    assert "撤销提交" not in text_of(client.get(tab(draft, "submitted")))
    assert client.post(tab(draft, "undo")).status_code == 409
    frozen("2026-11-05T10:09")
    assert client.post(tab(draft, "undo"))["Location"] == tab(draft, "fill")
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_withdrawal_is_asked_twice_and_said(client, reviewed, applicant, colleague):
    client.force_login(colleague)
    assert 'aria-disabled="true"' in client.get(tab(reviewed, "withdraw")).content.decode()
    client.force_login(applicant)
    page = client.get(tab(reviewed, "withdraw")).content.decode()
    sent = client.post(tab(reviewed, "withdraw"), {**hidden(page), "reason": "改期申报"})
    assert sent["Location"] == tab(reviewed, "record")
    assert "已撤回" in text_of(client.get(sent["Location"]))
    again = client.post(tab(reviewed, "withdraw"), {**hidden(page), "reason": "改期申报"})
    assert again.status_code == 302
    assert client.post(tab(reviewed, "withdraw"), {"reason": "再一次"}).status_code == 409


def test_refusal_shows_reasons_and_the_way_to_appeal(client, refused, applicant, frozen):
    client.force_login(applicant)
    said = text_of(client.get(tab(refused, "opinions")))
    assert "制度没有施行。" in said
    assert "提出申诉" in said
    assert client.post(tab(refused, "appeal"), {"text": ""}).status_code == 422
    page = client.get(tab(refused, "appeal")).content.decode()
    sent = client.post(tab(refused, "appeal"), {**hidden(page), "text": "遗漏了两件发明专利。"})
    assert sent["Location"] == tab(refused, "opinions")
    assert Appeal.objects.get().application_id == refused.pk
    said = text_of(client.get(sent["Location"]))
    assert "申诉正在处理" in said
    assert "本件已经申诉过一次" in said


def test_refusal_after_the_period_says_so(client, refused, applicant, frozen):
    frozen(dt.datetime.combine(refused.applicant_due_on + dt.timedelta(days=1), dt.time(9)))
    client.force_login(applicant)
    assert "申诉期限已过" in text_of(client.get(tab(refused, "opinions")))
    assert client.post(tab(refused, "appeal"), {"text": "晚了"}).status_code == 409


@pytest.mark.parametrize(
    "name",
    ["answers", "files", "opinions", "record", "fill", "check", "submitted", "withdraw", "appeal", "correction", ""],
)
def test_foreign_case_looks_absent(client, reviewed, stranger, officer, city_supervisor, expert, name):
    url = tab(reviewed, name) if name else reverse("application", args=[reviewed.number])
    absent = url.replace(reviewed.number, "SQ-1999-9999")
    for user in (stranger, officer, city_supervisor, expert):
        client.force_login(user)
        assert client.get(url).status_code == client.get(absent).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_home_orders_what_needs_one_now(client, draft, applicant, organisation, frozen):
    client.force_login(applicant)
    said = text_of(client.get(reverse("dashboard")))
    assert "有 1 件事需要您处理，最近一件还剩 60 天" in said
    assert "填完并提交" in said
    procedures.withdraw(draft, by=applicant)
    said = text_of(client.get(reverse("dashboard")))
    assert "现在没有需要您处理的事" in said
    assert "6 / 6 条符合" in said


def test_home_of_a_person_without_enterprise_leads_to_registering(client, db, call):
    client.force_login(people.make_user("新来的"))
    said = text_of(client.get(reverse("dashboard")))
    assert "先登记企业" in said
    assert call.title_zh in said


def test_list_is_empty_with_a_way_to_begin(client, applicant):
    client.force_login(applicant)
    said = text_of(client.get(reverse("application-list")))
    assert "您的申报会出现在这里" in said


def test_list_shows_own_cases_by_whose_turn_it_is(client, reviewed, applicant, stranger):
    client.force_login(applicant)
    assert reviewed.number in text_of(client.get(reverse("application-list") + "?view=office"))
    assert reviewed.number not in text_of(client.get(reverse("application-list") + "?view=mine"))
    client.force_login(stranger)
    assert reviewed.number not in text_of(client.get(reverse("application-list")))


@pytest.mark.parametrize("name", ["application-list", "dashboard"])
def test_list_has_constant_queries(client, applicant, organisation, name):
    def make(count: int) -> None:
        for n in range(count):
            call = cases.make_call(number=f"P-{count}-{n}", closes_at=procedures.applying.now() + dt.timedelta(days=9))
            cases.make_draft(organisation, applicant, call, complete=False)

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(name)).status_code == 200
        return len(caught)

    client.force_login(applicant)
    make(3)
    count()
    few = count()
    make(60)
    assert count() == few


def test_twice_sent_submission_is_done_once(client, draft, applicant):
    client.force_login(applicant)
    url = reverse("application-check", args=[draft.number])
    data = {**hidden(client.get(url).content.decode()), "is_true": "on"}
    first, second = client.post(url, data), client.post(url, data)
    assert first["Location"] == second["Location"] == tab(draft, "submitted")
    assert draft.submissions.count() == 1


def test_home_follows_the_hat(client, applicant, officer, city_officer, expert):
    for user in (applicant, officer, city_officer, expert):
        client.force_login(user)
        assert client.get(reverse("dashboard")).status_code == 200
    client.logout()
    assert client.get(reverse("dashboard"))["Location"].startswith(reverse("account_login"))


def test_list_is_filtered_by_status(client, reviewed, applicant):
    client.force_login(applicant)
    url = reverse("application-list")
    assert reviewed.number in text_of(client.get(url, {"status": "in_review"}))
    assert reviewed.number not in text_of(client.get(url, {"status": "draft"}))
    assert reviewed.number in text_of(client.get(url, {"status": "no-such", "view": "no-such", "after": "x"}))
