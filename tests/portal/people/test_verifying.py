"""Verification by the district, change of district, and the cases that go along."""

import datetime as dt

import pytest

from portal import deadlines, organisations
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent, Deadline, DistrictChange, RegistryRecord, StoredFile, Verification
from tests.factories import cases, people
from tests.portal.people.conftest import logged, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def unverified():
    return people.make_organisation("上海新芽机器人有限公司", verified=False)


@pytest.fixture
def owner(unverified):
    return people.join(people.make_user("新业主"), unverified)


def licence_of(organisation, by, status="clean"):
    return StoredFile.objects.create(
        key=f"test/licence-{organisation.number}", name="营业执照.pdf", size=10, sha256="0" * 64,
        media_type="application/pdf", status=status, organisation=organisation, slot="licence", created_by=by,
    )  # fmt: skip


def known(organisation, name=""):
    return RegistryRecord.objects.create(
        uscc=organisation.uscc, name=name or organisation.name, name_key="x", division_code="310112",
        district_text="闵行区", district=organisation.district, address="上海市闵行区别处1号", source="示例.csv",
        loaded_at=now(), row_hash="0", registered_on=organisation.registered_on,
    )  # fmt: skip


@pytest.fixture
def asked(unverified, owner):
    return organisations.request_verification(unverified, licence=licence_of(unverified, owner), by=owner)


def test_request_tells_the_district_with_a_deadline(unverified, owner, officer, supervisor, other_officer, frozen):
    frozen("2026-11-20 10:00")  # a Friday
    made = organisations.request_verification(unverified, licence=licence_of(unverified, owner), by=owner)
    assert (made.status, made.evidence, made.due_on) == ("open", "licence", dt.date(2026, 11, 25))
    assert logged() == ["organisation.verification_requested"]
    assert (told(officer), told(supervisor), told(other_officer)) == (
        ["verification_requested"],
        ["verification_requested"],
        [],
    )
    assert Deadline.objects.get(subject_number=made.number).target_on == dt.date(2026, 11, 25)


def test_request_without_licence_needs_the_registry(unverified, owner):
    with pytest.raises(RuleBroken) as broken:
        organisations.request_verification(unverified, by=owner)
    assert broken.value.code == "licence_missing"
    known(unverified, " 上海新芽机器人 有限公司")
    assert organisations.request_verification(unverified, by=owner).evidence == "registry"


def test_request_twice_or_when_verified_is_refused(unverified, owner, asked, organisation, applicant):
    with pytest.raises(RuleBroken) as broken:
        organisations.request_verification(unverified, licence=asked.licence, by=owner)
    assert broken.value.code == "already_requested"
    with pytest.raises(RuleBroken) as broken:
        organisations.request_verification(organisation, by=applicant)
    assert broken.value.code == "already_verified"


def test_request_with_a_foreign_file_is_denied(unverified, owner, organisation, applicant):
    with pytest.raises(Denied):
        organisations.request_verification(unverified, licence=licence_of(organisation, applicant), by=owner)


@pytest.mark.parametrize("who", ["stranger", "officer", "administrator"])
def test_request_by_others_is_denied(request, unverified, owner, who):
    with pytest.raises(Denied):
        organisations.request_verification(unverified, by=request.getfixturevalue(who))


def test_request_is_undone_when_the_log_fails(unverified, owner, broken_audit):
    with broken_audit():
        organisations.request_verification(unverified, licence=licence_of(unverified, owner), by=owner)
    assert not Verification.objects.exists()


def test_verified_enterprise_is_told_and_may_submit(unverified, owner, officer, asked):
    organisations.decide_verification(asked, is_verified=True, by=officer)
    unverified.refresh_from_db()
    assert (unverified.is_verified, unverified.verified_by) == (True, officer)
    assert logged()[-1] == "organisation.verified"
    assert told(owner) == ["verified"]
    assert not Deadline.objects.open().exists()


def test_refusal_needs_a_reason_and_may_be_asked_again(unverified, owner, officer, asked):
    with pytest.raises(RuleBroken):
        organisations.decide_verification(asked, is_verified=False, by=officer)
    organisations.decide_verification(asked, is_verified=False, reason="执照模糊", by=officer)
    unverified.refresh_from_db()
    assert not unverified.is_verified
    assert told(owner) == ["verification_refused"]
    assert organisations.request_verification(unverified, licence=asked.licence, by=owner).status == "open"


@pytest.mark.parametrize("who", ["owner", "other_officer", "city_supervisor", "administrator", "auditor", "expert"])
def test_decision_by_others_is_denied(request, asked, who):
    with pytest.raises(Denied):
        organisations.decide_verification(asked, is_verified=True, by=request.getfixturevalue(who))


def test_decision_without_second_factor_is_denied(asked, officer):
    officer.authenticator_set.all().delete()
    with pytest.raises(Denied) as denied:
        organisations.decide_verification(asked, is_verified=True, by=officer)
    assert denied.value.code == "second_factor_needed"


def test_official_of_the_same_enterprise_cannot_verify_it(asked, unverified, officer):
    people.join(officer, unverified, "viewer")
    with pytest.raises(Denied) as denied:
        organisations.decide_verification(asked, is_verified=True, by=officer)
    assert denied.value.code == "conflict"


