"""What a list is: its columns, its query form, its acts, and where its rows come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.lists import cells
from core.lists.criteria import PAGE_SIZES, Criteria
from core.lists.filters import Filter
from core.registries import Registry
from core.scoping import Actor

Row = Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `value`: the name of a key (or attribute) of the row, or row → Cell or bare value; default: the column's key.
    `sort`: model fields with an index that ends in the id, say ("initials", "id"); empty: not sortable.
    `sort_permission`: who may sort by it, where the order itself would tell something.
    `kind`: text, date, number, boolean; what a bare value is drawn as. `choices` turns stored values into words.
    `export`: row → what stands in the file; None: the cell's text (dates and numbers stay what they are).
    `personal`: exporting it needs the approval of a second person. `permission`: without it there is no such column.
    """

    key: str
    label: str
    value: str | Callable[[Row], Any] = ""
    sort: tuple[str, ...] = ()
    sort_permission: str = ""
    default: bool = True
    kind: str = "text"
    choices: Mapping[Any, str] | None = None
    export: Callable[[Row], Any] | None = None
    exported: bool = True
    personal: bool = False
    permission: str = ""
    align: str = ""
    phone: str = ""
    fixed: bool = False

    def bare(self, row: Row) -> Any:
        """The value before it is drawn."""
        if callable(self.value):
            return self.value(row)
        name = self.value or self.key
        found = row[name] if type(row) is dict else getattr(row, name)
        return self.choices.get(found, found) if self.choices is not None else found

    def cell(self, row: Row) -> cells.Cell:
        return cells.of(self.bare(row), self.kind)

    def file_value(self, row: Row) -> Any:
        """What a file holds: dates and numbers as such, everything else as its words."""
        if self.export is not None:
            return self.export(row)
        value = self.bare(row)
        if type(value) is dict:
            return value["text"]
        return ("是" if value else "否") if self.kind == "boolean" else value


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the toolbar: a page one goes to. Shown to those who hold the permission."""

    label: str
    url_name: str
    permission: str
    icon: str = "plus"


@dataclass(frozen=True, slots=True)
class RowAct:
    """A word in the 操作 column."""

    label: str
    href: str

    def __getitem__(self, name: str) -> str:
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row a bulk act left alone, and why."""

    id: UUID
    message: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act on picked rows. `run` calls the service with the set and returns the refusals; the rest was done."""

    key: str
    label: str
    permission: str
    run: Callable[[Actor, Sequence[UUID]], Sequence[Refusal]]
    confirm: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What belongs here, and the first step."""

    text: str = "这里还没有内容。"
    label: str = ""
    url_name: str = ""
    permission: str = ""


@dataclass(frozen=True)
class ListSpec:
    """A list. Registered under `key`, so that a job finds it again.

    `source(actor, criteria)`: the scoped rows; filters with a `lookup` or `apply` are applied after it.
    `fields`: the columns of the table that rows need, for `values()`; sort fields and `id` are added.
    `prepare(actor, rows)`: dictionaries of `fields` → rows in the same order, all at once (open seals, mask,
    `audit.note`); without it the dictionaries are the rows. It is also called for each chunk of an export.
    `order`: the default order, ending in the id, one direction ("-id",).
    """

    key: str
    title: str
    permission: str
    source: Callable[[Actor, Criteria], QuerySet]
    columns: tuple[Column, ...]
    fields: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    prepare: Callable[[Actor, list[dict[str, Any]]], Sequence[Row]] | None = None
    order: tuple[str, ...] = ("-id",)
    row_acts: Callable[[Actor, Row], Sequence[RowAct]] | None = None
    row_name: Callable[[Row], str] | None = None
    group: str = ""
    subtitle: str = ""
    create: Act | None = None
    import_act: Act | None = None
    tools: tuple[Act, ...] = ()
    bulk: tuple[BulkAct, ...] = ()
    empty: Empty = field(default_factory=Empty)
    export_permission: str = ""
    per_page: int = 50
    per_page_choices: tuple[int, ...] = PAGE_SIZES
    tabs: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for column in self.columns:
            if column.sort and column.sort[-1] != "id":
                raise ValueError(f"{self.key}.{column.key}: a sort ends in the id")
        taken = [name for item in self.filters for name in item.names]
        if len(set(taken)) != len(taken) or set(taken) & RESERVED:
            raise ValueError(f"{self.key}: filter names clash: {taken}")

    def columns_for(self, actor: Actor) -> list[Column]:
        return [column for column in self.columns if not column.permission or actor.may(column.permission)]

    def filters_for(self, actor: Actor) -> list[Filter]:
        return [item for item in self.filters if not item.permission or actor.may(item.permission)]

    def ordering(self, sort: str) -> tuple[str, ...]:
        """Order of the rows for a sort key ("", "name", "-name"); "-" before every field."""
        if not sort:
            return self.order
        fields = next(column.sort for column in self.columns if column.key == sort.removeprefix("-"))
        return tuple(f"-{name}" for name in fields) if sort.startswith("-") else fields

    def sorts_for(self, actor: Actor) -> set[str]:
        return {
            column.key
            for column in self.columns_for(actor)
            if column.sort and (not column.sort_permission or actor.may(column.sort_permission))
        }


RESERVED = {"sort", "cursor", "page_size", "q", "count", "do"}
specs: Registry[ListSpec] = Registry("list")
