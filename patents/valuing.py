"""High value against the database: parameters from the rule rows, evidence of a page of rights, the nightly flag."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from patents import industries
from patents.high_value import Condition, Invention, Judgement, Member, Parameters, Set, judge
from patents.industries import Branch
from patents.models import LegalStatus, Right, RightKind
from patents.models.rights import IN_FORCE
from patents.periods import add_months
from portal import audit, rules
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import RuleStatus, Secrecy, User
from portal.permissions import Permission, check
from portal.workdays import DAY

OLDER, NEWER = "HV-2021", "HV-2026"
SETS = {OLDER: dt.date(2025, 12, 31), NEWER: dt.date(2026, 1, 1)}  # a day on which each is in force
PENDING = (LegalStatus.PENDING, LegalStatus.PUBLISHED)


def parameters() -> Parameters:
    """Return what the conditions leave open, as the rules stand now; what is unverified is in, and marked."""
    minimum = rules.row("hv.pledge_minimum")
    return Parameters(
        sets=tuple(_set(code, day) for code, day in SETS.items()),
        years=int(rules.value("hv.maintenance_years")),
        counted_from=str(rules.value("hv.maintenance_start", unverified=True)),
        near_months=int(rules.value("hv.near_months")),
        pledge_minimum=None if minimum.status == RuleStatus.SAMPLE else Decimal(str(minimum.value)),
        awards=tuple(rules.value("hv.awards")),
        unsure_places=frozenset(rules.value("hv.unsure_places", unverified=True)),
    )


def _set(code: str, day: dt.date) -> Set:
    row = rules.row("hv.conditions", day, unverified=True)
    conditions = frozenset(Condition(name) for name in row.value)
    return Set(code, conditions, row.effective_from, row.effective_to, row.status != RuleStatus.UNVERIFIED)


def acting(found: Parameters) -> Set:
    """Return the newest set that may be acted on: an unverified one is only shown beside it."""
    return max((one for one in found.sets if one.is_trusted), key=lambda one: one.first)


def table() -> tuple[tuple[Branch, ...], bool]:
    """Return the table of industries, and whether it is only the sample."""
    row = rules.row("hv.industries")
    return industries.branches(row.value), row.status == RuleStatus.SAMPLE


def symbols_of(right: Right) -> list[str]:
    """Return the IPC symbols of a right, the main one first."""
    return [industries.symbol(text) for text in dict.fromkeys([right.main_ipc, *right.classes]) if text]


def judge_all(rights: Sequence[Right], *, user: Any, on: dt.date) -> dict[int, Judgement]:
    """Return the judgement of each of these rights, with the family members this person may know of. One statement."""
    found, (branches, is_sample) = parameters(), table()
    family = _families(rights, user)
    return {
        right.pk: judge(_invention(right, branches, is_sample, family.get(right.family_id, ())), found, on)
        for right in rights
    }


def _families(rights: Iterable[Right], user: Any) -> dict[int | None, list[Member]]:
    ids = {right.family_id for right in rights if right.family_id}
    rows = Right.objects.visible_to(user).filter(family__in=ids).exclude(country="CN") if ids else Right.objects.none()
    found: dict[int | None, list[Member]] = defaultdict(list)
    for family, country, status, title in rows.values_list("family", "country", "status", "title"):
        found[family].append(Member(country, status in IN_FORCE, status in PENDING, title))
    return found


def _invention(right: Right, branches: tuple[Branch, ...], is_sample: bool, family: Sequence[Member]) -> Invention:
    text = f"{right.title} {right.abstract}"
    return Invention(
        right.kind, right.country, right.status in IN_FORCE, right.filed_on, right.granted_on,
        industries.match(symbols_of(right), text, branches, is_sample=is_sample),
        right.industry_code if right.is_industry_confirmed else "", right.is_industry_confirmed, family,
        right.awards, right.pledge_amount,
    )  # fmt: skip


def inventions(rights: QuerySet[Right]) -> QuerySet[Right]:
    """Return the Chinese invention patents in force among these."""
    return rights.filter(kind=RightKind.INVENTION, country="CN", status__in=IN_FORCE)


def nearly(on: dt.date) -> Q:
    """Return the condition for patents that are not of high value and have something that may make them so."""
    found = parameters()
    start = found.counted_from
    first = add_months(on, -12 * found.years)
    soon = Q(**{f"{start}__gte": first, f"{start}__lte": add_months(first, found.near_months)})
    abroad = Right.objects.filter(family=OuterRef("family"), status__in=[*PENDING, *IN_FORCE]).exclude(country="CN")
    candidate = Q(is_industry_confirmed=False) & ~Q(industry_code="")
    pending = Q(family__isnull=False) & Q(Exists(abroad))
    return Q(is_high_value=False) & (soon | candidate | Q(pledge_amount__gt=0) | pending)


# --- nightly, set-based -------------------------------------------------------------------------------------------
@transaction.atomic
def reflag(on: dt.date | None = None) -> dict[str, int]:
    """Set the industry candidates and the flag of every right anew, by statements; return how many rows changed."""
    return {"candidates": _candidates(), "flags": _flags(on or today())}


def _hits(branches: tuple[Branch, ...]) -> list[tuple[str, str, str]]:
    """Return (symbol as stored, code, keywords as a regular expression) for every symbol in use that lies in a branch.

    The symbols of all rights are some ten thousand, whatever the number of rights.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT s FROM patents_right r, unnest(r.classes || r.main_ipc::varchar) s"
            " WHERE r.kind = 'invention' AND s <> ''"
        )
        stored = [row[0] for row in cursor.fetchall()]
    return [
        (one, branch.code, "|".join(map(re.escape, branch.keywords)))
        for one in stored
        for branch in branches
        if industries.hit(branch, [industries.symbol(one)])
    ]


