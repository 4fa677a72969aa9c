"""Addresses of saved views."""

from django.urls import path

from portal.views import saved_views

urlpatterns = [
    path("saved-views/create/", saved_views.SavedViewCreate.as_view(), name="saved-view-create"),
    path("saved-views/<str:number>/rename/", saved_views.SavedViewRename.as_view(), name="saved-view-rename"),
    path("saved-views/<str:number>/delete/", saved_views.SavedViewDelete.as_view(), name="saved-view-delete"),
]
