"""What the alert desk knows beside an application's answers: serious alerts that nobody has read."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import kinds
from portal.kinds import Fact
from portal.models import Organisation
from portal.permissions import Permission, can
from services.protection.models import AlertDelivery, DeliveryState
from services.protection.models.alerts import Severity


def facts_of(organisation: Organisation, reader: Any) -> list[Fact]:
    """Return how many serious alerts reached the enterprise and how many of them nobody read; one statement."""
    serious = AlertDelivery.objects.filter(
        organisation=organisation, left_at=None, version__severity__gte=Severity.SERIOUS
    )
    unread = Q(state=DeliveryState.NEW, read_at=None)
    found = serious.aggregate(all=Count("pk"), unread=Count("pk", filter=unread), newest=Max("delivered_at"))
    words = _("没有收到过预警")
    if found["all"]:
        words = ngettext("%(unread)s 条未读，共 %(all)s 条", "%(unread)s 条未读，共 %(all)s 条", found["all"]) % found
    url = reverse("alert-calls") if found["unread"] and can(reader, Permission.CALL_ON_ALERT, organisation) else ""
    return [
        Fact(
            "alerts_unread", _("未读的风险预警"), words, _("风险提示送达记录"),
            value=found["unread"], as_of=found["newest"], url=url, is_doubtful=found["unread"] > 0,
        )
    ]  # fmt: skip


def register() -> None:
    """Lay the alerts beside the answers."""
    kinds.register_evidence(facts_of)
