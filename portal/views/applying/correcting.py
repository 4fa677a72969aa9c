"""The correction: the marked questions only, each with its reason, the former answer and room for a reply."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal import procedures, questionnaires
from portal.errors import RuleBroken
from portal.formats import listed
from portal.forms.applying import SectionForm
from portal.models import Status
from portal.permissions import Verdict
from portal.procedures import Conflict
from portal.views.base import once

from .cases import CaseTab
from .common import obstacles
from .filling import UNPROCESSABLE, Editing


class Marked(Editing, CaseTab):
    """The marked questions of an open correction."""

    tab = "correction"

    def questions(self) -> list[tuple[str, dict[str, Any]]]:
        numbers, marked = self.paper.numbers(), {item.key for item in self.items}
        every = (question for _part, question in questionnaires.questions(self.paper.body))
        return [(numbers[question["key"]], question) for question in every if question["key"] in marked]

    def save_replies(self) -> None:
        """Save the words beside the answers where they changed."""
        for item in self.items:
            typed = self.request.POST.get(f"reply-{item.key}")
            if typed is not None and typed.strip()[:2000] != item.reply:
                procedures.reply_to_correction(item, typed[:2000], by=self.request.user)


class CorrectionPage(Marked, TemplateView):
    """Show, save and hand in a correction."""

    template_name = "portal/applying/case_correction.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and self.application.status != Status.RETURNED and request.method == "GET":
            return redirect("application", self.application.number)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.page(self.get_form(is_final=False))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        refused = self._take_in()
        if refused is not None:
            return refused
        if "resubmit" in request.POST:
            return once(request, self._resubmit)
        messages.success(request, _("已保存。"))
        anchor = request.POST.get("upload", "") or request.POST.get("remove", "").partition(".")[0]
        return redirect(request.path + (f"#fix-{anchor}" if anchor else ""))

    def _take_in(self) -> HttpResponse | None:
        """Save answers, files and replies; return the page where something must be mended first."""
        form = self.get_form(is_final=False)
        form.is_valid()
        try:
            self.save(form)
            self.save_replies()
            self.change_files(form)
        except Conflict as conflict:
            return self.page(form, status=409, clashes=self.clashes(form, conflict), conflict=conflict.sentence)
        return self.page(self.kept(form), status=UNPROCESSABLE) if form.errors else None

    def _resubmit(self) -> tuple[str, Any]:
        try:
            procedures.resubmit(self.application, by=self.request.user)
        except RuleBroken as broken:
            if broken.code != "incomplete":
                raise
            messages.error(self.request, str(broken.sentence))
            return self.request.path, ""
        return reverse("application-answers", args=[self.application.number]), _("已重新提交，审核时限从次日恢复。")

    def kept(self, form: SectionForm) -> SectionForm:
        for name in ("correction", "items"):
            self.__dict__.pop(name, None)
        return super().kept(form)

    def page(self, form: SectionForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        rows = {row.question["key"]: row for row in form.rows()}
        fixes = [self._fix(item, rows.get(item.key)) for item in self.items]
        context = self.get_context_data(form=form, fixes=fixes, verdict=self.may_resubmit(), **extra)
        return render(self.request, self.template_name, context, status=status)

    def _fix(self, item: Any, row: Any) -> dict[str, Any]:
        question = questionnaires.find(self.paper.body, item.key) or {"type": "text", "label": item.key}
        former = questionnaires.display(question, item.old_value)
        if question["type"] == "file":
            names = [self.paper.documents[n].name for n in item.old_value or [] if n in self.paper.documents]
            former = listed(names) or "—"
        label = f"{self.paper.numbers().get(item.key, '')} {questionnaires.text(question['label'])}".strip()
        state = "answered" if item.is_answered else "open"
        reply = self.request.POST.get(f"reply-{item.key}", item.reply)
        return {"item": item, "row": row, "label": label, "former": former, "state": state, "reply": reply}

    def may_resubmit(self) -> Verdict:
        """Return whether the correction may be handed in, naming what is missing."""
        if not self.may_submit:
            return self.may_submit
        numbers = self.paper.numbers()
        left = [numbers.get(item.key, item.key) for item in self.items if not item.is_answered]
        if left:
            names = listed(left)
            return Verdict(False, _("还不能提交：%(names)s 还未修改。改好并保存后按钮会变为可用。") % {"names": names})
        problems = obstacles(self.application, self.paper)
        if problems:
            first = f"{problems[0]['number']} {problems[0]['text']}".strip()
            return Verdict(False, _("还不能提交：%(problem)s") % {"problem": first})
        return Verdict(True)


class CorrectionAutosave(Marked, View):
    """Save marked answers and replies while one types."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        response = self.autosave(self.get_form(is_final=False))
        if response.status_code == 200:
            self.save_replies()
        return response
