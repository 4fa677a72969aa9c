"""Load the rule files of the repository into the book: idempotent, and never over an administrator's newer edit."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal import clock, rules
from portal.models import Holiday, HolidayKind, HolidayYear, Rule

FOLDER = Path(__file__).parent / "data" / "rules"
RULE_FIELDS = frozenset(field.name for field in Rule._meta.concrete_fields if field.editable and not field.primary_key)
YEAR_FIELDS = frozenset(["year", "is_official", "source", "verified_on", "off", "makeup"])


# What else ships as data: a workstream's own rows, loaded with the rules of the repository.
_loaders: list[Callable[[], list["Change"]]] = []


def register_loader(loader: Callable[[], list["Change"]]) -> None:
    """Let a workstream load data of its own beside the rules; called once when its app is ready."""
    _loaders.append(loader)


class BadRuleFile(ValueError):
    """A rule file that cannot be loaded; the message names the file and the row."""


class Verb(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"
    KEPT = "kept"  # an administrator edited the row on or after the file's day
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one row, and for an update which fields."""

    verb: Verb
    what: str
    fields: tuple[str, ...] = ()


@transaction.atomic
def load(paths: Iterable[Path] | None = None) -> list[Change]:
    """Load the files (default: all of the repository) in one transaction and return what happened to each row.

    Raises BadRuleFile; then nothing of any file is kept.
    """
    changes: list[Change] = []
    loaders = _loaders if paths is None else []
    for path in every_file() if paths is None else paths:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            as_of = dt.date.fromisoformat(content["as_of"])
            for entry in content.get("rules", []):
                changes.append(_load_rule(entry, as_of))
            for entry in content.get("holidays", []):
                changes += _load_year(entry, as_of)
        except (KeyError, TypeError, ValueError, OSError, ValidationError, IntegrityError) as error:
            raise BadRuleFile(f"{path.name}: {error!r}") from error
    for loader in loaders:
        changes += loader()
    transaction.on_commit(rules.forget)
    rules.forget()
    return changes


def every_file() -> list[Path]:
    """Return the rule files of all apps: those of the portal first, each app's by name."""
    folders = [Path(config.path) / "data" / "rules" for config in apps.get_app_configs()]
    own = sorted(FOLDER.glob("*.json"))
    return own + [path for folder in folders if folder != FOLDER for path in sorted(folder.glob("*.json"))]


def _is_newer_edit(edited_at: dt.datetime | None, as_of: dt.date) -> bool:
    return edited_at is not None and clock.local_date(edited_at) >= as_of


def _known(entry: dict[str, Any], fields: frozenset[str]) -> None:
    if wrong := entry.keys() ^ fields:
        raise ValueError(f"{entry.get('code') or entry.get('year')}: unknown or missing fields {sorted(wrong)}")


def _load_rule(entry: dict[str, Any], as_of: dt.date) -> Change:
    _known(entry, RULE_FIELDS)
    new = Rule(**entry)
    new.clean_fields()  # turns the dates of the file into dates, so that the comparison below is of like with like
    what = f"{new.code} {new.effective_from}"
    old = Rule.objects.select_for_update().filter(code=new.code, effective_from=new.effective_from).first()
    if old is None:
        new.full_clean()
        new.save()
        return Change(Verb.CREATED, what)
    differing = tuple(sorted(name for name in RULE_FIELDS if getattr(old, name) != getattr(new, name)))
    if not differing:
        return Change(Verb.UNCHANGED, what)
    if _is_newer_edit(old.edited_at, as_of):
        return Change(Verb.KEPT, what, differing)
    for name in differing:
        setattr(old, name, getattr(new, name))
    old.edited_at = None
    old.full_clean()
    old.save(update_fields=[*differing, "edited_at"])
    return Change(Verb.UPDATED, what, differing)


def _load_year(entry: dict[str, Any], as_of: dt.date) -> Iterator[Change]:
    _known(entry, YEAR_FIELDS)
    table = dict(_days(entry))
    new = HolidayYear(**{name: entry[name] for name in ("year", "is_official", "source", "verified_on")})
    new.clean_fields()
    old = HolidayYear.objects.select_for_update().filter(pk=new.pk).first()
    what = f"{new.year}"
    if old and (_edited(old, as_of) or (old.is_official and not new.is_official)):
        yield Change(Verb.KEPT, what)
        return
    if old is None:
        new.save(force_insert=True)
        yield Change(Verb.CREATED, what)
    else:
        differing = tuple(n for n in ("is_official", "source", "verified_on") if getattr(old, n) != getattr(new, n))
        if differing:
            new.save()
        yield Change(Verb.UPDATED if differing else Verb.UNCHANGED, what, differing)
    yield from _load_days(new, table)


def _edited(year: HolidayYear, as_of: dt.date) -> bool:
    moments = [year.edited_at, *year.days.values_list("edited_at", flat=True)]
    return any(_is_newer_edit(moment, as_of) for moment in moments)


def _days(entry: dict[str, Any]) -> Iterator[tuple[dt.date, tuple[str, str]]]:
    for run in entry["off"]:
        first, last = dt.date.fromisoformat(run["first"]), dt.date.fromisoformat(run["last"])
        if last < first:
            raise ValueError(f"{run['name']} ends {last} before it begins {first}")
        for number in range((last - first).days + 1):
            yield first + dt.timedelta(days=number), (HolidayKind.OFF, run["name"])
    for makeup in entry["makeup"]:
        yield dt.date.fromisoformat(makeup["day"]), (HolidayKind.MAKEUP, makeup["name"])


def _load_days(year: HolidayYear, table: dict[dt.date, tuple[str, str]]) -> Iterator[Change]:
    """Make the year's days equal to the table; a superseded provisional day goes away."""
    old = {row.day: row for row in Holiday.objects.select_for_update().filter(year=year)}
    for day in sorted(old.keys() - table.keys()):
        old[day].delete()
        yield Change(Verb.REMOVED, f"{day} {old[day].name}")
    fresh: list[Holiday] = []
    for day, (kind, name) in sorted(table.items()):
        row = old.get(day) or Holiday(day=day, year=year)
        if row.pk and (row.kind, row.name) == (kind, name):
            yield Change(Verb.UNCHANGED, f"{day} {name}")
            continue
        verb = Verb.UPDATED if row.pk else Verb.CREATED
        row.kind, row.name, row.edited_at = kind, name, None
        row.clean_fields(exclude=["year"])
        if row.pk:
            row.save()
        else:
            fresh.append(row)
        yield Change(verb, f"{day} {name}")
    # Twenty years of days at once; a day that stands in another year's notice is refused by the table itself.
    Holiday.objects.bulk_create(fresh)
