"""Addresses of the rules' administration."""

from django.urls import URLPattern, path

from portal.views.rules import changing

urlpatterns: list[URLPattern] = [
    path("rules/new/", changing.RuleEntry.as_view(), name="rule-new"),
    path("rules/preview/", changing.RulePreview.as_view(), name="rule-preview"),
    path("rules/holidays/", changing.YearEntry.as_view(), name="holidays-new"),
    path("rules/holidays/preview/", changing.YearPreview.as_view(), name="holidays-preview"),
    path("rules/holidays/<int:year>/", changing.YearEntry.as_view(), name="holidays-change"),
    path("rules/<str:code>/<str:first>/change/", changing.RuleEntry.as_view(), name="rule-change"),
]
