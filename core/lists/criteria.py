"""From a query string to what is asked of a list; everything not understood is refused, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import QueryDict

from core.errors import Invalid
from core.lists import terms
from core.lists.filters import build_form
from core.scoping import Actor

if TYPE_CHECKING:
    from core.lists.spec import ListSpec

PAGE_SIZES = (20, 50, 100, 200)
MAX_PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked: `values` by filter name (only what was given), order, page. `query` is its canonical query string,
    without the cursor and without any personal term."""

    values: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    cursor: str = ""
    page_size: int = 50
    term: UUID | None = None
    query: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.values)

    def url_query(self, **changes: str | None) -> str:
        """The query string with some parameters changed; None leaves one out."""
        data = QueryDict(self.query, mutable=True)
        for name, value in changes.items():
            data.pop(name, None)
            if value:
                data[name] = value
        return data.urlencode()


def read(
    spec: ListSpec, actor: Actor, data: QueryDict, *, per_page: int, whole_form: bool = True
) -> tuple[Criteria, forms.Form]:
    """Criteria and the query form (of what was asked alone, where nobody will see the form). Raises Invalid:
    unknown_parameter, repeated_parameter, bad_sort, page_size_out_of_range, unknown_term.
    Wrong values of filters are the form's errors and leave no criteria."""
    filters = spec.filters_for(actor)
    _refuse_unknown(spec, actor, data)
    term, personal = _term(spec, actor, data.get("q", ""))
    asked = data.copy()
    for name, value in personal.items():
        asked[name] = value
    said = [item for item in filters if any(name in asked for name in item.names)]
    filters = filters if whole_form else said
    form = build_form(filters, actor, asked if said else None)
    values = {}
    if form.is_bound and form.is_valid():
        found = {item.name: item.value(form.cleaned_data) for item in filters}
        values = {name: value for name, value in found.items() if value is not None}
    return (
        Criteria(
            values=values,
            sort=_sort(spec, actor, data.get("sort", "")),
            cursor=data.get("cursor", ""),
            page_size=page_size(data.get("page_size", ""), per_page),
            term=term,
            query=_canonical(spec, data),
        ),
        form,
    )


def page_size(given: str, default: int) -> int:
    """Rows a page. Raises Invalid beyond 1 to 200."""
    if not given:
        return default
    # isdecimal alone accepts digits of other scripts; a long number would be slow to convert.
    if not (given.isascii() and given.isdecimal() and len(given) <= 4 and 1 <= int(given) <= MAX_PAGE_SIZE):
        message = f"每页条数应在 1 到 {MAX_PAGE_SIZE} 之间。"
        raise Invalid("page_size_out_of_range", message, {"page_size": [message]})
    return int(given)


def _refuse_unknown(spec: ListSpec, actor: Actor, data: QueryDict) -> None:
    names = {name for item in spec.filters_for(actor) for name in item.names if not item.personal}
    known = names | {"sort", "cursor", "page_size", "q", "count"}
    many = {item.name for item in spec.filters if hasattr(item, "choices")}
    for name, values in data.lists():
        if name not in known:
            shown = name[:40]
            message = f"网址里有本页不认识的条件“{shown}”，没有查询。请从本页的查询条件里选。"
            raise Invalid("unknown_parameter", message, {shown: ["不认识的条件"]})
        if len(values) > 1 and name not in many:
            raise Invalid("repeated_parameter", f"条件“{name}”出现了多次，没有查询。", {name: ["只能出现一次"]})


def _term(spec: ListSpec, actor: Actor, given: str) -> tuple[UUID | None, dict[str, str]]:
    if not given:
        return None, {}
    names = {item.name for item in spec.filters_for(actor) if item.personal}
    term, values = terms.read_term(actor, spec.key, given)
    return term, {name: value for name, value in values.items() if name in names}


def _sort(spec: ListSpec, actor: Actor, given: str) -> str:
    if given and given.removeprefix("-") not in spec.sorts_for(actor):
        raise Invalid("bad_sort", "不能按这一列排序。", {"sort": ["不能按这一列排序。"]})
    return given


def _canonical(spec: ListSpec, data: QueryDict) -> str:
    """Parameters in the list's own order, empty ones left out: equal questions have equal query strings."""
    names = [name for item in spec.filters for name in item.names]
    order = [*names, "q", "sort", "page_size"]
    return urlencode([(name, value) for name in order for value in data.getlist(name) if value])
