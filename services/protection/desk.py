"""What the desk shows: one line per alert, the words of its criteria, and which steps a person may take next."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents.models import RightKind
from portal import formats
from portal.models import standing_of
from portal.permissions import Permission, Verdict, can
from portal.tiles import DISTRICTS

from . import codes
from .criteria import TOPICS
from .drafting import COLUMNS, DESK, is_city_author
from .models import Alert, AlertVersion
from .publishing import may_approve

Stage = AlertVersion.Stage
LABELS: dict[str, Any] = {
    "ipc": gettext_lazy("IPC 分类"),
    "nice": gettext_lazy("商标类别"),
    "industries": gettext_lazy("行业"),
    "keywords": gettext_lazy("关键词"),
    "right_kinds": gettext_lazy("权利类型"),
    "countries": gettext_lazy("国家或地区"),
    "districts": gettext_lazy("区"),
    "needs_market": gettext_lazy("登记了所选出口市场"),
    "verified_only": gettext_lazy("已核实企业"),
}
PLACES = {place.code: place.short for place in DISTRICTS}


def lines(user: Any) -> QuerySet[AlertVersion]:
    """Return one version per alert the person may know of: the open one, else the current or dropped one.

    Districts see their own proposals on their way, of everything else only what the world reads.
    """
    rows = AlertVersion.objects.filter(alert__in=Alert.objects.visible_to(user)).select_related("alert__district")
    current = Q(alert__current=F("pk"))
    if not standing_of(user).is_city:
        return rows.filter(current | Q(alert__current=None))
    other = AlertVersion.objects.filter(alert=OuterRef("alert"), stage__in=AlertVersion.OPEN)
    return rows.filter(Q(stage__in=AlertVersion.OPEN) | Q(alert__current=None) | current & ~Exists(other))


def shown(alert: Alert, user: Any) -> AlertVersion:
    """Return the version of an alert this person works with: see `lines`."""
    rows = lines(user).filter(alert=alert).select_related("author", "reviewer", "alert__district", "alert__created_by")
    return rows.prefetch_related("attachments").get()


def state_of(version: AlertVersion) -> str:
    """Return the word of portal.vocabulary for a version and its alert."""
    over = (Alert.Status.WITHDRAWN, Alert.Status.EXPIRED)
    if version.stage == Stage.PUBLISHED and version.alert.status in over:
        return str(version.alert.status)
    return str(version.stage)


def criteria_values(version: AlertVersion) -> dict[str, str]:
    """Return the criteria that ask something, by the name of their column, in words."""
    language = "en" if formats.is_english() else "zh"
    kinds = dict(RightKind.choices)
    lists: dict[str, list[object]] = {
        "countries": [codes.place(code, language) for code in version.countries],
        "ipc": list(version.ipc),
        "nice": [_("第 %(nice)s 类") % {"nice": number} for number in version.nice],
        "industries": list(version.industries),
        "keywords": list(version.keywords),
        "right_kinds": [kinds.get(kind, kind) for kind in version.right_kinds],
        "districts": [PLACES.get(code, code) for code in version.districts],
    }
    found = {name: formats.listed(words) for name, words in lists.items() if words}
    return found | {name: _("是") for name in ("needs_market", "verified_only") if getattr(version, name)}


def criteria_words(version: AlertVersion) -> list[tuple[Any, str]]:
    """Return the same as (label, words), with how topic and place belong together where both are asked."""
    values = criteria_values(version)
    found = [(LABELS[name], words) for name, words in values.items()]
    if version.countries and any(name in values for name in TOPICS):
        found.append((_("领域和市场"), str(version.get_join_display())))
    return found


def differences(version: AlertVersion, before: AlertVersion | None) -> list[tuple[Any, str, str]]:
    """Return what a correction changes as (label, before, now), the criteria in words."""
    if before is None:
        return []
    found = []
    for name in COLUMNS:
        old, new = getattr(before, name), getattr(version, name)
        if old != new and not name.startswith("change_note"):
            label = AlertVersion._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            found.append((label, value_words(before, name), value_words(version, name)))
    return found


def value_words(version: AlertVersion, name: str) -> str:
    """Return one column as a person reads it."""
    value = getattr(version, name)
    if name == "checklist":
        return formats.strung(row["en" if formats.is_english() and row.get("en") else "zh"] for row in value)
    if name == "sources":
        return formats.strung(row["name"] for row in value)
    if name in ("valid_from", "valid_to"):
        return formats.day(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name in LABELS:
        return criteria_values(version).get(name, "")
    label = getattr(version, f"get_{name}_display", None)
    return str(label() if label else value)


def steps(version: AlertVersion, user: Any) -> dict[str, Verdict]:
    """Return every step of the desk with whether this person may take it now, and if not why."""
    alert, draft = version.alert, can(user, Permission.DRAFT_ALERT)
    approve, release = may_approve(version, user), can(user, Permission.APPROVE_ALERT)
    write = draft if is_city_author(user) else can(user, Permission.PROPOSE_ALERT, alert)
    was_published = alert.status in (Alert.Status.PUBLISHED, Alert.Status.EXPIRED)
    at = {
        "change": (write if version.stage == Stage.PROPOSED else draft, (Stage.PROPOSED, Stage.DRAFT)),
        "adopt": (draft, (Stage.PROPOSED,)),
        "drop": (draft, (Stage.PROPOSED, Stage.DRAFT)),
        "submit": (draft, (Stage.DRAFT,)),
        "send_back": (release, (Stage.IN_REVIEW, Stage.SCHEDULED)),
        "approve": (approve, (Stage.DRAFT, Stage.IN_REVIEW)),
    }
    found = {name: who for name, (who, stages) in at.items() if version.stage in stages}
    if found.get("approve") and version.stage == Stage.DRAFT:
        found["approve"] = Verdict(False, _("还没有送复核。起草人送复核后，由另一位发布人批准。"))
    if was_published and not version.is_open:
        found["correct"] = draft
    if was_published and alert.current_id:
        found["withdraw"] = release
    return found


def may_work(user: Any) -> bool:
    """Return whether the person belongs to the desk itself."""
    return any(("city", "", role) in standing_of(user).postings for role in DESK)