def test_second_decision_hears_who_did_what(asked, officer, supervisor):
    organisations.decide_verification(asked, is_verified=True, by=officer)
    with pytest.raises(RuleBroken) as broken:
        organisations.decide_verification(asked, is_verified=False, reason="不", by=supervisor)
    assert officer.name in str(broken.value)


def test_licence_in_quarantine_cannot_be_trusted(unverified, owner, officer):
    made = organisations.request_verification(
        unverified, licence=licence_of(unverified, owner, status="quarantined"), by=owner
    )
    with pytest.raises(RuleBroken) as broken:
        organisations.decide_verification(made, is_verified=True, by=officer)
    assert broken.value.code == "file_not_clean"


def test_decision_is_undone_when_the_log_fails(asked, unverified, officer, broken_audit):
    with broken_audit():
        organisations.decide_verification(asked, is_verified=True, by=officer)
    unverified.refresh_from_db()
    asked.refresh_from_db()
    assert (unverified.is_verified, asked.status) == (False, "open")


def test_comparison_says_match_differ_or_no_data(unverified):
    assert {row.verdict for row in organisations.comparisons(unverified)[0]} == {"no_data"}
    known(unverified)
    rows, source = organisations.comparisons(unverified)
    assert [row.verdict for row in rows] == ["match", "match", "match", "differ", "match"]
    assert source == "示例.csv"


def xuhui():
    return people.District.objects.get(slug="xuhui")


def test_move_keeps_history_and_tells_both_districts(organisation, applicant, officer, other_officer):
    old = organisation.district
    organisations.change_district(organisation, district=xuhui(), address="徐汇区新路1号", reason="搬迁", by=applicant)
    organisation.refresh_from_db()
    assert (organisation.district.slug, organisation.address) == ("xuhui", "徐汇区新路1号")
    change = DistrictChange.objects.get()
    assert (change.old, change.new, change.changed_by) == (old, xuhui(), applicant)
    assert logged() == ["organisation.district_changed"]
    assert (told(officer), told(other_officer)) == (["district_left"], ["district_entered"])


def test_move_takes_the_open_cases_along(organisation, applicant, officer, other_officer, call):
    application = cases.in_review(organisation, applicant, officer, call)
    organisations.change_district(organisation, district=xuhui(), address="徐汇区新路1号", by=applicant)
    application.refresh_from_db()
    assert (application.office_district.slug, application.officer) == ("xuhui", other_officer)
    assert application.is_new_here
    seats = application.assignments.filter(seat="officer", ended_at=None)
    assert list(seats.values_list("user", "declared_at")) == [(other_officer.pk, None)], "the old officer has none"
    assert "case_moved" in told(applicant)
    assert "case_entered" in told(other_officer)
    assert AuditEvent.objects.filter(subject_type="application", action="application.moved").count() == 1


def test_move_leaves_a_recommended_case_where_it_was_verified(organisation, applicant, officer, supervisor, call):
    application = cases.recommended(organisation, applicant, officer, supervisor, call)
    organisations.change_district(organisation, district=xuhui(), address="徐汇区新路1号", by=applicant)
    application.refresh_from_db()
    assert application.office_district.slug == "minhang"


@pytest.mark.parametrize("who", ["colleague", "viewer", "stranger", "officer"])
def test_move_by_others_is_denied(request, organisation, applicant, who):
    with pytest.raises(Denied):
        organisations.change_district(organisation, district=xuhui(), address="x", by=request.getfixturevalue(who))


def test_move_to_the_same_district_or_nowhere_is_refused(organisation, applicant):
    for district, address in ((organisation.district, "x"), (xuhui(), " ")):
        with pytest.raises(RuleBroken):
            organisations.change_district(organisation, district=district, address=address, by=applicant)


def test_move_is_undone_when_the_log_fails(organisation, applicant, broken_audit):
    with broken_audit():
        organisations.change_district(organisation, district=xuhui(), address="x", by=applicant)
    organisation.refresh_from_db()
    assert organisation.district.slug == "minhang"
    assert not DistrictChange.objects.exists()


def test_late_verification_climbs_from_district_to_city(
    unverified, owner, officer, supervisor, city_supervisor, frozen
):
    frozen("2026-11-20 10:00")  # a Friday; due on Wednesday the 25th
    made = organisations.request_verification(unverified, licence=licence_of(unverified, owner), by=owner)
    frozen("2026-11-24 09:00")
    deadlines.sweep()
    assert told(officer)[-1] == told(supervisor)[-1] == "verification_due_soon"
    frozen("2026-11-26 09:00")
    deadlines.sweep()
    assert (told(officer)[-1], told(city_supervisor)) == ("verification_overdue", [])
    frozen("2026-11-30 09:00")
    deadlines.sweep()
    deadlines.sweep()
    assert told(city_supervisor) == ["verification_overdue"]
    assert told(officer).count("verification_overdue") == 2
    organisations.decide_verification(made, is_verified=True, by=officer)
    frozen("2026-12-10 09:00")
    assert deadlines.sweep() == 0
