"""Rights of every kind, invented. Numbers carry a right check digit; they stand for no real application."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from patents import identities, numbers
from patents.models import LegalStatus, Right, RightKind
from portal.models import Organisation, Secrecy

_counter = itertools.count(1)
TYPE_DIGITS = {RightKind.INVENTION: "1", RightKind.UTILITY_MODEL: "2", RightKind.DESIGN: "3"}


def make_number(year: int = 2022, kind: str = RightKind.INVENTION) -> str:
    """Return an application number nobody has: 202219900001.X and on."""
    digits = f"{year}{TYPE_DIGITS.get(RightKind(kind), '1')}99{next(_counter):05d}"
    return f"{digits}.{numbers.check_digit(digits)}"


def right_values(organisation: Organisation, kind: str = RightKind.INVENTION, **extra: Any) -> dict[str, Any]:
    """Return the values of a right in force, changed as the test needs."""
    filed_on = extra.get("filed_on", dt.date(2022, 3, 10))
    number = make_number(filed_on.year if filed_on else 2022, kind)
    values: dict[str, Any] = {
        "organisation": organisation,
        "kind": kind,
        "title": f"一种谐振式微压力传感器及其制备方法{next(_counter)}",
        "filed_on": filed_on,
        "owners": [organisation.name],
        "status": LegalStatus.GRANTED,
        **extra,
    }
    if kind in TYPE_DIGITS:
        values.setdefault("application_number", number)
        values.setdefault("granted_on", dt.date(2023, 5, 20))
    elif kind == RightKind.TRADE_SECRET:
        values.setdefault("secrecy", Secrecy.NAMED)
    elif kind != RightKind.DOMAIN:
        values.setdefault("registration_number", f"{98_000_000 + next(_counter)}")
    return values


def make_right(organisation: Organisation, kind: str = RightKind.INVENTION, **extra: Any) -> Right:
    """Return a stored right, straight into the table: for tests that are not about entering one."""
    values = right_values(organisation, kind, **extra)
    names = ("country", "application_number", "publication_number", "registration_number", "international_number")
    known = {name: values[name] for name in names if name in values}
    key = identities.identity(kind=kind, title=values["title"], **known)
    return Right.objects.create(**{"identity": key, **values})
