"""Review by a second person, publication at its moment, correction, withdrawal and expiry."""

import datetime as dt
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from portal import audit
from portal.clock import SHANGHAI, now, today
from portal.errors import Denied, RuleBroken
from portal.models import Notification, StoredFile
from services.protection import publishing
from services.protection.models import Alert, AlertVersion
from tests.factories import alerts

Stage, Status = AlertVersion.Stage, Alert.Status
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def told(person):
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("template", flat=True))


def actions(alert):
    return [event.action for event in audit.history_of(alert)]


def reread(version):
    return AlertVersion.objects.select_related("alert").get(pk=version.pk)


def test_submit_tells_the_others_of_the_desk(draft_alert, author, approver):
    version = publishing.submit(draft_alert, by=author)
    assert (version.stage, told(approver), told(author)) == (Stage.IN_REVIEW, ["alert_desk_in_review"], [])
    assert actions(version.alert) == ["alert.submitted"]


@pytest.mark.parametrize(
    ("missing", "word"),
    [
        ({"title_en": ""}, "标题"),
        ({"summary": "", "summary_en": ""}, "要点"),
        ({"body_en": ""}, "正文"),
        ({"sources": []}, "来源"),
        ({"checklist": [{"zh": "核对", "en": ""}]}, "第 1 条"),
        ({"severity": 3}, "确认期限"),
        ({"valid_from": None, "valid_to": dt.date(2020, 1, 1)}, "有效期"),
        ({"needs_market": True, "countries": []}, "出口市场"),
    ],
)
def test_submit_names_what_is_missing(author, missing, word):
    version = alerts.make_alert("draft", author=author, **missing)
    with pytest.raises(RuleBroken, match=word) as broken:
        publishing.submit(version, by=author)
    assert broken.value.code == "incomplete"
    assert reread(version).stage == Stage.DRAFT


def test_submit_waits_for_the_inspection_of_attachments(draft_alert, author):
    publishing.attach(draft_alert, SimpleUploadedFile("a.pdf", PDF), by=author)
    with pytest.raises(RuleBroken, match="安全检查"):
        publishing.submit(draft_alert, by=author)


@pytest.mark.parametrize("who", ["officer", "city_officer", "city_supervisor", "auditor", "applicant"])
@pytest.mark.parametrize("verb", ["submit", "approve", "send_back", "correct", "withdraw"])
def test_only_the_desk_moves_an_alert(verb, who, request):
    person = request.getfixturevalue(who)
    version = alerts.make_alert(
        {"submit": "draft", "approve": "in_review", "send_back": "in_review"}.get(verb, "published")
    )
    given = {"send_back": {"reason": "改"}, "withdraw": {"reason": "错", "reason_en": "wrong"}}.get(verb, {})
    subject = version.alert if verb in ("correct", "withdraw") else version
    with pytest.raises(Denied):
        getattr(publishing, verb)(subject, by=person, **given)
    assert (reread(version).stage, actions(version.alert)) == (version.stage, [])


def test_approve_publishes_and_asks_for_matching(in_review, author, approver):
    version = reread(publishing.approve(in_review, by=approver))
    alert = version.alert
    assert (version.stage, version.reviewer, alert.current_id) == (Stage.PUBLISHED, approver, version.pk)
    assert (alert.status, alert.published_at, alert.match_after) == (
        Status.PUBLISHED,
        version.published_at,
        alert.published_at,
    )
    assert told(author) == ["alert_desk_published"]
    event = audit.history_of(alert).last()
    assert (event.action, event.actor_id, event.data["reviewer"]) == ("alert.published", approver.pk, "陆清和")


def test_the_author_cannot_approve(in_review, author):
    with pytest.raises(Denied) as denied:
        publishing.approve(in_review, by=author)
    assert denied.value.code == "own_draft"
    assert not publishing.may_approve(in_review, author)


def test_whoever_changed_it_last_is_its_author(draft_alert, author, approver):
    version = publishing.change(draft_alert, {"title": "改一个字"}, by=approver)
    version = publishing.submit(version, by=author)
    with pytest.raises(Denied):
        publishing.approve(version, by=approver)
    assert publishing.approve(version, by=author).stage == Stage.PUBLISHED


def test_approve_needs_a_second_factor(in_review, approver):
    approver.authenticator_set.all().delete()
    with pytest.raises(Denied) as denied:
        publishing.approve(in_review, by=approver)
    assert denied.value.code == "second_factor_needed"


