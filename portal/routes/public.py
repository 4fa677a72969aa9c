"""Addresses of the public pages."""

from django.urls import URLPattern, path

from portal.views import rules
from portal.views.public import audit, calls, home, notices, pages, recognitions, search

urlpatterns: list[URLPattern] = [
    path("", home.Home.as_view(), name="home"),
    path("calls/", calls.CallList.as_view(), name="call-list"),
    path("calls/<str:number>/", calls.CallPage.as_view(), name="call"),
    path("notices/", notices.NoticeList.as_view(), name="notice-list"),
    path("notices/<str:number>/", notices.Notice.as_view(), name="notice"),
    path("notices/<str:number>/object/", notices.Object.as_view(), name="notice-object"),
    path("recognitions/", recognitions.RecognitionList.as_view(), name="recognition-list"),
    path("recognitions/<str:number>/", recognitions.RecognitionPage.as_view(), name="recognition"),
    path("search/", search.Search.as_view(), name="search"),
    path("audit/", audit.AuditList.as_view(), name="audit-list"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("accessibility/", pages.Accessibility.as_view(), name="accessibility"),
    path("privacy/", pages.Privacy.as_view(), name="privacy"),
    path("contact/", pages.Contact.as_view(), name="contact"),
    path("tools/credit-code/", pages.CreditCode.as_view(), name="tool-credit-code"),  # the former address
    path("tools/uscc/", pages.CreditCode.as_view(), name="tool-credit-code"),
    path("tools/working-days/", pages.Workdays.as_view(), name="tool-workdays"),
]
