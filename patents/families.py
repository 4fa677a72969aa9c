"""Families of applications and the products that use rights: made, changed and linked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from patents import rights
from patents.models import Family, Product, Right
from portal import audit
from portal.errors import RuleBroken
from portal.models import Organisation, User
from portal.permissions import Permission, check


def _log(row: Any, action: str, by: User) -> None:
    audit.record((row._meta.model_name, row.number), action, by=by, organisation_id=row.organisation_id)


@transaction.atomic
def create_family(
    organisation: Organisation,
    *,
    title: str,
    by: User,
    priority_number: str = "",
    priority_on: dt.date | None = None,
) -> Family:
    """Make a family; raises Denied."""
    check(by, Permission.EDIT_RIGHT, organisation)
    family = Family.objects.create(
        organisation=organisation, title=title.strip(), priority_number=priority_number.strip(), priority_on=priority_on
    )
    _log(family, "family.created", by)
    return family


@transaction.atomic
def link(right: Right, *, family: Family | None, by: User) -> Right:
    """Put a right into a family of its enterprise, or take it out."""
    right = rights.locked(right, by)
    if family is not None and family.organisation_id != right.organisation_id:
        raise RuleBroken(_("这不是本企业的产品或专利族。"), code="foreign")
    if right.family_id == getattr(family, "pk", None):
        return right
    data = {"family": {"from": str(right.family or ""), "to": str(family or "")}}
    right.family = family
    right.version += 1
    right.save(update_fields=["family", "version"])
    rights.note_event(right, "changed", by=by, data=data)
    rights.log(right, "right.updated", by=by, fields=["family"])
    rights.changed([right.pk])
    return right


@transaction.atomic
def save_product(
    organisation: Organisation, *, name: str, by: User, is_active: bool = True, product: Product | None = None
) -> Product:
    """Make a product, or rename one; raises Denied, RuleBroken where the enterprise has one of that name."""
    check(by, Permission.EDIT_RIGHT, organisation)
    row = product or Product(organisation=organisation)
    row.name, row.is_active = name.strip(), is_active
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RuleBroken(_("已有同名的产品或服务。"), code="duplicate") from error
    _log(row, "product.saved", by)
    return row


@transaction.atomic
def set_products(right: Right, *, products: list[Product], by: User) -> Right:
    """Say which products use a right."""
    right = rights.locked(right, by)
    if any(product.organisation_id != right.organisation_id for product in products):
        raise RuleBroken(_("这不是本企业的产品或专利族。"), code="foreign")
    before = sorted(right.products.values_list("name", flat=True))
    after = sorted(product.name for product in products)
    if before != after:
        right.products.set(products)
        rights.note_event(right, "changed", by=by, data={"products": {"from": before, "to": after}})
        rights.log(right, "right.updated", by=by, fields=["products"])
        rights.changed([right.pk])
    return right
