"""Address of stored files."""

from django.urls import path

from portal.views import files

urlpatterns = [
    path("files/<str:number>/", files.FileDownload.as_view(), name="file-download"),
]
