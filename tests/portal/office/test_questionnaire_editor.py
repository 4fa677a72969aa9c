"""The editor of questionnaires in its pages: moves, copies, conditions, two people at once, undo, preview."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal import questionnaire_editing, questionnaires
from portal.models import Answer, AuditEvent, Questionnaire
from tests.factories import cases, people
from tests.portal.applying.pages import hidden

pytestmark = pytest.mark.django_db
BASE = "/questionnaires/municipal_pilot/2/"
NO_LINES = {f"{name}-{part}_FORMS": "0" for name in ("options", "bands") for part in ("TOTAL", "INITIAL")}
STAFF = {"section": "basics", "type": "integer", "label_zh": "员工人数", "label_en": "Employees", "required": "on",
         "max": "500", **NO_LINES}  # fmt: skip


@pytest.fixture
def version(administrator):
    return questionnaire_editing.clone(cases.make_questionnaire(), by=administrator)


@pytest.fixture
def second(db):
    return people.post(people.make_user("柳市管"), "city", "administrator")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def keys(version, section=0):
    version.refresh_from_db()
    return [question["key"] for question in version.body["sections"][section]["questions"]]


def act(client, version, path, **data):
    version.refresh_from_db()
    return client.post(f"{BASE}{path}", {"revision": version.revision, **data})


def test_questions_are_moved_copied_deleted_and_brought_back(administrator, version):
    client = signed_in(administrator)
    first, beside = keys(version), keys(version, 1)
    assert act(client, version, f"questions/{first[0]}/move/", step="down").status_code == 302
    assert keys(version) == [first[1], first[0], *first[2:]]
    act(client, version, f"questions/{first[-1]}/move/", step="down")
    assert (keys(version)[-1], keys(version, 1)[0]) == (first[-2], first[-1]), "over the edge into the next section"
    act(client, version, f"questions/{first[0]}/copy/")
    assert f"{first[0]}_1" in keys(version)
    assert act(client, version, "questions/standard/delete/").status_code == 409, "another question asks about it"
    act(client, version, f"questions/{beside[0]}/delete/")
    assert beside[0] not in keys(version, 1)
    assert act(client, version, "undo/").status_code == 302
    assert beside[0] in keys(version, 1)
    act(client, version, "sections/system/move/", step="up")
    assert version.body["sections"][0]["key"] != "system"
    version.refresh_from_db()
    assert version.body["sections"][0]["key"] == "system"
    written = AuditEvent.objects.filter(subject_id="municipal_pilot.2", action="questionnaire.changed").order_by("pk")
    verbs = [row.data["verb"] for row in written]
    assert verbs == ["move_question", "move_question", "copy_question", "delete_question", "undo", "move_section"]


def test_two_administrators_hear_of_each_other(administrator, second, version):
    one, two = signed_in(administrator), signed_in(second)
    path = f"{BASE}questions/staff/"
    old = hidden(two.get(path).content.decode())
    assert one.post(path, {**hidden(one.get(path).content.decode()), **STAFF}).status_code == 302
    late = two.post(path, {**old, **STAFF, "label_zh": "职工"})
    text = late.content.decode()
    assert late.status_code == 409
    assert administrator.name in text
    assert "修改问题 staff" in text
    assert 'value="职工"' in text
    assert questionnaires.find(Questionnaire.objects.get(pk=version.pk).body, "staff")["label"]["zh"] == "员工人数"
    again = {**hidden(text), **STAFF, "label_zh": "职工"}
    assert two.post(path, again).status_code == 302
    assert questionnaires.find(Questionnaire.objects.get(pk=version.pk).body, "staff")["label"]["zh"] == "职工"
    late = one.post(f"{BASE}questions/staff/delete/", {"revision": "1"})
    assert late.status_code == 409
    assert second.name in late.content.decode()
    late = one.post(f"{BASE}titles/", {"revision": "0", "title_zh": "新", "title_en": "New"})
    assert late.status_code == 409


def test_condition_is_chosen_from_earlier_questions(administrator, version):
    client = signed_in(administrator)
    path = f"{BASE}questions/plan/"
    page = client.get(path)
    offered = [key for key, _words in page.context["form"].fields["show_key"].choices]
    assert "plan" not in offered
    assert "ip_office" in offered
    form = {**hidden(page.content.decode()), "section": "statement", "type": "textarea", "label_zh": "计划",
            "label_en": "Plan", **NO_LINES, "show_key": "ip_office"}  # fmt: skip
    shown = client.post(path, {**form, "refresh": "1"}).content.decode()
    assert 'name="show_values"' in shown
    assert 'name="show_least"' not in shown
    assert client.post(path, form).status_code == 422, "the condition itself is still missing"
    done = {**form, "show_operator": "in", "show_values": ["yes"]}
    assert client.post(path, done).status_code == 302
    version.refresh_from_db()
    assert questionnaires.find(version.body, "plan")["show_if"] == {"key": "ip_office", "equals": "yes"}
    assert "取决于它的回答" in client.get(f"{BASE}questions/ip_office/").content.decode()


def test_options_and_bands_are_lines_of_the_form(administrator, version):
    client = signed_in(administrator)
    path = f"{BASE}sections/basics/new/"
    lines = {"options-TOTAL_FORMS": "3", "options-0-zh": "甲", "options-0-en": "A", "options-0-score": "2.5",
             "options-2-zh": "乙", "options-2-en": "B", "options-2-value": "second"}  # fmt: skip
    form = {**STAFF, "type": "choice", "key": "picked", **lines}
    form = {**hidden(client.get(path).content.decode()), **form}
    more = client.post(path, {**form, "add_rows": "options"}).content.decode()
    assert 'name="options-5-zh"' in more
    assert client.post(path, form).status_code == 302
    version.refresh_from_db()
    assert questionnaires.find(version.body, "picked")["options"] == [
        {"value": "o1", "label": {"zh": "甲", "en": "A"}, "score": 2.5},
        {"value": "second", "label": {"zh": "乙", "en": "B"}},
    ]
    bands = {"bands-TOTAL_FORMS": "2", "bands-0-start": "10", "bands-0-points": "5", "bands-1-start": "1"}
    path = f"{BASE}questions/staff/"
    assert client.post(path, {**hidden(client.get(path).content.decode()), **STAFF, **bands}).status_code == 302
    version.refresh_from_db()
    assert questionnaires.find(version.body, "staff")["bands"] == [[1, 0], [10, 5]]


def test_faults_link_to_their_place_and_stop_publishing(administrator, version):
    client = signed_in(administrator)
    act(client, version, "sections/new/", title_zh="空章", title_en="Empty")
    page = client.get(BASE).content.decode()
    assert f'href="{BASE}sections/section1/"' in page
    assert "“空章”没有问题" in page
    assert client.post(f"{BASE}publish/").status_code == 409
    act(client, version, "undo/")
    assert client.post(f"{BASE}publish/").status_code == 302
    version.refresh_from_db()
    assert (version.status, version.edits.count()) == ("published", 0)
    assert act(client, version, "questions/staff/delete/").status_code == 409
    assert client.post(f"{BASE}retire/").status_code == 302
    assert not Questionnaire.objects.published().filter(pk=version.pk).exists()


def test_preview_scores_and_keeps_nothing(administrator, version):
    client = signed_in(administrator)
    before = AuditEvent.objects.count()
    assert "data-show-name" in client.get(f"{BASE}preview/").content.decode()
    tried = client.post(f"{BASE}preview/", {"a-ip_office": "yes", "a-staff": "many"}).content.decode()
    assert "自评" in tried
    assert "请填写数字" in tried
    assert (Answer.objects.count(), AuditEvent.objects.count()) == (0, before)


def test_only_the_makers_edit(officer, publisher, supervisor, administrator, version):
    answers = [act(signed_in(user), version, "questions/staff/delete/").status_code for user in (officer, publisher)]
    assert answers == [403, 403]
    assert act(signed_in(supervisor), version, "questions/staff/delete/").status_code == 404, "a draft of the city"
    assert signed_in(supervisor).post("/questionnaires/municipal_pilot/1/clone/").status_code == 403
    made = {"code": "own", "title_zh": "区", "title_en": "D", "source": Questionnaire.objects.get(version=1).pk}
    assert signed_in(supervisor).post("/questionnaires/new/", made).status_code == 302
    own = Questionnaire.objects.get(code="own")
    assert (own.host.slug, own.body) == ("minhang", Questionnaire.objects.get(code="municipal_pilot", version=1).body)


def test_edit_is_undone_with_its_audit(administrator, version, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("audit")

    monkeypatch.setattr(questionnaire_editing.audit, "record", fail)
    with pytest.raises(OSError, match="audit"):
        questionnaire_editing.edit(version, "delete_question", key="staff", revision=0, by=administrator)
    version.refresh_from_db()
    assert (version.revision, "staff" in keys(version)) == (0, True)


def test_outline_asks_the_same_of_the_database_however_long(administrator, version):
    client = signed_in(administrator)
    client.get(BASE)
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(BASE).status_code == 200
        counts.append(len(asked))
        for number in range(12):
            version.refresh_from_db()
            values = {"type": "text", "label": {"zh": f"题{number}", "en": "Q"}}
            questionnaire_editing.edit(
                version, "add_question", section="basics", values=values, revision=version.revision, by=administrator
            )
    assert counts[0] == counts[1]
