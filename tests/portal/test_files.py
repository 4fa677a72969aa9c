"""Uploads: stored once and for all, in quarantine until inspected, opened through one door."""

import hashlib
import re
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal import antivirus, audit, files, files_inspection, procedures
from portal.errors import Denied, RuleBroken
from portal.models import Application, AuditEvent, Organisation, StoredFile, User
from tests.factories import cases, people
from tests.factories import documents as made

SLOT = "evidence"
QUARANTINED, CLEAN, REFUSED = StoredFile.Status.QUARANTINED, StoredFile.Status.CLEAN, StoredFile.Status.REFUSED


def upload(data: bytes | None = None, name: str = "管理制度.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, made.pdf() if data is None else data, content_type="text/html")


@pytest.fixture
def attached(draft: Application, applicant: User) -> StoredFile:
    return files.attach(upload(), slot=SLOT, application=draft, by=applicant)


@pytest.fixture
def clean(attached: StoredFile) -> StoredFile:
    return files.inspect(attached)


def test_attach_stores_in_quarantine_under_a_random_name(draft: Application, applicant: User) -> None:
    data = made.pdf(pages=2)
    file = files.attach(upload(data, "../../管理 制度.pdf"), slot=SLOT, application=draft, by=applicant)
    assert (file.status, file.version, file.size) == (QUARANTINED, 1, len(data))
    assert (file.name, file.media_type) == ("管理 制度.pdf", "application/pdf")
    assert (file.sha256, file.organisation) == (hashlib.sha256(data).hexdigest(), draft.organisation)
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}", file.key)
    with default_storage.open(file.key) as stream:
        assert stream.read() == data
    event = audit.history_of(draft).last()
    assert event is not None
    assert (event.action, event.actor_id, event.data["sha256"]) == ("file.attached", applicant.pk, file.sha256)


def test_attach_again_makes_a_version_and_keeps_the_old(clean: StoredFile, draft: Application, applicant: User) -> None:
    second = files.attach(upload(made.png(), "a.png"), slot=SLOT, application=draft, series=clean.series, by=applicant)
    assert (second.version, second.status, second.series) == (2, QUARANTINED, clean.series)
    clean.refresh_from_db()
    assert (clean.status, clean.version) == (CLEAN, 1)
    assert default_storage.exists(clean.key)
    assert list(files.newest(draft, slot=SLOT)) == [second]


def test_attach_to_a_series_of_another_case_is_refused(clean: StoredFile, stranger: User, call: Any) -> None:
    other = cases.make_draft(Organisation.objects.get(memberships__user=stranger), stranger, call)
    with pytest.raises(RuleBroken, match="不在这里"):
        files.attach(upload(), slot=SLOT, application=other, series=clean.series, by=stranger)
    assert StoredFile.objects.filter(series=clean.series).count() == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<svg/>", "file_wrong_type"),
        (b"<!DOCTYPE html>", "file_wrong_type"),
        (b"%PDF-1.4\n" + b"0" * (files.MAX_SIZE), "file_too_large"),
        (made.docm(), "file_macro"),
    ],
)
def test_attach_refuses_at_once_with_a_sentence(data: bytes, code: str, draft: Application, applicant: User) -> None:
    before = StoredFile.objects.count()
    with pytest.raises(RuleBroken) as refused:
        files.attach(upload(data), slot=SLOT, application=draft, by=applicant)
    assert (refused.value.code, str(refused.value)[-1]) == (code, "。")
    assert StoredFile.objects.count() == before


def test_attach_by_stranger_viewer_or_official_is_denied(
    draft: Application, stranger: User, viewer: User, officer: User
) -> None:
    for person in (stranger, viewer, officer):
        with pytest.raises(Denied):
            files.attach(upload(), slot=SLOT, application=draft, by=person)
    with pytest.raises(Denied):
        files.attach(upload(), slot="licence", organisation=draft.organisation, by=stranger)


def test_attach_to_a_locked_question_is_refused(organisation: Organisation, applicant: User) -> None:
    application = cases.submitted(organisation, applicant)
    with pytest.raises(RuleBroken) as refused:
        files.attach(upload(), slot=SLOT, application=application, by=applicant)
    assert refused.value.code == "locked"