def _candidates() -> int:
    """Write the first branch of each unconfirmed patent's symbols, and keep the hits for the flag."""
    branches, _is_sample = table()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS industry_hit")
        cursor.execute("CREATE TEMPORARY TABLE industry_hit (symbol text, code text, words text) ON COMMIT DROP")
        hits = _hits(branches)
        cursor.execute(
            "INSERT INTO industry_hit SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])",
            [[hit[place] for hit in hits] for place in range(3)],
        )
        cursor.execute("CREATE INDEX ON industry_hit (symbol)")
        cursor.execute(
            """
            WITH found AS (
              SELECT r.id, coalesce((SELECT min(h.code) FROM unnest(r.classes || r.main_ipc::varchar) s
                                     JOIN industry_hit h ON h.symbol = s), '') AS code
              FROM patents_right r
              WHERE r.kind = 'invention' AND NOT r.is_industry_confirmed
            )
            UPDATE patents_right r SET industry_code = found.code FROM found
            WHERE found.id = r.id AND r.industry_code <> found.code
            """
        )
        return int(cursor.rowcount)


def _flags(on: dt.date) -> int:
    """Flag by the acting set of conditions. A named family member counts for nobody, so that the flag tells nothing."""
    found = parameters()
    _branches, is_sample = table()
    conditions = acting(found).conditions
    start = "granted_on" if found.counted_from == "granted_on" else "filed_on"
    tests = {
        Condition.INDUSTRY: """(r.is_industry_confirmed AND r.industry_code <> '')
            OR (NOT r.is_industry_confirmed AND NOT %(is_sample)s AND EXISTS (
                SELECT 1 FROM unnest(r.classes || r.main_ipc::varchar) s JOIN industry_hit h ON h.symbol = s
                WHERE h.words <> '' AND (r.title || ' ' || r.abstract) ~* h.words))""",
        Condition.FAMILY: """r.family_id IN (SELECT m.family_id FROM patents_right m
            WHERE m.country <> 'CN' AND m.country <> ALL(%(unsure)s) AND m.status = ANY(%(in_force)s)
              AND m.secrecy <> %(named)s AND m.family_id IS NOT NULL)""",
        Condition.MAINTAINED: f"r.{start} < %(before)s",
        Condition.PLEDGE: "%(minimum)s::numeric IS NOT NULL AND r.pledge_amount >= %(minimum)s::numeric",
        Condition.AWARD: "EXISTS (SELECT 1 FROM unnest(r.awards) a WHERE a ~ %(awards)s)",
    }
    met = " OR ".join(f"({tests[name]})" for name in Condition if name in conditions)
    is_met = f"""coalesce(r.kind = 'invention' AND r.country = 'CN' AND r.status = ANY(%(in_force)s)
        AND ({met}), false)"""
    values: dict[str, Any] = {
        "is_sample": is_sample, "unsure": sorted(found.unsure_places), "in_force": [str(one) for one in IN_FORCE],
        "named": str(Secrecy.NAMED), "before": _before(on, found.years), "minimum": found.pledge_minimum,
        "awards": "|".join(map(re.escape, found.awards)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        # Only the words of this module go into the statement; every figure is a parameter.
        cursor.execute(
            f"UPDATE patents_right r SET is_high_value = NOT r.is_high_value WHERE r.is_high_value <> {is_met}",  # noqa: S608
            values,
        )
        return int(cursor.rowcount)


def _before(on: dt.date, years: int) -> dt.date:
    """Return the first start day whose anniversary is not over: `start + years < on` is `start < this`."""
    day = add_months(on, -12 * years)
    return day + DAY if day.day < on.day else day  # on 29 February the corresponding day is missing


# --- what a person decides ----------------------------------------------------------------------------------------
@transaction.atomic
def confirm_industry(right: Right, *, code: str, by: User) -> Right:
    """Confirm the branch of a patent, or with "" that it belongs to none. Raises Denied, RuleBroken."""
    right = Right.objects.select_for_update().get(pk=right.pk)
    check(by, Permission.STEER_RIGHT, right)
    if right.kind != RightKind.INVENTION:
        raise RuleBroken(_("只有发明专利需要确认产业归属。"), code="kind")
    if code and code not in {branch.code for branch in table()[0]}:
        raise RuleBroken(_("参照表里没有这个产业代码。"), code="unknown_industry")
    right.industry_code, right.is_industry_confirmed = code, True
    right.save(update_fields=["industry_code", "is_industry_confirmed"])
    audit.record(right, "right.industry_confirmed", by=by, data={"industry": code})
    return right
