"""The OpenAPI schema: what every operation has in common is said here once."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from core.api.serializers import ErrorSerializer

REFUSALS = {
    "400": "请求有误：字段、参数或格式。",
    "401": "没有登录，或凭证无效、过期。",
    "403": "角色或凭证范围不允许。",
    "404": "不存在，或不在范围内。",
}
WRITE_REFUSALS = {"409": "已被他人修改，或已存在。", "422": "规则或状态不允许。"}
REPEAT_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=False,
    description="8 至 128 个可见 ASCII 字符。相同的键和内容得到相同的结果，不会重复写入。",
)


class ResourceSchema(AutoSchema):
    """Adds to each operation the permission it needs, its refusals and, for writes, the repeat key."""

    def get_override_parameters(self) -> list[Any]:
        own = list(super().get_override_parameters())
        own += list(getattr(self.view, "parameters", {}).get(getattr(self.view, "action", ""), []))
        return [*own, REPEAT_KEY] if self.method == "POST" else own

    def get_description(self) -> str:
        needs = getattr(self.view, "needs", {}).get(getattr(self.view, "action", ""), "")
        said = super().get_description() or ""
        return f"{said}\n\n所需权限：`{needs}`".strip() if needs else said

    def get_response_serializers(self) -> Any:
        usual = super().get_response_serializers()
        refusals = REFUSALS | (WRITE_REFUSALS if self.method != "GET" else {})
        answers = {code: OpenApiResponse(ErrorSerializer, description=text) for code, text in refusals.items()}
        return {**(usual if isinstance(usual, dict) else {self._success(): usual}), **answers}

    def _success(self) -> str:
        return {"POST": "201", "DELETE": "204"}.get(self.method, "200")


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <凭证>`；凭证由安全管理员签发，有范围、期限和许可地址。",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