def test_attach_more_than_fits_is_refused(
    attached: StoredFile, draft: Application, applicant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_PER_APPLICATION", StoredFile.objects.filter(application=draft).count())
    with pytest.raises(RuleBroken) as refused:
        files.attach(upload(), slot=SLOT, application=draft, by=applicant)
    assert refused.value.code == "file_too_many"


def test_attach_leaves_nothing_behind_when_the_audit_fails(
    draft: Application, applicant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(audit, "record", lambda *a, **k: 1 / 0)
    put = files.put
    monkeypatch.setattr(files, "put", lambda uploaded: kept.append(put(uploaded)[0]) or (kept[0], "0" * 64))
    with pytest.raises(ZeroDivisionError):
        files.attach(upload(), slot=SLOT, application=draft, by=applicant)
    assert not default_storage.exists(kept[0])
    assert not StoredFile.objects.filter(key=kept[0]).exists()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("报告.pdf", "报告.pdf"),
        ("C:\\fakepath\\报告.pdf", "报告.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("..", "file.pdf"),
        ("", "file.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("evil\u202efdp.exe", "evil fdp.exe.pdf"),
        ("zero\u200bwidth\x00.pdf", "zero width .pdf"),
        ("run.pdf.exe", "run.pdf.exe.pdf"),
        ("<script>.pdf", "_script_.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        (".htaccess", "htaccess.pdf"),
        ("CON.PDF", "CON.PDF"),
    ],
)
def test_odd_names_are_made_harmless_for_display(raw: str, shown: str) -> None:
    assert files._with_suffix(files.display_name(raw), "application/pdf") == shown


def test_inspect_sound_file_becomes_clean(attached: StoredFile, draft: Application) -> None:
    file = files.inspect(attached)
    assert (file.status, file.refusal, file.inspection_attempts) == (CLEAN, "", 1)
    assert audit.history_of(draft).last().action == "file.found_clean"  # type: ignore[union-attr]
    assert files.inspect(file).inspection_attempts == 1


def test_inspect_hostile_file_is_refused_with_a_sentence(draft: Application, applicant: User) -> None:
    file = files.inspect(files.attach(upload(made.scripted_pdf()), slot=SLOT, application=draft, by=applicant))
    assert (file.status, file.refusal) == (REFUSED, "script")
    assert "脚本" in file.refusal_text
    with pytest.raises(RuleBroken, match="脚本"):
        files.open_for(applicant, file)


def test_inspect_that_fails_keeps_quarantine_and_in_the_end_refuses(
    attached: StoredFile, frozen: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_inspection, "inspect", lambda *a: 1 / 0)
    for attempt in range(1, files.MAX_ATTEMPTS):
        frozen(f"2027-01-01 10:{attempt * 3:02d}")
        assert files.sweep_inspections() == 0
        attached.refresh_from_db()
        assert (attached.status, attached.inspection_attempts) == (QUARANTINED, attempt)
        assert files.sweep_inspections() == 0  # not again at once
    frozen("2027-01-01 11:00")
    assert files.sweep_inspections() == 1
    attached.refresh_from_db()
    assert (attached.status, attached.refusal) == (REFUSED, "unreadable")


def test_file_that_kills_its_worker_is_refused_in_the_end(attached: StoredFile) -> None:
    StoredFile.objects.filter(pk=attached.pk).update(inspection_attempts=files.MAX_ATTEMPTS)
    files.sweep_inspections()
    attached.refresh_from_db()
    assert (attached.status, attached.refusal) == (REFUSED, "unreadable")


def test_inspect_missing_bytes_keeps_quarantine(attached: StoredFile) -> None:
    default_storage.delete(attached.key)
    assert files.inspect(attached).status == QUARANTINED


class Scanner(threading.Thread):
    """A stand-in for clamd: one connection, one answer."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(daemon=True)
        self.answer, self.received = answer, b""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.start()

    def run(self) -> None:
        line, _peer = self.server.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(stream.read(4), "big"):
                self.received += stream.read(size)
            line.sendall(self.answer + b"\0")
        self.server.close()

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("answer", "status"), [(b"stream: OK", CLEAN), (b"stream: Eicar FOUND", REFUSED), (b"busy", QUARANTINED)]
)
def test_virus_scanner_is_asked_where_configured(
    answer: bytes, status: str, attached: StoredFile, settings: Any
) -> None:
    scanner = Scanner(answer)
    settings.CLAMAV_URL = scanner.url
    assert files.inspect(attached).status == status
    scanner.join(5)
    assert hashlib.sha256(scanner.received).hexdigest() == attached.sha256


def test_virus_scanner_away_keeps_quarantine_and_counts_nothing(
    attached: StoredFile, applicant: User, settings: Any
) -> None:
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"
    file = files.inspect(attached)
    file.refresh_from_db()
    assert (file.status, file.inspection_attempts) == (QUARANTINED, 0)
    with pytest.raises(RuleBroken, match="检查"):
        files.open_for(applicant, file)
    with pytest.raises(antivirus.Unreachable), default_storage.open(file.key) as stream:
        antivirus.finds_virus(stream)


def test_open_for_member_streams_and_is_audited(clean: StoredFile, viewer: User) -> None:
    with files.open_for(viewer, clean) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == clean.sha256
    event = AuditEvent.objects.get(action="file.read")
    assert (event.actor_id, event.subject_id, event.organisation_id) == (viewer.pk, clean.number, clean.organisation_id)


def test_open_for_quarantined_file_waits(attached: StoredFile, applicant: User) -> None:
    with pytest.raises(RuleBroken) as refused:
        files.open_for(applicant, attached)
    assert refused.value.code == "file_quarantined"


@pytest.fixture
def in_review(clean: StoredFile, draft: Application, applicant: User, officer: User) -> StoredFile:
    """The file, with its case in verification; the officer has declared."""
    procedures.submit(draft, by=applicant)
    procedures.declare(draft, has_conflict=False, by=officer)
    return clean


def seen(person: User, file: StoredFile) -> str:
    """Return open, refused (the case is known, its content is not) or hidden."""
    person.forget_standing()
    if not StoredFile.objects.visible_to(person).filter(pk=file.pk).exists():
        return "hidden"
    try:
        files.open_for(person, StoredFile.objects.get(pk=file.pk)).close()
    except Denied:
        return "refused"
    return "open"


def test_open_of_a_draft_is_for_members_only(
    clean: StoredFile, colleague: User, officer: User, city_supervisor: User, stranger: User, expert: User
) -> None:
    people_seen = [seen(person, clean) for person in (colleague, officer, city_supervisor, stranger, expert)]
    assert people_seen == ["open", "hidden", "hidden", "hidden", "hidden"]


def test_open_of_a_case_needs_jurisdiction_and_a_declaration(
    in_review: StoredFile, officer: User, supervisor: User, other_officer: User, city_officer: User, auditor: User
) -> None:
    assert seen(officer, in_review) == "open"
    assert [seen(person, in_review) for person in (supervisor, city_officer, auditor)] == ["refused"] * 3
    assert seen(other_officer, in_review) == "hidden"
    procedures.declare(in_review.application, has_conflict=True, by=supervisor)
    assert seen(supervisor, in_review) == "refused"


def test_open_by_expert_needs_invitation_and_declaration(
    clean: StoredFile, draft: Application, applicant: User, officer: User, supervisor: User, expert: User
) -> None:
    procedures.submit(draft, by=applicant)
    procedures.declare(draft, has_conflict=False, by=officer)
    procedures.take(draft, by=officer)
    procedures.record_review(draft, stage="verify", is_pass=True, reason="齐。", by=officer)
    procedures.declare(draft, has_conflict=False, by=supervisor)
    procedures.record_review(draft, stage="recommend", is_pass=True, reason="荐。", by=supervisor)
    assert seen(expert, clean) == "hidden"
    people.make_expert()
    procedures.draw_experts(draft, by=None)
    assert seen(expert, clean) == "refused"
    procedures.declare(draft, has_conflict=False, by=expert)
    assert seen(expert, clean) == "open"


def test_open_of_a_licence_is_for_the_enterprise_and_its_officials(
    organisation: Organisation, applicant: User, officer: User, other_officer: User, stranger: User, city_officer: User
) -> None:
    licence = files.inspect(files.attach(upload(), slot="licence", organisation=organisation, by=applicant))
    people_seen = [seen(p, licence) for p in (applicant, officer, city_officer, other_officer, stranger)]
    assert people_seen == ["open", "open", "open", "hidden", "hidden"]


def test_open_of_a_report_is_for_its_maker_only(officer: User, supervisor: User, city_supervisor: User) -> None:
    file = files.keep(b"a,b", name="报表.csv", media_type="text/csv", slot="report", by=officer)
    assert [seen(p, file) for p in (officer, supervisor, city_supervisor)] == ["open", "hidden", "hidden"]


def test_download_is_an_attachment_that_cannot_run(clean: StoredFile, applicant: User, client: Client) -> None:
    client.force_login(applicant)
    response = client.get(f"/files/{clean.number}/")
    assert response.status_code == 200
    assert response["Content-Disposition"] == ("attachment; filename*=utf-8''%E7%AE%A1%E7%90%86%E5%88%B6%E5%BA%A6.pdf")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/pdf"
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(body).hexdigest() == clean.sha256


def test_download_of_foreign_and_absent_files_looks_alike(clean: StoredFile, stranger: User, client: Client) -> None:
    client.force_login(stranger)
    foreign, absent = client.get(f"/files/{clean.number}/"), client.get("/files/ABSENT2345/")
    assert (foreign.status_code, absent.status_code) == (404, 404)
    token = re.compile(rb"[A-Za-z0-9]{64}")  # of the forms' protection, new on each page
    shown = [token.sub(b"", page.content.replace(clean.number.encode(), b"ABSENT2345")) for page in (foreign, absent)]
    assert shown[0] == shown[1]
    client.logout()
    assert client.get(f"/files/{clean.number}/").status_code == 302


def test_download_in_quarantine_says_why(attached: StoredFile, applicant: User, client: Client) -> None:
    client.force_login(applicant)
    response = client.get(f"/files/{attached.number}/")
    assert response.status_code == 409
    assert "安全检查" in response.content.decode()
