"""An XLSX of 100 000 rights through the whole import, against reading the same file and copying it into a bare table.

    .venv/bin/python tests/benchmarks/import_rights.py [rows]

Makes a scratch database, prints a table, writes tests/benchmarks/results/import_rights.json and drops the database
again. Everything runs in one process beside the reading process; only the ratio is worth comparing.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("TEST_DB", "bench_import")

import django  # noqa: E402

django.setup()

import psutil  # noqa: E402
import xlsxwriter  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from patents import numbers  # noqa: E402
from patents.importing import applying, judging, runs, staging, working  # noqa: E402
from patents.models import ImportRun, Right  # noqa: E402
from portal.models import Deadline  # noqa: E402
from portal.rule_files import load  # noqa: E402
from tests.factories import people  # noqa: E402

HEADER = (
    "申请号", "公开(公告)号", "标题", "申请人", "发明人", "申请日", "授权公告日", "专利类型", "当前法律状态",
    "IPC主分类", "代理机构", "摘要",
)  # fmt: skip
OWNER = "申澜微感（上海）传感科技有限公司"


def make_file(path: Path, count: int, *, changed_every: int = 0) -> None:
    """Write a list as incoPat would; with `changed_every` each n-th row has another status."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for n in range(count):
            filed = dt.date(2010, 1, 1) + dt.timedelta(days=n % 5000)
            digits = f"{filed.year}1{1_000_000 + n:07d}"
            is_granted = n % 3 != 0
            granted = (filed + dt.timedelta(days=800)).strftime("%Y.%m.%d") if is_granted else ""
            status = ("有效" if is_granted else "审中") if not (changed_every and n % changed_every == 0) else "驳回"
            row = (
                f"CN{digits}.{numbers.check_digit(digits)}", f"CN{110_000_000 + n}{'B' if is_granted else 'A'}",
                f"一种谐振式压力传感器及其制备方法第{n}号", OWNER, f"张某{n % 900};李某{n % 700};王某{n % 50}",
                filed.isoformat(), granted, "发明授权" if is_granted else "发明申请", status,
                f"G01L{n % 20 + 1}/{n % 90 + 10}", "示例专利代理事务所", "本发明公开了一种传感器，示例。" * 6,
            )  # fmt: skip
            sheet.write_row(n + 1, 0, row)


def floor(path: Path) -> float:
    """Read the sheet and COPY its cells as texts into a table without indexes; return the seconds."""
    begun = time.perf_counter()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())
    buffer.seek(0)
    columns = ", ".join(f"c{place} text" for place in range(len(HEADER)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bare ({columns})")
        cursor.copy_expert("COPY bare FROM STDIN (FORMAT csv)", buffer)
        cursor.execute("DROP TABLE bare")
    return time.perf_counter() - begun


def measured_floor(path: Path) -> tuple[float, float]:
    """Return the seconds of the floor by the clock and by the processor; taken before and after what is compared."""
    begun = spent()
    return floor(path), spent() - begun


class Spans:
    """Seconds spent in each wrapped function."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def wrap(self, module: Any, name: str) -> None:
        inner: Callable[..., Any] = getattr(module, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                key = f"{module.__name__.rpartition('.')[2]}.{name}"
                self.seconds[key] = round(self.seconds.get(key, 0) + time.perf_counter() - begun, 2)

        setattr(module, name, timed)


def spent() -> float:
    """Return the processor seconds so far of this process, of the reading processes and of the database's one.

    On a machine that others use, too, these say more than the clock.
    """
    connection.ensure_connection()
    backend = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses) + backend.user + backend.system


def bring(path: Path, organisation: Any, user: Any) -> tuple[ImportRun, float]:
    """Upload, read, check, confirm and take in; return the run and the seconds."""
    begun = time.perf_counter()
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    run = runs.upload(upload, organisation=organisation, by=user)
    working.sweep()
    run.refresh_from_db()
    if run.status == "uploaded":
        columns = {int(place): name for place, name in run.mapping["columns"].items()}
        runs.set_mapping(run, columns=columns, by=user)
        working.sweep()
        run.refresh_from_db()
    if run.counts.get("new") or run.counts.get("changed"):
        runs.confirm(run, by=user)
        working.sweep()
        run.refresh_from_db()
    return run, time.perf_counter() - begun


def peak() -> dict[str, int]:
    """Return the largest resident sizes so far in MiB: of this process, and of the reading process."""
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"worker_mib": own // 1024, "reader_mib": child // 1024}


def main(count: int) -> dict[str, Any]:
    """Run everything and return the results."""
    load()
    organisation = people.make_organisation(OWNER)
    user = people.join(people.make_user(), organisation, "owner")
    spans = Spans()
    spans.wrap(working.sandbox, "peek")
    for module, names in ((staging, ["stage"]), (judging, ["judge"]), (applying, ["apply", "open_dates"])):
        for name in names:
            spans.wrap(module, name)
    found: dict[str, Any] = {"rows": count}
    with tempfile.TemporaryDirectory() as folder:
        path, newer = Path(folder) / "list.xlsx", Path(folder) / "newer.xlsx"
        make_file(path, count)
        make_file(newer, count, changed_every=100)
        floors = [measured_floor(path), measured_floor(path)]
        begun = spent()
        run, first = bring(path, organisation, user)
        found["first_cpu_s"] = round(spent() - begun, 2)
        floors += [measured_floor(path), measured_floor(path)]
        found["floor_s"], found["floor_cpu_s"] = (round(mean(column), 2) for column in zip(*floors, strict=True))
        found["first"] = {
            "seconds": round(first, 2),
            "counts": run.counts,
            "status": run.status,
            "spans": {**spans.seconds},
        }
        found["rights"], found["deadlines"] = Right.objects.count(), Deadline.objects.count()
        for name, file in (("again", path), ("newer", newer)):
            spans.seconds.clear()
            run, seconds = bring(file, organisation, user)
            found[name] = {"seconds": round(seconds, 2), "counts": run.counts, "spans": {**spans.seconds}}
    found["ratio"] = round(first / found["floor_s"], 1)
    found["ratio_cpu"] = round(found["first_cpu_s"] / found["floor_cpu_s"], 1)
    return found | peak()


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as media, override_settings(MEDIA_ROOT=media):
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            result = main(wanted)
        finally:
            teardown_databases(databases, verbosity=0)
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    target = HERE / "results" / "import_rights.json"
    target.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
