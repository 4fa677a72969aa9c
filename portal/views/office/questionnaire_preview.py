"""A questionnaire as the enterprise sees it, with conditions at work and the score; nothing is stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from portal import questionnaires
from portal.forms.applying import Row, SectionForm
from portal.models import Questionnaire

from .questionnaires import VersionMixin


class QuestionnairePreview(VersionMixin, View):
    """All sections on one page, as when filling in; sending it shows what would be missing and the score."""

    http_method_names = ["get", "head", "options", "post"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.show(form_of(self.version))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = form_of(self.version, request.POST)
        form.is_valid()
        return self.show(form, result=result_of(self.version, form.answers))

    def show(self, form: SectionForm, **more: Any) -> HttpResponse:
        context = {"version": self.version, "form": form, "sections": sections_of(self.version, form), **more}
        return render(self.request, "portal/office/questionnaire_preview.html", context)


def form_of(version: Questionnaire, data: Any = None) -> SectionForm:
    """Return every question as one form; a question half made does not stop it."""
    numbers = questionnaires.numbers(version.body)
    usable = [q for _part, q in questionnaires.questions(version.body) if q.get("type") in questionnaires.TYPES]
    return SectionForm([(numbers[question["key"]], _whole(question)) for question in usable], {}, data=data)


def _whole(question: dict[str, Any]) -> dict[str, Any]:
    return {"options": [], **question, "label": question.get("label") or {"zh": question["key"]}}


def sections_of(version: Questionnaire, form: SectionForm) -> list[dict[str, Any]]:
    """Return the sections with their rows as `portal/applying/_question.html` takes them."""
    rows: dict[str, Row] = {row.question["key"]: row for row in form.rows()}
    return [
        {
            "title": questionnaires.text(part.get("title")),
            "help": questionnaires.text(part.get("help")),
            "rows": [rows[q["key"]] for q in part.get("questions", []) if q["key"] in rows],
        }
        for part in questionnaires.sections(version.body)
    ]


def result_of(version: Questionnaire, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the self-score by section and in total, and how many required answers are missing."""
    scores = questionnaires.score(version.body, answers)
    return {
        "scores": scores,
        "points": sum((row.points for row in scores), Decimal(0)),
        "out_of": sum((row.out_of for row in scores), Decimal(0)),
        "missing": len(questionnaires.missing(version.body, answers)),
    }
