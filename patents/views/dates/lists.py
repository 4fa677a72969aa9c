"""Dates as a list and as a calendar: of the enterprise one acts for, of one's mandates, or of an official's area."""

from __future__ import annotations

import calendar
import datetime as dt
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from patents.dates import codes
from patents.forms.dates import DateFilter
from patents.tables.dates import DateTable
from portal import formats, handing_over
from portal.clock import today
from portal.filters.chips import links
from portal.hats import hat_of
from portal.models import Deadline
from portal.pagination import Keyset, capped_count, capped_counts
from portal.views.base import SignedIn

MOST = 300  # dates drawn in one month; the list shows the rest
ORDER = ("target_on", "id")
LISTED = (
    "number", "rule_code", "year", "title", "target_on", "legal_on", "grace_on", "overridden_on", "computed_on",
    "amount", "responsible__name",
)  # fmt: skip
DRAWN = ("number", "rule_code", "title", "target_on")
HEIGHT = 32
SOON = dt.timedelta(days=30)


def own_dates(request: HttpRequest) -> QuerySet[Deadline]:
    """Return the open dates of rights that the present hat is about."""
    rows = Deadline.objects.visible_to(request.user).open().filter(subject_type=codes.SUBJECT)
    hat = hat_of(request)
    return rows.filter(organisation=hat.organisation) if hat.organisation and not _is_agency(hat) else rows


def _is_agency(hat: Any) -> bool:
    return hat.organisation.kind == "agency"


class DateList(SignedIn, TemplateView):
    """The next dates first."""

    clause = "4"
    template_name = "patents/dates/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = own_dates(self.request)
        chosen = DateFilter(self.request.GET, queryset=rows, request=self.request)
        found = (chosen.qs if chosen.form.is_valid() else rows).select_related("responsible").only(*LISTED)
        page = Keyset.of_request(self.request, found, ORDER, known_count=capped_count(found))
        table = DateTable(page.rows, request=self.request)
        table.keyset, table.empty = page, empty()
        shown = {"filter": chosen, "chips": links(self.request, chosen), "table": table}
        return super().get_context_data(**shown, **self.standing(rows), clear_url=reverse("date-list"), **kwargs)

    def standing(self, rows: QuerySet[Deadline]) -> dict[str, Any]:
        """Return what stands above the list: how much presses, and whose dates hang in the air."""
        hat = hat_of(self.request)
        return {
            "finding": finding(rows) if hat.organisation else _("期限"),
            "air": _air(hat, self.request.user),
        }


def finding(rows: QuerySet[Deadline]) -> str:
    """Return the title: how many dates are over, and how many press."""
    late, soon = rows.filter(target_on__lt=today(), legal_on__lt=today()), today() + SOON
    counts = capped_counts({"late": late, "soon": rows.filter(target_on__lte=soon)})
    values = {name: formats.capped(count) for name, count in counts.items()}
    if counts["late"]:
        return _("三十天内要办 %(soon)s 个期限，其中 %(late)s 个已过法定日") % values
    return _("三十天内要办 %(soon)s 个期限") % values if counts["soon"] else _("三十天内没有要办的期限")


def _air(hat: Any, user: Any) -> int:
    return capped_count(handing_over.in_the_air(hat.organisation).visible_to(user)) if hat.organisation else 0


def empty() -> dict[str, Any]:
    """Return what an empty list says."""
    return {
        "title": _("这里还没有期限"),
        "text": _("登记或导入知识产权、登记收到的通知书之后，法定期限会自动列在这里。"),
    }


class DateCalendar(SignedIn, TemplateView):
    """A month by weeks, and the twelve months from it on."""

    clause = "4"
    template_name = "patents/dates/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = _month(self.request.GET.get("month", ""))
        rows = own_dates(self.request)
        last = _later(first, 1) - dt.timedelta(days=1)
        found = list(rows.filter(target_on__range=(first, last)).only(*DRAWN).order_by(*ORDER)[: MOST + 1])
        return super().get_context_data(
            **{"first": first, "before": _later(first, -1), "following": _later(first, 1)},
            month=formats.year_month(first),
            weeks=_weeks(first, found[:MOST]),
            weekdays=[formats.weekday(dt.date(2024, 1, day)) for day in range(1, 8)],
            months=_strip(rows, first),
            is_capped=len(found) > MOST,
            count=min(len(found), MOST),
            **kwargs,
        )


def _month(text: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        found = today()
    return found.replace(day=1) if 1990 <= found.year <= 2090 else today().replace(day=1)


def _later(first: dt.date, count: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def _weeks(first: dt.date, rows: list[Deadline]) -> list[list[dict[str, Any]]]:
    """Return the weeks of a month from Monday on; days of other months are empty cells."""
    by_day: dict[dt.date, list[dict[str, Any]]] = {}
    for row in rows:
        words = codes.words(codes.code_of(row.rule_code))
        by_day.setdefault(row.target_on, []).append({"row": row, "words": words})
    return [
        [
            {
                "day": day if day.month == first.month else None,
                "name": formats.labelled(formats.short_day(day), formats.weekday(day)),
                "items": by_day.get(day, []) if day.month == first.month else [],
                "is_today": day == today(),
            }
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]


def _strip(rows: QuerySet[Deadline], first: dt.date) -> list[dict[str, Any]]:
    """Return the twelve months from `first` on with the number of their dates, for the year strip."""
    starts = [_later(first, count) for count in range(13)]
    parts = {str(start): rows.filter(target_on__gte=start, target_on__lt=end) for start, end in pairwise(starts)}
    counts = capped_counts(parts, along=ORDER)
    most = max(counts.values(), default=0) or 1
    return [
        {
            "name": formats.year_month(start) if start.month == 1 else formats.month(start.month),
            "label": formats.year_month(start),
            "url": f"?month={start:%Y-%m}",
            "value": formats.capped(counts[str(start)]),
            "height": round(counts[str(start)] / most * HEIGHT),
            "is_now": start == today().replace(day=1),
            "is_due": False,
        }
        for start in starts[:12]
    ]
