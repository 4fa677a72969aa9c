"""Calls: who makes and publishes them, what must be right first, and the form without a script."""

import pytest
from django.test import Client

from portal import calls
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Call
from portal.procedures import clocks
from tests.factories import cases

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def posted(questionnaire, **changes):
    """Return a filled form: four criteria that add up to 100."""
    rows = [("制度", "System", 20), ("创造", "Creation", 30), ("运用", "Use", 25), ("保护", "Protection", 25)]
    data = {
        "kind": "municipal_pilot", "year": "2027", "title_zh": "2027 年度试点", "title_en": "Pilot units 2027",
        "questionnaire": questionnaire.pk, "quota": "30", "experts_needed": "2", "tolerance": "10", "pass_mark": "75",
        "publicity_days": "5", "corrections_allowed": "2", "validity_months": "24", "is_sample": "on",
        "opens_on": "2027-03-01", "closes_on": "2027-04-30", "pattern": "full", "limit_verify": "12",
        "criteria-TOTAL_FORMS": "5", "criteria-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, (zh, en, points) in enumerate(rows):
        data |= {f"criteria-{number}-zh": zh, f"criteria-{number}-en": en, f"criteria-{number}-max": points}
    return data | changes


@pytest.fixture
def questionnaire(db):
    return cases.make_questionnaire()


def made(administrator, questionnaire, **changes):
    response = signed_in(administrator).post("/call-editor/new/", posted(questionnaire, **changes))
    assert response.status_code == 302, response.content.decode()[-3000:]
    return Call.objects.get(number=response.headers["Location"].split("/")[-2])


def test_call_is_made_changed_and_published_in_the_pages(administrator, publisher, questionnaire):
    call = made(administrator, questionnaire)
    assert [(row["key"], row["max"]) for row in call.criteria] == [("c1", 20), ("c2", 30), ("c3", 25), ("c4", 25)]
    assert call.limits == {"verify": 12}
    assert clocks.limit(call, "verify") == 12
    assert call.opens_at.isoformat() == "2027-02-28T16:00:00+00:00"
    path = f"/call-editor/{call.number}/"
    client = signed_in(administrator)
    assert client.get(f"{path}change/").status_code == 200
    changed = posted(questionnaire, quota="25", **{f"criteria-{n}-key": f"c{n + 1}" for n in range(4)})
    assert client.post(f"{path}change/", changed).status_code == 302
    call.refresh_from_db()
    assert call.quota == 25
    assert "发布批次" in signed_in(publisher).get(path).content.decode()
    assert signed_in(publisher).post(f"{path}publish/").status_code == 302
    call.refresh_from_db()
    assert call.published_by == publisher
    assert "不能再改" in client.get(f"{path}change/").content.decode()
    assert client.post(f"{path}change/", changed).status_code == 409
    actions = list(AuditEvent.objects.filter(subject_id=call.number).values_list("action", flat=True).order_by("pk"))
    assert actions == ["call.created", "call.changed", "call.published"]
    assert list(Call.objects.values_list("number", flat=True)) == [call.number]


def test_rows_are_added_without_a_script(administrator, questionnaire):
    data = posted(questionnaire, add_rows="1")
    body = signed_in(administrator).post("/call-editor/new/", data).content.decode()
    assert 'name="criteria-7-zh"' in body
    assert 'value="Protection"' in body
    assert Call.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [{"closes_on": "2027-02-01"}, {"title_zh": ""}, {"opens_on": "gestern"}, {"criteria-0-max": ""}, {"kind": "x"}],
)
def test_wrong_form_comes_back_with_what_was_typed(administrator, questionnaire, wrong):
    response = signed_in(administrator).post("/call-editor/new/", posted(questionnaire, **wrong))
    assert response.status_code == 422
    assert "Pilot units 2027" in response.content.decode()
    assert Call.objects.count() == 0


def test_publishing_names_what_must_be_mended(administrator, questionnaire):
    call = made(administrator, questionnaire, **{"criteria-3-max": "20", "criteria-2-en": "", "summary_zh": "只有中文"})
    sentences = "；".join(map(str, calls.problems(call)))
    assert "现在是 95 分" in sentences
    assert "“运用”缺少一种文字" in sentences
    assert "中英文" in sentences
    with pytest.raises(RuleBroken, match="还不能发布"):
        calls.publish(call, by=administrator)
    assert "发布前还要改" in signed_in(administrator).get(f"/call-editor/{call.number}/").content.decode()


def test_only_administrators_make_and_only_publishers_publish(
    administrator, publisher, city_supervisor, supervisor, questionnaire
):
    call = made(administrator, questionnaire)
    values = {name: getattr(call, name) for name in calls.COLUMNS}
    for user in (publisher, city_supervisor, supervisor):
        with pytest.raises(Denied):
            calls.create(values, by=user)
        with pytest.raises(Denied):
            calls.change(call, values, by=user)
        with pytest.raises(Denied):
            calls.clone(call, by=user)
    for user in (city_supervisor, supervisor):
        with pytest.raises(Denied):
            calls.publish(call, by=user)


def test_draft_call_is_unknown_outside_the_city(administrator, questionnaire, applicant, client):
    call = made(administrator, questionnaire)
    assert client.get(f"/calls/{call.number}/").status_code == 404
    assert signed_in(applicant).get(f"/call-editor/{call.number}/").status_code == 403


def test_nothing_is_saved_when_the_audit_fails(administrator, questionnaire, monkeypatch):
    call = made(administrator, questionnaire)

    def fail(*_args, **_kwargs):
        raise OSError("audit")

    monkeypatch.setattr(calls.audit, "record", fail)
    with pytest.raises(OSError, match="audit"):
        calls.publish(call, by=administrator)
    call.refresh_from_db()
    assert call.published_at is None
