"""Addresses of figures, targets and coordination."""

from django.urls import URLPattern, path

from portal.views.office import coordination
from portal.views.office.figures import city, district, measure, summary, targets
from portal.views.public import figures

urlpatterns: list[URLPattern] = [
    path("statistics/", figures.PublicFigures.as_view(), name="public-figures"),
    path("figures/", city.CityBoard.as_view(), name="figures"),
    path("figures/measures/", measure.MeasureIndex.as_view(), name="figure-measures"),
    path("figures/measures/<slug:code>/", measure.MeasureDetail.as_view(), name="figure-measure"),
    path("figures/measures/<slug:code>/list/", measure.MeasureList.as_view(), name="figure-list"),
    path("figures/districts/<slug:slug>/", district.DistrictBoard.as_view(), name="figure-district"),
    path("figures/summary/", summary.MonthlySummary.as_view(), name="figure-summary"),
    path("figures/months/", targets.Months.as_view(), name="figure-months"),
    path("targets/", targets.TargetList.as_view(), name="target-list"),
    path("targets/new/", targets.NewTarget.as_view(), name="target-new"),
    path("targets/<str:number>/withdraw/", targets.WithdrawTarget.as_view(), name="target-withdraw"),
    path("coordination/", coordination.TaskList.as_view(), name="task-list"),
    path("coordination/new/", coordination.NewTask.as_view(), name="task-new"),
    path("coordination/tasks/<str:number>/", coordination.TaskDetail.as_view(), name="task"),
    path("coordination/shares/<str:number>/", coordination.ShareDetail.as_view(), name="task-share"),
    path("coordination/shares/<str:number>/send-back/", coordination.SendBack.as_view(), name="task-send-back"),
    path("coordination/meetings/", coordination.MeetingList.as_view(), name="meeting-list"),
    path("coordination/meetings/new/", coordination.NewMeeting.as_view(), name="meeting-new"),
    path("coordination/meetings/<str:number>/", coordination.MeetingDetail.as_view(), name="meeting"),
    path("coordination/meetings/<str:number>/change/", coordination.ChangeMeeting.as_view(), name="meeting-change"),
]
