"""The one door through which stored files leave the portal."""

from django.contrib.auth.mixins import AccessMixin
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import View

from portal import files
from portal.models import StoredFile
from portal.views.limits import Limited


class FileDownload(Limited, AccessMixin, View):
    """Check, audit, stream: always as a download, never as something the browser would run.

    What was made public is everybody's; all else asks strangers to sign in, whether it exists or not.
    """

    http_method_names = ["get", "head", "options"]
    limits = {"GET": "600/h"}
    limit_per_person = True

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        rows = StoredFile.objects.visible_to(request.user).select_related("application__organisation", "organisation")
        if not request.user.is_authenticated and not rows.filter(number=number).exists():
            return self.handle_no_permission()
        file = get_object_or_404(rows, number=number)
        return as_download(files.open_for(request.user, file), file.name, file.media_type)


def as_download(stream: object, name: str, media_type: str) -> FileResponse:
    """Return bytes as an attachment (RFC 6266 name) that no browser sniffs, runs or keeps."""
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=media_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
