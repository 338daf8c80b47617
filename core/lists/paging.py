"""Keyset paging: a page starts after a row, not after a number of rows, so that it costs the same anywhere and does
not shift when rows come or go. The cursor is encrypted (sort values may be personal), bound to list and order."""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import BooleanField, F, Field, Func, Q, QuerySet, Value

from core.errors import Invalid

NONCE_BYTES = 12
MAX_CURSOR = 1200


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or before) the row with these sort values. `position` is the number of the last row
    before it (forward) or of the first row behind it (backward); `total`, `approx` spare the next page the count."""

    values: tuple[Any, ...]
    backward: bool = False
    position: int = 0
    total: int | None = None
    approx: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as dictionaries, in the order asked; `first` is the number of the first one, counted from 1."""

    rows: list[dict[str, Any]]
    has_previous: bool
    has_next: bool
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(settings.SECRET_KEY.encode(), b"qianshou/list-cursor", "sha256"))


def write_cursor(cursor: Cursor, *, bound_to: str) -> str:
    plain = orjson.dumps(
        [cursor.backward, cursor.position, cursor.total, cursor.approx, list(cursor.values)], default=str
    )
    nonce = os.urandom(NONCE_BYTES)
    return urlsafe_b64encode(nonce + _cipher().encrypt(nonce, plain, bound_to.encode())).rstrip(b"=").decode()


def read_cursor(text: str, *, bound_to: str) -> Cursor:
    """Raises Invalid("bad_cursor") for anything we did not write for this list in this order."""
    try:
        if len(text) > MAX_CURSOR:
            raise ValueError
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        plain = _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode())
    except (ValueError, InvalidTag, UnicodeEncodeError):
        message = "翻页位置无效，或排序已经改变；请从第一页看起。"
        raise Invalid("bad_cursor", message, {"cursor": [message]}) from None
    backward, position, total, approx, values = orjson.loads(plain)
    return Cursor(tuple(values), backward, position, total, approx)


class RowCompare(Func):
    """`(a, b) > (x, y)`: one row comparison, which an index on (a, b) answers from the right place at once."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[Any], values: Sequence[Any], operator: str) -> None:
        self.operator = operator
        super().__init__(*columns, *values)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        half = len(parts) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        return f"({left}) {self.operator} ({right})", [value for _, values in parts for value in values]


def fetch(rows: QuerySet, order: Sequence[str], fields: Sequence[str], cursor: Cursor | None, size: int) -> Page:
    """One page of `rows` in `order` (field names ending in the id, all of one direction)."""
    backward = cursor is not None and cursor.backward
    names = [name.removeprefix("-") for name in order]
    rows = beyond(rows, order, cursor)
    wanted = dict.fromkeys([*fields, *names, "id"])
    found = list(rows.values(*wanted)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backward:
        assert cursor is not None
        found.reverse()
        first = cursor.position - len(found) if more else 1
        return Page(found, has_previous=more, has_next=True, first=max(first, 1))
    return Page(found, has_previous=cursor is not None, has_next=more, first=(cursor.position if cursor else 0) + 1)


def beyond(rows: QuerySet, order: Sequence[str], cursor: Cursor | None) -> QuerySet:
    """`rows` in `order` (turned round for a backward cursor), from the cursor on."""
    names = [name.removeprefix("-") for name in order]
    descending = order[0].startswith("-") != (cursor is not None and cursor.backward)
    if cursor is not None:
        rows = rows.filter(_beyond(rows, names, cursor.values, descending=descending))
    return rows.order_by(*(f"-{name}" if descending else name for name in names))


def _beyond(rows: QuerySet, names: Sequence[str], given: Sequence[Any], *, descending: bool) -> Q:
    """Rows strictly beyond the given one. PostgreSQL sorts NULL last upwards and first downwards."""
    fields = [_field(rows, name) for name in names]
    values = [None if value is None else field.to_python(value) for field, value in zip(fields, given, strict=True)]
    operator = "<" if descending else ">"
    if not any(field.null for field in fields):
        literals = [Value(value, output_field=field) for field, value in zip(fields, values, strict=True)]
        return Q(RowCompare([F(name) for name in names], literals, operator))
    return _beyond_with_nulls(names, values, descending=descending)


def _beyond_with_nulls(names: Sequence[str], values: Sequence[Any], *, descending: bool) -> Q:
    name, value = names[0], values[0]
    if value is None:
        beyond = Q(**{f"{name}__isnull": False}) if descending else Q(pk__in=())
        same = Q(**{f"{name}__isnull": True})
    else:
        beyond = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        same = Q(**{name: value})
        if not descending:
            beyond |= Q(**{f"{name}__isnull": True})
    if len(names) == 1:
        return beyond
    return beyond | (same & _beyond_with_nulls(names[1:], values[1:], descending=descending))


def _field(rows: QuerySet, name: str) -> Field:
    model = rows.model
    *path, last = name.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    field = model._meta.get_field(last)
    return getattr(field, "target_field", field)
