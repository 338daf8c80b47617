"""The one list page: full page, or its rows alone for htmx, at the same URL; its own small writes by POST to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.html import format_html

from core.access import access
from core.errors import Invalid
from core.export.services import ask_export
from core.lists import bulk, counting, preferences, terms
from core.lists.context import list_context
from core.lists.criteria import Criteria, read
from core.lists.filters import build_form
from core.lists.rows import rows_of
from core.lists.spec import ListSpec, specs


def list_view(spec: ListSpec) -> Callable[..., HttpResponse]:
    """The view of a list, with its access declared; registers the list."""
    specs.register(spec.key, spec)

    def view(request: HttpRequest) -> HttpResponse:
        return list_page(request, spec)

    view.__name__ = view.__qualname__ = f"list_{spec.key.replace('.', '_')}"
    return access(spec.permission, methods=("GET", "HEAD", "POST"))(view)


def list_page(request: Any, spec: ListSpec) -> HttpResponse:
    """Answer one request for a list; to be called behind `@access`."""
    if request.method != "POST":
        return show(request, spec, request.GET)
    data = request.GET.copy()
    act = data.pop("do", ["search"])[-1]
    if act not in WRITES:
        raise Invalid("unknown_act", "没有这个操作。")
    return WRITES[act](request, spec, data)


def show(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    """The list for these parameters."""
    criteria, form, preference = asked(request, spec, data)
    if data.get("count") == "exact" and form_is_fine(form):
        number = counting.exact_count(rows_of(spec, request.actor, criteria)).number
        return HttpResponse(format_html("共 <b>{}</b> 项", f"{number:,}"))
    context = list_context(request, spec, criteria, form, preference)
    template = "components/list_rows.html" if request.htmx and not request.htmx.boosted else "layout/list.html"
    return render(request, template, {"list": context}, status=200 if form_is_fine(form) else 400)


def asked(request: Any, spec: ListSpec, data: QueryDict) -> tuple[Criteria, Any, Any]:
    preference = preferences.preference_of(request.actor, spec)
    criteria, form = read(spec, request.actor, data, per_page=preference.per_page)
    return criteria, form, preference


def form_is_fine(form: Any) -> bool:
    return not form.is_bound or form.is_valid()


def search(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    """The posted query form: personal terms are sealed, the rest goes into the URL, and the page is asked anew."""
    filters = spec.filters_for(request.actor)
    posted = QueryDict(mutable=True)
    for item in filters:
        for name in item.names:
            posted.setlist(name, [value for value in request.POST.getlist(name) if value])
    form = build_form(filters, request.actor, posted)
    if not form.is_valid():
        context = list_context(request, spec, Criteria(), form, preferences.preference_of(request.actor, spec))
        return render(request, "layout/list.html", {"list": context}, status=400)
    personal = {
        item.name: str(posted[item.name]).strip() for item in filters if item.personal and posted.get(item.name)
    }
    query: list[tuple[str, str]] = [
        (name, str(v)) for item in filters if not item.personal for name in item.names for v in posted.getlist(name)
    ]
    if personal:
        query.append(("q", str(terms.keep_term(request.actor, spec.key, personal))))
    query += [(name, str(data[name])) for name in ("sort", "page_size") if data.get(name)]
    return HttpResponseRedirect(f"{request.path}?{urlencode(query)}" if query else request.path)


def set_columns(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    keys = [] if request.POST.get("reset") else request.POST.getlist("columns")
    preferences.choose_columns(request.actor, spec, keys)
    return again(request, spec, data)


def set_density(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    preferences.choose_density(request.actor, spec, request.POST.get("density", ""))
    return again(request, spec, data)


def set_per_page(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    given = request.POST.get("per_page", "")
    preferences.choose_per_page(request.actor, spec, int(given) if given.isascii() and given.isdecimal() else 0)
    # A cursor counts in rows of the old page; the first page of the new size is what a person expects.
    for name in ("cursor", "page_size"):
        data.pop(name, None)
    return again(request, spec, data)


def save(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    query = QueryDict(request.POST.get("query", ""))
    criteria, form, _ = asked(request, spec, query)
    if not form_is_fine(form):
        raise Invalid("bad_query", "查询条件有误，没有保存。")
    saved = preferences.save_query(
        request.actor,
        spec,
        name=request.POST.get("name", ""),
        query=criteria.url_query(page_size=None),
        shared=bool(request.POST.get("shared")),
    )
    messages.success(request, f"已保存查询“{saved.name}”。")
    return HttpResponseRedirect(f"{request.path}?{saved.query}")


def forget(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    preferences.forget_query(request.actor, spec, as_uuid(request.POST.get("saved", "")))
    messages.success(request, "已删除这个保存的查询。")
    return HttpResponseRedirect(request.path)


def export(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    criteria, form, preference = asked(request, spec, data)
    if not form_is_fine(form):
        raise Invalid("bad_query", "查询条件有误，没有导出。")
    shown = preferences.shown_columns(request.actor, spec, preference)
    whole = request.POST.get("columns") == "all"
    columns = spec.columns_for(request.actor) if whole else shown
    asked_for = ask_export(
        request.actor,
        spec,
        query=criteria.url_query(page_size=None),
        columns=[column.key for column in columns if column.exported],
        format=request.POST.get("format", "xlsx"),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, asked_for.says)
    return HttpResponseRedirect(asked_for.url)


def run_bulk(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    """Picked rows, or all that meet the criteria; what was refused is said row by row."""
    criteria, form, _ = asked(request, spec, QueryDict(request.POST.get("query", "")))
    if not form_is_fine(form):
        raise Invalid("bad_query", "查询条件有误，没有执行。")
    act = bulk.act_of(spec, request.actor, data.pop("act", [""])[-1])
    ids = [as_uuid(value) for value in request.POST.getlist("ids")]
    outcome = bulk.run(request.actor, spec, act, ids=ids, criteria=criteria if request.POST.get("all") else None)
    return render(request, "core/bulk_done.html", {"spec": spec, "outcome": outcome, "back": request.path})


def again(request: Any, spec: ListSpec, data: QueryDict) -> HttpResponse:
    """The rows anew for htmx, the page anew for everybody else."""
    if request.htmx:
        return show(request, spec, data)
    return HttpResponseRedirect(f"{request.path}?{data.urlencode()}" if data else request.path)


def as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("bad_id", "所选的行无效，请刷新后重选。") from None


WRITES: dict[str, Callable[[Any, ListSpec, QueryDict], HttpResponse]] = {
    "search": search,
    "columns": set_columns,
    "density": set_density,
    "per_page": set_per_page,
    "save": save,
    "forget": forget,
    "export": export,
    "bulk": run_bulk,
}
__all__ = ["list_page", "list_view"]
