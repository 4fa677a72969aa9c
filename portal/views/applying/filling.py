"""Filling in a draft: open it, its task list, one section a page, autosave, and what happens when two people differ."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal import evidence, procedures, questionnaires
from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import clock_time
from portal.forms.applying import SectionForm
from portal.hats import hat_of
from portal.models import Call, Organisation, Status
from portal.permissions import Permission, check
from portal.procedures import Conflict
from portal.views.base import ActionView, fetch

from .common import OwnCase, case_url

UNPROCESSABLE = 422


class OpenApplication(ActionView):
    """Begin a draft for the enterprise of the present hat; where there is one already, go to it."""

    model = Call
    clause = "5"

    def get_organisation(self) -> Organisation:
        number = self.request.POST.get("organisation", "")
        if number:
            rows = Organisation.objects.filter(pk__in=self.request.user.standing.roles)
            return fetch(rows, self.request.user, number=number)
        hat = hat_of(self.request)
        if hat.organisation is None:
            raise RuleBroken(_("请先登记企业，或切换到企业身份，再开始申报。"), code="no_organisation")
        return hat.organisation

    def action(self, obj: Any, form: Any) -> Any:
        return procedures.open_application(obj, self.get_organisation(), by=self.request.user)

    def get_success_url(self) -> str:
        return case_url(self.result)


class TaskList(OwnCase, TemplateView):
    """The sections of a draft with their states."""

    template_name = "portal/applying/fill.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.application.status != Status.DRAFT:
            return redirect("application", self.application.number)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = self.paper.parts()
        done = sum(part.state == "done" for part in parts)
        return super().get_context_data(
            parts=parts, tasks=self.paper.with_check(parts), done=done, is_complete=done == len(parts),
            may_fill=self.may_fill,
            prefilled=sum(bool(answer.source) for answer in self.paper.present.values()), **kwargs,
        )  # fmt: skip


class Editing(OwnCase):
    """Some questions of one's own application as a form: save, settle conflicts, take in files."""

    def questions(self) -> list[tuple[str, dict[str, Any]]]:
        """Return ("3.1", question) for what may be edited on this page."""
        raise NotImplementedError

    def get_form(self, *, is_final: bool = True) -> SectionForm:
        posted = self.request.method == "POST"
        return SectionForm(
            self.questions(), self.paper.present, documents=self.paper.documents, is_final=is_final,
            data=self.request.POST if posted else None, files=self.request.FILES if posted else None,
        )  # fmt: skip

    def save(self, form: SectionForm) -> None:
        """Save every valid answer that this person changed; raises Conflict."""
        values, revisions = form.changes(self.request.user)
        procedures.save_answers(self.application, values, revisions=revisions, by=self.request.user)

    def clashes(self, form: SectionForm, conflict: Conflict) -> list[dict[str, Any]]:
        """Return both versions of each answer two people gave, read afresh."""
        self.paper.forget()
        typed = form.typed()
        return [self._clash(form.questions[key], typed.get(key)) for key in conflict.keys]

    def _clash(self, question: dict[str, Any], mine: Any) -> dict[str, Any]:
        key, answer = question["key"], self.paper.present[question["key"]]
        return {
            "key": key,
            "label": f"{self.paper.numbers()[key]} {questionnaires.text(question['label'])}",
            "mine": questionnaires.display(question, mine),
            "theirs": questionnaires.display(question, answer.value),
            "who": answer.updated_by,
            "at": answer.updated_at,
            "revision": answer.revision,
        }

    def change_files(self, form: SectionForm) -> None:
        """Take in, replace and remove files; a refused one is an error of its question."""
        user, removed = self.request.user, self.request.POST.get("remove", "")
        for key, uploads in form.uploads().items():
            self._try(form, key, lambda: evidence.add_files(self.application, key, uploads, by=user))  # noqa: B023
        for name in [name for name in self.request.FILES if name.startswith("replace-")]:
            key, _dot, number = name.removeprefix("replace-").partition(".")
            upload = cast(UploadedFile, self.request.FILES[name])
            self._try(form, key, lambda: evidence.replace_file(self.application, key, number, upload, by=user))  # noqa: B023
        if removed:
            key, _dot, number = removed.partition(".")
            evidence.remove_file(self.application, key, number, by=user)

    @staticmethod
    def _try(form: SectionForm, key: str, act: Any) -> None:
        try:
            act()
        except RuleBroken as broken:
            form.add_error(key if key in form.fields else None, str(broken.sentence))

    def kept(self, form: SectionForm) -> SectionForm:
        """Return the form with its errors, but with files and revisions as they are now."""
        self.paper.forget()
        form.present, form.documents = self.paper.present, self.paper.documents
        gone = {f"seen-{key}" for key in form.questions}
        form.data = MultiValueDict(
            {name: self.request.POST.getlist(name) for name in self.request.POST if name not in gone}
        )
        return form

    def autosave(self, form: SectionForm) -> HttpResponse:
        """Save what is valid: {"saved": "14:03"}, or 409 with both versions as a fragment."""
        check(self.request.user, Permission.FILL_APPLICATION, self.application)
        form.is_valid()
        try:
            self.save(form)
        except Conflict as conflict:
            context = {"clashes": self.clashes(form, conflict), "conflict": conflict.sentence}
            return render(self.request, "portal/applying/_conflict.html", context, status=409)
        except RuleBroken as broken:
            return render(self.request, "portal/applying/_locked.html", {"sentence": broken.sentence}, status=409)
        saved = clock_time(now())
        return JsonResponse({"saved": saved, "saved_at": saved, "unsaved": sorted(form.errors)})


