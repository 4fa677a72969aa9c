"""What the page of a dispute shows: the same for its readers and, less papers and people, for those who help."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from patents.models import Right
from portal import formats
from portal.models import Deadline, User
from portal.permissions import Permission, can
from services.protection.disputes import dates, evidence, finding, periods
from services.protection.forms.disputes import AskForm, EndForm, EventForm, EvidenceForm, ReadersForm, StateForm
from services.protection.models import DisputeAid, OverseasDispute

from .access import members_of

ID = "id_%s_%%s"  # several forms stand on one page
ICONS = {
    "served": "gavel", "waiver": "mail", "complaint": "alert-triangle", "seized": "lock", "published": "speakerphone",
    "opposed": "alert-triangle", "answered": "send", "hearing": "users", "decision": "scale", "talks": "message-circle",
}  # fmt: skip


def page_of(dispute: OverseasDispute, user: Any, bound: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the enterprise's page shows; `bound` replaces a form by the one that was sent."""
    keep = can(user, Permission.KEEP_DISPUTE, dispute)
    aids = list(dispute.aids.select_related("officer", "expert").order_by("-asked_at", "-pk")[:10])
    return {
        **file_of(dispute, user),
        "keep": keep,
        "may_edit": bool(keep) and dispute.is_open,
        "items": checklist(dispute, with_papers=True),
        "aids": aids,
        "open_aid": next((aid for aid in aids if aid.is_open), None),
        "readers": list(User.objects.filter(pk__in=dispute.readers).order_by("name", "pk")),
        "similar": finding.similar(dispute),
        "forms": forms_of(dispute) | (bound or {}),
    }


def file_of(dispute: OverseasDispute, user: Any) -> dict[str, Any]:
    """Return the file as readers and helpers alike see it. Rights: only those this person sees in the register."""
    rows = dates.of_dispute(dispute).select_related("overridden_by", "met_by").order_by("target_on", "pk")
    found = [dated(row) for row in rows]
    rights = Right.objects.visible_to(user).filter(pk__in=dispute.rights.values("pk"))
    return {
        "dispute": dispute,
        "facts": facts_of(dispute),
        "dates": [one for one in found if one["is_open"]],
        "past_dates": [one for one in found if not one["is_open"] and one["row"].cancelled_reason != dates.AUTO],
        "rights": list(rights.order_by("-filed_on", "-pk")[:50]),
        "events": timeline(dispute),
    }


def facts_of(dispute: OverseasDispute) -> list[tuple[Any, Any]]:
    """Return the facts in the order of their weight."""
    found = [
        (_("国家或地区"), dispute.country),
        (_("审理机构"), dispute.get_forum_display()),
        (_("案号"), dispute.docket),
        (_("我方地位"), dispute.get_side_display()),
        (_("对方"), dispute.opponent),
        (_("权利类型"), dispute.get_right_kind_display()),
        (_("涉及的产品"), dispute.products),
        (_("送达或知悉日"), formats.day(dispute.served_on)),
    ]
    return [*found, (_("结束日"), formats.day(dispute.ended_on))] if dispute.ended_on else found


def dated(row: Deadline) -> dict[str, Any]:
    """Return one date with its words, its arithmetic and how sure it is."""
    is_stated = dates.code_of(row.rule_code) == "stated"
    return {
        "row": row,
        "words": row.title if is_stated else dates.words(row.rule_code),
        "is_stated": is_stated,
        "is_open": not (row.met_at or row.cancelled_at),
        "waits": dates.is_unconfirmed(row),
        "basis": dates.explained(row),
        "is_other": row.computed_on is not None and row.computed_on != row.overridden_on,
    }


def timeline(dispute: OverseasDispute) -> list[dict[str, Any]]:
    """Return what happened, the newest first, each with the event itself."""
    labels, first = dict(periods.EventKind.choices), (periods.first_event(dispute), dispute.served_on)
    rows = dispute.events.select_related("created_by").order_by("-on", "-pk")
    return [
        {
            "icon": ICONS.get(row.kind, "history"),
            "text": labels.get(row.kind, row.kind),
            "when": formats.day(row.on),
            "note": row.text,
            "number": row.number,
            "is_on": place == 0,
            "is_first": (row.kind, row.on) == first,
        }
        for place, row in enumerate(rows)
    ]


def checklist(dispute: OverseasDispute, *, with_papers: bool) -> list[dict[str, Any]]:
    """Return the items with what there is of them; helpers see whether an item is there, never the paper."""
    found = []
    for item, row in evidence.checklist(dispute):
        initial = {"is_there": row.is_there, "note": row.note}
        form = EvidenceForm(initial=initial, auto_id=ID % f"evidence_{item.code}") if with_papers else None
        found.append({"item": item, "row": row, "form": form, "file": row.document if with_papers else None})
    return found


def forms_of(dispute: OverseasDispute) -> dict[str, Any]:
    """Return the forms of the page."""
    members = members_of(dispute.organisation)
    chosen = {"readers": dispute.readers, "responsible": dispute.responsible_id}
    return {
        "event": EventForm(auto_id=ID % "event"),
        "state": StateForm(auto_id=ID % "state"),
        "ask": AskForm(auto_id=ID % "ask"),
        "readers": ReadersForm(members=members, initial=chosen, auto_id=ID % "readers"),
        "end": EndForm(auto_id=ID % "end"),
    }


def aid_steps(aid: DisputeAid) -> list[dict[str, Any]]:
    """Return what happened to a request, the newest first, for components/timeline.html."""
    rows = [
        (aid.asked_at, "lifebuoy", _("企业申请援助"), ""),
        (aid.taken_at, "user-check", _("经办受理"), aid.officer.name if aid.officer else ""),
        (aid.matched_at, "school", _("邀请专家"), aid.expert.name if aid.expert else ""),
        (aid.declared_at, "checks", _("专家声明无利益关系"), ""),
        (aid.opinion_at, "message-circle", _("专家给出意见"), ""),
        (aid.answered_at, "send", _("答复企业"), ""),
        (aid.closed_at, "circle-check", _("办结"), ""),
        (aid.withdrawn_at, "arrow-back-up", _("企业撤回"), ""),
    ]
    found = [{"at": at, "icon": icon, "text": text, "who": who} for at, icon, text, who in rows if at]
    return sorted(found, key=lambda row: row["at"], reverse=True)
