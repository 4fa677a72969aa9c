"""Measures and their figures, targets, and tasks between city and districts, for officials."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import boards, coordination, measures, targets
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import figures as side
from portal.api.serializers.common import ReasonIn
from portal.models import CityTask, Target, TaskShare
from portal.permissions import Permission

READERS = (Permission.VIEW_FIGURES,)
MEASURE = OpenApiParameter("number", str, OpenApiParameter.PATH, description=_("指标代码"))


class Measures(SignedIn):
    """What is counted, and the latest figures by district."""

    pagination_class = None
    lookup_value_regex = "[-a-zA-Z0-9]{1,60}"
    door = READERS

    @described(_("列出指标"), responses=side.MeasureOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """Every measure by clause, with how it is computed."""
        return Response(self.shown(measures.everything(), side.MeasureOut, many=True))

    @described(_("一个指标的数据"), responses=side.MeasureFigures, parameters=[MEASURE])
    def retrieve(self, request: Request, number: str) -> Response:
        """The latest figures of the districts and the city; what would single an enterprise out is hidden."""
        measure = measures.known().get(number)
        if measure is None:
            raise Http404
        board = boards.latest(self.me, [number])
        cells = [{"district": key, **vars(cell)} for key, cell in sorted(board.cells.get(number, {}).items())]
        return Response(self.shown({**vars(measure), "as_of": board.as_of, "figures": cells}, side.MeasureFigures))


class Targets(SignedIn):
    """Targets as dated rows."""

    page_order = ("-starts_on", "-id")
    door = READERS

    def get_queryset(self) -> QuerySet[Target]:
        rows: QuerySet[Target] = Target.objects.visible_to(self.me).select_related("district")
        return rows

    @described(_("列出目标"), responses=side.TargetOut(many=True))
    def list(self, request: Request) -> Response:
        """All targets, withdrawn ones included, the newest period first."""
        return self.page(self.get_queryset(), side.TargetOut)

    @described(_("设定目标"), request=side.TargetIn, responses={201: side.TargetOut})
    def create(self, request: Request) -> Response:
        """Set a target; a city administrator with a second factor."""
        target = targets.create(**self.given(side.TargetIn), by=self.me)
        return Response(self.shown(target, side.TargetOut), status=201)

    @described(_("停用目标"), request=ReasonIn, responses=side.TargetOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """End a target with a reason."""
        found = targets.withdraw(self.get_object(), reason=self.given(ReasonIn)["reason"][:300], by=self.me)
        return Response(self.shown(found, side.TargetOut))


class CityTasks(SignedIn):
    """Tasks that the city gives."""

    door = READERS

    def get_queryset(self) -> QuerySet[CityTask]:
        rows: QuerySet[CityTask] = CityTask.objects.visible_to(self.me)
        return rows

    @described(_("布置任务"), request=side.TaskIn, responses={201: side.TaskOut})
    def create(self, request: Request) -> Response:
        """Give a task to districts; each hears of it."""
        task = coordination.create_task(**self.given(side.TaskIn), by=self.me)
        return Response(self.shown(task, side.TaskOut), status=201)

    @described(_("查看任务"), responses=side.TaskOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """What was asked, of which clause, by when."""
        return Response(self.shown(self.get_object(), side.TaskOut))


class TaskShares(SignedIn):
    """Each office's share of a task: the city sees all, a district its own."""

    page_order = ("-id",)
    door = READERS

    def get_queryset(self) -> QuerySet[TaskShare]:
        return TaskShare.objects.visible_to(self.me).select_related("task", "district")

    @described(_("列出任务分工"), responses=side.ShareOut(many=True))
    def list(self, request: Request) -> Response:
        """The shares one sees, the newest first; whether one is overdue is asked of today."""
        return self.page(self.get_queryset(), side.ShareOut)

    @described(_("查看任务分工"), responses=side.ShareFull)
    def retrieve(self, request: Request, number: str) -> Response:
        """One share with its progress."""
        return self.said()

    @described(_("填报进展"), request=side.ProgressIn, responses=side.ShareFull)
    @action(detail=True, methods=["post"])
    def progress(self, request: Request, number: str) -> Response:
        """Write down what was done; the last line may finish the share."""
        given: dict[str, Any] = self.given(side.ProgressIn)
        coordination.progress(self.get_object(), **given, by=self.me)
        return self.said()

    @described(_("退回任务"), request=ReasonIn, responses=side.ShareFull)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, number: str) -> Response:
        """Send a finished share back with a reason."""
        coordination.send_back(self.get_object(), reason=self.given(ReasonIn)["reason"][:1000], by=self.me)
        return self.said()

    def said(self) -> Response:
        """Answer with the share as it is now."""
        return Response(self.shown(self.get_object(), side.ShareFull))