class Section(Editing):
    """One section of one's own draft."""

    @cached_property
    def part(self) -> dict[str, Any]:
        found = questionnaires.section(self.paper.body, self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def questions(self) -> list[tuple[str, dict[str, Any]]]:
        return self.paper.numbered(self.part)


class SectionPage(Section, View):
    """Show and save one section. Valid answers are kept even when others must be mended."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            check(request.user, Permission.FILL_APPLICATION, self.application)
            if request.method == "GET" and self.application.status != Status.DRAFT:
                return redirect("application", self.application.number)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.page(self.get_form())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        form = self.get_form(is_final=not self.stays)
        form.is_valid()
        try:
            self.save(form)
            self.change_files(form)
        except Conflict as conflict:
            return self.page(form, status=409, clashes=self.clashes(form, conflict), conflict=conflict.sentence)
        if form.errors:
            return self.page(self.kept(form), status=UNPROCESSABLE)
        return redirect(self.next_url())

    @property
    def stays(self) -> bool:
        """Whether the person wants to go on with this section: a file was sent or removed, or a conflict settled."""
        names = ("upload", "remove", "leave")
        return any(name in self.request.POST for name in names) or any(n.startswith("keep-") for n in self.request.POST)

    def next_url(self) -> str:
        if "leave" in self.request.POST:
            return reverse("application-fill", args=[self.application.number])
        if self.stays:
            messages.success(self.request, _("已保存。"))
            anchor = self.request.POST.get("upload") or self.request.POST.get("remove", "").partition(".")[0]
            return self.request.path + (f"#id_a-{anchor}_field" if anchor else "")
        parts = questionnaires.sections(self.paper.body)
        later = parts[parts.index(self.part) + 1 :]
        if later:
            return reverse("application-section", args=[self.application.number, later[0]["key"]])
        return reverse("application-check", args=[self.application.number])

    def page(self, form: SectionForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        parts = self.paper.parts(self.part["key"])
        context = {
            "application": self.application,
            "call": self.application.call,
            "form": form,
            "rows": form.rows(),
            "part": next(part for part in parts if part.is_current),
            "parts": parts,
            "tasks": self.paper.with_check(parts),
            "done": sum(part.state == "done" for part in parts),
            "saved_at": max((a.updated_at for a in self.paper.present.values() if not a.source), default=None),
            **extra,
        }
        return render(self.request, "portal/applying/section.html", context, status=status)


class SectionAutosave(Section, View):
    """Save what is valid while one types."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.autosave(self.get_form(is_final=False))
