"""What disputes add elsewhere: the search box, an enterprise's home, and the cases others learnt from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from patents.finding import Hit
from portal import formats
from portal.clock import today
from portal.models import Deadline, Organisation
from services.protection.models import LegalCase, OverseasDispute

from . import dates
from .access import SUBJECT, link_of

MOST = 5
SOON = dt.timedelta(days=45)


def hits(user: Any, text: str) -> list[Hit]:
    """Return the disputes that name this person and whose words hold a text."""
    found = Q()
    for name in ("number", "title", "docket", "opponent", "products"):
        found |= Q(**{f"{name}__icontains": text})
    rows = OverseasDispute.objects.own(user).filter(found).select_related("country").order_by("-served_on", "-pk")
    return [Hit(link_of(row), row.title, str(row.country), "dispute", row.status) for row in rows[:MOST]]


def needs(organisation: Organisation, user: Any) -> list[dict[str, Any]]:
    """Return the dates of this person's disputes that come near, and those that somebody has to confirm first."""
    rows = Deadline.objects.visible_to(user).open().filter(organisation=organisation, subject_type=SUBJECT)
    rows = rows.filter(Q(target_on__lte=today() + SOON) | Q(remind_days=None))
    return [_need(row) for row in rows.order_by("target_on", "pk")[:MOST]]


def _need(row: Deadline) -> dict[str, Any]:
    words, waits = str(dates.words(row.rule_code)), dates.is_unconfirmed(row)
    text = _("推算的期限所依据的数字还没有核实，请核对后确认，否则不会提醒。") if waits else ""
    return {
        "on": row.target_on,
        "date": row.target_on,
        "icon": "gavel",
        "title": formats.labelled(words, row.title),
        "url": row.address,
        "text": text or _("法定期限 %(legal)s。") % {"legal": formats.day(row.legal_on)},
        "meta": [_("海外纠纷"), _("待核实") if waits else _("只有指定人员看得到")],
        "action": _("核对期限") if waits else _("查看并办理"),
    }


def similar(dispute: OverseasDispute) -> list[LegalCase]:
    """Return cases of the same forum, country or kind of right, those that share most first."""
    same = {
        "forum": Q(forum=dispute.forum),
        "country": Q(country=dispute.country_id),
        "kind": Q(right_kinds__contains=[dispute.right_kind]),
    }
    shared: Any = Value(0)
    for condition in same.values():
        shared = shared + Case(When(condition, then=1), default=0, output_field=IntegerField())
    rows = LegalCase.objects.filter(same["forum"] | same["country"] & same["kind"]).annotate(shared=shared)
    return list(rows.select_related("country").order_by("-shared", F("began_on").desc(nulls_last=True), "-pk")[:MOST])
