"""Account administration, and the switch between one's own memberships."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.models import SecondFactor, SlipPurpose
from accounts.roles import Perm
from accounts.services import disable_account, enable_account, issue_slip, open_account
from accounts.views.gate import signed_in
from accounts.views.own import put_errors
from core import audit
from core.access import access
from core.errors import DomainError, Invalid, NotFound
from core.scoping import Actor, scope
from core.web.drafts import discard_draft, draft_context, initial_of, read_draft
from stations.actors import SESSION_KEY, actor_as
from stations.forms.memberships import MembershipForm, OpenAccountForm, ReasonForm
from stations.models import Membership, Region
from stations.queries import memberships as queries
from stations.services.memberships import end_membership, give_membership

FORM = ("GET", "POST")
POSTED = ("POST",)
NEW_ACCOUNT = "accounts.new"


@signed_in(methods=POSTED)
def switch(request: Any) -> HttpResponse:
    """Act as another of one's own memberships; anybody else's is not found."""
    chosen = next((m for m in request.memberships if str(m.pk) == request.POST.get("membership")), None)
    if chosen is None:
        raise NotFound("not_your_membership", "这不是您现有的任职，没有切换。")
    actor = actor_as(chosen)
    with scope(actor):
        audit.record(actor, "session.switched", kind="membership", ids=[chosen.pk], channel="page")
    request.session[SESSION_KEY] = str(chosen.pk)
    messages.success(request, f"现在以“{chosen.get_role_display()}”工作。")
    return HttpResponseRedirect("/")


@access(Perm.ACCOUNT_READ, methods=("GET", "POST"))
def account_list(request: Any) -> HttpResponse:
    """By user name. What is looked for may be somebody's name, so it is posted and stands in no address."""
    text = request.POST.get("q", "").strip()[:64]
    rows, following = queries.account_page(request.actor, text=text, after=request.GET.get("after", "")[:64])
    context = {
        "page_title": "账号与任职", "rows": rows, "following": "" if text else following, "text": text,
        "may_manage": request.actor.may(Perm.ACCOUNT_MANAGE),
    }  # fmt: skip
    return render(request, "accounts/accounts.html", context)


@access(Perm.ACCOUNT_READ)
def account_page(request: Any, pk: int) -> HttpResponse:
    actor: Actor = request.actor
    user = queries.account(actor, pk)
    manages = user.pk != actor.user_id
    context = {
        "page_title": user.display_name,
        "account": user,
        "held": queries.memberships_of(actor, [user.pk]).get(user.pk, []),
        "has_factor": SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists(),
        "may_manage": manages and actor.may(Perm.ACCOUNT_MANAGE),
        "may_reset_factor": manages and actor.may(Perm.SECURITY_MANAGE),
        "is_own": not manages,
    }
    return render(request, "accounts/account.html", context)


@access(Perm.ACCOUNT_MANAGE, methods=FORM)
def account_new(request: Any) -> HttpResponse:
    form = OpenAccountForm(request.POST or None, initial=begun(request, NEW_ACCOUNT))
    if request.method == "POST" and form.is_valid():
        try:
            user = open_account(request.actor, **form.cleaned_data)
        except DomainError as error:
            put_errors(form, error)
        else:
            discard_draft(request.actor, NEW_ACCOUNT)
            messages.success(request, "已开户。请接着给出任职，再打印一次性密码交给本人。")
            return redirect("stations:membership_new", pk=user.pk)
    context = {"page_title": "开户", "form": form, **draft_context(request, NEW_ACCOUNT)}
    return render(request, "accounts/account_new.html", context, status=422 if form.errors else 200)


