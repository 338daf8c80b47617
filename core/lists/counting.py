"""How many rows: exact while that is cheap, else the planner's estimate, exact when somebody asks."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass

import orjson
from django.db import connection
from django.db.models import QuerySet

EXACT_UP_TO = 1000


@dataclass(frozen=True, slots=True)
class Count:
    number: int
    approx: bool = False


_kept: dict[Hashable, tuple[float, Count]] = {}
KEPT_SECONDS, MOST_KEPT = 60.0, 1000


def kept_count(rows: QuerySet, *, key: Hashable) -> Count:
    """`quick_count`, where an estimate serves for a minute: it comes from statistics that are older than that anyway.
    `key` names the reach and the question. A count that is exact is counted each time."""
    now = time.monotonic()
    kept = _kept.get(key)
    if kept and now - kept[0] < KEPT_SECONDS:
        return kept[1]
    count = quick_count(rows)
    if count.approx:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (now, count)
    return count


def quick_count(rows: QuerySet) -> Count:
    """Exact to 1,000; beyond, what the planner expects of this very query, said as 约."""
    # values("pk") before the slice: the subquery carries one column instead of the whole row.
    bounded = rows.order_by().values("pk")[: EXACT_UP_TO + 1].count()
    if bounded <= EXACT_UP_TO:
        return Count(bounded)
    return Count(max(_rounded(_estimate(rows)), EXACT_UP_TO), approx=True)


def exact_count(rows: QuerySet) -> Count:
    return Count(rows.order_by().values("pk").count())


def _estimate(rows: QuerySet) -> int:
    query, parameters = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {query}", parameters)
        (plan,) = cursor.fetchone()
    return int((plan if isinstance(plan, list) else orjson.loads(plan))[0]["Plan"]["Plan Rows"])


def _rounded(number: int) -> int:
    """Two digits that mean something: an estimate must not look like a count."""
    step = 10 ** max(len(str(number)) - 2, 0)
    return round(number / step) * step
