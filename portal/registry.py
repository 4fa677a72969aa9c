"""The business registry: an adapter with a file-based default, and the set-based load of that file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import audit, clock, uscc
from portal.models import District, RegistryRecord
from portal.registry_rows import Problem, Record, Row, read
from portal.registry_values import DISTRICTS

DEFAULT_BACKEND = "portal.registry.FileRegistry"
BATCH = 10_000  # rows of one COPY
REASONS = {
    "destroyed_text": _("文字已损坏（曾用错误编码打开并保存），无法还原，请重新导出"),
    "column_missing": _("表头没有这一列，无法确定各列的含义"),
    "cell_count": _("单元格数与表头不一致"),
    "open_quote": _("引号没有闭合，后面的若干行被并入本行，均未读取"),
    "name_missing": _("缺少企业名称"),
    "uscc_missing": _("缺少统一社会信用代码"),
    "uscc_length": _("统一社会信用代码应为 18 位"),
    "uscc_character": _("统一社会信用代码含有不可能出现的字符"),
    "uscc_check_digit": _("统一社会信用代码校验位不符"),
    "code_elsewhere": _("信用代码出现在这一列：各列次序不对或发生错位"),
    "code_repeated": _("同一信用代码在文件前面已出现，且内容不同"),
    "date_unreadable": _("日期无法识别"),
    "date_in_future": _("日期晚于今天"),
    "too_long": _("内容过长"),
    "not_a_province": _("不是省级行政区名称：本行可能错位"),
    "not_a_district": _("不是区名：本行可能错位"),
    "capital_unread": _("注册资金无法识别，已保留原文"),
    "empty": _("文件是空的"),
    "broken_csv": _("文件不是可读的 CSV"),
}
TARGET = (
    *("uscc", "name", "name_key", "registered_on", "company_type", "capital_text", "capital_wan", "currency"),
    *("scope", "district_text", "division_code", "district_id", "address", "row_hash"),
)
NULLABLE = frozenset(["registered_on", "capital_wan", "district_id"])


@dataclass(frozen=True, slots=True)
class Entry:
    """What the registry knows of one enterprise; `district_code` is a suggestion or None."""

    uscc: str
    name: str
    registered_on: date | None
    company_type: str
    capital_text: str
    scope: str
    district_text: str
    district_code: str | None
    address: str
    source: str


class Registry(Protocol):
    """Where registration looks an enterprise up. Replace by settings.REGISTRY_BACKEND (a dotted path)."""

    def lookup(self, code: str) -> Entry | None:
        """Return the entry of a normal credit code, or None when it is not known."""
        ...


class FileRegistry:
    """The default: rows that `manage.py load_registry FILE` brought in."""

    def lookup(self, code: str) -> Entry | None:
        row = RegistryRecord.objects.filter(uscc=code).first()
        if row is None:
            return None
        return Entry(
            uscc=row.uscc,
            name=row.name,
            registered_on=row.registered_on,
            company_type=row.company_type,
            capital_text=row.capital_text,
            scope=row.scope,
            district_text=row.district_text,
            district_code=row.district_id,
            address=row.address,
            source=row.source,
        )


@cache
def _backend(path: str) -> Registry:
    return import_string(path)()


def lookup(text: str) -> Entry | None:
    """Return what the configured registry knows of a code in any usual spelling. Raises uscc.InvalidCode."""
    return _backend(getattr(settings, "REGISTRY_BACKEND", DEFAULT_BACKEND)).lookup(uscc.validate(text))


def suggest_district(text: str) -> str | None:
    """Return the district to propose for confirmation: the registry's, else the one in the code, else None.

    An enterprise the registry knows but leaves undecided (自贸区) stays undecided. Raises uscc.InvalidCode.
    """
    code = uscc.validate(text)
    entry = lookup(code)
    return entry.district_code if entry else uscc.suggest_district(code)


def code_sentence(error: uscc.InvalidCode) -> str:
    """Return the sentence under the field of a refused code: what is wrong, where, and what to look for."""
    if isinstance(error, uscc.WrongLength):
        return gettext("统一社会信用代码应为 18 位，现在是 %(length)s 位。") % {"length": error.length}
    if isinstance(error, uscc.WrongCharacter):
        return gettext(
            "第 %(position)s 位不能是这个字符。代码只用数字和大写字母，不用 I、O、S、V、Z；前 8 位都是数字。"
        ) % {"position": error.position}
    return gettext("校验位不符：至少有一位写错了，请对照营业执照逐位检查。")


@dataclass(slots=True)
class Outcome:
    """What a load did; `refused` and `remarks` hold (row number, problem)."""

    read: int = 0
    created: int = 0
    updated: int = 0
    repeated: int = 0
    refused_rows: int = 0
    refused: list[tuple[int, Problem]] = field(default_factory=list)
    remarks: list[tuple[int, Problem]] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        return self.read - self.refused_rows - self.repeated - self.created - self.updated


class DistrictsMissing(RuntimeError):
    """The 16 districts are not in the database, so rows could not point at them."""


def load(path: Path, *, dry_run: bool = False) -> Outcome:
    """Bring the good rows of a registry file in; refuse the others one by one.

    One transaction: rows that are new are inserted, those whose content changed are updated, all others are not
    touched. `dry_run` does the same and takes it back. Raises UnreadableFile, DistrictsMissing.
    """
    if missing := set(DISTRICTS.values()) - set(District.objects.values_list("pk", flat=True)):
        raise DistrictsMissing(", ".join(sorted(missing)))
    outcome = Outcome()
    with transaction.atomic():
        _stage(_good(read(path, clock.today()), outcome))
        outcome.created, outcome.updated = _merge(path.name)
        if dry_run:
            transaction.set_rollback(True)
        elif outcome.created or outcome.updated:
            counts = {"created": outcome.created, "updated": outcome.updated, "refused": outcome.refused_rows}
            audit.record(("registry", path.name), "registry_loaded", data=counts)
    return outcome


def _good(rows: Iterator[Row], outcome: Outcome) -> Iterator[tuple[Record, str]]:
    """Yield the records with their digests; count, and collect the problems of the others."""
    seen: dict[str, str] = {}
    for row in rows:
        outcome.read += 1
        outcome.remarks += [(row.number, problem) for problem in row.remarks if row.record]
        problems = row.problems
        if row.record is not None:
            digest = row.record.row_hash()
            if row.record.uscc not in seen:
                seen[row.record.uscc] = digest
                yield row.record, digest
                continue
            if seen[row.record.uscc] == digest:
                outcome.repeated += 1
                continue
            problems = [Problem("code_repeated", row.code_title)]
        outcome.refused_rows += 1
        outcome.refused += [(row.number, problem) for problem in problems]


def _stage(records: Iterator[tuple[Record, str]]) -> None:
    """Copy the records into a temporary table, some thousands at a time, so that memory stays flat."""
    columns = ", ".join(TARGET)
    texts = ", ".join(name for name in TARGET if name not in NULLABLE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("DROP TABLE IF EXISTS registry_incoming")
        shape = f"SELECT {columns} FROM portal_registryrecord WITH NO DATA"  # noqa: S608 - names of our own
        cursor.execute(f"CREATE TEMP TABLE registry_incoming AS {shape}")
        while batch := list(islice(records, BATCH)):
            buffer = io.StringIO()
            writer = csv.writer(buffer)
            for record, digest in batch:
                writer.writerow([r"\N" if value is None else value for value in (*astuple(record), digest)])
            buffer.seek(0)
            cursor.copy_expert(
                f"COPY registry_incoming ({columns}) FROM STDIN (FORMAT csv, NULL '\\N', FORCE_NOT_NULL ({texts}))",
                buffer,
            )


def _merge(source: str) -> tuple[int, int]:
    """Insert what is new, update what differs; return how many of each."""
    columns = ", ".join(TARGET)
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*TARGET[1:], "source", "loaded_at"))
    incoming = ", ".join(f"incoming.{name}" for name in TARGET)
    with connection.cursor() as cursor:
        # Unchanged rows are left out before the INSERT: a conflict alone would already lock and dirty each of them.
        cursor.execute(
            f"""
            WITH merged AS (
                INSERT INTO portal_registryrecord ({columns}, source, loaded_at)
                SELECT {incoming}, %s, %s
                FROM registry_incoming AS incoming
                LEFT JOIN portal_registryrecord AS present USING (uscc)
                WHERE present.row_hash IS DISTINCT FROM incoming.row_hash
                ON CONFLICT (uscc) DO UPDATE SET {changes}
                RETURNING (xmax = 0) AS is_new
            )
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged
            """,  # noqa: S608 - names of our own
            [source[:200], clock.now()],
        )
        created, updated = cursor.fetchone()
        cursor.execute("DROP TABLE registry_incoming")
    return created, updated
