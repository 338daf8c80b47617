"""Pages that change the register: parse, call the service, go back. Errors stand beside the field they concern."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import orjson
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.roles import Perm
from cases import services
from cases.forms import CategoryForm, CloseCategoryForm, ConsentForm, EditForm, HouseholdForm, PersonForm, RegisterForm
from cases.queries import dossier, people
from cases.queries.masks import sees_names
from cases.services import ClientChange
from cases.services.updating import stands
from core.access import access
from core.errors import Conflict, DomainError, Invalid, Refused
from core.idempotency.services import Effect, once
from core.scoping import Actor
from core.web.drafts import discard_draft, draft_context, initial_of, read_draft

WRITING = ("GET", "HEAD", "POST")
POSTED = ("POST",)
NEW = "cases.client.new"
PERSONAL = ("id_number", "phone", "address", "guardian_name", "guardian_phone")


@access(Perm.CLIENT_WRITE, methods=WRITING)
def client_new(request: HttpRequest) -> HttpResponse:
    """Register somebody; what was begun is kept as a draft, and a second press does nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    choices = {"stations": people.station_choices(actor, running=True), "workers": people.worker_choices(actor)}
    if request.method != "POST":
        kept = initial_of(read_draft(actor, NEW)) if request.GET.get("draft") else {}
        form = RegisterForm(initial={**kept, "submit_token": uuid4().hex}, **choices)
        return render(request, "cases/client_form.html", new_context(request, form))
    form = RegisterForm(request.POST, **choices)
    if form.is_valid():
        try:
            effect = register_once(actor, form)
        except (Invalid, Conflict, Refused) as error:
            put_errors(form, error)
        else:
            discard_draft(actor, NEW)
            messages.success(request, "已登记。")
            return redirect("cases:client", pk=effect.object_id)
    return render(request, "cases/client_form.html", new_context(request, form), status=422)


def register_once(actor: Actor, form: RegisterForm) -> Effect:
    """The same form sent twice is one registration."""
    given = form.cleaned_data

    def write() -> Effect:
        station = UUID(given["station"])
        client = services.register_client(actor, station_id=station, said=form.said(), channel="page")
        return Effect(201, client.pk)

    if not actor.user_id or len(given["submit_token"]) < 8:
        return write()
    body = orjson.dumps(given, default=str, option=orjson.OPT_SORT_KEYS)
    effect, _ = once(actor, given["submit_token"], route="cases:client_new", body=body, write=write)
    return effect


def new_context(request: HttpRequest, form: RegisterForm) -> dict[str, Any]:
    return {
        "form": form,
        "title": "登记服务对象",
        "crumbs": [{"label": "服务"}, {"label": "服务对象", "url": reverse("cases:clients")}, {"label": "登记"}],
        "submit_label": "登记",
        "cancel_url": reverse("cases:clients"),
        **draft_context(request, NEW),
    }


@access(Perm.CLIENT_WRITE, methods=WRITING)
def client_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a file. What is masked is left empty: empty means unchanged, so that nobody reads a number by editing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = dossier.client_page(actor, pk)
    key = f"cases.client.{pk}"
    workers = people.worker_choices(actor)
    if request.method != "POST":
        kept = initial_of(read_draft(actor, key)) if request.GET.get("draft") else {}
        form = EditForm(initial={**edit_initial(actor, pk), **kept}, workers=workers)
        return render(request, "cases/client_form.html", edit_context(request, page, leave_masked(form, page), key))
    form = leave_masked(EditForm(request.POST, workers=workers), page)
    if form.is_valid():
        try:
            services.update_client(actor, change=change_of(actor, form, pk), channel="page")
        except (Invalid, Conflict, Refused) as error:
            put_errors(form, error)
        else:
            discard_draft(actor, key)
            messages.success(request, "已保存。")
            return redirect("cases:client", pk=pk)
    return render(request, "cases/client_form.html", edit_context(request, page, form, key), status=422)


def edit_initial(actor: Actor, pk: UUID) -> dict[str, Any]:
    client = dossier.visible_client(actor, pk)
    said = stands(client)
    hidden = {*PERSONAL} | (set() if sees_names(actor) else {"name"})
    facts = {name: getattr(said, name) for name in PersonForm.base_fields if name not in hidden}
    return {**facts, "worker_id": str(said.worker_id or ""), "version": client.version}


def leave_masked(form: EditForm, page: dossier.ClientPage) -> EditForm:
    """Masked fields say what stands there and keep it when left empty."""
    for name in (*PERSONAL, "name"):
        shown = page.masked.get(name, "")
        if shown and (name != "name" or form.initial.get("name") is None):
            form.fields[name].widget.attrs["placeholder"] = f"{shown}（不改请留空）"
    form.fields["name"].required = False
    return form