@access(Perm.ACCOUNT_MANAGE, methods=FORM)
def membership_new(request: Any, pk: int) -> HttpResponse:
    actor: Actor = request.actor
    user = queries.account(actor, pk)
    top = actor.reach.lo if actor.reach.is_range and actor.reach.lo != "0" else ""
    key = f"accounts.membership.{user.pk}"
    form = MembershipForm(request.POST or None, top=top, initial={"region": top, **begun(request, key)})
    if request.method == "POST" and form.is_valid():
        try:
            membership = give_membership(actor, user=user, **said(actor, form.cleaned_data))
        except DomainError as error:
            put_errors(form, error)
        else:
            discard_draft(actor, key)
            messages.success(request, f"已给出任职“{membership.get_role_display()}”。")
            return redirect("stations:account", pk=user.pk)
    context = {"page_title": "给出任职", "form": form, "account": user, **draft_context(request, key)}
    return render(request, "accounts/membership_new.html", context, status=422 if form.errors else 200)


def begun(request: Any, key: str) -> dict[str, Any]:
    """What stood in the form when the session ended, if it is asked for."""
    return initial_of(read_draft(request.actor, key)) if request.GET.get("draft") else {}


def said(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """The form's words as what the service takes. Raises Invalid for a place that is not there."""
    found = {name: given[name] for name in ("role", "title", "valid_from", "valid_to")}
    names = [line.strip() for line in given["stations"].replace("、", "\n").splitlines() if line.strip()]
    if given["place"] == "region":
        found["region"] = Region.objects.filter(pk=given["region"]).first()
        if found["region"] is None:
            raise Invalid("unknown_region", "没有这个区划。", {"region": ["没有这个区划，请从列表中选择。"]})
    elif given["place"] == "station":
        if len(names) != 1:
            raise Invalid("one_station", "只写一个站。", {"stations": ["任职于一个社工站时，只写一个站的全称。"]})
        found["station"] = queries.stations_named(actor, names)[0]
    elif given["place"] == "stations":
        found["stations"] = queries.stations_named(actor, names)
    elif given["place"] == "organisation":
        found["organisation"] = queries.organisation_named(actor, given["organisation"].strip())
    else:
        found["is_national"] = True
    return found


@access(Perm.ACCOUNT_MANAGE, methods=POSTED)
def membership_end(request: Any, pk: UUID) -> HttpResponse:
    membership = Membership.objects.filter(pk=pk).first()
    if membership is None:
        raise NotFound()
    end_membership(request.actor, membership=membership, reason=reason_of(request))
    messages.success(request, "任职已结束，从下一次点击起生效。")
    return redirect("stations:account", pk=membership.user_id)


@never_cache
@access(Perm.ACCOUNT_MANAGE, methods=POSTED)
def account_slip(request: Any, pk: int) -> HttpResponse:
    return print_slip(request, pk, SlipPurpose.PASSWORD)


@never_cache
@access(Perm.SECURITY_MANAGE, methods=POSTED)
def account_factor_slip(request: Any, pk: int) -> HttpResponse:
    return print_slip(request, pk, SlipPurpose.SECOND_FACTOR)


def print_slip(request: Any, pk: int, purpose: str) -> HttpResponse:
    """Rendered by the POST itself: the code stands nowhere in the clear, so no later page could show it."""
    user = queries.account(request.actor, pk)
    slip = issue_slip(request.actor, user=user, purpose=purpose)
    context = {"slips": [slip], "printed_by": request.actor.name, "printed_at": timezone.now(), "back": user.pk}
    return render(request, "accounts/slips.html", context)


@access(Perm.ACCOUNT_MANAGE, methods=POSTED)
def account_disable(request: Any, pk: int) -> HttpResponse:
    disable_account(request.actor, user=queries.account(request.actor, pk), reason=reason_of(request))
    messages.success(request, "账号已停用，所有会话已退出。")
    return redirect("stations:account", pk=pk)


@access(Perm.ACCOUNT_MANAGE, methods=POSTED)
def account_enable(request: Any, pk: int) -> HttpResponse:
    enable_account(request.actor, user=queries.account(request.actor, pk))
    messages.success(request, "账号已启用。")
    return redirect("stations:account", pk=pk)


def reason_of(request: Any) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""
