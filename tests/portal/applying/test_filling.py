"""Sections: errors beside the field, what is kept, show-if, files, autosave, and two people on one draft."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import procedures
from portal.models import StoredFile
from tests.factories import cases
from tests.portal.applying.pages import hidden, text_of

pytestmark = pytest.mark.django_db
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def blank(organisation, applicant, call):
    """Return a draft with nothing but what was prefilled."""
    return cases.make_draft(organisation, applicant, call, complete=False)


def section(application, key: str, *, autosave: bool = False) -> str:
    name = "application-section-autosave" if autosave else "application-section"
    return reverse(name, args=[application.number, key])


def test_section_says_where_an_answer_comes_from(client, blank, applicant):
    client.force_login(applicant)
    assert "来自企业资料，可以修改" in text_of(client.get(section(blank, "basics")))


def test_section_keeps_valid_answers_and_shows_errors(client, blank, applicant):
    client.force_login(applicant)
    url = section(blank, "basics")
    data = hidden(client.get(url).content.decode())
    answer = client.post(
        url, {**data, "a-name": "某公司", "a-staff": "约一百", "a-revenue_wan": "１，２００", "a-rd_staff": "3"}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写数字，例如 12。" in html
    assert 'href="#id_a-staff"' in html
    assert 'value="约一百"' in html
    assert "请填写这一项。" in html
    stored = procedures.answers_of(blank)
    assert (stored["name"], stored["revenue_wan"], stored["rd_staff"]) == ("某公司", "1200", 3)


def test_section_leads_on_to_the_next_one(client, draft, applicant):
    client.force_login(applicant)
    url = section(draft, "protection")
    answers = procedures.answers_of(draft)
    data = hidden(client.get(url).content.decode())
    data |= {f"a-{key}": answers[key] for key in ("watch", "secrets", "training")} | {"a-disputes": ""}
    assert client.post(url, data)["Location"] == section(draft, "statement")
    assert client.post(url, {**data, "leave": "1"})["Location"] == reverse("application-fill", args=[draft.number])


def test_dependent_question_carries_its_condition(client, blank, applicant):
    client.force_login(applicant)
    html = client.get(section(blank, "system")).content.decode()
    assert 'data-show-name="a-standard" data-show-operator="equals" data-show-value="&quot;yes&quot;"' in html
    assert "仅当“是否贯彻《企业知识产权管理规范》”选“是”时填写" in html


def test_dependent_question_is_not_asked_when_hidden(client, blank, applicant):
    client.force_login(applicant)
    url = section(blank, "system")
    data = hidden(client.get(url).content.decode())
    client.post(url, {**data, "a-standard": "no", "a-standard_body": "某认证机构"})
    assert "standard_body" not in procedures.answers_of(blank)
    client.post(url, {**data, "a-standard": "yes", "a-standard_body": "某认证机构"})
    assert procedures.answers_of(blank)["standard_body"] == "某认证机构"


def test_file_is_attached_replaced_and_removed(client, blank, applicant):
    client.force_login(applicant)
    url = section(blank, "system")
    upload = SimpleUploadedFile("制度.pdf", PDF, "application/pdf")
    sent = client.post(url, {"a-rules_file": upload, "upload": "rules_file"})
    assert sent["Location"].endswith("#id_a-rules_file_field")
    first = StoredFile.objects.get()
    assert procedures.answers_of(blank)["rules_file"] == [first.number]
    newer = SimpleUploadedFile("制度二.pdf", PDF + b"%", "application/pdf")
    client.post(url, {f"replace-rules_file.{first.number}": newer, "upload": "rules_file"})
    second = StoredFile.objects.get(version=2)
    assert second.series == first.series
    assert procedures.answers_of(blank)["rules_file"] == [second.number]
    assert "第 2 版" in text_of(client.get(url))
    client.post(url, {"remove": f"rules_file.{second.number}"})
    assert procedures.answers_of(blank)["rules_file"] is None
    assert StoredFile.objects.count() == 2


def test_file_of_a_wrong_type_is_an_error_of_its_question(client, blank, applicant):
    client.force_login(applicant)
    url = section(blank, "system")
    answer = client.post(
        url, {"a-rules_file": SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 200), "upload": "rules_file"}
    )
    assert answer.status_code == 422
    assert "只接受 PDF" in text_of(answer)
    assert not StoredFile.objects.exists()


def test_file_of_another_case_cannot_be_taken_over(client, blank, applicant, stranger, other_organisation, call):
    foreign = cases.make_draft(other_organisation, stranger, call)
    number = procedures.answers_of(foreign)["rules_file"][0]
    client.force_login(applicant)
    url = section(blank, "system")
    assert client.post(url, {"remove": f"rules_file.{number}"}, HTTP_REFERER="").status_code == 409
    client.post(url, {"a-rules_file": number})
    assert "rules_file" not in procedures.answers_of(blank)


def test_autosave_tells_the_time(client, blank, applicant, frozen):
    client.force_login(applicant)
    frozen("2026-11-22T14:03")
    answer = client.post(section(blank, "basics", autosave=True), {"a-name": "某公司", "a-staff": "很多"})
    assert answer.json() == {"saved": "14:03", "saved_at": "14:03", "unsaved": ["staff"]}
    assert procedures.answers_of(blank)["name"] == "某公司"


def test_two_people_never_overwrite_each_other(client, blank, applicant, colleague):
    url, auto = section(blank, "basics"), section(blank, "basics", autosave=True)
    client.force_login(applicant)
    mine = hidden(client.get(url).content.decode())
    client.force_login(colleague)
    theirs = hidden(client.get(url).content.decode())
    client.post(auto, {**theirs, "a-main_products": "他们的说法"})

    client.force_login(applicant)
    clash = client.post(auto, {**mine, "a-main_products": "我的说法"})
    assert clash.status_code == 409
    html = clash.content.decode()
    assert "我的说法" in html
    assert "他们的说法" in html
    assert colleague.name in html
    assert "<html" not in html
    assert procedures.answers_of(blank)["main_products"] == "他们的说法"

    page = client.post(url, {**mine, "a-main_products": "我的说法"})
    assert page.status_code == 409
    assert "<html" in page.content.decode()
    revision = procedures.revisions_of(blank)["main_products"]
    kept = client.post(url, {**mine, "a-main_products": "我的说法", "keep-main_products": "theirs"})
    assert kept.status_code == 302
    assert procedures.answers_of(blank)["main_products"] == "他们的说法"
    client.post(url, {**mine, "a-main_products": "我的说法", "keep-main_products": f"mine.{revision}"})
    assert procedures.answers_of(blank)["main_products"] == "我的说法"


def test_untouched_answer_does_not_undo_a_colleagues(client, blank, applicant, colleague):
    url, auto = section(blank, "basics"), section(blank, "basics", autosave=True)
    client.force_login(applicant)
    mine = hidden(client.get(url).content.decode())
    procedures.save_answers(blank, {"staff": 99}, revisions=procedures.revisions_of(blank), by=colleague)
    answer = client.post(auto, {**mine, "a-staff": "86", "a-main_products": "新产品"})
    assert answer.status_code == 200
    stored = procedures.answers_of(blank)
    assert (stored["staff"], stored["main_products"]) == (99, "新产品")


def test_submitted_application_is_locked(client, draft, applicant):
    procedures.submit(draft, by=applicant)
    client.force_login(applicant)
    assert client.get(section(draft, "basics"))["Location"] == reverse("application", args=[draft.number])
    assert client.post(section(draft, "basics"), {"a-name": "改名"}).status_code == 409
    auto = client.post(section(draft, "basics", autosave=True), {"a-name": "改名"})
    assert auto.status_code == 409
    assert procedures.answers_of(draft)["name"] != "改名"


def test_viewer_may_not_fill_and_stranger_sees_nothing(client, draft, viewer, stranger, officer, expert):
    client.force_login(viewer)
    assert client.get(section(draft, "basics")).status_code == 403
    assert client.get(reverse("application-fill", args=[draft.number])).status_code == 200
    for user in (stranger, officer, expert):
        client.force_login(user)
        assert client.get(section(draft, "basics")).status_code == 404
        assert client.post(section(draft, "basics"), {"a-name": "x"}).status_code == 404
        assert client.post(section(draft, "basics", autosave=True), {"a-name": "x"}).status_code == 404


def test_unknown_section_does_not_exist(client, draft, applicant):
    client.force_login(applicant)
    assert client.get(section(draft, "nothing")).status_code == 404


def test_member_may_fill_but_reads_why_not_submit(client, draft, colleague):
    client.force_login(colleague)
    page = client.get(reverse("application-check", args=[draft.number]))
    assert "只有企业负责人或知识产权主管可以提交" in text_of(page)
    refused = client.post(page.request["PATH_INFO"], {"is_true": "on"})
    assert refused.status_code == 403


def test_check_lists_obstacles_with_links(client, blank, applicant, organisation):
    organisation.verified_at = organisation.verified_by = None
    organisation.save()
    client.force_login(applicant)
    html = client.get(reverse("application-check", args=[blank.number])).content.decode()
    assert f'href="{section(blank, "system")}#id_a-ip_leader_field"' in html
    assert "企业还没有通过所在区核实" in html
    assert 'aria-disabled="true"' in html
