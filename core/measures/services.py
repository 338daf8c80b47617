"""Computing measures for all subjects at once, keeping what was known when, folding the sums over the tree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core.measures.compiling import compute_statement
from core.measures.known import measures_of, subjects
from core.measures.models import MeasureRun
from core.scoping import Actor, scope

# A nightly run of a period that is still open is of no use once newer ones stand (architecture, "Data").
KEEP_OPEN_RUNS = timedelta(days=35)
CLOSING_DAYS = 5
ONE_FOLDER = "SELECT pg_advisory_xact_lock(hashtextextended('core.measures.fold', 0))"
FOLD = """
WITH taken AS (
    DELETE FROM core_regiondelta WHERE id IN (SELECT id FROM core_regiondelta ORDER BY id LIMIT %s)
    RETURNING region_code, month, measure, amount
), summed AS (
    SELECT left(region_code, level) AS region_code, month, measure, sum(amount) AS total
    FROM taken JOIN unnest(ARRAY[0, 2, 4, 6, 9, 12]) level ON level <= length(region_code)
    GROUP BY 1, 2, 3
), kept AS (
    INSERT INTO core_regionsum AS held (region_code, month, measure, total)
    SELECT region_code, month, measure, total FROM summed ORDER BY measure, region_code, month
    ON CONFLICT (measure, region_code, month) DO UPDATE SET total = held.total + excluded.total
)
SELECT count(*) FROM taken
"""
DROP_RUNS = """
DELETE FROM core_measurerow row USING core_measurerun run
WHERE row.run_id = run.id AND row.period_start = run.period_start AND run.id = ANY(%s)
"""


def compute_run(subject_kind: str, period_start: date, period_end: date) -> MeasureRun | None:
    """Count every declared measure for every subject, in one statement; None when nothing is declared.

    The run's rows are never changed afterwards: computing again is another run. `period_end` is not included.
    """
    counted = measures_of(subject_kind)
    subject = subjects.get(subject_kind)
    if not counted or subject is None:
        return None
    with scope(Actor.system("count the measures")):
        run = MeasureRun.objects.create(
            period_start=period_start,
            period_end=period_end,
            subject_kind=subject_kind,
            codes=[measure.code for measure in counted],
            started_at=timezone.now(),
        )
        with connection.cursor() as cursor:
            parameters: dict[str, Any] = {"run": run.pk, "start": period_start, "end": period_end}
            cursor.execute(compute_statement(subject, counted), parameters)
        run.finished_at = timezone.now()
        run.save(update_fields=["finished_at"])
        return run


def compute_month(day: date | None = None) -> list[MeasureRun]:
    """A run for each kind of subject over the month of `day` (today, Beijing)."""
    start = (day or timezone.localdate()).replace(day=1)
    runs = [compute_run(kind, start, next_month(start)) for kind, _ in subjects]
    return [run for run in runs if run]


def compute_recent() -> None:
    """The running month; in its first days also the one before, whose last day the nightly run had not seen whole."""
    today = timezone.localdate()
    if today.day <= CLOSING_DAYS:
        compute_month(today.replace(day=1) - timedelta(days=1))
    compute_month(today)


def cite_run(run_id: UUID) -> None:
    """Something issued rests on this run: it is kept for ever."""
    MeasureRun.objects.filter(pk=run_id, cited_at=None).update(cited_at=timezone.now())


def drop_old_runs() -> int:
    """Drop uncited runs more than 35 days old that a newer run of the same period replaces; returns how many."""
    old = MeasureRun.objects.raw(
        """
        SELECT run.id FROM core_measurerun run
        WHERE run.cited_at IS NULL AND run.started_at < %s AND EXISTS (
            SELECT FROM core_measurerun newer WHERE newer.subject_kind = run.subject_kind
            AND newer.period_start = run.period_start AND newer.period_end = run.period_end
            AND newer.finished_at IS NOT NULL AND newer.started_at > run.started_at)
        """,
        [timezone.now() - KEEP_OPEN_RUNS],
    )
    ids = [run.pk for run in old]
    if ids:
        with scope(Actor.system("drop replaced runs")), connection.cursor() as cursor:
            cursor.execute(DROP_RUNS, [ids])
            MeasureRun.objects.filter(pk__in=ids).delete()
    return len(ids)


def fold_deltas(limit: int = 100_000) -> int:
    """Add what changed to the sums of every level above it; returns how many were folded. Readers see no gap."""
    with scope(Actor.system("fold the sums")), connection.cursor() as cursor:
        cursor.execute(ONE_FOLDER)
        cursor.execute(FOLD, [limit])
        return int(cursor.fetchone()[0])


def next_month(start: date) -> date:
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
