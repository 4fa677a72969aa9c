"""A complete new programme of a district, made and carried to a recognition with nothing but the pages."""

import pytest
from django.test import Client

from portal import kinds, procedures
from portal.models import Application, AuditEvent, Call, Notification, Programme, Recognition
from tests.factories import people
from tests.portal.applying.pages import hidden

pytestmark = pytest.mark.django_db
CODE = "minhang-pilot"
PAPER = f"/questionnaires/{CODE}/1/"
NO_LINES = {f"{name}-{part}_FORMS": "0" for name in ("options", "bands") for part in ("TOTAL", "INITIAL")}
PROGRAMME = {
    "title_zh": "闵行区知识产权试点企业", "title_en": "Minhang IP pilot enterprise", "code": CODE, "clause": "5",
    "prefix": "MHP", "certificate_prefix": "MHPR", "certificate_title_zh": "闵行区知识产权试点企业证书",
    "certificate_title_en": "Certificate of a Minhang IP pilot enterprise", "pattern": "district",
    "rule_verified": "on", "rule_registered_years": "on", "rule_registered_years_years": "1",
    "rule_not_recognised": "on", "rule_not_recognised_kind": "municipal_demonstration",
}  # fmt: skip
CALL = {
    "kind": CODE, "year": "2026", "title_zh": "2026 年度闵行区试点", "title_en": "Minhang pilots 2026",
    "experts_needed": "0", "tolerance": "10", "publicity_days": "5", "corrections_allowed": "2",
    "validity_months": "24", "opens_on": "2026-11-01", "closes_on": "2026-12-31", "pattern": "district",
    "limit_verify": "8", "limit_settle": "4", "criteria-TOTAL_FORMS": "0", "criteria-INITIAL_FORMS": "0",
}  # fmt: skip


