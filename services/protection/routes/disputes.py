"""Addresses of disputes abroad, and of the desk that helps with them."""

from django.urls import URLPattern, path

from services.protection.views.disputes import acts, desk, pages

urlpatterns: list[URLPattern] = [
    path("disputes/", pages.DisputeList.as_view(), name="dispute-list"),
    path("disputes/new/", pages.NewDispute.as_view(), name="dispute-new"),
    path("disputes/unseen/", pages.UnseenDisputes.as_view(), name="disputes-unseen"),
    path("disputes/<str:number>/", pages.Dispute.as_view(), name="dispute"),
    path("disputes/<str:number>/change/", pages.ChangeDispute.as_view(), name="dispute-change"),
    path("disputes/<str:number>/events/", acts.AddEvent.as_view(), name="dispute-event"),
    path("disputes/<str:number>/events/<str:event>/remove/", acts.RemoveEvent.as_view(), name="dispute-event-remove"),
    path("disputes/<str:number>/dates/", acts.StateDate.as_view(), name="dispute-state-date"),
    path("disputes/<str:number>/dates/<str:date>/confirm/", acts.ConfirmDate.as_view(), name="dispute-date-confirm"),
    path("disputes/<str:number>/dates/<str:date>/meet/", acts.KeepDate.as_view(), name="dispute-date-meet"),
    path("disputes/<str:number>/dates/<str:date>/set-aside/", acts.SetDateAside.as_view(), name="dispute-date-aside"),
    path("disputes/<str:number>/evidence/<slug:code>/", acts.SaveEvidence.as_view(), name="dispute-evidence"),
    path("disputes/<str:number>/readers/", acts.SetReaders.as_view(), name="dispute-readers"),
    path("disputes/<str:number>/help/", acts.AskHelp.as_view(), name="dispute-help"),
    path("disputes/<str:number>/help/withdraw/", acts.WithdrawHelp.as_view(), name="dispute-help-withdraw"),
    path("disputes/<str:number>/end/", acts.EndDispute.as_view(), name="dispute-end"),
    path("disputes/<str:number>/reopen/", acts.ReopenDispute.as_view(), name="dispute-reopen"),
    path("dispute-aid/", desk.AidQueue.as_view(), name="dispute-aid-list"),
    path("dispute-aid/<str:number>/", desk.Aid.as_view(), name="dispute-aid"),
    path("dispute-aid/<str:number>/take/", desk.TakeAid.as_view(), name="dispute-aid-take"),
    path("dispute-aid/<str:number>/release/", desk.ReleaseAid.as_view(), name="dispute-aid-release"),
    path("dispute-aid/<str:number>/match/", desk.MatchExpert.as_view(), name="dispute-aid-match"),
    path("dispute-aid/<str:number>/answer/", desk.AnswerAid.as_view(), name="dispute-aid-answer"),
    path("dispute-aid/<str:number>/close/", desk.CloseAid.as_view(), name="dispute-aid-close"),
    path("dispute-aid/<str:number>/declare/", desk.DeclareInterest.as_view(), name="dispute-aid-declare"),
    path("dispute-aid/<str:number>/opinion/", desk.GiveOpinion.as_view(), name="dispute-aid-opinion"),
]
