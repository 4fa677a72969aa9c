"""Rights entered, changed, moved through their states, hidden and removed: who may, when, and what is left behind."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from patents import bulk, families, papers, rights, statuses
from patents.models import LegalStatus, Product, Right, RightEvent, RightKind, UseEvidence
from portal import audit
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Deadline, Organisation, Secrecy, StoredFile
from tests.factories.documents import pdf
from tests.factories.people import make_organisation
from tests.factories.rights import make_number, make_right

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)


def enter(organisation, by, kind="invention", **extra):
    values = {"title": "谐振式压力传感器", "application_number": make_number(), "filed_on": DAY}
    return rights.create(organisation, kind=kind, values=values | extra.pop("values", {}), by=by, **extra)


def open_deadline(right, **extra):
    return Deadline.objects.create(
        organisation=right.organisation, subject_type="right", subject_number=right.number, rule_code="annuity",
        owner="applicant", trigger_event="filed", trigger_on=DAY, target_on=DAY, legal_on=DAY,
        title=right.title, **extra,
    )  # fmt: skip


def test_member_enters_right_and_answers_for_it(organisation, colleague):
    right = enter(organisation, colleague)
    right.refresh_from_db()
    assert (right.status, right.secrecy, right.responsible, right.version) == ("pending", "open", colleague, 0)
    assert right.identity.startswith("patent:a:CN2022")
    assert [event.kind for event in right.events.all()] == ["entered"]
    logged = audit.history_of(("right", right.number)).get()
    assert (logged.action, logged.organisation_id, logged.subject_label) == ("right.created", organisation.pk, "")


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer", "city_supervisor"])
def test_others_enter_nothing(who, organisation, request):
    with pytest.raises(Denied):
        enter(organisation, request.getfixturevalue(who))
    assert not Right.objects.exists()


def test_same_number_twice_names_the_first(organisation, applicant):
    first = enter(organisation, applicant)
    spelled = f"ZL {first.application_number.replace('.', ' . ')}"
    with pytest.raises(RuleBroken, match=first.number):
        enter(organisation, applicant, values={"application_number": spelled})


def test_same_number_of_hidden_right_gives_nothing_away(organisation, applicant, colleague):
    first = enter(organisation, applicant, secrecy=Secrecy.NAMED, values={"title": "金丝雀"})
    with pytest.raises(RuleBroken) as refused:
        enter(organisation, colleague, values={"application_number": first.application_number})
    assert refused.value.code == "duplicate" and first.number not in str(refused.value)


def test_same_number_in_two_enterprises_is_two_rights(organisation, applicant, other_organisation, stranger):
    first = enter(organisation, applicant)
    enter(other_organisation, stranger, values={"application_number": first.application_number})
    assert Right.objects.count() == 2


def test_trade_secret_is_for_named_persons(organisation, applicant, colleague, officer):
    right = enter(organisation, applicant, RightKind.TRADE_SECRET, values={"application_number": "", "filed_on": None})
    assert (right.secrecy, right.readers) == ("named", [applicant.pk])
    assert not Right.objects.visible_to(colleague).exists() and not Right.objects.visible_to(officer).exists()
    assert right.status == LegalStatus.GRANTED


def test_trade_secret_takes_its_name_and_its_measures_and_no_more(organisation, applicant):
    with pytest.raises(RuleBroken) as refused:
        rights.create(organisation, kind="trade_secret", values={"title": "配方", "note": "盐三克"}, by=applicant)
    assert refused.value.code == "too_much"
    right = rights.create(organisation, kind="trade_secret", values={"title": "配方", "measures": "柜"}, by=applicant)
    with pytest.raises(RuleBroken):
        rights.update(right, values={"abstract": "盐三克"}, version=0, by=applicant)


def test_right_corrected_to_not_yet_filed_is_no_longer_seen_by_officials(organisation, applicant, officer):
    right = enter(organisation, applicant)
    deadline = open_deadline(right)
    assert Right.objects.visible_to(officer).exists()
    how = {"status": LegalStatus.DRAFT, "on": DAY, "source": "录错", "is_correction": True}
    rights.change_status(right, **how, by=applicant)
    deadline.refresh_from_db()
    assert deadline.secrecy == Secrecy.INTERNAL and not Right.objects.visible_to(officer).exists()


@pytest.mark.parametrize("day", ["0999-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_day_no_right_can_have_is_refused(organisation, applicant, day):
    with pytest.raises(RuleBroken) as refused:
        enter(organisation, applicant, values={"granted_on": dt.date.fromisoformat(day)})
    assert refused.value.code == "bad_value"
    right = enter(organisation, applicant)
    with pytest.raises(RuleBroken):
        rights.update(right, values={"expires_on": dt.date.fromisoformat(day)}, version=0, by=applicant)


def test_address_with_a_nul_is_absent(client, applicant):
    client.force_login(applicant)
    assert client.get("/rights/%00/").status_code == 404


def test_draft_is_for_named_persons_unless_the_members_are_chosen(organisation, applicant, colleague, officer):
    right = enter(organisation, applicant, status=LegalStatus.DRAFT, values={"application_number": ""})
    assert (right.secrecy, right.readers) == (Secrecy.NAMED, [applicant.pk])
    assert not Right.objects.visible_to(colleague).exists() and not Right.objects.visible_to(officer).exists()
    with pytest.raises(RuleBroken):
        rights.set_secrecy(right, secrecy=Secrecy.OPEN, by=applicant)
    rights.set_secrecy(right, secrecy=Secrecy.INTERNAL, by=applicant)
    assert Right.objects.visible_to(colleague).exists() and not Right.objects.visible_to(officer).exists()


def test_update_keeps_from_and_to_and_refuses_the_second(organisation, applicant, colleague):
    right = enter(organisation, applicant)
    deadline = open_deadline(right)
    rights.update(right, values={"title": "新名称", "filed_on": DAY}, version=0, by=colleague)
    right.refresh_from_db()
    deadline.refresh_from_db()
    assert (right.title, right.version, deadline.title) == ("新名称", 1, "新名称")
    event = right.events.get(kind="changed")
    assert event.data == {"title": {"from": "谐振式压力传感器", "to": "新名称"}}
    assert audit.history_of(("right", right.number)).last().data == {"fields": ["title"]}
    with pytest.raises(RuleBroken) as stale:
        rights.update(right, values={"title": "另一名称"}, version=0, by=applicant)
    assert stale.value.code == "stale"


def test_update_changes_nothing_when_the_log_fails(organisation, applicant, monkeypatch):
    right = enter(organisation, applicant)
    monkeypatch.setattr(audit, "record", lambda *_args, **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rights.update(right, values={"title": "新名称"}, version=0, by=applicant)
    assert Right.objects.get().title == "谐振式压力传感器" and RightEvent.objects.count() == 1


def test_update_of_unseen_right_is_denied(organisation, applicant, colleague):
    right = enter(organisation, applicant, secrecy=Secrecy.NAMED)
    with pytest.raises(Denied):
        rights.update(right, values={"title": "x"}, version=0, by=colleague)


def test_number_changes_identity(organisation, applicant):
    right = enter(organisation, applicant, values={"application_number": "", "publication_number": "CN120551632A"})
    number = make_number()
    rights.update(right, values={"application_number": number}, version=0, by=applicant)
    assert Right.objects.get().identity == f"patent:a:CN{number.replace('.', '')}"


@pytest.mark.parametrize("before", LegalStatus.values)
def test_every_status_has_its_ways_on(before):
    for after in LegalStatus.values:
        assert statuses.may_follow(before, after) is (LegalStatus(after) in statuses.TRANSITIONS[LegalStatus(before)])
    assert not statuses.may_follow(before, before)


def test_status_has_source_and_day(organisation, applicant):
    right = enter(organisation, applicant)
    rights.change_status(right, status=LegalStatus.GRANTED, on=DAY, source="授权公告", by=applicant)
    right.refresh_from_db()
    assert (right.status, right.status_on, right.status_source, right.granted_on) == ("granted", DAY, "授权公告", DAY)
    event = right.events.get(kind="status")
    assert (event.on, event.source, event.data["status"]) == (DAY, "授权公告", {"from": "pending", "to": "granted"})
    rights.change_status(right, status=LegalStatus.LAPSED, on=DAY, source="终止通知书", by=applicant)
    assert Right.objects.get().ended_on == DAY
    rights.change_status(right, status=LegalStatus.RESTORED, on=DAY, source="恢复通知书", by=applicant)
    assert Right.objects.get().ended_on is None


def test_status_the_law_does_not_know_needs_a_correction(organisation, applicant):
    right = enter(organisation, applicant)
    step = {"status": LegalStatus.RESTORED, "on": DAY, "source": "登记簿", "by": applicant}
    with pytest.raises(RuleBroken) as refused:
        rights.change_status(right, **step)
    assert refused.value.code == "wrong_state"
    assert rights.change_status(right, is_correction=True, **step).status == "restored"


@pytest.mark.parametrize("wrong", [{"source": " "}, {"on": dt.date(2999, 1, 1)}])
def test_status_without_source_or_of_the_future_is_refused(organisation, applicant, wrong):
    right = enter(organisation, applicant)
    step = {"status": LegalStatus.GRANTED, "on": DAY, "source": "公告", "by": applicant, **wrong}
    with pytest.raises(RuleBroken):
        rights.change_status(right, **step)


def test_secrecy_takes_dates_and_papers_along(organisation, applicant, colleague, officer):
    right = enter(organisation, applicant)
    open_deadline(right)
    file = papers.attach(right, SimpleUploadedFile("说明书.pdf", pdf()), by=applicant)
    assert StoredFile.objects.visible_to(officer).exists() and Deadline.objects.visible_to(officer).exists()
    rights.set_secrecy(right, secrecy=Secrecy.NAMED, readers=[applicant.pk], by=applicant)
    for person in (officer, colleague):
        assert not StoredFile.objects.visible_to(person).exists()
        assert not Deadline.objects.visible_to(person).exists()
        assert not Right.objects.visible_to(person).exists()
    assert papers.of_right(right, applicant) == [file]


def test_secrecy_is_narrowed_by_members_and_opened_by_leaders(organisation, applicant, colleague, stranger):
    right = enter(organisation, colleague)
    rights.set_secrecy(right, secrecy=Secrecy.INTERNAL, by=colleague)
    with pytest.raises(Denied):
        rights.set_secrecy(right, secrecy=Secrecy.OPEN, by=colleague)
    with pytest.raises(RuleBroken):
        rights.set_secrecy(right, secrecy=Secrecy.NAMED, readers=[stranger.pk], by=colleague)
    assert rights.set_secrecy(right, secrecy=Secrecy.OPEN, by=applicant).secrecy == "open"


def test_log_holds_no_word_of_a_hidden_right(organisation, applicant):
    values = {"title": "金丝雀配方", "measures": "金丝雀锁"}
    right = rights.create(organisation, kind=RightKind.TRADE_SECRET, values=values, by=applicant)
    rights.update(right, values={"title": "金丝雀二号"}, version=0, by=applicant)
    rights.change_status(right, status=LegalStatus.LAPSED, on=DAY, source="金丝雀来源", by=applicant)
    papers.attach(right, SimpleUploadedFile("金丝雀.pdf", pdf()), by=applicant)
    rows = AuditEvent.objects.filter(data__icontains="金丝雀") | AuditEvent.objects.filter(
        subject_label__contains="金丝雀"
    )
    assert not rows.exists()


def test_remove_is_for_mistakes_and_leaders(organisation, applicant, colleague):
    right = enter(organisation, applicant)
    open_deadline(right)
    with pytest.raises(Denied):
        rights.remove(right, reason="录错", by=colleague)
    with pytest.raises(RuleBroken):
        rights.remove(right, reason=" ", by=applicant)
    rights.remove(right, reason="录错", by=applicant)
    assert not Right.objects.exists() and not Deadline.objects.exists()
    assert audit.history_of(("right", right.number)).last().data == {"reason": "录错"}


def test_remove_with_papers_is_refused(organisation, applicant):
    right = enter(organisation, applicant)
    papers.attach(right, SimpleUploadedFile("a.pdf", pdf()), by=applicant)
    with pytest.raises(RuleBroken):
        rights.remove(right, reason="录错", by=applicant)


def test_followers_hear_of_changes(organisation, applicant, monkeypatch):
    heard = []
    monkeypatch.setattr(rights, "AFTER", [heard.append])
    right = enter(organisation, applicant)
    rights.set_flags(right, flags=["pledged", "pledged"], by=applicant)
    rights.set_flags(right, flags=["pledged"], by=applicant)
    assert heard == [[right.pk], [right.pk]] and Right.objects.get().flags == ["pledged"]


def test_bulk_edit_is_a_few_statements_and_takes_dates_along(
    organisation, applicant, colleague, django_assert_max_num_queries
):
    held = [make_right(organisation) for _ in range(12)]
    open_deadline(held[0])
    with django_assert_max_num_queries(40):
        outcome = bulk.edit(
            organisation, chosen=Right.objects.all(), field="responsible", value=colleague, by=applicant
        )
    assert (outcome.done, outcome.same, outcome.left_out) == (12, 0, 0)
    assert Deadline.objects.get(rule_code="annuity").responsible == colleague
    assert RightEvent.objects.filter(kind="changed").count() == 12
    again = bulk.edit(organisation, chosen=Right.objects.all(), field="responsible", value=colleague, by=applicant)
    assert (again.done, again.same) == (0, 12)


def test_bulk_edit_leaves_out_what_may_not_be_so_open(organisation, applicant):
    make_right(organisation, RightKind.TRADE_SECRET, readers=[applicant.pk])
    make_right(organisation, secrecy="internal")
    outcome = bulk.edit(organisation, chosen=Right.objects.all(), field="secrecy", value="open", by=applicant)
    assert (outcome.done, outcome.left_out) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [("flag", "pledged", "flags"), ("grade", "A", "grade"), ("reduction", "0.85", "reduction")],
)  # fmt: skip
def test_bulk_edit_of_codes(organisation, applicant, field, value, name):
    make_right(organisation)
    bulk.edit(organisation, chosen=Right.objects.all(), field=field, value=value, by=applicant)
    assert getattr(Right.objects.get(), name) in (value, [value])


def test_bulk_edit_of_product_links_once(organisation, applicant):
    right = make_right(organisation)
    product = families.save_product(organisation, name="MS-200", by=applicant)
    for _ in range(2):
        bulk.edit(organisation, chosen=Right.objects.all(), field="product", value=product, by=applicant)
    assert list(right.products.all()) == [product]


def test_bulk_edit_reaches_no_foreign_and_no_hidden_right(organisation, applicant, colleague, stranger):
    make_right(make_organisation())
    make_right(organisation, secrecy="named", readers=[colleague.pk])
    outcome = bulk.edit(organisation, chosen=Right.objects.all(), field="grade", value="D", by=applicant)
    assert outcome.done == 0 and not Right.objects.exclude(grade="").exists()
    with pytest.raises(Denied):
        bulk.edit(organisation, chosen=Right.objects.all(), field="grade", value="D", by=colleague)
    with pytest.raises(RuleBroken):
        bulk.edit(organisation, chosen=Right.objects.all(), field="responsible", value=stranger, by=applicant)


def test_bulk_edit_beyond_the_cap_is_refused(organisation, applicant, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 1)
    make_right(organisation)
    make_right(organisation)
    with pytest.raises(RuleBroken) as refused:
        bulk.edit(organisation, chosen=Right.objects.all(), field="grade", value="D", by=applicant)
    assert refused.value.code == "too_many"


def test_assign_takes_members_and_agencies_only(organisation, applicant, colleague, stranger):
    right = make_right(organisation)
    agency = make_organisation("上海示例代理所", kind=Organisation.Kind.AGENCY)
    bulk.assign(right, responsible=colleague, backup=applicant, agency=agency, by=applicant)
    right.refresh_from_db()
    assert (right.responsible, right.backup, right.agency) == (colleague, applicant, agency)
    with pytest.raises(RuleBroken):
        bulk.assign(right, responsible=stranger, backup=None, agency=None, by=applicant)
    with pytest.raises(RuleBroken):
        bulk.assign(right, responsible=colleague, backup=None, agency=organisation, by=applicant)


def test_family_and_products_stay_in_the_enterprise(organisation, applicant, other_organisation, stranger):
    right = make_right(organisation)
    family = families.create_family(organisation, title="压力传感器族", by=applicant)
    assert families.link(right, family=family, by=applicant).family == family
    foreign = families.create_family(other_organisation, title="别家", by=stranger)
    with pytest.raises(RuleBroken):
        families.link(right, family=foreign, by=applicant)
    product = families.save_product(organisation, name="MS-200", by=applicant)
    families.set_products(right, products=[product], by=applicant)
    with pytest.raises(RuleBroken):
        families.save_product(organisation, name="MS-200", by=applicant)
    with pytest.raises(RuleBroken):
        families.set_products(
            right, products=[Product.objects.create(organisation=other_organisation, name="x")], by=applicant
        )


def test_use_evidence_is_for_trademarks(organisation, applicant):
    mark = make_right(organisation, RightKind.TRADEMARK, classes=["9"])
    papers.add_use(mark, nice_class=9, used_on=DAY, description="官网销售页", by=applicant)
    assert UseEvidence.objects.get().nice_class == 9
    with pytest.raises(RuleBroken):
        papers.add_use(make_right(organisation), nice_class=9, used_on=DAY, description="x", by=applicant)
    with pytest.raises(RuleBroken):
        papers.add_use(mark, nice_class=46, used_on=DAY, description="x", by=applicant)
