"""The timeline of a right in words: what happened, who said so, what it was before."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents.dates import types
from patents.models import Flag, LegalStatus, OfficialNotice, Reduction, Right, RightEvent, Route
from portal.formats import day, labelled, listed, strung
from portal.models import Secrecy

MOST = 60
ICONS = {
    "entered": "plus", "imported": "file-import", "changed": "edit", "status": "refresh", "secrecy": "lock",
    "document": "paperclip", "use": "photo", "notice": "mail",
}  # fmt: skip
WORDS = {
    "entered": gettext_lazy("录入台账"),
    "imported": gettext_lazy("由表格导入"),
    "changed": gettext_lazy("更正"),
    "status": gettext_lazy("法律状态"),
    "secrecy": gettext_lazy("调整可见范围"),
    "document": gettext_lazy("收下文件"),
    "use": gettext_lazy("登记使用证据"),
}
CODES: dict[str, dict[Any, Any]] = {
    "status": dict(LegalStatus.choices),
    "secrecy": dict(Secrecy.choices),
    "reduction": dict(Reduction.choices),
    "route": dict(Route.choices),
    "flags": dict(Flag.choices),
    "flag": dict(Flag.choices),
    "unflag": dict(Flag.choices),
}
OWN_LABELS = {"flag": gettext_lazy("加上权利负担"), "unflag": gettext_lazy("去掉权利负担")}


def event_rows(right: Right) -> list[dict[str, Any]]:
    """Return events and notices of a right for `components/timeline.html`, newest first."""
    events = right.events.exclude(kind="notice").select_related("created_by").order_by("-on", "-id")[:MOST]
    notices = right.notices.select_related("created_by").order_by("-issued_on", "-id")[:MOST]
    rows = [(event.on, event.pk, _event(event)) for event in events]
    rows += [(notice.issued_on, 0, _notice(notice)) for notice in notices]
    found = [row for _on, _pk, row in sorted(rows, key=lambda row: row[:2], reverse=True)[:MOST]]
    return [{**row, "is_on": place == 0} for place, row in enumerate(found)]


def words_of(event: RightEvent) -> Any:
    """Return what happened: the event, what changed from and to, and the remark."""
    changes = strung(_change(name, value) for name, value in event.data.items() if isinstance(value, dict))
    head = WORDS.get(event.kind, event.kind)
    words = " · ".join(str(part) for part in (changes, event.text) if part)
    return labelled(head, words) if words else head


def _event(event: RightEvent) -> dict[str, Any]:
    return {
        "icon": ICONS.get(event.kind, "circle-dot"),
        "text": words_of(event),
        "who": event.created_by.name if event.created_by else "",
        "when": day(event.on),
        "note": event.source,
    }


def _change(name: str, value: dict[str, Any]) -> str:
    label = OWN_LABELS.get(name) or _label(name)
    if name == "readers":
        return str(label)
    new = _said(name, value.get("to"))
    if "from" not in value:
        return labelled(label, new)
    return labelled(label, _("%(old)s → %(new)s") % {"old": _said(name, value["from"]), "new": new})


def _label(name: str) -> Any:
    known = {field.name: field for field in Right._meta.get_fields()}
    return getattr(known.get(name), "verbose_name", name)


def _said(name: str, value: Any) -> str:
    codes = CODES.get(name, {})
    if isinstance(value, list):
        return listed(codes.get(part, part) for part in value) or "—"
    return str(codes.get(value, value)) if value not in (None, "") else "—"


def _notice(notice: OfficialNotice) -> dict[str, Any]:
    return {
        "icon": "mail",
        "text": labelled(_("收到通知书"), types.name_of(notice.type)),
        "who": notice.created_by.name if notice.created_by else "",
        "when": day(notice.issued_on),
        "note": notice.note,
    }
