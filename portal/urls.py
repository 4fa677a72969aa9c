"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from patents.api.urls import urlpatterns as patents_api
from portal.api.urls import urlpatterns as portal_api
from portal.views import gallery, health, preferences
from services.protection.api.urls import urlpatterns as protection_api

handler500 = "portal.views.health.server_error"
handler429 = "portal.views.limits.too_many_requests"  # asked for by allauth

urlpatterns = [
    path("healthz/", health.healthz, name="healthz"),
    path("readyz/", health.readyz, name="readyz"),
    path("accounts/signup/", RedirectView.as_view(pattern_name="register")),  # one way in, with its enterprise
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("preferences/", preferences.Preferences.as_view(), name="preferences"),
    # The portal's answers every other address: last.
    path("api/v1/", include(([*patents_api, *protection_api, *portal_api], "api"))),
    path("", include("portal.routes.files")),
    path("", include("portal.routes.documents")),
    path("", include("portal.routes.reports")),
    path("", include("portal.routes.saved_views")),
    path("", include("enterprises.urls")),
    path("", include("portal.routes.people")),
    path("", include("portal.routes.account")),
    path("", include("portal.routes.webhooks")),
    path("", include("portal.routes.applying")),
    path("", include("portal.routes.office")),
    path("", include("portal.routes.figures")),
    path("", include("portal.routes.editing")),
    path("", include("portal.routes.rules")),
    path("", include("portal.routes.public")),
    path("", include("patents.urls")),
    path("", include("services.protection.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("gallery/", gallery.Gallery.as_view(), name="gallery"))
