"""Keyset pages for the API: `?after=` or `?before=` a cursor, `?page_size=` up to 100, a count that stops at a cap."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from portal.pagination import COUNT_CAP, Keyset

LARGEST = 100
DEFAULT = 50


class KeysetPages(BasePagination):
    """Pages in the order a view names in `page_order`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that is asked for; raises BadCursor or ValidationError."""
        self.request = request
        asked = request.query_params
        after, before = asked.get("after", ""), asked.get("before", "")
        self.page = Keyset(queryset, view.page_order, after, before, size=self._size(asked.get("page_size", "")))
        return list(self.page.rows)

    def _size(self, wanted: str) -> int:
        if not wanted:
            return DEFAULT
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 5 and 1 <= int(wanted) <= LARGEST):
            raise ValidationError({"page_size": [_("每页 1 到 %(most)s 条。") % {"most": LARGEST}]})
        return int(wanted)

    def get_paginated_response(self, data: Any) -> Response:
        page = self.page
        return Response(
            {
                "count": page.count,
                "is_count_capped": (page.count or 0) >= COUNT_CAP,
                "next": self._link("after", page.next_cursor),
                "previous": self._link("before", page.previous_cursor),
                "results": data,
            }
        )

    def _link(self, name: str, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        url = self.request.build_absolute_uri()
        return replace_query_param(remove_query_param(remove_query_param(url, "after"), "before"), name, cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "is_count_capped", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": str(_("总数，最多数到一万"))},
                "is_count_capped": {"type": "boolean"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        text = {"type": "string", "maxLength": 500}
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": DEFAULT}
        return [
            _parameter("after", text, _("从这个标记之后开始（取自上一页的 next）")),
            _parameter("before", text, _("到这个标记之前为止（取自下一页的 previous）")),
            _parameter("page_size", size, _("每页条数")),
        ]


def _parameter(name: str, schema: dict[str, Any], words: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": str(words)}
