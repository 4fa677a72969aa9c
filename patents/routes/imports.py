"""Addresses of imports."""

from django.urls import URLPattern, path

from patents.views.imports import downloads, pages

urlpatterns: list[URLPattern] = [
    path("rights/imports/", pages.ImportList.as_view(), name="import-list"),
    path("rights/imports/new/", pages.ImportNew.as_view(), name="import-new"),
    path("rights/imports/template/", downloads.ImportTemplate.as_view(), name="import-template"),
    path("rights/imports/sample/", downloads.ImportTemplate.as_view(is_filled=True), name="import-sample"),
    path("rights/imports/<str:number>/", pages.ImportDetail.as_view(), name="import-detail"),
    path("rights/imports/<str:number>/progress/", pages.ImportProgress.as_view(), name="import-progress"),
    path("rights/imports/<str:number>/mapping/", pages.ImportMappingPage.as_view(), name="import-mapping"),
    path("rights/imports/<str:number>/start/", pages.ImportStart.as_view(), name="import-start"),
    path("rights/imports/<str:number>/include/", pages.ImportInclude.as_view(), name="import-include"),
    path("rights/imports/<str:number>/cancel/", pages.ImportCancel.as_view(), name="import-cancel"),
    path("rights/imports/<str:number>/resume/", pages.ImportResume.as_view(), name="import-resume"),
    path("rights/imports/<str:number>/bad-rows/", downloads.ImportBadRows.as_view(), name="import-bad-rows"),
]
