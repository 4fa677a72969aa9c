"""What needs an enterprise now: one function per source, each row with its date, its reason and one button."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import kinds, procedures
from portal.arithmetic import clock_basis, workdays
from portal.clock import local_date, now, today
from portal.formats import day, short_day
from portal.hats import Hat
from portal.models import JoinRequest, Organisation, Recognition, Status, Verification
from portal.workdays import Clock

SOON = dt.timedelta(days=90)
SUBMITTERS = {"owner", "manager"}
Need = dict[str, Any]


def needs_of(organisation: Organisation, hat: Hat, user: Any) -> list[Need]:
    """Return everything that waits for this person in this enterprise, by date; undated things come last."""
    found = [
        *corrections(organisation),
        *drafts(organisation),
        *appeals(organisation, hat),
        *expiring(organisation),
        *verification(organisation, hat),
        *join_requests(organisation, hat),
        *(need for part in kinds.homes() for need in part.needs(organisation, user)),
    ]
    return sorted(found, key=lambda need: (need["on"] is None, need["on"] or dt.date.max))


def corrections(organisation: Organisation) -> list[Need]:
    """Return the cases sent back for correction."""
    rows = organisation.applications.filter(status=Status.RETURNED).select_related("call", "office_district")
    rows = rows.annotate(
        asked=Count("corrections__items", filter=Q(corrections__answered_at=None)),
        done=Count("corrections__items", filter=Q(corrections__answered_at=None, corrections__items__is_answered=True)),
    )
    return [_correction(row) for row in rows]


def _correction(row: Any) -> Need:
    clock = procedures.correction_clock(row)
    left = row.asked - row.done
    due = clock.due_on if clock else row.applicant_due_on
    return {
        "on": due,
        "left": (-clock.overdue_by if clock.is_overdue else clock.left) if clock else None,
        "unit": "workday",
        "icon": "edit",
        "title": _("%(district)s请您补正“%(call)s”的 %(count)s 项材料")
        % {"district": row.office_district, "call": row.call.title, "count": row.asked},
        "url": reverse("application-correction", args=[row.number]),
        "text": _("只需修改被标出的 %(asked)s 项，已改好 %(done)s 项。逾期未补正，本次申报按撤回处理。")
        % {"asked": row.asked, "done": row.done},
        "meta": [_("%(day)s前重新提交") % {"day": short_day(due)}, _("办件 %(number)s") % {"number": row.number}],
        "basis": _correction_basis(row, clock),
        "stake_label": _("还差"),
        "stake": _("%(left)s / %(asked)s 项") % {"left": left, "asked": row.asked},
        "action": _("继续补正") if row.done else _("开始补正"),
    }


def _correction_basis(row: Any, clock: Clock | None) -> Need | None:
    if clock is None:
        return None
    title = _("补正期限 %(days)s") % {"days": workdays(clock.limit)}
    return clock_basis(clock, start=_("发出补正通知"), title=title, law=row.call.title)


def drafts(organisation: Organisation) -> list[Need]:
    """Return drafts whose call is still open."""
    moment = now()
    rows = organisation.applications.filter(
        status=Status.DRAFT, call__opens_at__lte=moment, call__closes_at__gt=moment, call__published_at__isnull=False
    )
    return [_draft(row) for row in rows.select_related("call", "created_by").annotate(given=Count("answers"))]


def _draft(row: Any) -> Need:
    closes_on = local_date(row.call.closes_at)
    return {
        "on": closes_on,
        "date": closes_on,
        "icon": "pencil",
        "title": _("填完并提交“%(call)s”") % {"call": row.call.title},
        "url": reverse("application-fill", args=[row.number]),
        "text": _("草稿已保存，随时可以接着填。截止后不能提交。"),
        "meta": [_("%(day)s 截止") % {"day": day(closes_on)}, _("办件 %(number)s") % {"number": row.number}],
        "stake_label": _("已填"),
        "stake": ngettext("%(count)s 项", "%(count)s 项", row.given) % {"count": row.given},
        "action": _("继续填报"),
    }


def appeals(organisation: Organisation, hat: Hat) -> list[Need]:
    """Return refusals that may still be appealed by this person."""
    if not SUBMITTERS & hat.roles:
        return []
    rows = organisation.applications.filter(status=Status.REJECTED, applicant_due_on__gte=today(), appeals=None)
    return [_appeal(row) for row in rows.select_related("call")]


def _appeal(row: Any) -> Need:
    due = row.applicant_due_on
    return {
        "on": due,
        "left": procedures.days_left(due),
        "unit": "workday",
        "icon": "gavel",
        "title": _("“%(call)s”未通过，可以申诉") % {"call": row.call.title},
        "url": reverse("application-opinions", args=[row.number]),
        "text": _("先看理由；如不同意，由没有参与本件的负责人重新处理。"),
        "meta": [_("%(day)s前提出") % {"day": short_day(due)}, _("办件 %(number)s") % {"number": row.number}],
        "action": _("查看理由"),
    }


def expiring(organisation: Organisation) -> list[Need]:
    """Return recognitions that end within three months."""
    rows = organisation.recognitions.filter(
        status__in=[Recognition.Status.VALID, Recognition.Status.ACCEPTED],
        valid_until__range=(today(), today() + SOON),
    )
    return [
        {
            "on": row.valid_until,
            "date": row.valid_until,
            "icon": "certificate",
            "title": _("认定 %(number)s 即将到期") % {"number": row.number},
            "url": reverse("recognition", args=[row.number]),
            "text": _("到期后不再列入有效名单。请按批次通知重新申报或准备验收。"),
            "meta": [_("有效期至 %(day)s") % {"day": day(row.valid_until)}],
            "action": _("查看认定"),
        }
        for row in rows
    ]


def verification(organisation: Organisation, hat: Hat) -> list[Need]:
    """Return the missing verification: without it nothing can be submitted."""
    if organisation.is_verified:
        return []
    url = _address("organisation-verification", organisation.number)
    newest = organisation.verifications.order_by("-created_at", "-pk").first()
    if newest is not None and newest.status == Verification.Status.OPEN:
        return []
    text = _("核实前可以填写草稿，不能提交。")
    if newest is not None and newest.status == Verification.Status.REFUSED:
        text = _("上次未通过：%(reason)s 请改好后重新申请。") % {"reason": newest.reason}
    return [
        {
            "on": None,
            "icon": "shield-check",
            "title": _("请%(district)s核实贵企业") % {"district": organisation.district},
            "url": url or reverse("dashboard"),
            "text": text,
            "meta": [],
            "action": _("申请核实") if SUBMITTERS & hat.roles else _("查看"),
        }
    ]


def join_requests(organisation: Organisation, hat: Hat) -> list[Need]:
    """Return people who wait to be let in; only the owner decides."""
    if "owner" not in hat.roles:
        return []
    count = organisation.join_requests.filter(status=JoinRequest.Status.OPEN).count()
    if not count:
        return []
    return [
        {
            "on": None,
            "icon": "user-plus",
            "title": ngettext("%(count)s 人申请加入贵企业", "%(count)s 人申请加入贵企业", count) % {"count": count},
            "url": _address("member-list", organisation.number) or reverse("dashboard"),
            "text": _("同意之前，对方看不到任何信息。"),
            "meta": [],
            "action": _("处理"),
        }
    ]


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
