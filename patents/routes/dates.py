"""Addresses of dates: the list, the calendar, one date and its verbs, handing over, notices of a right."""

from django.urls import URLPattern, path

from patents.views.dates import handover, lists, notices, single

urlpatterns: list[URLPattern] = [
    path("dates/", lists.DateList.as_view(), name="date-list"),
    path("dates/calendar/", lists.DateCalendar.as_view(), name="date-calendar"),
    path("dates/handover/", handover.HandOver.as_view(), name="date-handover"),
    path("dates/<str:number>/", single.DateDetail.as_view(), name="date"),
    path("dates/<str:number>/meet/", single.MeetDate.as_view(), name="date-meet"),
    path("dates/<str:number>/override/", single.OverrideDate.as_view(), name="date-override"),
    path("dates/<str:number>/lift/", single.LiftOverride.as_view(), name="date-lift"),
    path("dates/<str:number>/set-aside/", single.SetAsideDate.as_view(), name="date-set-aside"),
    path("rights/<str:number>/dates/", notices.RightDates.as_view(), name="right-dates"),
    path("rights/<str:number>/notices/new/", notices.RecordNotice.as_view(), name="notice-new"),
    path("rights/<str:number>/notices/<str:notice>/fee/", notices.StateFee.as_view(), name="notice-fee"),
    path(
        "rights/<str:number>/notices/<str:notice>/reduction/",
        notices.ApproveReduction.as_view(),
        name="notice-reduction",
    ),
]
