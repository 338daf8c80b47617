"""The rows a list shows: scoped source, conditions, order. Pages, counts, bulk acts and exports all start here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from core.lists.criteria import Criteria
from core.lists.paging import Cursor, Page, fetch, read_cursor, write_cursor
from core.lists.spec import ListSpec, Row
from core.scoping import Actor


def rows_of(spec: ListSpec, actor: Actor, criteria: Criteria) -> QuerySet:
    """Every row within reach that meets the criteria, in no order yet."""
    rows = spec.source(actor, criteria)
    for item in spec.filters_for(actor):
        if item.name in criteria.values:
            rows = item.narrow(rows, criteria.values[item.name])
    return rows


def page_of(spec: ListSpec, rows: QuerySet, criteria: Criteria, cursor: Cursor | None) -> Page:
    return fetch(rows, spec.ordering(criteria.sort), spec.fields, cursor, criteria.page_size)


def prepared(spec: ListSpec, actor: Actor, found: list[dict[str, Any]]) -> Sequence[Row]:
    return spec.prepare(actor, found) if spec.prepare else found


def cursor_of(spec: ListSpec, criteria: Criteria) -> Cursor | None:
    return read_cursor(criteria.cursor, bound_to=_binding(spec, criteria)) if criteria.cursor else None


def cursor_at(spec: ListSpec, criteria: Criteria, row: dict[str, Any], **place: Any) -> str:
    """The cursor that stands at one row."""
    values = tuple(row[name.removeprefix("-")] for name in spec.ordering(criteria.sort))
    return write_cursor(Cursor(values, **place), bound_to=_binding(spec, criteria))


def _binding(spec: ListSpec, criteria: Criteria) -> str:
    return f"{spec.key}|{criteria.sort}"