def change_of(actor: Actor, form: EditForm, pk: UUID) -> ClientChange:
    facts = {name: value for name, value in form.facts().items() if value != "" or name not in (*PERSONAL, "name")}
    if facts.get("document_type") == "none":
        facts["id_number"] = ""
    return ClientChange(pk, form.cleaned_data["version"], facts, form.cleaned_data["reason"])


def edit_context(request: HttpRequest, page: dossier.ClientPage, form: EditForm, key: str) -> dict[str, Any]:
    here = reverse("cases:client", args=[page.id])
    return {
        "form": form,
        "title": f"修改档案 {page.number}",
        "crumbs": [
            {"label": "服务"}, {"label": "服务对象", "url": reverse("cases:clients")},
            {"label": page.name, "url": here}, {"label": "修改"},
        ],
        "submit_label": "保存",
        "cancel_url": here,
        **draft_context(request, key),
    }  # fmt: skip


def put_errors(form: forms.Form, error: DomainError) -> None:
    """A service's refusal beside the fields it names; the rest on top."""
    if not error.fields:
        form.add_error(None, error.message)
    for name, said in error.fields.items():
        form.add_error(name if name in form.fields else None, said)


# -- small writes from the page: each a dialog, back to the file


def write(request: HttpRequest, pk: UUID, form: forms.Form | None, call: Any, done: str) -> HttpResponse:
    """Run one verb and return to the file; what was refused is said on top of it."""
    if form is not None and not form.is_valid():
        said = [text for errors in form.errors.values() for text in errors]
        messages.error(request, "没有保存：" + "；".join(said))
        return redirect("cases:client", pk=pk)
    try:
        call()
    except (Invalid, Conflict, Refused) as error:
        messages.error(request, f"没有保存：{error.message}")
    else:
        messages.success(request, done)
    return redirect("cases:client", pk=pk)


@access(Perm.CLIENT_WRITE, methods=POSTED)
def category_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    actor, form = request.actor, CategoryForm(request.POST)  # type: ignore[attr-defined]
    call = lambda: services.add_category(actor, client_id=pk, category=form.said(), channel="page")  # noqa: E731
    return write(request, pk, form, call, "类别已登记。")


@access(Perm.CLIENT_WRITE, methods=POSTED)
def category_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    actor, form = request.actor, CloseCategoryForm(request.POST)  # type: ignore[attr-defined]
    call = lambda: services.close_category(actor, client_id=pk, **form.cleaned_data)  # noqa: E731
    return write(request, pk, form, call, "类别已终止。")


@access(Perm.CLIENT_WRITE, methods=POSTED)
def consent_give(request: HttpRequest, pk: UUID) -> HttpResponse:
    actor, form = request.actor, ConsentForm(request.POST)  # type: ignore[attr-defined]
    call = lambda: services.give_consent(actor, client_id=pk, said=form.said(), channel="page")  # noqa: E731
    return write(request, pk, form, call, "同意书已登记。")


@access(Perm.CLIENT_WRITE, methods=POSTED)
def consent_withdraw(request: HttpRequest, pk: UUID, consent: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    call = lambda: services.withdraw_consent(actor, client_id=pk, consent_id=consent, channel="page")  # noqa: E731
    return write(request, pk, None, call, "同意书已撤回，自今天起生效。")


@access(Perm.CLIENT_WRITE, methods=POSTED)
def household_join(request: HttpRequest, pk: UUID) -> HttpResponse:
    actor, form = request.actor, HouseholdForm(request.POST)  # type: ignore[attr-defined]

    def call() -> Any:
        given = form.cleaned_data
        if given["household_number"]:
            return services.join_household(actor, client_id=pk, **given)
        return services.create_household(actor, client_id=pk, relation=given["relation"])

    return write(request, pk, form, call, "户已登记。")


@access(Perm.CLIENT_WRITE, methods=POSTED)
def household_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    return write(request, pk, None, lambda: services.leave_household(actor, client_id=pk), "已迁出。")


@access(Perm.CLIENT_WRITE, methods=POSTED)
def client_withdraw(request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
    actor, reason = request.actor, request.POST.get("reason", "")  # type: ignore[attr-defined]
    call = lambda: services.withdraw_client(  # noqa: E731
        actor, client_id=pk, version=version, reason=reason, channel="page"
    )
    return write(request, pk, None, call, "档案已撤回。")


@access(Perm.CLIENT_WRITE, methods=POSTED)
def client_restore(request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
    actor, reason = request.actor, request.POST.get("reason", "")  # type: ignore[attr-defined]
    call = lambda: services.restore_client(  # noqa: E731
        actor, client_id=pk, version=version, reason=reason, channel="page"
    )
    return write(request, pk, None, call, "档案已恢复。")
