"""Pages of the second factor: ask for it, set it up, new recovery codes."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import qrcode
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import CodeForm
from accounts.services import second_factor as services
from accounts.services.signing_in import person
from accounts.views.gate import SECOND_FACTOR_KEY, signed_in
from accounts.views.own import put_errors
from accounts.views.signing_in import safe_next
from core.errors import DomainError, Forbidden

BOTH = ("GET", "POST")


@never_cache
@sensitive_post_parameters()
@signed_in(methods=BOTH, while_held=True)
def ask(request: Any) -> HttpResponse:
    if not services.is_set_up(request.user):
        return redirect("accounts:second_factor_set_up")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            how = services.check_second_factor(person(request.user), user=request.user, code=form.cleaned_data["code"])
        except DomainError as error:
            put_errors(form, error)
        else:
            if how == services.SLIP:
                messages.success(request, "原来的验证器已解除，请重新设置。")
                return redirect("accounts:second_factor_set_up")
            pass_on(request)
            return HttpResponseRedirect(safe_next(request))
    return render(request, "accounts/second_factor.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@signed_in(methods=BOTH, while_held=True)
def set_up(request: Any) -> HttpResponse:
    """Begin (a POST without code), then confirm by the first code; the answer shows the recovery codes, once."""
    require_own_hands(request)
    user, form = request.user, CodeForm()
    if request.method == "POST" and "code" not in request.POST:
        services.begin_second_factor(person(user), user=user)
        return HttpResponseRedirect(request.get_full_path())
    if request.method == "POST":
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                codes = services.confirm_second_factor(person(user), user=user, code=form.cleaned_data["code"])
            except DomainError as error:
                put_errors(form, error)
            else:
                pass_on(request)
                return show_codes(request, codes)
    secret = services.pending_secret(user)
    context: dict[str, Any] = {"form": form}
    if secret is not None:
        address = services.address_for(user, secret)
        text = b32encode(secret).decode()
        context |= {"picture": picture_of(address), "secret": " ".join(text[i : i + 4] for i in range(0, len(text), 4))}
    return render(request, "accounts/second_factor_set_up.html", context, status=422 if form.errors else 200)


@never_cache
@signed_in(methods=("POST",))
def recovery(request: Any) -> HttpResponse:
    require_own_hands(request)
    return show_codes(request, services.renew_recovery_codes(person(request.user), user=request.user))


def require_own_hands(request: Any) -> None:
    """A factor in use is changed only by who has just passed it; else the password alone would undo it."""
    if services.is_set_up(request.user) and not request.session.get(SECOND_FACTOR_KEY):
        raise Forbidden("second_factor_needed", "请先用现在的验证器验证，再做更改。")


def pass_on(request: Any) -> None:
    request.session[SECOND_FACTOR_KEY] = True


def show_codes(request: Any, codes: list[str]) -> HttpResponse:
    """Rendered by the POST itself: the codes stand nowhere in the clear, so no later page could show them."""
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": safe_next(request)})


def picture_of(text: str) -> dict[str, Any]:
    """A QR code as one SVG path: no image file, nothing inline that a strict policy forbids."""
    code = qrcode.QRCode(border=2, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"size": len(rows), "path": path}
