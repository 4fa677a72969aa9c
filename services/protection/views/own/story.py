"""What a delivery's page tells: its reasons with the enterprise's own records, the checklist, and what happened."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.formats import is_english
from services.protection import reasons, records
from services.protection.models import AlertDelivery, AlertNotice, AlertVersion

ICONS = {"new": "bell", "corrected": "edit", "left": "bell-off", "withdrawn": "arrow-back-up"}


def steps_of(version: AlertVersion) -> list[str]:
    """Return the checklist in the reader's language."""
    english = is_english()
    return [str((step.get("en") if english else "") or step.get("zh", "")) for step in version.checklist]


def records_of(delivery: AlertDelivery, user: Any) -> list[dict[str, Any]]:
    """Return each reason in words with the rights or markets it rests on, as far as this person may know of them."""
    found = records.of(delivery.organisation, delivery.reasons, user)
    return [{"words": reasons.words(reason), **record} for reason, record in zip(delivery.reasons, found, strict=True)]


def events_of(delivery: AlertDelivery) -> list[dict[str, Any]]:
    """Return what happened to the delivery, newest first."""
    told = list(delivery.notices.select_related("version"))
    rows: list[dict[str, Any]] = [
        {"icon": ICONS[notice.what], "text": _told(notice), "at": notice.told_at} for notice in told
    ]
    if delivery.read_at and delivery.read_by:
        rows.append(
            {"icon": "mail-opened", "text": _("首次打开"), "who": delivery.read_by.name, "at": delivery.read_at}
        )
    if delivery.reacted_at and delivery.reacted_by:
        rows.append(
            {
                "icon": "checks",
                "text": delivery.get_state_display(),
                "who": delivery.reacted_by.name,
                "at": delivery.reacted_at,
            }
        )
    if delivery.help_asked_at:
        rows.append({"icon": "lifebuoy", "text": _("请求帮助"), "at": delivery.help_asked_at})
    if delivery.help_answered_at and delivery.help_answered_by:
        who = delivery.help_answered_by.name
        rows.append({"icon": "message-circle", "text": _("收到答复"), "who": who, "at": delivery.help_answered_at})
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def _told(notice: AlertNotice) -> str:
    if notice.what == AlertNotice.What.NEW:
        return _("发给贵企业")
    if notice.what == AlertNotice.What.CORRECTED:
        return _("更正，第 %(edition)s 版") % {"edition": notice.version.edition}
    if notice.what == AlertNotice.What.LEFT:
        return _("更正后不再涉及贵企业")
    return _("发布单位撤回")


def changes_of(delivery: AlertDelivery) -> list[AlertVersion]:
    """Return the editions that corrected the alert after this enterprise first had it, newest first."""
    first = delivery.notices.order_by("version__edition").values_list("version__edition", flat=True).first()
    later = delivery.alert.versions.filter(published_at__isnull=False, edition__gt=first or 1)
    return list(later.order_by("-edition")[:10])
