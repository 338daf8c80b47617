"""One shape for every API error: {"code", "message", "fields"}."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from core.access import error_body
from core.errors import DomainError, Forbidden, Invalid, NotFound, NotSignedIn

logger = logging.getLogger("django.request")
UNFORESEEN = {"code": "server_error", "message": "系统出错了，这一步没有做成；之前保存的内容不受影响。", "fields": {}}
KNOWN = {
    exceptions.MethodNotAllowed: ("method_not_allowed", "此资源不支持这种请求方法。"),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "请用 application/json 提交。"),
    exceptions.NotAcceptable: ("not_acceptable", "只提供 application/json。"),
    exceptions.Throttled: ("too_many_requests", "请求过于频繁，请稍后再试。"),
    exceptions.ParseError: ("malformed_body", "请求内容不是合法的 JSON。"),
}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Map what was raised to the one shape; what nobody named is logged and answered as a 500 of that shape too."""
    domain = as_domain_error(error)
    if domain is not None:
        return Response(error_body(domain), status=domain.status)
    for kind, (code, message) in KNOWN.items():
        if isinstance(error, kind):
            headers = {"Retry-After": str(int(error.wait or 1))} if isinstance(error, exceptions.Throttled) else None
            body = {"code": code, "message": message, "fields": {}}
            return Response(body, status=error.status_code, headers=headers)
    logger.error("unforeseen error in the API", exc_info=error, extra={"request": context.get("request")})
    return Response(UNFORESEEN, status=500)


def as_domain_error(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return Invalid("invalid", "有字段没有填对。", flat(error.detail))
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        return NotSignedIn()
    if isinstance(error, exceptions.PermissionDenied | PermissionDenied):
        return Forbidden()
    if isinstance(error, Http404 | exceptions.NotFound):
        return NotFound()
    return None


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as dotted field names → messages."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found.update(flat(inner, f"{path}.{name}" if path else str(name)))
        return found
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        found = {}
        for index, inner in enumerate(detail):
            found.update(flat(inner, f"{path}.{index}"))
        return found
    return {path or "non_field_errors": [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
