"""After a test with real transactions: empty the tables, but for what migrations and rule files put there.

Django's own flush cannot: the audit log's guard refuses TRUNCATE, and districts and rules would be gone for the rest.
Most tests leave a few rows in a few tables: deleting those takes a tenth of truncating every table.
"""

from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {
    "django_content_type",
    "django_migrations",
    "auth_permission",
    "portal_district",
    "portal_office",
    "portal_rule",
    "portal_holiday",
    "portal_holidayyear",
}
FEW = 500  # rows of one table; with more, truncating all is quicker and leaves no holes


def empty_tables(_case: TransactionTestCase) -> None:
    """Empty every table that tests write to; the guard sleeps meanwhile."""
    names = [name for name in connection.introspection.table_names() if name not in KEPT]
    with connection.cursor() as cursor:
        counts = _counts(cursor, names)
        guarded = _guarded(cursor)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        if max(counts.values()) > FEW:
            listed = ", ".join(connection.ops.quote_name(name) for name in names)
            cursor.execute(f"TRUNCATE {listed} RESTART IDENTITY")
        else:
            _delete(cursor, [name for name in names if counts[name]])
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _guarded(cursor: Any) -> list[str]:
    """Return the tables with triggers of ours: the log's guard, and those that note what changed."""
    cursor.execute(
        "SELECT DISTINCT quote_ident(c.relname) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    return [table for (table,) in cursor.fetchall()]


def _counts(cursor: Any, names: list[str]) -> dict[str, int]:
    """Return how many rows each table has, counted no further than FEW and one."""
    quoted = [(name, connection.ops.quote_name(name)) for name in names]
    parts = [
        f"SELECT '{name}', (SELECT count(*) FROM (SELECT FROM {table} LIMIT {FEW + 1}) r)" for name, table in quoted
    ]
    cursor.execute(" UNION ALL ".join(parts))
    return dict(cursor.fetchall())


def _delete(cursor: Any, names: list[str]) -> None:
    """Delete all rows in one transaction: foreign keys are looked at in the end. Keys begin at 1 again."""
    with transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name in names:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
    for one in [found for name in names for found in connection.introspection.get_sequences(cursor, name)]:
        cursor.execute(f"ALTER SEQUENCE {connection.ops.quote_name(one['name'])} RESTART")


TransactionTestCase._fixture_teardown = empty_tables
