"""Between signing in and working: a password that must be changed, a second factor that is due."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.services.passwords import is_expired
from accounts.services.second_factor import is_set_up
from core.access import ask_to_sign_in, error_body, refuse
from core.errors import DomainError, Forbidden

SECOND_FACTOR_KEY = "second_factor_passed"
PAGES = {
    "second_factor": ("accounts:second_factor", "second_factor_needed", "请先完成第二验证。"),
    "password": ("accounts:password", "password_change_needed", "请先修改密码。"),
    "set_up": ("accounts:second_factor_set_up", "second_factor_needed", "您的角色要求第二验证，请先设置。"),
}


class HoldMiddleware:
    """Until what is due is done, a person acts as nobody and every page leads to the one that is due."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        hold = hold_of(request)
        if not hold:
            return None
        request.actor = None
        if getattr(view, "while_held", False) or (hasattr(view, "access") and view.access is None):
            return None
        page, code, says = PAGES[hold]
        if request.path.startswith("/api/"):
            return JsonResponse(error_body(Forbidden(code, says)), status=403)
        return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")


def hold_of(request: Any) -> str:
    """What stands before this person's work, or "". A factor that is set up is asked before anything else."""
    passed = request.session.get(SECOND_FACTOR_KEY, False)
    due = getattr(request, "second_factor_due", False) and not passed
    # Who once set a factor up is asked for it whatever the roles say: the password alone is no longer the account.
    if not passed and (due or request.user.must_change_password) and is_set_up(request.user):
        return "second_factor"
    if request.user.must_change_password or is_expired(request.user):
        return "password"
    return "set_up" if due else ""


def signed_in(*, methods: tuple[str, ...] = ("GET",), while_held: bool = False) -> Callable:
    """A page of the person, whatever the membership, even without one. It has no actor and reads no scoped table."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods and request.method != "HEAD":
                return HttpResponseNotAllowed(methods)
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            try:
                return view(request, *args, **kwargs)
            except DomainError as error:
                return refuse(request, error)

        run.access = ""  # type: ignore[attr-defined]
        run.signed_in = True  # type: ignore[attr-defined]
        run.methods = methods  # type: ignore[attr-defined]
        run.while_held = while_held  # type: ignore[attr-defined]
        return run

    return declare
