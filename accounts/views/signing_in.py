"""Signing in and out."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import SignInForm
from accounts.models import User, UserSession
from accounts.services import sessions
from accounts.services.signing_in import admit, note_refusal, person
from accounts.views.gate import signed_in
from core.access import public
from core.errors import DomainError

WRONG = "登录名或密码不对。连续输错 5 次，这个登录名会锁定 30 分钟。"
LOCKED = "连续输错 5 次，已锁定 30 分钟。请稍后再试，或请系统管理员打印一次性密码。"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Any) -> HttpResponse:
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(safe_next(request))
    if request.method != "POST":
        if not User.objects.exists():
            return redirect("stations:setup")
        return page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=422)
    username, password = form.cleaned_data["username"].strip(), form.cleaned_data["password"]
    user = authenticate(request, username=username, password=password)
    try:
        if user is None:
            return refused(request, form, username)
        admit(person(user), user=user)
    except DomainError as error:
        note_refusal(error.code, username)
        form.add_error(None, error.message)
        return page(request, form, status=422)
    enter_session(request, user)
    return HttpResponseRedirect(safe_next(request))


def refused(request: Any, form: SignInForm, username: str) -> HttpResponse:
    locked = not AxesProxyHandler.is_allowed(request, {"username": username})
    note_refusal("locked" if locked else "wrong", username)
    form.add_error(None, LOCKED if locked else WRONG)
    return page(request, form, status=429 if locked else 422)


def enter_session(request: Any, user: User) -> None:
    """A fresh session key, and a row that says which browser it is."""
    request.session.flush()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session.save()
    sessions.begin_session(
        person(user),
        user=user,
        session_key=request.session.session_key,
        address=address_of(request) or None,
        agent=request.headers.get("User-Agent", ""),
    )


def page(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": request.GET.get("next", ""), "is_demo": settings.DEMO}
    return render(request, "accounts/sign_in.html", context, status=status)


@signed_in(methods=("POST",), while_held=True)
def sign_out(request: Any) -> HttpResponse:
    row = UserSession.objects.filter(session_key=request.session.session_key, ended_at=None).first()
    if row is not None:
        sessions.end_session(person(request.user), session=row.pk)
    logout(request)
    return HttpResponseRedirect(reverse("accounts:sign_in"))


def safe_next(request: HttpRequest) -> str:
    """Where to go on: an address of this very site, or the first page."""
    given = request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if allowed else "/"


def address_of(request: HttpRequest) -> str:
    """The browser's address. Behind our proxy that is what the proxy wrote (it overwrites the header)."""
    if settings.SECURE_TLS:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]
    return request.META.get("REMOTE_ADDR", "")


def name_given(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Under which name failures are counted: as `User` compares names, whatever the case."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return given.strip().lower()[:64]
