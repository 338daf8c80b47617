"""Rows written as sets: one INSERT of arrays, whether there is one row or five thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection


def insert_set(
    table: str, columns: Mapping[str, tuple[str, Sequence[Any]]], *, fixed: Mapping[str, Any], conflict: str = ""
) -> None:
    """Insert one row per place of the arrays. `columns`: name → (type, values); `fixed`: the same in every row.

    Each column travels as one array literal; the table's policies and constraints speak as for any INSERT. Names come
    from our own code, never from input.
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
    values = [_literal(kind, items) for kind, items in columns.values()]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*fixed.values(), *values])


def _literal(kind: str, items: Sequence[Any]) -> str:
    """A PostgreSQL array literal. One text is adapted once; a list would be adapted value by value."""
    if kind == "bytea":
        return "{" + ",".join(["NULL" if item is None else f'"\\\\x{item.hex()}"' for item in items]) + "}"
    if kind in ("text", "jsonb"):
        return "{" + ",".join(["NULL" if item is None else quoted(item) for item in items]) + "}"
    return "{" + ",".join(["NULL" if item is None else str(item) for item in items]) + "}"


def quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def update_set(
    table: str, columns: Mapping[str, tuple[str, Sequence[Any]]], *, fixed: Mapping[str, Any], where: str = ""
) -> set[UUID]:
    """Update one row per place of the arrays and return the ids that were there to update.

    `columns` begins with `id` and `version` (the version somebody saw, which moves on by one); `where` may narrow it
    further (`t` is the table). Policies, constraints and triggers speak as for any UPDATE.
    """
    if not columns["id"][1]:
        return set()
    arrays = ", ".join(f"%s::{kind}[]" for kind, _ in columns.values())
    sets = ", ".join(
        [f"{name} = a.{name}" for name in columns if name not in ("id", "version")]
        + [f"{name} = %s" for name in fixed]
        + ["version = t.version + 1"]
    )
    sql = (
        f"UPDATE {table} AS t SET {sets} FROM unnest({arrays}) AS a ({', '.join(columns)}) "
        f"WHERE t.id = a.id AND t.version = a.version{' AND ' + where if where else ''} RETURNING t.id"
    )
    values = [_literal(kind, items) for kind, items in columns.values()]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*fixed.values(), *values])
        return {row[0] for row in cursor.fetchall()}
