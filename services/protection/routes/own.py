"""Addresses of the workstream's first page, of an enterprise's own alerts, and of the district's call list."""

from django.urls import URLPattern, path

from services.protection.views.own import alerts, calls, landing

urlpatterns: list[URLPattern] = [
    path("protection/", landing.Protection.as_view(), name="protection"),
    path("alerts-for-us/", alerts.AlertsForUs.as_view(), name="alerts-for-us"),
    path("alerts-for-us/<str:number>/", alerts.AlertForUs.as_view(), name="alert-for-us"),
    path("alerts-for-us/<str:number>/take/", alerts.TakeAlert.as_view(), name="alert-take"),
    path("alerts-for-us/<str:number>/reopen/", alerts.ReopenAlert.as_view(), name="alert-reopen"),
    path("alerts-for-us/<str:number>/tick/", alerts.TickAlert.as_view(), name="alert-tick"),
    path("alerts-for-us/<str:number>/assign/", alerts.AssignAlert.as_view(), name="alert-assign"),
    path("alerts-for-us/<str:number>/put-aside/", alerts.PutAlertAside.as_view(), name="alert-put-aside"),
    path("alerts-for-us/<str:number>/finish/", alerts.FinishAlert.as_view(), name="alert-finish"),
    path("alerts-for-us/<str:number>/note/", alerts.NoteAlert.as_view(), name="alert-note"),
    path("alerts-for-us/<str:number>/help/", alerts.AskHelp.as_view(), name="alert-help"),
    path("alert-calls/", calls.CallList.as_view(), name="alert-calls"),
    path("alert-calls/<str:number>/", calls.Call.as_view(), name="alert-call"),
    path("alert-calls/<str:number>/record/", calls.RecordCall.as_view(), name="alert-call-record"),
    path("alert-calls/<str:number>/answer/", calls.AnswerHelp.as_view(), name="alert-call-answer"),
]
