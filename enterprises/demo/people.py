"""The demo's people and enterprises."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from stdnum.cn import uscc as stdnum_uscc

from enterprises.models import Profile
from portal import audit
from portal.clock import now, today
from portal.models import District, Expert, Membership, Office, Organisation, Posting, User, Verification

from .cast import DISTRICT_OFFICERS, EXPERTS, FIRMS, LATER, OFFICIALS, Firm


def make_person(name: str, email: str, *, is_official: bool = False) -> User:
    """Return a demo person without a password; officials and experts get a second factor of their own."""
    user = User.objects.create_user(email, None, name=name, is_demo=True, mail_choice=User.MailChoice.NONE)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if is_official:
        TOTP.activate(user, generate_totp_secret())
    return user


def make_officials() -> dict[tuple[str, str], list[User]]:
    """Return the officials by (office slug, role)."""
    posts = [*OFFICIALS]
    for slug, (officer, supervisor) in DISTRICT_OFFICERS.items():
        posts += [(officer, slug, "officer"), (supervisor, slug, "supervisor")]
    posts += LATER
    found: dict[tuple[str, str], list[User]] = {}
    for number, (name, slug, role) in enumerate(posts, 1):
        office = Office.objects.get(slug=slug)
        user = make_person(name, f"{slug}.{role}{number}@demo.example", is_official=True)
        Posting.objects.create(user=user, office=office, role=role)
        audit.record(office, "posting.created", data={"person": name, "role": role})
        found.setdefault((slug, role), []).append(user)
    return found


def make_experts() -> list[User]:
    """Return the experts of the pool."""
    people = []
    for number, (name, employer, fields) in enumerate(EXPERTS, 1):
        user = make_person(name, f"expert{number}@demo.example", is_official=True)
        Expert.objects.create(user=user, employer=employer, fields=fields)
        people.append(user)
    return people


def make_firm(number: int, firm: Firm, officer: User) -> tuple[Organisation, User]:
    """Return an enterprise registered by its owner and verified by its district."""
    district = District.objects.get(slug=firm.district)
    owner = make_person(firm.owner, f"firm{number}@demo.example")
    body = f"91{district.code}MADE{number:04d}"[:17].ljust(17, "0")
    organisation = Organisation.objects.create(
        uscc=body + stdnum_uscc.calc_check_digit(body),
        name=firm.name,
        address=f"上海市{district.name_zh}示例路{number * 8}号",
        registered_on=dt.date.fromisoformat(firm.since),
        district=district,
        created_at=now(),
        created_by=owner,
        is_demo=True,
    )
    audit.record(organisation, "organisation.registered", by=owner, data={"uscc": organisation.uscc})
    Membership.objects.create(user=owner, organisation=organisation, role="owner")
    owner.current_organisation = organisation
    owner.save(update_fields=["current_organisation"])
    _make_profile(organisation, firm, owner)
    _verify(organisation, owner, officer)
    return organisation, owner


def _make_profile(organisation: Organisation, firm: Firm, owner: User) -> None:
    Profile.objects.create(
        organisation=organisation,
        year=today().year - 1,
        main_products=firm.products,
        staff=firm.staff,
        rd_staff=firm.staff * 3 // 10,
        ip_staff=1 + firm.staff // 80,
        revenue_wan=Decimal(firm.staff * 84),
        rd_spend_wan=Decimal(firm.staff * 9),
        ip_spend_wan=Decimal(firm.staff) / 4,
        valid_inventions=firm.inventions,
        valid_patents=firm.patents,
        trademarks=firm.staff // 20,
        has_ip_office=firm.staff > 60,
        updated_by=owner,
    )


def _verify(organisation: Organisation, owner: User, officer: User) -> None:
    """The last two enterprises wait for their district: officials need something to do."""
    waiting = organisation.name in {firm.name for firm in FIRMS[-2:]}
    request = Verification.objects.create(
        organisation=organisation,
        evidence="registry",
        created_by=owner,
        created_at=now(),
        due_on=today() + dt.timedelta(5),
    )
    audit.record(organisation, "verification.requested", by=owner, data={"number": request.number})
    if waiting:
        return
    request.status, request.decided_at, request.decided_by = "verified", now(), officer
    request.save()
    organisation.verified_at, organisation.verified_by = now(), officer
    organisation.save(update_fields=["verified_at", "verified_by"])
    audit.record(organisation, "verification.verified", by=officer, data={"number": request.number})