class Person:
    """Somebody at a browser."""

    def __init__(self, user):
        self.client = Client()
        self.client.force_login(user)

    def page(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def send(self, path, data=None):
        answer = self.client.post(path, data or {})
        assert answer.status_code == 302, (path, answer.status_code, answer.content.decode()[:4000])
        return answer.headers["Location"]

    def fill(self, path, data):
        """Send a form with what the page has hidden in it: the revision and the keys."""
        return self.send(path, {**hidden(self.page(path)), **data})


@pytest.fixture
def second_supervisor(db):
    return people.post(people.make_user("叶观澜"), "minhang", "supervisor")


def make_questionnaire(maker):
    maker.fill("/questionnaires/new/", {"code": CODE, "title_zh": "区试点申报表", "title_en": "District pilot form"})
    for zh, en in (("基本情况", "Basics"), ("管理", "Management")):
        maker.fill(f"{PAPER}sections/new/", {"title_zh": zh, "title_en": en, "clause": "5"})
    ask(maker, "section1", "name", "企业名称", "Name", required="on", prefill="organisation.name")
    ask(
        maker,
        "section2",
        "office",
        "有专人管理吗",
        "Is somebody in charge",
        type="yesno",
        required="on",
        max_score="40",
    )
    only_if = {"show_key": "office", "show_operator": "in", "show_values": "yes"}
    ask(maker, "section2", "person", "负责人", "Who", required="on", **only_if)
    options = {"options-TOTAL_FORMS": "2", "options-0-zh": "没有", "options-0-en": "None", "options-0-score": "0",
               "options-1-zh": "有", "options-1-en": "Some", "options-1-score": "60"}  # fmt: skip
    ask(maker, "section2", "rules", "制度", "Rules", type="choice", required="on", **options)
    assert "检查通过" in maker.page(PAPER)
    maker.send(f"{PAPER}publish/")


def ask(maker, section, key, zh, en, **more):
    data = {"section": section, "key": key, "type": "text", "label_zh": zh, "label_en": en, **NO_LINES, **more}
    maker.fill(f"{PAPER}sections/{section}/new/", data)


def open_call(maker):
    maker.fill("/programmes/new/", PROGRAMME)
    assert "启用项目" in maker.page(f"/programmes/{CODE}/")
    maker.send(f"/programmes/{CODE}/activate/")
    paper = {
        "questionnaire": maker.client.get("/call-editor/new/").context["form"].fields["questionnaire"].queryset[0].pk
    }
    path = maker.fill(f"/call-editor/new/?kind={CODE}", {**CALL, **paper})
    maker.send(f"{path}publish/")
    return Call.objects.get(kind=CODE)


def hand_in(firm, call):
    assert "成立满 1 年" in firm.page(f"/calls/{call.number}/")
    path = firm.send(f"/calls/{call.number}/apply/").removesuffix("fill/")
    assert "申澜微感" in firm.page(f"{path}sections/section1/")
    firm.fill(f"{path}sections/section1/", {"a-name": "申澜微感"})
    firm.fill(f"{path}sections/section2/", {"a-office": "yes", "a-person": "林知远", "a-rules": "o2"})
    firm.fill(f"{path}check/", {"is_true": "on"})
    return Application.objects.get()


def test_district_pilot_goes_from_nothing_to_a_certificate(
    frozen, organisation, applicant, officer, supervisor, second_supervisor, other_officer
):
    frozen("2026-11-05T10:00")
    maker, firm = Person(supervisor), Person(applicant)
    make_questionnaire(maker)
    call = open_call(maker)
    assert (call.host.slug, call.district.slug, call.stages) == (
        "minhang",
        "minhang",
        ["verify", "recommend", "settle"],
    )
    application = hand_in(firm, call)
    assert application.number.startswith("MHP-2026-")
    path = f"/cases/{application.number}/"

    frozen("2026-11-09T10:00")
    desk, second = Person(officer), Person(second_supervisor)
    for person, verbs in ((desk, ("declare", "take", "verify")), (maker, ("declare", "recommend"))):
        for verb in verbs:
            data = (
                {"has_conflict": "no"}
                if verb == "declare"
                else {"ruling": "yes", "reason": "材料齐全。", "explanation": "已核对。"}
            )
            person.send(f"{path}{verb}/", data)
    application.refresh_from_db()
    assert application.stage == "settle"
    told = Notification.objects.filter(template="office_settle").values_list("recipient__name", flat=True)
    assert list(told) == ["叶观澜"]
    ruling = {"ruling": "yes", "reason": "符合条件。"}
    assert maker.client.post(f"{path}decide/", ruling).status_code == 403, "who recommended does not decide"
    assert Person(other_officer).client.post(f"{path}decide/", ruling).status_code == 404
    second.send(f"{path}declare/", {"has_conflict": "no"})
    assert "作出决定" in second.page(path)
    second.send(f"{path}decide/", ruling)

    frozen("2026-11-20T03:00")
    assert procedures.sweep()["concluded"] == 1  # the night's task
    certificate = Recognition.objects.get()
    assert certificate.number.startswith("MHPR-2026-")
    client = Client(headers={"accept-language": "zh-hans"})
    assert "闵行区知识产权试点企业" in client.get(f"/recognitions/{certificate.number}/").content.decode()
    written = AuditEvent.objects.filter(subject_id=CODE).order_by("pk").values_list("action", flat=True)
    assert list(written) == ["programme.created", "programme.activated"]
    assert maker.client.post(f"/programmes/{CODE}/change/", PROGRAMME).status_code == 409, "a call is published"


def test_kinds_of_the_browser_are_read_once_a_request(supervisor, django_assert_num_queries):
    maker = Person(supervisor)
    maker.fill("/programmes/new/", PROGRAMME)
    assert kinds.find(CODE) is None, "a draft is no kind"
    maker.send(f"/programmes/{CODE}/activate/")
    kinds.forget()
    with kinds.one_reading(), django_assert_num_queries(1):
        assert [str(kinds.title_of(CODE)) for _turn in range(20)] == ["闵行区知识产权试点企业"] * 20
        assert CODE in {kind.code for kind in kinds.everything()}
    with kinds.one_reading():
        assert kinds.find("later") is None
        row = Programme.objects.get()
        row.pk, row.code, row.prefix, row.certificate_prefix = None, "later", "LA", "LB"
        row.save(force_insert=True)  # as another process would
        assert kinds.get("later").prefix == "LA"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"prefix": "SQ"}, "编号字头 SQ 已被使用"),
        ({"certificate_prefix": "MHP"}, "字头不能相同"),
        ({"code": "municipal_pilot"}, "代码 municipal_pilot 已被使用"),
        ({"prefix": "mhp"}, "大写字母"),
        ({"rule_registered_years_years": ""}, "请填写“年数”"),
        ({"code": "new"}, "别的用处"),
    ],
)
def test_wrong_programme_comes_back_with_a_sentence(supervisor, wrong, words):
    answer = Person(supervisor).client.post("/programmes/new/", {**PROGRAMME, **wrong})
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()
    assert "Certificate of a Minhang IP pilot enterprise" in answer.content.decode(), "what was typed is kept"
    assert not Programme.objects.exists()


