"""One's own account: password, identities, sessions; and what the roles may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ChangePasswordForm
from accounts.models import SecondFactor
from accounts.queries import own as queries
from accounts.roles import ROLES, Perm
from accounts.services import change_password, sessions
from accounts.services.passwords import is_expired
from accounts.services.signing_in import person
from accounts.views.gate import signed_in
from accounts.views.signing_in import safe_next
from core.access import access
from core.errors import DomainError


@never_cache
@sensitive_post_parameters()
@signed_in(methods=("GET", "POST"), while_held=True)
def password(request: Any) -> HttpResponse:
    user = request.user
    form = ChangePasswordForm(request.POST or None, asks_old=user.has_usable_password())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_password(
                person(user), user=user, old=given.get("old", ""), new=given["new"],
                keep_session=request.session.session_key,
            )  # fmt: skip
        except DomainError as error:
            put_errors(form, error)
        else:
            user.refresh_from_db()
            old_key = request.session.session_key
            update_session_auth_hash(request, user)  # a new key, so that the old cookie is worth nothing
            sessions.follow_key(old_key, request.session.session_key)
            messages.success(request, "密码已修改，其他地方的登录已退出。")
            return HttpResponseRedirect(safe_next(request))
    context = {"form": form, "rules": password_validators_help_texts(), "expired": is_expired(user)}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


def put_errors(form: Any, error: DomainError) -> None:
    """A service's refusal beside the fields it concerns, or above the form."""
    known = {name: says for name, says in error.fields.items() if name in form.fields}
    for name, says in known.items():
        form.add_error(name, says)
    if not known:
        form.add_error(None, error.message)


@access(Perm.HOME)
def me(request: Any) -> HttpResponse:
    user = request.user
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    rotation = timedelta(days=settings.PASSWORD_RULES["days"])
    context = {
        "page_title": "我的身份与会话",
        "held": request.memberships,
        "sessions": queries.sessions_of(user, current=request.session.session_key),
        "factor": factor,
        "recovery_left": len(factor.recovery) if factor else 0,
        "password_until": user.password_changed_at + rotation if user.password_changed_at else None,
        "needs_factor": ROLES[request.actor.role].second_factor and not settings.DEMO,
    }
    return render(request, "accounts/me.html", context)


@signed_in(methods=("POST",))
def session_end(request: Any, pk: UUID) -> HttpResponse:
    sessions.end_session(person(request.user), session=pk)
    messages.success(request, "那个会话已退出。")
    return redirect("accounts:settings")


@access(Perm.HOME)
def roles(request: Any) -> HttpResponse:
    labels = {permission.value: permission.label for permission in Perm}
    shown = [
        {
            "role": role,
            "may": [labels[code] for code in labels if code in role.permissions],
            "excludes": [ROLES[code].label for code in sorted(role.excludes)],
            "mine": role.code == request.actor.role,
        }
        for role in ROLES.values()
    ]
    return render(request, "accounts/roles.html", {"page_title": "角色说明", "roles": shown})
