"""Addresses of the applying pages."""

from django.urls import path

from portal.views.applying import cases, correcting, filling, homes, lists, submitting

urlpatterns = [
    path("home/", homes.Dashboard.as_view(), name="dashboard"),
    path("applications/", lists.ApplicationList.as_view(), name="application-list"),
    path("calls/<str:number>/apply/", filling.OpenApplication.as_view(), name="application-open"),
    path("applications/<str:number>/", cases.CasePage.as_view(), name="application"),
    path("applications/<str:number>/fill/", filling.TaskList.as_view(), name="application-fill"),
    path("applications/<str:number>/sections/<str:key>/", filling.SectionPage.as_view(), name="application-section"),
    path(
        "applications/<str:number>/sections/<str:key>/autosave/",
        filling.SectionAutosave.as_view(),
        name="application-section-autosave",
    ),
    path("applications/<str:number>/check/", submitting.CheckAnswers.as_view(), name="application-check"),
    path("applications/<str:number>/submitted/", submitting.Submitted.as_view(), name="application-submitted"),
    path("applications/<str:number>/undo/", submitting.Undo.as_view(), name="application-undo"),
    path("applications/<str:number>/answers/", cases.Answers.as_view(), name="application-answers"),
    path("applications/<str:number>/files/", cases.Files.as_view(), name="application-files"),
    path("applications/<str:number>/opinions/", cases.Opinions.as_view(), name="application-opinions"),
    path("applications/<str:number>/record/", cases.Record.as_view(), name="application-record"),
    path("applications/<str:number>/messages/", cases.WriteMessage.as_view(), name="application-message"),
    path("applications/<str:number>/withdraw/", cases.Withdraw.as_view(), name="application-withdraw"),
    path("applications/<str:number>/appeal/", cases.MakeAppeal.as_view(), name="application-appeal"),
    path("applications/<str:number>/correction/", correcting.CorrectionPage.as_view(), name="application-correction"),
    path(
        "applications/<str:number>/correction/autosave/",
        correcting.CorrectionAutosave.as_view(),
        name="application-correction-autosave",
    ),
]