def test_two_makers_of_a_programme_do_not_overwrite_each_other(supervisor, second_supervisor):
    one, two = Person(supervisor), Person(second_supervisor)
    one.fill("/programmes/new/", PROGRAMME)
    path = f"/programmes/{CODE}/change/"
    old = hidden(two.page(path))
    one.fill(path, {**PROGRAMME, "title_en": "First"})
    late = two.client.post(path, {**old, **PROGRAMME, "title_en": "Second"})
    assert late.status_code == 409
    text = late.content.decode()
    assert supervisor.name in text
    assert "Second" in text
    two.send(path, {**hidden(text), **PROGRAMME, "title_en": "Second"})
    assert Programme.objects.get().title_en == "Second"


def test_programmes_belong_to_their_makers(
    supervisor, second_supervisor, officer, applicant, administrator, city_supervisor, publisher
):
    Person(supervisor).fill("/programmes/new/", PROGRAMME)
    other = people.post(people.make_user("余知白"), "xuhui", "supervisor")
    path = f"/programmes/{CODE}/"
    seen = [
        Person(user).client.get(path).status_code for user in (second_supervisor, other, officer, applicant, publisher)
    ]
    assert seen == [200, 404, 403, 403, 200]
    may = [Person(user).client.post(f"{path}activate/").status_code for user in (other, administrator, city_supervisor)]
    assert may == [404, 403, 403]
    assert Programme.objects.get().status == "draft"


def test_retired_programme_takes_no_new_call(supervisor):
    maker = Person(supervisor)
    make_questionnaire(maker)
    call = open_call(maker)
    maker.send(f"/programmes/{CODE}/retire/")
    kinds.forget()
    assert maker.client.post(f"/call-editor/{call.number}/clone/").status_code == 409
    assert str(kinds.title_of(CODE)) == "闵行区知识产权试点企业"
    assert Call.objects.count() == 1


def test_next_years_call_shows_what_is_different(supervisor, frozen):
    frozen("2026-11-05T10:00")
    maker = Person(supervisor)
    make_questionnaire(maker)
    call = open_call(maker)
    path = maker.send(f"/call-editor/{call.number}/clone/")
    text = maker.page(f"{path}difference/")
    assert "2026年11月1日" in text
    assert "2027年11月1日" in text
    assert "时限" not in text, "what is the same is left out"


def test_nothing_is_made_when_the_audit_fails(supervisor, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("audit")

    monkeypatch.setattr("portal.audit.record", fail)
    with pytest.raises(OSError, match="audit"):
        Person(supervisor).client.post("/programmes/new/", PROGRAMME)
    assert not Programme.objects.exists()
