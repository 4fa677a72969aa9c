"""Addresses under /api/ that do not exist answer as the API does."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from portal.api.errors import body


@csrf_exempt
def absent(request: HttpRequest) -> JsonResponse:
    """Answer 404 for any address without a resource."""
    return JsonResponse(body("not_found", _("没有找到，或您无权查看。")), status=404)
