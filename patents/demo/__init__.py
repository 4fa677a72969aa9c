"""The demo's register: rights in every kind and state, entered through the real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from patents import bulk, families, numbers, papers, rights
from patents.models import Family, Product, Right, RightKind
from portal import demo
from portal.clock import today
from portal.models import Membership, Organisation, Role, User

from . import history
from .cast import OTHERS, PRODUCTS, SENSORS, Row

SOURCE = "登记簿副本（示例）"
TYPE_DIGITS = {"invention": "1", "utility_model": "2", "design": "3"}
PER_FIRM = 5
FIRMS = 12
DAYS = ("granted_on", "published_on", "expires_on")
AFTER = ("flags", "products", "family", "grade")


def seed(say: Callable[[str], Any]) -> dict[str, int]:
    """Fill the registers of the demo's first enterprises; return how many rights there are."""
    firms = list(Organisation.objects.order_by("pk")[:FIRMS])
    for place, firm in enumerate(firms):
        rows = SENSORS if place == 0 else [OTHERS[(place + n) % len(OTHERS)] for n in range(PER_FIRM)]
        _fill(firm, rows, place)
    history.value_all()
    say("知识产权台账 / register of rights")
    return {"rights": Right.objects.count()}


def _fill(firm: Organisation, rows: list[Row], place: int) -> None:
    seats = Membership.objects.open().filter(organisation=firm).select_related("user")
    people = {seat.role: seat.user for seat in seats}
    owner = people[Role.OWNER]
    helper = people.get(Role.MEMBER, owner)
    products = {name: families.save_product(firm, name=name, by=owner) for name in PRODUCTS} if place == 0 else {}
    kin: dict[str, Family] = {}
    for serial, row in enumerate(rows, 1):
        right = _enter(firm, row, place * 100 + serial, owner)
        _link(right, row[5], products, kin, owner)
    if helper != owner:
        patents = Right.objects.filter(kind__in=["utility_model", "design"])
        bulk.edit(firm, chosen=patents, field="responsible", value=helper, by=owner)
        bulk.edit(firm, chosen=patents, field="backup", value=owner, by=owner)
    if place == 0:
        history.tell(firm, owner)


def _enter(firm: Organisation, row: Row, serial: int, owner: User) -> Right:
    kind, title, filed, status, sign, more = row
    values: dict[str, Any] = {name: value for name, value in more.items() if name not in (*AFTER, "secrecy")}
    values |= {name: dt.date.fromisoformat(values[name]) for name in DAYS if name in values}
    values |= {"title": title} | ({} if kind == "trade_secret" else {"owners": [firm.name]})
    if filed:
        values |= {"filed_on": dt.date.fromisoformat(filed)} | _numbers(kind, filed, serial, values)
    if sign:
        values |= {"classes": [sign]} if kind in ("trademark", "design") else {"main_ipc": sign, "classes": [sign]}
    if kind in TYPE_DIGITS or kind == "foreign_patent":
        values["inventors"] = [owner.name, "示例发明人"]
    if kind in TYPE_DIGITS and "paid_year" in values:
        values["paid_year"] = _years_paid(values["filed_on"]) - (status == "in_grace")
    stated_on = values.get("granted_on") or values.get("published_on") or values.get("filed_on") or today()
    return rights.create(
        firm, kind=kind, values=values, by=owner, status=status, status_on=stated_on, status_source=SOURCE,
        secrecy=more.get("secrecy", "open"),
    )  # fmt: skip


def _years_paid(filed_on: dt.date) -> int:
    """Return the patent year that runs today: an enterprise in good order has paid it."""
    day = today()
    return day.year - filed_on.year + ((day.month, day.day) >= (filed_on.month, filed_on.day))


def _numbers(kind: str, filed: str, serial: int, values: dict[str, Any]) -> dict[str, str]:
    """Return numbers with a right check digit that stand for nothing."""
    if kind in TYPE_DIGITS:
        digits = f"{filed[:4]}{TYPE_DIGITS[kind]}99{serial:05d}"
        return {"application_number": f"{digits}.{numbers.check_digit(digits)}"}
    if kind in (RightKind.FOREIGN_PATENT, RightKind.DOMAIN):
        return {}
    word = {"software": f"{filed[:4]}SR", "trademark": ""}.get(kind, kind[:2].upper())
    return {"registration_number": f"{word}{99_000_000 + serial}"}


def _link(
    right: Right, more: dict[str, Any], products: dict[str, Product], kin: dict[str, Family], owner: User
) -> None:
    if "flags" in more:
        rights.set_flags(right, flags=more["flags"], by=owner)
    if "products" in more:
        families.set_products(right, products=[products[name] for name in more["products"]], by=owner)
    if "family" in more:
        name = more["family"]
        if name not in kin:
            kin[name] = families.create_family(right.organisation, title=name, by=owner, priority_on=right.filed_on)
        families.link(right, family=kin[name], by=owner)
    if "grade" in more:
        only = Right.objects.filter(pk=right.pk)
        bulk.edit(right.organisation, chosen=only, field="grade", value=more["grade"], by=owner)
    if right.kind == RightKind.TRADEMARK and right.status == "granted":
        papers.add_use(
            right, nice_class=int(right.classes[0]), used_on=today() - dt.timedelta(days=200),
            description="示例：官网产品页与展会照片", by=owner,
        )  # fmt: skip


def register() -> None:
    """Plug in; called once when the app is ready."""
    demo.register_step(seed)
