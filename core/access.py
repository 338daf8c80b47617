"""Every page says who may open it: `@access(Perm.X)`. A view without it is a failing test.

A reading request renders inside one READ ONLY transaction that carries the actor's reach. When it read somebody's
record, a second short transaction writes who looked before the bytes leave; if that fails, nothing is shown (503).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from core import audit
from core.errors import DomainError, Forbidden, Unavailable
from core.registries import actor_for_request
from core.scoping import Actor, scope

READING = ("GET", "HEAD")
ERROR_PAGES = {403: "403.html", 404: "404.html", 503: "503.html"}


class ActorMiddleware:
    """Puts `request.actor`: the person acting as the chosen membership, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        resolver = actor_for_request.get("session")
        if resolver and request.user.is_authenticated:
            request.actor = resolver(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def access(permission: str, *, methods: tuple[str, ...] = READING) -> Callable:
    """Declare what a page asks for. `methods` beyond GET and HEAD are writes and go through services."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods and request.method != "HEAD":
                return HttpResponseNotAllowed(methods)
            if request.actor is None:
                return ask_to_sign_in(request)
            try:
                return enter(request, request.actor, permission, lambda: view(request, *args, **kwargs))
            except DomainError as error:
                return refuse(request, error)

        run.access = permission  # type: ignore[attr-defined]
        run.methods = methods  # type: ignore[attr-defined]
        return run

    return declare


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare that a page needs no sign-in. It has no actor and reads no scoped table."""
    view.access = None  # type: ignore[attr-defined]
    return view


def enter(request: Any, actor: Actor, permission: str, answer: Callable[[], Any]) -> Any:
    """Run one request within the actor's reach and write down whose records it read."""
    actor.require(permission)
    with audit.looking() as looks, scope(actor, read_only=request.method in READING):
        response = answer()
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            response.render()
    if looks:
        try:
            audit.write_looks(actor, looks, channel="api" if request.path.startswith("/api/") else "page")
        except DatabaseError as error:
            raise Unavailable("audit_unavailable") from error
    return response


def ask_to_sign_in(request: Any) -> HttpResponse:
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = f"/sign-in/?next={request.htmx.current_url_abs_path or '/'}"
        return response
    if request.user.is_authenticated:
        return refuse(request, Forbidden("no_membership", "您目前没有有效的任职，请联系系统管理员。"))
    return redirect_to_login(request.get_full_path())


def refuse(request: Any, error: DomainError) -> HttpResponse:
    """A refusal as a page (or, for scripts, as JSON): code, Chinese sentence, what to do."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(error_body(error), status=error.status)
    template = ERROR_PAGES.get(error.status, "refused.html")
    return render(request, template, {"error": error}, status=error.status)


def error_body(error: DomainError) -> dict[str, Any]:
    """The one shape of an error outside pages."""
    return {"code": error.code, "message": error.message, "fields": error.fields}
