"""The one form page of this app: parse, call the service, go back; what was refused stands beside its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson
from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from core.errors import Conflict, DomainError, Invalid, Refused
from core.idempotency import once
from core.idempotency.services import Effect
from core.web.drafts import discard_draft, draft_context, initial_of, read_draft

WRITING = ("GET", "HEAD", "POST")
POSTED = ("POST",)


@dataclass(frozen=True)
class FormPage:
    """One form. `build` makes it (with data, or initial values); `write` calls the service and returns
    the id of what it wrote; `fresh` reads the record anew when somebody else was faster."""

    key: str
    title: str
    crumbs: list[dict[str, str]]
    build: Callable[..., forms.Form]
    write: Callable[[Any], UUID | None]
    done_url: Callable[[UUID | None], str]
    cancel_url: str
    success: str = "已保存。"
    initial: dict[str, Any] = field(default_factory=dict)
    fresh: Callable[[], dict[str, Any]] | None = None
    submit_label: str = "保存"
    say: str = ""


def form_page(request: Any, page: FormPage) -> HttpResponse:
    """Answer one request for a form."""
    if request.method != "POST":
        kept = initial_of(read_draft(request.actor, page.key)) if request.GET.get("draft") else {}
        form = page.build(initial={**page.initial, **kept, "submit_token": uuid4().hex})
        return show(request, page, form)
    form = page.build(data=request.POST)
    if not form.is_valid():
        return show(request, page, form, 422)
    try:
        effect = write_once(request, page, form)
    except (Invalid, Refused, Conflict) as error:
        if error.code == "changed_meanwhile" and page.fresh:
            form = on_top_of(page, request.POST, page.fresh())
        put_errors(form, error)
        return show(request, page, form, error.status if error.status == 409 else 422)
    discard_draft(request.actor, page.key)
    messages.success(request, page.success)
    return HttpResponseRedirect(page.done_url(effect.object_id))


def write_once(request: Any, page: FormPage, form: forms.Form) -> Effect:
    """The same form sent twice is one write."""

    def write() -> Effect:
        return Effect(302, page.write(form))

    token = form.cleaned_data.get("submit_token", "")
    if request.actor.user_id is None or len(token) < 8:
        return write()
    body = orjson.dumps(form.cleaned_data, default=str, option=orjson.OPT_SORT_KEYS)
    return once(request.actor, token, route=page.key, body=body, write=write)[0]


def on_top_of(page: FormPage, data: Any, now: dict[str, Any]) -> forms.Form:
    """What was typed stays, the version becomes the present one, each field that differs says what stands there.

    Saving again is then a decision, made with both values in view."""
    data = data.copy()
    data["version"] = now["version"]
    form = page.build(data=data)
    form.full_clean()
    for name, bound in form.fields.items():
        value = now.get(name)
        if name != "version" and name in now and form.cleaned_data.get(name) != value and not bound.widget.is_hidden:
            words = dict(getattr(bound, "choices", ())).get(value, value)
            form.add_error(name, f"别人刚改为：{words if words not in (None, '') else '（空）'}")
    return form


def put_errors(form: forms.Form, error: DomainError) -> None:
    """A service's refusal beside the fields it names; the rest on top."""
    if not error.fields:
        form.add_error(None, error.message)
    for name, said in error.fields.items():
        form.add_error(name if name in form.fields else None, said)


def show(request: Any, page: FormPage, form: forms.Form, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "title": page.title,
        "crumbs": page.crumbs,
        "submit_label": page.submit_label,
        "cancel_url": page.cancel_url,
        "say": page.say,
        **draft_context(request, page.key),
    }
    return render(request, "stations/form.html", context, status=status)
