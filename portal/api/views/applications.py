"""The applicant's side: begin, answer, hand in, take back, correct, withdraw, appeal."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal import files, procedures
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import applications as side
from portal.api.serializers.common import (
    CaseLine,
    CorrectionOut,
    Done,
    FileOut,
    MessageOut,
    Nothing,
    OptionalReasonIn,
    TextIn,
)
from portal.models import Answer, Application, Call, CaseEvent, CorrectionItem, CorrectionRequest, Organisation, Review

LINE = ("call", "organisation", "office_district")


class Applications(SignedIn):
    """Applications of the person's own enterprises."""

    page_order = ("-updated_at", "-id")

    def get_queryset(self) -> QuerySet[Application]:
        own = self.me.standing.roles
        return Application.objects.visible_to(self.me).filter(organisation__in=own).select_related(*LINE)

    def full(self, application: Application, status: int = 200) -> Response:
        """Answer with the whole application, read in a constant number of queries."""
        rows = self.get_queryset().select_related("call__questionnaire", "recognition")
        rows = rows.prefetch_related(
            Prefetch("answers", Answer.objects.order_by("key").select_related("updated_by"), "shown_answers"),
            Prefetch("corrections", CorrectionRequest.objects.prefetch_related("items"), "shown_corrections"),
            Prefetch("reviews", Review.objects.exclude(stage="score"), "shown_reviews"),
            "appeals",
            Prefetch("events", CaseEvent.objects.filter(is_internal=False), "shown_events"),
        )
        return Response(self.shown(rows.get(pk=application.pk), side.ApplicationOut), status=status)

    @described(_("列出本企业的办件"), responses=CaseLine(many=True))
    def list(self, request: Request) -> Response:
        """Applications of all enterprises the person belongs to, last changed first."""
        return self.page(self.get_queryset(), CaseLine)

    @described(_("查看一件办件"), responses=side.ApplicationOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """Everything the enterprise may see of its application: answers, corrections, clock, events, reasons."""
        return self.full(self.get_object())

    @described(_("开始申报"), request=side.ApplicationIn, responses={201: side.ApplicationOut})
    def create(self, request: Request) -> Response:
        """Begin a prefilled draft under an open call; a live application that is there already is returned."""
        given = self.given(side.ApplicationIn)
        call = get_object_or_404(Call.objects.visible_to(self.me), number=given["call"])
        organisation = get_object_or_404(Organisation.objects.visible_to(self.me), number=given["organisation"])
        return self.full(procedures.open_application(call, organisation, by=self.me), status=201)

    @described(_("保存回答"), request=side.AnswersIn, responses={200: side.AnswersOut, 409: side.AnswerConflict})
    @action(detail=True, methods=["patch"])
    def answers(self, request: Request, number: str) -> Response:
        """Save some answers. Another person's newer answer is never overwritten: 409 with what they wrote."""
        application = self.get_object()
        given = self.given(side.AnswersIn, application=application)
        try:
            procedures.save_answers(application, given["answers"], revisions=given["revisions"], by=self.me)
        except procedures.Conflict as conflict:
            current = application.answers.filter(key__in=conflict.keys).select_related("updated_by")
            clash = {"code": conflict.code, "sentence": str(conflict), "current": current.order_by("key")}
            return Response(self.shown(clash, side.AnswerConflict), status=409)
        present = application.answers.select_related("updated_by").order_by("key")
        return Response(self.shown({"answers": present}, side.AnswersOut))

    @described(_("提交"), request=Nothing, responses=Done)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, number: str) -> Response:
        """Hand in a complete draft; the district's clock starts."""
        return self.done(procedures.submit(self.get_object(), by=self.me))

    @described(_("撤销提交（十分钟内）"), request=Nothing, responses=Done)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, number: str) -> Response:
        """Take a submission back within ten minutes, before an officer has taken the case."""
        return self.done(procedures.undo_submission(self.get_object(), by=self.me))

    @described(_("提交补正"), request=Nothing, responses=Done)
    @action(detail=True, methods=["post"])
    def resubmit(self, request: Request, number: str) -> Response:
        """Hand the correction in, once every marked question is answered."""
        return self.done(procedures.resubmit(self.get_object(), by=self.me))

    @described(_("撤回申报"), request=OptionalReasonIn, responses=Done)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """Withdraw for good; one may apply again while the call is open."""
        reason = self.given(OptionalReasonIn)["reason"]
        return self.done(procedures.withdraw(self.get_object(), reason=reason, by=self.me))

    @described(_("申诉"), request=TextIn, responses={201: side.AppealOut})
    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, number: str) -> Response:
        """Ask for a refusal to be looked at again by somebody who had no part in it."""
        made = procedures.appeal(self.get_object(), self.given(TextIn)["text"], by=self.me)
        return Response(self.shown(made, side.AppealOut), status=201)

    @described(_("列出留言"), responses=MessageOut(many=True))
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, number: str) -> Response:
        """The talk with the office, oldest first; the office's private notes are not in it."""
        rows = self.get_object().messages.filter(is_internal=False).select_related("by")
        self.page_order = ("at", "id")
        return self.page(rows, MessageOut)

    @described(_("留言"), request=TextIn, responses={201: MessageOut})
    @messages.mapping.post
    def write_message(self, request: Request, number: str) -> Response:
        """Write to the office."""
        made = procedures.write_message(self.get_object(), self.given(TextIn)["text"], by=self.me)
        return Response(self.shown(made, MessageOut), status=201)

    @described(_("列出补正通知"), responses=CorrectionOut(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def corrections(self, request: Request, number: str) -> Response:
        """Every return for correction with its marked questions, oldest first."""
        rows = self.get_object().corrections.prefetch_related("items")
        return Response(self.shown(rows, CorrectionOut, many=True))

    @described(
        _("答复一项补正"),
        request=side.ReplyIn,
        responses=CorrectionOut,
        parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH, description=_("问题代码"))],
    )
    @action(detail=True, methods=["post"], url_path=r"corrections/(?P<key>[0-9A-Za-z_.-]{1,80})/reply")
    def reply(self, request: Request, number: str, key: str) -> Response:
        """Answer a marked question of the open correction in words, with or without changing the answer."""
        open_items = CorrectionItem.objects.filter(request__application=self.get_object(), request__answered_at=None)
        item = get_object_or_404(open_items.select_related("request__application"), key=key)
        procedures.reply_to_correction(item, self.given(side.ReplyIn)["reply"], by=self.me)
        item.request.refresh_from_db()
        return Response(self.shown(item.request, CorrectionOut))

    @described(_("回执"), responses=side.ReceiptOut)
    @action(detail=True, methods=["get"])
    def receipt(self, request: Request, number: str) -> Response:
        """The last submission as it was handed in, with the hashes of its files."""
        rows = self.get_object().submissions.select_related("application", "by").order_by("-sequence")
        return Response(self.shown(get_object_or_404(rows[:1]), side.ReceiptOut))

    @described(_("列出文件"), responses=FileOut(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, parser_classes=[MultiPartParser])
    def files(self, request: Request, number: str) -> Response:
        """The newest version of each file."""
        return Response(self.shown(files.newest(self.get_object()), FileOut, many=True))

    @described(_("上传文件"), request={"multipart/form-data": side.UploadIn}, responses={201: FileOut})
    @files.mapping.post
    def upload(self, request: Request, number: str) -> Response:
        """Upload a file for one question. It stays in quarantine until checked; then name its number in the answer."""
        given = self.given(side.UploadIn)
        application = self.get_object()
        made = files.attach(
            given["file"], slot=given["slot"], series=given.get("series"), application=application, by=self.me
        )
        return Response(self.shown(made, FileOut), status=201)

    def done(self, application: Application) -> Response:
        """Answer with the state after an action."""
        return Response(self.shown(application, Done))
