"""What the portal itself counts: enterprises, applications and how long they take, recognitions, dates kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal import formats, kinds, rules
from portal.clock import today
from portal.measures import Better, Column, Measure, Source, Time, Way, Window, enterprises, register
from portal.models import Application, CorrectionRequest, Deadline, Recognition, Secrecy, Status
from portal.permissions import Permission
from portal.pieces import status_pill
from portal.procedures import Verb

PASSED = [Status.PUBLICITY, Status.APPROVED, Status.CLOSED]
PIECES, FIRMS, DAYS, PERCENT = pgettext_lazy("figures", "件"), _("家"), _("个工作日"), "%"
BEFORE = dt.date(2020, 1, 1)  # no application is older than the portal's first table of days off


# {day:moment:day} is the place of a moment's day in the array; what was returned again after the decision counts not.
HANDLING = """(SELECT w.c[{day:portal_application.decided_at:day}] - w.c[{day:portal_application.submitted_at:day}]
    - coalesce((
        SELECT sum(w.c[{day:least(e.back_at, portal_application.decided_at):day}]
                 - w.c[{day:least(e.at, portal_application.decided_at):day}])
        FROM (
            SELECT e.verb, e.at, lead(e.at) OVER (ORDER BY e.at, e.id) AS back_at FROM portal_caseevent e
            WHERE e.application_id = portal_application.id AND e.verb IN ('{returned}', '{resubmitted}')) e
        WHERE e.verb = '{returned}' AND e.back_at IS NOT NULL), 0)
    FROM (SELECT %(expressions)s AS c) w)"""


class HandlingDays(Func):
    """Working days from handing in to the decision, less those that waited for the applicant: a case's own clock.

    The running count of working days by date goes in as one array, so that a span costs two look-ups.
    """

    output_field = models.IntegerField()
    template = (
        HANDLING.replace("{day:", "((")
        .replace(":day}", f" AT TIME ZONE 'Asia/Shanghai')::date - DATE '{BEFORE}')")
        .replace("{returned}", Verb.RETURN.value)
        .replace("{resubmitted}", Verb.RESUBMIT.value)
    )


def handling_days() -> Func:
    """Return the expression for the handling time of `Application` rows that are decided."""
    calendar, count = rules.calendar(), 0
    counts = []
    for ahead in range(1, (today() - BEFORE).days + 2):
        count += calendar.is_workday(BEFORE + dt.timedelta(days=ahead))
        counts.append(count)
    return HandlingDays(Value(counts, output_field=ArrayField(models.IntegerField())))


# --- the rows -----------------------------------------------------------------------------------------------------
def registered(window: Window) -> Any:
    return enterprises().filter(created_at__lt=window.ends_at)


def handed_in(window: Window) -> Any:
    return Application.objects.filter(submitted_at__gte=window.begins_at, submitted_at__lt=window.ends_at)


def in_office(_window: Window) -> Any:
    working = [Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED, Status.PUBLICITY]
    return Application.objects.filter(status__in=working)


def decided(window: Window) -> Any:
    rows = Application.objects.exclude(submitted_at=None)
    return rows.filter(decided_at__gte=window.begins_at, decided_at__lt=window.ends_at)


def corrections(window: Window) -> Any:
    return CorrectionRequest.objects.filter(requested_at__gte=window.begins_at, requested_at__lt=window.ends_at)


def granted(window: Window) -> Any:
    return Recognition.objects.filter(granted_on__gte=window.start, granted_on__lt=window.end)


def valid(window: Window) -> Any:
    """Recognitions that hold at the window's end, by their dates; what was revoked does not come back."""
    rows = Recognition.objects.exclude(status__in=[Recognition.Status.REVOKED, Recognition.Status.FAILED])
    return rows.filter(granted_on__lt=window.end, valid_until__gte=window.end - dt.timedelta(days=1))


def ripe(window: Window) -> Any:
    """Dates of enterprises and offices whose legal day has passed; those for named persons are nobody's to count."""
    last = min(window.end, today())
    rows = Deadline.objects.filter(secrecy=Secrecy.OPEN, cancelled_at=None)
    return rows.filter(legal_on__gte=window.start, legal_on__lt=last)


