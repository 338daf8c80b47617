"""Rows into HTML: one compiled Jinja2 template for every list. Django's engine took 4.3 ms for what takes 0.3 here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, FileSystemLoader, Template

from core.lists.spec import Column, ListSpec, Row
from core.scoping import Actor


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(settings.BASE_DIR / "templates"), autoescape=True, auto_reload=settings.DEBUG
    )
    return environment.get_template("components/table.jinja")


def heading(columns: Sequence[Column], *, sorts: set[str], sort: str, sort_url: Any) -> list[dict[str, Any]]:
    """The columns as the template reads them: `sorts` may be sorted by, `sort_url(key)` is where a click leads."""
    return [
        {
            "key": column.key,
            "label": column.label,
            "align": column.align or ("num" if column.kind == "number" else ""),
            "phone": column.phone,
            "sortable": column.key in sorts,
            "sorted": ("desc" if sort.startswith("-") else "asc") if sort.removeprefix("-") == column.key else "",
            "sort_url": sort_url(f"-{column.key}" if sort == column.key else column.key) if column.key in sorts else "",
        }
        for column in columns
    ]


def lines(spec: ListSpec, actor: Actor, columns: Sequence[Column], found: Sequence[dict], rows: Sequence[Row]) -> list:
    """Each row's cells and acts; `found` are the plain rows (for the id), `rows` what `prepare` made of them."""
    name, acts = spec.row_name, spec.row_acts
    return [
        {
            "id": plain["id"],
            "name": name(row) if name else "",
            "cells": [column.cell(row) for column in columns],
            "actions": acts(actor, row) if acts else (),
        }
        for plain, row in zip(found, rows, strict=True)
    ]


def draw(spec: ListSpec, *, columns: list[dict[str, Any]], rows: list[dict[str, Any]], selectable: bool) -> SafeString:
    """The table. Every value is escaped by the template."""
    html = _template().render(
        columns=columns,
        rows=rows,
        selectable=selectable,
        caption=spec.title,
        sprite=static("icons.svg"),
        actions_label="操作" if spec.row_acts else "",
    )
    return mark_safe(html)
