"""Check the answers, hand in, the confirmation, and the ten-minute undo."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal import procedures, questionnaires
from portal.clock import now
from portal.forms.applying import Declaration
from portal.models import Status
from portal.permissions import Verdict
from portal.views.base import ActionFormView, ActionView

from .common import OwnCase, Paper, obstacles


def answer_table(paper: Paper, answers: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return all shown questions per section with their answers in words, for reading."""
    given = paper.answers if answers is None else answers
    table = []
    for part, state in zip(questionnaires.sections(paper.body), paper.parts(), strict=True):
        rows = [
            _answer_row(paper, number, question, given)
            for number, question in paper.numbered(part)
            if questionnaires.is_shown(question, given)
        ]
        table.append({"part": state, "rows": rows})
    return table


def _answer_row(paper: Paper, number: str, question: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    value = given.get(question["key"])
    is_file = question["type"] == "file"
    return {
        "key": question["key"],
        "number": number,
        "label": questionnaires.text(question["label"]),
        "text": "" if is_file else questionnaires.display(question, value),
        "files": [paper.documents[n] for n in value or [] if n in paper.documents] if is_file else [],
        "is_missing": bool(question.get("required")) and questionnaires.is_empty(value),
        "is_long": question["type"] == "textarea",
    }


def may_hand_in(view: OwnCase, problems: list[dict[str, Any]]) -> Verdict:
    """Return whether the draft may be submitted now, with the first reason against it in words."""
    if not view.may_submit:
        return view.may_submit
    if not view.application.call.is_open:
        return Verdict(False, _("申报窗口没有开放，不能提交。"))
    if problems:
        first = problems[0]
        sentence = _("还不能提交：%(problem)s") % {"problem": f"{first['number']} {first['text']}".strip()}
        return Verdict(False, sentence)
    return Verdict(True)


class CheckAnswers(OwnCase, ActionFormView):
    """All answers on one page, what stands in the way, the promise, and the button."""

    form_class = Declaration
    template_name = "portal/applying/check.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.application.status != Status.DRAFT:
            return redirect("application", self.application.number)
        return super().get(request, *args, **kwargs)

    def action(self, form: Any) -> Any:
        return procedures.submit(self.application, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("application-submitted", args=[self.application.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problems = obstacles(self.application, self.paper)
        return super().get_context_data(
            table=answer_table(self.paper), problems=problems, verdict=may_hand_in(self, problems), **kwargs
        )


class Submitted(OwnCase, TemplateView):
    """The confirmation: number, what happens next and when, receipt, and the undo while it lasts."""

    template_name = "portal/applying/submitted.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.application.submitted_at is None:
            return redirect("application", self.application.number)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(undo_until=undo_until(self.application), undo=may_undo(self), **kwargs)


def undo_until(application: Any) -> dt.datetime | None:
    """Return until when the submission may be undone, or None when the time or the state is past."""
    if application.status != Status.SUBMITTED or application.submitted_at is None:
        return None
    end = procedures.undo_until(application)
    return end if now() < end else None


def may_undo(view: OwnCase) -> Verdict:
    """Return whether the submission may be undone by this person now."""
    if not view.may_submit:
        return view.may_submit
    if undo_until(view.application) is None:
        return Verdict(False, _("撤销提交的时间已过，或已开始审核，不能撤销。"))
    return Verdict(True)


class Undo(OwnCase, ActionView):
    """Take the submission back into the draft."""

    success_message = gettext_lazy("已退回草稿，可以继续修改。")

    def get_object(self) -> Any:
        return self.application

    def action(self, obj: Any, form: Any) -> Any:
        return procedures.undo_submission(obj, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("application-fill", args=[self.application.number])
