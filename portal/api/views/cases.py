"""The officials' side: the queue, one case, and every verb from declaring to deciding."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal import procedures, questionnaires
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import cases as side
from portal.api.serializers import reviews as seats
from portal.api.serializers.common import CorrectionOut, Done, Nothing
from portal.clock import today
from portal.models import Application, CorrectionItem, District, Expert, Posting, Stage, User
from portal.permissions import Permission, check
from portal.procedures import Mark
from portal.views.office import weighing
from portal.views.office.access import cases_of

LINE = ("call", "organisation", "office_district", "officer")
EXACT = {"status": "status", "stage": "stage", "kind": "kind", "call": "call__number", "district": "office_district"}


class Cases(SignedIn):
    """Cases of the official's district, or of the whole city."""

    page_order: tuple[str, ...] = ("due_on", "id")

    def get_queryset(self) -> QuerySet[Application]:
        return cases_of(self.me).select_related(*LINE)

    @described(_("办件队列"), parameters=[side.QueueAsked], responses=side.CaseRow(many=True))
    def list(self, request: Request) -> Response:
        """The queue by its clock: the most urgent first, what waits for the applicant last."""
        return self.page(filtered(self.get_queryset(), self.asked(side.QueueAsked), self.me), side.CaseRow)

    @described(_("查看一件办件"), responses=side.CaseOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """The head for everybody in charge; answers, corrections and reviews only after the conflict declaration."""
        rows = self.get_queryset().select_related("call__questionnaire").prefetch_related("assignments__user", "events")
        application = get_object_or_404(rows, number=number)
        check(self.me, Permission.VIEW_CASE, application)
        gate = procedures.conflict_gate(self.me, application)
        content = content_of(application, self.me) if gate else None
        context = {**self.get_serializer_context(), "gate": gate, "content": content}
        return Response(side.CaseOut(application, context=context).data)

    @described(_("声明利益关系"), request=seats.DeclarationIn, responses=seats.DeclarationOut)
    @action(detail=True, methods=["post"])
    def declare(self, request: Request, number: str) -> Response:
        """Declare before seeing content; with an interest the case goes to somebody else."""
        seat = procedures.declare(self.get_object(), **self.given(seats.DeclarationIn), by=self.me)
        return Response(self.shown(seat, seats.DeclarationOut))

    @described(_("开始审核"), request=Nothing, responses=Done)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, number: str) -> Response:
        """Begin the review; the applicant's ten-minute undo ends here."""
        return self.done(procedures.take(self.get_object(), by=self.me))

    @described(_("分派"), request=side.OfficerIn, responses=Done)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, number: str) -> Response:
        """Give the case to an officer or supervisor of the same district."""
        application = self.get_object()
        check(self.me, Permission.ASSIGN_CASE, application)
        posted = Posting.objects.open().filter(office__district=application.office_district)
        given = self.given(side.OfficerIn)
        officer = User.objects.filter(postings__in=posted, number=given["officer"]).first()
        if officer is None:
            raise ValidationError({"officer": [_("只能分派给受理区的经办或负责人。")]})
        return self.done(procedures.assign(application, officer, reason=given["reason"], by=self.me))

    @described(_("转到别的区"), request=side.CaseMoveIn, responses=Done)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, number: str) -> Response:
        """Give a case that is still being verified to another district, with everything written in it."""
        application = self.get_object()
        check(self.me, Permission.ASSIGN_CASE, application)
        given = self.given(side.CaseMoveIn)
        moved = procedures.hand_to_district(
            application, district=district_of(given["district"]), reason=given["reason"], by=self.me
        )
        return self.done(moved)

    @described(_("请企业补正"), request=side.MarksIn, responses={201: CorrectionOut})
    @action(detail=True, methods=["post"], url_path="return-for-correction")
    def return_for_correction(self, request: Request, number: str) -> Response:
        """Send single questions back, each with a coded reason and a note; only these unlock, the clock stops."""
        marks = [Mark(**mark) for mark in self.given(side.MarksIn)["marks"]]
        made = procedures.return_for_correction(self.get_object(), marks, by=self.me)
        return Response(self.shown(made, CorrectionOut), status=201)

    @described(
        _("判断一项补正"),
        request=side.JudgementIn,
        responses=CorrectionOut,
        parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH, description=_("问题代码"))],
    )
    @action(detail=True, methods=["post"], url_path=r"corrections/(?P<key>[0-9A-Za-z_.-]{1,80})/judge")
    def judge(self, request: Request, number: str, key: str) -> Response:
        """Record whether a question of the last answered correction is solved."""
        items = CorrectionItem.objects.filter(request__application=self.get_object(), key=key)
        answered = items.filter(request__answered_at__isnull=False).select_related("request__application")
        item = get_object_or_404(answered.order_by("-request__sequence")[:1])
        procedures.judge_correction(item, self.given(side.JudgementIn)["verdict"], by=self.me)
        return Response(self.shown(item.request, CorrectionOut))

    @described(_("提交核验或推荐意见"), request=side.OpinionIn, responses=Done)
    @action(detail=True, methods=["post"], url_path="record-review")
    def record_review(self, request: Request, number: str) -> Response:
        """Finish the verification, or sign the recommendation."""
        application = self.get_object()
        procedures.record_review(application, **self.given(side.OpinionIn), by=self.me)
        return self.done(self.get_object())

    @described(_("作出决定"), request=side.DecisionIn, responses=Done)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, number: str) -> Response:
        """Decide a scored case: publicity begins, or it is refused. Of two people at once exactly one wins."""
        return self.done(procedures.decide(self.get_object(), **self.given(side.DecisionIn), by=self.me))

    @described(_("可邀请的专家"), responses=side.CandidateOut(many=True))
    @action(detail=True, methods=["get"], url_path="expert-candidates")
    def expert_candidates(self, request: Request, number: str) -> Response:
        """Experts who are free of any tie to the enterprise and were not seated before."""
        application = self.get_object()
        check(self.me, Permission.INVITE_EXPERTS, application)
        self.page_order = ("id",)
        return self.page(procedures.candidates(application), side.CandidateOut)

    @described(_("邀请专家"), request=side.ExpertsIn, responses={201: side.SeatOut(many=True)}, filters=False)
    @action(detail=True, methods=["post"], url_path="invite-experts", pagination_class=None)
    def invite_experts(self, request: Request, number: str) -> Response:
        """Seat chosen experts."""
        application = self.get_object()
        check(self.me, Permission.INVITE_EXPERTS, application)
        numbers = set(self.given(side.ExpertsIn)["experts"])
        experts = list(Expert.objects.filter(user__number__in=numbers).select_related("user"))
        if len(experts) != len(numbers):
            raise ValidationError({"experts": [_("专家库里没有其中的人员编号。")]})
        seats = procedures.invite_experts(application, experts, by=self.me)
        return Response(self.shown(seats, side.SeatOut, many=True), status=201)

    @described(_("抽取专家"), request=Nothing, responses={201: side.SeatOut(many=True)}, filters=False)
    @action(detail=True, methods=["post"], url_path="draw-experts", pagination_class=None)
    def draw_experts(self, request: Request, number: str) -> Response:
        """Draw as many experts by lot as the call still needs."""
        seats = procedures.draw_experts(self.get_object(), by=self.me)
        return Response(self.shown(seats, side.SeatOut, many=True), status=201)

    @described(_("列出留言"), responses=side.CaseMessageOut(many=True))
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, number: str) -> Response:
        """The talk with the applicant and the office's internal notes, oldest first; behind the conflict gate."""
        application = self.get_object()
        procedures.require_gate(self.me, application)
        self.page_order = ("at", "id")
        return self.page(application.messages.select_related("by").prefetch_related("mentions"), side.CaseMessageOut)

    @described(_("留言"), request=side.CaseMessageIn, responses={201: side.CaseMessageOut})
    @messages.mapping.post
    def write_message(self, request: Request, number: str) -> Response:
        """Write to the applicant, or an internal note."""
        given, application = self.given(side.CaseMessageIn), self.get_object()
        procedures.require_gate(self.me, application)
        people = mentioned(application, set(given.pop("mentions")))
        made = procedures.write_message(application, **given, mentions=people, by=self.me)
        return Response(self.shown(made, side.CaseMessageOut), status=201)

    def done(self, application: Application) -> Response:
        """Answer with the state after an action."""
        return Response(self.shown(application, Done))


