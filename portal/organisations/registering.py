"""Registering an enterprise: at once for people who are signed in, after the e-mail is confirmed for newcomers."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications, registry, uscc
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import District, Membership, Organisation, Registration, Role, User

from .joining import request_join

BRANCH = "分公司"


@transaction.atomic
def register(
    *,
    code: str,
    name: str,
    district: District,
    address: str = "",
    registered_on: dt.date | None = None,
    by: User,
) -> Organisation:
    """Make the one record of a credit code; `by` becomes its owner.

    Raises RuleBroken: the code is wrong, the name is missing, or (`already_registered`) the code has its record.
    """
    try:
        code = uscc.validate(code)
    except uscc.InvalidCode as error:
        raise RuleBroken(registry.code_sentence(error), code="wrong_code") from error
    if not name.strip():
        raise RuleBroken(_("请填写企业名称。"), code="name_missing")
    entry = registry.lookup(code)
    is_branch = BRANCH in name or BRANCH in (entry.company_type if entry else "")
    organisation = Organisation(
        uscc=code,
        name=name.strip(),
        address=address.strip(),
        registered_on=registered_on,
        district=district,
        is_legal_person=not is_branch,
        created_by=by,
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(_("这个信用代码已经注册，请申请加入。"), code="already_registered") from error
    Membership.objects.create(organisation=organisation, user=by, role=Role.OWNER)
    by.current_organisation = organisation
    by.save(update_fields=["current_organisation"])
    by.forget_standing()
    data = {"uscc": code, "name": organisation.name, "district": district.code, "in_registry": entry is not None}
    audit.record(organisation, "organisation.registered", by=by, data=data)
    notifications.notify(
        "registered",
        [by],
        key=f"{organisation.number}:registered",
        values={"organisation": organisation.name},
        link=f"/organisations/{organisation.number}/verification/",
        organisation=organisation,
    )
    return organisation


@transaction.atomic
def hold(*, code: str, by: User, district: District | None = None, **details: object) -> Registration:
    """Keep what a newcomer filled in until the e-mail address is confirmed; a second wish replaces the first.

    Nobody owns a credit code by an address that is not theirs: that is why the enterprise is not made at once.
    """
    row, _created = Registration.objects.update_or_create(
        user=by, defaults={"uscc": uscc.validate(code), "district": district, "done_at": None, **details}
    )
    audit.record(by, "registration.held", by=by, data={"uscc": row.uscc})
    return row


@transaction.atomic
def complete(user: User) -> Organisation | None:
    """Turn a held registration into an enterprise, or into a request to join where the code has its record by now.

    Called when the e-mail address is confirmed. Returns the enterprise, or None where there is none to enter yet.
    """
    row = Registration.objects.select_for_update(of=("self",)).filter(user=user, done_at=None).first()
    if row is None:
        return None
    row.done_at = now()
    row.save(update_fields=["done_at"])
    if row.district is None or Organisation.objects.filter(uscc=row.uscc).exists():
        request_join(code=row.uscc, message=row.message, asks_district=row.asks_district, by=user)
        return None
    return register(
        code=row.uscc,
        name=row.name,
        address=row.address,
        registered_on=row.registered_on,
        district=row.district,
        by=user,
    )