@pytest.mark.parametrize("stage", ["proposed", "draft", "scheduled", "published"])
def test_approve_is_for_what_is_in_review(stage, approver):
    version = alerts.make_alert(stage)
    with pytest.raises(RuleBroken) as broken:
        publishing.approve(version, by=approver)
    assert broken.value.code == "wrong_state"


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["scheduled", "published", "superseded"])
def test_the_database_refuses_one_person_for_both(stage, in_review, author):
    with pytest.raises(IntegrityError, match="alert_two_persons"), transaction.atomic():
        AlertVersion.objects.filter(pk=in_review.pk).update(stage=stage, reviewer=author)
    with pytest.raises(IntegrityError, match="alert_two_persons"), transaction.atomic():
        AlertVersion.objects.filter(pk=in_review.pk).update(stage=stage)


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_and_one_wins(in_review, approver):
    other, outcomes, ready = alerts.city_person("曹管理", "administrator"), [], threading.Barrier(2)

    def act(person):
        try:
            ready.wait(5)
            publishing.approve(in_review, by=person)
            outcomes.append("done")
        except RuleBroken as broken:
            outcomes.append(str(broken.sentence))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(person,)) for person in (approver, other)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert sorted(outcome == "done" for outcome in outcomes) == [False, True]
    loser = next(outcome for outcome in outcomes if outcome != "done")
    assert reread(in_review).reviewer.name in loser  # who did it, and when
    assert actions(in_review.alert) == ["alert.published"]


def test_send_back_says_why_and_opens_the_draft_again(in_review, author, approver):
    version = reread(publishing.send_back(in_review, reason="来源不清", by=approver))
    assert (version.stage, version.return_reason, version.reviewer) == (Stage.DRAFT, "来源不清", None)
    assert told(author) == ["alert_desk_returned"]
    with pytest.raises(RuleBroken):
        publishing.send_back(version, reason="再退", by=approver)


def test_send_back_needs_a_reason(in_review, approver):
    with pytest.raises(RuleBroken) as broken:
        publishing.send_back(in_review, reason="", by=approver)
    assert broken.value.code == "reason_missing"


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_scheduled_is_published_at_its_moment_and_once(in_review, author, approver, frozen):
    frozen("2026-11-22T10:00")
    version = publishing.approve(in_review, by=approver, publish_at=at("2026-11-23T08:30"))
    assert (reread(version).stage, reread(version).alert.current) == (Stage.SCHEDULED, None)
    frozen("2026-11-23T08:29:59")
    assert publishing.publish_due() == 0
    frozen("2026-11-23T08:30:00")
    assert (publishing.publish_due(), publishing.publish_due()) == (1, 0)
    version = reread(version)
    assert (version.stage, version.published_at, version.publish_at) == (Stage.PUBLISHED, now(), None)
    assert told(author) == ["alert_desk_scheduled", "alert_desk_published"]
    assert actions(version.alert) == ["alert.scheduled", "alert.published"]


def test_what_waits_for_its_moment_can_be_stopped(in_review, approver):
    version = publishing.approve(in_review, by=approver, publish_at=now() + dt.timedelta(hours=2))
    version = publishing.send_back(version, reason="暂缓", by=approver)
    assert (reread(version).stage, reread(version).publish_at) == (Stage.DRAFT, None)
    assert publishing.publish_due() == 0


@pytest.mark.parametrize("days", [181, 400])
def test_schedule_is_not_too_far_and_inside_the_period(in_review, approver, days):
    with pytest.raises(RuleBroken) as broken:
        publishing.approve(in_review, by=approver, publish_at=now() + dt.timedelta(days=days))
    assert broken.value.code == "publish_at"
    assert reread(in_review).stage == Stage.IN_REVIEW


def test_a_moment_that_has_passed_means_now(in_review, approver):
    version = publishing.approve(in_review, by=approver, publish_at=now() - dt.timedelta(minutes=1))
    assert version.stage == Stage.PUBLISHED


def test_correct_copies_and_replaces_only_when_published(publisher, approver):
    alert = alerts.published_alert(nice=[9])
    first = alert.current
    version = publishing.correct(alert, by=publisher)
    assert (version.edition, version.stage, version.nice, version.change_note) == (2, Stage.DRAFT, [9], "")
    assert Alert.objects.get(pk=alert.pk).current_id == first.pk
    data = {"title": "更正后", "change_note": "范围缩小", "change_note_en": "Narrower"}
    version = publishing.change(version, data, by=publisher)
    version = publishing.approve(publishing.submit(version, by=publisher), by=approver)
    alert.refresh_from_db()
    assert (alert.current_id, reread(first).stage) == (version.pk, Stage.SUPERSEDED)
    assert reread(first).title == alerts.WHOLE["title"]
    assert alert.published_at < version.published_at == alert.match_after


def test_a_correction_says_what_changed(publisher):
    version = publishing.correct(alerts.published_alert(), by=publisher)
    with pytest.raises(RuleBroken, match="更正说明"):
        publishing.submit(version, by=publisher)


def test_one_correction_at_a_time(publisher, approver):
    alert = alerts.published_alert()
    publishing.correct(alert, by=publisher)
    with pytest.raises(RuleBroken, match=publisher.name) as broken:
        publishing.correct(alert, by=approver)
    assert broken.value.code == "open_version"


@pytest.mark.parametrize("status", ["withdrawn", "draft"])
def test_correct_is_for_what_was_published(status, publisher):
    alert = alerts.make_alert("draft").alert
    if status == "withdrawn":
        alert = publishing.withdraw(alerts.published_alert(), reason="错", reason_en="wrong", by=publisher)
    with pytest.raises(RuleBroken):
        publishing.correct(alert, by=publisher)


