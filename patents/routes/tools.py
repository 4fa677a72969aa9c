"""Addresses of the public calculators."""

from django.urls import URLPattern, path

from patents.views import tools

urlpatterns: list[URLPattern] = [
    path("tools/", tools.ToolList.as_view(), name="tools"),
    path("tools/annuities/", tools.AnnuityTool.as_view(), name="tool-annuities"),
    path("tools/application-number/", tools.ApplicationNumberTool.as_view(), name="tool-application-number"),
    path("tools/sme-size/", tools.SizeTool.as_view(), name="tool-sme-size"),
]
