"""Addresses of the alert desk."""

from django.urls import URLPattern, path

from services.protection.views.desk import acts, audience, detail, editing, lists

urlpatterns: list[URLPattern] = [
    path("alert-desk/", lists.AlertDesk.as_view(), name="alert-desk"),
    path("alert-desk/new/", editing.NewAlert.as_view(), name="alert-desk-new"),
    path("alert-desk/propose/", editing.ProposeAlert.as_view(), name="alert-desk-propose"),
    path("alert-desk/audience/", audience.LiveAudience.as_view(), name="alert-desk-audience"),
    path("alert-desk/<str:number>/", detail.AlertDetail.as_view(), name="alert-desk-detail"),
    path("alert-desk/<str:number>/preview/", detail.AlertPreview.as_view(), name="alert-desk-preview"),
    path("alert-desk/<str:number>/change/", editing.ChangeAlert.as_view(), name="alert-desk-change"),
    path("alert-desk/<str:number>/autosave/", editing.AutosaveAlert.as_view(), name="alert-desk-autosave"),
    path("alert-desk/<str:number>/adopt/", acts.AdoptAlert.as_view(), name="alert-desk-adopt"),
    path("alert-desk/<str:number>/drop/", acts.DropAlert.as_view(), name="alert-desk-drop"),
    path("alert-desk/<str:number>/submit/", acts.SubmitAlert.as_view(), name="alert-desk-submit"),
    path("alert-desk/<str:number>/send-back/", acts.SendAlertBack.as_view(), name="alert-desk-send-back"),
    path("alert-desk/<str:number>/approve/", acts.ApproveAlert.as_view(), name="alert-desk-approve"),
    path("alert-desk/<str:number>/correct/", acts.CorrectAlert.as_view(), name="alert-desk-correct"),
    path("alert-desk/<str:number>/withdraw/", acts.WithdrawAlert.as_view(), name="alert-desk-withdraw"),
    path("alert-desk/<str:number>/attach/", acts.AttachToAlert.as_view(), name="alert-desk-attach"),
    path("alert-desk/<str:number>/files/<str:file>/detach/", acts.DetachFromAlert.as_view(), name="alert-desk-detach"),
]
