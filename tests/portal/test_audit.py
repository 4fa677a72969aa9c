"""The log cannot be changed: the guard refuses, tampering behind its back is found and the row named."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from portal import audit
from portal.models import AuditAnchor, AuditEvent, Organisation, User

SUBJECT = ("case", "SQ-1")


def write(count: int = 3, subject: tuple[str, str] = SUBJECT) -> list[AuditEvent]:
    with transaction.atomic():
        return [audit.record(subject, "looked", data={"n": n, "字": "值"}) for n in range(count)]


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody with the owner's rights would do it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_auditevent DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE portal_auditanchor DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE portal_auditevent ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE portal_auditanchor ENABLE TRIGGER USER")


def broken() -> set[int]:
    return {fault.event_id for fault in audit.verify()}


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["portal_auditevent", "portal_auditanchor"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_guard_refuses_every_change(table: str, sql: str) -> None:
    write()
    audit.seal()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))
    assert (AuditEvent.objects.count(), AuditAnchor.objects.count(), broken()) == (3, 1, set())


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(SUBJECT, "looked")


@pytest.mark.django_db
def test_record_chains_per_subject() -> None:
    first, second = write(2)
    (other,) = write(1, ("case", "SQ-2"))
    assert (first.previous_hash, second.previous_hash, other.previous_hash) == (
        audit.GENESIS,
        first.hash,
        audit.GENESIS,
    )
    assert [first.sequence, second.sequence, other.sequence] == [1, 2, 1]
    assert list(audit.history_of(SUBJECT)) == [first, second]


@pytest.mark.django_db
def test_record_copies_names(organisation: Organisation, applicant: User) -> None:
    with transaction.atomic():
        event = audit.record(organisation, "organisation.looked", by=applicant)
    expected = ("organisation", organisation.number, organisation.name, "林知远", organisation.pk)
    found = (event.subject_type, event.subject_id, event.subject_label, event.actor_name, event.organisation_id)
    assert found == expected


CHANGES = {
    "data": """data = '{"n": 9}'""", "actor": "actor_name = 'x'", "moment": "at = at + interval '1 second'",
    "action": "action = 'x'", "organisation": "organisation_id = 5", "label": "subject_label = 'x'",
    "hash": "hash = repeat('0', 64)", "previous": "previous_hash = repeat('0', 64)", "sequence": "sequence = 9",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_verify_names_the_changed_row(change: str) -> None:
    rows = write(3)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE portal_auditevent SET {CHANGES[change]} WHERE id = %s", [rows[1].pk])
    assert rows[1].pk in broken()


@pytest.mark.django_db
def test_verify_finds_a_removed_row_and_an_inserted_one() -> None:
    rows = write(3)
    with unguarded():
        rows[1].delete()
    assert broken() == {rows[2].pk}


@pytest.mark.django_db
def test_verify_finds_what_the_chain_alone_cannot_by_the_seal() -> None:
    rows = write(3)
    audit.seal()
    with unguarded():
        AuditEvent.objects.filter(pk=rows[2].pk).delete()  # the last of its chain: no gap shows
    assert broken() == {rows[2].pk}


@pytest.mark.django_db
def test_verify_finds_a_chain_that_was_written_anew() -> None:
    rows = write(3)
    audit.seal()
    with unguarded():
        previous = audit.GENESIS
        for row in rows:
            row.data, row.previous_hash = {"n": "forged"}, previous
            row.hash = previous = audit.digest(row)
            row.save()
    assert broken() == {rows[2].pk}  # only the seal knows


@pytest.mark.django_db
def test_seals_are_chained_and_hold_new_rows_only() -> None:
    write(2)
    first = audit.seal()
    assert audit.seal() is None
    write(3)
    second = audit.seal()
    assert first is not None
    assert second is not None
    assert (first.event_count, second.event_count, second.previous_digest) == (2, 3, first.digest)
    assert broken() == set()


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_of_one_subject_keep_the_chain() -> None:
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        for _turn in range(10):
            write(1)
        connection.close()

    sealed: list[int] = []

    def seal() -> None:
        barrier.wait()
        for _turn in range(5):
            anchor = audit.seal()
            sealed.append(anchor.event_count if anchor else 0)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(7)] + [threading.Thread(target=seal)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    audit.seal()
    assert list(audit.history_of(SUBJECT).values_list("sequence", flat=True)) == list(range(1, 71))
    assert broken() == set()


@pytest.mark.django_db
def test_command_verifies_and_names_the_broken_row() -> None:
    rows = write(3)
    out, err = StringIO(), StringIO()
    call_command("audit_seal", stdout=out)
    call_command("audit_verify", stdout=out)
    assert "whole: 3 rows, 1 seals" in out.getvalue()
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE portal_auditevent SET action = 'x' WHERE id = %s", [rows[1].pk])
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", stderr=err)
    assert ended.value.code == 1
    assert f"#{rows[1].pk} case SQ-1 #2" in err.getvalue()
