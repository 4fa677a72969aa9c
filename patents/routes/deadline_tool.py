"""Address of the public calculator of statutory periods."""

from django.urls import URLPattern, path

from patents.views import deadline_tool

urlpatterns: list[URLPattern] = [
    path("tools/deadlines/", deadline_tool.DeadlineTool.as_view(), name="tool-deadlines"),
]
