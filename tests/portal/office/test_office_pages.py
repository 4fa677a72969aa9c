"""Every page of officials and experts by role: who sees it, who is refused, and what lies behind the conflict gate."""

import pytest
from django.test import Client

from portal import procedures
from portal.models import Call, Expert, Questionnaire
from tests.factories import cases, people
from tests.portal.applying.pages import hidden

pytestmark = pytest.mark.django_db

SECRET = "温度自补偿"  # in every sample answer


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def application(organisation, applicant, officer, call):
    return cases.in_review(organisation, applicant, officer, call)


CITY = ["city_officer", "city_supervisor", "administrator", "auditor"]
ROLES = ["officer", "supervisor", "other_officer", *CITY, "publisher", "expert", "applicant", "stranger"]
PAGES = {
    "/home/": set(ROLES),
    "/cases/": {"officer", "supervisor", "other_officer", *CITY},
    "/cases/next/": {"officer", "supervisor", "other_officer", *CITY},
    "/cases/export/": {"officer", "supervisor", "other_officer", *CITY},
    "/cases/recognitions/": {"officer", "supervisor", "other_officer", *CITY},
    "/cases/{number}/": {"officer", "supervisor", *CITY},
    "/call-editor/": {*CITY, "publisher", "supervisor"},  # a district makes calls of its own
    "/call-editor/{call}/": {*CITY, "publisher", "supervisor"},
    "/call-editor/new/": {"administrator", "supervisor"},
    "/call-editor/{call}/change/": {"administrator"},
    "/call-editor/{call}/ranking/": set(CITY),
    "/questionnaires/": {*CITY, "publisher", "supervisor"},
    "/questionnaires/municipal_pilot/1/": {*CITY, "publisher", "supervisor"},
    "/experts/": set(CITY),
    "/figures/": {"officer", "supervisor", "other_officer", *CITY, "publisher"},
    "/reviews/": {"expert"},
    "/reviews/{number}/": set(),
}


@pytest.mark.parametrize("path", PAGES)
def test_page_is_for_those_whose_work_it_is(path, request, application, call):
    found = {}
    for role in ROLES:
        address = path.format(number=application.number, call=call.number)
        response = signed_in(request.getfixturevalue(role)).get(address)
        body = b"".join(response) if response.streaming else response.content
        found[role] = response.status_code
        if role != "officer":
            assert SECRET not in body.decode(), role
    seen = {role for role, status in found.items() if status in (200, 302)}
    assert seen == PAGES[path], found
    assert set(found.values()) <= {200, 302, 403, 404}


@pytest.mark.parametrize("path", PAGES)
def test_page_sends_a_stranger_to_the_door(client, path, application, call):
    response = client.get(path.format(number=application.number, call=call.number))
    assert response.status_code == 302
    assert "/accounts/login/" in response.headers["Location"]


VERBS = ["declare", "take", "assign", "return", "seen", "verify", "recommend", "message", "invite", "draw", "decide"]


@pytest.mark.parametrize("verb", VERBS)
def test_verb_before_the_declaration_shows_nothing(verb, application, supervisor, city_supervisor, other_officer):
    path = f"/cases/{application.number}/{verb}/"
    for user in (supervisor, city_supervisor):
        response = signed_in(user).post(path, {})
        assert response.status_code in (302, 403, 422), (verb, response.status_code)
        assert SECRET not in response.content.decode()
    assert signed_in(other_officer).post(path, {}).status_code == 404
    if verb != "return":
        assert signed_in(supervisor).get(path).status_code == 405


def test_member_of_the_enterprise_sees_only_the_sentence(application, organisation, supervisor):
    people.join(supervisor, organisation, "viewer")
    body = signed_in(supervisor).get(f"/cases/{application.number}/").content.decode()
    assert "您是这家企业的成员" in body
    assert SECRET not in body
    assert "has_conflict" not in body


def test_conflict_closes_the_page(application, supervisor):
    client, path = signed_in(supervisor), f"/cases/{application.number}/"
    client.post(f"{path}declare/", {"has_conflict": "yes", "note": "亲属"})
    body = client.get(path).content.decode()
    assert "利益关系，不能查看" in body
    assert SECRET not in body
    assert client.post(f"{path}message/", {"text": "你好", "audience": "internal"}).status_code == 403


