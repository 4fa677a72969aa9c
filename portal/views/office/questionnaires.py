"""Questionnaire versions: list, preview as an enterprise would see it, clone, change words, publish."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal import questionnaire_editing, questionnaires
from portal.forms.applying import SectionForm
from portal.forms.calls import QuestionForm
from portal.models import Questionnaire
from portal.pagination import Keyset
from portal.permissions import Permission, can
from portal.tables.office import QuestionnaireTable
from portal.views.base import ActionFormView, ActionView, SignedIn

from .calls import CityOnly


class QuestionnaireList(CityOnly, SignedIn, TemplateView):
    """All versions, newest first within a code."""

    template_name = "portal/office/questionnaires.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Questionnaire.objects.visible_to(self.request.user).defer("body")
        page = Keyset.of_request(self.request, rows, ("code", "-version", "id"))
        return super().get_context_data(page=page, table=QuestionnaireTable(page.rows), **kwargs)


class VersionMixin(CityOnly, SignedIn):
    """Fetch one version."""

    @cached_property
    def version(self) -> Questionnaire:
        rows = Questionnaire.objects.visible_to(self.request.user)
        return get_object_or_404(rows, code=self.kwargs["code"], version=self.kwargs["version"])

    def version_url(self, version: Questionnaire) -> str:
        return reverse("questionnaire-detail", args=[version.code, version.version])


class QuestionnairePreview(VersionMixin, TemplateView):
    """One version as an enterprise would see it."""

    template_name = "portal/office/questionnaire.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.version
        is_draft = version.status == Questionnaire.Status.DRAFT
        kwargs["version"] = version
        return super().get_context_data(
            is_draft=is_draft,
            sections=[self.section(number, part) for number, part in enumerate(_sections(version), start=1)],
            faults=questionnaires.check_body(version.body) if is_draft else [],
            manage=can(self.request.user, Permission.MANAGE_CALLS),
            **kwargs,
        )

    def section(self, number: int, part: dict[str, Any]) -> dict[str, Any]:
        """Return one section with its disabled fields."""
        numbered = [(f"{number}.{at}", question) for at, question in enumerate(part["questions"], start=1)]
        form = SectionForm(numbered, {}, auto_id=f"preview_{number}_%s")
        for field in form.fields.values():
            field.disabled = True
        points = {question["key"]: questionnaires.max_score(question) for question in part["questions"]}
        rows = [{"bound": form[key], "key": key, "points": points[key]} for key in form.fields]
        title, helped = questionnaires.text(part.get("title")), questionnaires.text(part.get("help"))
        return {"title": title, "help": helped, "number": number, "rows": rows}


def _sections(version: Questionnaire) -> list[dict[str, Any]]:
    return questionnaires.sections(version.body)


class VersionAct(CityOnly, ActionView):
    """One verb on a version."""

    def get_object(self) -> Questionnaire:
        rows = Questionnaire.objects.visible_to(self.request.user)
        return get_object_or_404(rows, code=self.kwargs["code"], version=self.kwargs["version"])

    def get_success_url(self) -> str:
        return reverse("questionnaire-detail", args=[self.result.code, self.result.version])


class CloneQuestionnaire(VersionAct):
    """Make the next version as a draft."""

    success_message = _("已复制为新版本的草稿。")

    def action(self, obj: Questionnaire, form: Any) -> Any:
        return questionnaire_editing.clone(obj, by=self.request.user)


class PublishQuestionnaire(VersionAct):
    """Publish a draft version."""

    success_message = _("版本已发布，可用于新的批次。")

    def action(self, obj: Questionnaire, form: Any) -> Any:
        return questionnaire_editing.publish(obj, by=self.request.user)


class EditQuestion(VersionMixin, ActionFormView):
    """The words and points of one question of a draft."""

    template_name = "portal/office/question_form.html"
    permissions = (Permission.MANAGE_CALLS,)
    success_message = _("问题已保存。")

    @cached_property
    def question(self) -> dict[str, Any]:
        found = questionnaires.find(self.version.body, self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def get_form(self, form_class: Any = None) -> Any:
        return QuestionForm(self.request.POST or None, question=self.question)

    def action(self, form: Any) -> Any:
        return questionnaire_editing.change_question(
            self.version, self.kwargs["key"], form.values(), by=self.request.user
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(version=self.version, question=self.question, **kwargs)

    def get_success_url(self) -> str:
        return self.version_url(self.version)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.version.status != Questionnaire.Status.DRAFT:
            raise Http404
        return super().get(request, *args, **kwargs)
