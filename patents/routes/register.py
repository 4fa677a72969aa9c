"""Addresses of the register. The page of a right comes last: `rights/<number>/` would take any word for a number."""

from django.urls import URLPattern, path

from patents.views.register import bulk, detail, editing, lists, overview, unseen

urlpatterns: list[URLPattern] = [
    path("rights/", lists.RightList.as_view(), name="rights"),
    path("rights/export/", lists.RightExport.as_view(), name="rights-export"),
    path("rights/bulk/", bulk.BulkEdit.as_view(), name="rights-bulk"),
    path("rights/overview/", overview.Overview.as_view(), name="rights-overview"),
    path("rights/unseen/", unseen.UnseenRights.as_view(), name="rights-unseen"),
    path("rights/create/", editing.RightCreate.as_view(), name="right-create"),
    path("families/", editing.FamilyList.as_view(), name="family-list"),
    path("products/", editing.ProductList.as_view(), name="product-list"),
    path("rights/<str:number>/edit/", editing.RightEdit.as_view(), name="right-edit"),
    path("rights/<str:number>/status/", editing.RightStatus.as_view(), name="right-status"),
    path("rights/<str:number>/flags/", editing.RightFlags.as_view(), name="right-flags"),
    path("rights/<str:number>/secrecy/", editing.RightSecrecy.as_view(), name="right-secrecy"),
    path("rights/<str:number>/assign/", editing.RightAssign.as_view(), name="right-assign"),
    path("rights/<str:number>/link/", editing.RightLink.as_view(), name="right-link"),
    path("rights/<str:number>/attach/", editing.RightAttach.as_view(), name="right-attach"),
    path("rights/<str:number>/use/", editing.RightUse.as_view(), name="right-use"),
    path("rights/<str:number>/delete/", editing.RightDelete.as_view(), name="right-delete"),
]
PAGE = path("rights/<str:number>/", detail.RightPage.as_view(), name="right")
