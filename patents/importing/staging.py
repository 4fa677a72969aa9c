"""Rows of a file into the staging table: the reading process writes lines, COPY takes them some thousands at a time."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import islice
from typing import Any

from django.db import connection, transaction

from patents.importing import sandbox
from patents.importing.judging import STATISTICS
from patents.models import ImportRow, ImportRun
from portal.clock import today

COLUMNS = (
    "run_id", "position", "identity", "values", "verdict", "changes", "problems", "is_included", "is_done",
)  # fmt: skip
BATCH = 5_000
Tick = Callable[[int], None]


def stage(run: ImportRun, path: str, *, names: list[str], tick: Tick) -> int:
    """Read the file by the run's mapping into its rows; return how many. Raises readers.Unreadable.

    Begins anew when it was interrupted. `tick(rows)` is called after each batch and may raise to stop.
    """
    with transaction.atomic():
        ImportRow.objects.filter(run=run)._raw_delete("default")
    job: dict[str, Any] = {
        "run": run.pk,
        "columns": run.mapping["columns"],
        "kind": run.mapping.get("kind", ""),
        "uscc": run.organisation.uscc,
        "names": names,
        "today": today().isoformat(),
    }
    count = 0
    with sandbox.lines(path, "rows", **job) as lines:
        while batch := list(islice(lines, BATCH)):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                columns = ", ".join(f'"{name}"' for name in COLUMNS)
                with connection.wrap_database_errors:  # COPY is the driver's own: its errors, too
                    cursor.copy_expert(f"COPY patents_importrow ({columns}) FROM STDIN", io.StringIO("".join(batch)))
            count += len(batch)
            tick(count)
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS)
    return count
