"""What templates/components/list_page.html reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import NoReverseMatch, reverse

from core.lists import table
from core.lists.counting import Count, kept_count
from core.lists.criteria import Criteria
from core.lists.models import ListPreference
from core.lists.paging import Cursor, Page
from core.lists.preferences import saved_queries, shown_columns
from core.lists.rows import cursor_at, cursor_of, page_of, prepared, rows_of
from core.lists.spec import Act, Column, ListSpec
from core.scoping import Actor


def list_context(
    request: Any, spec: ListSpec, criteria: Criteria, form: forms.Form, preference: ListPreference
) -> dict[str, Any]:
    """Everything the page shows; three queries for the list itself (rows, count, estimate), two for what is kept."""
    actor = request.actor
    columns = shown_columns(actor, spec, preference)
    return {
        "title": spec.title,
        "subtitle": spec.subtitle,
        "path": request.path,
        "here": f"{request.path}?{criteria.url_query(cursor=criteria.cursor)}",
        "density": preference.density,
        "breadcrumb": [{"label": label} for label in (spec.group, spec.title) if label],
        **_query_form(spec, actor, criteria, form, request.path),
        **_tabs(spec, actor, criteria, request.path),
        **_acts(spec, actor, criteria, request.path),
        **_choosers(spec, actor, criteria, columns, preference, request.path),
        **_rows(spec, actor, criteria, form, columns, request.path),
    }


def _query_form(spec: ListSpec, actor: Actor, criteria: Criteria, form: forms.Form, path: str) -> dict[str, Any]:
    filters = spec.filters_for(actor)
    return {
        "filters": form if filters else None,
        "post": any(item.personal for item in filters),
        "reset_url": path,
        "filtered": criteria.is_narrowed or form.is_bound or bool(criteria.cursor),
        "more_open": any(name in criteria.values for name in [item.name for item in filters][7:]),
        "query_string": criteria.query,
    }


def _tabs(spec: ListSpec, actor: Actor, criteria: Criteria, path: str) -> dict[str, Any]:
    here = criteria.url_query(page_size=None)
    fixed = [{"label": label, "query": query, "shared": False} for label, query in _fixed_tabs(spec)]
    saved = saved_queries(actor, spec)
    kept = [
        {"label": item.name, "query": item.query, "shared": bool(item.shared_region), "id": item.pk,
         "mine": item.user_id == actor.user_id}
        for item in saved
    ]  # fmt: skip
    tabs = [
        {**tab, "url": f"{path}?{tab['query']}" if tab["query"] else path, "current": tab["query"] == here}
        for tab in fixed + kept
    ]
    return {
        "tabs": tabs,
        "save_url": f"{path}?do=save",
        "forget_url": f"{path}?do=forget",
        "saved_here": next((tab for tab in tabs if tab["current"] and tab.get("mine")), None),
        "share_note": "" if any(item.personal for item in spec.filters_for(actor)) else "条件在网址里，可直接分享",
    }


def _fixed_tabs(spec: ListSpec) -> tuple[tuple[str, str], ...]:
    """The list's own tabs; 全部 stands first unless the list names the whole itself."""
    return spec.tabs if any(not query for _, query in spec.tabs) else (("全部", ""), *spec.tabs)


def act_link(act: Act | None, actor: Actor) -> dict[str, Any] | None:
    """A button of the toolbar, or None when this role may not or the page is not there."""
    if act is None or not actor.may(act.permission):
        return None
    try:
        return {"label": act.label, "url": reverse(act.url_name), "icon": act.icon}
    except NoReverseMatch:
        return None


def _acts(spec: ListSpec, actor: Actor, criteria: Criteria, path: str) -> dict[str, Any]:
    import_act = act_link(spec.import_act, actor)
    bulk = [act for act in spec.bulk if actor.may(act.permission)]
    may_export = bool(spec.export_permission) and actor.may(spec.export_permission)
    first_step = Act(spec.empty.label, spec.empty.url_name, spec.empty.permission) if spec.empty.url_name else None
    return {
        "create": act_link(spec.create, actor),
        "import_url": import_act["url"] if import_act else "",
        "tools": [link for link in (act_link(act, actor) for act in spec.tools) if link],
        "export_url": f"{path}?{criteria.url_query(do='export')}" if may_export else "",
        "export_personal": any(column.personal for column in spec.columns_for(actor)),
        "bulk": [
            {"label": act.label, "url": f"{path}?do=bulk&act={act.key}", "icon": act.icon, "confirm": act.confirm}
            for act in bulk
        ],
        "empty": {"text": spec.empty.text, "action": act_link(first_step, actor)},
    }


