"""Rights for the tests of dates: plain and random ones."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from typing import Any

from patents.models import LegalStatus, Right, RightKind, Route
from portal.models import Organisation

_counter = itertools.count(1)
DAY = dt.timedelta(days=1)


def make_right(organisation: Organisation, **extra: Any) -> Right:
    """Return an invention filed 2020-03-10 and granted 2023-05-20 (year 4), as in the worked example."""
    n = next(_counter)
    values: dict[str, Any] = {
        "organisation": organisation,
        "kind": RightKind.INVENTION,
        "title": f"一种温度自补偿压力传感芯片（第{n}件）",
        "identity": f"test:{n}",
        "filed_on": dt.date(2020, 3, 10),
        "granted_on": dt.date(2023, 5, 20),
        "status": LegalStatus.GRANTED,
        "paid_year": 6,
        **extra,
    }
    return Right.objects.create(**values)


def random_rights(organisation: Organisation, count: int, *, seed: int) -> list[Right]:
    """Return rights of all kinds with random days, some of them impossible ones."""
    chance = random.Random(seed)
    rows = [_random(organisation, chance) for _row in range(count)]
    return Right.objects.bulk_create(rows)


def _day(chance: random.Random, first: dt.date, last: dt.date) -> dt.date:
    return first + DAY * chance.randrange((last - first).days + 1)


def _random(organisation: Organisation, chance: random.Random) -> Right:
    kind = chance.choice([*RightKind.values, "invention", "invention", "utility_model", "design", "trademark"])
    filed = chance.choice([_day(chance, dt.date(1999, 1, 1), dt.date(2026, 11, 20)), dt.date(2016, 2, 29)])
    granted = chance.choice([None, filed + DAY * chance.randrange(90, 2500)])
    is_mark = kind == "trademark"
    route = chance.choice(["national", "national", "pct", "madrid" if is_mark else "paris"])
    n = next(_counter)
    return Right(
        organisation=organisation,
        kind=kind,
        title=f"随机权利 {n}",
        identity=f"random:{n}",
        secrecy="named" if kind == "trade_secret" else chance.choice(["open", "internal"]),
        route="hague" if kind == "design" and chance.random() < 0.2 else Route(route),
        country=chance.choice(["CN", "CN", "CN", "US", "WO"]),
        filed_on=filed,
        granted_on=granted,
        priority_on=chance.choice([None, filed - DAY * chance.randrange(1, 365)]),
        status=chance.choice(LegalStatus.values)
        if granted is None
        else chance.choice(["granted", "in_grace", "lapsed"]),
        status_on=chance.choice([None, dt.date(2026, 11, 1), dt.date(2024, 1, 1)]),
        expires_on=chance.choice([None, None, None, dt.date(2027, 5, 1), filed + DAY * 7600]),
        paid_year=chance.choice([None, None, 1, 4, 7, 12]),
        reduction=chance.choice(["0", "0", "0.70", "0.85"]),
        reduction_from=(None, None, 5, 9)[n % 4],
        open_licence_from=chance.choice([None, None, dt.date(2025, 1, 1)]),
        open_licence_to=None,
        classes=chance.choice([[], ["9"], ["09", "42"]]) if is_mark else [],
    )
