"""The process in which files of other people are read: no database, little memory, little time. Pure.

`python -m patents.importing.child FILE` reads one job from standard input as JSON and writes lines: see `main`.
"""

from __future__ import annotations

import json
import resource
import sys
from itertools import islice
from pathlib import Path
from typing import IO, Any

from patents.importing import readers
from patents.importing.rows import Owner, Reader, encode

MEMORY = 1024 * 1024 * 1024
SECONDS = 240
UNREADABLE = 3
SAMPLES = 3


def limit() -> None:
    """Bound what this process can take: address space, processor time, open files, and what it can write."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_FSIZE, 64 * 1024),  # its complaint is a file
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def peek(path: Path, out: IO[str], _job: dict[str, Any]) -> None:
    """Write one line: format, header, its row, a few sample rows and the number of rows."""
    table = readers.read(path)
    samples = [cells for _number, cells in islice(table.rows, SAMPLES)]
    count = len(samples) + sum(1 for _row in table.rows)
    seen = {"format": table.format, "header": table.header, "header_row": table.header_row}
    out.write(encode(seen | {"samples": [[cell[:80] for cell in cells] for cells in samples], "row_count": count}))


def rows(path: Path, out: IO[str], job: dict[str, Any]) -> None:
    """Write every row in clean values as a line for COPY: see `patents.importing.staging.COLUMNS`."""
    table = readers.read(path)
    owner = Owner.of(job["uscc"], job["names"])
    columns = {int(place): name for place, name in job["columns"].items()}
    reader = Reader(table.header, columns, kind=job["kind"], owner=owner, today=job["today"])
    run = job["run"]
    for number, cells in table.rows:
        row = reader.row(number, cells)
        verdict = "bad" if row.is_bad else "new" if row.is_ours else "foreign"
        if not row.is_ours:
            row.problems.append({"code": "foreign", "level": "foreign"})
        problems = encode(row.problems) if row.problems else "[]"
        line = f"{run}\t{number}\t{row.identity}\t{encode(row.values)}\t{verdict}\t{{}}\t{problems}\tf\tf\n"
        out.write(line.replace("\\", "\\\\"))  # JSON has no bare tab or line end


def cells(path: Path, out: IO[str], job: dict[str, Any]) -> None:
    """Write the header and then the rows wanted, as they stand in the file: [number, [cells]]."""
    table = readers.read(path)
    wanted = set(job["positions"])
    out.write(encode([table.header_row, table.header]) + "\n")
    for number, found in table.rows:
        if number in wanted:
            out.write(encode([number, [values_of(cell) for cell in found]]) + "\n")


def values_of(cell: str) -> str:
    """Return a cell that JSON and UTF-8 can carry."""
    return cell.encode("utf-8", "replace").decode()


JOBS = {"peek": peek, "rows": rows, "cells": cells}


def main() -> int:
    """Do one job; returns 0, or UNREADABLE with the reason as the last line of standard error."""
    job = json.load(sys.stdin)
    limit()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        JOBS[job["do"]](Path(sys.argv[1]), sys.stdout, job)
        sys.stdout.flush()
    except readers.Unreadable as unreadable:
        code = unreadable.code
    except (MemoryError, RecursionError):
        code = "too_heavy"
    else:
        return 0
    sys.stderr.write(f"{code}\n")
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
