"""Backup and restore: one archive with every table and every stored file, a hash for each, and nothing else needed.

The tables are read in one snapshot. A restore checks every hash before it touches anything, works in one transaction,
and ends with the proof of the audit log. Made without pg_dump, which the wheel does not carry.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from portal import audit
from portal.clock import now
from portal.models import StoredFile, User

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
UNKEPT = frozenset({"django_migrations", "django_session"})  # the first is made by migrate; sessions die with the loss
CHUNK = 1024 * 1024


class BackupError(Exception):
    """The archive cannot be made or used; the text says why."""


def tables() -> dict[str, list[str]]:
    """Return {table: its columns} of everything that is kept, in a fixed order; what the database makes is left out."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - UNKEPT)
        describe = connection.introspection.get_table_description
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND is_generated = 'ALWAYS'"
        )
        made = set(cursor.fetchall())
        return {n: [one.name for one in describe(cursor, n) if (n, one.name) not in made] for n in names}


def migrations() -> list[str]:
    """Return the applied migrations: an archive fits only a database of the same shape."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _quoted(names: list[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


# --- backup -------------------------------------------------------------------------------------------------------
def backup(path: Path) -> dict[str, Any]:
    """Write the archive and return its manifest. Raises BackupError when a stored file is missing or damaged."""
    draft = path.with_name(f"{path.name}.part")
    try:
        with tarfile.open(draft, "w:gz", compresslevel=3) as archive, _snapshot():
            manifest = {
                "format": FORMAT,
                "made_at": now().isoformat(),
                "migrations": migrations(),
                "tables": {name: _add_table(archive, name, columns) for name, columns in tables().items()},
                "files": _add_files(archive),
            }
            packed = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            _add(archive, MANIFEST, packed)
            _add(archive, SEAL, hashlib.sha256(packed).hexdigest().encode())
        draft.chmod(0o600)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


@contextmanager
def _snapshot() -> Iterator[None]:
    """All tables as of one moment, while the portal goes on working."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def _add_table(archive: tarfile.TarFile, name: str, columns: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as stream, connection.cursor() as cursor:
        table = connection.ops.quote_name(name)
        cursor.copy_expert(f"COPY (SELECT {_quoted(columns)} FROM {table} ORDER BY 1) TO STDOUT", stream)  # noqa: S608
        rows, size = cursor.rowcount, stream.tell()
        stream.seek(0)
        digest = _digest(stream)
        stream.seek(0)
        entry = tarfile.TarInfo(f"tables/{name}.copy")
        entry.size, entry.mode = size, 0o600
        archive.addfile(entry, stream)
    return {"columns": columns, "rows": rows, "sha256": digest}


def _add_files(archive: tarfile.TarFile) -> dict[str, str]:
    kept: dict[str, str] = {}
    for key, sha256, size in StoredFile.objects.order_by("pk").values_list("key", "sha256", "size").iterator():
        if not default_storage.exists(key):
            raise BackupError(f"the bytes of file {key} are missing")
        with default_storage.open(key, "rb") as stream:
            if _digest(stream) != sha256:
                raise BackupError(f"file {key} is damaged: its hash differs")
            stream.seek(0)
            entry = tarfile.TarInfo(f"files/{key}")
            entry.size, entry.mode = size, 0o600
            archive.addfile(entry, stream)
        kept[key] = sha256
    return kept


# --- restore ------------------------------------------------------------------------------------------------------
def restore(path: Path, *, overwrite: bool = False) -> dict[str, Any]:
    """Put everything back as the archive has it, or nothing; return the manifest.

    Raises BackupError: damaged, made for another shape of the database, or a database that is in use and not meant to
    be overwritten.
    """
    manifest = verified(path)
    if manifest["migrations"] != migrations():
        raise BackupError("the archive was made by another version: run the migrations of that version first")
    if User.objects.exists() and not overwrite:
        raise BackupError("this database holds people: restore into an empty one, or say --overwrite")
    with tarfile.open(path, "r:gz") as archive, transaction.atomic():
        _guard("DISABLE")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"TRUNCATE {_quoted([*tables(), 'django_session'])}")
        for entry in archive:
            kind, _slash, name = entry.name.partition("/")
            stream = archive.extractfile(entry)
            if kind == "tables" and stream:
                _load_table(name.removesuffix(".copy"), manifest["tables"], stream)
            elif kind == "files" and stream:
                _load_file(name, stream)
        _set_sequences()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _guard("ENABLE")
        faults = [f"#{fault.event_id}: {fault.why}" for fault in audit.verify()]
        if faults:
            raise BackupError(f"the audit log in the archive is not whole: {faults[0]}")
    return manifest


def _read(path: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the hash of every member, and the two texts about them."""
    found: dict[str, str] = {}
    texts: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for entry in archive:
                stream = archive.extractfile(entry)
                if stream is None:
                    raise BackupError(f"damaged: {entry.name} is no file")
                if entry.name in (MANIFEST, SEAL):
                    texts[entry.name] = stream.read()
                else:
                    found[entry.name] = _digest(stream)
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError) as error:
        raise BackupError(f"damaged: {error}") from error
    return found, texts


def verified(path: Path) -> dict[str, Any]:
    """Return the manifest after every member was read and its hash compared. Raises BackupError."""
    found, texts = _read(path)
    packed = texts.get(MANIFEST, b"")
    if not packed or texts.get(SEAL, b"") != hashlib.sha256(packed).hexdigest().encode():
        raise BackupError("damaged: the manifest is missing or changed")
    manifest: dict[str, Any] = json.loads(packed)
    expected = {f"tables/{name}.copy": table["sha256"] for name, table in manifest["tables"].items()}
    expected |= {f"files/{key}": sha256 for key, sha256 in manifest["files"].items()}
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if wrong:
        raise BackupError(f"damaged: {wrong[0]} ({len(wrong)} of {len(expected)})")
    return manifest


def _guard(word: str) -> None:
    """Triggers, the log's guard and those that note changes, step aside inside this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {_quoted([table])} {word} TRIGGER USER")


def _load_table(name: str, known: dict[str, Any], stream: IO[bytes]) -> None:
    present = tables()
    if name not in present or set(known[name]["columns"]) != set(present[name]):
        raise BackupError(f"table {name} has another shape here")
    with connection.cursor() as cursor:
        columns = _quoted(known[name]["columns"])
        cursor.copy_expert(f"COPY {connection.ops.quote_name(name)} ({columns}) FROM STDIN", stream)
        if cursor.rowcount != known[name]["rows"]:
            raise BackupError(f"table {name}: {cursor.rowcount} rows instead of {known[name]['rows']}")


def _load_file(key: str, stream: IO[bytes]) -> None:
    if not default_storage.exists(key) and default_storage.save(key, File(stream)) != key:
        raise BackupError(f"file {key} cannot be stored under its name")


def _set_sequences() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname) FROM pg_class t "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace "
            "AND pg_get_serial_sequence(quote_ident(t.relname), a.attname) IS NOT NULL"
        )
        for table, column, sequence in cursor.fetchall():
            highest = f"(SELECT MAX({_quoted([column])}) FROM {_quoted([table])})"  # noqa: S608 - from the catalogue
            cursor.execute(f"SELECT setval(%s, COALESCE({highest}, 0) + 1, false)", [sequence])
