"""Pages for what went wrong outside any view: config/urls.py names these as handlers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The request itself is malformed (a forged host, too many fields); nothing of it is shown back."""
    return render(request, "refused.html", {"code": 400}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW: mostly a form that was open while one signed in again."""
    return render(request, "csrf.html", status=403)


def not_available(request: HttpRequest) -> HttpResponse:
    return render(request, "503.html", status=503)
