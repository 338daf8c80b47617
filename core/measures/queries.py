"""Reading values: per subject as of the latest run, or summed over a division and everything below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from core.errors import NotFound
from core.measures.known import measures
from core.measures.models import MeasureRun
from core.scoping import Actor
from core.scoping.actor import prefix_end

READ = "measure.read"
VALUES = """
SELECT subject_id, region_code, values[%(place)s] FROM core_measurerow
WHERE run_id = %(run)s AND period_start = %(start)s AND {reach} ORDER BY region_code, subject_id
"""
# One statement, one snapshot: what a fold moves from the deltas to the sums is counted once, never twice.
SUM = """
SELECT month, sum(total) FROM (
    SELECT month, total FROM core_regionsum
    WHERE measure = %(measure)s AND region_code = %(region)s AND month >= %(start)s AND month < %(end)s
    UNION ALL
    SELECT month, amount FROM core_regiondelta
    WHERE measure = %(measure)s AND region_code >= %(lo)s AND region_code < %(hi)s
      AND month >= %(start)s AND month < %(end)s
) both_parts GROUP BY month ORDER BY month
"""


@dataclass(frozen=True, slots=True)
class Value:
    """One number: of which subject, standing where, as known when."""

    subject_id: UUID
    region_code: str
    value: Decimal
    as_of: datetime


def values(actor: Actor, code: str, period: tuple[date, date], *, run: MeasureRun | None = None) -> Sequence[Value]:
    """The measure's value of each subject in reach, from the latest finished run of the period (or this `run`).

    Empty when the period was never computed, or the run is older than the measure. Raises KeyError for an unknown code.
    """
    actor.require(READ)
    run = run or latest_run(measures[code].grain, period)
    if run is None or run.finished_at is None or code not in run.codes:
        return []
    condition, parameters = _reach(actor)
    parameters |= {"place": run.codes.index(code) + 1, "run": run.pk, "start": run.period_start}
    with connection.cursor() as cursor:
        cursor.execute(VALUES.format(reach=condition), parameters)
        return [Value(subject, place, value, run.finished_at) for subject, place, value in cursor.fetchall()]


def latest_run(subject_kind: str, period: tuple[date, date]) -> MeasureRun | None:
    """The newest finished run of exactly this period."""
    return (
        MeasureRun.objects.filter(
            subject_kind=subject_kind, period_start=period[0], period_end=period[1], finished_at__isnull=False
        )
        .order_by("-pk")
        .first()
    )


def region_sums(actor: Actor, code: str, region_code: str, period: tuple[date, date]) -> dict[date, Decimal]:
    """Month → sum of an additive measure over one division ("" is the nation) and all below it, up to the last commit.

    Raises NotFound for a division outside the actor's range, ValueError for a measure that doesn't add up.
    """
    actor.require(READ)
    if not measures[code].additive:
        raise ValueError(f"{code} does not add up over places")
    lo, hi = (region_code, prefix_end(region_code)) if region_code else ("0", ":")
    if not (actor.reach.is_range and actor.reach.lo <= lo and hi <= actor.reach.hi):
        raise NotFound()
    parameters: dict[str, Any] = {
        "measure": code,
        "region": region_code,
        "lo": lo,
        "hi": hi,
        "start": period[0],
        "end": period[1],
    }
    with connection.cursor() as cursor:
        cursor.execute(SUM, parameters)
        return dict(cursor.fetchall())


def drill(actor: Actor, code: str, region_code: str, period: tuple[date, date]) -> str:
    """The address of the list behind a number; "" when the measure has none."""
    actor.require(READ)
    list_of = measures[code].drill
    return list_of(actor, region_code, *period) if list_of else ""


def _reach(actor: Actor) -> tuple[str, dict[str, Any]]:
    if actor.reach.is_range:
        return "region_code >= %(lo)s AND region_code < %(hi)s", {"lo": actor.reach.lo, "hi": actor.reach.hi}
    return "subject_id = ANY(%(stations)s)", {"stations": list(actor.reach.stations)}
