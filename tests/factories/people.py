"""People, enterprises and offices."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from stdnum.cn import uscc as stdnum_uscc

from enterprises.models import Profile
from portal.clock import now
from portal.models import District, Expert, Membership, Office, Organisation, Posting, Role, User

_counter = itertools.count(1)
FAMILY, GIVEN = "林周沈顾陆许何吕施张孔曹严华金魏", ["知远", "若川", "予安", "明之", "清和", "砚秋", "怀瑾", "书宁"]


def make_user(name: str = "", *, email: str = "", **extra: Any) -> User:
    """Return a user with a verified e-mail address."""
    n = next(_counter)
    name = name or FAMILY[n % len(FAMILY)] + GIVEN[n % len(GIVEN)]
    user = User.objects.create_user(email or f"person{n}@example.cn", "correct horse battery", name=name, **extra)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def with_second_factor(user: User) -> User:
    """Give a user a TOTP authenticator."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return user


def make_uscc(division: str = "310112") -> str:
    """Return a code with a right check digit and an invented organisation part."""
    body = f"91{division}MA1T{next(_counter):05d}"
    return body + stdnum_uscc.calc_check_digit(body)


def make_organisation(
    name: str = "", *, district: str = "minhang", verified: bool = True, **extra: Any
) -> Organisation:
    """Return an enterprise, verified by nobody in particular unless told otherwise, with a profile."""
    place = District.objects.get(slug=district)
    n = next(_counter)
    values: dict[str, Any] = {
        "uscc": make_uscc(place.code),
        "name": name or f"申澜微感（上海）传感科技第{n}有限公司",
        "address": f"上海市{place.name_zh}示例路{n}号",
        "registered_on": dt.date(2018, 4, 19),
        "district": place,
        **extra,
    }
    if verified:
        values |= {"verified_at": now(), "verified_by": make_user("核实员")}
    organisation = Organisation.objects.create(**values)
    Profile.objects.create(organisation=organisation, year=2025, staff=86, rd_staff=31, ip_staff=2, revenue_wan=7240)
    return organisation


def join(user: User, organisation: Organisation, role: str = Role.OWNER) -> User:
    """Make a user a member."""
    Membership.objects.create(user=user, organisation=organisation, role=role)
    user.forget_standing()
    return user


def post(user: User, office: str, role: str) -> User:
    """Give a user a role in an office by slug ("city", "minhang"), with a second factor."""
    Posting.objects.create(user=user, office=Office.objects.get(slug=office), role=role)
    if not user.authenticator_set.exists():
        with_second_factor(user)
    user.forget_standing()
    return user


def make_expert(name: str = "", **extra: Any) -> User:
    """Return an expert with a second factor."""
    user = with_second_factor(make_user(name))
    Expert.objects.create(user=user, employer="某某大学", fields="传感器", **extra)
    user.forget_standing()
    return user
