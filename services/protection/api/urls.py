"""Addresses of the protection workstream under /api/v1/, before the catch-all of portal.api.urls."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.protection.api import disputes

router = SimpleRouter()
router.register("disputes", disputes.Disputes, basename="dispute")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
