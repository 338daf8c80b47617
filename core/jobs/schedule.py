"""Scheduled work: what is due is decided here, by rows; beat only knocks every 20 seconds (ADR 0006).

A slot is taken by inserting `(job, slot)` and the outbox row in one transaction. Slots only go forward: a second beat,
a clock stepped back or a tick repeated finds the row and stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from core.jobs.models import DueRun, Outbox
from core.jobs.outbox import enqueue
from core.registries import Registry

BEIJING = ZoneInfo("Asia/Shanghai")
# After a long downtime an entry that wants each slot gets at most so many at once; the next tick takes more.
SLOTS_AT_ONCE = 50
KEEP_SLOTS = timedelta(days=3)
KEEP_DONE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entry:
    """When a task is due, by Beijing's clock: every so often, or at a time each day or each month."""

    task: str
    every: timedelta | None = None
    at: time | None = None
    day: int | None = None
    each_slot: bool = False

    def latest(self, now: datetime) -> datetime:
        """The newest slot that is not after `now`."""
        if self.every is not None:
            step = int(self.every.total_seconds())
            return datetime.fromtimestamp(int(now.timestamp()) // step * step, BEIJING)
        slot = datetime.combine(now.astimezone(BEIJING).date(), self.at or time(), BEIJING)
        if self.day is not None:
            slot = slot.replace(day=self.day)
        return slot if slot <= now else self.before(slot)

    def before(self, slot: datetime) -> datetime:
        """The slot one earlier."""
        if self.every is not None:
            return slot - self.every
        if self.day is None:
            return slot - timedelta(days=1)
        return (slot.replace(day=1) - timedelta(days=1)).replace(day=self.day)


entries: Registry[Entry] = Registry("schedule entry")


def schedule(
    code: str,
    task: str,
    *,
    every: timedelta | None = None,
    daily: str = "",
    monthly: tuple[int, str] | None = None,
    each_slot: bool = False,
) -> None:
    """Let the outbox task happen `every` so often, `daily` at "02:10" or `monthly` on (day ≤ 28, "03:00"), Beijing.

    After a downtime only the newest missed slot is run, unless `each_slot`. The task is one of `register_task`; it gets
    no arguments, or with `each_slot` its `slot` (ISO 8601).
    """
    if sum(map(bool, (every, daily, monthly))) != 1:
        raise ValueError(f"{code}: say exactly one of every, daily, monthly")
    day, clock = monthly or (None, daily)
    if day is not None and not 1 <= day <= 28:
        raise ValueError(f"{code}: every month has days 1 to 28 only")
    at = None if every else time.fromisoformat(clock)
    entries.register(code, Entry(task, every=every, at=at, day=day, each_slot=each_slot))


def take_due() -> list[tuple[str, datetime]]:
    """Take every slot that is due now and not taken yet; returns what this call took."""
    now = timezone.now()
    taken = []
    last = dict(DueRun.objects.values_list("job").annotate(Max("slot")))
    for code, entry in entries:
        for slot in list(_due_slots(entry, now, last.get(code)))[::-1][:SLOTS_AT_ONCE]:
            if _take(code, entry, slot):
                taken.append((code, slot))
    return taken


def prune() -> None:
    """Forget old slots (the newest of each entry stays) and outbox rows done long ago."""
    now = timezone.now()
    newer = DueRun.objects.filter(job=OuterRef("job"), slot__gt=OuterRef("slot"))
    DueRun.objects.filter(Exists(newer), slot__lt=now - KEEP_SLOTS).delete()
    Outbox.objects.filter(done_at__lt=now - KEEP_DONE).delete()


def _due_slots(entry: Entry, now: datetime, last: datetime | None) -> Iterator[datetime]:
    """Newest first; never one that is not after the last taken."""
    newest = entry.latest(now)
    if last is not None and newest <= last:
        return
    yield newest
    slot = entry.before(newest)
    while entry.each_slot and last is not None and slot > last:
        yield slot
        slot = entry.before(slot)


def _take(code: str, entry: Entry, slot: datetime) -> bool:
    try:
        with transaction.atomic():
            # Takers of one entry stand in line: whoever comes second sees the newest slot the first one took.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('core.schedule.' || %s, 0))", [code])
            if DueRun.objects.filter(job=code, slot__gte=slot).exists():
                return False
            DueRun.objects.create(job=code, slot=slot)
            enqueue(entry.task, {"slot": slot.isoformat()} if entry.each_slot else {})
            return True
    except IntegrityError:
        return False
