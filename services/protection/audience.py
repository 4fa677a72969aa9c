"""Preview of an audience: how many, where, why, and what every criterion does to it; from one statement.

Enterprises are counted by their bits (see `criteria`), district and verification; everything else is arithmetic over
some hundred such groups.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection, transaction

from portal.models import Organisation
from services.protection.criteria import Bit, Criteria, Rule, facts, limits_of, rule, statement, union
from services.protection.models import Dimension
from services.protection.withholding import Figure, is_few, parts, whole

__all__ = ["Criteria", "Effect", "Preview", "Sample", "matches", "preview", "withheld"]

SAMPLE = 8
TOLD = ("owner", "manager", "member")  # who is told of an alert: they may react to it
CODES = {
    Bit.IPC: "rights_topic", Bit.NICE: "marks", Bit.KEYWORD: "keyword", Bit.PRODUCT: "product",
    Bit.INDUSTRY: "industry", Bit.KIND: "kinds", Bit.RIGHTS_ABROAD: "rights_abroad", Bit.EXPORT: "exports",
    Bit.SUPPLY: "supplies", Bit.WATCH_COUNTRY: "watch", Bit.WATCH_IPC: "watch", Bit.WATCH_NICE: "watch",
}  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """One criterion (a field name of Criteria): how many without it, and how many if it were the only one."""

    name: str
    without: Figure
    alone: Figure


@dataclass(frozen=True)
class Sample:
    """One enterprise that would be told, with its reasons as data (`reasons.words` says them)."""

    organisation: Organisation
    reasons: list[dict[str, Any]]


@dataclass(frozen=True)
class Preview:
    """What an audience would be. `by_district`: code -> count; `by_reason`: reason code -> count, overlapping.

    `warnings`: nobody, everybody, no_mail (`without_mail` enterprises get an inbox entry at most). A figure is None
    where it is withheld.
    """

    total: Figure
    enterprises: int  # on record
    people: Figure
    without_mail: Figure
    by_district: dict[str, Figure]
    by_reason: dict[str, Figure]
    effects: list[Effect]
    sample: list[Sample] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Group:
    bits: int
    district: str
    is_verified: bool
    count: int


def preview(criteria: Criteria) -> Preview:
    """Return what the audience of these criteria would be now."""
    groups, people, with_mail, picked = _groups(criteria)
    hit = [group for group in groups if _holds(criteria, rule(criteria), group)]
    total = sum(group.count for group in hit)
    enterprises = sum(group.count for group in groups)
    return Preview(
        total=total,
        enterprises=enterprises,
        people=people,
        without_mail=total - with_mail,
        by_district=dict(_tally((group.district, group.count) for group in hit)),
        by_reason=dict(_reasons(criteria, hit)),
        effects=[_effect(criteria, name, groups) for name in criteria.named],
        sample=_sample(criteria, picked),
        warnings=_warnings(total, enterprises, total - with_mail),
    )


def _warnings(total: int, enterprises: int, without_mail: int) -> tuple[str, ...]:
    found = {"nobody": total == 0, "everybody": 0 < total == enterprises, "no_mail": without_mail > 0}
    return tuple(code for code, is_so in found.items() if is_so)


def _holds(criteria: Criteria, wanted: Rule, group: _Group) -> bool:
    if criteria.districts and group.district not in criteria.districts:
        return False
    if criteria.verified_only and not group.is_verified:
        return False
    return wanted.holds(group.bits)


def _effect(criteria: Criteria, name: str, groups: list[_Group]) -> Effect:
    counts = []
    for other in (criteria.without(name), criteria.alone(name)):
        wanted = rule(other, narrowed=bool(other.right_kinds))
        counts.append(sum(group.count for group in groups if _holds(other, wanted, group)))
    return Effect(name, *counts)


def _tally(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, count in pairs:
        found[key] += count
    return found


def _reasons(criteria: Criteria, hit: list[_Group]) -> dict[str, int]:
    if criteria.asks_nothing and not criteria.needs_market:
        return dict(_tally(("everybody", group.count) for group in hit))
    asked = rule(criteria)
    shown = asked.topic | asked.place | asked.market
    pairs = [(code, group.count) for group in hit for code in {c for b, c in CODES.items() if group.bits & b & shown}]
    return dict(_tally(pairs))


# --- for those who may not know the enterprises -------------------------------------------------------------------
def withheld(found: Preview) -> Preview:
    """Return a preview without its sample and without figures that stand for one to four enterprises."""
    total = found.total or 0
    by_district, is_safe = parts({code: count or 0 for code, count in found.by_district.items()})
    if not is_safe or is_few(total, found.enterprises):
        nothing = dict.fromkeys(found.by_district)
        effects = [Effect(one.name, None, None) for one in found.effects]
        hidden: dict[str, Any] = {"total": None, "people": None, "without_mail": None, "effects": effects}
        return replace(found, **hidden, by_district=nothing, by_reason=dict.fromkeys(found.by_reason), sample=[],
                       warnings=_kept(found, None, None))  # fmt: skip
    without_mail = whole(found.without_mail or 0, total)
    return replace(
        found,
        people=whole(found.people or 0),
        without_mail=without_mail,
        by_district=by_district,
        by_reason=_reasons_withheld({code: count or 0 for code, count in found.by_reason.items()}, total),
        effects=[_effect_withheld(one, total, found.enterprises) for one in found.effects],
        sample=[],
        warnings=_kept(found, total, without_mail),
    )


def _kept(found: Preview, total: Figure, without_mail: Figure) -> tuple[str, ...]:
    """Return the warnings that tell no figure that is withheld."""
    gone = {code for code, figure in (("no_mail", without_mail), ("everybody", total)) if not figure}
    return tuple(code for code in found.warnings if code not in gone)


def _reasons_withheld(counts: dict[str, int], total: int) -> dict[str, Figure]:
    """Reasons overlap: of two, how many have both follows from their sum."""
    if len(counts) == 2 and is_few(sum(counts.values()) - total):
        return dict.fromkeys(counts)
    return {code: whole(count, total) for code, count in counts.items()}


def _effect_withheld(one: Effect, total: int, enterprises: int) -> Effect:
    def shown(count: Figure) -> Figure:
        return None if count is None or is_few(abs(count - total)) else whole(count, enterprises)

    return Effect(one.name, shown(one.without), shown(one.alone))


# --- reading ------------------------------------------------------------------------------------------------------
EVERY = (
    "SELECT 'all' AS what, 0 AS bits, key, kind, count(*) FROM protection_exposure WHERE dimension = %s GROUP BY 3, 4"
)
# Of 'people' the bits are no bits: enterprises with somebody who takes mail.
PEOPLE = """
SELECT 'people', count(DISTINCT m.organisation_id) FILTER (WHERE u.mail_choice <> 'none')::int, '', '',
    count(DISTINCT m.user_id) FROM {told}
