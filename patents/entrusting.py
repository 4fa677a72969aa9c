"""Rights for named persons that nobody can see any more: the owner learns their number and names somebody anew."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patents import rights
from patents.models import Right
from patents.models.rights import RightQuerySet
from portal import notifications
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Membership, Organisation, Role, Secrecy, User
from portal.permissions import Permission, check

PATH = "/rights/unseen/"
MOST_TOLD = 20  # numbers in one notice; the page lists all


def unseen(organisation: Organisation) -> RightQuerySet:
    """Return the rights for named persons none of whom is an active member any more. Show nothing but their number."""
    members = Membership.objects.open().filter(organisation=organisation, user__is_active=True).order_by()
    rows: RightQuerySet = Right.objects.filter(organisation=organisation, secrecy=Secrecy.NAMED)
    return rows.exclude(readers__overlap=ArraySubquery(members.values("user"))).only("number")


def tell_owner(organisation: Organisation, person: User) -> int:
    """Tell the owner which rights lost their last reader with a person who left; return how many. Inside the action."""
    numbers = list(unseen(organisation).filter(readers__contains=[person.pk]).values_list("number", flat=True))
    if numbers:
        owners = User.objects.filter(
            memberships__organisation=organisation, memberships__role=Role.OWNER, memberships__ended_at=None
        )
        values = {
            "count": len(numbers), "numbers": " ".join(sorted(numbers)[:MOST_TOLD]), "person": person.name,
            "organisation": organisation.name,
        }  # fmt: skip
        key = f"unseen:{organisation.number}:{person.number}:{now():%Y-%m-%dT%H:%M}"
        notifications.notify("rights_unseen", owners, key=key, values=values, link=PATH, organisation=organisation)
    return len(numbers)


@transaction.atomic
def entrust(organisation: Organisation, *, number: str, reader: User, by: User) -> Right:
    """Name a member as the reader of a right that nobody can see any more; its dates and papers follow.

    For the owner alone. Raises Denied; RuleBroken where the reader is no active member or may not keep rights.
    """
    check(by, Permission.MANAGE_MEMBERS, organisation)
    right = unseen(organisation).select_for_update().filter(number=number).first()
    if right is None:  # also where somebody can see it: whether it exists is not the owner's to know
        raise Denied(rights.GONE)
    seat = Membership.objects.open().filter(organisation=organisation, user=reader, user__is_active=True).first()
    if seat is None:
        raise RuleBroken(_("只能指定本企业的现任成员。"), code="not_a_member")
    right = Right.objects.get(pk=right.pk)
    data = {"readers": {"from": right.readers, "to": [reader.pk]}}
    right.readers, right.responsible, right.backup = [reader.pk], reader, None
    right.version += 1
    right.updated_at = now()
    right.save(update_fields=["readers", "responsible", "backup", "version", "updated_at"])
    rights.note_event(right, "secrecy", by=by, data=data)
    rights.log(right, "right.entrusted", by=by)
    rights.follow_right([right.pk])
    values = {"organisation": organisation.name, "number": right.number, "person": by.name}
    notifications.notify(
        "right_entrusted", [reader], key=f"entrusted:{right.number}:{right.version}", values=values,
        link=f"/rights/{right.number}/", organisation=organisation,
    )  # fmt: skip
    return right
