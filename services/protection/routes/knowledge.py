"""Addresses of the public archive of alerts, the law tracker, the case library and the pages of countries."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from services.protection.views.knowledge import archive, library

urlpatterns: list[URLPattern] = [
    path("alerts/", archive.AlertList.as_view(), name="alert-list"),
    path("alerts/feed.atom", require_safe(archive.AlertFeed()), name="alert-feed"),
    path("alerts/<str:number>/", archive.AlertPage.as_view(), name="alert"),
    path("laws/", library.LawList.as_view(), name="law-list"),
    path("laws/calendar.ics", library.LawCalendar.as_view(), name="law-calendar"),
    path("laws/new/", library.LawEdit.as_view(), name="law-new"),
    path("laws/<str:number>/", library.Law.as_view(), name="law"),
    path("laws/<str:number>/edit/", library.LawEdit.as_view(), name="law-edit"),
    path("legal-cases/", library.CaseList.as_view(), name="legal-case-list"),
    path("legal-cases/new/", library.CaseEdit.as_view(), name="legal-case-new"),
    path("legal-cases/<str:number>/", library.Case.as_view(), name="legal-case"),
    path("legal-cases/<str:number>/edit/", library.CaseEdit.as_view(), name="legal-case-edit"),
    path("countries/", library.CountryList.as_view(), name="country-list"),
    path("countries/<str:code>/", library.CountryPage.as_view(), name="country"),
    path("countries/<str:code>/facts/new/", library.FactEdit.as_view(), name="country-fact-new"),
    path("countries/<str:code>/facts/<int:fact>/", library.FactEdit.as_view(), name="country-fact-edit"),
]
