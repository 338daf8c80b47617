"""What the core itself does by the clock (ADR 0006). All of it may be run again at any time without harm."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from core.audit import sealing
from core.jobs import outbox
from core.jobs import schedule as clock
from core.jobs.files import sweep_files
from core.measures import services as measures

MINUTE = timedelta(minutes=1)
MONTHS_AHEAD = 3
PARTITIONED = ("core_auditevent", "core_measurerow")


def register() -> None:
    outbox.register_task("core.seal_audit", sealing.seal_all)
    outbox.register_task("core.anchor_audit", sealing.anchor_tail)
    outbox.register_task("core.fold_sums", measures.fold_deltas)
    outbox.register_task("core.count_measures", measures.compute_recent)
    outbox.register_task("core.nightly", nightly)
    clock.schedule("core.seal_audit", "core.seal_audit", every=MINUTE)
    clock.schedule("core.anchor_audit", "core.anchor_audit", every=10 * MINUTE)
    clock.schedule("core.fold_sums", "core.fold_sums", every=MINUTE)
    clock.schedule("core.count_measures", "core.count_measures", daily="01:30")
    clock.schedule("core.nightly", "core.nightly", daily="02:30")


def nightly() -> None:
    """Months ahead, files past their time, replaced runs, finished rows of the queue."""
    ensure_months()
    sweep_files()
    measures.drop_old_runs()
    clock.prune()


def ensure_months() -> int:
    """Partitions for the months to come; returns how many were made."""
    with connection.cursor() as cursor:
        made = 0
        for table in PARTITIONED:
            cursor.execute("SELECT app.ensure_partitions(%s, %s)", [table, MONTHS_AHEAD])
            made += cursor.fetchone()[0]
    return made
