"""Versions of questionnaires: list, one version's outline with its faults, difference, and what happens to it whole."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal import makers, questionnaire_differences, questionnaire_editing, questionnaires
from portal import questionnaire_conditions as conditions
from portal.forms.questionnaires import NewQuestionnaireForm, TitlesForm
from portal.models import Questionnaire
from portal.pagination import Keyset
from portal.tables.office import QuestionnaireTable
from portal.views.base import ActionFormView, ActionView, SignedIn
from portal.vocabulary_questions import TYPES, VERBS

from .calls import MakersOnly, made_here

MOST_EDITS = 5


class QuestionnaireList(MakersOnly, SignedIn, TemplateView):
    """All versions of one's office, newest first within a code."""

    template_name = "portal/office/questionnaires.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = made_here(Questionnaire.objects.visible_to(user), user).defer("body").select_related("host")
        page = Keyset.of_request(self.request, rows, ("code", "-version", "id"))
        return super().get_context_data(
            page=page, table=QuestionnaireTable(page.rows), manage=makers.may_begin(user), **kwargs
        )


class VersionMixin(MakersOnly, SignedIn):
    """Fetch one version."""

    @cached_property
    def version(self) -> Questionnaire:
        rows = Questionnaire.objects.visible_to(self.request.user).select_related("host", "published_by")
        return get_object_or_404(rows, code=self.kwargs["code"], version=self.kwargs["version"])

    @cached_property
    def draft(self) -> Questionnaire:
        """Return the version where the person may change it now; raises Denied, and 404 for one that is published."""
        makers.check_maker(self.request.user, self.version)
        if self.version.status != Questionnaire.Status.DRAFT:
            raise Http404
        return self.version

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the row as the address names its number."""
        found: dict[str, Any] = super().get_context_data(**{**kwargs, "version": self.version})  # type: ignore[misc]
        return found

    def version_url(self, anchor: str = "") -> str:
        url = reverse("questionnaire-detail", args=[self.version.code, self.version.version])
        return f"{url}#{anchor}" if anchor else url


class QuestionnaireDetail(VersionMixin, TemplateView):
    """One version: its outline, and for a draft what must be mended and the buttons of the editor."""

    template_name = "portal/office/questionnaire.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.version
        is_draft = version.status == Questionnaire.Status.DRAFT
        manage = makers.may_make(self.request.user, version)
        edits = list(version.edits.select_related("by").order_by("-revision")[:MOST_EDITS]) if is_draft else []
        return super().get_context_data(
            manage=manage, is_draft=is_draft, may_edit=is_draft and manage.ok,
            sections=outline(version), faults=questionnaire_editing.faults(version) if is_draft else [],
            edits=[{"edit": row, "verb": VERBS.get(row.verb, row.verb)} for row in edits],
            can_undo=any(row.verb != questionnaire_editing.UNDONE for row in edits),
            before=earlier_version(version), **kwargs,
        )  # fmt: skip


def outline(version: Questionnaire) -> list[dict[str, Any]]:
    """Return the sections with their questions in words, and the points each can give."""
    found, numbers = [], questionnaires.numbers(version.body)
    for part in questionnaires.sections(version.body):
        rows = [_row(question, numbers, version) for question in part.get("questions", [])]
        points = sum(row["points"] for row in rows)
        title, helped = questionnaires.text(part.get("title")), questionnaires.text(part.get("help"))
        found.append({"part": part, "title": title, "help": helped, "rows": rows, "points": points})
    return found


def _row(question: dict[str, Any], numbers: dict[str, str], version: Questionnaire) -> dict[str, Any]:
    return {
        "question": question,
        "number": numbers[question["key"]],
        "label": questionnaires.text(question.get("label")),
        "type": TYPES.get(question.get("type", ""), question.get("type")),
        "points": questionnaires.max_score(question),
        "condition": conditions.words(question.get("show_if"), version.body),
    }


def earlier_version(version: Questionnaire) -> Questionnaire | None:
    """Return the version before this one."""
    rows = Questionnaire.objects.filter(code=version.code, version__lt=version.version)
    return rows.order_by("-version").first()


class QuestionnaireDifference(VersionMixin, TemplateView):
    """Question by question, what is different from the version before."""

    template_name = "portal/office/questionnaire_difference.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = earlier_version(self.version)
        changes = questionnaire_differences.compare(before.body, self.version.body) if before else []
        return super().get_context_data(before=before, changes=changes, **kwargs)


class NewQuestionnaire(MakersOnly, ActionFormView):
    """Begin a questionnaire, empty or with the content of another."""

    permissions = makers.DOOR
    template_name = "portal/office/questionnaire_new.html"
    success_message = _("草稿已建立，请添加章节和问题。")

    @cached_property
    def home(self) -> Any:
        home = makers.home_of(self.request.user)
        makers.check_maker(self.request.user, makers.Place(home.pk if home else None))
        return home

    subject = "home"

    def get_form(self, form_class: Any = None) -> Any:
        source = Questionnaire.objects.visible_to(self.request.user).filter(
            code=self.request.GET.get("code", ""), version=_number(self.request.GET.get("version"))
        )
        initial = {"source": source.values_list("pk", flat=True).first()}
        return NewQuestionnaireForm(self.request.POST or None, user=self.request.user, initial=initial)

    def action(self, form: Any) -> Any:
        data = form.cleaned_data
        title = {"zh": data["title_zh"], "en": data["title_en"]}
        return questionnaire_editing.create(
            code=data["code"], title=title, host=self.home, source=data["source"], by=self.request.user
        )

    def get_success_url(self) -> str:
        return reverse("questionnaire-detail", args=[self.result.code, self.result.version])


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else 0


class VersionAct(MakersOnly, ActionView):
    """One verb on a version."""

    def get_object(self) -> Questionnaire:
        rows = Questionnaire.objects.visible_to(self.request.user)
        return get_object_or_404(rows, code=self.kwargs["code"], version=self.kwargs["version"])

    def get_success_url(self) -> str:
        shown = self.result if isinstance(self.result, Questionnaire) else self.object
        return reverse("questionnaire-detail", args=[shown.code, shown.version])


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


class RetireQuestionnaire(VersionAct):
    """Take a version out of use for new calls."""

    success_message = _("版本已停用；正在使用它的批次不受影响。")

    def action(self, obj: Questionnaire, form: Any) -> Any:
        return questionnaire_editing.retire(obj, by=self.request.user)


class EditTitles(VersionMixin, ActionFormView):
    """The titles of a draft."""

    template_name = "portal/office/questionnaire_part.html"
    permissions = makers.DOOR
    subject = "draft"
    success_message = _("标题已保存。")
    extra_context = {"heading": _("修改标题")}

    def get_form(self, form_class: Any = None) -> Any:
        return TitlesForm(self.request.POST or None, instance=self.draft)

    def action(self, form: Any) -> Any:
        seen = _number(self.request.POST.get("revision"))
        return questionnaire_editing.rename(self.draft, form.cleaned_data, revision=seen, by=self.request.user)

    def get_success_url(self) -> str:
        return self.version_url()