UNION ALL
(SELECT 'pick', 0, '', '', e.organisation_id FROM {firms} WHERE {hit} LIMIT %s)
"""
MEMBERS = """portal_membership m JOIN portal_user u ON u.id = m.user_id AND u.is_active
    JOIN {firms} ON e.organisation_id = m.organisation_id
    WHERE m.ended_at IS NULL AND m.role = ANY(%s) AND {hit}"""
BITS = """
WITH firms AS MATERIALIZED (
    SELECT b.organisation_id, b.bits, e.dimension, e.key, e.kind
    FROM (SELECT organisation_id, bit_or(bit) AS bits FROM ({facts}) fact GROUP BY 1) b
    JOIN protection_exposure e ON e.organisation_id = b.organisation_id AND e.dimension = %s
)
SELECT 'group' AS what, bits, key, kind, count(*) FROM firms GROUP BY 2, 3, 4
UNION ALL
"""


def _groups(criteria: Criteria) -> tuple[list[_Group], int, int, list[int]]:
    """Return the groups, those without any fact included, the people, the enterprises with mail, and some to show."""
    parts = facts(criteria, wide=True)
    hit, values = limits_of(criteria)
    firms, head, given = "protection_exposure e", "", []
    if parts:
        firms, head = "firms e", BITS.format(facts=union(parts))
        given = [*(value for part in parts for value in part.params), int(Dimension.ENTERPRISE)]
        hit = f"{hit} AND {rule(criteria).sql('e.bits')}"
    elif not criteria.asks_nothing:
        hit = f"{hit} AND false"
    told = MEMBERS.format(firms=firms, hit=hit)
    tail = PEOPLE.format(told=told, firms=firms, hit=hit)
    params = [*given, int(Dimension.ENTERPRISE), list(TOLD), *values, *values, SAMPLE]
    with transaction.atomic(), connection.cursor() as cursor:
        # How many enterprises a union finds is beyond the planner: it guesses 200, and would probe for each of them.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off")
        cursor.execute(f"{head}{EVERY} UNION ALL {tail}", params)
        rows = cursor.fetchall()
    return _read(rows)


def _read(rows: list[tuple[Any, ...]]) -> tuple[list[_Group], int, int, list[int]]:
    every = {(key, kind): count for what, _bits, key, kind, count in rows if what == "all"}
    groups = []
    for what, bits, key, kind, count in rows:
        if what == "group":
            groups.append(_Group(bits, key, kind == "verified", count))
            every[key, kind] -= count
    groups += [_Group(0, key, kind == "verified", count) for (key, kind), count in every.items() if count]
    people, with_mail = next((row[4], row[1]) for row in rows if row[0] == "people")
    return groups, people, with_mail, [row[4] for row in rows if row[0] == "pick"]


def _sample(criteria: Criteria, keys: list[int]) -> list[Sample]:
    found = matches(criteria, keys)
    rows = Organisation.objects.select_related("district").in_bulk(list(found))
    return [Sample(rows[key], found[key]) for key in keys if key in found]


def matches(criteria: Criteria, organisations: Iterable[int] | None = None) -> dict[int, list[dict[str, Any]]]:
    """Return the enterprises that the criteria find, with their reasons; among `organisations` (keys) where given."""
    scope = {} if organisations is None else {"scope": "= ANY(%s)", "within": (list(organisations),)}
    sql, params = statement(criteria, **scope)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT organisation_id, reasons::text FROM ({sql}) found", params)  # noqa: S608
        return {key: json.loads(reasons) for key, reasons in cursor.fetchall()}
