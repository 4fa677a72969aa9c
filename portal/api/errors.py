"""Every refusal as `{"code", "sentence", "fields"?}`: the code is stable, the sentence is the page's."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.response import Response

from portal.errors import Denied, PortalError
from portal.idempotency import KeyReused
from portal.middleware import record_refusal
from portal.pagination import BadCursor

RETRY_SECONDS = 10  # a restart of the database takes less
NON_FIELD = "non_field_errors"

AWAY = (503, "temporarily_unavailable", _("系统暂时不可用，请稍后再试。"))
SENTENCES: dict[type[Exception], tuple[int, str, Any]] = {
    Http404: (404, "not_found", _("没有找到，或您无权查看。")),
    exceptions.NotFound: (404, "not_found", _("没有找到，或您无权查看。")),
    PermissionDenied: (403, "denied", _("您不能这样办理。")),
    exceptions.NotAuthenticated: (401, "not_authenticated", _("请先登录，或在 Authorization 头中提供访问令牌。")),
    exceptions.ParseError: (400, "malformed", _("请求的内容无法读取。请检查格式。")),
    exceptions.MethodNotAllowed: (405, "method_not_allowed", _("这个地址不支持这种请求方法。")),
    exceptions.NotAcceptable: (406, "not_acceptable", _("只能以 JSON 格式回答。")),
    exceptions.UnsupportedMediaType: (415, "unsupported_media_type", _("请以 JSON 或表单格式发送。")),
    BadCursor: (400, "bad_cursor", _("翻页标记不对。请从第一页重新开始。")),
    OperationalError: AWAY,
    InterfaceError: AWAY,
    RedisError: AWAY,
}


class Explained(exceptions.ValidationError):
    """A refused body with its sentences in every language: {language: {field: sentences}}."""

    def __init__(self, detail: Any, languages: dict[str, dict[str, list[str]]]) -> None:
        super().__init__(detail)
        self.languages = languages


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the response of an error, or None for what nobody expected (a 500 without a trace)."""
    request = context["request"]
    if isinstance(error, Denied):
        record_refusal(request, error)
    answer = _answer(error)
    if answer is None:
        return None
    status, body = answer
    response = Response(body, status=status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, exceptions.Throttled):
        response["Retry-After"] = str(_wait(error))
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def _answer(error: Exception) -> tuple[int, dict[str, Any]] | None:
    """Return (status, body) of a known error."""
    if isinstance(error, PortalError):
        return _refusal(error)
    for kind, (status, code, sentence) in SENTENCES.items():
        if isinstance(error, kind):
            return status, body(code, sentence)
    return _of_library(error) if isinstance(error, exceptions.APIException) else None


def _of_library(error: exceptions.APIException) -> tuple[int, dict[str, Any]]:
    if isinstance(error, exceptions.ValidationError):
        return 400, _invalid(error)
    if isinstance(error, exceptions.Throttled):
        return 429, body("throttled", _("请求过于频繁，请在 %(wait)s 秒后再试。") % {"wait": _wait(error)})
    code = error.get_codes()
    return error.status_code, body(code if isinstance(code, str) else error.default_code, error.detail)


def _invalid(error: exceptions.ValidationError) -> dict[str, Any]:
    """Return the body of a refused input, in every language where the error knows them."""

    def said(fields: dict[str, list[str]]) -> dict[str, Any]:
        return body("invalid", _("有 %(count)s 处需要更正。") % {"count": len(fields)}, fields)

    found = said(flat(error.detail))
    if isinstance(error, Explained):
        found["languages"] = {}
        for language, fields in error.languages.items():
            with translation.override(language):
                found["languages"][language] = {name: said(fields)[name] for name in ("sentence", "fields")}
    return found


def _wait(error: exceptions.Throttled) -> int:
    """Return the whole seconds after which the next try may pass."""
    return int(getattr(error, "wait", None) or 1) + 1


def _refusal(error: PortalError) -> tuple[int, dict[str, Any]]:
    if isinstance(error, Denied):
        return 403, body(error.code, error.sentence)
    status = 422 if isinstance(error, KeyReused) else 409
    return status, body(error.code, error.sentence)


def body(code: str, sentence: Any, fields: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Return the one shape of an error."""
    found: dict[str, Any] = {"code": code, "sentence": str(sentence)}
    if fields:
        found["fields"] = fields
    return found


def flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Return {dotted field name: sentences} from the nested details of serializers."""
    if isinstance(detail, dict):
        parts = ((f"{prefix}.{name}" if prefix else str(name), value) for name, value in detail.items())
        return {name: words for key, value in parts for name, words in flat(value, key).items()}
    if any(isinstance(item, dict | list) for item in detail):
        nested = ((f"{prefix}.{index}" if prefix else str(index), item) for index, item in enumerate(detail) if item)
        return {name: words for key, value in nested for name, words in flat(value, key).items()}
    return {prefix or NON_FIELD: [str(item) for item in detail]}
