"""From the call's page to the confirmation, the correction and back, as a browser without scripts goes it."""

import pytest
from django.urls import reverse

from portal import procedures, questionnaires
from portal.models import Application
from portal.procedures import Mark
from tests.factories import cases
from tests.portal.applying.pages import hidden

pytestmark = pytest.mark.django_db


def fill_section(client, application: Application, part: dict) -> None:
    url = reverse("application-section", args=[application.number, part["key"]])
    page = client.get(url)
    assert page.status_code == 200, page.content.decode()[:300]
    data = hidden(page.content.decode())
    for question in part["questions"]:
        if question["type"] == "file":
            file = cases.make_file(application, application.created_by, question["key"])
            present = application.answers.filter(key=question["key"]).exists()
            if not present:
                application.answers.create(key=question["key"], value=[file.number])
        else:
            data[f"a-{question['key']}"] = cases.sample_answer(question)
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.content.decode()[:3000]


def test_straight_path_from_call_to_resubmission(client, applicant, organisation, call, officer):
    client.force_login(applicant)
    page = client.get(reverse("call", args=[call.number]))
    assert "资格预检" in page.content.decode()
    opened = client.post(reverse("application-open", args=[call.number]))
    application = Application.objects.get()
    assert opened["Location"] == reverse("application-fill", args=[application.number])
    tasks = client.get(opened["Location"])
    assert "暂不可填" in tasks.content.decode()
    for part in questionnaires.sections(call.questionnaire.body):
        fill_section(client, application, part)
    check = client.get(reverse("application-check", args=[application.number]))
    assert "还有" not in check.content.decode().split("<main")[1].split("</main>")[0]
    data = hidden(check.content.decode())
    refused = client.post(check.request["PATH_INFO"], data)
    assert refused.status_code == 422
    assert "请先勾选承诺" in refused.content.decode()
    done = client.post(check.request["PATH_INFO"], {**data, "is_true": "on"})
    assert done["Location"] == reverse("application-submitted", args=[application.number])
    confirmation = client.get(done["Location"]).content.decode()
    assert application.number in confirmation
    assert "撤销提交" in confirmation

    application.refresh_from_db()
    procedures.declare(application, has_conflict=False, by=officer)
    application = procedures.take(application, by=officer)
    marks = [Mark("ip_staff", "mismatch", "社保登记为 2 人。"), Mark("rules_file", "unclear", "第 12 页模糊。")]
    procedures.return_for_correction(application, marks, by=officer)

    case = client.get(reverse("application", args=[application.number]), follow=True)
    html = case.content.decode()
    assert case.redirect_chain[-1][0] == reverse("application-correction", args=[application.number])
    assert "社保登记为 2 人" in html
    assert "还不能提交：2.3、2.7 还未修改" in html
    url = reverse("application-correction", args=[application.number])
    saved = client.post(url, {**hidden(html), "a-ip_staff": "２", "reply-rules_file": "已重新扫描。"})
    assert saved.status_code == 302
    html = client.get(url).content.decode()
    assert 'name="resubmit"' in html
    sent = client.post(url, {**hidden(html), "a-ip_staff": "2", "reply-rules_file": "已重新扫描。", "resubmit": "1"})
    assert sent["Location"] == reverse("application-answers", args=[application.number])
    application.refresh_from_db()
    assert application.status == "in_review"
    assert procedures.answers_of(application)["ip_staff"] == 2