def district_of(code: str) -> District:
    """Return the district of a code; raises ValidationError."""
    found = District.objects.filter(pk=code).first()
    if found is None:
        raise ValidationError({"district": [_("没有这个区。")]})
    return found


def mentioned(application: Application, numbers: set[str]) -> list[User]:
    """Return the colleagues of these numbers; raises ValidationError where one of them may not be mentioned."""
    people = list(procedures.colleagues(application).filter(number__in=numbers))
    if len(people) != len(numbers):
        raise ValidationError({"mentions": [_("只能提到能看这件办件、没有利益关系的同事。")]})
    return people


def filtered(rows: QuerySet[Application], asked: dict[str, Any], user: Any) -> QuerySet[Application]:
    """Return the rows that fit the filters of the queue."""
    rows = rows.filter(**{EXACT[name]: asked[name] for name in EXACT if name in asked})
    if asked["mine"]:
        rows = rows.filter(officer=user)
    if asked["overdue"]:
        rows = rows.filter(due_on__lt=today())
    if "q" in asked:
        word = asked["q"]
        fits = Q(number__iexact=word) | Q(organisation__uscc__iexact=word) | Q(organisation__name__icontains=word)
        rows = rows.filter(fits)
    return rows


def content_of(application: Application, user: Any) -> dict[str, Any]:
    """Return what lies behind the gate: answers, what changed since the last look, corrections, reviews."""
    seat = application.assignments.filter(user=user).order_by("-last_seen_submission").first()
    submissions = {row.sequence: row.answers for row in application.submissions.all()}
    # What was handed in, not what the applicant is changing just now.
    now = submissions[max(submissions)] if submissions else {}
    before = submissions.get(seat.last_seen_submission if seat else 0)
    changes = questionnaires.diff(application.call.questionnaire.body, before, now) if before is not None else []
    reviews = application.reviews.select_related("reviewer")
    if application.stage == Stage.SCORE:
        reviews = reviews.exclude(stage=Stage.SCORE, stage_round=application.stage_round)
    return {
        "answers": now,
        "facts": weighing.known_of(application, user),
        "changed_since_seen": [change.question["key"] for change in changes],
        "corrections": application.corrections.prefetch_related("items"),
        "reviews": reviews,
        "objections": application.objections.select_related("application").order_by("pk"),
        "appeals": application.appeals.select_related("application").order_by("pk"),
    }
