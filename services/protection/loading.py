"""Load the knowledge that ships: countries with facts, changes of law, sample cases. Edited rows are left alone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.models import RuleStatus
from portal.rule_files import Change, Verb
from services.protection import codes
from services.protection.models import Country, CountryFact, LawChange, LegalCase

FOLDER = Path(__file__).parent / "data"
DAYS = ("adopted_on", "in_force_on", "verified_on", "began_on", "ended_on")
MEMBER = {"madrid": ("马德里体系成员", "Madrid member"), "hague": ("海牙体系成员", "Hague member")}
ROUTES = {
    "HK": (
        "标准专利（转录）：在内地、欧洲或英国申请公布之日起六个月内请求记录",
        "Standard patent (R): request to record within six months of publication of the CN, EP or UK application",
    ),
    "TW": ("不能以 PCT 途径进入", "No PCT route"),
}


def ensure() -> None:
    """Load what ships where there is no country yet: for a demo or a test that may find the tables empty."""
    if not Country.objects.exists():
        load()


@transaction.atomic
def load() -> list[Change]:
    """Write what is missing or older than the files, and return what happened to each row; twice changes nothing."""
    return [*_countries(_read("countries")), *_laws(_read("laws")), *_cases(_read("cases"))]


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _countries(content: dict[str, Any]) -> list[Change]:
    """Every country and office gets a page; facts stand where a source was read."""
    names_zh, names_en = codes.places("zh"), codes.places("en")
    known = set(Country.objects.values_list("code", flat=True))
    first = [code for code, _facts in content["countries"]]
    order = [*first, *(code for code in names_zh if code not in first)]
    rows = [
        Country(
            code=code,
            name=names_zh[code],
            name_en=names_en[code],
            is_office=code in codes.OFFICES,
            position=place if place < len(first) else 1000,
        )
        for place, code in enumerate(order)
        if code not in known
    ]
    Country.objects.bulk_create(rows, ignore_conflicts=True)
    changes = [Change(Verb.CREATED, row.code) for row in rows]
    as_of = dt.date.fromisoformat(content["as_of"])
    for code, facts in content["countries"]:
        for topic, (value, source, status) in facts.items():
            changes.append(_fact(code, topic, value, content["sources"][source], status, as_of))
    return changes


def _fact(code: str, topic: str, value: Any, source: str, status: str, as_of: dt.date) -> Change:
    since = dt.date.fromisoformat(value) if isinstance(value, str) and value else None
    months = value if isinstance(value, int) else None
    zh, en = _said(code, topic, months)
    defaults = {
        "value": zh,
        "value_en": en,
        "months": months,
        "source": source,
        "status": status,
        "verified_on": as_of if status == RuleStatus.VERIFIED else None,
    }
    row, made = CountryFact.objects.get_or_create(country_id=code, topic=topic, effective_from=since, defaults=defaults)
    return Change(Verb.CREATED if made else Verb.UNCHANGED, str(row))


def _said(code: str, topic: str, months: int | None) -> tuple[str, str]:
    if months is not None:
        return f"自优先权日起 {months} 个月", f"{months} months from the priority date"
    return MEMBER.get(topic) or ROUTES[code]


def _laws(content: dict[str, Any]) -> list[Change]:
    return [_put(LawChange, entry.pop("key"), entry) for entry in content["laws"]]


def _cases(content: dict[str, Any]) -> list[Change]:
    return [_put(LegalCase, entry.pop("number"), entry) for entry in content["cases"]]


def _put(model: Any, number: str, entry: dict[str, Any]) -> Change:
    """Write one row under its number unless it is there: what an official edited stays."""
    values = {name: _day(name, value) for name, value in entry.items() if name != "country"}
    values["country_id"] = entry["country"]
    _row, made = model.objects.get_or_create(number=number, defaults=values)
    return Change(Verb.CREATED if made else Verb.UNCHANGED, number)


def _day(name: str, value: Any) -> Any:
    return dt.date.fromisoformat(value) if name in DAYS and value else value
