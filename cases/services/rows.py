"""Rows written as sets: one INSERT of arrays, whether there is one row or five thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def insert_set(
    table: str, columns: Mapping[str, tuple[str, Sequence[Any]]], *, fixed: Mapping[str, Any], conflict: str = ""
) -> None:
    """Insert one row per place of the arrays. `columns`: name → (type, values); `fixed`: the same in every row.

    Bytes travel as hex text; the table's policies and constraints speak as for any INSERT. Names come from our own
    code, never from input.
    """
    if not next(iter(columns.values()))[1]:
        return
    arrays = ", ".join(f"%s::{kind}[]" for kind, _ in columns.values())
    names = ", ".join([*columns, *fixed])
    places = ", ".join(["%s"] * len(fixed))
    sql = (
        f"INSERT INTO {table} ({names}) SELECT arrived.*{', ' + places if places else ''} "
        f"FROM unnest({arrays}) AS arrived {conflict}"
    )
    values = [_plain(kind, items) for kind, items in columns.values()]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*fixed.values(), *values])


def _plain(kind: str, items: Sequence[Any]) -> list[Any]:
    if kind == "bytea":
        return [None if item is None else "\\x" + item.hex() for item in items]
    if kind == "uuid":
        return [None if item is None else str(item) for item in items]
    return list(items)
