"""Addresses of the protection workstream under /api/v1/, before the catch-all of portal.api.urls."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.protection.api import desk, disputes, knowledge, own, reach

RESOURCES = [
    ("alerts", knowledge.Alerts, "alert"),
    ("laws", knowledge.Laws, "law"),
    ("legal-cases", knowledge.LegalCases, "legal-case"),
    ("countries", knowledge.Countries, "country"),
    ("alerts-for-us", own.Deliveries, "alert-for-us"),
    ("watches", own.Watches, "watch"),
    ("alert-desk", desk.AlertDesk, "alert-desk"),
    ("alert-reach", reach.AlertReach, "alert-reach"),
    ("alert-calls", reach.AlertCalls, "alert-call"),
    ("disputes", disputes.Disputes, "dispute"),
]
router = SimpleRouter()
for prefix, view, name in RESOURCES:
    router.register(prefix, view, basename=name)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
