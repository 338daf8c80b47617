"""Keyset pages of a REST list, made by PostgreSQL as text or by orjson from rows."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet

# The rows become JSON inside the database; one extra row tells whether there is a next page and is not shown.
AS_JSON = """
SELECT coalesce(json_agg(doc) FILTER (WHERE n <= {limit}), '[]')::text, count(*), (array_agg(id ORDER BY n))[{limit}]
FROM (SELECT row_to_json(q) AS doc, q.id, row_number() OVER () AS n FROM ({sql}) q) page
"""


def json_page(rows: QuerySet, limit: int) -> tuple[str, Any | None]:
    """The first `limit` rows of a `.values(…)` queryset that has `id`, as JSON text, and the last id if more follow."""
    sql, parameters = rows[: limit + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(AS_JSON.format(limit=limit, sql=sql), parameters)
        text, count, last = cursor.fetchone()
    return text, last if count > limit else None
