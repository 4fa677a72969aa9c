"""Reports: what one may ask for, what is being made, and what can be downloaded."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal import files, reports
from portal.clock import now
from portal.errors import RuleBroken
from portal.forms.reports import ReportForm
from portal.models import ReportRun

from .base import ActionFormView, SignedIn, fetch
from .files import as_download
from .limits import Limited

SHOWN = 30


def row_of(run: ReportRun, titles: dict[str, object]) -> dict[str, Any]:
    """Return what the page says of one run."""
    is_over = run.status == "done" and run.file_id is None
    return {
        "run": run,
        "title": titles.get(run.report, run.report),
        "status": "expired" if is_over else run.status,
        "is_open": run.status in ("queued", "running"),
    }


def titles() -> dict[str, object]:
    return {code: report.title for code, report in reports.everything()}


class ReportList(Limited, ActionFormView):
    """The page: ask for a report, and one's last ones. POST asks."""

    template_name = "portal/reports/list.html"
    form_class = ReportForm
    success_message = _("已开始生成，完成后会通知您。")
    limits = {"POST": "60/h"}
    limit_per_person = True

    def get_form_kwargs(self) -> dict[str, Any]:
        offers = [(r.code, r.title) for r, verdict in reports.offered_to(self.request.user) if verdict]
        return {**super().get_form_kwargs(), "reports": offers}

    def action(self, form: ReportForm) -> ReportRun:
        chosen = form.cleaned_data
        return reports.request(chosen["report"], format=chosen["format"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("report-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        runs = ReportRun.objects.visible_to(user).select_related("file").order_by("-created_at", "-pk")[:SHOWN]
        words = titles()
        offers = reports.offered_to(user)
        return super().get_context_data(
            rows=[row_of(run, words) for run in runs],
            offers=offers,
            may_ask=any(verdict for _report, verdict in offers),
            **kwargs,
        )


class ReportPart(SignedIn, View):
    """The card of one run, fetched again by the page while it is being made."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        run = fetch(ReportRun.objects.select_related("file"), request.user, number=number)
        if not getattr(request, "htmx", False):
            return redirect("report-list")
        return render(request, "portal/reports/card.html", {"row": row_of(run, titles())})


class ReportDownload(SignedIn, View):
    """The file of one's own run, as long as it is kept."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        rows = ReportRun.objects.visible_to(request.user).select_related("file")
        run = get_object_or_404(rows, number=number)
        if run.file is None or (run.expires_at and run.expires_at <= now()):
            raise RuleBroken(_("这份报表还没有生成，或已过期。请重新生成。"), code="no_file")
        return as_download(files.open_for(request.user, run.file), run.file.name, run.file.media_type)
