"""What the register adds to an enterprise's home: dates that press, with their money, and the portfolio at a glance."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum, Value
from django.db.models.functions import ExtractMonth, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents import outlook
from patents.dates import keeping
from patents.models import LegalStatus, Right, RightKind
from patents.models.rights import IN_FORCE
from patents.portfolio import kept_figures_of
from portal import formats, kinds, reminding
from portal.clock import today
from portal.formats import day, labelled, money, number, percent
from portal.models import Deadline, Organisation

from .overview import by_year

SOON = dt.timedelta(days=45)
MOST = 5
MOST_LATE = 200
NOTHING = Decimal(0)
TALLEST = 32
PATENTS = [RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN]
PENDING = [LegalStatus.PENDING, LegalStatus.PUBLISHED]


def needs(organisation: Organisation, user: Any) -> list[dict[str, Any]]:
    """Return the nearest open dates of rights this person may know of."""
    dates = Deadline.objects.open().visible_to(user).filter(organisation=organisation, subject_type="right")
    return [_need(row) for row in dates.filter(target_on__lte=today() + SOON).order_by("target_on", "pk")[:MOST]]


def _need(row: Deadline) -> dict[str, Any]:
    found: dict[str, Any] = {
        "on": row.legal_on,
        "date": row.legal_on,
        "icon": "coin-yuan" if row.amount else "clock",
        "title": reminding.words_of(row.rule_code),
        "url": reverse("date", args=[row.number]),
        "text": row.title,
        "meta": [_("建议 %(day)s前") % {"day": day(row.target_on)}, _("法定 %(day)s") % {"day": day(row.legal_on)}],
        "basis": _basis(row),
        "action": _("查看并办理"),
    }
    if not row.amount:
        return found
    if row.grace_on and row.legal_on < today() <= row.grace_on:
        late = {"on": row.grace_on, "date": row.grace_on, "title": labelled(found["title"], _("逾期补缴"))}
        late["meta"] = [_("法定 %(day)s") % {"day": day(row.legal_on)}, _("最晚 %(day)s") % {"day": day(row.grace_on)}]
        return found | late | {"stake_label": _("今天补缴"), "stake": money(keeping.owed_on(row, today()))}
    return found | {"stake_label": _("应缴"), "stake": money(row.amount)}


def _basis(row: Deadline) -> dict[str, Any]:
    steps: list[tuple[Any, Any, bool]] = [(_("起算日"), day(row.trigger_on), False)]
    steps += [(_("顺延前届满日"), day(row.nominal_on), False)] if row.nominal_on else []
    return {
        "title": reminding.words_of(row.rule_code),
        "rows": [*steps, (_("法定日"), day(row.legal_on), True)],
        "law": row.basis,
        "source": _("推算日期仅供参考，以官方通知书为准。"),
    }


def panel(organisation: Organisation, user: Any) -> tuple[str, dict[str, Any]]:
    """Return the template and figures of the portfolio at a glance."""
    rights = Right.objects.visible_to(user).filter(organisation=organisation)
    figures = kept_figures_of(rights)
    counts = {
        "patents": figures.counted(PATENTS, IN_FORCE),
        "pending": figures.counted(PATENTS, PENDING),
        "valued": figures.high_value,
        "marks": figures.counted([RightKind.TRADEMARK], IN_FORCE),
    }
    dates = Deadline.objects.open().visible_to(user).filter(organisation=organisation, subject_type="right")
    due = dates.filter(target_on__lte=today() + dt.timedelta(days=365)).count()
    chart = by_year(figures)
    context = {"figures": figures, "chart": chart if chart.rows else None, "counts": counts, "due": due}
    context["year"] = year_of_money(organisation, user, dates)
    return "patents/register/_home.html", context


def year_of_money(organisation: Organisation, user: Any, dates: QuerySet[Deadline]) -> dict[str, Any] | None:
    """Return what this year has cost and what is still to pay, month by month; what is late counts for this month."""
    now = today()
    paid = outlook.paid_by_month(organisation, user, now.year)
    open_ones = dates.filter(amount__gt=0, target_on__lte=dt.date(now.year, 12, 31))
    sums = open_ones.annotate(day=Greatest("target_on", Value(now))).values(month=ExtractMonth("day"))
    ahead = {row["month"]: row["sum"] for row in sums.annotate(sum=Sum("amount")).order_by()}
    ahead[now.month] = ahead.get(now.month, NOTHING) + _surcharges(dates)
    rows = [(month, paid[month - 1], ahead.get(month, NOTHING)) for month in range(1, 13)]
    all_paid, all_due = sum(paid, NOTHING), sum(ahead.values(), NOTHING)
    if not all_paid + all_due:
        return None
    most = max(done + left for _month, done, left in rows)
    months = [
        {
            "name": formats.month(month),
            "value": number(round(done + left)) if done + left else formats.NOTHING,
            "height": round(TALLEST * float((done + left) / most), 1),
            "is_now": month == now.month,
            "is_due": bool(left),
        }
        for month, done, left in rows
    ]
    total = all_paid + all_due
    return {"months": months, "total": total, "paid": all_paid, "due": all_due, "share": percent(all_paid / total)}


def _surcharges(dates: QuerySet[Deadline]) -> Decimal:
    """Return what the late ones cost today on top of their amounts."""
    late = dates.filter(amount__gt=0, legal_on__lt=today(), grace_on__gte=today())
    late = late.only("amount", "bands").order_by("target_on", "pk")
    owed = [(keeping.owed_on(row, today()) or NOTHING) - (row.amount or NOTHING) for row in late[:MOST_LATE]]
    return sum(owed, NOTHING)


def register() -> None:
    """Plug in; called once when the app is ready."""
    kinds.register_home(gettext_lazy("知识产权"), needs, panel)
