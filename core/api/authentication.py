"""Who calls: a credential of an external system, or a person's browser session."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from knox.crypto import hash_token
from rest_framework import authentication, exceptions
from rest_framework.authentication import get_authorization_header

from core.errors import NotSignedIn
from core.registries import actor_for_token


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …`: hashed, expiring, with scopes, addresses and a membership of its own.

    The digest is the key, so one indexed read decides; an expired credential is refused, never deleted by a GET.
    """

    keyword = "Token"

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"token":
            return None
        if len(parts) != 2:
            raise NotSignedIn("token_malformed", "凭证格式应为 Authorization: Token <凭证>。")
        credential = self._credential(parts[1])
        if credential is None:
            raise NotSignedIn("token_unknown", "凭证无效。")
        if credential.expiry and credential.expiry <= timezone.now():
            raise NotSignedIn("token_expired", "凭证已过期，请联系安全管理员换发。")
        if not credential.admits(request.META.get("REMOTE_ADDR", "")):
            raise NotSignedIn("token_address", "此地址不在凭证的许可名单内。")
        request._request.actor = actor_for_token["token"].actor(credential)
        return credential.user, credential

    def _credential(self, raw: bytes) -> Any:
        try:
            digest = hash_token(raw.decode("ascii"))
        except (UnicodeDecodeError, ValueError):
            return None
        return actor_for_token["token"].find(digest)

    def authenticate_header(self, request: Any) -> str:
        return self.keyword


class SessionAuthentication(authentication.SessionAuthentication):
    """A person's session in the browser, with CSRF kept."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise NotSignedIn("csrf_failed", "页面已过期，请刷新后重试。") from error
