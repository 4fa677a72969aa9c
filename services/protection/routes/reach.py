"""Addresses of reach, and of what an enterprise watches."""

from django.urls import URLPattern, path

from services.protection.views.reach import reach, watches

urlpatterns: list[URLPattern] = [
    path("reach/", reach.ReachList.as_view(), name="reach-list"),
    path("reach/<str:number>/", reach.ReachDetail.as_view(), name="reach-detail"),
    path("reach/<str:number>/export/", reach.ReachExport.as_view(), name="reach-export"),
    path("watches/", watches.WatchList.as_view(), name="watch-list"),
    path("watches/<str:number>/remove/", watches.RemoveWatch.as_view(), name="watch-remove"),
]
