"""Imports: the list with the upload, the mapping, the verdicts, the progress; and the verbs on them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from patents.forms.imports import ConfirmForm, IncludeForm, MappingForm, UploadForm
from patents.importing import bad_rows, runs
from patents.models import ImportRun, Verdict
from patents.views.imports import outcome
from patents.views.imports.verdicts import RowTable, RunTable
from portal.hats import enterprise_of
from portal.models import Organisation
from portal.pagination import Keyset
from portal.permissions import Permission, can, check
from portal.views.base import ActionFormView, ActionView, SignedIn, fetch
from portal.views.limits import Limited

MEMBERS_ONLY = _("导入只对本企业成员开放。")
RUN_COLUMNS = ("number", "name", "size", "status", "header", "counts", "created_at", "created_by__name")


class ImportList(SignedIn, TemplateView):
    """Past imports, and how to begin one."""

    clause = "4"
    template_name = "patents/imports/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = enterprise_of(self.request, MEMBERS_ONLY)
        rows = ImportRun.objects.visible_to(self.request.user).filter(organisation=organisation)
        rows = rows.select_related("created_by").only(*RUN_COLUMNS)
        page = Keyset.of_request(self.request, rows, ["-created_at", "-id"])
        table = RunTable(page.rows)
        table.keyset = page
        may = can(self.request.user, Permission.EDIT_RIGHT, organisation)
        return super().get_context_data(table=table, has_rows=bool(page.rows), may_import=may, **kwargs)


class ImportNew(Limited, ActionFormView):
    """Choose a file."""

    clause = "4"
    template_name = "patents/imports/new.html"
    form_class = UploadForm
    limits = {"POST": "60/h"}
    limit_per_person = True
    success_message = _("已上传，正在检查和读取。")

    subject = "organisation"

    @cached_property
    def organisation(self) -> Organisation:
        organisation = enterprise_of(self.request, MEMBERS_ONLY)
        check(self.request.user, Permission.EDIT_RIGHT, organisation)
        return organisation

    def action(self, form: UploadForm) -> ImportRun:
        return runs.upload(form.cleaned_data["file"], organisation=self.organisation, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("import-detail", args=[self.result.number])


def fetch_run(user: Any, number: str) -> ImportRun:
    """Return the import, or 404 as for an absent one."""
    run: ImportRun = fetch(ImportRun.objects.select_related("organisation", "created_by"), user, number=number)
    return run


def rows_for(run: ImportRun, user: Any) -> Any:
    """Return the rows a colleague may see: none that stands on a right kept for named persons."""
    rows = bad_rows.seen_by(run, user)
    return rows.select_related("right").only("position", "verdict", "values", "changes", "problems", "right__number")


class ImportDetail(SignedIn, TemplateView):
    """One import at whatever step it is: progress, verdicts row by row, or the summary. ?verdict= filters."""

    clause = "4"
    template_name = "patents/imports/detail.html"

    @cached_property
    def run(self) -> ImportRun:
        return fetch_run(self.request.user, self.kwargs["number"])

    @property
    def verdict(self) -> str:
        asked = self.request.GET.get("verdict", "")
        return asked if asked in (*Verdict.values, "warned") else ""

    def page(self) -> Keyset:
        rows = rows_for(self.run, self.request.user)
        if self.verdict == "warned":
            rows = rows.filter(verdict__in=["new", "changed", "unchanged"]).exclude(problems=[])
        elif self.verdict:
            rows = rows.filter(verdict=self.verdict)
        known = self.run.counts.get(self.verdict) if self.verdict else sum(outcome.by_verdict(self.run).values())
        return Keyset.of_request(self.request, rows, ["position"], known_count=known)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run
        may = can(self.request.user, Permission.EDIT_RIGHT, run.organisation)
        context = {"run": run, "may": may, "state": outcome.state(run), "verdict": self.verdict}
        if run.counts:
            page = self.page()
            picks = self.verdict == Verdict.FOREIGN and run.status == ImportRun.Status.READY and bool(may)
            table = RowTable(page.rows, exclude=() if picks else ("pick",))
            table.keyset = page
            context |= {"table": table, "picks": picks, "tabs": outcome.tabs(run, self.verdict)}
        return super().get_context_data(**context, figures=outcome.figures(run), **kwargs)


class ImportProgress(SignedIn, View):
    """The card of a running import, fetched again by the page; whole page again once the step is over."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        run = fetch_run(request.user, number)
        state = outcome.state(run)
        if not getattr(request, "htmx", False):
            return redirect("import-detail", number)
        response = render(request, "patents/imports/_progress.html", {"run": run, "state": state})
        if not state["is_open"]:
            response["HX-Refresh"] = "true"
        return response


class ImportMappingPage(ActionFormView):
    """What the columns mean: suggested by name, or as this enterprise said last time."""

    clause = "4"
    template_name = "patents/imports/mapping.html"
    form_class = MappingForm
    success_message = _("已记住，正在逐行核对。")
    subject = "run"

    @cached_property
    def run(self) -> ImportRun:
        run = fetch_run(self.request.user, self.kwargs["number"])
        check(self.request.user, Permission.EDIT_RIGHT, run.organisation)
        return run

    @cached_property
    def suggestion(self) -> dict[str, Any]:
        return self.run.mapping if self.run.mapping.get("columns") else runs.suggestion(self.run)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs) if self.run.header else redirect("import-detail", self.run.number)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "run": self.run, "suggestion": self.suggestion}

    def action(self, form: MappingForm) -> ImportRun:
        kind = form.cleaned_data["kind"]
        return runs.set_mapping(self.run, columns=form.columns(), kind=kind, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("import-detail", args=[self.run.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(run=self.run, **kwargs)


class _Verb(ActionView):
    """A verb on an import leads back to its page."""

    clause = "4"

    def get_object(self) -> ImportRun:
        return fetch_run(self.request.user, self.kwargs["number"])

    def get_success_url(self) -> str:
        return reverse("import-detail", args=[self.object.number])


class ImportStart(_Verb):
    """Take the checked rows in."""

    form_class = ConfirmForm
    success_message = _("已开始导入，可以离开本页；完成后会通知您。")

    def action(self, obj: ImportRun, form: ConfirmForm) -> ImportRun:
        return runs.confirm(obj, takes_good_rows=form.cleaned_data["takes_good_rows"], by=self.request.user)


class ImportInclude(_Verb):
    """Take rows of other owners along after all, or leave them out again."""

    form_class = IncludeForm

    def action(self, obj: ImportRun, form: IncludeForm) -> ImportRun:
        wanted = form.cleaned_data
        positions = None if wanted["is_all"] else wanted["pick"]
        return runs.include_foreign(obj, positions=positions, is_included=wanted["is_included"], by=self.request.user)

    def get_success_message(self) -> str:
        return gettext("已重新核对。")


class ImportCancel(_Verb):
    """Give it up before anything went in."""

    success_message = _("已放弃，文件已删除。")

    def action(self, obj: ImportRun, form: Any) -> ImportRun:
        return runs.cancel(obj, by=self.request.user)


class ImportResume(_Verb):
    """Try a failed import again; what is in stays in."""

    success_message = _("已重新开始。")

    def action(self, obj: ImportRun, form: Any) -> ImportRun:
        return runs.resume(obj, by=self.request.user)
