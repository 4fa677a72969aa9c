"""The desk in the browser's eyes: list, editor, live audience, review, steps that are not allowed, verbs."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import StoredFile
from services.protection import publishing
from services.protection.models import Alert, AlertVersion
from tests.factories import alerts

Stage = AlertVersion.Stage
TYPED = {
    "title": "请核对在美产品", "kind": "warning", "severity": "2", "confirm_days": "0", "countries": "美国、de",
    "ipc": "g01l9, B81B", "nice": "第9类", "industries": "C3983", "keywords": "压力传感器", "join": "both",
    "checklist": "核对 | Check\n\n保留记录 | Keep records", "sources": "调查公告（示例）|2026-11-17|https://example.org/a",
}  # fmt: skip


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def post(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, HTTP_REFERER="http://testserver/alert-desk/")


@pytest.fixture
def as_author(client, author):
    client.force_login(author)
    return client


@pytest.fixture
def as_approver(client, approver):
    client.force_login(approver)
    return client


def test_new_alert_is_saved_as_codes_and_words_come_back(as_author):
    answer = as_author.post(reverse("alert-desk-new"), TYPED)
    version = AlertVersion.objects.get()
    assert answer.headers["Location"] == reverse("alert-desk-change", args=[version.alert.number])
    assert (version.countries, version.ipc, version.nice) == (["US", "DE"], ["G01L 9/*", "B81B"], [9])
    assert (version.industries, version.keywords) == (["3983"], ["压力传感器"])
    assert version.checklist == [{"zh": "核对", "en": "Check"}, {"zh": "保留记录", "en": "Keep records"}]
    assert version.sources == [{"name": "调查公告（示例）", "on": "2026-11-17", "url": "https://example.org/a"}]
    html = as_author.get(answer.headers["Location"]).content.decode()
    assert 'value="美国、德国"' in html
    assert "G01L 9/*、B81B" in html


@pytest.mark.parametrize(
    ("field", "typed", "word"),
    [
        ("countries", "美国、卢里坦尼亚", "卢里坦尼亚"),
        ("ipc", "Z99", "Z99"),
        ("nice", "46", "46"),
        ("industries", "99", "99"),
        ("sources", "公告 | 昨天", "2026-11-17"),
        ("sources", "公告 | | javascript:alert(1)", "https://"),
        ("title", "", ""),
    ],
)
def test_wrong_fields_come_back_with_a_sentence_and_what_was_typed(as_author, field, typed, word):
    answer = as_author.post(reverse("alert-desk-new"), TYPED | {field: typed})
    assert answer.status_code == 422
    assert word in str(answer.context["form"].errors[field])
    assert "请核对在美产品" in answer.content.decode() or field == "title"
    assert not Alert.objects.exists()


def test_recalculate_works_without_script_and_saves_nothing(as_author):
    answer = as_author.post(reverse("alert-desk-new"), TYPED | {"recalculate": "1", "title": ""})
    assert answer.status_code == 200
    assert "将发给" in answer.content.decode()
    assert not Alert.objects.exists()


def test_live_audience_answers_with_the_part_alone(as_author, organisation):
    answer = page(as_author, "alert-desk-audience", countries="美国", ipc="Z99")
    html = answer.content.decode()
    assert "<html" not in html
    assert "Z99" in html
    assert 'id="audience-sample"' in html


def test_districts_see_figures_and_no_enterprise(client, officer, organisation):
    client.force_login(officer)
    html = page(client, "alert-desk-audience").content.decode()
    assert "将发给" in html
    assert organisation.name not in html


def test_a_second_author_sees_what_the_first_saved(client, draft_alert, author, approver):
    number, typed = draft_alert.alert.number, TYPED | {"lock": str(draft_alert.lock), "title": "我写的"}
    publishing.change(draft_alert, {"title": "另一位先保存的"}, by=author)
    client.force_login(approver)
    answer = client.post(reverse("alert-desk-change", args=[number]), typed)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "另一位先保存的" in html
    assert 'value="我写的"' in html
    assert AlertVersion.objects.get(pk=draft_alert.pk).title == "另一位先保存的"
    again = client.post(reverse("alert-desk-change", args=[number]), typed | {"lock": answer.context["lock"]})
    assert again.status_code == 302
    assert AlertVersion.objects.get(pk=draft_alert.pk).title == "我写的"


def test_list_shows_one_line_per_alert_and_tabs_with_counts(as_approver, django_assert_max_num_queries):
    for stage in ("draft", "in_review", "published"):
        alerts.make_alert(stage)
    publishing.correct(alerts.published_alert(title="要更正的"), by=alerts.city_person())
    with django_assert_max_num_queries(14):
        answer = page(as_approver, "alert-desk")
    assert len(answer.context["page"].rows) == 4
    assert {tab["label"]: tab["count"] for tab in answer.context["tabs"]}["草稿"] == 2
    assert "等复核 1 条" in answer.content.decode()


def test_list_costs_the_same_for_many_rows(as_approver):
    alerts.make_alert("draft")
    page(as_approver, "alert-desk")
    counts = []
    for more in (0, 12):
        for _n in range(more):
            alerts.make_alert("draft")
        with CaptureQueriesContext(connection) as seen:
            page(as_approver, "alert-desk")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "found"), [({"kind": "scam"}, 1), ({"q": "骗局"}, 1), ({"stage": "published"}, 0), ({}, 2)]
)
def test_list_filters(as_approver, query, found):
    alerts.make_alert("draft")
    alerts.make_alert("draft", kind="scam", title="收费骗局（示例）")
    assert len(page(as_approver, "alert-desk", **query).context["page"].rows) == found


def test_a_district_sees_no_draft_of_the_city(client, officer, draft_alert):
    own = publishing.propose({"title": "区里的建议"}, by=officer)
    client.force_login(officer)
    assert [row.pk for row in page(client, "alert-desk").context["page"].rows] == [own.pk]
    assert page(client, "alert-desk-detail", draft_alert.alert.number).status_code == 404
    assert page(client, "alert-desk-detail", own.alert.number).status_code == 200


def test_a_district_reads_the_published_edition_while_the_city_corrects(client, officer, publisher):
    alert = alerts.published_alert(title="公开的那一版")
    version = publishing.correct(alert, by=publisher)
    publishing.change(version, {"title": "还没公开的"}, by=publisher)
    client.force_login(officer)
    html = page(client, "alert-desk-detail", alert.number).content.decode()
    assert "公开的那一版" in html
    assert "还没公开的" not in html


def test_the_author_reads_why_they_cannot_approve(as_author, in_review):
    html = page(as_author, "alert-desk-detail", in_review.alert.number).content.decode()
    assert "须由另一位发布人复核后发布" in html
    assert 'aria-disabled="true"' in html
    assert post(as_author, "alert-desk-approve", in_review.alert.number, seen="on").status_code == 403


def test_approve_asks_to_have_looked_and_publishes(as_approver, in_review):
    number = in_review.alert.number
    assert post(as_approver, "alert-desk-approve", number).status_code == 302
    assert Alert.objects.get().status == Alert.Status.DRAFT
    assert post(as_approver, "alert-desk-approve", number, seen="on").status_code == 302
    assert Alert.objects.get().status == Alert.Status.PUBLISHED


def test_approve_for_a_moment(as_approver, in_review, frozen):
    frozen("2026-11-22T10:00")
    number = in_review.alert.number
    post(as_approver, "alert-desk-approve", number, seen="on", publish_on="2026-11-23", publish_time="09:15")
    in_review.refresh_from_db()
    assert (in_review.stage, in_review.publish_at.isoformat()) == (Stage.SCHEDULED, "2026-11-23T01:15:00+00:00")
    assert "09:15" in page(as_approver, "alert-desk-detail", number).content.decode()


def test_the_whole_way_by_the_verbs(client, officer, author, approver):
    client.force_login(officer)
    client.post(reverse("alert-desk-propose"), TYPED)
    number = Alert.objects.get().number
    client.force_login(author)
    post(client, "alert-desk-adopt", number)
    whole = TYPED | {"title_en": "Check", "summary": "要点", "summary_en": "Summary", "body": "正文", "body_en": "Text"}
    assert client.post(reverse("alert-desk-change", args=[number]), whole | {"lock": "1"}).status_code == 302
    post(client, "alert-desk-submit", number)
    client.force_login(approver)
    post(client, "alert-desk-send-back", number, reason="缺日期")
    client.force_login(author)
    assert "缺日期" in page(client, "alert-desk-detail", number).content.decode()
    post(client, "alert-desk-submit", number)
    client.force_login(approver)
    post(client, "alert-desk-approve", number, seen="on")
    post(client, "alert-desk-correct", number)
    assert "第 2 版" in page(client, "alert-desk-detail", number).content.decode()
    post(client, "alert-desk-drop", number, reason="不需要")
    post(client, "alert-desk-withdraw", number, reason="有误", reason_en="wrong")
    alert = Alert.objects.get()
    assert alert.status == Alert.Status.WITHDRAWN
    assert "有误" in page(client, "alert-desk-detail", number).content.decode()


def test_a_correction_shows_what_it_changes(as_approver, publisher):
    alert = alerts.published_alert()
    publishing.change(publishing.correct(alert, by=publisher), {"nice": [9], "ipc": []}, by=publisher)
    html = page(as_approver, "alert-desk-detail", alert.number).content.decode()
    assert "与现行版相比改了 2 处" in html
    assert "第 9 类" in html


def test_preview_shows_the_text_safely(as_author, author):
    version = alerts.make_alert("draft", author=author, body="## 背景\n<script>x()</script>", title="<b>x</b>")
    html = page(as_author, "alert-desk-preview", version.alert.number).content.decode()
    assert "<h3>背景</h3>" in html
    assert "<script>x" not in html
    assert "&lt;b&gt;x" in html


def test_attach_and_remove_by_the_page(as_author, draft_alert):
    number = draft_alert.alert.number
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    post(as_author, "alert-desk-attach", number, file=upload)
    file = StoredFile.objects.get()
    assert "a.pdf" in page(as_author, "alert-desk-detail", number).content.decode()
    post(as_author, "alert-desk-detach", number, file.number)
    assert not draft_alert.attachments.exists()
    assert post(as_author, "alert-desk-detach", number, file.number).status_code == 404


def test_a_verb_sent_twice_is_done_once(as_author, draft_alert):
    for _n in range(2):
        answer = post(as_author, "alert-desk-submit", draft_alert.alert.number, client_key="k" * 20)
        assert answer.status_code == 302
    draft_alert.refresh_from_db()
    assert draft_alert.stage == Stage.IN_REVIEW


def test_markup_of_pages_keeps_its_promises(as_approver, in_review, author):
    for name, args in (("alert-desk", ()), ("alert-desk-new", ()), ("alert-desk-detail", (in_review.alert.number,))):
        html = page(as_approver, name, *args).content.decode()
        assert html.count("<h1") == 1
        assert "style=" not in html


def test_enterprises_have_no_desk(client, applicant):
    client.force_login(applicant)
    assert page(client, "alert-desk").status_code == 403
    assert page(client, "alert-desk-detail", "FX-2026-001").status_code == 403


def test_valid_to_before_valid_from_is_said_at_the_field(as_author):
    days = {"valid_from": dt.date(2026, 3, 2), "valid_to": dt.date(2026, 3, 1)}
    answer = as_author.post(reverse("alert-desk-new"), TYPED | days)
    assert "valid_to" in answer.context["form"].errors
