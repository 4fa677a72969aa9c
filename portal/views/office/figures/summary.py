"""The monthly summary of the city or of one district: figures and tasks on one page that prints."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import boards, comparing, measures
from portal.boards import CITY
from portal.clock import today
from portal.models import Figure, Span, TaskShare, standing_of

from . import shared
from .city import FiguresPage

MOST_TASKS = 100


class MonthlySummary(FiguresPage, TemplateView):
    """One month of one place, against the month before and the same month a year before, with the tasks of the time."""

    template_name = "portal/figures/summary.html"

    @cached_property
    def place(self) -> str:
        """The district of the address; a district's official sees the own alone. Raises 404."""
        slug, standing = self.request.GET.get("district", ""), standing_of(self.request.user)
        if slug and slug not in shared.CODES:
            raise Http404
        code = shared.CODES[slug] if slug else (CITY if standing.is_city else self.here)
        if not standing.is_city and code not in standing.districts:
            raise Http404
        return code

    @cached_property
    def month(self) -> dt.date:
        """The month asked for, else the last that is over."""
        text = self.request.GET.get("month", "")
        try:
            return measures.month_of(text) if text else measures.month_after(measures.present_month(), -1)
        except ValueError:
            raise Http404 from None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = Figure.objects.filter(span=Span.MONTH, district=self.place or None).order_by("-period")
        return super().get_context_data(
            place=self.place,
            slug=shared.SLUGS.get(self.place, ""),
            place_name=shared.SHORT.get(self.place, _("全市")),
            month=self.month,
            is_open=self.month >= measures.present_month(),
            months=list(months.values_list("period", flat=True).distinct()[:24]),
            lines=lines(self.request.user, self.place, self.month),
            shares=shares_of(self.place, self.month),
            tasks=by_task(self.place, self.month),
            **kwargs,
        )


def lines(user: Any, place: str, month: dt.date) -> list[dict[str, Any]]:
    """Return one line per measure that the month has a value of. Three boards: two statements each."""
    earlier, year_ago = measures.month_after(month, -1), measures.month_after(month, -12)
    board, before, last_year = (boards.of_month(user, one) for one in (month, earlier, year_ago))
    found = []
    for measure in measures.everything():
        cell = board.cell(measure.code, place)
        if cell == boards.NOTHING:
            continue
        changes = [
            shared.change_text(comparing.change(other.value(measure.code, place), cell.value), measure)
            for other in (before, last_year)
        ]
        found.append(
            {
                "clause": shared.clause_name(measure.clause),
                "measure": measure,
                "value": shared.cell_text(cell, measure),
                "before": changes[0],
                "year_ago": changes[1],
            }
        )
    return found


def tasks_of(place: str, month: dt.date) -> Any:
    """Return the shares that were due, given or finished in the month, and those still open and late."""
    window = measures.month_window(month)
    during = Q(task__due_on__gte=window.start, task__due_on__lt=window.end)
    during |= Q(done_at__gte=window.begins_at, done_at__lt=window.ends_at)
    during |= Q(task__created_at__gte=window.begins_at, task__created_at__lt=window.ends_at)
    during |= Q(done_at=None, task__due_on__lt=window.start)
    rows = TaskShare.objects.filter(during, task__created_at__lt=window.ends_at)
    return rows.filter(district=place) if place else rows


def shares_of(place: str, month: dt.date) -> list[TaskShare]:
    """Return a district's shares, one by one; none for the city, which sees them by task."""
    rows = tasks_of(place, month).select_related("task", "district") if place else TaskShare.objects.none()
    return list(rows.order_by("task__due_on", "task_id")[:MOST_TASKS])


def by_task(place: str, month: dt.date) -> list[dict[str, Any]]:
    """Return per task of the city's month: how many offices have it, have finished it, are late with it."""
    if place:
        return []
    counts = tasks_of(place, month).values("task__number", "task__title", "task__clause", "task__due_on").annotate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=TaskShare.State.DONE)),
        late=Count("pk", filter=Q(done_at=None, task__due_on__lt=today())),
    )  # fmt: skip
    names = {"task__number": "number", "task__title": "title", "task__clause": "clause", "task__due_on": "due_on"}
    rows = counts.order_by("task__due_on", "task__number")[:MOST_TASKS]
    return [{names.get(key, key): value for key, value in row.items()} for row in rows]