def _choosers(
    spec: ListSpec, actor: Actor, criteria: Criteria, columns: Sequence[Column], preference: ListPreference, path: str
) -> dict[str, Any]:
    shown = {column.key for column in columns}

    def post(act: str) -> str:
        return f"{path}?{criteria.url_query(do=act, cursor=criteria.cursor)}"

    return {
        "columns": [
            {"key": column.key, "label": column.label, "shown": column.key in shown, "fixed": column.fixed}
            for column in spec.columns_for(actor)
        ],
        "columns_shown": len(shown),
        "columns_url": post("columns"),
        "density_url": post("density"),
        "per_page": criteria.page_size,
        "per_page_choices": spec.per_page_choices,
        "per_page_url": post("per_page"),
    }


def _rows(
    spec: ListSpec, actor: Actor, criteria: Criteria, form: forms.Form, columns: Sequence[Column], path: str
) -> dict[str, Any]:
    if form.is_bound and not form.is_valid():
        return {"has_rows": False, "filtered": True}
    cursor = cursor_of(spec, criteria)
    rows = rows_of(spec, actor, criteria)
    page = page_of(spec, rows, criteria, cursor)
    count = _count(spec, actor, rows, page, criteria, cursor)
    selectable = any(actor.may(act.permission) for act in spec.bulk)
    return {
        "has_rows": bool(page.rows),
        "selectable": selectable,
        "all_label": f"{'约 ' if count.approx else ''}{count.number:,} 项" if selectable else "",
        "table": _table(spec, actor, criteria, page, columns, selectable=selectable, path=path) if page.rows else "",
        "first": page.first,
        "last": page.last,
        "total": count.number,
        "approx": count.approx,
        "count_url": f"{path}?{criteria.url_query(count='exact')}",
        "previous_url": _turn(spec, criteria, page, count, path, backward=True),
        "next_url": _turn(spec, criteria, page, count, path, backward=False),
    }


def _count(spec: ListSpec, actor: Actor, rows: Any, page: Page, criteria: Criteria, cursor: Cursor | None) -> Count:
    """The whole fits on the first page, or an earlier page counted, or we count."""
    if cursor is None and not page.has_next:
        return Count(len(page.rows))
    if cursor is not None and cursor.total is not None:
        return Count(cursor.total, cursor.approx)
    return kept_count(rows, key=(spec.key, actor.reach, criteria.url_query(sort=None, page_size=None)))


def _table(
    spec: ListSpec,
    actor: Actor,
    criteria: Criteria,
    page: Page,
    columns: Sequence[Column],
    *,
    selectable: bool,
    path: str,
) -> Any:
    def sort_url(sort: str) -> str:
        return f"{path}?{criteria.url_query(sort=sort)}"

    lines = table.lines(spec, actor, columns, page.rows, prepared(spec, actor, page.rows))
    heads = table.heading(columns, sorts=spec.sorts_for(actor), sort=criteria.sort, sort_url=sort_url)
    return table.draw(spec, columns=heads, rows=lines, selectable=selectable)


def _turn(spec: ListSpec, criteria: Criteria, page: Page, count: Count, path: str, *, backward: bool) -> str:
    """Where 上一页 or 下一页 leads; empty when there is none."""
    if not page.rows or not (page.has_previous if backward else page.has_next):
        return ""
    row, position = (page.rows[0], page.first) if backward else (page.rows[-1], page.last)
    cursor = cursor_at(
        spec, criteria, row, backward=backward, position=position, total=count.number, approx=count.approx
    )
    return f"{path}?{criteria.url_query(cursor=cursor)}"