def test_draft_does_not_exist_for_officials(draft, officer, city_officer):
    for user in (officer, city_officer):
        assert signed_in(user).get(f"/cases/{draft.number}/").status_code == 404


def test_applicant_has_no_page_of_the_office(application, applicant):
    assert signed_in(applicant).get(f"/cases/{application.number}/").status_code in (403, 404)


def test_same_person_may_not_sign_both_opinions(application, officer):
    people.post(officer, "minhang", "supervisor")
    client, path = signed_in(officer), f"/cases/{application.number}/"
    explained = {"ruling": "yes", "reason": "齐全", "explanation": "已核对"}
    assert client.post(f"{path}verify/", explained).status_code == 302
    body = client.get(path).content.decode()
    assert "须由不同的人完成" in body
    response = client.post(f"{path}recommend/", {"ruling": "yes", "reason": "同意"})
    assert response.status_code == 403
    assert "不同的人" in response.content.decode()


def test_form_that_came_back_keeps_the_words(application, officer):
    client, path = signed_in(officer), f"/cases/{application.number}/"
    response = client.post(f"{path}verify/", {"reason": "写了很长一段话"})
    assert response.status_code == 422
    assert "写了很长一段话" in response.content.decode()
    assert "error-summary" in response.content.decode()


def test_messages_of_the_office_stay_inside(application, officer, applicant):
    client, path = signed_in(officer), f"/cases/{application.number}/"
    client.post(f"{path}message/", {"text": "内部看法甲", "audience": "internal"})
    client.post(f"{path}message/", {"text": "请补充乙", "audience": "everyone"})
    shown = client.get(f"{path}?part=messages").content.decode()
    assert "内部看法甲" in shown
    assert "请补充乙" in shown
    theirs = signed_in(applicant).get(f"/applications/{application.number}/").content.decode()
    assert "内部看法甲" not in theirs


