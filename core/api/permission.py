"""The one permission class of the API."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission

from core.errors import NotSignedIn


class DeclaredAccess(BasePermission):
    """Whoever signs in may knock; what the action asks for is declared by the resource and checked on entering."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if getattr(view, "is_public", False):
            return True
        if request._request.actor is None:
            raise NotSignedIn()
        return True
