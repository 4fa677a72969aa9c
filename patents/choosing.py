"""Which rights somebody wants to see: what a list's filters, a saved view, a bulk edit and an export all mean alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from patents.models import Flag, LegalStatus, RightKind
from patents.models.rights import ALIVE, IN_FORCE, RightQuerySet
from patents.search import search
from portal.clock import today
from portal.models import Deadline, Secrecy

DUE_DAYS = ("7", "30", "90", "180")
OVERDUE = "overdue"
FIELDS = (
    "q", "kind", "status", "grade", "value", "ipc", "nice", "year", "responsible", "due", "flag", "agency", "product",
    "family", "secrecy", "district",
)  # fmt: skip
GROUPS = {"alive": ALIVE, "in_force": IN_FORCE}
Narrow = Callable[[str], Q]


def _code(name: str, values: Any) -> Narrow:
    return lambda value: Q(**{name: value}) if value in values else Q()


def _status(value: str) -> Q:
    return Q(status__in=GROUPS[value]) if value in GROUPS else _code("status", LegalStatus.values)(value)


def _grade(value: str) -> Q:
    return Q(grade="") if value == "none" else _code("grade", "ABCD")(value)


def _value(value: str) -> Q:
    return {"high": Q(is_high_value=True), "core": Q(is_core=True)}.get(value, Q())


def _ipc(value: str) -> Q:
    plain = " ".join(value.upper().split())
    return Q(main_ipc__startswith=plain) | Q(classes__contains=[plain])


def _year(value: str) -> Q:
    if not (value.isdecimal() and 1900 <= int(value) <= 2200):
        return Q()
    return Q(filed_on__range=(dt.date(int(value), 1, 1), dt.date(int(value), 12, 31)))


def _responsible(value: str) -> Q:
    if value == "none":
        return Q(responsible=None)
    return Q(responsible=int(value)) if value.isdecimal() and int(value) < 2**63 else Q()


def _due(value: str) -> Q:
    """Rights with an open date within so many days, or with one that has passed."""
    dates = Deadline.objects.open().filter(subject_type="right")
    if value == OVERDUE:
        dates = dates.filter(legal_on__lt=today())
    elif value in DUE_DAYS:
        dates = dates.filter(target_on__lte=today() + dt.timedelta(days=int(value)))
    else:
        return Q()
    # Both equalities: an enterprise's list then starts from its own few dates, not from everybody's.
    return Q(Exists(dates.filter(organisation=OuterRef("organisation"), subject_number=OuterRef("number"))))


NARROWS: dict[str, Narrow] = {
    "kind": _code("kind", RightKind.values),
    "status": _status,
    "grade": _grade,
    "value": _value,
    "ipc": _ipc,
    "nice": lambda value: Q(classes__contains=[value.lstrip("0")]),
    "year": _year,
    "responsible": _responsible,
    "due": _due,
    "flag": lambda value: Q(flags__contains=[value]) if value in Flag.values else Q(),
    "agency": lambda value: Q(agency__number=value),
    "product": lambda value: Q(products__number=value),
    "family": lambda value: Q(family__number=value),
    "secrecy": _code("secrecy", Secrecy.values),
    "district": lambda value: Q(organisation__district=value),
}


def narrow(rights: RightQuerySet, wanted: Mapping[str, Any], *, are_few: bool = False) -> RightQuerySet:
    """Limit rights to what is wanted; unknown names and values count for nothing. NUL never reaches the database.

    `are_few` as in `search`.
    """
    given = {name: str(wanted.get(name) or "").replace("\x00", "").strip()[:200] for name in FIELDS}
    rows = search(rights, given["q"], are_few=are_few)
    for name, function in NARROWS.items():
        if given[name]:
            rows = rows.filter(function(given[name]))
    return rows
