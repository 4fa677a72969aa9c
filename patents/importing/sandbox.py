"""Start the reading process and take its lines. What happens to it while it reads never happens to the caller. Pure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from patents.importing.child import UNREADABLE
from patents.importing.readers import Unreadable

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")  # nothing of ours, no address, no secret


@contextmanager
def lines(path: str, do: str, **job: Any) -> Iterator[IO[str]]:
    """Give the lines of one job; raises Unreadable at the end when the file could not be read to its end."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 - our own module, the path is our own storage key
            [sys.executable, "-m", "patents.importing.child", path],
            cwd=ROOT,
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdin and process.stdout  # noqa: S101 - for the type checker
        try:
            with process.stdin as stdin:
                json.dump({"do": do, **job}, stdin)
            yield process.stdout
            rest = process.stdout.read()
            code = process.wait()
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
        if code:
            complaints.seek(0)
            raise Unreadable(_reason(code, complaints.read().decode("utf-8", "replace")))
        del rest


def _reason(code: int, complaint: str) -> str:
    words = complaint.strip().splitlines()
    if code == UNREADABLE and words:
        return words[-1].strip()[:40]
    return "too_heavy"  # killed by a limit


def peek(path: str) -> dict[str, Any]:
    """Return format, header, header_row, samples and row_count of a file; raises Unreadable."""
    with lines(path, "peek") as found:
        text = found.read()
    result: dict[str, Any] = json.loads(text)
    return result
