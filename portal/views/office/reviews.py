"""The expert's desk: the invitations, the declaration, the application, one's own score sheet and nobody else's."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal import procedures
from portal.forms.office import DeclareForm, ScoreForm
from portal.models import Application, Assignment, Review, Stage, User, standing_of
from portal.permissions import Permission, can
from portal.views.base import ActionFormView, SignedIn

from . import comparison

MOST = 100


def seats_of(user: Any) -> QuerySet[Assignment]:
    """Return the expert's seats with whether the sheet of that round is handed in, the most urgent first."""
    scored = Review.objects.filter(
        application=OuterRef("application"), stage=Stage.SCORE, stage_round=OuterRef("stage_round"), reviewer=user
    )
    rows = Assignment.objects.filter(user=user, seat=Assignment.Seat.EXPERT)
    return rows.annotate(has_scored=Exists(scored)).select_related("application__call", "application__organisation")


class ExpertOnly(LoginRequiredMixin):
    """A page for experts: for everybody else it does not exist."""

    clause: str | list[str] | None = "5"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not standing_of(request.user).is_expert:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ReviewList(ExpertOnly, TemplateView):
    """What one was asked to review: what waits first, then what is done."""

    template_name = "portal/office/reviews.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = list(seats_of(self.request.user).order_by("application__due_on", "-pk")[:MOST])
        waiting = [seat for seat in seats if not seat.has_scored and seat.ended_at is None]  # type: ignore[attr-defined]
        done = [seat for seat in seats if seat.has_scored or seat.ended_at is not None]  # type: ignore[attr-defined]
        return super().get_context_data(waiting=waiting, done=done, **kwargs)


class ReviewMixin(ExpertOnly, SignedIn):
    """Fetch the case by one's own open seat."""

    @cached_property
    def seat(self) -> Assignment:
        rows = seats_of(self.request.user).filter(ended_at=None, application__number=self.kwargs["number"])
        seat = rows.select_related("application__call__questionnaire", "application__organisation").first()
        if seat is None:
            raise Http404
        return seat

    @property
    def application(self) -> Application:
        return self.seat.application

    def show(self, form: Any = None, status: int = 200) -> HttpResponse:
        """Return the declaration, or the application with the score sheet."""
        user: User = self.request.user
        gate = procedures.conflict_gate(user, self.application)
        if not gate:
            may = self.seat.declared_at is None and self.application.organisation_id not in user.standing.roles
            context = {
                "application": self.application,
                "why": gate.why,
                "form": (form or DeclareForm()) if may else None,
            }
            return render(self.request, "portal/office/review_gate.html", context, status=status)
        return render(self.request, "portal/office/review.html", self.review_context(user, form), status=status)

    def review_context(self, user: User, form: Any) -> dict[str, Any]:
        application = self.application
        submission = application.submissions.order_by("-sequence").first()
        answers = submission.answers if submission else {}
        own = application.reviews.filter(reviewer=user, stage=Stage.SCORE).order_by("-stage_round").first()
        sheets = procedures.visible_sheets(user, application) if own else []
        return {
            "application": application,
            "sheet": comparison.answer_sheet(application, answers, set()),
            "bars": comparison.bars(application, answers),
            "form": form or ScoreForm(criteria=application.call.criteria),
            "verdict": can(user, Permission.SCORE_CASE, application) and procedures.may_handle(user, application),
            "own": comparison.sheet_rows(application, own) if own else None,
            "review": own,
            "others": [row for row in sheets if row.reviewer_id != user.pk],
        }


class ReviewDetail(ReviewMixin, View):
    """One application to score."""

    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.show()


class ReviewAct(ReviewMixin, ActionFormView):
    """One verb of the expert, POST only."""

    http_method_names = ["post"]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return self.show(context.get("form"), kwargs.get("status", 200))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return kwargs

    def get_success_url(self) -> str:
        return f"/reviews/{self.kwargs['number']}/"


class DeclareReview(ReviewAct):
    """Say whether one has an interest."""

    form_class = DeclareForm
    success_message = _("声明已记录。")

    def action(self, form: Any) -> Any:
        data = form.cleaned_data
        has_conflict = data["has_conflict"] == "yes"
        return procedures.declare(self.application, has_conflict=has_conflict, note=data["note"], by=self.request.user)

    def get_success_url(self) -> str:
        return "/reviews/" if self.result.has_conflict else super().get_success_url()


class Score(ReviewAct):
    """Hand in the score sheet."""

    success_message = _("评分已提交。全部评分完成前，其他人看不到您的分数。")

    def get_form(self, form_class: Any = None) -> Any:
        procedures.require_gate(self.request.user, self.application)
        return ScoreForm(self.request.POST, criteria=self.application.call.criteria)

    def action(self, form: Any) -> Any:
        return procedures.record_score(
            self.application, form.scores(), form.cleaned_data["reason"], by=self.request.user
        )
