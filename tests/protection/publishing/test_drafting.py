"""Writing an alert: proposals of districts, drafts of the city, two authors, what is refused."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import audit
from portal.errors import Denied, RuleBroken
from portal.models import District, Notification
from portal.permissions import ROLES, Permission
from services.protection import drafting, publishing
from services.protection.models import Alert, AlertVersion
from tests.factories import alerts, people

Stage = AlertVersion.Stage
DATA = {"title": "请核对在美产品", "countries": ["US"], "ipc": ["G01L 9/*"]}


def told(person):
    return list(Notification.objects.filter(recipient=person).values_list("template", flat=True))


def actions(alert):
    return [event.action for event in audit.history_of(alert)]


def test_the_desk_is_who_may_draft_and_approve():
    for permission in (Permission.DRAFT_ALERT, Permission.APPROVE_ALERT):
        holders = {role for role, permissions in ROLES.items() if permission in permissions}
        assert holders == {f"city_{role}" for role in drafting.DESK}


def test_propose_keeps_the_district_and_tells_the_desk(officer, publisher, administrator, city_officer):
    version = publishing.propose(DATA, by=officer)
    assert (version.stage, version.alert.district.slug, version.author) == (Stage.PROPOSED, "minhang", officer)
    assert (told(publisher), told(administrator)) == (["alert_desk_proposed"], ["alert_desk_proposed"])
    assert told(city_officer) == []
    assert actions(version.alert) == ["alert.proposed"]


def test_numbers_run_by_year_with_three_digits(publisher, frozen):
    frozen("2026-11-22T10:00")
    first, second = (publishing.start(DATA, by=publisher).alert.number for _ in range(2))
    assert first == "FX-2026-001"
    assert second == "FX-2026-002"


@pytest.mark.parametrize("who", ["applicant", "auditor", "expert"])
def test_propose_is_for_officials_who_work_on_alerts(who, request):
    with pytest.raises(Denied):
        publishing.propose(DATA, by=request.getfixturevalue(who))
    assert not Alert.objects.exists()


def test_propose_for_another_district_is_denied(officer):
    with pytest.raises(Denied):
        publishing.propose(DATA, by=officer, district=District.objects.get(slug="xuhui"))


@pytest.mark.parametrize("who", ["officer", "supervisor", "city_officer", "auditor", "applicant"])
def test_start_is_for_the_desk(who, request):
    with pytest.raises(Denied):
        publishing.start(DATA, by=request.getfixturevalue(who))
    assert not Alert.objects.exists()


def test_start_needs_a_second_factor(publisher):
    publisher.authenticator_set.all().delete()
    with pytest.raises(Denied) as denied:
        publishing.start(DATA, by=publisher)
    assert denied.value.code == "second_factor_needed"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": "  "}, "title_missing"),
        ({"countries": ["XX"]}, "countries"),
        ({"ipc": ["G01L9"]}, "ipc"),  # not as it is kept
        ({"ipc": ["Z99"]}, "ipc"),
        ({"nice": [46]}, "nice"),
        ({"industries": ["99"]}, "industries"),
        ({"districts": ["310999"]}, "districts"),
        ({"right_kinds": ["idea"]}, "right_kinds"),
        ({"kind": "joke"}, "kind"),
        ({"severity": 9}, "severity"),
        ({"confirm_days": 400}, "confirm_days"),
        ({"keywords": ["长" * 41]}, "keywords"),
        ({"valid_from": dt.date(2026, 2, 2), "valid_to": dt.date(2026, 2, 1)}, "valid_to"),
        ({"sources": [{"name": "甲", "url": "javascript:alert(1)"}]}, "url"),
        ({"checklist": [{"zh": "做", "en": "do"}] * 13}, "too_many_rows"),
        ({"ipc": [f"G01L {n}/*" for n in range(1, 62)]}, "ipc"),
    ],
)
def test_what_is_no_code_is_not_saved(publisher, wrong, code):
    with pytest.raises(RuleBroken) as broken:
        publishing.start(DATA | wrong, by=publisher)
    assert broken.value.code == code
    assert str(broken.value.sentence)
    assert not Alert.objects.exists()


def test_change_saves_and_makes_the_last_author(draft_alert, approver):
    changed = publishing.change(draft_alert, {"title": "新标题", "nice": [9]}, by=approver)
    changed.refresh_from_db()
    assert (changed.title, changed.nice, changed.author, changed.lock) == ("新标题", [9], approver, 1)
    event = audit.history_of(changed.alert).last()
    assert (event.action, event.data["columns"]) == ("alert.changed", ["nice", "title"])


def test_a_second_author_is_told_instead_of_overwriting(draft_alert, author, approver):
    theirs = AlertVersion.objects.get(pk=draft_alert.pk)
    publishing.change(draft_alert, {"title": "先保存的"}, by=author)
    with pytest.raises(RuleBroken, match="秦望舒") as broken:
        publishing.change(theirs, {"title": "后保存的"}, by=approver)
    assert broken.value.code == "edited_meanwhile"
    draft_alert.refresh_from_db()
    assert draft_alert.title == "先保存的"
    assert actions(draft_alert.alert) == ["alert.changed"]


@pytest.mark.parametrize("stage", ["in_review", "scheduled", "published"])
def test_change_is_for_drafts(stage, publisher):
    version = alerts.make_alert(stage)
    with pytest.raises(RuleBroken) as broken:
        publishing.change(version, {"title": "偷改"}, by=publisher)
    assert broken.value.code == "wrong_state"
    version.refresh_from_db()
    assert version.title == alerts.WHOLE["title"]


def test_a_proposal_is_the_districts_to_change_until_it_is_adopted(officer, other_officer, publisher):
    version = publishing.propose(DATA, by=officer)
    publishing.change(version, {"title": "改过"}, by=officer)
    version.refresh_from_db()
    with pytest.raises(Denied):
        publishing.change(version, {"title": "别区"}, by=other_officer)
    adopted = publishing.adopt(version, by=publisher)
    with pytest.raises(Denied):
        publishing.change(adopted, {"title": "晚了"}, by=officer)


def test_adopt_makes_the_adopter_the_author_and_tells_the_proposer(officer, publisher):
    version = publishing.adopt(publishing.propose(DATA, by=officer), by=publisher)
    version.refresh_from_db()
    assert (version.stage, version.author, version.alert.created_by) == (Stage.DRAFT, publisher, officer)
    assert told(officer) == ["alert_desk_adopted"]


def test_adopt_is_for_the_desk_and_for_proposals(officer, publisher, draft_alert):
    version = publishing.propose(DATA, by=officer)
    with pytest.raises(Denied):
        publishing.adopt(version, by=officer)
    with pytest.raises(RuleBroken):
        publishing.adopt(draft_alert, by=publisher)


def test_drop_says_why_and_ends_the_alert(officer, publisher):
    version = publishing.drop(publishing.propose(DATA, by=officer), reason="与第 3 号重复", by=publisher)
    version.alert.refresh_from_db()
    assert (version.stage, version.alert.status) == (Stage.DROPPED, Alert.Status.DROPPED)
    assert told(officer) == ["alert_desk_dropped"]


def test_drop_needs_a_reason_and_an_open_text(publisher, draft_alert):
    with pytest.raises(RuleBroken) as broken:
        publishing.drop(draft_alert, reason="  ", by=publisher)
    assert broken.value.code == "reason_missing"
    with pytest.raises(RuleBroken):
        publishing.drop(alerts.make_alert("published"), reason="晚了", by=publisher)


def test_dropping_a_correction_leaves_the_published_edition(publisher):
    alert = alerts.published_alert()
    publishing.drop(publishing.correct(alert, by=publisher), reason="不需要了", by=publisher)
    alert.refresh_from_db()
    assert alert.status == Alert.Status.PUBLISHED


def test_a_district_sees_its_own_proposals_and_what_is_published(officer, other_officer, publisher, applicant):
    proposal = publishing.propose(DATA, by=officer).alert
    published, draft = alerts.published_alert(), alerts.make_alert("draft").alert
    assert set(Alert.objects.visible_to(officer)) == {proposal, published}
    assert set(Alert.objects.visible_to(other_officer)) == {published}
    assert set(Alert.objects.visible_to(publisher)) == {proposal, published, draft}
    assert not Alert.objects.visible_to(applicant).exists()


# --- attachments --------------------------------------------------------------------------------------------------
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def pdf(name="notice.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_attach_and_detach_leave_a_trace(draft_alert, author):
    file = publishing.attach(draft_alert, pdf(), by=author)
    assert (file.is_for_city, file.public_at, file.status) == (True, None, "quarantined")
    publishing.detach(draft_alert, file, by=author)
    assert not draft_alert.attachments.exists()
    assert actions(draft_alert.alert) == ["alert.file_added", "alert.file_removed"]


@pytest.mark.parametrize("who", ["officer", "auditor", "applicant"])
def test_attach_is_for_authors(who, draft_alert, request):
    with pytest.raises(Denied):
        publishing.attach(draft_alert, pdf(), by=request.getfixturevalue(who))


def test_attach_has_a_limit(draft_alert, author, monkeypatch):
    monkeypatch.setattr(drafting, "MOST_FILES", 1)
    publishing.attach(draft_alert, pdf(), by=author)
    with pytest.raises(RuleBroken) as broken:
        publishing.attach(draft_alert, pdf("b.pdf"), by=author)
    assert broken.value.code == "file_too_many"


def test_a_person_without_an_office_is_denied(db):
    with pytest.raises(Denied):
        publishing.propose(DATA, by=people.make_user())
