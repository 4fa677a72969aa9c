"""The register of an enterprise: rights that are open, internal, and for one named person only, with all that hangs on
them; every text of each carries a canary."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from patents import families, grades, money, papers, rewards, rights, scenarios
from patents.dates import notices
from patents.models import ImportRow, ImportRun, Right, RightKind
from portal.models import Deadline, Secrecy, StoredFile
from tests.factories import documents
from tests.factories.rights import make_number

NAMED = "manager"  # the only person who may know of the secret and of the invention nobody has filed
PAID_ON = dt.date(2026, 3, 2)


def add_rights(world: Any, party: Any) -> None:
    """Give an enterprise its rights and their addresses."""
    _open(world, party)
    _internal(world, party)
    _named(world, party)
    _around(world, party)


def _mark(world: Any, party: Any, sort: str) -> str:
    """Return a canary; what is for a named person is theirs alone."""
    return str(world.canaries.make(party.key, sort, person=named(party) if sort == "secret" else ""))


def named(party: Any) -> str:
    """Return the named person as the world calls them."""
    return NAMED if party.key == "A" else f"{party.key}_{NAMED}"


def _create(world: Any, party: Any, name: str, sort: str, kind: str, **more: Any) -> Right:
    by = party.people[NAMED if sort == "secret" else "member"]
    values = {
        "title": f"{_mark(world, party, sort)}装置",
        "abstract": _mark(world, party, sort),
        "inventors": [_mark(world, party, sort)],
        "agent": _mark(world, party, sort),
        "note": _mark(world, party, sort),
        "owners": [party.organisation.name],
        **more.pop("values", {}),
    }
    if kind == RightKind.TRADE_SECRET:  # only its name and how it is kept are written down
        values = {name: values[name] for name in ("title", "measures")}
    right = rights.create(party.organisation, kind=kind, values=values, by=by, **more)
    hidden = {"secret": "secret_number", "right_internal": "internal_number"}.get(sort, sort)
    world.canaries.literal(right.number, party.key, hidden, person=named(party) if sort == "secret" else "")
    party.addresses[f"right:{name}"] = {"number": right.number}
    party.addresses[f"under:{name}"] = {"right": right.number}  # as the interface for programs names it
    return right


def _hang(world: Any, party: Any, right: Right, name: str, sort: str, cost: str) -> None:
    """Hang a notice with its dates, a paper, money and a reward on a right. `cost` is the sort of the money's words."""
    by = party.people[NAMED if sort == "secret" else "member"]
    put = party.addresses
    notice = notices.record_notice(
        right, type="first_office_action", issued_on=dt.date(2026, 3, 10), note=_mark(world, party, sort), by=by
    )
    put[f"notice:{name}"] = {"number": right.number, "notice": notice.number}
    paper = SimpleUploadedFile(f"{_mark(world, party, sort)}.pdf", documents.pdf(), "application/pdf")
    file = papers.attach(right, paper, by=by)
    StoredFile.objects.filter(pk=file.pk).update(status="clean")
    put[f"file:right-{name}"] = {"number": file.number}
    entry = money.record(
        right, stage="payment", code="other", amount=Decimal("812.60"), on=PAID_ON, by=by,
        reference=_mark(world, party, cost), note=_mark(world, party, cost),
    )  # fmt: skip
    put[f"money:{name}"] = {"number": right.number, "entry": entry.number}
    if name == "open":  # as the interface for programs names them
        put["money-entry"] = {"number": entry.number}
    rewards.agree(right, inventor=right.inventors[0], amount=Decimal("4000.50"), by=by)
    paid = {"amount": Decimal(1200), "on": PAID_ON, "reference": _mark(world, party, cost)}
    rewards.pay(right, inventor=right.inventors[0], **paid, by=by)
    grades.set_manual(right, grade="B", reason=_mark(world, party, sort), by=party.people[NAMED])
    due = Deadline.objects.open().filter(subject_type="right", subject_number=right.number).order_by("pk").first()
    assert due is not None, "the notice opened no date"
    put[f"deadline:{name}"] = {"number": due.number}


