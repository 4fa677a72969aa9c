"""Whom an alert concerns: criteria as a value, and one statement over `Exposure` that finds the enterprises.

Every fact that can meet a criterion is a bit. An enterprise's bits decide (`rule`), in SQL for delivery and in Python
for the preview (`services.protection.audience`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntFlag
from typing import Any

from patents import search
from patents.models.rights import ALIVE
from portal.models import Secrecy
from services.protection import classes
from services.protection.models import AlertVersion, Dimension, Join

D = Dimension


class Bit(IntFlag):
    """What an enterprise can have that a criterion asks for. ANY_*: of whatever kind of right."""

    IPC = 1
    NICE = 2
    KEYWORD = 4
    INDUSTRY = 8
    PRODUCT = 16
    KIND = 32
    WATCH_IPC = 64
    WATCH_NICE = 128
    RIGHTS_ABROAD = 256
    EXPORT = 512
    SUPPLY = 1024
    WATCH_COUNTRY = 2048
    ANY_IPC = 4096
    ANY_NICE = 8192
    ANY_KEYWORD = 16384
    ANY_EXPORT = 32768


@dataclass(frozen=True)
class Criteria:
    """Whom an alert is for, with keys as `Exposure` has them. An empty tuple asks nothing."""

    countries: tuple[str, ...] = ()
    right_kinds: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    nice: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    join: str = Join.BOTH.value
    needs_market: bool = False
    verified_only: bool = False

    @classmethod
    def of(cls, version: AlertVersion) -> Criteria:
        """Return the criteria of an edition."""
        return cls(
            countries=_once(version.countries),
            right_kinds=_once(version.right_kinds),
            ipc=_once(classes.ipc_key(text) for text in version.ipc),
            nice=_once(classes.nice_key(text) for text in version.nice),
            industries=_once(classes.industry_key(text) for text in version.industries),
            keywords=_once(word.strip() for word in version.keywords if word.strip()),
            districts=_once(version.districts),
            join=str(version.join),
            needs_market=version.needs_market,
            verified_only=version.verified_only,
        )

    @property
    def has_topic(self) -> bool:
        return bool(self.ipc or self.nice or self.industries or self.keywords or self.right_kinds)

    @property
    def asks_nothing(self) -> bool:
        """Whether everybody within the limits is meant."""
        return not (self.has_topic or self.countries)

    @property
    def named(self) -> tuple[str, ...]:
        """The names of the criteria that ask something."""
        names = (*TOPICS, "countries", "districts", "needs_market", "verified_only")
        return tuple(name for name in names if getattr(self, name))

    def without(self, name: str) -> Criteria:
        empty: Any = False if isinstance(getattr(self, name), bool) else ()
        return replace(self, **{name: empty})

    def alone(self, name: str) -> Criteria:
        return replace(Criteria(join=self.join), **{name: getattr(self, name)})


TOPICS = ("ipc", "nice", "industries", "keywords", "right_kinds")


def _once(values: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


# --- the rule -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Rule:
    """Bits of which one must be there, all together; and the limits."""

    topic: int
    place: int
    market: int
    is_either: bool

    def holds(self, bits: int) -> bool:
        """Tell whether an enterprise with these bits meets topic and place."""
        if self.market and not bits & self.market:
            return False
        wanted = [mask for mask in (self.topic, self.place) if mask]
        if self.is_either and len(wanted) > 1:
            return bool(bits & (self.topic | self.place))
        return all(bits & mask for mask in wanted)

    def sql(self, bits: str) -> str:
        """Return the same as a condition."""
        market = f"{bits} & {self.market} <> 0" if self.market else "true"
        wanted = [mask for mask in (self.topic, self.place) if mask]
        if self.is_either and len(wanted) > 1:
            return f"{market} AND {bits} & {self.topic | self.place} <> 0"
        return " AND ".join([market, *(f"{bits} & {mask} <> 0" for mask in wanted)])


def rule(criteria: Criteria, *, narrowed: bool = True) -> Rule:
    """Return which bits meet the criteria; `narrowed`: the facts were read with these `right_kinds`."""
    is_any = not narrowed
    topic = Bit(0)
    if criteria.ipc:
        topic |= (Bit.ANY_IPC if is_any else Bit.IPC) | Bit.WATCH_IPC
    if criteria.nice:
        topic |= (Bit.ANY_NICE if is_any else Bit.NICE) | Bit.WATCH_NICE
    if criteria.keywords:
        topic |= (Bit.ANY_KEYWORD if is_any else Bit.KEYWORD) | Bit.PRODUCT
    if criteria.industries:
        topic |= Bit.INDUSTRY
    if criteria.right_kinds and not topic:
        topic = Bit.KIND
    place = Bit.RIGHTS_ABROAD | Bit.EXPORT | Bit.SUPPLY | Bit.WATCH_COUNTRY if criteria.countries else Bit(0)
    market = Bit(0)
    if criteria.needs_market:
        market = Bit.EXPORT if criteria.countries else Bit.ANY_EXPORT
    return Rule(int(topic), int(place), int(market), criteria.join == Join.EITHER)


# --- facts --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """One SELECT of (organisation_id, bit, code, a, count)."""

    sql: str
    params: tuple[Any, ...] = field(default=())


def _read(code: str, bits: str, a: str, count: str, rest: str, *params: Any) -> Part:
    head = f"SELECT organisation_id, {bits} AS bit, '{code}' AS code, {a} AS a, {count} AS count FROM "  # noqa: S608
    return Part(f"{head}{rest} {{scope}}", params)


def _keys(dimension: Dimension, keys: tuple[str, ...], code: str, bit: Bit | int) -> Part:
    """Return the facts of one dimension under these keys."""
    rest = "protection_exposure WHERE dimension = %s AND key = ANY(%s)"
    return _read(code, str(int(bit)), "key", "count", rest, int(dimension), list(keys))


def _rights(
    dimension: Dimension, keys: tuple[str, ...], code: str, bits: tuple[int, int], kinds: tuple[str, ...], wide: bool
) -> Part:
    """Return facts about rights, narrowed to `kinds`; a `wide` reading keeps the others under their own bit."""
    narrow, wider = bits
    rest = "protection_exposure WHERE dimension = %s AND key = ANY(%s)"
    if wide:
        asked = f"CASE WHEN kind = ANY(%s) THEN {narrow | wider} ELSE {wider} END" if kinds else str(narrow | wider)
        return _read(code, asked, "key", "count", rest, *([list(kinds)] if kinds else []), int(dimension), list(keys))
    if kinds:
        return _read(
            code, str(narrow), "key", "count", f"{rest} AND kind = ANY(%s)", int(dimension), list(keys), list(kinds)
        )
    return _read(code, str(narrow), "key", "count", rest, int(dimension), list(keys))


def facts(criteria: Criteria, *, wide: bool = False) -> list[Part]:
    """Return the facts that meet a criterion or say why. `wide`: also those that other criteria would need."""
    c, kinds = criteria, criteria.right_kinds
    parts = []
    if c.ipc:
        parts.append(_rights(D.IPC, c.ipc, "rights_topic", (Bit.IPC, Bit.ANY_IPC), kinds, wide))
        parts.append(_watched_ipc(c.ipc))
    if c.nice:
        parts.append(_rights(D.NICE, c.nice, "marks", (Bit.NICE, Bit.ANY_NICE), kinds, wide))
        parts.append(_keys(D.WATCH_NICE, c.nice, "watch_nice", Bit.WATCH_NICE))
    if c.industries:
        parts.append(_keys(D.INDUSTRY, c.industries, "industry", Bit.INDUSTRY))
    for word in c.keywords:
        parts += _keyword(word, kinds, wide)
    if kinds and (wide or not (c.ipc or c.nice or c.industries or c.keywords)):
        parts.append(_keys(D.RIGHT_KIND, kinds, "kinds", Bit.KIND))
    if c.countries:
        parts += _places(c, kinds, wide)
    if c.needs_market and (wide or not c.countries):
        rest = "protection_exposure WHERE dimension = %s"
        parts.append(_read("exports", str(int(Bit.ANY_EXPORT)), "key", "count", rest, int(D.EXPORT)))
    return parts


def _places(c: Criteria, kinds: tuple[str, ...], wide: bool) -> list[Part]:
    parts = [
        _keys(D.COUNTRY, c.countries, "rights_abroad", Bit.RIGHTS_ABROAD),
        _keys(D.EXPORT, c.countries, "exports", Bit.EXPORT),
        _keys(D.SUPPLY, c.countries, "supplies", Bit.SUPPLY),
        _keys(D.WATCH_COUNTRY, c.countries, "watch_country", Bit.WATCH_COUNTRY),
    ]
    # They decide nothing, they say it more exactly: "you hold 3 US patents in H01M".
    for dimension, keys in ((D.COUNTRY_IPC, c.ipc), (D.COUNTRY_NICE, c.nice)):
        both = tuple(f"{country}:{key}" for country in c.countries for key in keys)
        if both and not wide:
            parts.append(_rights(dimension, both, "rights_abroad_topic", (0, 0), kinds, wide))
    return parts


def _watched_ipc(patterns: tuple[str, ...]) -> Part:
    """Who watches a class under a pattern, or one that the pattern lies under."""
    above = _once(level for pattern in patterns for level in classes.ipc_levels(pattern)[:-1])
    rest = (
        "protection_exposure WHERE dimension = %s AND (key = ANY(%s) OR (kind = '' AND key = ANY(%s)))"
    )  # fmt: skip
    return _read(
        "watch_ipc", str(int(Bit.WATCH_IPC)), "key", "count", rest, int(D.WATCH_IPC), list(patterns), list(above)
    )


def _keyword(word: str, kinds: tuple[str, ...], wide: bool) -> Iterator[Part]:
    query = search.query(word)
    if not query:
        return
    rest = "patents_right WHERE search @@ %s::tsquery AND secrecy = %s AND status = ANY(%s)"
    given = [query, str(Secrecy.OPEN), [str(one) for one in ALIVE]]
    bits, before, after = str(int(Bit.KEYWORD)), [], []
    if wide:
        bits = str(int(Bit.KEYWORD | Bit.ANY_KEYWORD))
    if kinds and wide:
        bits = f"CASE WHEN kind = ANY(%s) THEN {bits} ELSE {int(Bit.ANY_KEYWORD)} END"
        before = [list(kinds)]
    elif kinds:
        rest, after = f"{rest} AND kind = ANY(%s)", [list(kinds)]
    yield _read("keyword", bits, "%s::text", "1", rest, *before, word, *given, *after)
    found = "protection_productwords WHERE search @@ %s::tsquery"
    yield _read("product", str(int(Bit.PRODUCT)), "%s::text", "1", found, word, query)


# --- the statement ------------------------------------------------------------------------------------------------
COUNTRY_KEY = "'country', split_part(a, ':', 1)"
VALUES = {
    "rights_topic": "jsonb_build_object('ipc', a, 'count', count)",
    "marks": "jsonb_build_object('nice', a, 'count', count)",
    "rights_abroad": "jsonb_build_object('country', a, 'count', count)",
    "rights_abroad_topic": f"jsonb_build_object({COUNTRY_KEY}, CASE WHEN split_part(a, ':', 2) ~ '^[0-9]' THEN 'nice' "
    "ELSE 'ipc' END, split_part(a, ':', 2), 'count', count)",
    "exports": "jsonb_build_object('country', a)",
    "supplies": "jsonb_build_object('country', a)",
    "industry": "jsonb_build_object('code', a)",
    "keyword": "jsonb_build_object('word', a, 'count', count)",
    "product": "jsonb_build_object('word', a)",
    "kinds": "jsonb_build_object('kind', a, 'count', count)",
}
ORDER = ("rights_abroad_topic", *(code for code in VALUES if code != "rights_abroad_topic"))
WATCHES = ("watch_country", "watch_ipc", "watch_nice")  # {"what": "ipc", "key": ...}; told to the enterprise alone
EVERYBODY = '[{"code": "everybody", "values": {}}]'
REASON = (
    "jsonb_build_object('code', CASE WHEN starts_with(code, 'watch_') THEN 'watch' ELSE code END, 'values', CASE code "
    + " ".join(f"WHEN '{code}' THEN {made}" for code, made in VALUES.items())
    + " ELSE jsonb_build_object('what', substr(code, 7), 'key', a) END)"
)
STATEMENT = """
SELECT m.organisation_id, m.reasons FROM (
    SELECT organisation_id, bit_or(bit) AS bits, jsonb_agg({reason} ORDER BY array_position(%s::text[], code), a)
        AS reasons
    FROM (SELECT organisation_id, bit, code, a, sum(count)::int AS count FROM ({facts}) fact GROUP BY 1, 2, 3, 4) summed
    GROUP BY 1
) m JOIN protection_exposure e ON e.organisation_id = m.organisation_id
WHERE {limits} AND {rule}
"""


def statement(criteria: Criteria, *, scope: str = "", within: tuple[Any, ...] = ()) -> tuple[str, list[Any]]:
    """Return the one SELECT of (organisation_id, reasons), with its parameters.

    `scope` limits to organisations: a condition that follows the column, such as "BETWEEN %s AND %s" with its values.
    """
    scope = f"AND organisation_id {scope}" if scope else ""
    limits, values = limits_of(criteria)
    if criteria.asks_nothing and not criteria.needs_market:
        found = f"SELECT organisation_id, %s::jsonb AS reasons FROM protection_exposure e WHERE {limits} {scope}"  # noqa: S608
        return found, [EVERYBODY, *values, *within]
    parts = facts(criteria)
    if not parts:  # keywords of nothing but marks find nobody
        return "SELECT organisation_id, '[]'::jsonb AS reasons FROM protection_exposure WHERE false", []
    sql = STATEMENT.format(reason=REASON, facts=union(parts, scope), limits=limits, rule=rule(criteria).sql("m.bits"))
    return sql, [[*ORDER, *WATCHES], *(value for part in parts for value in (*part.params, *within)), *values]


def union(parts: list[Part], scope: str = "") -> str:
    """Return all facts in one."""
    return "\nUNION ALL\n".join(part.sql.replace("{scope}", scope) for part in parts)


def limits_of(criteria: Criteria) -> tuple[str, list[Any]]:
    """Return the condition on the row that every enterprise has, and its values."""
    sql = "e.dimension = %s"
    values: list[Any] = [int(D.ENTERPRISE)]
    if criteria.districts:
        sql, values = sql + " AND e.key = ANY(%s)", [*values, list(criteria.districts)]
    if criteria.verified_only:
        sql += " AND e.kind = 'verified'"
    return sql, values
