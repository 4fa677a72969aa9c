"""The OpenAPI document and its interactive pages, from our own files and under our own CSP."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response


@lru_cache(maxsize=4)
def document(language: str) -> dict[str, Any]:
    """Return the OpenAPI document in a language; made once per process, for making it takes a second."""
    return SchemaGenerator().get_schema(request=None, public=True)


class Schema(SpectacularAPIView):
    """The OpenAPI document of this API, in the reader's language."""

    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with the document as YAML, or as JSON with ?format=json or an Accept header."""
        return Response(document(get_language() or ""))


class Documentation(SpectacularSwaggerSplitView):
    """Interactive documentation: read, sign in with a token, try. Its script is the same address with ?script."""

    url_name = "api:schema"
    permission_classes = [AllowAny]
    authentication_classes = []
    template_name = "portal/api/docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with the page or its script."""
        response = super().get(request, *args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "same-origin"  # the script carries a CSRF token
        return response

    def _get_schema_url(self, request: Request) -> str:
        return reverse(self.url_name) + "?format=json"
