"""A list into a file: chunks by keyset, so that memory stays level at any number of rows."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict

from core import audit
from core.errors import Invalid
from core.export.services import watermark
from core.files import tables
from core.lists.criteria import Criteria, read
from core.lists.paging import Cursor, fetch
from core.lists.rows import prepared, rows_of
from core.lists.spec import Column, ListSpec, specs
from core.scoping import Actor, scope

CHUNK = 2000
Progress = Callable[[int], None]


def spec_of(key: str) -> ListSpec:
    """The list registered under this key; the views that declare lists are loaded with the URLconf."""
    importlib.import_module(settings.ROOT_URLCONF)
    spec = specs.get(key)
    if spec is None:
        raise Invalid("unknown_list", "没有这个名单，可能已随新版本改名。")
    return spec


def criteria_of(spec: ListSpec, actor: Actor, query: str) -> Criteria:
    """The criteria of a kept query string. Raises Invalid when they no longer hold."""
    criteria, form = read(spec, actor, QueryDict(query), per_page=spec.per_page)
    if form.is_bound and not form.is_valid():
        raise Invalid("bad_query", "查询条件已失效，没有导出。")
    return criteria


def write_export(actor: Actor, parameters: dict[str, Any], target: Path, *, progress: Progress = lambda _: None) -> int:
    """Write the file as this actor and return its number of rows: only rows within reach now, only columns the role
    has now. One audit row a chunk says whose records left the house."""
    spec = spec_of(parameters["list"])
    actor.require(spec.permission)
    actor.require(spec.export_permission)
    allowed = {column.key: column for column in spec.columns_for(actor)}
    columns = [allowed[key] for key in parameters["columns"] if key in allowed]
    with scope(actor), audit.looking() as looks:
        criteria = criteria_of(spec, actor, parameters["query"])
        lines = _lines(spec, actor, criteria, columns, looks, progress)
        count = _write(target, parameters["format"], columns, lines, watermark(actor, spec.title))
        audit.record(actor, "list.exported", list=spec.key, rows=count, columns=[column.key for column in columns],
                     format=parameters["format"], request=parameters.get("request", ""))  # fmt: skip
    return count


def _lines(
    spec: ListSpec, actor: Actor, criteria: Criteria, columns: Sequence[Column], looks: Any, progress: Progress
) -> Iterator[list[Any]]:
    order = spec.ordering(criteria.sort)
    cursor, done = None, 0
    while True:
        page = fetch(rows_of(spec, actor, criteria), order, spec.fields, cursor, CHUNK)
        for row in prepared(spec, actor, page.rows):
            yield [column.file_value(row) for column in columns]
        for (kind, _), ids in looks.items():
            audit.record(actor, f"{kind}.export", kind=kind, ids=sorted(ids), list=spec.key)
        looks.clear()
        done += len(page.rows)
        progress(done)
        if not page.has_next:
            return
        last = page.rows[-1]
        cursor = Cursor(tuple(last[name.removeprefix("-")] for name in order))


def _write(target: Path, format: str, columns: Sequence[Column], lines: Iterator[list[Any]], mark: str) -> int:
    header = [column.label for column in columns]
    if format == "xlsx":
        return tables.write_xlsx(target, header, lines, watermark=mark)
    counted = _Counted(lines)
    with target.open("wb") as file:
        tables.write_csv(file, header, counted, watermark=mark)
    return counted.number


class _Counted:
    """An iterator that remembers how many it gave."""

    def __init__(self, rows: Iterator[list[Any]]) -> None:
        self.rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            self.number += 1
            yield row