def _open(world: Any, party: Any) -> None:
    filed = dt.date(2025, 2, 10)
    values = {"application_number": make_number(2025), "filed_on": filed}
    right = _create(world, party, "open", "right", RightKind.INVENTION, values=values, status="pending")
    _hang(world, party, right, "open", "right", "money")
    for name, type in (("payment", "annuity_notice"), ("approval", "fee_reduction")):
        notice = notices.record_notice(right, type=type, issued_on=dt.date(2026, 3, 10), by=party.people["member"])
        party.addresses[f"notice:{name}"] = {"number": right.number, "notice": notice.number}
    families_and_products(world, party, right)
    mark = _create(
        world, party, "trademark", "right", RightKind.TRADEMARK, status="granted",
        values={"registration_number": f"{60_000_000 + right.pk}", "classes": ["9"], "granted_on": dt.date(2022, 5, 7)},
    )  # fmt: skip
    papers.add_use(
        mark, nice_class=9, used_on=PAID_ON, description=_mark(world, party, "right"), by=party.people["member"]
    )


def families_and_products(world: Any, party: Any, right: Right) -> None:
    """A family and a product, known to the enterprise only."""
    by = party.people["member"]
    product = families.save_product(party.organisation, name=_mark(world, party, "right_internal"), by=by)
    families.set_products(right, products=[product], by=by)
    party.addresses["product"] = {"number": product.number}


def _internal(world: Any, party: Any) -> None:
    values = {"application_number": make_number(2025), "filed_on": dt.date(2025, 3, 11)}
    right = _create(
        world, party, "internal", "right_internal", RightKind.INVENTION, values=values, secrecy=Secrecy.INTERNAL
    )
    _hang(world, party, right, "internal", "right_internal", "right_internal")


def add_secrets(world: Any) -> None:
    """Add more of what is for the named person only, with dates and money, to A."""
    party = world.parties["A"]
    kept = dict(party.addresses)
    _named(world, party)
    party.addresses = kept


def _named(world: Any, party: Any) -> None:
    """A trade secret, an invention nobody has filed yet, and one that is filed but still for named persons."""
    _create(
        world, party, "secret", "secret", RightKind.TRADE_SECRET, status="draft",
        values={"measures": _mark(world, party, "secret")},
    )  # fmt: skip
    _create(world, party, "undisclosed", "secret", RightKind.INVENTION, status="draft", secrecy=Secrecy.NAMED)
    values = {"application_number": make_number(2025), "filed_on": dt.date(2025, 4, 12)}
    right = _create(world, party, "named", "secret", RightKind.INVENTION, values=values, secrecy=Secrecy.NAMED)
    _hang(world, party, right, "named", "secret", "secret")


def _around(world: Any, party: Any) -> None:
    """Scenarios and imports belong to the enterprise as a whole; a row on a secret right does not."""
    by, put = party.people["member"], party.addresses
    scenario = scenarios.create(party.organisation, name=_mark(world, party, "right_internal"), by=by)
    put["scenario"] = {"number": scenario.number}
    run = ImportRun.objects.create(
        organisation=party.organisation, name=f"{_mark(world, party, 'right_internal')}.csv", key=f"none-{party.key}",
        size=10, sha256="0" * 64, header=["名称", "申请号"], header_row=1,
        samples=[[_mark(world, party, "right_internal"), "2025109900001"]],
        mapping={"columns": {"0": "title", "1": "application_number"}, "kind": "invention"}, status="ready",
        row_count=2, counts={"new": 1, "changed": 1}, created_by=by,
    )  # fmt: skip
    put["import"] = {"number": run.number}
    secret = Right.objects.get(number=put["right:named"]["number"])
    rows = ((1, "right_internal", "new", None), (2, "secret", "changed", secret))
    for position, sort, verdict, right in rows:
        title = _mark(world, party, sort)
        changes = {"title": {"from": "x", "to": title}} if right else {}
        ImportRow.objects.create(
            run=run, position=position, values={"title": title}, verdict=verdict, changes=changes, right=right
        )
