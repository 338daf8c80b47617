"""A page of rows as JSON text, made inside PostgreSQL: no row becomes a Python object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.models import QuerySet

# One extra row tells whether there is a next page and is not shown; `key` is where that next page begins.
AS_JSON = """
SELECT coalesce(json_agg(doc) FILTER (WHERE n <= {limit}), '[]')::text, count(*), max(key) FILTER (WHERE n = {limit})
FROM (SELECT row_to_json(q) AS doc, json_build_array({key})::text AS key, row_number() OVER () AS n FROM ({sql}) q) page
"""


def json_page(rows: QuerySet, order: Sequence[str], limit: int) -> tuple[str, list[Any] | None]:
    """The first `limit` rows of an ordered `.values(…)` queryset as JSON text, and the order's values of the last row
    if more follow. The order's fields are among the values, under their own names."""
    sql, parameters = rows[: limit + 1].query.sql_with_params()
    key = ", ".join(f'q."{name.removeprefix("-")}"' for name in order)
    with connection.cursor() as cursor:
        cursor.execute(AS_JSON.format(limit=limit, sql=sql, key=key), parameters)
        text, count, last = cursor.fetchone()
    return text, orjson.loads(last) if count > limit else None
