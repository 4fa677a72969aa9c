"""A backup is proven by its restore: every table and file equal; a damaged one is refused before anything changes."""

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import TransactionTestCase

from portal import audit, backups, files
from portal.models import Application, AuditEvent, Office, Rule, StoredFile, User
from tests.emptying import empty_tables
from tests.factories import cases, documents, people

pytestmark = pytest.mark.django_db(transaction=True)


def fingerprints() -> dict[str, str]:
    """Return a hash of every row of every table that is kept."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in backups.tables().items():
            listed = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f"SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM (SELECT {listed} FROM {table}) t"
            )
            found[table] = cursor.fetchone()[0] or ""
    return found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A case with a real file, a sealed log, and its backup."""
    organisation = people.make_organisation()
    owner = people.join(people.make_user(), organisation)
    draft = cases.make_draft(organisation, owner, complete=False)
    made = [
        files.inspect(
            files.attach(
                SimpleUploadedFile(f"{n}.pdf", documents.pdf(pages=n)), slot="evidence", application=draft, by=owner
            )
        )
        for n in (1, 2)
    ]
    audit.seal()
    archive = tmp_path / "portal.backup"
    backups.backup(archive)
    yield {"archive": archive, "files": made, "before": fingerprints()}
    for file in made:
        default_storage.delete(file.key)


def lose_everything(made: list[StoredFile]) -> None:
    for file in made:
        default_storage.delete(file.key)
    empty_tables(TransactionTestCase())


def test_restore_brings_back_every_row_and_file(world: dict[str, Any]) -> None:
    lose_everything(world["files"])
    assert not User.objects.exists()
    call_command("restore", world["archive"], verbosity=0)
    assert fingerprints() == world["before"]
    assert sum(1 for value in world["before"].values() if value) > 12
    for file in world["files"]:
        with default_storage.open(file.key) as stream:
            assert hashlib.sha256(stream.read()).hexdigest() == file.sha256
    assert list(audit.verify()) == []
    assert (Office.objects.count(), Rule.objects.exists()) == (17, True)


def test_after_a_restore_the_portal_goes_on(world: dict[str, Any]) -> None:
    lose_everything(world["files"])
    backups.restore(world["archive"])
    newest = AuditEvent.objects.order_by("-pk").first()
    assert newest is not None
    with transaction.atomic():
        event = audit.record(Application.objects.get(), "looked")
    assert event.pk > newest.pk
    people.make_user()
    with pytest.raises(DatabaseError, match="append-only"):
        AuditEvent.objects.all().delete()


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "text"])
def test_damaged_backup_is_refused_and_nothing_changes(world: dict[str, Any], harm: str) -> None:
    data = world["archive"].read_bytes()
    plain = gzip.decompress(data)
    place = plain.index(b"%PDF-") + 9
    spoilt = {
        "cut": data[: len(data) // 2],
        "flip": gzip.compress(plain[:place] + bytes([plain[place] ^ 1]) + plain[place + 1 :]),
        "empty": b"",
        "text": b"not an archive",
    }[harm]
    world["archive"].write_bytes(spoilt)
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", world["archive"], "--overwrite")
    assert fingerprints() == world["before"]


def test_restore_over_a_used_database_needs_the_word(world: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="overwrite"):
        call_command("restore", world["archive"])
    people.make_user()
    call_command("restore", world["archive"], "--overwrite", verbosity=0)
    assert fingerprints() == world["before"]


def test_restore_of_another_version_is_refused(world: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "migrations", lambda: ["portal.9999"])
    with pytest.raises(backups.BackupError, match="another version"):
        backups.restore(world["archive"], overwrite=True)


def test_backup_with_a_missing_or_damaged_file_says_so(world: dict[str, Any], tmp_path: Path) -> None:
    key = world["files"][0].key
    Path(default_storage.path(key)).write_bytes(b"changed")
    with pytest.raises(CommandError, match="damaged"):
        call_command("backup", tmp_path / "second")
    default_storage.delete(key)
    with pytest.raises(CommandError, match="missing"):
        call_command("backup", tmp_path / "second")
    assert not list(tmp_path.glob("second*"))
