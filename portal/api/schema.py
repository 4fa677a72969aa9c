"""The OpenAPI description: titles, groups, the key of a POST, and every way an operation may be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from portal.idempotency import HEADER, LONGEST_KEY

NAMING = frozenset(["organisation", "right", "scenario"])  # parameters that name an object, which may be absent


class ErrorBody(serializers.Serializer[Any]):
    """How every refusal looks."""

    code = serializers.CharField(help_text=_("稳定的代码，供程序判断"))
    sentence = serializers.CharField(help_text=_("给人看的一句话：哪里不对，怎么办"))
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text=_("每个字段的问题")
    )
    languages = serializers.DictField(
        required=False, help_text=_("免登录工具：每种语言的 sentence 和 fields，键为 zh-hans、en")
    )


REFUSALS: dict[int, Any] = {
    400: _("内容有误：fields 说明每个字段的问题。"),
    401: _("没有登录，或令牌无效。"),
    403: _("您不能这样办理：角色、利益关系声明、两步验证或令牌权限不符。"),
    404: _("没有这个对象，或您无权查看；两者的回答相同。"),
    405: _("这个地址不支持这种请求方法。"),
    406: _("只能以 JSON 格式回答。"),
    409: _("现在不能这样办理；已被别人办理时说明谁在何时办了什么。"),
    415: _("请以 JSON 或表单格式发送。"),
    422: _("同一 Idempotency-Key 已用于另一内容，或标识不合规。"),
    429: _("请求过于频繁；Retry-After 给出要等的秒数。"),
    503: _("系统暂时不可用；Retry-After 给出要等的秒数。"),
}
KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description=_("重复发送同一标识的请求只办理一次，回答与第一次相同。"),
    pattern=rf"^[!-~]{{1,{LONGEST_KEY}}}$",
)


def described(summary: Any, **options: Any) -> Callable[[Any], Any]:
    """Give an operation its title in the reader's language; the docstring is its description."""
    return extend_schema(summary=summary, **options)


class PortalSchema(AutoSchema):
    """Adds to every operation what the whole API has in common."""

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters() or [])
        if self.method == "POST" and self._is_for_people():
            found.append(KEY)
        return found

    def get_operation_id(self) -> str:
        view: Any = self.view
        return f"{view.basename}_{view.action}".replace("-", "_")

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        error = self.resolve_serializer(ErrorBody, "response").ref
        for status in self._refusals(operation):
            content = {"application/json": {"schema": error}}
            operation["responses"][str(status)] = {"description": str(REFUSALS[status]), "content": content}
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _refusals(self, operation: dict[str, Any]) -> list[int]:
        found = {400, 401, 403, 406, 429, 503}
        named = {one["name"] for one in operation.get("parameters", ())}
        if "{" in self.path or named & NAMING:
            found.add(404)
        if self.method != "GET":
            found |= {404, 409, 415}
        if self.method == "POST":
            found.add(422)
        return sorted(found)

    def _is_for_people(self) -> bool:
        return IsAuthenticated in self.view.permission_classes
