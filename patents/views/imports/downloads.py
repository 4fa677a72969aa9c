"""Files of imports: rows that stay outside, the template, the sample."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.generic import View

from patents.importing import bad_rows, template
from patents.views.imports.pages import MEMBERS_ONLY, fetch_run
from portal.hats import enterprise_of
from portal.views.base import SignedIn
from portal.views.files import as_download
from portal.views.limits import Limited

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportBadRows(Limited, SignedIn, View):
    """The rows that stay outside, with a column of reasons; ?format=xlsx or csv."""

    http_method_names = ["get", "head", "options"]
    limits = {"GET": "60/h"}
    limit_per_person = True

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        run = fetch_run(request.user, number)
        if not run.key or not default_storage.exists(run.key):
            raise Http404
        name = gettext("未导入的行-%(number)s") % {"number": run.number}
        if request.GET.get("format") == "xlsx":
            return as_download(_workbook(lambda path: bad_rows.as_xlsx(run, request.user, path)), f"{name}.xlsx", XLSX)
        return as_download(io.BytesIO(b"".join(bad_rows.as_csv(run, request.user))), f"{name}.csv", CSV)


class ImportTemplate(SignedIn, View):
    """The portal's own columns, empty or as a filled sample (示例); ?format=xlsx or csv."""

    http_method_names = ["get", "head", "options"]
    is_filled = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        enterprise_of(request, MEMBERS_ONLY)
        name = gettext("知识产权导入示例") if self.is_filled else gettext("知识产权导入模板")
        filled = self.is_filled
        if request.GET.get("format") == "csv":
            return as_download(io.BytesIO(template.as_csv(is_filled=filled)), f"{name}.csv", CSV)
        return as_download(_workbook(lambda path: template.as_xlsx(path, is_filled=filled)), f"{name}.xlsx", XLSX)


def _workbook(write: Callable[[Path], None]) -> io.BytesIO:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        write(path)
        return io.BytesIO(path.read_bytes())
