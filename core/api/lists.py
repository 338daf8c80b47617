"""A REST list: the same declared list as the page (filters, order, cursor, refusals), answered as JSON.

`fields` maps each name of the answer to a model path; PostgreSQL writes the body. Where rows must be opened or masked
first, `represent` makes dictionaries of them (of the model's `columns`, or the spec's) and orjson writes the body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.db.models import F, QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from core.api.bodies import plain
from core.api.paging import json_page
from core.api.resources import Resource
from core.errors import Invalid, NotFound
from core.lists.counting import quick_count
from core.lists.criteria import Criteria, read
from core.lists.paging import Cursor, beyond, fetch, read_cursor, write_cursor
from core.lists.rows import rows_of
from core.lists.spec import ListSpec

DEFAULT_PAGE = 50


class ListedResource(Resource):
    """List and retrieve over one ListSpec."""

    spec: ClassVar[ListSpec]
    fields: ClassVar[Mapping[str, str]] = {}
    columns: ClassVar[Sequence[str]] = ()
    lookup_field = "id"

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        criteria, form = read(self.spec, self.actor, request._request.GET, per_page=DEFAULT_PAGE, whole_form=False)
        if form.is_bound and not form.is_valid():
            raise Invalid("invalid", "查询条件有误。", {name: list(map(str, e)) for name, e in form.errors.items()})
        rows = rows_of(self.spec, self.actor, criteria)
        cursor = read_cursor(criteria.cursor, bound_to=self._binding(criteria)) if criteria.cursor else None
        count, approximate = self._count(rows, cursor)
        results, last = self._results(rows, criteria, cursor)
        following = self._next(criteria, last, count, approximate)
        head = orjson.dumps({"count": count, "approximate": approximate, "next": following})
        return Response(head[:-1] + b',"results":' + results + b"}")

    def represent(self, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Rows (dictionaries of the spec's fields) as they are shown; override where they are opened or masked."""
        raise NotImplementedError

    def show(self, row_id: UUID) -> dict[str, Any]:
        """One row as the answer shows it. Raises NotFound."""
        rows = self.spec.source(self.actor, Criteria()).filter(pk=row_id)
        found = self._values(rows).first()
        if found is None:
            raise NotFound()
        return found

    def retrieve(self, request: Any, id: UUID) -> Response:
        return Response(self.show(id))

    def _values(self, rows: QuerySet) -> QuerySet:
        """Only the fields of the answer, under its names."""
        renamed = {name: F(path) for name, path in self.fields.items() if name != path}
        return rows.values(*(name for name, path in self.fields.items() if name == path), **renamed)

    def _count(self, rows: QuerySet, cursor: Cursor | None) -> tuple[int, bool]:
        if cursor is not None and cursor.total is not None:
            return cursor.total, cursor.approx
        found = quick_count(rows)
        return found.number, found.approx

    def _results(self, rows: QuerySet, criteria: Criteria, cursor: Cursor | None) -> tuple[bytes, Sequence[Any] | None]:
        order = self.spec.ordering(criteria.sort)
        if not self.fields:
            page = fetch(rows, order, self.columns or self.spec.fields, cursor, criteria.page_size)
            last = [page.rows[-1][name.removeprefix("-")] for name in order] if page.has_next else None
            return orjson.dumps(self.represent(page.rows), default=plain), last
        text, last = json_page(self._values(beyond(rows, order, cursor)), order, criteria.page_size)
        return text.encode(), last

    def _next(self, criteria: Criteria, last: Sequence[Any] | None, count: int, approximate: bool) -> str | None:
        if last is None:
            return None
        cursor = write_cursor(Cursor(tuple(last), total=count, approx=approximate), bound_to=self._binding(criteria))
        query = [part for part in criteria.query.split("&") if part]
        return f"{self.request.path}?{'&'.join([*query, urlencode({'cursor': cursor})])}"

    def _binding(self, criteria: Criteria) -> str:
        return f"api:{self.spec.key}|{criteria.sort}"


def page_of(result: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The schema of one page of these results."""
    name = result.__name__.removesuffix("Serializer")
    return type(
        f"{name}PageSerializer",
        (serializers.Serializer,),
        {
            "__doc__": "一页；`next` 为下一页的地址，没有则为空。",
            "count": serializers.IntegerField(help_text="共多少条；超过 1,000 时为估计值"),
            "approximate": serializers.BooleanField(help_text="count 是估计值"),
            "next": serializers.CharField(allow_null=True),
            "results": result(many=True),
        },
    )
