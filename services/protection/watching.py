"""Actions on what an enterprise watches: countries, classes and laws that its register does not show."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.errors import Denied, RuleBroken
from portal.models import Organisation, User
from portal.permissions import Permission, check
from services.protection.models import Watch

MOST = 100


@transaction.atomic
def add(organisation: Organisation, *, what: str, key: str, by: User) -> Watch:
    """Watch something; watching it already changes nothing. `key` as `codes` keeps it. Raises Denied, RuleBroken."""
    check(by, Permission.REACT_TO_ALERT, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    watches = Watch.objects.filter(organisation=organisation)
    found = watches.filter(what=what, key=key).first()
    if found is not None:
        return found
    if watches.count() >= MOST:
        raise RuleBroken(_("最多关注 %(most)s 项。请先取消不再需要的。") % {"most": MOST}, code="too_many")
    watch = Watch.objects.create(organisation=organisation, what=what, key=key, created_by=by)
    audit.record(watch, "organisation.watch_added", by=by, data={"what": what})
    return watch


@transaction.atomic
def remove(watch: Watch, *, by: User) -> None:
    """Watch it no longer. Raises Denied."""
    row = Watch.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=watch.pk).first()
    if row is None:
        raise Denied(_("这项关注已经取消。"))
    check(by, Permission.REACT_TO_ALERT, row.organisation)
    audit.record(row, "organisation.watch_removed", by=by, data={"what": row.what})
    row.delete()
