"""Change a figure or a year's days off, and see first which open deadlines would move.

Workstreams plug in from their AppConfig.ready(): `register_mover(function)` for the preview, `register_recompute(task)`
for the job that moves the dates afterwards. The portal knows none of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, nudges, rules
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.models import Holiday, HolidayKind, HolidayYear, Rule, User
from portal.permissions import Permission, check
from portal.rules import YearTable

MOST_MOVES = 200
MEANWHILE = _("您打开之后，别人已经修改或新增了同一项。请重新打开再改。")
CHANGEABLE = ("name", "name_en", "value", "unit", "basis", "source", "note", "effective_to", "verified_on", "status")


@dataclass(frozen=True)
class Proposal:
    """What is proposed: unsaved rule rows (a row of the same code and first day is replaced) and tables of years."""

    rows: tuple[Rule, ...] = ()
    years: tuple[YearTable, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """The rule codes that the rows change."""
        return frozenset(row.code for row in self.rows)

    def applied(self) -> AbstractContextManager[None]:
        """Return a context in which `portal.rules` answers as if the proposal stood already."""
        return rules.proposed(self.rows, self.years)

    def changed_days(self) -> list[dt.date]:
        """Return the days on which the proposed calendar differs from the present one, in order."""
        old = rules.calendar()
        with self.applied():
            new = rules.calendar()
        differing = {day for day in old.off.keys() | new.off.keys() if (day in old.off) != (day in new.off)}
        differing |= old.makeup.keys() ^ new.makeup.keys()
        return sorted(differing)


@dataclass(frozen=True)
class Move:
    """One open deadline that would move: what it is, whose, and its legal day before and after."""

    subject: str
    organisation: str
    rule_code: str
    old_on: dt.date
    new_on: dt.date
    link: str = ""


@dataclass(frozen=True)
class Preview:
    """The moves found; `is_capped` where there are more than are listed."""

    moves: list[Move] = field(default_factory=list)
    is_capped: bool = False


Mover = Callable[[Proposal], Iterable[Move]]
Check = Callable[[Rule], None]
_movers: list[Mover] = []
_checks: list[Check] = []
_recomputes: list[str] = []


def register_mover(mover: Mover) -> Mover:
    """Make a mover known: `mover(proposal)` yields a Move for each open deadline whose legal day would change.

    It is called outside `proposal.applied()`: compute the old day as it is, the new one inside a
    `with proposal.applied():` block, where `rules.row`, `rules.value` and `rules.calendar` answer as if applied. Yield
    outside the block. It may be stopped after MOST_MOVES, so yield lazily; read candidates only: `proposal.codes` are
    the changed rules, `proposal.changed_days()` the changed days.
    """
    if mover not in _movers:
        _movers.append(mover)
    return mover


def register_check(checker: Check) -> Check:
    """Make a check known that raises RuleBroken where its workstream cannot compute with a proposed row."""
    if checker not in _checks:
        _checks.append(checker)
    return checker


def register_recompute(task: str) -> None:
    """Have the named task nudged after every applied change."""
    if task not in _recomputes:
        _recomputes.append(task)


def preview(proposal: Proposal, *, most: int = MOST_MOVES) -> Preview:
    """Return which open deadlines would move; nothing is written. Raises RuleBroken for a row of no use."""
    for row in proposal.rows:
        _try(row)
    found = list(islice(chain.from_iterable(mover(proposal) for mover in _movers), most + 1))
    return Preview(found[:most], is_capped=len(found) > most)


def _try(row: Rule) -> None:
    for checker in _checks:
        checker(row)


def state_of(row: Rule | HolidayYear | None) -> str:
    """Return what a form sends back so that nobody overwrites what somebody else saved in between."""
    if row is None:
        return ""
    content = _content(row) if isinstance(row, Rule) else [str(row.edited_at), row.source, _days_of(row)]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]


@transaction.atomic
def save_rule(proposed: Rule, *, by: User, reason: str, expects: str) -> Rule:
    """Save a new dated row, or the edit of a row of the same code and first day.

    `expects` is `state_of` the row the person saw ("" for none). Raises Denied, RuleBroken.
    """
    check(by, Permission.MANAGE_RULES)
    _try(proposed)
    key = {"code": proposed.code, "effective_from": proposed.effective_from}
    row = Rule.objects.select_for_update().filter(**key).first()
    if state_of(row) != expects:
        raise RuleBroken(MEANWHILE, code="changed_meanwhile")
    before = _content(row) if row else None
    row = row or Rule(**key)
    for name in CHANGEABLE:
        setattr(row, name, getattr(proposed, name))
    row.edited_at = now()
    row.full_clean()
    row.save()
    data = {"reason": reason, "before": before, "after": _content(row)}
    audit.record(row, "rule.changed" if before else "rule.added", by=by, data=data)
    _spread()
    return row


@transaction.atomic
def save_year(table: YearTable, *, by: User, reason: str, expects: str) -> HolidayYear:
    """Make a year's days equal to the table. Raises Denied, RuleBroken where a day stands in another year's notice."""
    check(by, Permission.MANAGE_RULES)
    present = HolidayYear.objects.select_for_update().filter(year=table.year).first()
    if state_of(present) != expects:
        raise RuleBroken(MEANWHILE, code="changed_meanwhile")
    taken = Holiday.objects.exclude(year=table.year).filter(day__in=[*table.off, *table.makeup]).first()
    if taken is not None:
        raise RuleBroken(_("%(day)s 已写在 %(year)s 年的通知里。") % {"day": taken.day, "year": taken.year_id})
    before = _days_of(present) if present else None
    values = {"is_official": table.is_official, "source": table.source, "verified_on": today(), "edited_at": now()}
    year, is_new = HolidayYear.objects.update_or_create(year=table.year, defaults=values)
    year.days.all().delete()
    kinds = ((HolidayKind.OFF, table.off), (HolidayKind.MAKEUP, table.makeup))
    Holiday.objects.bulk_create(
        Holiday(day=day, kind=kind, name=name, year=year, edited_at=now())
        for kind, days in kinds
        for day, name in sorted(days.items())
    )
    data = {"reason": reason, "source": table.source, "before": before, "after": _days_of(year)}
    audit.record(year, "holidays.added" if is_new else "holidays.changed", by=by, data=data)
    _spread()
    return year


def _days_of(year: HolidayYear) -> dict[str, str]:
    return {str(day): str(kind) for day, kind in year.days.order_by("day").values_list("day", "kind")}


def _content(row: Rule) -> dict[str, Any]:
    dates = ("effective_from", "effective_to", "verified_on")
    content = {name: getattr(row, name) for name in (*CHANGEABLE, "effective_from")}
    return {name: str(value) if name in dates and value else value for name, value in content.items()}


def _spread() -> None:
    """Read the book anew in this process once the change is in, and wake the jobs that move dates."""
    rules.forget()
    transaction.on_commit(rules.forget)
    for task in _recomputes:
        nudges.nudge(task)
