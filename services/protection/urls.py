"""Addresses of the protection workstream: every area lists its own."""

from services.protection.routes import desk, disputes, knowledge, own, reach

urlpatterns = [
    *desk.urlpatterns,
    *own.urlpatterns,
    *knowledge.urlpatterns,
    *reach.urlpatterns,
    *disputes.urlpatterns,
]
