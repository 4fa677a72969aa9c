"""The city data set: enterprises, rights, dates and applications in bulk, for measuring. Never in a live installation.

Every table is filled by one statement inside the database, faster than any COPY from outside; its foreign keys, unique
constraints and indexes, all but the primary key, are taken off first and made again at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.models import Max

from patents import volume_statements as sql
from portal.clock import now
from portal.models import Application, Call, District, Office, Organisation, Posting, Questionnaire, User

HERE = Path(__file__).resolve().parent
TABLES = (
    "portal_user", "portal_organisation", "portal_membership", "patents_right", "portal_deadline",
    "portal_application", "portal_caseevent", "portal_review",
)  # fmt: skip
LARGE = 5_000  # rights of the one large enterprise
KINDS = ["invention"] * 15 + ["utility_model"] * 15 + ["design"] * 5 + ["trademark"] * 10 + ["software"] * 4
STATUSES = ["granted"] * 31 + ["pending"] * 7 + ["published"] * 4 + ["lapsed"] * 4 + ["refused"] * 2 + ["withdrawn"] * 2
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How many rows of each sort."""

    firms: int
    rights: int
    deadlines: int
    cases: int
    users: int

    @classmethod
    def of(cls, scale: float) -> Size:
        """Return the sizes at a scale; 1 is the city."""
        counts = (500_000, 2_000_000, 4_000_000, 50_000, 20_000)
        return cls(*(max(200, int(count * scale)) for count in counts))


def seed(scale: float, *, say: Say) -> Size:
    """Fill an installation that has no such data yet; return how much it is. One transaction: all of it or nothing."""
    size = Size.of(scale)
    begun = time.monotonic()
    with transaction.atomic(), bare(say):
        values = _values(size)
        with connection.cursor() as cursor:
            cursor.execute(sql.PICK)
            cursor.execute("SELECT setseed(0.42)")
            for name in ("USERS", "FIRMS", "OWNERS", "RIGHTS"):
                _run(cursor, name, values, say)
            cursor.execute(sql.ALIVE)
            alive = cursor.fetchone()[0]
            _run(cursor, "DATES", {**values, "third": max(0.0, size.deadlines / max(alive, 1) - 2)}, say)
        values |= _office(size)
        with connection.cursor() as cursor:
            for name in ("CASES", "EVENTS", "REVIEWS"):
                _run(cursor, name, values, say)
            _count_on(cursor)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
        cursor.execute("RESET statement_timeout")
    say(f"{time.monotonic() - begun:.0f} s: {asdict(size)}")
    return size


def _run(cursor: Any, name: str, values: dict[str, Any], say: Say) -> None:
    begun = time.monotonic()
    cursor.execute(getattr(sql, name), values)
    say(f"{name.lower()}: {cursor.rowcount:,} rows, {time.monotonic() - begun:.1f} s")


def _values(size: Size) -> dict[str, Any]:
    words = json.loads((HERE / "data" / "volume.json").read_text(encoding="utf-8"))
    parts = {f"firm_{place}": part for place, part in enumerate(words.pop("firm"), start=1)}
    return {
        **words,
        **parts,
        **asdict(size),
        "user": _highest(User),
        "firm": _highest(Organisation),
        "case": _highest(Application),
        "owners": min(size.users, size.firms),
        "large": min(LARGE, size.rights // 4),
        "kinds": [*KINDS, "trade_secret"],
        "statuses": STATUSES,
        "districts": list(District.objects.values_list("code", flat=True)),
    }


def _highest(model: Any) -> int:
    return int(model.objects.aggregate(highest=Max("pk"))["highest"] or 0)


def _office(size: Size) -> dict[str, Any]:
    """Make the officials with their second factor, and the call; return what the applications need of them."""
    with connection.cursor() as cursor:
        _count_on(cursor)
    for office in Office.objects.select_related("district"):
        place = office.district_id or "city"
        for role in ("officer", "supervisor"):
            user = User(email=f"v-{role}-{place}@volume.example", name=f"{role} {place}", mail_choice="none")
            user.set_unusable_password()
            user.save()
            Posting.objects.create(office=office, user=user, role=role)
            Authenticator.objects.create(user=user, type="totp", data={"secret": ""})
    words = json.loads((HERE / "data" / "volume.json").read_text(encoding="utf-8"))
    publisher = User.objects.get(email="v-supervisor-city@volume.example")
    form = Questionnaire.objects.create(
        code="volume", title_zh=words["call"], title_en="Volume", body={"sections": []}, status="published",
        published_at=now(), published_by=publisher,
    )  # fmt: skip
    call = Call.objects.create(
        number="VOLUME", kind="municipal_pilot", year=now().year, title_zh=words["call"], title_en="Volume",
        questionnaire=form, opens_at=now(), closes_at=now().replace(year=now().year + 1, day=1),
        stages=["verify", "recommend", "score", "decide"], published_at=now(), published_by=publisher,
    )  # fmt: skip
    return {"call": call.pk, "call_kind": call.kind, "cases": min(size.cases, size.firms)}


def _count_on(cursor: Any) -> None:
    """Let the keys go on behind those that were written outright."""
    for table in ("portal_user", "portal_organisation", "portal_application"):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}) + 1)")  # noqa: S608


@contextmanager
def bare(say: Say) -> Iterator[None]:
    """Take keys and indexes off the tables, and put them back afterwards: a double row would stop that.

    Inside a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(KEYS, [list(TABLES)])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [list(TABLES)])
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _name, definition in indexes:
            cursor.execute(definition)
        say(f"indexes: {len(indexes)}, {time.monotonic() - begun:.1f} s")
        for table, name, definition in reversed(keys):  # what is unique before what refers to it
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    say(f"keys: {len(keys)}, {time.monotonic() - begun:.1f} s with the indexes")


KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'u') AND conrelid::regclass::text = ANY(%s) ORDER BY contype, conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype = 'u')
"""
