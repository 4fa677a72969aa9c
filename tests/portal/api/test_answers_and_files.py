"""Answers with revisions, uploads to one's own slot, and the door through which files leave."""

import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import files, procedures
from portal.models import Application, Call, Organisation, StoredFile, User

pytestmark = pytest.mark.django_db


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEAD = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
PIXEL = zlib.compress(b"\x00\xff\xff\xff")
PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", HEAD) + chunk(b"IDAT", PIXEL) + chunk(b"IEND", b"")


def test_create_opens_a_draft_and_returns_it_again(
    api: Any, colleague: User, organisation: Organisation, call: Call
) -> None:
    body = {"call": call.number, "organisation": organisation.number}
    first, second = (api(colleague).post("/applications/", body) for _turn in range(2))
    assert (first.status_code, first.json()["status"]) == (201, "draft")
    assert second.json()["number"] == first.json()["number"]
    assert first.json()["obstacles"]


def test_create_for_a_foreign_enterprise_or_by_a_viewer(
    api: Any, stranger: User, viewer: User, organisation: Organisation, call: Call
) -> None:
    body = {"call": call.number, "organisation": organisation.number}
    assert api(stranger).post("/applications/", body).status_code == 404
    assert api(viewer).post("/applications/", body).status_code == 403


def test_answers_are_cleaned_saved_and_numbered(draft: Application, api: Any, colleague: User) -> None:
    path, body = (
        f"/applications/{draft.number}/answers/",
        {"answers": {"ip_staff": "１２"}, "revisions": {"ip_staff": 1}},
    )
    answer = api(colleague).patch(path, body)
    assert answer.status_code == 200, answer.json()
    saved = {row["key"]: row for row in answer.json()["answers"]}["ip_staff"]
    assert (saved["value"], saved["revision"], saved["updated_by"]) == (12, 2, colleague.name)


def test_answers_of_a_slower_person_are_a_conflict_that_shows_both(
    draft: Application, api: Any, colleague: User, applicant: User
) -> None:
    path = f"/applications/{draft.number}/answers/"
    assert api(colleague).patch(path, {"answers": {"ip_staff": 7}, "revisions": {"ip_staff": 1}}).status_code == 200
    late = api(applicant).patch(path, {"answers": {"ip_staff": 8}, "revisions": {"ip_staff": 1}})
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")
    assert [(row["key"], row["value"], row["revision"]) for row in late.json()["current"]] == [("ip_staff", 7, 2)]
    assert procedures.answers_of(draft)["ip_staff"] == 7


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ip_staff", "many"), ("ip_staff", {"a": 1}), ("ip_staff", [1]), ("no_such", 1), ("rules_file", ["AAAAAAAAAA"]),
        ("rules_file", "x"), ("ip_staff", "\x00"), ("ip_staff", 10**30),
    ],
)  # fmt: skip
def test_answers_that_do_not_fit_are_named(draft: Application, api: Any, applicant: User, key: str, value: Any) -> None:
    answer = api(applicant).patch(f"/applications/{draft.number}/answers/", {"answers": {key: value}})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == [f"answers.{key}"]


def test_answers_by_a_viewer_a_stranger_and_after_submission(
    draft: Application, api: Any, viewer: User, stranger: User, applicant: User, officer: User
) -> None:
    path, body = f"/applications/{draft.number}/answers/", {"answers": {"ip_staff": 7}, "revisions": {"ip_staff": 1}}
    assert api(viewer).patch(path, body).status_code == 403
    assert api(stranger).patch(path, body).status_code == 404
    procedures.submit(draft, by=applicant)
    late = api(applicant).patch(path, body)
    assert (late.status_code, late.json()["code"]) == (409, "locked")


def upload(person: Any, application: Application, slot: str = "rules_file", **extra: Any) -> Any:
    body = {"file": SimpleUploadedFile("制度.png", PNG), "slot": slot, **extra.pop("body", {})}
    return person.post(f"/applications/{application.number}/files/", body, form=True, **extra)


def test_upload_is_stored_once_and_may_be_named_in_the_answer(draft: Application, api: Any, colleague: User) -> None:
    before = StoredFile.objects.count()
    first = upload(api(colleague), draft, key="up")
    second = upload(api(colleague), draft, key="up")
    assert first.status_code == 201, first.json()
    assert (second.json(), StoredFile.objects.count()) == (first.json(), before + 1)
    assert first.json()["status"] == "quarantined"
    body = {"answers": {"rules_file": [first.json()["number"]]}, "revisions": {"rules_file": 1}}
    assert api(colleague).patch(f"/applications/{draft.number}/answers/", body).status_code == 200
    other_key = upload(api(colleague), draft, "ip_staff", key="up")
    assert (other_key.status_code, other_key.json()["code"]) == (422, "key_reused")


def test_upload_by_others_or_when_locked(
    draft: Application, api: Any, viewer: User, stranger: User, applicant: User, officer: User
) -> None:
    assert upload(api(viewer), draft).status_code == 403
    assert upload(api(stranger), draft).status_code == 404
    procedures.submit(draft, by=applicant)
    assert upload(api(applicant), draft).status_code == 409


def test_file_leaves_only_clean_and_only_to_those_who_may(
    draft: Application, api: Any, applicant: User, stranger: User
) -> None:
    number = upload(api(applicant), draft).json()["number"]
    assert api(applicant).get(f"/files/{number}/content/").json()["code"] == "file_quarantined"
    files.inspect(StoredFile.objects.get(number=number))
    meta = api(applicant).get(f"/files/{number}/").json()
    assert (meta["status"], meta["download"]) == ("clean", f"http://testserver/api/v1/files/{number}/content/")
    answer = api(applicant).get(f"/files/{number}/content/")
    assert b"".join(answer.streaming_content) == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for path in (f"/files/{number}/", f"/files/{number}/content/"):
        foreign, absent = api(stranger).get(path), api(stranger).get(path.replace(number, "AAAAAAAAAA"))
        assert (foreign.status_code, foreign.json()) == (404, absent.json())


def test_file_of_a_case_waits_for_the_declaration(submitted: Application, api: Any, officer: User) -> None:
    number = submitted.files.values_list("number", flat=True)[0]
    answer = api(officer).get(f"/files/{number}/content/")
    assert (answer.status_code, answer.json()["code"]) == (403, "undeclared")
