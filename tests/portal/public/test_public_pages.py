"""What anybody may read: every page in its states, objections, certificates, search without a leak."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import procedures
from portal.clock import today
from portal.models import Objection, Recognition
from tests.factories import cases, people

pytestmark = pytest.mark.django_db

PAGES = [
    "home", "call-list", "notice-list", "recognition-list", "search", "rules", "accessibility", "privacy", "contact",
    "tool-credit-code", "tool-workdays",
]  # fmt: skip


@pytest.fixture
def notice(draft, applicant, officer, supervisor, expert, second_expert, city_supervisor):
    application = procedures.submit(draft, by=applicant)
    procedures.declare(application, has_conflict=False, by=officer)
    procedures.take(application, by=officer)
    procedures.record_review(application, stage="verify", is_pass=True, reason="材料齐全。", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=True, reason="同意推荐。", by=supervisor)
    application.refresh_from_db()
    application = cases.scored(application, [expert, second_expert], [80, 84])
    return cases.in_publicity(application, city_supervisor)


@pytest.fixture
def recognition(notice, frozen):
    frozen(f"{notice.publicity_until}T23:00")
    frozen(dt.datetime.combine(notice.publicity_until + dt.timedelta(days=1), dt.time(9)))
    procedures.conclude_publicity(notice)
    return Recognition.objects.get()


@pytest.mark.parametrize("name", PAGES)
def test_public_page_is_shown_empty(client, db, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_public_page_is_shown_filled(client, notice, name):
    assert client.get(reverse(name)).status_code == 200


def test_home_has_no_dead_links(client, notice, call):
    html = client.get("/").content.decode()
    links = {url.split("#")[0] for url in re.findall(r'href="(/[^"]*)"', html) if not url.startswith("/static/")}
    assert len(links) > 10
    for url in sorted(links):
        assert client.get(url, follow=True).status_code == 200, url


def test_call_page_hides_unpublished_call(client, call, applicant):
    call.published_at = call.published_by = None
    call.save()
    assert client.get(reverse("call", args=[call.number])).status_code == 404
    client.force_login(applicant)
    assert client.get(reverse("call", args=[call.number])).status_code == 404
    assert client.get(reverse("call", args=["absent"])).status_code == 404


def test_call_page_says_why_not_to_a_young_enterprise(client, call, applicant, organisation):
    organisation.registered_on = today() - dt.timedelta(days=100)
    organisation.save()
    client.force_login(applicant)
    html = client.get(reverse("call", args=[call.number])).content.decode()
    assert "资格预检未通过：在本市注册满 3 年" in html
    refused = client.post(reverse("application-open", args=[call.number]))
    assert refused.status_code == 409


def test_notice_takes_a_signed_objection(client, notice):
    url = reverse("notice-object", args=[notice.number])
    bad = client.post(url, {"name": "某公司", "contact": "", "text": "不实"})
    assert bad.status_code == 422
    assert "请填写联系方式" in bad.content.decode()
    assert "某公司" in bad.content.decode()
    good = client.post(url, {"name": "某公司", "contact": "13800000000", "text": "数据不实。"})
    assert good.status_code == 302
    assert Objection.objects.get().application_id == notice.pk


def test_notice_drops_a_robots_objection(client, notice):
    data = {"name": "x", "contact": "y", "text": "z", "website": "http://spam.example"}
    assert client.post(reverse("notice-object", args=[notice.number]), data).status_code == 302
    assert not Objection.objects.exists()


def test_notice_limits_objections(client, notice):
    data = {"name": "某公司", "contact": "13800000000", "text": "数据不实。"}
    codes = [client.post(reverse("notice-object", args=[notice.number]), data).status_code for _n in range(12)]
    assert codes[0] == 302
    assert codes[-1] == 429


def test_notice_does_not_exist_before_publicity(client, draft):
    assert client.get(reverse("notice", args=[draft.number])).status_code == 404
    assert client.post(reverse("notice-object", args=[draft.number]), {}).status_code == 404


def test_recognition_is_found_by_its_number(client, recognition):
    found = client.get(reverse("recognition-list"), {"q": recognition.number.lower()})
    assert found["Location"] == reverse("recognition", args=[recognition.number])
    html = client.get(found["Location"]).content.decode()
    assert recognition.organisation.name in html
    assert "现在有效" in html
    assert "没有找到" in client.get(reverse("recognition-list"), {"q": "SD-1999-9999"}).content.decode()
    for query in ({"year": "²"}, {"year": "99999"}, {"q": "\x00"}, {"after": "zzz"}, {"district": "310112"}):
        assert client.get(reverse("recognition-list"), query).status_code == 200


def test_search_never_shows_what_is_foreign(client, draft, applicant, stranger, officer, other_officer, recognition):
    name, number = draft.organisation.name, draft.number
    for user, sees in ((None, False), (stranger, False), (applicant, True), (officer, True), (other_officer, False)):
        client.logout()
        if user:
            client.force_login(user)
        for text in (number, name):
            html = client.get(reverse("search"), {"q": text}).content.decode()
            assert (f">{draft.call.title_zh}</a>" in html and f"{number} ·" in html) is sees, (user, text)


def test_search_finds_recognitions_for_everybody(client, recognition):
    html = client.get(reverse("search"), {"q": recognition.organisation.name[:6]}).content.decode()
    assert recognition.number in html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"code": " 91310112ma1kehk00t "}, "校验通过"),
        ({"code": "91310112MA1KEHK000"}, "校验位不符"),
        ({"code": "9131011"}, "现在是 7 位"),
        ({"code": ""}, "请填写信用代码"),
    ],
)
def test_credit_code_is_checked(client, db, query, said):
    assert said in client.get(reverse("tool-credit-code"), query).content.decode()


def test_workdays_are_counted_over_the_national_day(client, db):
    html = client.get(reverse("tool-workdays"), {"start": "2026年9月28日", "days": "5"}).content.decode()
    assert "到期日：2026年10月10日" in html
    assert "国庆" in html
    assert "请填写整数" in client.get(reverse("tool-workdays"), {"start": "2026-09-28", "days": "x"}).content.decode()


def test_audit_is_for_auditor_and_administrator(client, draft, auditor, administrator, officer, applicant):
    url = reverse("audit-list")
    assert client.get(url).status_code == 302
    for user in (applicant, officer):
        client.force_login(user)
        assert client.get(url).status_code == 403
    for user in (auditor, administrator):
        client.force_login(user)
        html = client.get(url, {"subject": draft.number}).content.decode()
        assert "application.opened" in html
    assert "没有符合条件的记录" in client.get(url, {"actor": "没有这个人"}).content.decode()


def make_recognitions(template: Recognition, count: int) -> None:
    for _n in range(count):
        organisation = people.make_organisation()
        owner = people.join(people.make_user(), organisation)
        application = cases.make_draft(organisation, owner, template.application.call, complete=False)
        Recognition.objects.create(
            number=f"SD-2026-{application.pk:05d}", organisation=organisation, application=application,
            kind=template.kind, granted_on=template.granted_on, valid_until=template.valid_until,
            midterm_due_on=template.midterm_due_on, acceptance_due_on=template.acceptance_due_on,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["recognition-list", "home"])
def test_list_has_constant_queries(client, recognition, name, django_assert_max_num_queries):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(reverse(name)).status_code == 200
        return len(caught)

    make_recognitions(recognition, 2)
    count()
    few = count()
    make_recognitions(recognition, 40)
    assert count() == few
