"""The editor of a draft: sections and questions, one page each, and the verbs of the outline's buttons.

Every form carries the revision its page showed. Where somebody else was quicker the page comes back with what was
typed, who did what, and the new revision: saving it again is then a decision.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal import makers, questionnaire_editing, questionnaires
from portal import questionnaire_shapes as shapes
from portal.errors import RuleBroken
from portal.forms import questionnaires as forms
from portal.views.base import UNPROCESSABLE, ActionFormView, once

from .questionnaires import VersionAct, VersionMixin

NONE_SEEN = -1  # a form without a revision is an old one


def seen(request: HttpRequest) -> int:
    """Return the revision the page showed."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else NONE_SEEN


class Editing(VersionMixin):
    """One part of a draft being edited."""

    permissions = makers.DOOR
    subject = "draft"

    def edit(self, verb: str, **arguments: Any) -> str:
        return questionnaire_editing.edit(
            self.draft, verb, revision=seen(self.request), by=self.request.user, **arguments
        )

    @cached_property
    def part(self) -> dict[str, Any] | None:
        """Return the section of the address; None for a new one."""
        if "section" not in self.kwargs:
            return None
        found = questionnaires.section(self.draft.body, self.kwargs["section"])
        if found is None:
            raise Http404
        return found


class EditSection(Editing, ActionFormView):
    """A section's words, clause and weight, or a new section."""

    template_name = "portal/office/questionnaire_part.html"
    success_message = _("章节已保存。")

    def get_form(self, form_class: Any = None) -> Any:
        initial = forms.SectionEditForm.initial_of(self.part) if self.part else {}
        return forms.SectionEditForm(self.request.POST or None, initial=initial)

    def action(self, form: Any) -> Any:
        if self.part:
            return self.edit("change_section", key=self.part["key"], values=form.values())
        return self.edit("add_section", values=form.values())

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if answer.status_code == 409:
            self.draft.refresh_from_db(fields=["revision"])
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = _("修改章节") if self.part else _("新增章节")
        return super().get_context_data(heading=heading, **kwargs)

    def get_success_url(self) -> str:
        return self.version_url(f"s-{self.result}")


class EditQuestion(Editing, View):
    """One question, old or new. "refresh" and "add_rows" send the form back with what now fits; nothing is saved."""

    http_method_names = ["get", "head", "options", "post"]

    @cached_property
    def question(self) -> dict[str, Any] | None:
        """Return the question of the address; None for a new one."""
        if "key" not in self.kwargs:
            return None
        found = questionnaires.find(self.draft.body, self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def form(self, data: Any = None) -> forms.QuestionEditForm:
        body, question = self.draft.body, self.question
        if question:
            part = next(part for part, row in questionnaires.questions(body) if row is question)
            initial = forms.QuestionEditForm.initial_of(part, question)
        else:
            initial = {"section": self.kwargs.get("section"), "type": "text"}
        sources = shapes.earlier(body, question["key"] if question else "")
        return forms.QuestionEditForm(data, body=body, question=question, sources=sources, initial=initial)

    def lines(self, data: Any = None) -> tuple[Any, Any]:
        """Return the formsets of options and bands."""
        question = self.question or {}
        options, bands = forms.option_initial(question), forms.band_initial(question)
        if data is None:
            return forms.Options(initial=options, prefix="options"), forms.Bands(initial=bands, prefix="bands")
        return forms.Options(data, prefix="options"), forms.Bands(data, prefix="bands")

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.show(self.form(), self.lines())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        data = _with_more(request.POST)
        form, lines = self.form(data), self.lines(data)
        if data is not request.POST or "refresh" in request.POST:
            return self.show(forms.unchecked(form), lines)
        if not all(part.is_valid() for part in (form, *lines)):
            return self.show(form, lines, UNPROCESSABLE)
        values = form.values(*(part.cleaned_data for part in lines))
        try:
            return once(request, lambda: self.save(form, values))
        except RuleBroken as broken:
            form.add_error(None, str(broken.sentence))
            return self.show(form, lines, 409, getattr(broken, "revision", None))

    def save(self, form: Any, values: dict[str, Any]) -> tuple[str, Any]:
        section = form.cleaned_data["section"]
        if self.question:
            key = self.edit("change_question", key=self.question["key"], section=section, values=values)
        else:
            key = self.edit("add_question", section=section, key=form.cleaned_data["key"], values=values)
        return self.version_url(f"q-{key}"), _("问题已保存。")

    def show(self, form: Any, lines: tuple[Any, Any], status: int = 200, revision: int | None = None) -> HttpResponse:
        context = {
            "version": self.draft, "question": self.question, "form": form, "options": lines[0], "bands": lines[1],
            "revision": self.draft.revision if revision is None else revision,
            "users": shapes.users_of(self.draft.body, self.question["key"]) if self.question else [],
        }  # fmt: skip
        return render(self.request, "portal/office/question_form.html", context, status=status)


def _with_more(posted: Any) -> Any:
    """Return what was posted with more empty lines of the set that "add_rows" names."""
    name = posted.get("add_rows")
    if name not in ("options", "bands"):
        return posted
    data, field = posted.copy(), f"{name}-TOTAL_FORMS"
    total = data.get(field, "0")
    data[field] = str(min(forms.MOST_OPTIONS, (int(total) if total.isdecimal() else 0) + 3))
    return data


class OutlineAct(VersionAct):
    """One button of the outline; the page carries the revision."""

    permissions = makers.DOOR
    verb = ""

    def arguments(self) -> dict[str, Any]:
        """Return what the edit needs besides the key."""
        return {}

    def action(self, obj: Any, form: Any) -> Any:
        return questionnaire_editing.edit(
            obj, self.verb, revision=seen(self.request), by=self.request.user, key=self.kwargs["key"],
            **self.arguments(),
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer HTMX with the outline as it is now and the sentence: it does not show the body of an error."""
        try:
            return super().post(request, *args, **kwargs)
        except RuleBroken as broken:
            if not getattr(request, "htmx", False):
                raise
            messages.error(request, str(broken.sentence))
            return redirect("questionnaire-detail", self.kwargs["code"], self.kwargs["version"])


class Moving(OutlineAct):
    """Up or down, as the pressed button says."""

    def arguments(self) -> dict[str, Any]:
        return {"step": shapes.UP if self.request.POST.get("step") == "up" else shapes.DOWN}


class MoveSection(Moving):
    verb = "move_section"


class DeleteSection(OutlineAct):
    verb, success_message = "delete_section", _("章节已删除；可以撤销。")


class MoveQuestion(Moving):
    verb = "move_question"


class CopyQuestion(OutlineAct):
    verb, success_message = "copy_question", _("问题已复制。")


class DeleteQuestion(OutlineAct):
    verb, success_message = "delete_question", _("问题已删除；可以撤销。")


class UndoEdit(VersionAct):
    """Take the newest edit back."""

    permissions = makers.DOOR
    success_message = _("已撤销最近一次修改。")

    def action(self, obj: Any, form: Any) -> Any:
        return questionnaire_editing.undo(obj, revision=seen(self.request), by=self.request.user)
