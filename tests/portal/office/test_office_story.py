"""The straight path in the officials' pages: queue, declaration, correction, opinions, experts, decision, objection."""

import pytest
from django.test import Client

from portal import procedures
from portal.models import Recognition

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, (path, response.status_code)
    return response.content.decode()


def send(client, path, data=None, *, to=None):
    response = client.post(path, data or {})
    assert response.status_code == 302, (path, response.status_code, response.content.decode()[:6000])
    if to:
        assert response.headers["Location"] == to
    return response


def test_straight_path_in_the_pages(  # noqa: PLR0915 - one story, told in order
    draft, applicant, officer, supervisor, city_officer, city_supervisor, expert, second_expert, frozen
):
    frozen("2026-11-05T10:00")
    application = procedures.submit(draft, by=applicant)
    path, name = f"/cases/{application.number}/", application.organisation.name
    frozen("2026-11-06T09:00")
    client = signed_in(officer)

    queue = page(client, "/cases/")
    assert application.number in queue
    assert "新提交" in queue
    assert client.get("/cases/next/").headers["Location"] == path
    gate = page(client, path)
    assert "先声明" in gate
    assert "温度自补偿" not in gate
    send(client, f"{path}declare/", {"has_conflict": "no"}, to=path)
    assert "开始审核" in page(client, path)
    send(client, f"{path}take/", to=path)
    shown = page(client, path)
    assert "核验意见" in shown
    assert "不一致" in shown

    frozen("2026-11-16T15:08")
    marking = page(client, f"{path}return/")
    assert "名专职" in marking or "专职" in marking
    bad = client.post(f"{path}return/", {"mark_ip_staff": "on", "note_ip_staff": "请核对。"})
    assert bad.status_code == 422
    assert "请核对。" in bad.content.decode()
    marks = {"mark_ip_staff": "on", "reason_ip_staff": "mismatch", "note_ip_staff": "社保登记为 2 人。"}
    send(client, f"{path}return/", marks, to=path)
    assert "等企业补正" in page(client, path)
    assert application.number in page(client, "/cases/?view=applicant")

    procedures.save_answers(application, {"ip_staff": 3}, revisions=procedures.revisions_of(application), by=applicant)
    frozen("2026-11-24T16:55")
    procedures.resubmit(application, by=applicant)
    frozen("2026-11-25T09:00")
    shown = page(client, path)
    assert "2026年11月16日 15:08 查看后" in shown
    assert "ip-ins" in shown
    assert "补正已回 1 项" in page(client, "/cases/")
    for part in ("answers", "files", "opinions", "messages", "record"):
        page(client, f"{path}?part={part}")
    opinion = {"ruling": "yes", "reason": "材料齐全。", "explanation": "资料尚未更新，以社保登记为准。"}
    early = client.post(f"{path}verify/", opinion)
    assert early.status_code == 409
    assert "材料齐全。" in early.content.decode()
    send(client, f"{path}corrections/1/ip_staff/judge/", {"verdict": "solved"}, to=path)
    unexplained = client.post(f"{path}verify/", {"ruling": "yes", "reason": "材料齐全。"})
    assert unexplained.status_code == 422
    send(client, f"{path}message/", {"text": "请关注一致性。", "audience": "internal"})
    send(client, f"{path}verify/", opinion, to=path)

    head = signed_in(supervisor)
    assert application.number in page(head, "/cases/")
    send(head, f"{path}declare/", {"has_conflict": "no"})
    assert "签发推荐意见" in page(head, path)
    send(head, f"{path}recommend/", {"ruling": "yes", "reason": "同意推荐。"})

    city = signed_in(city_officer)
    assert application.number in page(city, "/cases/")
    send(city, f"{path}declare/", {"has_conflict": "no"})
    assert "还没有安排专家" in page(city, path)
    send(city, f"{path}draw/", to=path)
    for number, person in enumerate((expert, second_expert)):
        reviewer, review = signed_in(person), f"/reviews/{application.number}/"
        assert name in page(reviewer, "/reviews/")
        assert "温度自补偿" not in page(reviewer, review)
        send(reviewer, f"{review}declare/", {"has_conflict": "no"}, to=review)
        assert "温度自补偿" in page(reviewer, review)
        sheet = {f"c_{row['key']}": row["max"] - 4 for row in application.call.criteria}
        send(reviewer, f"{review}score/", {**sheet, "reason": f"理由{number}充分。"}, to=review)
        own = page(reviewer, review)
        assert "您的评分" in own
        if number == 0:
            assert "已评分" in page(city, path)
            assert "理由0充分" not in page(city, f"{path}?part=opinions")
    assert "理由0充分" in page(city, f"{path}?part=opinions")

    decider = signed_in(city_supervisor)
    send(decider, f"{path}declare/", {"has_conflict": "no"})
    assert "专家评分 84.00 分" in page(decider, path)
    send(decider, f"{path}decide/", {"ruling": "yes", "reason": "符合条件。"})
    again = decider.post(f"{path}decide/", {"ruling": "no", "reason": "反悔。"})
    assert again.status_code == 409
    assert f"{city_supervisor.name} 已于 2026-11-25 09:00 决定拟认定并公示" in again.content.decode()

    objection = procedures.object_to(application, name="某公司", contact="13800000000", text="数据不实。")
    assert application.number in page(city, "/cases/?view=objected")
    assert "数据不实" in page(city, path)
    send(city, f"{path}objections/{objection.number}/decide/", {"ruling": "no", "reason": "查无实据。"}, to=path)
    frozen("2026-12-03T08:00")
    assert procedures.sweep()["concluded"] == 1
    recognition = Recognition.objects.get(application=application)
    assert recognition.number in page(city, path)