def test_refusal_and_appeal_in_the_pages(application, officer, supervisor, applicant, city_supervisor):
    procedures.record_review(application, stage="verify", is_pass=False, reason="不足", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    head, path = signed_in(supervisor), f"/cases/{application.number}/"
    assert head.post(f"{path}recommend/", {"ruling": "no", "reason": "条件不足"}).status_code == 302
    application.refresh_from_db()
    appeal = procedures.appeal(application, "遗漏了两件发明专利。", by=applicant)
    city = signed_in(city_supervisor)
    assert application.number in city.get("/cases/?view=appealed").content.decode()
    city.post(f"{path}declare/", {"has_conflict": "no"})
    assert "遗漏了两件发明专利" in city.get(path).content.decode()
    ruling = {"ruling": "yes", "reason": "申诉成立。"}
    assert city.post(f"{path}appeals/{appeal.number}/decide/", ruling).status_code == 302
    application.refresh_from_db()
    assert (application.status, application.stage_round) == ("in_review", 2)


def test_expert_sees_only_the_own_sheet_until_both_are_in(
    organisation, applicant, officer, supervisor, expert, second_expert, call
):
    application = cases.recommended(organisation, applicant, officer, supervisor, call)
    procedures.draw_experts(application, by=None)
    for user in (expert, second_expert):
        procedures.declare(application, has_conflict=False, by=user)
    sheet = {row["key"]: row["max"] for row in call.criteria}
    procedures.record_score(application, sheet, "甲的理由", by=expert)
    path = f"/reviews/{application.number}/"
    assert "甲的理由" in signed_in(expert).get(path).content.decode()
    body = signed_in(second_expert).get(path).content.decode()
    assert "甲的理由" not in body
    assert "100" not in body.split("评分表")[1].split("评语")[0].replace("0 到 100", "")
    bad = signed_in(second_expert).post(f"{path}score/", {f"c_{key}": points + 1 for key, points in sheet.items()})
    assert bad.status_code == 422
    good = {f"c_{key}": points for key, points in sheet.items()} | {"reason": "乙的理由"}
    assert signed_in(second_expert).post(f"{path}score/", good).status_code == 302
    assert "甲的理由" in signed_in(second_expert).get(path).content.decode()
    outsider = people.make_expert("局外专家")
    assert signed_in(outsider).get(path).status_code == 404


def test_city_officer_invites_by_name(organisation, applicant, officer, supervisor, city_officer, expert, call):
    application = cases.recommended(organisation, applicant, officer, supervisor, call)
    client, path = signed_in(city_officer), f"/cases/{application.number}/"
    client.post(f"{path}declare/", {"has_conflict": "no"})
    chosen = {"experts": [Expert.objects.get(user=expert).pk]}
    assert client.post(f"{path}invite/", chosen).status_code == 302
    assert expert.name in client.get(path).content.decode()
    assert client.post(f"{path}draw/").status_code == 409  # nobody is left in the pool


def test_questionnaire_is_cloned_changed_and_published(administrator, publisher, call):
    client, path = signed_in(administrator), "/questionnaires/municipal_pilot/"
    assert signed_in(publisher).post(f"{path}1/clone/").status_code == 403
    assert client.post(f"{path}1/clone/").headers["Location"] == f"{path}2/"
    assert client.post(f"{path}1/clone/", HTTP_REFERER=f"http://testserver{path}1/").status_code == 302
    assert Questionnaire.objects.filter(code="municipal_pilot").count() == 2
    page = client.get(f"{path}2/questions/ip_staff/")
    assert page.status_code == 200
    assert client.get(f"{path}1/questions/ip_staff/").status_code == 404
    words = {"label_zh": "专职人员几人？", "label_en": "How many full-time staff?", "required": "on", "type": "integer"}
    words |= {**hidden(page.content.decode()), "section": page.context["form"]["section"].value()}
    assert client.post(f"{path}2/questions/ip_staff/", words).status_code == 302
    assert "专职人员几人？" in client.get(f"{path}2/").content.decode()
    assert client.post(f"{path}2/publish/").status_code == 302
    assert client.post(f"{path}2/questions/ip_staff/", words).status_code in (404, 409)
    assert Questionnaire.objects.get(code="municipal_pilot", version=2).published_by == administrator


def test_recognition_is_checked_accepted_and_only_by_the_city(
    organisation, applicant, officer, supervisor, expert, second_expert, city_officer, city_supervisor, call, frozen
):
    frozen("2026-11-05T10:00")
    application = cases.recommended(organisation, applicant, officer, supervisor, call)
    application = cases.in_publicity(cases.scored(application, [expert, second_expert]), city_supervisor)
    frozen("2026-12-20T10:00")
    assert procedures.sweep()["concluded"] == 1
    path = f"/recognitions/{application.recognition.number}/"
    assert signed_in(officer).get(f"{path}midterm/").status_code == 403
    client = signed_in(city_officer)
    assert client.get(f"{path}midterm/").status_code == 200
    assert client.post(f"{path}midterm/", {"reason": "进展正常"}).status_code == 302
    assert client.post(f"{path}midterm/", {"reason": "再来一次"}).status_code == 409
    assert client.post(f"{path}accept/", {"ruling": "yes", "reason": "验收合格"}).status_code == 302
    assert client.get(f"{path}revoke/").status_code == 403
    assert signed_in(city_supervisor).post(f"{path}revoke/", {"reason": "数据造假"}).status_code == 302
    assert "已撤销" in client.get("/cases/recognitions/").content.decode()


def test_home_says_what_is_to_do(application, officer, city_officer):
    assert "有 1 件由您办理" in signed_in(officer).get("/home/").content.decode()
    assert "全市 1 件在办" in signed_in(city_officer).get("/home/").content.decode()


def test_next_year_of_a_call(administrator, call):
    client = signed_in(administrator)
    response = client.post(f"/call-editor/{call.number}/clone/")
    copy = Call.objects.exclude(pk=call.pk).get()
    assert response.headers["Location"] == f"/call-editor/{copy.number}/"
    assert (copy.year, copy.published_at, copy.created_by) == (call.year + 1, None, administrator)
