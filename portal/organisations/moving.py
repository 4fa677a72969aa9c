"""An enterprise moves to another district: with history, both districts told, its open cases moved along."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, notifications
from portal.clock import now
from portal.errors import RuleBroken
from portal.models import District, DistrictChange, OfficeRole, Organisation, User
from portal.permissions import Permission, check
from portal.procedures import transferring

from .people import officials_of

TOLD = (OfficeRole.OFFICER, OfficeRole.SUPERVISOR)


@transaction.atomic
def change_district(
    organisation: Organisation, *, district: District, address: str, reason: str = "", by: User
) -> DistrictChange:
    """Give the enterprise another district from now on. Cases that no district has decided on go with it.

    Raises Denied; RuleBroken when it is the same district or the new address is missing.
    """
    check(by, Permission.EDIT_ORGANISATION, organisation)
    found = Organisation.objects.select_for_update(of=("self",)).select_related("district")
    organisation = found.get(pk=organisation.pk)
    old = organisation.district
    if district == old:
        raise RuleBroken(_("企业现在就在%(district)s。") % {"district": old}, code="same_district")
    if not address.strip():
        raise RuleBroken(_("请填写新住所。"), code="address_missing")
    change = DistrictChange.objects.create(
        organisation=organisation,
        old=old,
        new=district,
        new_address=address.strip(),
        reason=reason.strip()[:300],
        changed_at=now(),
        changed_by=by,
    )
    organisation.district, organisation.address = district, change.new_address
    organisation.save(update_fields=["district", "address"])
    moved = transferring.move_open_cases(organisation, district=district, by=by)
    data = {"from": old.code, "to": district.code, "address": change.new_address, "reason": change.reason}
    audit.record(organisation, "organisation.district_changed", by=by, data={**data, "cases": moved})
    _tell(change)
    return change


def _tell(change: DistrictChange) -> None:
    organisation, key = change.organisation, f"{change.organisation.number}:district:{change.pk}"
    values = {
        "organisation": organisation.name,
        "old": {"zh": change.old.name_zh, "en": change.old.name_en},
        "new": {"zh": change.new.name_zh, "en": change.new.name_en},
        "reason": change.reason or "—",
    }
    notifications.notify("district_left", officials_of(change.old, *TOLD), key=f"{key}:left", values=values)
    notifications.notify(
        "district_entered",
        officials_of(change.new, *TOLD),
        key=f"{key}:entered",
        values=values,
        link=f"/organisations/{organisation.number}/",
    )
