"""Actions on an enterprise's profile."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enterprises.models import Profile
from portal import audit
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.models import Organisation, User
from portal.permissions import Permission, check

FIELDS = (
    "year",
    "industry",
    "main_products",
    "staff",
    "rd_staff",
    "ip_staff",
    "revenue_wan",
    "rd_spend_wan",
    "ip_spend_wan",
    "valid_inventions",
    "valid_patents",
    "trademarks",
    "has_ip_office",
)
PARTS = (
    ("staff", "rd_staff", _("研发人员不能多于从业人数。")),
    ("staff", "ip_staff", _("专职知识产权人员不能多于从业人数。")),
    ("valid_patents", "valid_inventions", _("有效发明专利不能多于有效专利总数。")),
)


@transaction.atomic
def update_profile(organisation: Organisation, *, values: dict[str, Any], by: User) -> Profile:
    """Keep the self-declared facts of an enterprise; the log holds what each was before. Money in 万元.

    Raises Denied, RuleBroken where a part is larger than its whole.
    """
    check(by, Permission.EDIT_ORGANISATION, organisation)
    for whole, part, sentence in PARTS:
        if values.get(whole) is not None and (values.get(part) or 0) > values[whole]:
            raise RuleBroken(sentence, code="part_larger_than_whole")
    Profile.objects.get_or_create(organisation=organisation, defaults={"year": today().year - 1, "updated_by": by})
    profile = Profile.objects.select_for_update().get(organisation=organisation)
    changed = {}
    for name in FIELDS:
        if name in values and getattr(profile, name) != values[name]:
            changed[name] = [_plain(getattr(profile, name)), _plain(values[name])]
            setattr(profile, name, values[name])
    profile.updated_at, profile.updated_by = now(), by
    profile.save(update_fields=[*FIELDS, "updated_at", "updated_by"])
    audit.record(organisation, "organisation.profile_updated", by=by, data={"changed": changed})
    return profile


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