def test_withdraw_stays_readable_and_ends_the_correction(publisher, approver):
    alert = alerts.published_alert()
    open_one = publishing.correct(alert, by=publisher)
    publishing.withdraw(alert, reason="来源有误", reason_en="The source was wrong", by=approver)
    alert.refresh_from_db()
    assert (alert.status, alert.withdrawn_by, alert.withdrawn_reason) == (Status.WITHDRAWN, approver, "来源有误")
    assert alert in Alert.objects.public()
    assert alert.match_after == alert.withdrawn_at
    assert reread(open_one).stage == Stage.DROPPED


@pytest.mark.parametrize("given", [{"reason": "", "reason_en": "x"}, {"reason": "错", "reason_en": " "}])
def test_withdraw_needs_reasons_in_both_languages(given, publisher):
    alert = alerts.published_alert()
    with pytest.raises(RuleBroken):
        publishing.withdraw(alert, by=publisher, **given)
    alert.refresh_from_db()
    assert alert.status == Status.PUBLISHED


def test_withdraw_twice_is_refused(publisher):
    alert = publishing.withdraw(alerts.published_alert(), reason="错", reason_en="wrong", by=publisher)
    with pytest.raises(RuleBroken):
        publishing.withdraw(alert, reason="错", reason_en="wrong", by=publisher)


def test_expires_the_day_after_its_last(db, frozen):
    frozen("2026-11-22T10:00")
    alert, endless = alerts.published_alert(valid_to=today()), alerts.published_alert(valid_to=None)
    assert publishing.expire_due() == 0
    frozen("2026-11-23T00:01")
    assert (publishing.expire_due(), publishing.expire_due()) == (1, 0)
    alert.refresh_from_db()
    endless.refresh_from_db()
    assert (alert.status, endless.status, actions(alert)) == (Status.EXPIRED, Status.PUBLISHED, ["alert.expired"])


def test_a_correction_can_prolong_what_has_expired(publisher, approver, frozen):
    frozen("2026-11-22T10:00")
    alert = alerts.published_alert(valid_to=today())
    frozen("2026-11-25T10:00")
    publishing.expire_due()
    version = publishing.correct(alert, by=publisher)
    data = {"valid_to": today() + dt.timedelta(days=30), "change_note": "延长", "change_note_en": "Prolonged"}
    version = publishing.submit(publishing.change(version, data, by=publisher), by=publisher)
    publishing.approve(version, by=approver)
    alert.refresh_from_db()
    assert alert.status == Status.PUBLISHED


def test_nothing_is_left_of_an_approval_that_fails(in_review, approver, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(publishing, "tell", fail)
    with pytest.raises(RuntimeError):
        publishing.approve(in_review, by=approver)
    version = reread(in_review)
    assert (version.stage, version.alert.current, actions(version.alert)) == (Stage.IN_REVIEW, None, [])


# --- attachments --------------------------------------------------------------------------------------------------
def with_file(author, name="notice.pdf"):
    version = alerts.make_alert("draft", author=author)
    file = publishing.attach(version, SimpleUploadedFile(name, PDF), by=author)
    StoredFile.objects.filter(pk=file.pk).update(status="clean")
    version.refresh_from_db()
    return version, file


def read(client, address):
    """Return status and bytes; a stream that nobody reads would stay open."""
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else b""
    return answer.status_code, content


def test_attachments_are_the_citys_before_and_everybodys_after_publication(client, author, approver, officer):
    version, file = with_file(author)
    address = f"/files/{file.number}/"
    assert read(client, address)[0] == read(client, "/files/ABSENT2345/")[0] == 302  # to the sign-in
    client.force_login(officer)
    assert read(client, address)[0] == 404
    client.force_login(approver)
    assert read(client, address) == (200, PDF)
    client.logout()
    publishing.approve(publishing.submit(version, by=author), by=approver)
    assert read(client, address) == (200, PDF)
    event = audit.history_of(("file", file.number)).last()
    assert (event.action, event.actor_id, event.actor_name) == ("file.read", None, "anonymous")


def test_a_file_taken_out_by_a_correction_is_not_public_any_more(client, author, approver):
    version, file = with_file(author)
    alert = publishing.approve(publishing.submit(version, by=author), by=approver).alert
    version = publishing.detach(publishing.correct(alert, by=author), file, by=author)
    data = {"change_note": "换附件", "change_note_en": "Attachment replaced"}
    version = publishing.change(AlertVersion.objects.get(pk=version.pk), data, by=author)
    publishing.approve(publishing.submit(version, by=author), by=approver)
    assert read(client, f"/files/{file.number}/")[0] == 302


def test_the_database_refuses_to_publish_a_file_in_quarantine(author):
    file = publishing.attach(alerts.make_alert("draft", author=author), SimpleUploadedFile("a.pdf", PDF), by=author)
    with pytest.raises(IntegrityError, match="file_public_is_clean"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(public_at=now())