KEPT = Q(met_at__isnull=False, met_at__date__lte=F("legal_on"))


# --- the lists ----------------------------------------------------------------------------------------------------
FIRM = Column(_("企业"), lambda row: row.organisation.name)
FIRM_COLUMNS = (
    Column(_("企业"), lambda row: row.name),
    Column(_("统一社会信用代码"), lambda row: row.uscc, "ip-num"),
    Column(_("登记时间"), lambda row: formats.day(row.created_at)),
    Column(_("核实时间"), lambda row: formats.day(row.verified_at)),
)
CASE_COLUMNS = (
    FIRM,
    Column(_("编号"), lambda row: row.number, "ip-num"),
    Column(_("事项"), lambda row: kinds.title_of(row.kind)),
    Column(_("提交时间"), lambda row: formats.day(row.submitted_at)),
    Column(_("决定时间"), lambda row: formats.day(row.decided_at)),
    Column(_("状态"), lambda row: status_pill("application", row.status)),
)
CORRECTION_COLUMNS = (
    Column(_("企业"), lambda row: row.application.organisation.name),
    Column(_("编号"), lambda row: row.application.number, "ip-num"),
    Column(_("退回补正"), lambda row: formats.day(row.requested_at)),
    Column(_("补正回复"), lambda row: formats.day(row.answered_at)),
)
RECOGNITION_COLUMNS = (
    FIRM,
    Column(_("证书编号"), lambda row: row.number, "ip-num"),
    Column(_("事项"), lambda row: kinds.title_of(row.kind)),
    Column(_("认定日期"), lambda row: formats.day(row.granted_on)),
    Column(_("有效期至"), lambda row: formats.day(row.valid_until)),
)
DATE_COLUMNS = (
    FIRM,
    Column(_("对象"), lambda row: row.title or row.subject_number),
    Column(_("法定日"), lambda row: formats.day(row.legal_on)),
    Column(_("完成时间"), lambda row: formats.day(row.met_at)),
)


def case_link(row: Any) -> str:
    return reverse("case-detail", args=[row.number])


CASES: dict[str, Any] = {
    "district": "office_district",
    "permission": Permission.VIEW_CASE,
    "columns": CASE_COLUMNS,
    "link": case_link,
}


def register_all() -> None:
    """Make the portal's own measures known; called once when the app is ready."""
    for source in (_enterprises(), *_applications(), _decisions(), _corrections(), *_recognitions(), _dates()):
        register(source)


def _enterprises() -> Source:
    return Source(
        "enterprises", Time.STOCK, registered,
        (
            Measure(
                "enterprises-registered", _("已登记企业"), "1", FIRMS, _("已在平台登记的企业数。"), Better.UP,
                is_public=True,
            ),
            Measure(
                "enterprises-verified", _("已核实企业"), "2", FIRMS, _("所在区已核对营业执照的企业数。"), Better.UP,
                base=lambda window: Q(verified_at__lt=window.ends_at), is_public=True,
            ),
        ),
        FIRM_COLUMNS, district="district", organisation="pk", order=("-created_at", "-id"), related=("district",),
        link=lambda row: reverse("organisation-detail", args=[row.number]),
    )  # fmt: skip


def _applications() -> tuple[Source, ...]:
    flow = Source(
        "applications-handed-in", Time.FLOW, handed_in,
        (
            Measure(
                "applications-handed-in", _("提交的申报"), "5", PIECES, _("期间内提交的申报件数。"), Better.UP,
                is_public=True,
            ),
        ),
        order=("-submitted_at", "-id"), **CASES,
    )  # fmt: skip
    now = Source(
        "applications-in-office", Time.STATE, in_office,
        (
            Measure("applications-working", _("在办办件"), "5", PIECES, _("已提交或审核中的办件数。"),
                    base=Q(status__in=[Status.SUBMITTED, Status.IN_REVIEW])),
            Measure("applications-returned", _("等企业补正"), "5", PIECES, _("已退回、等企业补正的办件数。"),
                    base=Q(status=Status.RETURNED)),
            Measure("applications-publicity", _("公示中"), "5", PIECES, _("正在公示的办件数。"),
                    base=Q(status=Status.PUBLICITY)),
            Measure(
                "applications-overdue", _("超期办件"), "5", PIECES,
                _("审核时限已过、还没有办完这一步的办件数。"), Better.DOWN,
                base=lambda _window: Q(status__in=[Status.SUBMITTED, Status.IN_REVIEW], due_on__lt=today()),
            ),
        ),
        order=("-updated_at", "-id"), **CASES,
    )  # fmt: skip
    return flow, now


