"""Who may enter the desk, and how its pages find an alert."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property

from portal.permissions import Permission
from portal.views.base import SignedIn, fetch
from portal.views.office.access import OfficialOnly
from services.protection import desk
from services.protection.models import Alert, AlertVersion

DESK_PERMISSIONS = (Permission.PROPOSE_ALERT, Permission.DRAFT_ALERT, Permission.VIEW_REACH)


class DeskOnly(OfficialOnly, SignedIn):
    """A page for officials who propose, write, approve or follow alerts."""

    permissions: tuple[Permission, ...] = DESK_PERMISSIONS
    clause = ["8", "14", "16"]


class OfAlert(DeskOnly):
    """A page or verb of one alert: what the person may not know of is absent."""

    @cached_property
    def alert(self) -> Alert:
        found: Alert = fetch(Alert.objects.all(), self.request.user, number=self.kwargs["number"])
        return found

    @cached_property
    def version(self) -> AlertVersion:
        """Return the version this person works with."""
        return desk.shown(self.alert, self.request.user)

    def get_object(self) -> Any:
        return self.version
