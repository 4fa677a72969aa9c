"""Addresses of an enterprise's webhooks."""

from django.urls import path

from portal.views.people import webhooks

urlpatterns = [
    path("organisations/<str:number>/webhooks/", webhooks.WebhookList.as_view(), name="webhook-list"),
    path(
        "organisations/<str:number>/webhooks/<str:webhook>/test/", webhooks.TestWebhook.as_view(), name="webhook-test"
    ),
    path(
        "organisations/<str:number>/webhooks/<str:webhook>/revoke/",
        webhooks.RevokeWebhook.as_view(),
        name="webhook-revoke",
    ),
]