def _decisions() -> Source:
    return Source(
        "applications-decided", Time.FLOW, decided,
        (
            Measure(
                "applications-decided", _("作出决定的申报"), "5", PIECES, _("期间内作出决定的申报件数。"), Better.UP
            ),
            Measure(
                "applications-passed", _("通过率"), "5", PERCENT,
                _("期间内作出决定的申报中，进入公示或已通过的比例。"), way=Way.SHARE, hits=Q(status__in=PASSED),
            ),
            Measure(
                "handling-median", _("办理用时（中位数）"), "5", DAYS,
                _("从提交到作出决定的工作日，扣除等企业补正的时间；一半的办件不超过这个数。"),
                Better.DOWN, way=Way.MEDIAN, number=handling_days,
            ),
            Measure(
                "handling-ninety", _("办理用时（九成）"), "5", DAYS,
                _("从提交到作出决定的工作日，扣除等企业补正的时间；九成的办件不超过这个数。"),
                Better.DOWN, way=Way.NINETY, number=handling_days,
            ),
        ),
        order=("-decided_at", "-id"), **CASES,
    )  # fmt: skip


def _corrections() -> Source:
    return Source(
        "corrections", Time.FLOW, corrections,
        (Measure("corrections-asked", _("退回补正"), "5", _("次"), _("期间内退回企业补正的次数。"), Better.DOWN),),
        CORRECTION_COLUMNS, district="application__office_district", organisation="application__organisation",
        permission=Permission.VIEW_CASE, order=("-requested_at", "-id"), related=("application__organisation",),
        visible=lambda rows, user: rows.filter(application__in=Application.objects.visible_to(user)),
        link=lambda row: case_link(row.application),
    )  # fmt: skip


def _recognitions() -> tuple[Source, ...]:
    shared: dict[str, Any] = {
        "columns": RECOGNITION_COLUMNS,
        "order": ("-granted_on", "-id"),
        "link": lambda row: reverse("recognition", args=[row.number]),
    }
    return (
        Source(
            "recognitions-valid", Time.STOCK, valid,
            (Measure("recognitions-valid", _("有效的认定"), "5", PIECES, _("在有效期内的试点、示范等认定数。"),
                     Better.UP, is_public=True),),
            **shared,
        ),
        Source(
            "recognitions-granted", Time.FLOW, granted,
            (Measure("recognitions-granted", _("新增认定"), "5", PIECES, _("期间内作出的认定数。"), Better.UP),),
            **shared,
        ),
    )  # fmt: skip


def _dates() -> Source:
    return Source(
        "dates", Time.FLOW, ripe,
        (
            Measure(
                "dates-kept", _("企业期限按时率"), "4", PERCENT,
                _("期间内到期、由企业办理的期限中，在法定日当天或之前完成的比例。"),
                Better.UP, way=Way.SHARE, base=~Q(owner="office"), hits=KEPT,
            ),
            Measure(
                "dates-missed", _("错过的企业期限"), "4", PIECES, _("期间内到期、由企业办理而没有按时完成的期限数。"),
                Better.DOWN, base=~Q(owner="office") & ~KEPT,
            ),
            Measure(
                "office-dates-kept", _("审核按时率"), "S1", PERCENT,
                _("期间内到期、由办公室办理的审核时限中，按时完成的比例。"),
                Better.UP, way=Way.SHARE, base=Q(owner="office"), hits=KEPT,
            ),
        ),
        DATE_COLUMNS, order=("-legal_on", "-id"),
    )  # fmt: skip
