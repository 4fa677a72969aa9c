"""Addresses of reports."""

from django.urls import path

from portal.views import reports

urlpatterns = [
    path("reports/", reports.ReportList.as_view(), name="report-list"),
    path("reports/<str:number>/", reports.ReportPart.as_view(), name="report"),
    path("reports/<str:number>/download/", reports.ReportDownload.as_view(), name="report-download"),
]
