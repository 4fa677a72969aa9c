"""Calls and questionnaires as the city makes them, and figures: what the desks of the office show as pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import calls, figures, makers, questionnaire_editing, questionnaires
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import editing as side
from portal.api.serializers.common import Nothing
from portal.models import Call, Questionnaire
from portal.permissions import Permission
from portal.views.office.calls import READERS

KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description=_("问题代码"))
KEY_PATH = r"questions/(?P<key>[0-9A-Za-z_.-]{1,80})/change"


class CallEditor(SignedIn):
    """Calls, drafts included, for the people who make, publish or use them; a district sees its own drafts."""

    page_order = ("-opens_at", "-id")
    door = READERS

    def get_queryset(self) -> QuerySet[Call]:
        return Call.objects.visible_to(self.me).select_related("questionnaire", "district", "host")

    @described(_("列出批次和草稿"), responses=side.EditedCallOut(many=True))
    def list(self, request: Request) -> Response:
        """Every call, the newest window first."""
        return self.page(self.get_queryset(), side.EditedCallOut)

    @described(_("查看批次或草稿"), responses=side.EditedCallOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One call with what still must be mended before it can be published."""
        return self.said(self.get_object())

    @described(_("起草批次"), request=side.CallIn, responses={201: side.EditedCallOut})
    def create(self, request: Request) -> Response:
        """Begin a draft call."""
        home = makers.home_of(self.me)
        makers.check_maker(self.me, makers.Place(home.pk if home else None))
        return self.said(calls.create(self.given(side.CallIn), by=self.me), status=201)

    @described(_("修改草稿"), request=side.CallIn, responses=side.EditedCallOut)
    def update(self, request: Request, number: str) -> Response:
        """Replace everything a draft says; a published call never changes (409)."""
        call = self.get_object()
        makers.check_maker(self.me, call)
        return self.said(calls.change(call, self.given(side.CallIn), by=self.me))

    @described(_("发布批次"), request=Nothing, responses=side.EditedCallOut)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, number: str) -> Response:
        """Publish a draft: from its opening on enterprises may apply."""
        return self.said(calls.publish(self.get_object(), by=self.me))

    @described(_("复制批次"), request=Nothing, responses={201: side.EditedCallOut})
    @action(detail=True, methods=["post"])
    def clone(self, request: Request, number: str) -> Response:
        """Make next year's draft."""
        return self.said(calls.clone(self.get_object(), by=self.me), status=201)

    def said(self, call: Call, status: int = 200) -> Response:
        """Answer with the call."""
        return Response(self.shown(call, side.EditedCallOut), status=status)


class Questionnaires(SignedIn):
    """Versions of questionnaires; the address names code and version."""

    page_order = ("code", "-version", "id")
    lookup_value_regex = "[-a-zA-Z0-9_.]{1,70}"
    door = READERS

    def get_queryset(self) -> QuerySet[Questionnaire]:
        return Questionnaire.objects.visible_to(self.me).select_related("host")

    def get_object(self) -> Questionnaire:
        return self._named(self.kwargs["number"])

    def _named(self, name: str) -> Questionnaire:
        code, _dot, version = name.rpartition(".")
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            raise Http404
        return get_object_or_404(self.get_queryset(), code=code, version=int(version))

    @described(_("列出问卷版本"), responses=side.VersionLine(many=True))
    def list(self, request: Request) -> Response:
        """All versions, the newest first within a code."""
        return self.page(self.get_queryset().defer("body"), side.VersionLine)

    @described(_("查看问卷版本"), responses=side.VersionOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """One version with its questions."""
        return self.said(self.get_object())

    @described(_("起草问卷"), request=side.VersionIn, responses={201: side.VersionOut})
    def create(self, request: Request) -> Response:
        """Begin a new questionnaire, empty or with the content of another version."""
        home = makers.home_of(self.me)
        makers.check_maker(self.me, makers.Place(home.pk if home else None))
        given = self.given(side.VersionIn)
        title = {"zh": given["title_zh"], "en": given["title_en"]}
        source = self._named(given["source"]) if given["source"] else None
        made = questionnaire_editing.create(code=given["code"], title=title, host=home, source=source, by=self.me)
        return self.said(made, status=201)

    @described(_("停用问卷版本"), request=Nothing, responses=side.VersionOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, number: str) -> Response:
        """Take a published version out of use for new calls."""
        return self.said(questionnaire_editing.retire(self.get_object(), by=self.me))

    @described(_("复制为新版本"), request=Nothing, responses={201: side.VersionOut})
    @action(detail=True, methods=["post"])
    def clone(self, request: Request, number: str) -> Response:
        """Make the next version as a draft; one draft per code at a time."""
        return self.said(questionnaire_editing.clone(self.get_object(), by=self.me), status=201)

    @described(_("修改一个问题"), request=side.QuestionIn, responses=side.VersionOut, parameters=[KEY])
    @action(detail=True, methods=["post"], url_path=KEY_PATH)
    def change_question(self, request: Request, number: str, key: str) -> Response:
        """Change the words and points of one question of a draft."""
        version = self.get_object()
        makers.check_maker(self.me, version)
        if questionnaires.find(version.body, key) is None:
            raise Http404
        values: dict[str, Any] = self.given(side.QuestionIn)
        return self.said(questionnaire_editing.change_question(version, key, values, by=self.me))

    @described(_("发布问卷版本"), request=Nothing, responses=side.VersionOut)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, number: str) -> Response:
        """Publish a draft version; it never changes afterwards."""
        return self.said(questionnaire_editing.publish(self.get_object(), by=self.me))

    def said(self, version: Questionnaire, status: int = 200) -> Response:
        """Answer with the version."""
        return Response(self.shown(version, side.VersionOut), status=status)


class Figures(SignedIn):
    """Figures of the city for officials."""

    pagination_class = None
    door = (Permission.VIEW_FIGURES,)

    @described(_("各区数据"), responses=forced_singular_serializer(side.FiguresOut), filters=False)
    def list(self, request: Request) -> Response:
        """Counts by district and by step, at most a minute old."""
        return Response(self.shown(figures.of_the_city(), side.FiguresOut))
